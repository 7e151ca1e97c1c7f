// What the desk counts and does not list: the rest of a kind, page by page, when somebody asks for it.

import { computed, shallowRef, watch } from 'vue';
import { get } from '../api/client';
import type { Desk, OpenPage } from '../api/types';
import { coalesce } from './coalesce';
import { desk } from './desk';

export type RestKind = 'incidents' | 'clocks' | 'calls' | 'spoken' | 'unbound';
type Item<K extends RestKind> = Desk[K][number];

/** A page has as many of a kind as the desk lists. */
const pageSize = 300;

/** Older ones stand before the listed ones where these end with the newest, and otherwise behind them. */
export function joined<T>(listed: T[], rest: T[], keyOf: (item: T) => unknown, isBefore: boolean): T[] {
  const known = new Set(listed.map(keyOf));
  const others = rest.filter((item) => !known.has(keyOf(item)));
  return isBefore ? [...others, ...listed] : [...listed, ...others];
}

/** The list of a kind as far as it has been read, how many are left, and what reads the next page. */
export function useRest<K extends RestKind>(kind: K, keyOf: (item: Item<K>) => unknown, isBefore = false) {
  const pages = shallowRef<Item<K>[][]>([]);
  const failed = shallowRef(false);
  const total = computed(() => desk.value?.totals[kind] ?? 0);
  const rest = computed(() => (isBefore ? [...pages.value].reverse() : pages.value).flat());
  const list = computed(() => joined((desk.value?.[kind] ?? []) as Item<K>[], rest.value, keyOf, isBefore));
  const more = computed(() => Math.max(0, total.value - list.value.length));

  /** Pages from the second on; what has been read stays when one cannot be. */
  async function read(count: number): Promise<void> {
    try {
      const found: Item<K>[][] = [];
      for (let page = 2; page < 2 + count && total.value > (page - 1) * pageSize; page += 1) {
        const { data } = await get<OpenPage>(`/open/${page}/${kind}`);
        found.push((data[kind] ?? []) as Item<K>[]);
      }
      pages.value = found;
      failed.value = false;
    } catch {
      failed.value = true;
    }
  }

  // Whoever has asked for more sees it change as the rest of the desk does, though less often.
  const again = coalesce(() => read(pages.value.length), 2_000);
  watch(desk, () => {
    if (pages.value.length) {
      again();
    }
  });
  return { list, more, total, failed, load: () => read(pages.value.length + 1) };
}

export type Rest = Pick<ReturnType<typeof useRest>, 'more' | 'failed' | 'load'>;
