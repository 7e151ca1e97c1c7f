// How often a document is drafted: once when it is opened, once after it is signed, and not at all where nobody is shown the draft.
import { createApp, h, nextTick } from 'vue';
import { afterEach, beforeEach, expect, test } from 'vitest';
import DocumentList from '../src/parts/DocumentList.vue';
import { incident, refresh } from '../src/stores/desk';
import { go } from '../src/stores/route';
import { account } from '../src/stores/session';
import { i18n } from '../src/texts';
import type { DocumentForm, Incident, SubmittedText } from '../src/api/types';

const form: DocumentForm = { form: 'report', spoken: false, clauses: [], signers: ['office'], addressees: [], duties: [], proposal: null, open: 0, due_at: null, overdue: false, signed: [], dispatches: [], submitted: null };
/** How the server has the form, how often it was drafted, signed and set for printing. */
let told: DocumentForm;
let drafted: number;
let signed: number;
let previewed: number;
let unmount: (() => void) | null = null;

beforeEach(() => {
  localStorage.clear();
  Object.assign(globalThis, { fetch: serve });
  account.value = { name: 'x', display_name: 'x', administrator: false, desk: true, parties: ['office'] };
  [told, drafted, signed, previewed] = [form, 0, 0, 0];
  go('/incident/7');
});
afterEach(() => unmount?.());

function serve(url: string, options?: { method?: string }): Promise<Response> {
  const reply = (status: number, body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } }));
  if (options?.method === 'POST' && url.endsWith('/incidents/7/documents')) {
    signed += 1;
    return reply(201, { sequence: 1 });
  }
  if (url.endsWith('/previews')) {
    previewed += 1;
    return reply(200, { pdf: '', pages: 1, missing: [], borrowed: [], fonts: {} });
  }
  if (url.endsWith('/documents/report')) {
    drafted += 1;
    return reply(200, { form: 'report', spoken: form.spoken, title: 'A fire', body: 'dead: 1\n', addressees: [], signers: ['office'], at: '', events: 4, basis: 'one' });
  }
  if (url.endsWith('/incidents/7/documents')) {
    return reply(200, { documents: [told] });
  }
  if (url.endsWith('/incidents/7')) {
    return reply(200, { number: 7, status: 'open' });
  }
  return url.endsWith('/desk') ? reply(200, { plans: [] }) : reply(404, { status: 404, detail: '' });
}

const settle = (milliseconds = 20) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function open(status: 'open' | 'closed'): Promise<HTMLElement> {
  incident.value = { number: 7, status } as Incident;
  const root = document.createElement('div');
  document.body.append(root);
  const app = createApp({ render: () => incident.value && h(DocumentList, { incident: incident.value }) });
  app.use(i18n).mount(root);
  unmount = () => {
    app.unmount();
    root.remove();
  };
  await settle();
  root.querySelector<HTMLElement>('[data-testid=document-open]')!.click();
  await settle();
  return root;
}

test('signed, it is drafted once, by the reading that follows', async () => {
  const root = await open('open');
  expect(drafted).toBe(1);
  root.querySelector<HTMLElement>('[data-testid=document-sign]')!.click();
  await settle(400);
  expect([signed, drafted]).toEqual([1, 2]);
});

test('what has come of a closed incident is read without drafting anything', async () => {
  await open('closed');
  expect(drafted).toBe(0);
  refresh();
  await settle(400); // it has been reopened meanwhile
  await nextTick();
  expect(drafted).toBeGreaterThan(0);
});

test('what was handed over in an incident that has been closed is not set for printing', async () => {
  const text = { title: 'A fire', body: 'dead: 1\n', addressees: [], drafted: null, drafted_title: null, drafted_addressees: null } as unknown as SubmittedText;
  told = { ...form, submitted: text };
  await open('closed');
  await settle(900);
  expect(previewed).toBe(0);
});

test('who may not report is shown no draft', async () => {
  account.value = { name: 'y', display_name: 'y', administrator: true, desk: false, parties: [] };
  await open('open');
  expect(drafted).toBe(0);
});
