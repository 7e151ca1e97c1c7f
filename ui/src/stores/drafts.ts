// What has been typed and not yet sent, kept per context (call at the desk, facts of incident 3 …): in this browser at
// once, on the server 400 ms later, so that a reload, a crash, a change of incident or of computer loses nothing. The
// same context is the same draft everywhere. The newer of the two wins; what was sent or thrown away stays so.

import { computed, effectScope, reactive, watch } from 'vue';
import { get, RequestError, setDraft } from '../api/client';
import { exercise, keptName } from '../api/place';
import type { Draft } from '../api/types';
import { serverNow } from './clock';
import { account, onLeaving } from './session';

const prefix = keptName('draft.');
/** What a person had typed and the server had not, when another took the place: it waits here for its owner. */
const leftPrefix = keptName('left.');
const pause = 400;
const retryAfter = 10_000;

type Form = Record<string, unknown>;

/** As it lies in this browser. `draft` null: it was sent or thrown away, which the server has not heard yet. */
interface Stored { draft: Form | null; at: number; kept: boolean; by: string }

export type Keeping = 'none' | 'local' | 'keeping' | 'kept' | 'refused';

interface Entry {
  context: string;
  draft: Form;
  blank: () => Form;
  isBlank: (draft: Form) => boolean;
  /** When it was last typed in, by the server's time. */
  at: number;
  /** When it was last typed in here, by this computer's. */
  typedAt: number;
  /** Whether the server has it as it stands here. */
  kept: boolean;
  sending: boolean;
  /** When the server last took it, by this computer's time. */
  settledAt: number;
  timer: ReturnType<typeof setTimeout> | null;
  /** While set, changes come from elsewhere and are not this person's typing. */
  following: boolean;
  state: { keeping: Keeping; at: number; detail: string };
}

const entries = new Map<string, Entry>();

function isForm(value: unknown): value is Form {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A name that the server takes: what it does not take is spelt by its number. */
export function draftName(context: string): string {
  const name = [...context].map((letter) => (/[A-Za-z0-9.-]/.test(letter) ? letter : `_${letter.codePointAt(0)!.toString(16)}_`)).join('');
  if (name.length <= 128) {
    return name;
  }
  // Too long: its beginning, and a number made of the whole (FNV-1a, twice).
  const hash = (seed: number) => {
    let sum = seed;
    for (let at = 0; at < name.length; at += 1) {
      sum = Math.imul(sum ^ name.charCodeAt(at), 0x01000193) >>> 0;
    }
    return sum.toString(16);
  };
  return `${name.slice(0, 100)}_${hash(0x811c9dc5)}${hash(0x12345678)}`;
}

const leftAt = (who: string, context: string) => `${leftPrefix}${who}.${context}`;

function read(context: string, at = prefix + context): Stored | null {
  let found: unknown;
  try {
    found = JSON.parse(localStorage.getItem(at) ?? 'null');
  } catch {
    return null;
  }
  if (!isForm(found)) {
    return null;
  }
  if (typeof found.at === 'number' && (found.draft === null || isForm(found.draft))) {
    return { draft: found.draft, at: found.at, kept: found.kept === true, by: typeof found.by === 'string' ? found.by : '' };
  }
  return { draft: found, at: 0, kept: false, by: '' }; // as an older version of this page kept it
}

function write(context: string, stored: Stored | null): void {
  try {
    if (stored === null) {
      localStorage.removeItem(prefix + context);
    } else {
      localStorage.setItem(prefix + context, JSON.stringify(stored));
    }
  } catch {
    // No room or no permission: the page and the server still hold it.
  }
}

function leave(who: string, context: string, stored: Stored): void {
  try {
    localStorage.setItem(leftAt(who, context), JSON.stringify(stored));
  } catch {
    // no room or no permission
  }
}

/** What its owner had left here unkept; it is his again. */
function takeLeft(context: string): Stored | null {
  const who = account.value?.name ?? '';
  const left = who ? read(context, leftAt(who, context)) : null;
  if (left) {
    localStorage.removeItem(leftAt(who, context));
    write(context, left);
  }
  return left;
}

/** As this browser has it for whoever sits here; what another person has left is put by for him. */
function readOwn(context: string): Stored | null {
  const stored = read(context);
  const who = account.value?.name ?? '';
  if (!stored || stored.by === '' || who === '' || stored.by === who) {
    return stored ?? takeLeft(context);
  }
  if (!stored.kept && stored.draft !== null) {
    leave(stored.by, context, stored);
  }
  write(context, null);
  return takeLeft(context);
}

/** What still has the same form; a draft of an older version of this page gives that much. */
function fitting(blank: Form, found: Form): Form {
  const fitted = blank;
  for (const name of Object.keys(fitted)) {
    const [mine, other] = [fitted[name], found[name]];
    if (typeof mine === typeof other && Array.isArray(mine) === Array.isArray(other) && other !== null) {
      fitted[name] = other;
    }
  }
  return fitted;
}

function follow(entry: Entry, form: Form | null): void {
  entry.following = true;
  Object.assign(entry.draft, form === null ? entry.blank() : fitting(entry.blank(), form));
  entry.following = false;
}

function store(entry: Entry): void {
  const blank = entry.isBlank(entry.draft);
  if (blank && entry.kept) {
    write(entry.context, null);
  } else {
    // A copy without reactivity; what was thrown away is remembered until the server has heard it.
    write(entry.context, { draft: blank ? null : entry.draft, at: entry.at, kept: entry.kept, by: account.value?.name ?? '' });
  }
}

function show(entry: Entry, keeping: Keeping, detail = '', at = serverNow()): void {
  entry.state.keeping = keeping === 'kept' && entry.isBlank(entry.draft) ? 'none' : keeping;
  entry.state.detail = detail;
  if (keeping === 'kept') {
    entry.state.at = at;
  }
}

function plan(entry: Entry, after: number): void {
  if (entry.timer !== null) {
    clearTimeout(entry.timer);
  }
  entry.timer = setTimeout(() => {
    entry.timer = null;
    void keep(entry);
  }, after);
}

async function keep(entry: Entry): Promise<void> {
  if (entry.kept || !account.value) {
    return;
  }
  if (entry.sending) {
    plan(entry, pause);
    return;
  }
  const { at } = entry;
  const isBlank = entry.isBlank(entry.draft);
  entry.sending = true;
  show(entry, 'keeping');
  try {
    await setDraft(draftName(entry.context), isBlank ? undefined : { draft: entry.draft, at });
    entry.settledAt = Date.now();
    if (theirs) {
      const { [draftName(entry.context)]: _gone, ...others } = theirs;
      theirs = others; // a form made later shall not find what was there before
    }
    if (entry.at === at) {
      entry.kept = true;
      store(entry);
      show(entry, 'kept');
    }
  } catch (error) {
    const refused = error instanceof RequestError && !error.unreachable && error.status !== 401;
    show(entry, refused ? 'refused' : 'local', refused ? error.message : '');
    if (!refused || error.status >= 500) {
      plan(entry, retryAfter);
    }
  } finally {
    entry.sending = false;
    if (!entry.kept && entry.at !== at) {
      plan(entry, pause);
    }
  }
}

function typed(entry: Entry): void {
  if (entry.following) {
    return;
  }
  entry.at = Math.max(entry.at + 1, Math.round(serverNow()));
  entry.typedAt = Date.now();
  entry.kept = false;
  store(entry);
  if (entry.isBlank(entry.draft)) {
    show(entry, 'none'); // sent or thrown away: nothing is left of which to say where it is
  } else if (entry.state.keeping !== 'kept') {
    show(entry, 'local');
  }
  plan(entry, pause);
}

/** What the server had when it was last asked. */
let theirs: Record<string, Draft> | null = null;

const timeOf = (draft: Draft) => {
  const at = isForm(draft.body) ? draft.body.at : undefined;
  return typeof at === 'number' ? at : Date.parse(draft.kept_at);
};

/** The newer of what is here and what the server has; what is older gives way, here or there. */
function settle(entry: Entry, askedAt = Infinity): void {
  if (theirs === null || entry.sending || Date.now() - entry.typedAt < 2_000 || entry.settledAt >= askedAt) {
    return; // somebody types at this moment, or the server was asked before it had what is here
  }
  const found = theirs[draftName(entry.context)];
  const form = found && isForm(found.body) && isForm(found.body.draft) ? found.body.draft : null;
  const stored = read(entry.context);
  const isStranger = stored !== null && stored.by !== '' && stored.by !== account.value?.name;
  if (found && form && (entry.at === 0 || isStranger || timeOf(found) > entry.at)) {
    follow(entry, form);
    entry.at = timeOf(found);
    entry.kept = true;
    store(entry);
    show(entry, 'kept', '', Date.parse(found.kept_at));
  } else if (found && entry.kept && timeOf(found) === entry.at) {
    show(entry, 'kept', '', Date.parse(found.kept_at));
  } else if (!found && entry.kept) {
    if (entry.at > 0 && !isStranger && !entry.isBlank(entry.draft)) {
      // It was sent or thrown away elsewhere.
      follow(entry, null);
      entry.at = 0;
      store(entry);
      show(entry, 'none');
    }
  } else if (!found && entry.isBlank(entry.draft)) {
    entry.kept = true; // nothing here, nothing there
    store(entry);
  } else {
    entry.kept = false;
    plan(entry, 0);
  }
}

/** Asks the server for what was typed elsewhere: at a sign-in, a reload, when one comes back to this window. */
export async function pullDrafts(): Promise<void> {
  if (!account.value || exercise !== null) {
    return;
  }
  const askedAt = Date.now();
  try {
    theirs = (await get<{ drafts: Record<string, Draft> }>('/drafts')).data.drafts;
  } catch {
    return; // what is here stays; it is asked for again
  }
  for (const entry of entries.values()) {
    settle(entry, askedAt);
  }
}

/** What could not be kept goes to the server now that the line is back. */
export function keepDrafts(): void {
  for (const entry of entries.values()) {
    if (!entry.kept && entry.at > 0) {
      plan(entry, 0);
    }
  }
}

/** The draft of a context; `blank` says what it looks like with nothing in it, `isBlank` when nothing in it is worth keeping. */
export function useDraft<T extends object>(context: string, blank: () => T, isBlank?: (draft: T) => boolean): T {
  const old = entries.get(context);
  if (old) {
    return old.draft as T;
  }
  const stored = readOwn(context);
  const start = blank() as Form;
  const empty = JSON.stringify(start);
  const draft = reactive(stored?.draft ? fitting(start, stored.draft) : start);
  const entry: Entry = {
    context,
    draft,
    blank: blank as () => Form,
    isBlank: (form) => (isBlank ? isBlank(form as T) : JSON.stringify(form) === empty),
    at: stored?.at ?? 0,
    typedAt: 0,
    kept: stored?.kept ?? true,
    sending: false,
    settledAt: 0,
    timer: null,
    following: false,
    state: reactive({ keeping: stored?.draft ? 'local' : 'none', at: 0, detail: '' }) as Entry['state'],
  };
  entries.set(context, entry);
  if (stored && stored.at === 0) {
    entry.at = 1; // older than anything on the server, but there
  }
  // The draft outlives the form that has asked for it first: a panel is closed and opened again.
  effectScope(true).run(() => watch(draft, () => typed(entry), { deep: true, flush: 'sync' }));
  settle(entry);
  if (theirs === null && !entry.kept) {
    plan(entry, pause);
  }
  return draft as unknown as T;
}

/** How it stands with the draft of a context, for the small print. */
export function useKeeping(context: string) {
  return computed(() => entries.get(context)?.state ?? { keeping: 'none' as const, at: 0, detail: '' });
}

// Another window of this browser goes on with the same draft, or has sent it: this one follows while nobody types in it.
addEventListener('storage', (event) => {
  if (!event.key?.startsWith(prefix) || document.hasFocus()) {
    return;
  }
  const entry = entries.get(event.key.slice(prefix.length));
  if (entry) {
    const stored = read(entry.context);
    follow(entry, stored?.draft ?? null);
    entry.at = stored?.at ?? 0;
    entry.kept = true; // that window sees to it
    show(entry, stored?.draft ? 'kept' : 'none');
  }
});

let lastPull = 0;
function pullSometimes(): void {
  if (document.visibilityState === 'visible' && Date.now() - lastPull > 3_000) {
    lastPull = Date.now();
    void pullDrafts();
  }
}
addEventListener('focus', pullSometimes);
document.addEventListener('visibilitychange', pullSometimes);

/** The forms are the next person's: what the one before has typed is his, on the server or put by. */
function changeOwner(before: string): void {
  for (const entry of entries.values()) {
    if (entry.timer !== null) {
      clearTimeout(entry.timer);
      entry.timer = null;
    }
    if (!entry.kept && !entry.isBlank(entry.draft)) {
      leave(before, entry.context, { draft: entry.draft, at: entry.at, kept: false, by: before });
    }
    write(entry.context, null);
    const left = takeLeft(entry.context);
    follow(entry, left?.draft ?? null);
    entry.at = left?.at ?? 0;
    entry.typedAt = 0;
    entry.settledAt = 0;
    entry.kept = left === null;
    show(entry, left ? 'local' : 'none');
    if (left) {
      plan(entry, pause);
    }
  }
}

// Another person sits here: what is in the forms, and what the server had, was the other one's.
let owner = account.value?.name ?? '';
watch(
  () => account.value?.name,
  (name) => {
    theirs = null;
    if (name) {
      if (owner !== '' && owner !== name) {
        changeOwner(owner);
      }
      owner = name;
      void pullDrafts();
    }
  },
  { flush: 'sync' },
);

// Before persons change, what has been typed goes up in the name of who has typed it.
onLeaving(async () => {
  await Promise.all([...entries.values()].filter(({ kept }) => !kept).map(keep));
});

/** Empties it: it has been sent, or thrown away by a person. The server forgets it at once. */
export function clearDraft<T extends object>(draft: T, blank: () => T): void {
  Object.assign(draft, blank());
  for (const entry of entries.values()) {
    if (entry.draft === (draft as unknown as Form) && !entry.kept) {
      plan(entry, 0);
    }
  }
}

/** For tests: a reload. */
export function dropDraftsFromMemory(): void {
  for (const { timer } of entries.values()) {
    if (timer !== null) {
      clearTimeout(timer);
    }
  }
  entries.clear();
  theirs = null;
}

