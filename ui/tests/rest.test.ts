// What the desk counts and does not list is read page by page, each thing once.
import { afterEach, expect, test, vi } from 'vitest';
import { effectScope } from 'vue';
import { get } from '../src/api/client';
import { desk } from '../src/stores/desk';
import { joined, useRest } from '../src/stores/rest';
import type { Call, Desk } from '../src/api/types';

vi.mock('../src/api/client', async (original) => ({ ...(await original<typeof import('../src/api/client')>()), get: vi.fn() }));

const call = (number: number) => ({ number }) as Call;
const told = (from: number, to: number, total: number) =>
  ({ plans: [], calls: Array.from({ length: to - from + 1 }, (_, i) => call(from + i)), totals: { calls: total } }) as unknown as Desk;

afterEach(() => {
  desk.value = null;
});

test('the rest stands before what ends with the newest, else behind, and nothing twice', () => {
  const key = (item: number) => item;
  expect(joined([3, 4], [1, 2, 3], key, true)).toEqual([1, 2, 3, 4]);
  expect(joined([1, 2], [2, 3], key, false)).toEqual([1, 2, 3]);
});

test('pages are read when somebody asks, and what could not be read is said', async () => {
  const scope = effectScope();
  const rest = scope.run(() => useRest('calls', ({ number }) => number, true))!;
  desk.value = told(401, 700, 700);
  expect([rest.list.value.length, rest.more.value, rest.list.value[0]?.number]).toEqual([300, 400, 401]);
  const page = (from: number, to: number) => ({ data: { calls: told(from, to, 0).calls }, etag: null });
  vi.mocked(get).mockResolvedValueOnce(page(101, 400) as never);
  await rest.load();
  expect(get).toHaveBeenLastCalledWith('/open/2/calls');
  expect([rest.list.value.length, rest.more.value]).toEqual([600, 100]);
  vi.mocked(get).mockRejectedValueOnce(new Error('gone'));
  await rest.load();
  expect([rest.list.value.length, rest.failed.value]).toEqual([600, true]);
  vi.mocked(get).mockResolvedValueOnce(page(101, 400) as never).mockResolvedValueOnce(page(1, 100) as never);
  await rest.load();
  expect([rest.list.value.length, rest.more.value, rest.failed.value]).toEqual([700, 0, false]);
  expect(rest.list.value.map(({ number }) => number)).toEqual(Array.from({ length: 700 }, (_, i) => i + 1));
  scope.stop();
});
