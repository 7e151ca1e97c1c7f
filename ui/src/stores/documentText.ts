// The text of a document on its way to the signature: drafted from the log and following it as long as nobody has typed; handed
// over by another; or one's own, which the log may outrun. Then it says so, with the lines that are otherwise now.

import { computed, ref, shallowRef, watch } from 'vue';
import { readDraft, draftedOf, isOverHand, partsOf, pendingIn, takePart, type Change, type Part, type Parts } from './drafted';
import { clearDraft, useDraft } from './drafts';
import type { DocumentDraft, DocumentForm } from '../api/types';

/** What a text was made from: the draft, up to which event it spoke, what it rested on. */
interface Source extends Parts { events: number; basis: string }
interface Typed { typed: boolean; title: string; body: string; addressees: string; replaces: number; submission: number; from: Source }

const noSource = (): Source => ({ title: '', body: '', addressees: '', events: 0, basis: '' });
const blank = (): Typed => ({ typed: false, title: '', body: '', addressees: '', replaces: 0, submission: 0, from: noSource() });

const sourceOf = (draft: DocumentDraft): Source => ({ ...partsOf(draft), events: draft.events, basis: draft.basis });

/** `isShown`: whether anybody is shown the draft; where nobody is, none is asked for. */
export function useDocumentText(incident: number, form: () => DocumentForm, isShown: () => boolean) {
  const context = `document.${incident}.${form().form}`;
  const draft = useDraft<Typed>(context, blank, ({ typed }) => !typed);
  const drafted = shallowRef<DocumentDraft | null>(null);
  const problem = ref('');
  /** What the log's newest draft rests on, once the signer has said that he has seen it. */
  const seen = ref('');
  let turn = 0;

  async function fetch(): Promise<void> {
    const mine = ++turn;
    try {
      const found = await readDraft(incident, form().form);
      if (mine === turn) {
        drafted.value = found;
        problem.value = '';
      }
    } catch (error) {
      if (mine === turn) {
        problem.value = error instanceof Error ? error.message : String(error);
      }
    }
  }
  watch([form, isShown], ([, is]) => void (is && fetch()), { immediate: true });

  /** As the log has it now. */
  const latest = computed<Source>(() => (drafted.value ? sourceOf(drafted.value) : noSource()));

  /** As it was handed over, or has come back. */
  const submitted = computed(() => form().submitted);
  function textOf(): Typed {
    const text = submitted.value;
    if (draft.typed) {
      return draft;
    }
    if (text) {
      const addressees = text.addressees.join('\n');
      const from = { ...draftedOf(text), events: text.events ?? 0, basis: text.basis ?? '' };
      return { typed: false, title: text.title, body: text.body, addressees, replaces: text.replaces ?? 0, submission: text.submission, from };
    }
    const { title, body, addressees } = latest.value;
    return { typed: false, title, body, addressees, replaces: 0, submission: 0, from: latest.value };
  }
  const text = computed(textOf);

  /** One's own letters begin with what stands there. */
  function take(part: Partial<Typed>): void {
    const { title, body, addressees, replaces, submission, from } = text.value;
    Object.assign(draft, { title, body, addressees, replaces, submission, from: { ...from }, typed: true, ...part });
  }
  const field = <K extends 'title' | 'body' | 'addressees' | 'replaces'>(name: K) =>
    computed<Typed[K]>({ get: () => text.value[name], set: (typed) => take({ [name]: typed } as Partial<Typed>) });

  /** From the log as it stands now; what was typed, or handed over, is given up. */
  function again(): void {
    clearDraft(draft, blank);
    if (submitted.value) {
      const { title, body, addressees } = latest.value;
      take({ title, body, addressees, submission: 0, from: { ...latest.value } });
    }
    void fetch();
  }

  /** The text that waits for a signature, in the place of one's own. */
  const openSubmitted = (): void => clearDraft(draft, blank);

  /* ---- what the log has come to know since ---- */

  const isOutrun = computed(() => text.value.from.basis !== '' && drafted.value !== null && text.value.from.basis !== latest.value.basis);
  const changes = computed(() => (isOutrun.value ? pendingIn(text.value, text.value.from, latest.value) : []));
  function takeIn(part: Part, change: Change): void {
    take({ [part]: takePart(text.value, { part, change }) } as Partial<Typed>);
  }
  function takeAll(): void {
    for (const { part, change } of changes.value.filter((one) => !isOverHand(text.value, one))) {
      takeIn(part, change);
    }
  }
  // The text says it all: from here on it counts as made from the newest draft.
  watch(changes, (left) => {
    if (isOutrun.value && left.length === 0 && draft.typed) {
      take({ from: { ...latest.value } });
    }
  });
  const hasSeen = computed({ get: () => seen.value !== '' && seen.value === latest.value.basis, set: (has) => (seen.value = has ? latest.value.basis : '') });
  const mustSee = computed(() => changes.value.length > 0);

  /** What goes with the text, so that the server can tell whether the log knows more. */
  function standing(): { events?: number; basis?: string; seen?: string } {
    const from = isOutrun.value && !mustSee.value ? latest.value : text.value.from;
    return from.basis === '' ? {} : { ...(from.events ? { events: from.events } : {}), basis: from.basis, ...(mustSee.value && hasSeen.value ? { seen: seen.value } : {}) };
  }

  /** The text that waits and that this is, as it stood or changed; 0: none. */
  const submission = computed(() => (submitted.value?.status === 'waiting' && text.value.submission === submitted.value.submission ? submitted.value.submission : 0));

  return {
    context,
    drafted,
    problem,
    text,
    title: field('title'),
    body: field('body'),
    addressees: field('addressees'),
    replaces: field('replaces'),
    isTyped: computed(() => draft.typed),
    submission,
    changes,
    mustSee,
    hasSeen,
    fetch,
    again,
    openSubmitted,
    takeIn,
    takeAll,
    standing,
    clear: () => clearDraft(draft, blank),
  };
}
