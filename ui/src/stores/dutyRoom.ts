// Who is on duty, as every page shows it: the desk's reading tells it, or that of one's own parties on the units' page.

import { computed, watch } from 'vue';
import type { PersonOnDuty, Shift } from '../api/types';
import { now } from './clock';
import { desk, refresh } from './desk';
import { own } from './own';

export const posts = ['leader', 'main', 'second'] as const;
export type Post = (typeof posts)[number];

export const dutyRoom = computed(() => (desk.value ?? own.value)?.duty_room ?? null);

/** Who stands in which post of a shift, empty posts left out. */
export function personsOf(shift: Shift | null): { post: Post; person: PersonOnDuty }[] {
  return posts.flatMap((post) => {
    const person = shift?.[post];
    return person ? [{ post, person }] : [];
  });
}

/** Shifts begin and end by time alone, of which no event tells: it is read again at that instant. */
export function watchDutyRoom(): void {
  let asked = '';
  watch(now, (time) => {
    const change = dutyRoom.value?.changes_at ?? null;
    if (change !== null && change !== asked && Date.parse(change) <= time) {
      asked = change;
      refresh();
    }
  });
}
