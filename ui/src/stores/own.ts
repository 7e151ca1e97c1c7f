// What one's own parties owe and decide, as the server tells it.

import { computed, shallowRef, watch } from 'vue';
import { get } from '../api/client';
import type { Own, Questions } from '../api/types';
import { now, parseZone, zoneMinutes } from './clock';
import { account, look, takeDelegations } from './session';

export const own = shallowRef<Own | null>(null);

export async function readOwn(): Promise<void> {
  const { data } = await get<Own>('/own');
  own.value = data;
  const minutes = parseZone(data.incidents[0]?.zone ?? '');
  if (minutes !== null) {
    zoneMinutes.value = minutes;
  }
}

/** In an exercise what one may do goes by one's seats, which change hands at any time. */
export async function readSeated(): Promise<void> {
  const who = account.value?.name;
  await Promise.all([look(), readOwn()]);
  if (account.value?.name !== who) {
    await readOwn(); // what came may have been for whoever sat here before
  }
}

/** What can be reported and ordered in an incident: as much of it as a form needs. */
export const readQuestions = async (incident: number): Promise<Questions> => (await get<Questions>(`/incidents/${incident}/questions`)).data;

/** For whom one acts begins and ends by time alone. */
export function startOwn(): void {
  watch([own, account, now], ([told, , time]) => takeDelegations(told?.delegations ?? [], time));
}

/** The incident that an item "7.12" belongs to. */
export const incidentOf = (id: string) => own.value?.incidents.find(({ number }) => id.startsWith(`${number}.`));

/** How many of them are more than the list has. */
export const unlisted = computed(() => {
  const told = own.value;
  return told ? (['incidents', 'duties', 'proposals', 'spoken', 'signatures', 'documents'] as const).reduce((sum, kind) => sum + Math.max(0, told.totals[kind] - told[kind].length), 0) : 0;
});

/** Soonest due first, what has no deadline last. */
export const soonest = (one: { due_at: string | null }, other: { due_at: string | null }): number => (one.due_at ?? '9999').localeCompare(other.due_at ?? '9999');

/** Soonest due first, in the plan's order. */
export const owed = computed(() => (own.value?.duties ?? []).filter(({ status, kind }) => status === 'owed' && kind !== 'forbid').sort(soonest));
export const forbidden = computed(() => (own.value?.duties ?? []).filter(({ status, kind }) => status === 'owed' && kind === 'forbid'));
export const finished = computed(() =>
  (own.value?.duties ?? []).filter(({ status }) => status !== 'owed').sort((one, other) => (other.done_at ?? '').localeCompare(one.done_at ?? '')),
);
