// From what stands in a control to what the server takes.

import { serverNow } from '../stores/clock';
import { spellTimes } from '../stores/times';
import type { Fact, Value } from '../api/types';

/** In a draft: not known, said explicitly. */
export const unknown = '?';

/** Undefined where nothing has been said. */
export function valueOf(type: Fact['type'], written: string | undefined): Value | undefined {
  const text = (written ?? '').trim();
  if (text === '' || type === 'series') {
    return undefined;
  }
  if (text === unknown || text === '？') {
    return null;
  }
  if (type === 'flag') {
    return text === 'yes';
  }
  return type === 'time' ? spellTimes(text, serverNow()) : text;
}
