// What has been typed and not yet sent, kept in this browser per context (call at the desk, facts of incident 3 …),
// so that a reload, a crash or a change of incident loses nothing. The same context is the same draft everywhere.

import { reactive, watch } from 'vue';

const prefix = 'pinyue.draft.';
const drafts = new Map<string, object>();
const blanks = new Map<string, () => object>();

function read(context: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(prefix + context) ?? 'null');
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function store(context: string, draft: object, empty: string): void {
  try {
    const text = JSON.stringify(draft);
    if (text === empty) {
      localStorage.removeItem(prefix + context);
    } else {
      localStorage.setItem(prefix + context, text);
    }
  } catch {
    // No room or no permission: the page still holds it.
  }
}

/** The draft of a context; `blank` says what it looks like with nothing in it. */
export function useDraft<T extends object>(context: string, blank: () => T): T {
  const old = drafts.get(context);
  if (old) {
    return old as T;
  }
  const start = blank() as Record<string, unknown>;
  const kept = read(context);
  if (isObject(kept)) {
    for (const name of Object.keys(start)) {
      // A draft of an older version of this page gives what still has the same form.
      if (typeof kept[name] === typeof start[name]) {
        start[name] = kept[name];
      }
    }
  }
  const draft = reactive(start);
  drafts.set(context, draft);
  blanks.set(context, blank);
  const empty = JSON.stringify(blank());
  watch(draft, () => store(context, draft, empty), { deep: true, flush: 'sync' });
  return draft as unknown as T;
}

// Another window of this browser goes on with the same draft, or has sent it: this one follows while nobody types in it.
addEventListener('storage', (event) => {
  if (!event.key?.startsWith(prefix) || document.hasFocus()) {
    return;
  }
  const draft = drafts.get(event.key.slice(prefix.length));
  const blank = blanks.get(event.key.slice(prefix.length));
  if (draft && blank) {
    const kept = event.newValue === null ? blank() : read(event.key.slice(prefix.length));
    if (isObject(kept)) {
      Object.assign(draft, kept);
    }
  }
});

/** Empties it: it has been sent, or thrown away by a person. */
export function clearDraft<T extends object>(draft: T, blank: () => T): void {
  Object.assign(draft, blank());
}

/** For tests: a reload. */
export function dropDraftsFromMemory(): void {
  drafts.clear();
}
