// An incident as it was at a moment: which moments there are, which one is looked at, and what the server says of it.

import { computed, ref, shallowRef } from 'vue';
import { get } from '../api/client';
import { t } from '../texts';
import type { Audit, Moment, Moments } from '../api/types';

/** What is looked at: one of the moments, another instant, or the present. */
export type Wanted = { moment: Moment } | { at: number } | 'now';

/** How long a slider must rest before the server is asked. */
const REST = 150;

function queryOf(wanted: Wanted): string {
  if (wanted === 'now') {
    return '';
  }
  if ('at' in wanted) {
    return `?at=${new Date(wanted.at).toISOString()}`;
  }
  const { sequence, at } = wanted.moment;
  // Exactly at its deadline it is in time yet.
  return sequence === null ? `?at=${new Date(Date.parse(at) + 1).toISOString()}` : `?sequence=${sequence}`;
}

export function useAudit(number: number) {
  const moments = shallowRef<Moment[]>([]);
  const audit = shallowRef<Audit | null>(null);
  const wanted = shallowRef<Wanted>('now');
  const problem = ref('');
  const reading = ref(false);
  const moment = computed(() => (audit.value ? Date.parse(audit.value.at) : 0));
  let latest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function read(turn: number): Promise<void> {
    try {
      const { data } = await get<Audit>(`/audit/incidents/${number}${queryOf(wanted.value)}`);
      if (turn === latest) {
        audit.value = data;
        problem.value = '';
      }
    } catch (error) {
      if (turn === latest) {
        audit.value = null; // what another moment was must not be taken for this one
        problem.value = error instanceof Error ? error.message : String(error);
      }
    } finally {
      if (turn === latest) {
        reading.value = false;
      }
    }
  }

  /** Looks at a moment; the last one asked for alone counts. */
  function look(at: Wanted, rest = REST): void {
    const turn = (latest += 1);
    wanted.value = at;
    reading.value = true;
    clearTimeout(timer);
    timer = setTimeout(() => void read(turn), rest);
  }

  /** Directly after an event (0: now). */
  function lookAfter(sequence: number): void {
    const found = moments.value.find((one) => one.sequence === sequence);
    if (found || sequence === 0) {
      look(found ? { moment: found } : 'now', 0);
      return;
    }
    latest += 1; // what is on its way is not looked at any more
    clearTimeout(timer);
    reading.value = false;
    audit.value = null;
    problem.value = t('audit.noMoment', { n: sequence });
  }

  /** The moments, and then the one directly after an event (0: now). */
  async function open(sequence: number): Promise<void> {
    try {
      moments.value = (await get<Moments>(`/audit/incidents/${number}/moments`)).data.moments;
      lookAfter(sequence);
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  }

  return { moments, audit, wanted, problem, reading, moment, look, lookAfter, open };
}
