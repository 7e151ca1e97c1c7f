import { afterEach, expect, test, vi } from 'vitest';
import type { Notice, Party } from '../src/api/types';
import { valueOf } from '../src/parts/factValue';
import { firstWordsOf } from '../src/parts/firstWords';
import { matchesParty } from '../src/parts/partySearch';
import { coalesce } from '../src/stores/coalesce';
import { inCallingOrder } from '../src/stores/notices';
import { steadyOrder } from '../src/stores/steady';

afterEach(() => {
  vi.useRealTimers();
});

test('while somebody works in a list nothing moves and nothing goes', () => {
  const none = () => false;
  expect(steadyOrder(['a', 'b', 'c'], ['c', 'd', 'a'], true, none)).toEqual(['a', 'b', 'c', 'd']);
  expect(steadyOrder(['a', 'b', 'c', 'd'], ['c', 'd', 'a'], false, none)).toEqual(['c', 'd', 'a']);
  expect(steadyOrder(['a', 'b', 'c', 'd'], ['c', 'd', 'a'], false, (key) => key === 'b')).toEqual(['c', 'd', 'a', 'b']);
});

test('a burst of events makes two readings, never two at a time', async () => {
  vi.useFakeTimers();
  let running = 0;
  let most = 0;
  let readings = 0;
  const read = coalesce(async () => {
    readings += 1;
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 40));
    running -= 1;
  });
  for (let i = 0; i < 100; i += 1) {
    read();
    await vi.advanceTimersByTimeAsync(2);
  }
  await vi.advanceTimersByTimeAsync(1000);
  expect(readings).toBe(2);
  expect(most).toBe(1);
});

test('parties are found by name, alias, number, part of a word', () => {
  const party: Party = {
    name: '甲镇政府',
    kind: 'unit',
    aliases: ['甲镇', 'North Town'],
    initials: 'jzzf jz northtown',
    of: '某区',
    held_by: '',
    members: [],
    strength: '',
    phones: [{ kind: '值班', label: '东部', number: '023-6551 2350' }],
    clauses: [],
  };
  for (const query of ['', '甲', '镇政', 'north', '5512', '0236551', '6551-2350', '某区 甲', '东部', 'jzz', 'JZ 东']) {
    expect(matchesParty(party, query), query).toBe(true);
  }
  for (const query of ['乙', '9999', '甲 乙', 'jx']) {
    expect(matchesParty(party, query), query).toBe(false);
  }
});

test('from the control to the value', () => {
  expect(valueOf('flag', 'yes')).toBe(true);
  expect(valueOf('flag', 'no')).toBe(false);
  expect(valueOf('flag', '?')).toBeNull();
  expect(valueOf('flag', '')).toBeUndefined();
  expect(valueOf('quantity', ' ≥2 ')).toBe('≥2');
  expect(valueOf('quantity', '？')).toBeNull();
  expect(valueOf('quantity', undefined)).toBeUndefined();
  expect(valueOf('choice', '乙')).toBe('乙');
  expect(valueOf('series', 'x')).toBeUndefined();
});

test('a title is made of whole clauses', () => {
  expect(firstWordsOf('山上起火约20分钟，过火三四亩，一人被困，威胁居民点，还有很多别的事情')).toBe('山上起火约20分钟，过火三四亩，一人被困，威胁居民点');
  expect(firstWordsOf(' 起火了。快来 ')).toBe('起火了');
  expect(firstWordsOf('x'.repeat(100))).toHaveLength(60);
  expect(firstWordsOf('Water is coming through the toe of the dam and it is muddy and brown')).toBe('Water is coming through the toe of the dam and it is muddy');
  expect(firstWordsOf('')).toBe('');
});

test('the shown incident is called for first, then what is due soonest, what has no deadline last', () => {
  const phones = [{ kind: 'phone', label: '', number: '1' }];
  const row = (id: string, incident: number, due: string | null) => ({ id, incident, due_at: due, phones }) as Notice;
  const list = [row('2.1', 2, '2022-08-20T03:00:00Z'), row('1.1', 1, null), row('1.2', 1, '2022-08-20T04:00:00Z'), row('2.2', 2, '2022-08-20T02:00:00Z'), row('1.3', 1, '2022-08-20T04:00:00Z')];
  expect(inCallingOrder(list, 1).map(({ id }) => id)).toEqual(['1.2', '1.3', '1.1', '2.2', '2.1']);
  expect(inCallingOrder(list, null).map(({ id }) => id)).toEqual(['2.2', '2.1', '1.2', '1.3', '1.1']);
  // Whoever has a fax alone, or nothing, cannot be called: he stands behind those who can.
  const fax = { ...row('1.0', 1, '2022-08-20T01:00:00Z'), phones: [{ kind: 'fax', label: '', number: '2' }] };
  expect(inCallingOrder([fax, ...list], 1).map(({ id }) => id)).toEqual(['1.2', '1.3', '1.1', '1.0', '2.2', '2.1']);
});
