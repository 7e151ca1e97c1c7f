// The sheets on which plans are drawn. The server draws each once a version.

import { get, getDrawing } from '../api/client';
import type { Chart } from '../api/types';

/** The sheets of a plan in force; what has not changed is not sent again. */
export async function readChart(plan: string): Promise<Chart> {
  return (await get<Chart>(`/charts/${encodeURIComponent(plan)}`)).data;
}

/** One of them as SVG. */
export const readSheetText = (plan: string, number: number): Promise<string> => getDrawing(`/sheets/${number}/${encodeURIComponent(plan)}`);

const openAt = 'pinyue.chart';

/** Whether this browser shows the chart: as it was left, else where there is room for it. */
export function isChartOpen(): boolean {
  try {
    const kept = localStorage.getItem(openAt);
    return kept === null ? matchMedia('(min-width: 900px)').matches : kept === 'open';
  } catch {
    return false;
  }
}

export function keepChartOpen(open: boolean): void {
  try {
    localStorage.setItem(openAt, open ? 'open' : 'closed');
  } catch {
    // for this time only
  }
}
