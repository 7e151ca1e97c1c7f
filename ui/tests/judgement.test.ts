// The judgement on paper: each time has its day, for what is due tomorrow and done today is otherwise read as late.
import { createApp, h } from 'vue';
import { afterEach, expect, test } from 'vitest';
import type { JudgedRow, Judgement } from '../src/api/types';
import JudgementTable from '../src/parts/JudgementTable.vue';
import { heldText } from '../src/parts/heldText';
import { zoneMinutes } from '../src/stores/clock';
import { i18n } from '../src/texts';

const row: JudgedRow = {
  kind: 'duty', id: '2.1', incident: 2, clauses: ['5.2#1'], what: 'final report', who: 'office', recipient: null, played_by: null,
  due_at: '2022-08-21T08:20:00Z', done_at: '2022-08-20T08:35:00Z', outcome: 'met', late_seconds: null,
};
const judgement: Judgement = {
  server_time: '', title: '', plan: '', from: '2022-08-20T06:00:00Z', until: '2022-08-21T10:00:00Z', met: 1, late: 0, missed: 0, open: 0, rows: [row], script: [],
  offers: [{ number: 1, at: '2022-08-21T06:01:00Z', party: 'duty-room', statement: 'open', outcome: 'met', took_seconds: 5 }],
};

let unmount: (() => void) | null = null;
afterEach(() => unmount?.());

test('times of the judgement have their day, that of its end too', () => {
  zoneMinutes.value = 480;
  const root = document.createElement('div');
  const app = createApp({ render: () => h(JudgementTable, { judgement }) });
  app.use(i18n).mount(root);
  unmount = () => app.unmount();
  const cells = [...root.querySelectorAll('tr[data-judged] td')].map(({ textContent }) => textContent.trim());
  expect(cells.slice(2, 4)).toEqual(['8-21 16:20', '8-20 16:35']);
  expect(root.querySelector('li')?.textContent).toContain('8-21 14:01 open');
});

test('when an exercise was held is said by the wall clock, the day once', () => {
  zoneMinutes.value = 480;
  const began_at = '2026-11-30T03:50:00Z';
  expect(heldText({ began_at, real_end: null })).toContain('2026-11-30 11:50:00');
  expect(heldText({ began_at, real_end: '2026-11-30T05:00:00Z' })).toMatch(/2026-11-30 11:50:00 .* 13:00:00/);
  expect(heldText({ began_at, real_end: '2026-11-30T16:30:00Z' })).toMatch(/2026-11-30 11:50:00 .* 2026-12-01 0:30:00/);
});
