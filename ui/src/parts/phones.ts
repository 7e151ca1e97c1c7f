import { exercise } from '../api/place';
import type { Phone } from '../api/types';
import { t, type TextKey } from '../texts';

const kinds: Record<string, TextKey> = { 'phone': 'book.phone', 'duty-phone': 'book.dutyPhone', 'office-phone': 'book.officePhone', 'fax': 'book.fax', 'noted': 'book.noted', 'exercise': 'exercise.insteadOfCall' };

/** A kind that is not known here is shown as it came. */
export function kindOfPhone(kind: string): string {
  const key = kinds[kind];
  return key ? t(key) : kind;
}

/** In an exercise nobody is called: there is nothing to press. */
export const telOf = (number: string): string | undefined => (exercise === null ? `tel:${number.replace(/[^\d+]/g, '')}` : undefined);

/** A number at which nobody speaks. */
export const isFax = ({ kind }: Phone): boolean => kind === 'fax';

/** Numbers at which somebody is reached: neither a fax nor one that has been corrected. */
export const voiceOf = (phones: Phone[]): Phone[] => phones.filter((phone) => !isFax(phone) && !phone.replaced);
