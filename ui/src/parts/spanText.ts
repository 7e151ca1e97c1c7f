// A length of time in words of digits: 4:59, 1:04:59, 3 d 1:04:59.

import { span } from '../stores/times';
import { t } from '../texts';

export function spanText(seconds: number): string {
  const { days, text } = span(seconds * 1000);
  return days > 0 ? t('clock.days', { n: days, span: text }) : text;
}
