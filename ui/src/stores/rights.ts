// What the page offers to whom. The server alone decides what is allowed; this only spares people buttons that it
// would refuse.

import type { Party } from '../api/types';
import { account, delegated } from './session';

/** Calls, roles, corrections, closing: the duty room's. */
export const isDutyRoom = (): boolean => account.value?.desk ?? false;

/** Who is on duty when: set by the duty room and the administrator. */
export const maySetRoster = (): boolean => isDutyRoom() || (account.value?.administrator ?? false);

/** In one's own right, or by delegation. */
export const actsFor = (party: string | null): boolean =>
  party !== null && ((account.value?.parties.includes(party) ?? false) || delegated.value.includes(party));

/** All parties that one acts for, one's own first. */
export const ownParties = (): string[] => [...(account.value?.parties ?? []), ...delegated.value];

/** Whether one acts for any party at all. */
export const actsForSome = (): boolean => ownParties().length > 0;

/** In whose name one reports: for whom one acts, and oneself. The duty room reports in anybody's. */
export const ownSources = (): string[] => [...new Set([...ownParties(), account.value?.display_name ?? ''])].filter(Boolean).slice(0, 4);

/** Facts are reported by the duty room, and by whoever acts for some party. */
export const mayReport = (): boolean => isDutyRoom() || actsForSome();

/** The duty room records what was said by telephone; others decide for themselves only. */
export const decidersFor = (deciders: string[]): string[] => (isDutyRoom() ? deciders : deciders.filter(actsFor));

/** Whether one answers for a duty oneself: whoever else may has spoken with somebody. */
export const speaksFor = (bearer: string | null, role: string | null): boolean => actsFor(bearer) || actsFor(role);

export const mayAnswer = (bearer: string | null, role: string | null): boolean => isDutyRoom() || speaksFor(bearer, role);

/** What became of a team is said by the duty room, and by whoever acts for it or for the unit whose team it is. */
export const mayTell = (party: Party | undefined): boolean =>
  isDutyRoom() || (party !== undefined && [party.name, ...party.aliases, ...(party.kind === 'team' ? [party.of] : [])].some(actsFor));
