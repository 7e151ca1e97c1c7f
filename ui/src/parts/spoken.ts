// Orders and signatures that came by telephone: in force at once, and open until the holder of the office has confirmed or
// disputed them.

import type { Incident, SpokenOrder } from '../api/types';
import { t } from '../texts';

const same = (a: string, b: string) => Date.parse(a) === Date.parse(b);

/** What was spoken, in a few words. */
export function spokenText({ kind, scale, level, title }: SpokenOrder): string {
  if (kind === 'document') {
    return t('spoken.document', { title });
  }
  return kind === 'refuse' ? t('spoken.refuse', { scale }) : level === null ? t('spoken.end', { scale }) : t('spoken.level', { scale, level });
}

export const lastOrder = (incident: Incident, scale: string) => incident.orders.filter((one) => one.scale === scale).pop();

/** What was spoken in the incident itself: what was in those that go on in it is listed with it. */
const ofItself = (incident: Incident) => incident.spoken.filter((one) => one.incident === incident.number);

/** How the order that is in force on a scale was spoken; null where it was given on the page. */
export function spokenOrder(incident: Incident, scale: string): SpokenOrder | null {
  const order = lastOrder(incident, scale);
  return (order && ofItself(incident).find((one) => one.kind === 'order' && one.scale === scale && same(one.at, order.at))) ?? null;
}

/** How the decision on a proposal was spoken. */
export function spokenDecision(incident: Incident, scale: string, decidedAt: string | null): SpokenOrder | null {
  return (decidedAt !== null && ofItself(incident).find((one) => one.scale === scale && same(one.at, decidedAt))) || null;
}
