import type { ExerciseSummary } from '../api/types';
import { clockTime, fullTime, wall } from '../stores/times';
import { t } from '../texts';

/** When an exercise was held in truth, whatever its own clock says. */
export function heldText({ began_at: from, real_end: until }: Pick<ExerciseSummary, 'began_at' | 'real_end'>): string {
  const begin = Date.parse(from);
  if (until === null) {
    return t('exercise.heldFrom', { from: fullTime(begin) });
  }
  const end = Date.parse(until);
  const [one, other] = [wall(begin), wall(end)];
  const isOneDay = one.year === other.year && one.month === other.month && one.day === other.day;
  return t('exercise.heldInTruth', { from: fullTime(begin), until: isOneDay ? clockTime(end) : fullTime(end) });
}
