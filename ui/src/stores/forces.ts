// The forces of an incident: whom the plan's calling order reaches, how it stands with each, who is next.

import type { Calling, Force, Incident, Party, Phone, Plan } from '../api/types';
import { voiceOf } from '../parts/phones';

/** A line of a calling order: whom it reaches; `open` where a role is meant that nobody holds yet. */
export interface CallingLine { index: number; title: string; teamsOf: boolean; request: string; clauses: string[]; parties: Party[]; open: boolean }

/** Who a party of the plan is in this incident: a role stands for the units that hold it, a group for its members. */
function unitsOf(plan: Plan, incident: Incident | null, party: Party, depth = 0): string[] {
  if (party.kind === 'role') {
    return incident?.roles.find(({ name }) => name === party.name)?.units ?? [];
  }
  if (!party.members.length || depth > 8) {
    return [party.name];
  }
  return party.members.flatMap((name) => {
    const member = plan.parties.find((one) => one.name === name);
    return member ? unitsOf(plan, incident, member, depth + 1) : [];
  });
}

export function linesOf(plan: Plan, incident: Incident | null, calling: Calling): CallingLine[] {
  return calling.calls.map((call, index) => {
    const party = plan.parties.find(({ name }) => name === call.party);
    const units = party ? unitsOf(plan, incident, party) : [];
    const reached = call.teams_of
      ? plan.parties.filter((one) => one.kind === 'team' && one.of !== null && units.includes(one.of))
      : plan.parties.filter(({ name }) => (party?.kind === 'role' ? units.includes(name) : name === call.party));
    return { index, title: call.party, teamsOf: call.teams_of, request: call.request, clauses: call.clauses, parties: reached, open: units.length === 0 };
  });
}

export const forceOf = (incident: Incident | null, party: string): Force | undefined => incident?.forces.parties.find((force) => force.party === party);

/** The first in the plan's order of whom nothing has been said; null where there is none. */
export function nextToCall(lines: CallingLine[], incident: Incident | null): string | null {
  const parties = lines.flatMap(({ parties: reached }) => reached);
  return parties.find(({ name }) => (forceOf(incident, name)?.state ?? 'none') === 'none')?.name ?? null;
}

/** Numbers at which a team answers: its own, else those of the unit that it belongs to. */
export function phonesOf(plan: Plan | null, name: string): Phone[] {
  let party = plan?.parties.find((one) => one.name === name);
  for (let depth = 0; party && depth < 8; depth += 1) {
    const voice = voiceOf(party.phones);
    if (voice.length) {
      return voice;
    }
    const { of } = party;
    party = plan?.parties.find((one) => one.name === of);
  }
  return [];
}

export type SaidStep = Exclude<Force['state'], 'none'>;

/** What can be said next of a party that stands so; the duty room alone calls. */
export function stepsFor(state: Force['state'], dutyRoom: boolean): SaidStep[] {
  if (state === 'arrived') {
    return ['arrived', 'released'];
  }
  const calls: SaidStep[] = dutyRoom ? ['called'] : [];
  const misses: SaidStep[] = dutyRoom ? ['no-answer'] : [];
  if (state === 'coming' || state === 'set-out') {
    return [...(state === 'coming' ? (['set-out'] as SaidStep[]) : []), 'arrived', 'declined'];
  }
  return [...calls, 'coming', 'declined', ...misses, 'arrived'];
}

/** How many people somebody has written: undefined for nothing, null for what is no number. */
export function readPeople(written: string): number | null | undefined {
  const text = written.normalize('NFKC').trim().replace(/人$/, '').trim();
  if (!text) {
    return undefined;
  }
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : null;
}
