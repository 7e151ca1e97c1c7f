// The hand-over and the roster. Who is on duty comes with the desk (stores/dutyRoom); the lists of the hand-over are read
// while somebody looks at them.

import { ref, shallowRef, watch } from 'vue';
import { get } from '../api/client';
import type { Handover, OpenMatters, Shift } from '../api/types';
import { now } from './clock';
import { coalesce } from './coalesce';
import { alsoRead, desk } from './desk';
import { watchDutyRoom } from './dutyRoom';
import { page } from './route';
import { account, takeDelegations } from './session';

export const matters = shallowRef<OpenMatters | null>(null);
export const shifts = shallowRef<Shift[]>([]);
export const handovers = shallowRef<Handover[]>([]);
export const shiftsFailure = ref('');

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

export function startShifts(): void {
  alsoRead(refreshShifts);
  watch(page, refreshShifts);
  watch([desk, account, now], ([told, , time]) => takeDelegations(told?.delegations ?? [], time));
  watchDutyRoom();
}
