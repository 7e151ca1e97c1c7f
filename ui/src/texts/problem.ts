// A refusal of the server's: what kind it is in the page's words, and its detail as it came.

import { t } from './index';

const told = [400, 401, 403, 404, 409, 412, 413, 422, 429, 500, 503, 507] as const;

export function refusal(status: number, detail: string): string {
  const known = told.find((one) => one === status);
  const title = known === undefined ? t('problem.other', { status }) : t(`problem.${known}`);
  return detail ? t('problem.told', { title, detail }) : title;
}
