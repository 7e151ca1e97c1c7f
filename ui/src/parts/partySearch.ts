// Finding a party by name, alias, their initials in pinyin (which the server says), number, whom it belongs to, or part of one of them; words in any order.

import type { Party } from '../api/types';

export function matchesParty(party: Party, query: string): boolean {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) {
    return true;
  }
  const text = [party.name, ...party.aliases, party.of ?? '', party.held_by, ...party.members, ...party.phones.map(({ label }) => label)]
    .join('\n')
    .toLowerCase();
  const numbers = party.phones.map(({ number }) => number.replace(/\D/g, ''));
  return words.every((word) => {
    const digits = word.replace(/[-()\s]/g, '');
    return text.includes(word) || party.initials.includes(word) || (/^\d+$/.test(digits) && numbers.some((number) => number.includes(digits)));
  });
}
