// A thing that is said, from the button to the server's disk. While it is under way the button does nothing (it is not
// `disabled`, for that would throw the keyboard out of it just when one may have to press again); what is sent
// again unchanged goes under the same key, so that however often it is pressed, it is taken once.

import { reactive, ref } from 'vue';
import { newKey } from '../api/key';
import { RequestError, send } from '../api/client';
import { keptName } from '../api/place';
import type { Written } from '../api/types';
import { serverNow } from './clock';
import { readClock } from './doubt';

export interface WriteState {
  state: 'idle' | 'saving' | 'saved' | 'unsaved';
  /** Why it is not saved. */
  detail: string;
  /** What of it, where the server says so: the name of a fact, for instance. */
  field: string;
  /** When it was saved, by the server's time. */
  at: number;
}

export interface Write {
  state: WriteState;
  /** Resolves to null when it was not taken; the state then says why. */
  run: (path: string, body: unknown, ifMatch?: string | null) => Promise<Written | null>;
  /** Whether the last failure was that somebody else had changed the incident meanwhile. */
  outdated: () => boolean;
  /** The same, or that what it was about had been settled by somebody else. */
  lost: () => boolean;
  reset: () => void;
}

/** When something was last saved from this page: the form that sent it may be gone by then. */
export const lastSavedAt = ref(0);

/** How the button looks while its saying is under way. */
export function busy(write: Write): Record<string, unknown> {
  return write.state.state === 'saving' ? { 'class': 'is-disabled', 'aria-disabled': true } : {};
}

const keysAt = keptName('key.');

/** Under `name` the key outlives a reload, as the draft does. */
export function useWrite(name = ''): Write {
  const state = reactive<WriteState>({ state: 'idle', detail: '', field: '', at: 0 });
  let key = '';
  let said = '';
  let status = 0;

  function keyFor(saying: string): string {
    if (key && said === saying) {
      return key;
    }
    if (!key && name) {
      const kept = localStorage.getItem(keysAt + name);
      const cut = kept?.indexOf(' ') ?? -1;
      if (kept && cut > 0 && kept.slice(cut + 1) === saying) {
        key = kept.slice(0, cut);
        said = saying;
        return key;
      }
    }
    key = newKey();
    said = saying;
    remember();
    return key;
  }

  function remember(): void {
    if (!name) {
      return;
    }
    try {
      if (key) {
        localStorage.setItem(keysAt + name, `${key} ${said}`);
      } else {
        localStorage.removeItem(keysAt + name);
      }
    } catch {
      // the page still holds it
    }
  }

  async function run(path: string, body: unknown, ifMatch?: string | null): Promise<Written | null> {
    if (state.state === 'saving') {
      return null;
    }
    state.state = 'saving';
    state.detail = '';
    state.field = '';
    try {
      const written = await send({ path, body, key: keyFor(`${path} ${JSON.stringify(body)}`), ifMatch });
      key = '';
      remember();
      status = 201;
      state.state = 'saved';
      state.at = serverNow();
      lastSavedAt.value = state.at;
      return written;
    } catch (error) {
      status = error instanceof RequestError ? error.status : 0;
      state.state = 'unsaved';
      state.field = error instanceof RequestError ? (error.problem?.field ?? '') : '';
      state.detail = error instanceof Error ? error.message : String(error);
      if (state.field === 'clock' && status === 503) {
        void readClock(); // the time is in doubt: the line over the page says so at once
      }
      // A refusal is final for this key: the next try is a new saying. What may have arrived keeps its key.
      if (error instanceof RequestError && !error.unreachable && status !== 401) {
        key = '';
        remember();
      }
      return null;
    }
  }

  return {
    state,
    run,
    outdated: () => status === 412,
    lost: () => status === 412 || status === 409,
    reset: () => {
      if (state.state !== 'saving') {
        state.state = 'idle';
        state.detail = '';
      }
    },
  };
}
