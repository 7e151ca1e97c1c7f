import { t } from '../texts';

/** 40 秒, 3 分 5 秒, 2 小时 1 分 */
export function ageText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) {
    return t('live.seconds', { n: seconds });
  }
  if (seconds < 3600) {
    return t('live.minutes', { n: Math.floor(seconds / 60), s: seconds % 60 });
  }
  return t('live.hours', { n: Math.floor(seconds / 3600), m: Math.floor((seconds % 3600) / 60) });
}
