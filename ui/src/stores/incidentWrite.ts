// What is said of an incident as it was seen.

import { refresh } from './desk';
import type { Write } from './write';
import type { Spoken, Written } from '../api/types';
import { t } from '../texts';

/** Says it of the incident of that tag. Where somebody else has changed it meanwhile that is told, and it is read anew in any case. */
export async function sayOf(write: Write, path: string, body: unknown, tag: string | null): Promise<Written | null> {
  const written = await write.run(path, body, tag);
  if (!written && write.outdated()) {
    write.state.detail = t('write.outdated');
  }
  refresh();
  return written;
}

/** An ended order has no level; where one is chosen it needs a value that no level bears. */
export const end = '\u0000end';

/** An order on a scale; `level` may be the end of it. */
export interface Order { scale: string; level: string; by: string; reason: string; spoken?: Spoken | null }

export function giveOrder(write: Write, incident: number, { scale, level, by, reason, spoken }: Order, tag: string | null): Promise<Written | null> {
  const body = { scale, level: level === end ? null : level, by, ...(reason.trim() ? { reason: reason.trim() } : {}), ...(spoken ? { spoken } : {}) };
  return sayOf(write, `/incidents/${incident}/orders`, body, tag);
}
