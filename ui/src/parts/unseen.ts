/** Controls, changes of direction, blanks of no width: what the server prints by its number (is_unseen in src/paper/sheet.c). */
const unseen = /(?![\t-\r\u0085])[\p{Cc}\p{Cf}\u034F]/gu;

/** A text as it can be seen: tabs and ends of lines stay. */
export const withoutUnseen = (text: string): string => text.replace(unseen, '');
