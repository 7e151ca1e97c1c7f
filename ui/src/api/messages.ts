// What the one who holds the stream (shared worker or leading tab) and the pages say to each other.

import type { StreamState } from './stream';
import type { ClockState, LogEvent } from './types';

export type ToPages =
  | { what: 'state'; state: StreamState }
  | { what: 'event'; event: LogEvent }
  | { what: 'time'; instant: string; at: number; clock: ClockState | null; speed: number };

/** `retry`: wait no longer; `renew`: the stream is another person's from now on. */
export type ToHolder = { what: 'hello' } | { what: 'retry' } | { what: 'renew' };
