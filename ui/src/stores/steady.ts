// A list in which somebody may be typing.

/**
 * The order in which keyed rows stand. While nobody works in the list it is as wanted. While somebody does, what is
 * there stays, and stays in its place (a row that is moved in the document loses the keyboard, and a row that goes
 * pushes the next one under a finger that is coming down), and what is new comes at the end. Afterwards what is no
 * longer wanted goes, unless it is held.
 */
export function steadyOrder(shown: string[], wanted: string[], busy: boolean, held: (key: string) => boolean): string[] {
  if (!busy) {
    return [...wanted, ...shown.filter((key) => !wanted.includes(key) && held(key))];
  }
  return [...shown, ...wanted.filter((key) => !shown.includes(key))];
}
