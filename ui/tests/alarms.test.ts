// What sounds, for whom, and what quieting it means.
import { beforeEach, expect, test } from 'vitest';
import { alarmsOf, countOverdue, overdueOf, quiet, ringing } from '../src/stores/alarms';
import { desk, live } from '../src/stores/desk';
import { account } from '../src/stores/session';
import { notices } from '../src/stores/notices';
import type { Desk, DeskClock, Notice } from '../src/api/types';

const clock = (id: string, kind: DeskClock['kind'], due: string, who = 'A', overdue = false): DeskClock => ({
  kind, id, incident: 1, title: 't', what: 'w', who, recipient: null, due_at: due, overdue, acknowledged: false,
});
const told = (clocks: DeskClock[]) => ({ server_time: '', sequence: 1, plans: [], incidents: [], clocks, calls: [] }) as unknown as Desk;
const time = Date.parse('2022-08-20T03:00:00Z');
const everyone = () => true;

beforeEach(() => {
  localStorage.clear();
});

test('overdue is what the server says and what the clock says; only one’s own where one is no duty room', () => {
  const now = told([clock('1.1', 'duty', '2022-08-20T02:59:59Z'), clock('1.2', 'duty', '2022-08-20T03:01:00Z'), clock('1.3', 'duty', '2022-08-20T03:01:00Z', 'B', true)]);
  expect(overdueOf(now, time, everyone).map(({ id }) => id)).toEqual(['1.1', '1.3']);
  expect(overdueOf(now, time, (who) => who === 'B').map(({ id }) => id)).toEqual(['1.3']);
  expect(overdueOf(now, -Infinity, everyone).map(({ id }) => id)).toEqual(['1.3']); // the time is in doubt
});

test('what is overdue is counted also where it is not listed', () => {
  const all = { ...told([clock('1.1', 'duty', '2022-08-20T02:59:59Z')]), totals: { clocks: 5000, overdue: 4000 } } as Desk;
  expect(countOverdue(all, 1, true)).toBe(4000);
  expect(countOverdue(all, 1, false)).toBe(1); // the others are not one's own
  expect(countOverdue({ ...all, totals: { ...all.totals, clocks: 1, overdue: 0 } }, 1, true)).toBe(1); // become late since
  expect(countOverdue(null, 0, true)).toBe(0);
});

test('a proposal rings once, whether a clock or a row of the to-call list tells of it', () => {
  const notice = { kind: 'proposal', item: '1.7', party: 'A' } as Notice;
  expect(alarmsOf([], told([clock('1.7', 'proposal', '2022-08-20T03:10:00Z')]), [notice], true, everyone)).toEqual([
    { key: 'lost', kind: 'lost' },
    { key: 'proposal 1.7', kind: 'proposal' },
  ]);
});

test('quieting is for what is there; what comes later rings; a reload does not ring again', () => {
  account.value = { name: 'x', display_name: 'x', administrator: false, desk: true, parties: [] };
  notices.value = [];
  desk.value = told([clock('1.1', 'duty', '2022-08-20T02:00:00Z', 'A', true)]);
  expect(ringing.value.map(({ kind }) => kind)).toEqual(['overdue']);
  quiet();
  expect(ringing.value).toEqual([]);
  expect(live.value).toBe(false);
  desk.value = told([clock('1.1', 'duty', '2022-08-20T02:00:00Z', 'A', true), clock('1.2', 'duty', '2022-08-20T02:30:00Z', 'A', true)]);
  expect(ringing.value.map(({ key }) => key)).toEqual(['overdue duty 1.2 2022-08-20T02:30:00Z']);
  expect(localStorage.getItem('pinyue.quiet')).toContain('1.1');
  account.value = null;
  expect(ringing.value).toEqual([]);
});
