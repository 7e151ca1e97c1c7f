// What a part of a page looks at: the present, or a moment of the past, which is only read.

import { inject, provide, type InjectionKey, type Ref } from 'vue';
import { now } from './clock';

const pastKey: InjectionKey<Readonly<Ref<number>>> = Symbol('past');

/** All parts below look at this moment (milliseconds), and offer nothing to be done. */
export function lookBack(moment: Readonly<Ref<number>>): void {
  provide(pastKey, moment);
}

/** The moment that a part looks at: for writing and counting times. */
export function useNow(): Readonly<Ref<number>> {
  return inject(pastKey, now);
}

/** Whether it is a moment of the past. */
export function usePast(): boolean {
  return inject(pastKey, null) !== null;
}
