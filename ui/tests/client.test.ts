import { beforeEach, expect, test, vi } from 'vitest';
import { ask, get, RequestError, send, setCsrfToken, setHooks, transfer } from '../src/api/client';
import { useWrite } from '../src/stores/write';

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(status === 304 ? null : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers },
  });
const problem = (status: number, detail: string) => json(status, { type: 'about:blank', title: 't', status, detail });

let asked: { url: string; init: RequestInit }[] = [];
let answers: (() => Response | Promise<Response>)[] = [];
let signIn = vi.fn(() => Promise.resolve(true));
let who = '';

beforeEach(() => {
  asked = [];
  localStorage.clear();
  signIn = vi.fn(() => Promise.resolve(true));
  setCsrfToken('token');
  who = '';
  setHooks({
    signIn: () => signIn(),
    who: () => who,
    expired: () => undefined,
    serverTime: () => undefined,
    language: () => 'zh-CN',
    words: { unreachable: () => 'unreachable', foreign: (status) => `foreign ${status}`, signedOut: () => 'signed out', otherPerson: () => 'another person', refused: (_status, detail) => detail },
  });
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const answer = answers.shift();
    return answer ? Promise.resolve().then(answer) : Promise.reject(new TypeError('no more answers'));
  });
});

const keyOf = (at: number) => (asked[at]!.init.headers as Record<string, string>)['Idempotency-Key'];

test('after a 401 one signs in on the spot, and it is sent once more under the same key', async () => {
  answers = [() => problem(401, 'no session'), () => json(201, { sequence: 5 })];
  signIn = vi.fn(() => {
    setCsrfToken('new');
    return Promise.resolve(true);
  });
  await expect(send({ path: '/calls', body: { text: 'x' }, key: 'abcdefgh' })).resolves.toEqual({ sequence: 5 });
  expect(signIn).toHaveBeenCalledTimes(1);
  expect([keyOf(0), keyOf(1)]).toEqual(['abcdefgh', 'abcdefgh']);
  expect((asked[1]!.init.headers as Record<string, string>)['X-CSRF-Token']).toBe('new');
});

test('a lost reply and a proxy’s page are tried again under the same key', async () => {
  answers = [
    () => Promise.reject(new TypeError('reset')),
    () => new Response('<h1>', { status: 200, headers: { 'Content-Type': 'text/html' } }),
    () => json(201, { sequence: 5, repeated: true }),
  ];
  await expect(send({ path: '/calls', body: {}, key: 'abcdefgh' }, [1, 1])).resolves.toMatchObject({ sequence: 5 });
  expect(new Set([keyOf(0), keyOf(1), keyOf(2)]).size).toBe(1);
});

test('a 200 is no 201: nothing but the server’s word means saved', async () => {
  answers = [() => json(200, { ok: true })];
  await expect(send({ path: '/calls', body: {}, key: 'abcdefgh' }, [])).rejects.toMatchObject({ unreachable: true });
});

test('after a 403 the token is renewed once, as another tab may have signed in', async () => {
  answers = [
    () => problem(403, 'csrf'),
    () => json(200, { account: {}, csrf_token: 'other', server_time: '2026-01-01T00:00:00Z' }),
    () => json(201, { sequence: 1 }),
  ];
  await expect(send({ path: '/calls', body: {}, key: 'abcdefgh' })).resolves.toMatchObject({ sequence: 1 });
  answers = [() => problem(403, 'not yours'), () => json(200, { account: {}, csrf_token: 'other', server_time: '2026-01-01T00:00:00Z' })];
  await expect(send({ path: '/calls', body: {}, key: 'abcdefgh' })).rejects.toThrow('not yours');
});

test('what has not changed is the very same object', async () => {
  answers = [() => json(200, { sequence: 1 }, { ETag: '"1"' }), () => json(304, null, { ETag: '"1"' })];
  const first = await get('/desk');
  const second = await get('/desk');
  expect(second.data).toBe(first.data);
  expect(second.changed).toBe(false);
  expect((asked[1]!.init.headers as Record<string, string>)['If-None-Match']).toBe('"1"');
});

test('pressed nine times it is sent once; failed and unchanged it keeps its key, also over a reload', async () => {
  let release!: (response: Response) => void;
  answers = [() => new Promise<Response>((resolve) => (release = resolve))];
  const write = useWrite('call.desk');
  const presses = Array.from({ length: 9 }, () => write.run('/calls', { text: 'x' }));
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  release(problem(401, 'no session'));
  signIn = vi.fn(() => Promise.resolve(false));
  await Promise.all(presses);
  expect(write.state).toMatchObject({ state: 'unsaved', detail: 'signed out' });
  answers = [() => json(201, { sequence: 9, call: 1 })];
  const afterReload = useWrite('call.desk');
  await afterReload.run('/calls', { text: 'x' });
  expect(keyOf(1)).toBe(keyOf(0));
  expect(afterReload.state.state).toBe('saved');
  answers = [() => json(201, { sequence: 10, call: 2 })];
  await afterReload.run('/calls', { text: 'x' });
  expect(keyOf(2)).not.toBe(keyOf(0));
});

test('what one has said is never sent in the name of another', async () => {
  who = 'officer';
  answers = [() => problem(401, 'no session'), () => json(201, { sequence: 1 })];
  signIn = vi.fn(() => {
    who = 'next';
    return Promise.resolve(true);
  });
  const write = useWrite();
  expect(await write.run('/calls', { text: 'x' })).toBeNull();
  expect(write.state.detail).toBe('another person');
  expect(asked).toHaveLength(1);
  // In another tab the session has become another person's: this one's token is an old one.
  who = 'officer';
  answers = [
    () => problem(403, 'token'),
    () => json(200, { account: { name: 'next' }, csrf_token: 'other', server_time: '2022-08-20T02:00:00Z' }),
    () => json(201, { sequence: 1 }),
  ];
  expect(await write.run('/calls', { text: 'x' })).toBeNull();
  expect(asked).toHaveLength(3);
  // Nor is a part of a file.
  answers = [
    () => problem(403, 'token'),
    () => json(200, { account: { name: 'next' }, csrf_token: 'third', server_time: '2022-08-20T02:00:00Z' }),
    () => json(200, {}),
  ];
  await expect(transfer('PATCH', '/uploads/1', {}, 'part')).rejects.toThrow('another person');
  expect(asked).toHaveLength(5);
  // Nor is what he would have set for printing.
  answers = [
    () => problem(403, 'token'),
    () => json(200, { account: { name: 'next' }, csrf_token: 'fourth', server_time: '2022-08-20T02:00:00Z' }),
    () => json(200, {}),
  ];
  await expect(ask('/incidents/1/previews', {})).rejects.toThrow('another person');
  expect(asked).toHaveLength(7);
});

test('a refusal says why and frees the key', async () => {
  answers = [() => problem(422, 'not understood'), () => json(201, { sequence: 1 })];
  const write = useWrite();
  expect(await write.run('/incidents/1/facts', { a: 1 })).toBeNull();
  expect(write.state).toMatchObject({ state: 'unsaved', detail: 'not understood' });
  await write.run('/incidents/1/facts', { a: 1 });
  expect(keyOf(1)).not.toBe(keyOf(0));
  expect(new RequestError(1, null, false, 'x')).toBeInstanceOf(Error);
});
