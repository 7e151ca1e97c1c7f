// Who decides and how: on the page, or by telephone, recorded by the duty room.

import { actsFor, isDutyRoom } from '../stores/rights';
import type { Spoken } from '../api/types';

export interface DecisionDraft { by: string; how: '' | 'page' | 'phone'; who: string; from: string; reason: string }

export const blankDecision = (): DecisionDraft => ({ by: '', how: '', who: '', from: '', reason: '' });

/** Whoever acts for the party decides on the page; for all others the duty room writes down a telephone order. */
export function howOf(draft: DecisionDraft): 'page' | 'phone' {
  if (!isDutyRoom()) {
    return 'page';
  }
  return draft.how === 'page' && !actsFor(draft.by) ? 'phone' : draft.how || (actsFor(draft.by) ? 'page' : 'phone');
}

export function pickDecider(deciders: string[]): string {
  return deciders.find(actsFor) ?? deciders[0] ?? '';
}

export function spokenOf(draft: DecisionDraft): Spoken | null {
  return howOf(draft) === 'phone' ? { who: draft.who.trim(), from: draft.from.trim() } : null;
}

export function complete(draft: DecisionDraft): boolean {
  return draft.by.trim() !== '' && (howOf(draft) === 'page' || (draft.who.trim() !== '' && draft.from.trim() !== ''));
}
