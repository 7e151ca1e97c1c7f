// What is heard in a call's text: the server's offers while one types, and what a person has taken of them, until it has been
// reported. Nothing is taken by itself. What has been taken outlives a reload, a lost line and a call without an incident yet.

import { ref, watch, type Ref } from 'vue';
import { ask } from '../api/client';
import type { Hearing, NewHearing, Offer } from '../api/types';
import { clearDraft, useDraft } from './drafts';

/** An offer that a person has taken. */
export interface Taken { plan: string; subject: string; fact: string; value: string; words: string }

/** What was taken in a call that has been saved; `incident` 0 as long as the call has none. */
export interface Figures { call: number; incident: number; source: string; asOf: string; taken: Taken[] }

export interface Row { taken: boolean; gone: boolean; offer: Offer | Taken }

const pause = 350;
/** The server listens to so many bytes. */
export const longest = 4096;

/** Offers for a text, asked for when nobody has typed for a moment. Those that stand stay until there are new ones. */
export function useOffers(asked: () => NewHearing | null): { offers: Ref<Offer[]>; failed: Ref<boolean> } {
  const offers = ref<Offer[]>([]);
  const failed = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;
  async function listen(body: NewHearing, mine: number): Promise<void> {
    try {
      const found = await ask<Hearing>('/hearings', body);
      if (mine === turn) {
        offers.value = found.offers;
        failed.value = false;
      }
    } catch {
      if (mine === turn) {
        failed.value = true; // the text is typed and saved all the same
      }
    }
  }
  watch(
    () => JSON.stringify(asked()),
    () => {
      const body = asked();
      turn += 1;
      clearTimeout(timer);
      if (body === null) {
        offers.value = [];
        failed.value = false;
        return;
      }
      const mine = turn;
      timer = setTimeout(() => void listen(body, mine), pause);
    },
    { immediate: true },
  );
  return { offers, failed };
}

const same = (one: Taken | Offer, other: Taken | Offer) =>
  one.plan === other.plan && one.subject === other.subject && one.fact === other.fact;

/** The offers with what has been taken; what was taken and is no longer in the text stays, behind them. */
export function rowsOf(offers: Offer[], taken: Taken[]): Row[] {
  const isTaken = (offer: Offer) => taken.some((one) => same(one, offer) && one.value === offer.value);
  const rows: Row[] = offers.map((offer) => ({ offer, taken: isTaken(offer), gone: false }));
  const gone = taken.filter((one) => !offers.some((offer) => same(one, offer) && one.value === offer.value));
  return [...rows, ...gone.map((offer) => ({ offer, taken: true, gone: true }))];
}

/** Takes it, or leaves it again. A fact has one value: another one that was taken gives way. */
export function toggled(taken: Taken[], row: Row): Taken[] {
  const others = taken.filter((one) => !same(one, row.offer));
  const { plan, subject, fact, value, words } = row.offer;
  return row.taken ? others : [...others, { plan, subject, fact, value, words }];
}

interface FiguresDraft { items: Figures[] }
const blank = (): FiguresDraft => ({ items: [] });

/** All that has been taken and not yet reported. */
export const useFigures = () => useDraft('figures', blank);

/** While it is being reported by the page on which the incident was opened. */
export const reporting = ref(0);

/** It has been reported, or given up. */
export function dropFigures(call: number): void {
  const draft = useFigures();
  const items = draft.items.filter((item) => item.call !== call);
  if (items.length) {
    draft.items = items;
  } else {
    clearDraft(draft, blank);
  }
}

/** Whether a kind of incident has this fact. */
export const fits = (one: Taken, plan: string, subject: string): boolean => one.plan === plan && one.subject === subject;

/** Those of this kind of incident have been reported; what does not fit it stays. */
export function dropReported(call: number, plan: string, subject: string): void {
  const draft = useFigures();
  const rest = draft.items.find((item) => item.call === call)?.taken.filter((one) => !fits(one, plan, subject)) ?? [];
  if (rest.length) {
    draft.items = draft.items.map((item) => (item.call === call ? { ...item, taken: rest } : item));
  } else {
    dropFigures(call);
  }
}

/** Those that belong to a kind of incident, as the server takes them. */
export function factsOf(taken: Taken[], plan: string, subject: string): Record<string, string> {
  return Object.fromEntries(taken.filter((one) => fits(one, plan, subject)).map((one) => [one.fact, one.value]));
}
