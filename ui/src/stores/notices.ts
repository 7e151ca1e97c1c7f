// The to-call list: what must be said to somebody, until somebody has been reached or it is answered otherwise.

import { computed, ref, shallowRef } from 'vue';
import { get } from '../api/client';
import type { Notice, ToCall } from '../api/types';
import { voiceOf } from '../parts/phones';
import { desk } from './desk';
import { coalesce } from './coalesce';
import { joined } from './rest';
import { isDutyRoom } from './rights';
import { shownIncident } from './route';
import { account } from './session';

export const notices = shallowRef<Notice[]>([]);
const totals = shallowRef<ToCall['totals']>({ notices: 0, to_call: 0, overdue: 0 });
/** False: somebody may have to be called of whom no row tells. */
export const noticesWhole = ref(true);
export const noticesFailure = ref('');

async function readNotices(): Promise<void> {
  if (!account.value) {
    return;
  }
  try {
    const { data } = await get<ToCall>('/notices');
    const own = data.totals.notices > data.notices.length && shownIncident.value !== null ? await get<ToCall>(`/incidents/${shownIncident.value}/notices`).catch(() => null) : null;
    notices.value = joined(data.notices, own?.data.notices ?? [], ({ id }) => id, false);
    totals.value = data.totals;
    noticesWhole.value = data.whole;
    noticesFailure.value = '';
  } catch (error) {
    noticesFailure.value = error instanceof Error ? error.message : String(error);
  }
}

/** The list is longer than the desk, and nobody calls faster than this. */
export const refreshNotices = coalesce(readNotices, 700);

/** How many rows there are that are not in the list: it has the soonest due, and those of the shown incident. */
export const unlistedCount = computed(() => Math.max(0, totals.value.notices - notices.value.length));

/** What is to be called for an incident; what the plan asks all the year round is counted apart. */
export const toCall = computed(() => notices.value.filter(({ standing }) => !standing));
export const toCallCount = computed(() => (unlistedCount.value ? totals.value.to_call : toCall.value.length));
export const toCallOverdue = computed(() => (unlistedCount.value ? totals.value.overdue : toCall.value.filter(({ overdue }) => overdue).length));
/** Whom the list presses: the duty room alone calls. */
export const toCallPresses = computed(() => isDutyRoom() && toCallOverdue.value > 0);

const dueOf = (notice: Notice) => (notice.due_at === null ? Infinity : Date.parse(notice.due_at));

/** Whether there is a number at which somebody speaks. */
export const canCall = (notice: Notice): boolean => voiceOf(notice.phones).length > 0;

/**
 * Rows of the shown incident first, in them whoever can be called; then soonest due; what has no deadline last, in the
 * order in which it arose.
 */
export function inCallingOrder(list: Notice[], shown: number | null): Notice[] {
  const rank = (notice: Notice) => (notice.incident === shown ? 0 : 1);
  return list
    .map((notice, place) => ({ notice, place }))
    .sort((a, b) => {
      const [first, second] = [dueOf(a.notice), dueOf(b.notice)];
      return rank(a.notice) - rank(b.notice) || Number(canCall(b.notice)) - Number(canCall(a.notice)) || (first === second ? a.place - b.place : first - second);
    })
    .map(({ notice }) => notice);
}

/** To whom a duty is owed: the list itself does not say it, the running clocks do. */
export const recipients = computed(() => {
  const found = new Map<string, string>();
  for (const clock of desk.value?.clocks ?? []) {
    if (clock.recipient !== null) {
      found.set(`${clock.kind} ${clock.id}`, clock.recipient);
    }
  }
  return found;
});
