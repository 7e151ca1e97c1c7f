// A text that was handed over and that the log has outrun: what the log knows more is taken in, a title by hand stays.
import { effectScope } from 'vue';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { useDocumentText } from '../src/stores/documentText';
import type { DocumentDraft, DocumentForm, SubmittedText } from '../src/api/types';

const latest: DocumentDraft = { form: 'report', spoken: false, title: 'Fire at B', body: 'dead: 2\n', addressees: ['county'], signers: ['office'], at: '', events: 6, basis: 'two' };
const submitted: SubmittedText = {
  submission: 9, title: 'A fire', body: 'dead: 1\n', addressees: ['county'], replaces: null, events: 4, basis: 'one', drafted: 'dead: 1\n', drafted_title: 'Fire at A',
  drafted_addressees: ['county'], at: '', submitter: '', status: 'waiting', returned_at: null, returned_by: null, returner: null, reason: null,
};
const form = (text: SubmittedText) => ({ form: 'report', submitted: text }) as DocumentForm;
const scope = effectScope();
beforeEach(() => {
  localStorage.clear();
  const reply = () => Promise.resolve(new Response(JSON.stringify(latest), { status: 200, headers: { 'Content-Type': 'application/json' } }));
  Object.assign(globalThis, { fetch: reply });
});
afterEach(() => scope.stop());

test('all of it is taken in but what would overwrite the title; that by itself', async () => {
  const text = scope.run(() => useDocumentText(7, () => form(submitted), () => true))!;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(text.changes.value.map(({ part, change }) => [part, change.old, change.now])).toEqual([
    ['title', ['Fire at A'], ['Fire at B']],
    ['body', ['dead: 1'], ['dead: 2']],
  ]);
  text.takeAll();
  expect([text.title.value, text.body.value]).toEqual(['A fire', 'dead: 2\n']);
  const [left] = text.changes.value;
  text.takeIn(left!.part, left!.change);
  expect(text.title.value).toBe('Fire at B');
});
