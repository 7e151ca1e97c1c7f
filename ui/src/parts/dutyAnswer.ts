// The answers to a duty, as the desk's row and the unit's card give them: acknowledged; done, declined or broken, with what
// proves it.

import { computed, ref } from 'vue';
import { refresh } from '../stores/desk';
import { clearDraft, useDraft } from '../stores/drafts';
import type { SentFile } from '../stores/files';
import { keepFocus } from '../stores/focus';
import { useWrite } from '../stores/write';
import type { Duty } from '../api/types';

export type Outcome = 'done' | 'declined' | 'broken';
export const outcomeWords = { done: 'duties.done', declined: 'duties.decline', broken: 'duties.broken' } as const;

const blank = () => ({ source: '', proof: '', files: [] as SentFile[], open: false });

/**
 * `duty` as it stands; `who` says it, with the draft of this answer before him; the keyboard goes to the first of `places` that is
 * there when it is acknowledged, and of `placesDone` when it is done.
 */
export function useDutyAnswer(duty: () => Duty, who: (typed: { source: string }) => { by?: string; source?: string }, places: string[], placesDone = places) {
  const { id } = duty();
  // One draft on both pages: begun on the one, it is finished on the other.
  const context = `duty.${id}`;
  const draft = useDraft(context, blank, ({ source, proof, files }) => !source && !proof && !files.length);
  const acknowledging = useWrite(`ack.${id}`);
  const finishing = useWrite(`done.${id}`);
  const last = ref<'ack' | 'done'>('ack');
  const owed = computed(() => duty().status === 'owed');
  /** A prohibition and an option are not acknowledged into being done. */
  const outcomes = computed<Outcome[]>(() => {
    const { kind } = duty();
    return kind === 'option' || kind === 'decision' ? ['done', 'declined'] : kind === 'forbid' ? ['broken'] : ['done'];
  });

  async function acknowledge(): Promise<void> {
    last.value = 'ack';
    keepFocus(...places);
    if (await acknowledging.run(`/duties/${id}/acknowledgement`, who(draft))) {
      refresh();
    }
  }

  async function finish(outcome: Outcome): Promise<void> {
    last.value = 'done';
    keepFocus(...placesDone);
    const body: Record<string, unknown> = { outcome, ...who(draft) };
    if (draft.proof.trim()) {
      body.proof = draft.proof.trim();
    }
    if (draft.files.length) {
      body.attachments = draft.files.map(({ sha256 }) => sha256);
    }
    if (await finishing.run(`/duties/${id}/completion`, body)) {
      clearDraft(draft, blank);
      refresh();
    }
  }

  return { context, draft, acknowledging, finishing, state: computed(() => (last.value === 'ack' ? acknowledging.state : finishing.state)), owed, outcomes, acknowledge, finish };
}
