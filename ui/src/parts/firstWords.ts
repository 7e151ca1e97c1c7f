/** The beginning of what was said, for a title: whole clauses up to about thirty characters. */
export function firstWordsOf(text: string): string {
  const sentence = (text.trim().split(/[\n。；;！!？?]/)[0] ?? '').trim();
  let words = '';
  for (const clause of sentence.split(/(?<=[，,、])/)) {
    if (words && words.length + clause.length > 30) {
      break;
    }
    words += clause;
  }
  return words.replace(/[，,、]\s*$/, '').slice(0, 40);
}
