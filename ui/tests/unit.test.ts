// What the units' page offers of orders: no more than one's own offices may give.
import { createApp, h } from 'vue';
import { afterEach, beforeEach, expect, test } from 'vitest';
import UnitOrder from '../src/parts/UnitOrder.vue';
import { account } from '../src/stores/session';
import { i18n } from '../src/texts';
import type { AskedScale, OwnIncident } from '../src/api/types';

const scale = (order: string | null): AskedScale => ({
  name: 'alarm',
  levels: ['low', 'middle', 'high'],
  ordered: true,
  order,
  ask: [],
  orderers: [
    { parties: ['office'], levels: ['low', 'middle', 'high'], ends: true, raise_only: false },
    { parties: ['deputy'], levels: ['low'], ends: false, raise_only: false },
    { parties: ['front'], levels: ['low', 'middle', 'high'], ends: false, raise_only: true },
  ],
});
const incident: OwnIncident = { number: 1, title: 'fire', place: '', plan: 'p', zone: '+08:00', opened_at: '', scales: [], takes_part: true, orders: true, tag: '1-1' };

let unmount: (() => void) | null = null;
beforeEach(() => {
  localStorage.clear();
});
afterEach(() => unmount?.());

function offered(parties: string[], scales: AskedScale[]): string[] {
  account.value = { name: 'x', display_name: 'x', administrator: false, desk: false, parties };
  const root = document.createElement('div');
  document.body.append(root);
  const app = createApp({ render: () => h(UnitOrder, { incident, scales }) });
  app.use(i18n).mount(root);
  unmount = () => {
    app.unmount();
    root.remove();
  };
  return [...root.querySelectorAll<HTMLElement>('[data-level]')].map(({ dataset }) => dataset.level ?? '');
}

test('the holder of the office: every other level, and the end of it', () => {
  expect(offered(['office'], [scale('middle')])).toEqual(['low', 'high', '']);
  unmount?.();
  expect(offered(['office'], [scale(null)])).toEqual(['low', 'middle', 'high']);
});

test('an office of some levels: these alone', () => {
  expect(offered(['deputy'], [scale('middle')])).toEqual(['low']);
});

test('who may only raise it: what is above', () => {
  expect(offered(['front'], [scale('middle')])).toEqual(['high']);
});
