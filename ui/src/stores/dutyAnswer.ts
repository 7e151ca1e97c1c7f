// The answer to a duty, on the desk's page and on the units': what is begun on the one is finished on the other.

import { computed, ref } from 'vue';
import { refresh } from './desk';
import { clearDraft, useDraft } from './drafts';
import type { SentFile } from './files';
import { useWrite } from './write';
import type { Duty } from '../api/types';
import { t } from '../texts';

export type Outcome = 'done' | 'declined' | 'broken';

/** Who has acknowledged by telephone, and from which number. */
export interface AcknowledgedCall { who: string; from: string }

const noCall = () => ({ who: '', from: '', calling: false });
const blank = () => ({ source: '', proof: '', files: [] as SentFile[], open: false, ...noCall() });
const words = { done: 'duties.done', declined: 'duties.decline', broken: 'duties.broken' } as const;

/** A prohibition and an option are not acknowledged into being done; what is only to be known is never done. */
const outcomesOf: Record<Duty['kind'], Outcome[]> = { duty: ['done'], option: ['done', 'declined'], decision: ['done', 'declined'], notice: [], forbid: ['broken'] };

export function useDutyAnswer(duty: () => Duty) {
  const { id } = duty();
  const context = `duty.${id}`;
  const draft = useDraft(context, blank, ({ source, proof, files, who, from }) => !source && !proof && !files.length && !who && !from);
  const acknowledging = useWrite(`ack.${id}`);
  const finishing = useWrite(`done.${id}`);
  const last = ref<'ack' | 'done'>('ack');
  /** In whose name. */
  const by = () => (duty().bearer ? { by: duty().bearer } : {});

  async function acknowledge(more: { source?: string; spoken?: AcknowledgedCall } = {}): Promise<void> {
    last.value = 'ack';
    if (await acknowledging.run(`/duties/${id}/acknowledgement`, { ...by(), ...more })) {
      Object.assign(draft, noCall());
      refresh();
    }
  }

  async function finish(outcome: Outcome, more: { source?: string } = {}): Promise<void> {
    last.value = 'done';
    const proof = draft.proof.trim();
    const attachments = draft.files.map(({ sha256 }) => sha256);
    const body = { outcome, ...by(), ...more, ...(proof ? { proof } : {}), ...(attachments.length ? { attachments } : {}) };
    if (await finishing.run(`/duties/${id}/completion`, body)) {
      clearDraft(draft, blank);
      refresh();
    }
  }

  return {
    context,
    draft,
    acknowledging,
    finishing,
    owed: computed(() => duty().status === 'owed'),
    outcomes: computed(() => outcomesOf[duty().kind]),
    outcomeText: (outcome: Outcome) => (outcome === 'done' && duty().kind === 'option' ? t('duties.take') : t(words[outcome])),
    /** How it stands with what was said last. */
    state: computed(() => (last.value === 'ack' ? acknowledging : finishing).state),
    acknowledge,
    finish,
  };
}
