// Looking back: what is late stands with the longest first and says by how much; a slider that moves asks once, and the last
// moment alone is shown; a deadline's moment is the one directly after it.
import { beforeEach, expect, test, vi } from 'vitest';
import { createApp, h, nextTick, shallowRef } from 'vue';
import LateList from '../src/parts/LateList.vue';
import MomentPicker from '../src/parts/MomentPicker.vue';
import { useAudit, type Wanted } from '../src/stores/audit';
import { readInstant } from '../src/stores/times';
import type { LateItem, Moment } from '../src/api/types';

const asked: string[] = [];
const answers = new Map<string, (body: unknown, status?: number) => void>();

beforeEach(() => {
  asked.length = 0;
  answers.clear();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] }); // Node 18 marks its own time
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    return new Promise((resolve) => {
      answers.set(url, (body, status = 200) => resolve(new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })));
    });
  });
});

const late = (id: string, seconds: number, more: Partial<LateItem> = {}): LateItem => ({
  id, kind: 'duty', what: 'done', title: `办 ${id}`, owners: ['甲镇'], due_at: '2022-08-20T06:00:00+00:00', ended_at: null, late_seconds: seconds, cut_off: false, recipient: null, clauses: ['5.3#5'], ...more,
});

test('what is late stands with the longest first, and leads to it and to its clauses', async () => {
  const led: unknown[][] = [];
  const place = document.createElement('div');
  const items = [late('2.1', 61), late('2.2', 90_061), late('2.3', 0, { ended_at: '2022-08-20T06:00:00.5+00:00' })];
  createApp({ render: () => h(LateList, { late: items, onClause: (clause: string) => led.push([clause]), onItem: (...item: unknown[]) => led.push(item) }) }).mount(place);
  await nextTick();
  expect([...place.querySelectorAll('li')].map((row) => row.dataset.late)).toEqual(['duty-2.2', 'duty-2.1', 'duty-2.3']);
  expect(place.querySelector('li')!.textContent).toContain('1:01:01');
  expect(place.querySelector('li')!.textContent).toContain('还没有办');
  place.querySelector<HTMLElement>('[data-clause="5.3#5"]')!.click();
  place.querySelector<HTMLElement>('li button')!.click();
  expect(led).toEqual([['5.3#5'], ['duty', '2.2']]);
});

const moment = (sequence: number | null, at: string): Moment => ({ sequence, at, kind: sequence ? 'report' : 'overdue', actor: '', item: null });
const page = (sequence: number) => ({ at: '2022-08-20T06:00:00+00:00', sequence });
const settle = () => vi.advanceTimersByTimeAsync(1);

test('a slider that moves asks once, and the last moment alone is shown', async () => {
  const { audit, look, reading } = useAudit(3);
  look({ moment: moment(5, '2022-08-20T06:00:00+00:00') });
  await vi.advanceTimersByTimeAsync(100);
  look({ moment: moment(6, '2022-08-20T06:01:00+00:00') });
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual(['/api/v1/audit/incidents/3?sequence=6']);
  look({ moment: moment(7, '2022-08-20T06:02:00+00:00') }, 0);
  await settle();
  answers.get('/api/v1/audit/incidents/3?sequence=7')!(page(7));
  await settle();
  answers.get('/api/v1/audit/incidents/3?sequence=6')!(page(6)); // late, and of no moment that is looked at
  await settle();
  expect(audit.value?.sequence).toBe(7);
  expect(reading.value).toBe(false);
});

test('the moment of a deadline is the one directly after it: exactly then it is in time yet', async () => {
  const { look } = useAudit(3);
  look({ moment: moment(null, '2022-08-20T06:00:00+00:00') }, 0);
  await settle();
  expect(asked).toEqual(['/api/v1/audit/incidents/3?at=2022-08-20T06:00:00.001Z']);
});

test('what is late stands apart by to whom it had to be done', async () => {
  const place = document.createElement('div');
  createApp({ render: () => h(LateList, { late: [late('2.1', 61, { recipient: '区委' }), late('2.2', 60, { recipient: '区政府' })] }) }).mount(place);
  await nextTick();
  expect([...place.querySelectorAll('li')].map((row) => row.textContent?.includes('甲镇 → '))).toEqual([true, true]);
  expect(place.textContent).toContain('区政府');
});

test('an address that names no moment of the incident says so, and shows nothing in its place', async () => {
  const { audit, problem, reading, open } = useAudit(3);
  void open(99999);
  await settle();
  answers.get('/api/v1/audit/incidents/3/moments')!({ now: '', head: '', moments: [moment(5, '2022-08-20T06:00:00+00:00')] });
  await settle();
  expect(problem.value).toContain('99999');
  expect(asked).toEqual(['/api/v1/audit/incidents/3/moments']);
  expect([audit.value, reading.value]).toEqual([null, false]);
});

test('a moment that is refused leaves nothing of another one on the page', async () => {
  const { audit, problem, look } = useAudit(3);
  look({ moment: moment(5, '2022-08-20T06:00:00+00:00') }, 0);
  await settle();
  answers.get('/api/v1/audit/incidents/3?sequence=5')!(page(5));
  await settle();
  expect(audit.value?.sequence).toBe(5);
  look({ at: Date.parse('2001-01-01T00:00:00Z') }, 0);
  await settle();
  answers.get('/api/v1/audit/incidents/3?at=2001-01-01T00:00:00.000Z')!({ type: 'about:blank', title: 'x', status: 404, detail: '当时还没有' }, 404);
  await settle();
  expect(problem.value).toContain('当时还没有');
  expect(audit.value).toBeNull();
});

test('a time of today that is still to come is not read as yesterday’s', () => {
  const noon = Date.parse('2022-08-20T12:00:00Z');
  expect(readInstant('23:59', noon, 0, 'today')).toBe(Date.parse('2022-08-20T23:59:00Z'));
  expect(readInstant('23:59', noon, 0)).toBe(Date.parse('2022-08-19T23:59:00Z'));
});

test('that a time was not understood is not said of what is typed after it, nor of another moment', async () => {
  const place = document.createElement('div');
  const wanted = shallowRef<Wanted>('now');
  createApp({ render: () => h(MomentPicker, { moments: [], wanted: wanted.value, incident: null }) }).mount(place);
  const say = async () => {
    const input = place.querySelector<HTMLInputElement>('[data-testid=moment-typed]')!;
    input.value = 'nonsense';
    input.dispatchEvent(new Event('input'));
    await nextTick();
    place.querySelector('form')!.dispatchEvent(new Event('submit'));
    await nextTick();
    return input;
  };
  const input = await say();
  expect(place.textContent).toContain('时刻没有看懂');
  input.value = '8:00';
  input.dispatchEvent(new Event('input'));
  await nextTick();
  expect(place.textContent).not.toContain('时刻没有看懂');
  await say();
  wanted.value = { at: 1 };
  await nextTick();
  await nextTick();
  expect(place.textContent).not.toContain('时刻没有看懂');
});
