// Whether the server's time can be believed. The stream says it; while it cannot, the two times are asked for.

import { computed, ref, shallowRef } from 'vue';
import { get } from '../api/client';
import type { Clock, ClockState } from '../api/types';

export const clockState = ref<ClockState>('good');
export const serverClock = shallowRef<Clock | null>(null);
/** When (by this computer) the two times were told, so that they can be shown going on. */
export const clockReadAt = ref(0);
export const clockFailure = ref('');
export const inDoubt = computed(() => clockState.value !== 'good');

export async function readClock(): Promise<void> {
  try {
    const { data } = await get<Clock>('/clock');
    serverClock.value = data;
    clockReadAt.value = Date.now();
    clockState.value = data.state;
    clockFailure.value = '';
  } catch (error) {
    clockFailure.value = error instanceof Error ? error.message : String(error);
  }
}

export function hearClockState(state: ClockState | null): void {
  if (state === null) {
    return;
  }
  const changed = state !== clockState.value;
  clockState.value = state;
  if (state !== 'good' || changed) {
    void readClock();
  }
}
