// Who decides and how: on the page, or by telephone, recorded by the duty room.

import { actsFor, isDutyRoom } from '../stores/rights';
import type { Spoken } from '../api/types';

export interface DecisionDraft { by: string; how: '' | 'page' | 'phone'; who: string; from: string; reason: string }

/** Nothing stands in a draft that nobody has chosen or typed. */
export const blankDecision = (): DecisionDraft => ({ by: '', how: '', who: '', from: '', reason: '' });

/** Whom somebody has chosen, where he may still decide this; else whom one acts for, else the first. */
export function deciderOf(draft: DecisionDraft, deciders: string[]): string {
  if (draft.by && (!deciders.length || deciders.includes(draft.by))) {
    return draft.by;
  }
  return deciders.find(actsFor) ?? deciders[0] ?? '';
}

/** Whoever acts for the party decides on the page; for all others the duty room writes down a telephone order. */
export function howOf(draft: DecisionDraft, by: string): 'page' | 'phone' {
  if (!isDutyRoom()) {
    return 'page';
  }
  return draft.how === 'page' && !actsFor(by) ? 'phone' : draft.how || (actsFor(by) ? 'page' : 'phone');
}

export function spokenOf(draft: DecisionDraft, by: string): Spoken | null {
  return howOf(draft, by) === 'phone' ? { who: draft.who.trim(), from: draft.from.trim() } : null;
}

export function complete(draft: DecisionDraft, by: string): boolean {
  return by.trim() !== '' && (howOf(draft, by) === 'page' || (draft.who.trim() !== '' && draft.from.trim() !== ''));
}
