/** A text with a hole in it is a function: nothing is compiled in the browser, which its security policy forbids. */
export type Message = (context: { named: (name: string) => unknown }) => string;

/** Makes a message of a function of named values. */
export function fill(write: (value: (name: string) => string) => string): Message {
  return ({ named }) => write((name) => String(named(name) ?? ''));
}
