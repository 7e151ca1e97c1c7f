// A value as the server spells it, for the eye: instants by the clock on the wall, yes and no in the page's language.

import { now } from '../stores/clock';
import { shortTime } from '../stores/times';
import { t } from '../texts';

const instants = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/g;

export function shownValue(value: string): string {
  if (value === 'yes' || value === 'no') {
    return t(value === 'yes' ? 'facts.yes' : 'facts.no');
  }
  return value.replace(instants, (instant) => shortTime(instant, now.value));
}
