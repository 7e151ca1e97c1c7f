// Drafts here and on the server: which of the two wins, and that what was sent stays sent.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { effectScope } from 'vue';
import { setCsrfToken } from '../src/api/client';
import { clearDraft, draftName, dropDraftsFromMemory, keepDrafts, pullDrafts, useDraft, useKeeping } from '../src/stores/drafts';
import { account } from '../src/stores/session';

interface Body { draft: Record<string, unknown>; at: number }

/** What the server has, and what was asked of it. */
let kept: Record<string, { body: Body; kept_at: string }> = {};
let asked: string[] = [];
let isCut = false;

const person = (name: string) => ({ name, display_name: name, administrator: false, desk: true, parties: [] });
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2022-08-20T03:00:00Z') });
  localStorage.clear();
  kept = {};
  asked = [];
  isCut = false;
  setCsrfToken('token');
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push(`${init.method} ${url}`);
    if (isCut) {
      return Promise.reject(new TypeError('cut'));
    }
    const name = url.split('/drafts/')[1];
    if (init.method === 'GET') {
      return Promise.resolve(json(200, { drafts: kept }));
    }
    if (init.method === 'PUT') {
      kept[name!] = { body: JSON.parse(init.body as string) as Body, kept_at: new Date().toISOString() };
    } else {
      delete kept[name!];
    }
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  account.value = person('officer');
});
afterEach(async () => {
  await vi.advanceTimersByTimeAsync(1000);
  dropDraftsFromMemory();
  account.value = null;
  vi.useRealTimers();
});

const blank = () => ({ text: '', place: '', open: false });
const puts = () => asked.filter((one) => one.startsWith('PUT')).length;

test('what is typed goes to the server once, 400 ms after the last letter', async () => {
  const draft = useDraft('call.desk', blank);
  for (const letter of '山上起火') {
    draft.text += letter;
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(puts()).toBe(0);
  await vi.advanceTimersByTimeAsync(400);
  expect(puts()).toBe(1);
  expect(kept['call.desk']?.body.draft).toEqual({ text: '山上起火', place: '', open: false });
  expect(useKeeping('call.desk').value.keeping).toBe('kept');
  clearDraft(draft, blank);
  await vi.advanceTimersByTimeAsync(10);
  expect(kept).toEqual({});
  expect(localStorage.getItem('pinyue.draft.call.desk')).toBeNull();
});

test('what was sent before it went to the server is not said to lie here', async () => {
  const draft = useDraft('call.soon', blank);
  draft.text = '山上起火';
  draft.place = '歌乐山';
  await vi.advanceTimersByTimeAsync(100);
  expect(useKeeping('call.soon').value.keeping).toBe('local');
  clearDraft(draft, blank);
  expect(useKeeping('call.soon').value.keeping).toBe('none');
});

test('a reload takes the newer of both, and no alien fields', async () => {
  const draft = useDraft('call.test', blank);
  draft.text = 'old';
  await vi.advanceTimersByTimeAsync(500);
  dropDraftsFromMemory();
  kept['call.test']!.body = { draft: { text: 'from another computer', place: 7, more: 1 }, at: Date.now() + 5000 };
  const again = useDraft('call.test', blank);
  expect(again.text).toBe('old'); // at once, before the server has answered
  await pullDrafts();
  expect({ ...again }).toEqual({ text: 'from another computer', place: '', open: false });
  kept['call.test']!.body = { draft: { text: 'older' }, at: 5 };
  await vi.advanceTimersByTimeAsync(3000);
  await pullDrafts();
  expect(again.text).toBe('from another computer');
});

test('while the line is cut the draft is here, and goes up afterwards; sent meanwhile it stays sent', async () => {
  const draft = useDraft('facts.3', blank);
  draft.text = 'first';
  await vi.advanceTimersByTimeAsync(500);
  isCut = true;
  draft.text = 'second';
  await vi.advanceTimersByTimeAsync(500);
  expect(useKeeping('facts.3').value.keeping).toBe('local');
  dropDraftsFromMemory();
  const again = useDraft('facts.3', blank);
  expect(again.text).toBe('second');
  isCut = false;
  keepDrafts();
  await vi.advanceTimersByTimeAsync(500);
  expect(kept['facts.3']?.body.draft.text).toBe('second');
  // Sent, and the line cut before the server has heard that its draft is done with.
  isCut = true;
  clearDraft(again, blank);
  await vi.advanceTimersByTimeAsync(500);
  dropDraftsFromMemory();
  isCut = false;
  const third = useDraft('facts.3', blank);
  await pullDrafts();
  await vi.advanceTimersByTimeAsync(500);
  expect(third.text).toBe('');
  expect(kept).toEqual({});
});

test('what was sent at another computer is gone here too', async () => {
  const draft = useDraft('call.desk', blank);
  draft.text = 'x';
  await vi.advanceTimersByTimeAsync(500);
  kept = {};
  await vi.advanceTimersByTimeAsync(3000);
  await pullDrafts();
  expect(draft.text).toBe('');
  expect(localStorage.getItem('pinyue.draft.call.desk')).toBeNull();
});

test('nobody who types at this moment is overruled', async () => {
  const draft = useDraft('call.desk', blank);
  kept['call.desk'] = { body: { draft: { text: 'theirs' }, at: Date.now() + 60_000 }, kept_at: new Date().toISOString() };
  draft.text = 'mine';
  await pullDrafts();
  expect(draft.text).toBe('mine');
});

test('another person’s draft is not taken for one’s own where one has a draft', async () => {
  const draft = useDraft('call.desk', blank);
  draft.text = 'of the officer';
  await vi.advanceTimersByTimeAsync(500);
  kept = { 'call.desk': { body: { draft: { text: 'of the next one' }, at: 5 }, kept_at: '2022-08-20T02:00:00Z' } };
  account.value = person('next');
  await vi.advanceTimersByTimeAsync(3000);
  await pullDrafts();
  expect(draft.text).toBe('of the next one');
});

test('what one has typed stays his while another sits here, be the line cut or not', async () => {
  const draft = useDraft('call.desk', blank);
  isCut = true;
  draft.text = 'half a word';
  await vi.advanceTimersByTimeAsync(500);
  account.value = person('next');
  expect(draft.text).toBe('');
  isCut = false;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(draft.text).toBe('');
  expect(puts()).toBe(1); // the one that was cut
  expect(useDraft('facts.3', blank).text).toBe('');
  account.value = person('officer');
  expect(draft.text).toBe('half a word');
  await vi.advanceTimersByTimeAsync(1000);
  expect(kept['call.desk']?.body.draft.text).toBe('half a word');
});

test('after a reload another person finds nothing of it', async () => {
  const draft = useDraft('call.desk', blank);
  isCut = true;
  draft.text = 'half a word';
  await vi.advanceTimersByTimeAsync(500);
  dropDraftsFromMemory();
  account.value = person('next');
  expect(useDraft('call.desk', blank).text).toBe('');
  dropDraftsFromMemory();
  account.value = person('officer');
  expect(useDraft('call.desk', blank).text).toBe('half a word');
});

test('a broken draft is no draft, one of an older page is', () => {
  localStorage.setItem('pinyue.draft.broken', '{"text":');
  expect({ ...useDraft('broken', () => ({ text: '' })) }).toEqual({ text: '' });
  localStorage.setItem('pinyue.draft.older', '{"text":"x"}');
  expect({ ...useDraft('older', () => ({ text: '' })) }).toEqual({ text: 'x' });
});

test('names are such as the server takes, each context its own', () => {
  expect(draftName('call.desk')).toBe('call.desk');
  const names = ['order.3.响应', 'order.3.响_应', 'order.3.灾害等级', `order.3.${'很长'.repeat(60)}`, `order.3.${'很长'.repeat(61)}`].map(draftName);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) {
    expect(name).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  }
});

test('a form that was closed and is opened again keeps what is typed in it, and it is not taken away', async () => {
  const first = effectScope();
  const old = first.run(() => useDraft('call.desk', blank))!;
  old.text = '第一个电话';
  await vi.advanceTimersByTimeAsync(1000);
  clearDraft(old, blank);
  await vi.advanceTimersByTimeAsync(1000);
  first.stop(); // its panel has gone
  const draft = effectScope().run(() => useDraft('call.desk', blank))!;
  draft.text = '第二个电话';
  expect(localStorage.getItem('pinyue.draft.call.desk')).toContain('第二个电话');
  await vi.advanceTimersByTimeAsync(5000);
  expect(kept['call.desk']?.body.draft.text).toBe('第二个电话');
  await pullDrafts();
  expect(draft.text).toBe('第二个电话');
});
