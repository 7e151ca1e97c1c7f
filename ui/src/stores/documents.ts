// The documents that an incident's plan asks for, and one of them as it would be printed.

import { onBeforeUnmount, ref, shallowRef, watch, type Ref } from 'vue';
import { RequestError, ask, get } from '../api/client';
import type { DocumentForm, NewDocument, Preview } from '../api/types';

/** What is asked for first comes first: what is overdue or due, by its clock; then what has been signed; then the rest. */
export function sortForms(forms: DocumentForm[]): DocumentForm[] {
  const rank = (form: DocumentForm) => (form.open > 0 ? 0 : form.signed.length || form.dispatches.length ? 1 : 2);
  const due = (form: DocumentForm) => (form.due_at === null ? Infinity : Date.parse(form.due_at));
  return [...forms].sort((one, other) => rank(one) - rank(other) || (rank(one) === 0 ? due(one) - due(other) || 0 : 0));
}

/** To whom something is still owed by this form, each once. */
export const owedTo = (form: DocumentForm): string[] => [
  ...new Set(form.duties.flatMap(({ recipient, status, optional }) => (recipient !== null && status === 'owed' && !optional ? [recipient] : []))),
];

/** Names on lines, as somebody has typed them. */
export const readNames = (typed: string): string[] => typed.split(/[\n、，,;；]/).map((name) => name.trim()).filter(Boolean);

export async function readForms(incident: number): Promise<DocumentForm[]> {
  return sortForms((await get<{ documents: DocumentForm[] }>(`/incidents/${incident}/documents`)).data.documents);
}

const pause = 700;
/** After which the server is asked again that had too much to do. */
const later = 2_000;

/** The document as it would be printed, set anew when nobody has typed for a moment: one at a time, and of what is typed meanwhile only the last. `asked` gives null while there is nothing to set. */
export function usePreview(incident: number, asked: () => NewDocument | null): { preview: Ref<Preview | null>; link: Ref<string>; problem: Ref<string>; fresh: Ref<boolean> } {
  const preview = shallowRef<Preview | null>(null);
  const link = ref('');
  const problem = ref('');
  /** Whether it is of what stands there now. */
  const fresh = ref(false);
  let timer: ReturnType<typeof setTimeout> | null = null;
  let turn = 0;
  let asking = false;
  let next: (() => void) | null = null;

  function show(found: Preview | null): void {
    if (link.value) {
      URL.revokeObjectURL(link.value);
    }
    preview.value = found;
    link.value = found ? URL.createObjectURL(new Blob([Uint8Array.from(atob(found.pdf), (letter) => letter.charCodeAt(0))], { type: 'application/pdf' })) : '';
  }

  function plan(body: NewDocument, mine: number, wait: number): void {
    timer = setTimeout(() => void set(body, mine), wait);
  }

  async function set(body: NewDocument, mine: number): Promise<void> {
    if (asking) {
      next = () => void set(body, mine);
      return;
    }
    asking = true;
    try {
      const found = await ask<Preview>(`/incidents/${incident}/previews`, body);
      if (mine === turn) {
        show(found);
        problem.value = '';
        fresh.value = true;
      }
    } catch (error) {
      if (mine === turn) {
        problem.value = error instanceof Error ? error.message : String(error);
        if (error instanceof RequestError && error.status === 503) {
          plan(body, mine, later);
        }
      }
    }
    asking = false;
    const then = next;
    next = null;
    then?.();
  }

  watch(
    () => JSON.stringify(asked()),
    () => {
      const mine = ++turn;
      const body = asked();
      fresh.value = false;
      if (timer !== null) {
        clearTimeout(timer);
      }
      timer = null;
      next = null;
      if (body !== null) {
        plan(body, mine, pause);
      }
    },
    { immediate: true },
  );
  onBeforeUnmount(() => {
    turn += 1;
    next = null;
    if (timer !== null) {
      clearTimeout(timer);
    }
    show(null);
  });
  return { preview, link, problem, fresh };
}
