// What the log has come to know since a text was drafted from it: line by line, and taken into a text that somebody has changed.

import { get } from '../api/client';
import type { DocumentDraft, SubmittedText } from '../api/types';

/** A form as the log would have it drafted now. */
export const readDraft = async (incident: number, form: string): Promise<DocumentDraft> =>
  (await get<DocumentDraft>(`/incidents/${incident}/documents/${encodeURIComponent(form)}`)).data;

/** The parts of a text that are compared; each addressee on a line. */
export interface Parts { title: string; addressees: string; body: string }
export type Part = keyof Parts;
export interface PartChange { part: Part; change: Change }
const parts: Part[] = ['title', 'addressees', 'body'];

/** Lines of the older draft, and what stands in their place in the newer one; `before` is the line above them in both. */
export interface Change { old: string[]; now: string[]; before: string | null }

const linesOf = (text: string) => text.split('\n').filter((line) => line.trim() !== '');

/** How long the longest list of lines is that both have, from each pair of places on. */
function commonFrom(old: string[], now: string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let k = now.length - 1; k >= 0; k -= 1) {
      lengths[i]![k] = old[i] === now[k] ? lengths[i + 1]![k + 1]! + 1 : Math.max(lengths[i + 1]![k]!, lengths[i]![k + 1]!);
    }
  }
  return lengths;
}

export function changesBetween(oldText: string, newText: string): Change[] {
  const [old, now] = [linesOf(oldText), linesOf(newText)];
  const common = commonFrom(old, now);
  const changes: Change[] = [];
  let open: Change | null = null;
  let before: string | null = null;
  for (let i = 0, k = 0; i < old.length || k < now.length; ) {
    if (i < old.length && k < now.length && old[i] === now[k]) {
      before = old[i]!;
      open = null;
      i += 1;
      k += 1;
      continue;
    }
    if (open === null) {
      open = { old: [], now: [], before };
      changes.push(open);
    }
    if (k >= now.length || (i < old.length && common[i + 1]![k]! >= common[i]![k + 1]!)) {
      open.old.push(old[i]!);
      i += 1;
    } else {
      open.now.push(now[k]!);
      k += 1;
    }
  }
  return changes;
}

/** Where a list of lines stands in a text; -1: nowhere, or there are none. */
function find(lines: string[], part: string[]): number {
  return part.length ? lines.findIndex((_, at) => part.every((line, i) => lines[at + i] === line)) : -1;
}

/** Whether the text does not say yet what the log says now. */
export function isPending(text: string, { old, now }: Change): boolean {
  const lines = text.split('\n');
  return find(lines, old) >= 0 || (now.length > 0 && find(lines, now) < 0);
}

/** The text with the new lines in the place of the old ones; where those have been changed by hand they stay, and the new ones
 * stand below the line that was above them, or at the end. */
export function takeChange(text: string, { old, now, before }: Change): string {
  const lines = text.split('\n');
  const at = find(lines, old);
  if (at >= 0) {
    lines.splice(at, old.length, ...now);
    return lines.join('\n');
  }
  const above = before === null ? -1 : lines.indexOf(before);
  const end = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  lines.splice(above >= 0 ? above + 1 : end, 0, ...now);
  return lines.join('\n');
}

export const partsOf = ({ title, body, addressees }: Pick<DocumentDraft, 'title' | 'body' | 'addressees'>): Parts => ({ title, body, addressees: addressees.join('\n') });

/** The part with a change taken in. A title is one line: the new one takes its place. */
export const takePart = (text: Parts, { part, change }: PartChange): string => (part === 'title' ? change.now.join('') : takeChange(text[part], change));

/** Whether taking it in would overwrite a title that somebody has put by hand: then it is taken in by itself, never with the rest. */
export const isOverHand = (text: Parts, { part, change }: PartChange): boolean => part === 'title' && text.title !== change.old.join('');

/** The draft from which a text was made that was handed over; where nobody says, the text as it was handed over. */
export const draftedOf = ({ title, body, addressees, drafted, drafted_title, drafted_addressees }: SubmittedText): Parts =>
  partsOf({ title: drafted_title ?? title, body: drafted ?? body, addressees: drafted_addressees ?? addressees });

/** What the log says otherwise than the draft from which a text was made, and the text does not say yet. */
export function pendingIn(text: Parts, from: Parts, now: Parts): PartChange[] {
  return parts.flatMap((part) =>
    changesBetween(from[part], now[part])
      .filter((change) => isPending(text[part], change))
      .map((change) => ({ part, change })),
  );
}
