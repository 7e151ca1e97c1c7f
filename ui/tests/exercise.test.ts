// Where a page shows an exercise: by its address, and what hangs on that; its time, which runs at a speed of its own.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ now: 1_700_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  history.replaceState(null, '', '/');
});

async function at(path: string) {
  history.replaceState(null, '', path);
  return { place: await import('../src/api/place'), clock: await import('../src/stores/clock'), client: await import('../src/api/client'), phones: await import('../src/parts/phones') };
}

test.each([
  ['/', null],
  ['/exercise/3', 3],
  ['/exercise/3/', 3],
  ['/exercise/03', null],
  ['/exercise/3x', null],
  ['/unit', null],
])('%s shows the desk of %s', async (path, number) => {
  const { place } = await at(path);
  expect(place.exercise).toBe(number);
  expect(place.base).toBe(number === null ? '/api/v1' : `/api/v1/exercises/${number}`);
  expect(place.eventsUrlOf(place.streamName)).toBe(`${place.base}/events`);
});

test('what is kept by the browser is apart for each desk', async () => {
  const { place } = await at('/exercise/3');
  const there = place.keptName('draft.');
  vi.resetModules();
  const { place: real } = await at('/');
  expect(there).not.toBe(real.keptName('draft.'));
  expect(there.startsWith(real.keptName('draft.'))).toBe(false);
});

test('everything is asked of the exercise, but signing in and out and the list of exercises', async () => {
  const { client } = await at('/exercise/3');
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: string, { method }: RequestInit) => {
    asked.push(`${method} ${url}`);
    return Promise.resolve(new Response(method === 'DELETE' ? null : '{"csrf_token": "x", "account": {}}', { status: method === 'DELETE' ? 204 : 200, headers: { 'Content-Type': 'application/json' } }));
  });
  await client.get('');
  await client.get('/desk');
  await client.get('/exercises');
  await client.get('/api/v1/desk');
  await client.setDraft('call', { draft: {}, at: 1 });
  await client.startSession('lin', 'secret');
  await client.endSession();
  expect(asked).toEqual([
    'GET /api/v1/exercises/3', 'GET /api/v1/exercises/3/desk', 'GET /api/v1/exercises', 'GET /api/v1/desk',
    'POST /api/v1/sessions', 'GET /api/v1/exercises/3/sessions/current', 'DELETE /api/v1/sessions/current',
  ]);
});

test('time runs at the speed of the exercise, and stands still while it is paused', async () => {
  const { clock } = await at('/exercise/3');
  const start = Date.parse('2022-08-20T06:00:00Z');
  clock.hearPace('2022-08-20T06:00:00Z', Date.now(), 60);
  vi.advanceTimersByTime(2_000);
  expect(clock.serverNow()).toBe(start + 120_000);
  clock.hearServerTime('2022-08-20T06:03:00Z', Date.now(), Date.now()); // any answer tells the time; the speed stays
  vi.advanceTimersByTime(1_000);
  expect(clock.serverNow()).toBe(start + 240_000);
  clock.hearPace('2022-08-20T06:04:00Z', Date.now(), 0);
  vi.advanceTimersByTime(60_000);
  expect(clock.serverNow()).toBe(start + 240_000);
});

test('nothing can be dialled in an exercise', async () => {
  expect((await at('/exercise/3')).phones.telOf('023-6551 2350')).toBeUndefined();
  vi.resetModules();
  expect((await at('/')).phones.telOf('023-6551 2350')).toBe('tel:02365512350');
});
