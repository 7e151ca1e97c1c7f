// A text that waits for one's signature, on the units' page of an exercise: nothing of it is signed unawares, and it is changed
// at the exercise's desk.
import { createApp, h, nextTick } from 'vue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DocumentDraft, Own, SubmittedText } from '../src/api/types';

vi.hoisted(() => history.replaceState(null, '', '/exercise/3/unit'));
const { default: UnitSignature } = await import('../src/parts/UnitSignature.vue');
const { account } = await import('../src/stores/session');
const { own } = await import('../src/stores/own');
const { i18n } = await import('../src/texts');

const drafted: DocumentDraft = { form: 'report', spoken: false, title: 'Fire at A', body: 'dead: 1\n', addressees: ['county'], signers: ['office'], at: '', events: 4, basis: 'one' };
const handed: SubmittedText = {
  submission: 9, title: drafted.title, body: drafted.body, addressees: drafted.addressees, replaces: null, events: 4, basis: 'one', drafted: drafted.body, drafted_title: drafted.title,
  drafted_addressees: drafted.addressees, at: '', submitter: '', status: 'waiting', returned_at: null, returned_by: null, returner: null, reason: null,
};
/** What the server drafts now, how often it was asked for it, what was signed, and how the server answers. */
let latest: DocumentDraft;
let asked: number;
let said: Record<string, unknown>[];
let answer: number;
let unmount: (() => void) | null = null;

beforeEach(() => {
  localStorage.clear();
  Object.assign(globalThis, { fetch: serve });
  account.value = { name: 'x', display_name: 'x', administrator: false, desk: false, parties: ['office'] };
  [latest, asked, said, answer] = [drafted, 0, [], 201];
  own.value = null;
});
afterEach(() => unmount?.());

function serve(url: string, options?: { method?: string; body?: string }): Promise<Response> {
  const reply = (status: number, body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } }));
  if (options?.method === 'POST') {
    said.push(JSON.parse(options.body ?? '{}') as Record<string, unknown>);
    return reply(answer, answer === 201 ? { sequence: 1 } : { status: answer, detail: 'more is known', field: 'basis' });
  }
  if (!url.endsWith('/documents/report')) {
    return reply(503, { status: 503, detail: 'not asked here' });
  }
  asked += 1;
  return reply(200, latest);
}

const settle = async () => {
  for (let i = 0; i < 10; i += 1) {
    await new Promise((resolve) => setTimeout(resolve));
    await nextTick();
  }
};

async function show(text: SubmittedText): Promise<HTMLElement> {
  const root = document.createElement('div');
  document.body.append(root);
  const due = { submission: 9, incident: 7, form: 'report', title: text.title, signers: ['office'], submitter: '', at: '', due_at: null, overdue: false, text };
  const app = createApp({ render: () => h(UnitSignature, { due, text }) });
  app.use(i18n).mount(root);
  unmount = () => {
    app.unmount();
    root.remove();
  };
  await settle();
  return root;
}
const find = (root: HTMLElement, id: string) => root.querySelector<HTMLElement>(`[data-testid="${id}"]`);
const changes = (root: HTMLElement) => Number(find(root, 'draft-changes')?.dataset.count ?? 0);

async function sign(root: HTMLElement): Promise<void> {
  find(root, 'unit-sign')?.click();
  await settle();
}

test('it is changed at the desk of the same exercise', async () => {
  const root = await show(handed);
  expect([...root.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toContain('/exercise/3#/incident/7');
});

test('a title that the log has outrun is seen before it is signed', async () => {
  latest = { ...drafted, title: 'Fire at B', basis: 'two' };
  const root = await show(handed);
  expect(changes(root)).toBe(1);
  await sign(root);
  expect(said).toEqual([]);
  find(root, 'changes-seen')?.click();
  await settle();
  await sign(root);
  expect(said).toMatchObject([{ title: 'Fire at A', basis: 'one', seen: 'two', submission: 9 }]);
});

test('a title by hand is nothing that the log says otherwise; what stands in the text already needs no look', async () => {
  latest = { ...drafted, body: 'dead: 2\n', basis: 'two' };
  const root = await show({ ...handed, title: 'A fire', body: 'dead: 2\n' });
  expect(changes(root)).toBe(0);
  await sign(root);
  expect(said).toMatchObject([{ title: 'A fire', basis: 'two' }]);
  expect(said[0]).not.toHaveProperty('seen');
});

test('where nobody says from what the title was drafted, another one is shown', async () => {
  latest = { ...drafted, title: 'Fire at B', basis: 'two' };
  expect(changes(await show({ ...handed, drafted_title: null, drafted_addressees: null }))).toBe(1);
});

test('a refusal because the log knows more shows what', async () => {
  const root = await show(handed);
  [latest, answer] = [{ ...drafted, title: 'Fire at B', basis: 'two' }, 412];
  await sign(root);
  expect([said.length, asked, changes(root)]).toEqual([1, 2, 1]);
});

test('of an incident that is listed its tag tells that the log knows more: the draft is read once', async () => {
  const listed = (tag: string) => ({ incidents: [{ number: 7, title: 'fire', tag }] }) as unknown as Own;
  own.value = listed('7-4');
  const root = await show(handed);
  [latest, answer] = [{ ...drafted, title: 'Fire at B', basis: 'two' }, 412];
  await sign(root);
  own.value = listed('7-5'); // as the reading that follows tells it
  await settle();
  expect([said.length, asked, changes(root)]).toEqual([1, 2, 1]);
});
