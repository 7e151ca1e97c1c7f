// Who is on duty, and the hand-over. What is said of it on every page comes with the desk; the lists of the hand-over are
// read while somebody looks at them.

import { computed, ref, shallowRef, watch } from 'vue';
import { get } from '../api/client';
import type { Handover, OpenMatters, PersonOnDuty, Shift } from '../api/types';
import { now } from './clock';
import { coalesce } from './coalesce';
import { alsoRead, desk, refresh } from './desk';
import { page } from './route';
import { account, takeDelegations } from './session';

export const posts = ['leader', 'main', 'second'] as const;
export type Post = (typeof posts)[number];

export const dutyRoom = computed(() => desk.value?.duty_room ?? null);
export const matters = shallowRef<OpenMatters | null>(null);
export const shifts = shallowRef<Shift[]>([]);
export const handovers = shallowRef<Handover[]>([]);
export const shiftsFailure = ref('');

/** Who stands in which post of a shift, empty posts left out. */
export function personsOf(shift: Shift | null): { post: Post; person: PersonOnDuty }[] {
  return posts.flatMap((post) => {
    const person = shift?.[post];
    return person ? [{ post, person }] : [];
  });
}

async function read(): Promise<void> {
  if (!account.value || page.value !== 'shifts') {
    return;
  }
  try {
    const [open, listed] = await Promise.all([get<OpenMatters>('/handover'), get<{ shifts: Shift[]; handovers: Handover[] }>('/shifts')]);
    matters.value = open.data;
    shifts.value = listed.data.shifts;
    handovers.value = listed.data.handovers;
    shiftsFailure.value = '';
  } catch (error) {
    shiftsFailure.value = error instanceof Error ? error.message : String(error);
  }
}

export const refreshShifts = coalesce(read, 300);

/** Shifts begin and end by time alone, of which no event tells: the desk is read again at that instant. */
export function startShifts(): void {
  let asked = '';
  alsoRead(refreshShifts);
  watch(page, refreshShifts);
  watch([desk, account, now], ([told, , time]) => takeDelegations(told?.delegations ?? [], time));
  watch(now, (time) => {
    const change = dutyRoom.value?.changes_at ?? null;
    if (change !== null && change !== asked && Date.parse(change) <= time) {
      asked = change;
      refresh();
    }
  });
}
