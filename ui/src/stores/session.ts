// Who sits here. A session that has run out is renewed on the spot: whoever needs one asks here and waits.

import { computed, ref, shallowRef } from 'vue';
import { currentSession, endSession, forget, RequestError, startSession } from '../api/client';
import { exercise } from '../api/place';
import type { Account, Delegation } from '../api/types';

export const account = shallowRef<Account | null>(null);
/** The first look at the server is over. */
export const looked = ref(false);
/** The exercise of this address is not there: nobody need sign in for it. */
export const missing = ref(false);
/** Parties for which others let this account act at this moment; the desk says so, or what one's own parties owe. */
export const delegated = shallowRef<string[]>([]);
/** The sign-in dialog lies over the page. */
export const asking = ref(false);
/** The session has run out and nobody has signed in anew; readings fail, what is typed stays. */
export const expired = ref(false);
/** A second factor is required of this account and it has none: the server takes nothing else until it is set up. */
export const factorDue = ref(false);
export const isDesk = computed(() => account.value?.desk ?? false);

/** Takes from what the server has told those that hold for this account at `time`; they begin and end by time alone. */
export function takeDelegations(told: Delegation[], time: number): void {
  const parties = told
    .filter(({ to, from, until }) => to === account.value?.name && Date.parse(from) <= time && time < Date.parse(until))
    .map(({ party }) => party);
  if (parties.join('\n') !== delegated.value.join('\n')) {
    delegated.value = parties;
  }
}

/** The dialog in which another person signs in at this computer lies over the page. */
export const changing = ref(false);

/** Persons change: the page stays as it is, only who says things from it is another. */
export function askPerson(): void {
  if (account.value && !asking.value) {
    changing.value = true;
  }
}

let waiting: ((signedIn: boolean) => void)[] = [];

/** Asks for a sign-in over the page; resolves once somebody has signed in, or has said no. */
export function requireSignIn(): Promise<boolean> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    asking.value = true;
  });
}

export async function look(): Promise<void> {
  try {
    const session = await currentSession();
    if (account.value?.name !== session.account.name) {
      forget();
    }
    account.value = session.account;
    factorDue.value = session.second_factor_due;
    expired.value = false;
  } catch (error) {
    if (error instanceof RequestError && error.status === 401) {
      // The page of one who was signed in stays as it is; only the first look leads to the sign-in page.
      expired.value = account.value !== null;
    } else if (exercise !== null && account.value === null && error instanceof RequestError && error.status === 404) {
      missing.value = true;
    } else {
      throw error;
    }
  } finally {
    looked.value = true;
  }
}

const listeners: (() => void)[] = [];

export function onSignedIn(listener: () => void): void {
  listeners.push(listener);
}

function answer(signedIn: boolean): void {
  const resolves = waiting;
  waiting = [];
  asking.value = false;
  for (const resolve of resolves) {
    resolve(signedIn);
  }
}

const leaving: (() => Promise<void>)[] = [];

/** Whoever must put something by before another person sits here. */
export function onLeaving(listener: () => Promise<void>): void {
  leaving.push(listener);
}

const personAt = 'pinyue.person';

/** The browser's other tabs have the same session: they look who it is now. */
addEventListener('storage', (event) => {
  if (event.key === personAt && account.value) {
    void look().catch(() => undefined);
  }
});

function tellTabs(name: string): void {
  try {
    localStorage.setItem(personAt, `${name} ${Date.now()}`);
  } catch {
    // they find out with their next request
  }
}

export async function signIn(name: string, password: string, code = ''): Promise<void> {
  if (account.value && account.value.name !== name && !expired.value) {
    await Promise.all(leaving.map((listener) => listener()));
  }
  const session = await startSession(name, password, code);
  if (account.value?.name !== session.account.name) {
    forget();
  }
  account.value = session.account;
  factorDue.value = session.second_factor_due;
  looked.value = true;
  expired.value = false;
  changing.value = false;
  tellTabs(name);
  answer(true);
  for (const listener of listeners) {
    listener();
  }
}

export function declineSignIn(): void {
  answer(false);
}

export async function signOut(): Promise<void> {
  await endSession();
  forget();
  account.value = null;
}
