// Every request to the server goes through here: CSRF token, ETags, problems, and what happens on a 401.

import { newKey } from './key';
import { base, exercise, house } from './place';
import type { Problem, Session, Written } from './types';

/** Signing in and out, and the list of exercises, and how people are called, are the house's; all else is asked of the desk that the page shows. */
function addressFor(method: string, path: string): string {
  const isSession = path.startsWith('/sessions') && method !== 'GET';
  return (isSession || path === '/drills' || path === '/people' || path === '/exercises' ? house : base) + path;
}

/** A request that was not taken. `unreachable`: nobody knows whether the server has it. */
export class RequestError extends Error {
  constructor(readonly status: number, readonly problem: Problem | null, readonly unreachable: boolean, message: string) {
    super(message);
  }
}

/** What the client needs from the rest of the program; set once at the start. */
export interface Hooks {
  /** Asks the person to sign in on the spot; resolves to whether he has. */
  signIn: () => Promise<boolean>;
  /** A reading was refused for want of a session: that is told, but nobody's keyboard is taken away for it. */
  expired: () => void;
  /** Hears every server_time that comes by. */
  serverTime: (instant: string, sentAt: number, receivedAt: number) => void;
  /** Who sits at this page, or ''. What one has said is never sent in another's name. */
  who?: () => string;
  /** The browser's session is another person's now (another tab changed it): the page is to look who it is. */
  changed?: () => void;
  /** What the page shall say when the server cannot be reached or answers with something that is not its own. */
  /** In which language the server shall explain what it refuses. */
  language: () => string;
  words: {
    unreachable: () => string;
    foreign: (status: number) => string;
    signedOut: () => string;
    otherPerson?: () => string;
    /** A refusal in the page's words: what kind it is by its status, and the server's own detail as it is. */
    refused: (status: number, detail: string) => string;
  };
}

let hooks: Hooks = {
  signIn: () => Promise.resolve(false),
  expired: () => undefined,
  serverTime: () => undefined,
  language: () => '',
  words: { unreachable: () => 'unreachable', foreign: (status) => `HTTP ${status}`, signedOut: () => 'signed out', refused: (_status, detail) => detail },
};
let csrfToken = '';
let signInKey = '';
/** What is said under it, while nobody knows whether the server has it. */
let signInSaid = '';

export function setHooks(wanted: Hooks): void {
  hooks = wanted;
}

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

function tongue(): Record<string, string> {
  const language = hooks.language();
  return language ? { 'Accept-Language': language } : {};
}

interface Reply { status: number; etag: string | null; json: unknown; text?: string }

/** One exchange. A reply that is not JSON (a proxy's page) is not the server's reply. */
async function exchange(method: string, path: string, headers: Record<string, string>, body?: string | Blob, patienceFor = 20_000, stop?: AbortSignal): Promise<Reply> {
  const sentAt = Date.now();
  let response: Response;
  let text: string;
  try {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), patienceFor);
    stop?.addEventListener('abort', () => patience.abort());
    if (stop?.aborted) {
      patience.abort();
    }
    try {
      response = await fetch(path.startsWith(house) ? path : addressFor(method, path), {
        method,
        headers: { ...(typeof body === 'string' ? { 'Content-Type': 'application/json' } : {}), ...headers, ...tongue() },
        body,
        cache: 'no-store',
        credentials: 'same-origin',
        redirect: 'error',
        signal: patience.signal,
      });
      text = await response.text();
    } finally {
      clearTimeout(timer);
    }
  } catch {
    throw new RequestError(0, null, true, hooks.words.unreachable());
  }
  const { status } = response;
  /** On the page of an exercise another clock goes: what the real desk answers says nothing about it. */
  const tellsTime = base === house || !path.startsWith(house) || path.startsWith(`${base}/`);
  if (status === 304 || status === 204) {
    return { status, etag: response.headers.get('ETag'), json: null };
  }
  let json: unknown = null;
  const drawing = /^image\/svg\+xml\b/.test(response.headers.get('Content-Type') ?? '');
  if (drawing && status === 200) {
    return { status, etag: response.headers.get('ETag'), json: null, text };
  }
  const type = response.headers.get('Content-Type') ?? '';
  if (/^application\/(problem\+)?json\b/.test(type)) {
    try {
      json = JSON.parse(text);
    } catch {
      json = null;
    }
  }
  if (json === null || typeof json !== 'object') {
    throw new RequestError(status, null, true, hooks.words.foreign(status));
  }
  if (status < 200 || status >= 300) {
    const problem = json as Problem;
    throw new RequestError(status, problem, false, hooks.words.refused(status, problem.detail || problem.title || ''));
  }
  const serverTime = (json as { server_time?: unknown }).server_time;
  if (typeof serverTime === 'string' && tellsTime) {
    hooks.serverTime(serverTime, sentAt, Date.now());
  }
  return { status, etag: response.headers.get('ETag'), json };
}

const known = new Map<string, { etag: string; json: unknown }>();

export interface Got<T> { data: T; etag: string | null; changed: boolean }

async function read(path: string, etag: string | undefined): Promise<Reply> {
  try {
    return await exchange('GET', path, etag === undefined ? {} : { 'If-None-Match': etag });
  } catch (error) {
    if (error instanceof RequestError && error.status === 401) {
      hooks.expired();
    }
    throw error;
  }
}

const drawings = new Map<string, { etag: string; text: string }>();

/** Reads a drawing (SVG). */
export async function getDrawing(path: string): Promise<string> {
  const old = drawings.get(path);
  const reply = await read(path, old?.etag);
  if (reply.status === 304 && old) {
    return old.text;
  }
  if (reply.text === undefined) {
    throw new RequestError(reply.status, null, true, hooks.words.foreign(reply.status));
  }
  if (reply.etag) {
    drawings.set(path, { etag: reply.etag, text: reply.text });
  }
  return reply.text;
}

/** Reads; what has not changed comes back as the very same object. */
export async function get<T>(path: string): Promise<Got<T>> {
  const old = known.get(path);
  const reply = await read(path, old?.etag);
  if (reply.status === 304 && old) {
    return { data: old.json as T, etag: old.etag, changed: false };
  }
  if (reply.etag) {
    known.set(path, { etag: reply.etag, json: reply.json });
  }
  return { data: reply.json as T, etag: reply.etag, changed: true };
}

/** Forgets what was read: another person sits here now. */
export function forget(): void {
  known.clear();
  drawings.clear();
}

export interface Sending { method?: 'POST'; path: string; body: unknown; key: string; ifMatch?: string | null }

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Throws when the session is no longer that of whoever has said it. */
function checkPerson(said: string, now: string): void {
  if (said !== '' && said !== now) {
    hooks.changed?.();
    throw new RequestError(403, null, false, hooks.words.otherPerson?.() ?? '');
  }
}

/**
 * Sends one thing that is said. It is tried again with the same key where the reply was lost, and once after
 * signing in; resolves only when the server has said that it is on its disk.
 */
export async function send(sending: Sending, retryAfter: number[] = [700]): Promise<Written> {
  const body = JSON.stringify(sending.body);
  const who = hooks.who?.() ?? '';
  let signedIn = false;
  let renewed = false;
  let lost = 0;
  for (;;) {
    const headers: Record<string, string> = { 'X-CSRF-Token': csrfToken, 'Idempotency-Key': sending.key };
    if (sending.ifMatch) {
      headers['If-Match'] = sending.ifMatch;
    }
    try {
      const reply = await exchange(sending.method ?? 'POST', sending.path, headers, body);
      // 201 alone means "on the disk"; anything else that looks like success is somebody else's answer.
      if (reply.status !== 201) {
        throw new RequestError(reply.status, null, true, hooks.words.foreign(reply.status));
      }
      return reply.json as Written;
    } catch (error) {
      if (!(error instanceof RequestError)) {
        throw error;
      }
      if (error.status === 401 && !signedIn) {
        signedIn = true;
        if (await hooks.signIn()) {
          checkPerson(who, hooks.who?.() ?? '');
          continue;
        }
        throw new RequestError(401, error.problem, false, hooks.words.signedOut());
      }
      // Another tab may have signed in anew: then this page's token is an old one.
      if (error.status === 403 && !renewed) {
        renewed = true;
        const token = csrfToken;
        let now: string;
        try {
          now = (await currentSession()).account.name;
        } catch {
          throw error;
        }
        checkPerson(who, now);
        if (token !== csrfToken) {
          continue;
        }
      }
      const wait = retryAfter[lost];
      if (error.unreachable && wait !== undefined) {
        lost += 1;
        await pause(wait);
        continue;
      }
      throw error;
    }
  }
}

/**
 * Sends what nobody has pressed a button for: a 401 opens no dialog, it is told like that of a reading. Sent again once where another
 * tab has signed in anew meanwhile, so that this page's token is an old one; never in another person's name.
 */
async function sendQuietly<T>(once: (headers: Record<string, string>) => Promise<T>): Promise<T> {
  const who = hooks.who?.() ?? '';
  for (let renewed = false; ; renewed = true) {
    const token = csrfToken;
    try {
      return await once({ 'X-CSRF-Token': token });
    } catch (error) {
      if (!(error instanceof RequestError)) {
        throw error;
      }
      if (error.status === 401) {
        hooks.expired();
      }
      if (error.status !== 403 || renewed) {
        throw error;
      }
      checkPerson(who, (await currentSession()).account.name);
      if (token === csrfToken) {
        throw error;
      }
    }
  }
}

/** Keeps or forgets a draft. */
export async function setDraft(name: string, body: unknown): Promise<void> {
  if (exercise !== null) {
    return; // this browser alone keeps what is typed in an exercise
  }
  const path = `/drafts/${name}`;
  await sendQuietly((headers) => (body === undefined ? exchange('DELETE', path, headers) : exchange('PUT', path, headers, JSON.stringify(body))));
}

/** Asks something that has a body. Nothing is written by it, so it has no key. */
export const ask = <T>(path: string, body: unknown): Promise<T> => sendQuietly(async (headers) => (await exchange('POST', path, headers, JSON.stringify(body))).json as T);

/** Begins a file, or goes on with one. A part of a file is given a minute: lines are slow where fires are. */
export const transfer = (method: 'POST' | 'PATCH' | 'DELETE', path: string, headers: Record<string, string>, body?: string | Blob, stop?: AbortSignal): Promise<{ status: number; json: unknown }> =>
  sendQuietly((token) => exchange(method, path, { ...headers, ...token }, body, 60_000, stop));

/** Who is signed in; takes over the session's token. A 401 here opens no dialog. */
export async function currentSession(): Promise<Session> {
  const reply = await exchange('GET', '/sessions/current', {});
  const session = reply.json as Session;
  csrfToken = session.csrf_token;
  return session;
}

/** `code`: of the second factor; the server asks for one by a 401 whose field is `code`. */
export async function startSession(name: string, password: string, code = ''): Promise<Session> {
  const said = JSON.stringify(code ? { name, password, code } : { name, password });
  // Whoever presses again because no answer came says the same thing once more: a code is not used up twice.
  signInKey = said === signInSaid ? signInKey : newKey();
  signInSaid = said;
  let reply: Reply;
  try {
    reply = await exchange('POST', '/sessions', { 'Idempotency-Key': signInKey }, said);
  } catch (error) {
    if (error instanceof RequestError && !error.unreachable) {
      signInSaid = '';
    }
    throw error;
  }
  signInSaid = '';
  if (exercise !== null) {
    return currentSession(); // there one is what one's seats let one be
  }
  const session = reply.json as Session;
  csrfToken = session.csrf_token;
  return session;
}

export async function endSession(): Promise<void> {
  await exchange('DELETE', '/sessions/current', { 'X-CSRF-Token': csrfToken });
  csrfToken = '';
}
