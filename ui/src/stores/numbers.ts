// The published numbers of a party and of whom it belongs to, offered for "from which number".

import { plans } from './desk';

export function numbersOf(party: string): string[] {
  for (const plan of plans.values()) {
    const found = plan.parties.find(({ name }) => name === party);
    if (found) {
      const over = plan.parties.find(({ name }) => name === found.of);
      return [...found.phones, ...(over?.phones ?? [])].map(({ number }) => number);
    }
  }
  return [];
}
