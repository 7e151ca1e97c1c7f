// Finding things: what was typed, what was found for it, and where each of that leads.
//
// What was found stays as it is while one reads it: only another query changes it, never an event.

import { ref, shallowRef } from 'vue';
import { get } from '../api/client';
import type { Call, Found, FoundGroup, Search } from '../api/types';
import { assign, column, rightPart, wantedDocument, wantedItem } from './call';
import { bookPlan, bookQuery } from './book';
import { incident } from './desk';
import { isDutyRoom } from './rights';
import { go, incidentPath } from './route';
import { account } from './session';

/** Counts the askings for the search box. */
export const searchAsked = ref(0);
/** What was found, for the query that stands in it. */
export const answer = shallowRef<Search | null>(null);
export const searchProblem = ref('');
export const searching = ref(false);

let latest = 0;

/** Finds; when another query has been made meanwhile, its answer alone counts. */
export async function find(query: string): Promise<void> {
  const turn = (latest += 1);
  if (!query.trim()) {
    answer.value = null;
    searchProblem.value = '';
    searching.value = false;
    return;
  }
  searching.value = true;
  try {
    const { data } = await get<Search>(`/search?q=${encodeURIComponent(query.trim())}`);
    if (turn === latest) {
      answer.value = data;
      searchProblem.value = '';
    }
  } catch (error) {
    if (turn === latest) {
      answer.value = null;
      searchProblem.value = error instanceof Error ? error.message : String(error);
    }
  } finally {
    if (turn === latest) {
      searching.value = false;
    }
  }
}

/** The duty of the shown incident that a duty's name, or a clause, is about. */
function dutyOf(kind: FoundGroup['kind'], found: Found): string | undefined {
  const duty = incident.value?.plan !== found.plan ? undefined : incident.value?.duties.find((one) => (kind === 'duty' ? one.name === found.title : one.clauses.includes(found.title)));
  return duty && `duty-${duty.id}`;
}

/** What a shift has left to the next stands with the hand-overs. */
const isHandover = (found: Found) => found.field === 'notes';

/** A call without an incident: the desk lists the newest of them, and it may be an older one. */
async function leadToCall(number: number): Promise<void> {
  try {
    const { data } = await get<Call>(`/calls/${number}`);
    if (data.incident !== null) {
      go(incidentPath(data.incident));
      return;
    }
    go('/');
    assign(data);
  } catch (error) {
    searchProblem.value = error instanceof Error ? error.message : String(error);
  }
}

/** Whoever stands in the roster is shown there; whoever acts for a party, with that in the telephone book. */
function leadToPerson({ person }: Found): void {
  const party = person?.parties[0];
  if (person?.post) {
    go('/shifts');
  } else if (party) {
    leadToParty(party, '');
  } else {
    go('/accounts');
  }
}

function leadToParty(name: string, plan: string): void {
  go(incident.value ? incidentPath(incident.value.number) : '/');
  bookPlan.value = plan;
  bookQuery.value = name;
  rightPart.value = 'book';
  column.value = 'right';
}

/** Whether choosing it leads anywhere. */
export function leads(kind: FoundGroup['kind'], found: Found): boolean {
  if (kind === 'party' || found.incident !== null) {
    return true;
  }
  if (kind === 'person') {
    return found.person !== null && (found.person.post !== null || found.person.parties.length > 0 || (account.value?.administrator ?? false));
  }
  if (kind === 'call') {
    return isDutyRoom();
  }
  if (isHandover(found)) {
    return true;
  }
  return dutyOf(kind, found) !== undefined;
}

/** Shows what was found, and brings the keyboard there: for what a person has chosen himself. */
export function lead(kind: FoundGroup['kind'], found: Found): void {
  if (kind === 'party') {
    leadToParty(found.title, found.plan ?? '');
  } else if (kind === 'person') {
    leadToPerson(found);
  } else if (kind === 'document' && found.incident !== null && found.sequence !== null) {
    go(incidentPath(found.incident));
    column.value = 'middle';
    wantedDocument.value = { incident: found.incident, document: found.sequence };
  } else if (found.incident !== null) {
    go(incidentPath(found.incident));
    column.value = 'middle';
    wantedItem.value = kind === 'call' ? `incident-call-${found.call}` : kind === 'incident' ? 'incident-name' : `event-${found.sequence}`;
  } else if (kind === 'call' && found.call !== null) {
    void leadToCall(found.call);
  } else if (isHandover(found)) {
    go('/shifts');
  } else {
    column.value = 'middle';
    wantedItem.value = dutyOf(kind, found) ?? '';
  }
}

addEventListener('keydown', (event) => {
  // By the key's place, as for the others (stores/call).
  if (account.value && event.altKey && !event.ctrlKey && !event.metaKey && !event.isComposing && event.code === 'KeyF') {
    event.preventDefault();
    searchAsked.value += 1;
  }
});
