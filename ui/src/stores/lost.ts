// Decisions that were not taken because another was quicker, or the incident had changed: the card they were given on may
// be gone, so they are kept here until somebody has read them.
import { reactive } from 'vue';
import type { Proposal } from '../api/types';

export interface LostDecision {
  proposal: Proposal;
  decision: 'accept' | 'refuse';
  /** What had been typed with it. */
  reason: string;
}

export const lostDecisions = reactive<LostDecision[]>([]);

/** The latest try alone counts. */
export function addLost(lost: LostDecision): void {
  dropLost(lost.proposal.id);
  lostDecisions.push(lost);
}

export function dropLost(proposal: string): void {
  const at = lostDecisions.findIndex((one) => one.proposal.id === proposal);
  if (at >= 0) {
    lostDecisions.splice(at, 1);
  }
}
