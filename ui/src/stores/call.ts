// Whether the panel for taking a call is open. One key opens it from anywhere; its draft belongs to the context.

import { ref, shallowRef, type Ref } from 'vue';
import type { Call } from '../api/types';
import { desk } from './desk';
import { pullDrafts } from './drafts';
import { isDutyRoom } from './rights';
import { go, incidentPath, lastIncident, page, shownIncident } from './route';
import { account, askPerson } from './session';

export const callOpen = ref(false);
/** Counts the askings, so that asking again brings the keyboard back to the text. */
export const callAsked = ref(0);
/** A saved call whose incident is being asked for. */
export const assigning = ref<Pick<Call, 'number' | 'text' | 'place' | 'called_at'> | null>(null);
/** Which column shows on a narrow screen. */
export const column = ref<'left' | 'middle' | 'right'>('left');

/** A duty, proposal or finding that somebody has just asked to see: "duty-3.1". */
export const wantedItem = ref('');

/** What of an incident's documents somebody has just asked to see: a signed one, a form, or (neither said) the one that is due
 * first. */
export const wantedDocument = shallowRef<{ incident: number; document?: number; form?: string } | null>(null);

/** What the right column shows. */
export const rightPart = ref<'toCall' | 'forces' | 'book'>('toCall');
/** Counts the askings for the to-call list. */
export const toCallAsked = ref(0);

/** Counts the askings for the calling order. */
export const forcesAsked = ref(0);

function openRight(part: 'toCall' | 'forces', askings: Ref<number>): void {
  if (page.value !== 'desk') {
    go('/');
  }
  rightPart.value = part;
  column.value = 'right';
  askings.value += 1;
}

export const openToCall = (): void => openRight('toCall', toCallAsked);
export const openForces = (): void => openRight('forces', forcesAsked);

/** To the documents of the incident that is shown, or was shown last, or is the only one. */
export function openDocuments(): void {
  const open = desk.value?.incidents ?? [];
  const number = shownIncident.value ?? lastIncident.value ?? (open.length === 1 ? open[0]?.number : undefined);
  go(number === undefined ? '/' : incidentPath(number));
  column.value = 'middle';
  wantedDocument.value = number === undefined ? null : { incident: number };
}

export function openCall(): void {
  if (!isDutyRoom()) {
    return;
  }
  if (page.value !== 'desk') {
    go('/');
  }
  void pullDrafts(); // it may have been begun at another computer
  callOpen.value = true;
  column.value = 'middle';
  callAsked.value += 1;
}

export function closeCall(): void {
  callOpen.value = false;
}

export function assign(call: Pick<Call, 'number' | 'text' | 'place' | 'called_at'>): void {
  assigning.value = call;
  column.value = 'middle';
}

addEventListener('keydown', (event) => {
  // By the key's place, for with an input method or Alt the letter may be another.
  if (!account.value || !event.altKey || event.ctrlKey || event.metaKey || event.isComposing) {
    return;
  }
  if (event.code === 'KeyN') {
    event.preventDefault();
    openCall();
  } else if (event.code === 'KeyT') {
    event.preventDefault();
    openToCall();
  } else if (event.code === 'KeyU') {
    event.preventDefault();
    askPerson();
  } else if (event.code === 'KeyM') {
    event.preventDefault();
    openForces();
  } else if (event.code === 'KeyO') {
    event.preventDefault();
    openDocuments();
  }
});
