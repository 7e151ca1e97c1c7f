import { afterEach, expect, test, vi } from 'vitest';
import type { Party } from '../src/api/types';
import { valueOf } from '../src/parts/factValue';
import { firstWordsOf } from '../src/parts/firstWords';
import { matchesParty } from '../src/parts/partySearch';
import { coalesce } from '../src/stores/coalesce';
import { clearDraft, dropDraftsFromMemory, useDraft } from '../src/stores/drafts';
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

test('a draft outlives a reload, takes no alien fields, and goes when it is sent', () => {
  const blank = () => ({ text: '', place: '', open: false });
  const draft = useDraft('call.test', blank);
  draft.text = '起火';
  draft.open = true;
  dropDraftsFromMemory();
  localStorage.setItem('pinyue.draft.call.test', JSON.stringify({ ...JSON.parse(localStorage.getItem('pinyue.draft.call.test')!), place: 7, more: 1 }));
  const again = useDraft('call.test', blank);
  expect({ ...again }).toEqual({ text: '起火', place: '', open: true });
  expect(useDraft('call.test', blank)).toBe(again);
  clearDraft(again, blank);
  expect(localStorage.getItem('pinyue.draft.call.test')).toBeNull();
});

test('a broken draft is no draft', () => {
  localStorage.setItem('pinyue.draft.broken', '{"text":');
  expect({ ...useDraft('broken', () => ({ text: '' })) }).toEqual({ text: '' });
});

test('parties are found by name, alias, number, part of a word', () => {
  const party: Party = {
    name: '甲镇政府',
    kind: 'unit',
    aliases: ['甲镇', 'North Town'],
    of: '某区',
    held_by: '',
    members: [],
    strength: '',
    phones: [{ kind: '值班', label: '东部', number: '023-6551 2350' }],
    clauses: [],
  };
  for (const query of ['', '甲', '镇政', 'north', '5512', '0236551', '6551-2350', '某区 甲', '东部']) {
    expect(matchesParty(party, query), query).toBe(true);
  }
  for (const query of ['乙', '9999', '甲 乙']) {
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
