// Whose desk this page shows: the real one, or that of an exercise, as the address says ("/exercise/3", "/exercise/3/unit").

const found = typeof location === 'undefined' ? null : /^\/exercise\/([1-9]\d{0,8})(?:\/unit)?\/?$/.exec(location.pathname);

/** The exercise's number; null on the real desk. */
export const exercise: number | null = found ? Number(found[1]) : null;

/** What the server has for everybody: accounts, sessions, the list of exercises, the real desk. */
export const house = '/api/v1';

export const base = exercise === null ? house : `${house}/exercises/${exercise}`;

export const addressOf = (number: number): string => `/exercise/${number}`;

/** The desk's page and the units' page of what this page shows. */
export const deskAddress = exercise === null ? '/' : addressOf(exercise);
export const unitAddress = exercise === null ? '/unit' : `${addressOf(exercise)}/unit`;

/** What this browser keeps (drafts, keys, what has been quieted) is apart for each desk. */
export const keptName = (name: string): string => (exercise === null ? `pinyue.${name}` : `pinyue.exercise-${exercise}.${name}`);

/** Names the browser's one stream for each desk; read again by the shared worker, which has no address of its own. */
export const streamName = exercise === null ? 'pinyue-events' : `pinyue-events-exercise-${exercise}`;

export function eventsUrlOf(name: string): string {
  const number = /-exercise-([1-9]\d*)$/.exec(name)?.[1];
  return number === undefined ? `${house}/events` : `${house}/exercises/${number}/events`;
}
