// How persons and machines are called who stand in the log by the names of their accounts. The server says it once; a name that
// is not known yet makes one more reading.

import { shallowRef } from 'vue';
import { get } from '../api/client';
import { coalesce } from './coalesce';

const known = shallowRef(new Map<string, string>());
/** Asked for, known or not: nobody is asked for twice. */
const asked = new Set<string>();

const read = coalesce(async () => {
  try {
    const { data } = await get<{ people: { name: string; display_name: string }[] }>('/people');
    known.value = new Map(data.people.map(({ name, display_name }) => [name, display_name]));
  } catch {
    asked.clear(); // asked for again with the next one that is shown
  }
}, 1000);

/** What the person is called; until that is known, and where nobody knows it, the account's name. */
export function personName(account: string | null): string {
  if (!account) {
    return '';
  }
  const name = known.value.get(account);
  if (name === undefined && !asked.has(account)) {
    asked.add(account);
    read();
  }
  return name ?? account;
}

/** Whether an account has entered what another has said: `source` is neither its name nor how it is called. */
export const isOther = (account: string, source: string): boolean => ![account, personName(account)].includes(source);

/** With the account's name, for whoever looks into what has been done. */
export function personWithAccount(account: string): string {
  const name = personName(account);
  return name === account ? account : `${name}（${account}）`;
}
