// The server's time, told by this computer's clock and the difference between the two.

import { ref } from 'vue';
import { exercise } from '../api/place';

/** The server's time, once a second. */
export const now = ref(Date.now());
/** The offset from UTC in minutes in which times are shown: the plan's, else this computer's. */
export const zoneMinutes = ref(-new Date().getTimezoneOffset());

/** How fast the shown desk's time runs: 1, but in an exercise, where it may stand still (0). */
export const speed = ref(1);
/** In an exercise: its time, and when by this computer's clock it was that. */
let anchor: { server: number; at: number } | null = null;

/** The time of an exercise, which runs at a speed of its own. */
export function hearPace(instant: string, at: number, runs: number): void {
  const server = Date.parse(instant);
  if (!Number.isNaN(server)) {
    anchor = { server, at };
    speed.value = runs;
    tick();
  }
}

let offset = 0;
/** How far the offset may be off; a quicker answer gives a better one. */
let slack = Infinity;
let measuredAt = 0;

export function hearServerTime(instant: string, sentAt: number, receivedAt: number): void {
  const server = Date.parse(instant);
  const trip = receivedAt - sentAt;
  if (Number.isNaN(server) || trip < 0) {
    return;
  }
  if (exercise !== null) {
    hearPace(instant, receivedAt - trip / 2, speed.value);
    return;
  }
  const found = server + trip / 2 - receivedAt;
  // Clocks drift and are set: a measurement is renewed after a minute, and at once where it contradicts the old one.
  if (trip <= slack || receivedAt - measuredAt > 60_000 || Math.abs(found - offset) > slack / 2 + trip / 2 + 1000) {
    offset = found;
    slack = trip;
    measuredAt = receivedAt;
    tick();
  }
}

export function serverNow(): number {
  return anchor ? anchor.server + (Date.now() - anchor.at) * speed.value : Date.now() + offset;
}

function tick(): void {
  now.value = serverNow();
}

export function startClock(): void {
  setInterval(tick, 1000);
}

/** "+08:00" → 480 */
export function parseZone(zone: string): number | null {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(zone);
  if (!match) {
    return null;
  }
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}
