// Who acknowledges: one's own unit with one press, any other by telephone, with who spoke and from which number; and a
// call from the to-call list always says which number was called.

import { createApp, h, nextTick } from 'vue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import DutyRow from '../src/parts/DutyRow.vue';
import NoticeRow from '../src/parts/NoticeRow.vue';
import UnitDuty from '../src/parts/UnitDuty.vue';
import { dropDraftsFromMemory } from '../src/stores/drafts';
import { account } from '../src/stores/session';
import { i18n } from '../src/texts';
import type { Duty, Notice } from '../src/api/types';

const sent: { path: string; body: Record<string, unknown> }[] = [];
vi.mock('../src/api/client', async (original) => ({
  ...(await original<object>()),
  send: vi.fn(async ({ path, body }: { path: string; body: Record<string, unknown> }) => {
    sent.push({ path, body });
    return {};
  }),
}));

const duty = { id: '2.1', name: 'report', kind: 'duty', action: 'report it', bearer: 'office', bearer_role: null, recipient: null, partners: [], means: [], status: 'owed', lapse: '', since: '2026-01-01T00:00:00Z', due_at: null, counted: '', setting: '', notified_at: null, acknowledged_at: null, acknowledger: '', acknowledged_from: '', done_at: null, source: '', proof: '', proof_asked: '', attachments: [], overdue: false, step: 0, breaches: 0, clauses: [] } satisfies Duty;
const notice: Notice = { id: '2.7', incident: 2, title: 'fire', standing: false, plan: 'p', kind: 'duty', item: '2.1', what: 'report', action: 'report it', party: 'office', step: 0, phones: [{ kind: 'fax', label: '', number: '100' }, { kind: 'phone', label: '', number: '200' }, { kind: 'phone', label: '', number: '300' }], fell_due_at: '2026-01-01T00:00:00Z', said_at: '2026-01-01T00:00:00Z', due_at: null, overdue: false, tries: 0, tried_at: null, clauses: [] } as unknown as Notice;

let unmount: (() => void) | null = null;
beforeEach(() => {
  localStorage.clear();
  sent.length = 0;
});
afterEach(() => unmount?.());

function show(part: object, properties: Record<string, unknown>, parties: string[]): HTMLElement {
  account.value = { name: 'x', display_name: 'x', administrator: false, desk: true, parties };
  const root = document.createElement('div');
  document.body.append(root);
  const app = createApp({ render: () => h(part, properties) });
  app.use(i18n).mount(root);
  unmount = () => {
    app.unmount();
    root.remove();
  };
  return root;
}

const find = (root: HTMLElement, id: string) => root.querySelector<HTMLElement>(`[data-testid="${id}"]`)!;

async function type(root: HTMLElement, id: string, text: string): Promise<void> {
  const field = find(root, id) as HTMLInputElement;
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await nextTick();
}

test('the duty room for another unit: who spoke and from which number, and nothing is sent without them', async () => {
  const root = show(DutyRow, { duty }, []);
  find(root, 'duty-acknowledge').click();
  await nextTick();
  expect(sent).toEqual([]);
  const save = () => find(root, 'acknowledge-save') as HTMLButtonElement;
  await type(root, 'acknowledge-who', ' Li ');
  expect(save().disabled).toBe(true);
  await type(root, 'acknowledge-from', '138');
  expect(save().disabled).toBe(false);
  save().click();
  await nextTick();
  expect(sent).toEqual([{ path: '/duties/2.1/acknowledgement', body: { by: 'office', spoken: { who: 'Li', from: '138' } } }]);
});

test("one's own unit: one press", async () => {
  const root = show(DutyRow, { duty }, ['office']);
  find(root, 'duty-acknowledge').click();
  await nextTick();
  expect(sent).toEqual([{ path: '/duties/2.1/acknowledgement', body: { by: 'office' } }]);
});

test('what was acknowledged by telephone says so, with the number', () => {
  const root = show(DutyRow, { duty: { ...duty, acknowledged_at: '2026-01-01T00:01:00Z', acknowledger: 'Li', acknowledged_from: '138' } }, []);
  expect(find(root, 'duty-by-phone').textContent).toContain('138');
});

test('of several numbers the first is the one that was called, until another is picked', async () => {
  const root = show(NoticeRow, { notice, gone: false }, []);
  expect((find(root, 'notice-phone-1') as HTMLInputElement).checked).toBe(true);
  find(root, 'notice-2.7').dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyK', altKey: true, bubbles: true }));
  await nextTick();
  expect(sent).toEqual([{ path: '/notices/2.7/contact', body: { answer: 'reached', acknowledged: true, phone: '200' } }]);
});

test("what is typed on the desk's page of a duty is one draft, and the unit's page goes on with it", async () => {
  const desk = show(DutyRow, { duty }, []);
  find(desk, 'duty-acknowledge').click();
  await nextTick();
  await type(desk, 'acknowledge-who', 'Li');
  find(desk, 'duty-answer').click();
  await nextTick();
  await type(desk, 'duty-source', 'Wang');
  expect(Object.keys(localStorage).filter((key) => key.startsWith('draft.') || key.includes('.draft.'))).toHaveLength(1);
  unmount?.();
  dropDraftsFromMemory();
  const unit = show(UnitDuty, { duty }, ['office']);
  await type(unit, 'duty-proof', 'a photo');
  unmount?.();
  dropDraftsFromMemory();
  const again = show(DutyRow, { duty }, []);
  expect(['acknowledge-who', 'duty-source', 'duty-proof'].map((id) => (find(again, id) as HTMLInputElement).value)).toEqual(['Li', 'Wang', 'a photo']);
  find(again, 'duty-done').click();
  await nextTick();
  expect(sent).toEqual([{ path: '/duties/2.1/completion', body: { outcome: 'done', by: 'office', source: 'Wang', proof: 'a photo' } }]);
});
