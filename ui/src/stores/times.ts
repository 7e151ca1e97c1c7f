// How instants are written for people, and read from them.

import { serverNow, zoneMinutes } from './clock';

const two = (number: number) => String(number).padStart(2, '0');

/** The parts of an instant as a clock on the wall of the plan's district shows them. */
export function wall(milliseconds: number, zone = zoneMinutes.value) {
  const date = new Date(milliseconds + zone * 60_000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** 3:05:10 */
export function clockTime(milliseconds: number, zone = zoneMinutes.value): string {
  const { hour, minute, second } = wall(milliseconds, zone);
  return `${hour}:${two(minute)}:${two(second)}`;
}

/** 3:05 today, 8-20 3:05 on another day, with the year in another year. */
export function shortTime(instant: string | number, reference: number, zone = zoneMinutes.value): string {
  return timeAfter(instant, reference, zone, true);
}

/** 8-20 3:05 on every day, with the year in another year: where several days stand side by side, or what is read later. */
export function dayTime(instant: string | number, reference: number, zone = zoneMinutes.value): string {
  return timeAfter(instant, reference, zone, false);
}

function timeAfter(instant: string | number, reference: number, zone: number, isTodayBare: boolean): string {
  const milliseconds = typeof instant === 'number' ? instant : Date.parse(instant);
  if (Number.isNaN(milliseconds)) {
    return String(instant);
  }
  const then = wall(milliseconds, zone);
  const today = wall(reference, zone);
  const time = `${then.hour}:${two(then.minute)}`;
  if (then.year !== today.year) {
    return `${then.year}-${two(then.month)}-${two(then.day)} ${time}`;
  }
  return isTodayBare && then.month === today.month && then.day === today.day ? time : `${then.month}-${then.day} ${time}`;
}

/** The zone in which times are shown: UTC+8, UTC+5:30, UTC−3, UTC. */
export function zoneName(zone = zoneMinutes.value): string {
  const minutes = Math.abs(zone);
  const rest = minutes % 60;
  return zone === 0 ? 'UTC' : `UTC${zone < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest ? `:${two(rest)}` : ''}`;
}

/** 4:59, 1:04:59, 3 d 1:04:59 as digits; the sign is left to the caller. */
export function span(milliseconds: number): { days: number; text: string } {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  return { days, text: hours > 0 || days > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}` };
}

/** 2022-08-20 3:05:10 */
export function fullTime(milliseconds: number, zone = zoneMinutes.value): string {
  const { year, month, day } = wall(milliseconds, zone);
  return `${year}-${two(month)}-${two(day)} ${clockTime(milliseconds, zone)}`;
}

/** yyyy-mm-ddThh:mm as the wall shows it. */
export function localInstant(milliseconds: number, zone = zoneMinutes.value): string {
  const { year, month, day, hour, minute } = wall(milliseconds, zone);
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

const clockPattern = /^(?:(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?[ T]*)?(\d{1,2})[:：点时](\d{2})?分?$/;

/**
 * Reads "3:05", "3点05分", "8-20 3:05", "2022-08-20 3:05", "0305". A time of day alone is the last one that is not
 * more than five minutes ahead of the reference, or (`today`) that of the reference's day. Null: not understood.
 */
export function readTime(written: string, reference: number, zone = zoneMinutes.value, alone: 'latest' | 'today' = 'latest'): number | null {
  let text = written.trim().replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
  if (/^\d{3,4}$/.test(text)) {
    text = `${text.slice(0, -2)}:${text.slice(-2)}`;
  }
  const match = clockPattern.exec(text);
  if (!match) {
    return null;
  }
  const [, year, month, day, hour, minute] = match;
  const hours = Number(hour);
  const minutes = Number(minute ?? 0);
  if (hours > 23 || minutes > 59) {
    return null;
  }
  const today = wall(reference, zone);
  const at = (y: number, m: number, d: number) => Date.UTC(y, m - 1, d, hours, minutes) - zone * 60_000;
  if (month === undefined || day === undefined) {
    const time = at(today.year, today.month, today.day);
    return alone === 'latest' && time > reference + 300_000 ? time - 86_400_000 : time;
  }
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) {
    return null;
  }
  const time = at(Number(year ?? today.year), Number(month), Number(day));
  // In January "12-31" is last year's.
  return year === undefined && time > reference + 86_400_000 ? at(today.year - 1, Number(month), Number(day)) : time;
}

/** When it was so, as written in a field that may stay empty (undefined); null: not understood. */
export const readAsOf = (written: string): number | null | undefined => (written.trim() ? readTime(written, serverNow()) : undefined);

/** As readTime, for what is yet to come: a time of day alone is the first one after `after`. */
export function readAhead(written: string, reference: number, after: number, zone = zoneMinutes.value): number | null {
  const time = readTime(written, reference, zone);
  if (time === null || /[-/.月]/.test(written)) {
    return time;
  }
  return time + Math.max(0, Math.floor((after - time) / 86_400_000) + 1) * 86_400_000;
}

/** The same with seconds, which may be left out: "2022-08-20 3:05:10", "3点05分10秒". */
export function readInstant(written: string, reference: number, zone = zoneMinutes.value, alone: 'latest' | 'today' = 'latest'): number | null {
  const match = /^(.*\d[:：点时]\d{2})[:：分](\d{2})秒?$/.exec(written.trim());
  const time = readTime(match?.[1] ?? written, reference, zone, alone);
  const seconds = Number(match?.[2] ?? 0);
  return time === null || seconds > 59 ? null : time + seconds * 1000;
}

/** The same with its zone, so that nobody takes it for another wall's. */
function zoned(milliseconds: number, zone: number): string {
  const minutes = Math.abs(zone);
  return `${localInstant(milliseconds, zone)}${zone < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A time as a fact is given: each time of day in the text becomes one with its day; the rest (">=", "..") stays. */
export function spellTimes(written: string, reference: number, zone = zoneMinutes.value): string {
  const whole = readTime(written, reference, zone);
  if (whole !== null) {
    return zoned(whole, zone);
  }
  return written
    .split(/(\.\.|~|至|到|[<>≤≥]=?|不晚于|不早于)/)
    .map((piece) => {
      const time = piece.trim() ? readTime(piece, reference, zone) : null;
      return time === null ? piece.trim() : zoned(time, zone);
    })
    .join('');
}
