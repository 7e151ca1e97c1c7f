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
  const whole = words.replace(/[，,、]\s*$/, '');
  if (whole.length <= 60) {
    return whole;
  }
  // Too long for a title: cut, in scripts with spaces behind a word.
  const cut = whole.slice(0, 60);
  return cut.lastIndexOf(' ') > 30 ? cut.slice(0, cut.lastIndexOf(' ')) : cut;
}
