// What the server has told: the desk, the shown incident, the plans; and how old that is.

import { computed, ref, shallowReactive, shallowRef, watch } from 'vue';
import { get, RequestError } from '../api/client';
import { connectLive } from '../api/live';
import type { ToHolder } from '../api/messages';
import type { LostReason } from '../api/stream';
import type { ClockState, Desk, Incident, LogEvent, Plan } from '../api/types';
import { exercise } from '../api/place';
import { hearPace, hearServerTime, now, parseZone, serverNow, zoneMinutes } from './clock';
import { coalesce } from './coalesce';
import { shownIncident } from './route';
import { account, expired, look, onSignedIn } from './session';

export const desk = shallowRef<Desk | null>(null);
export const incident = shallowRef<Incident | null>(null);
/** What If-Match takes. */
export const incidentTag = ref<string | null>(null);
/** Why the shown incident could not be read, for instance that there is none of this number. */
export const incidentProblem = ref('');
export const plans = shallowReactive(new Map<string, Plan>());

const streaming = ref(false);
/** Never while the session is gone, whatever the stream says. */
export const live = computed(() => streaming.value && !expired.value);
export const lostReason = ref<LostReason | ''>('');
/** When we last knew that nothing newer existed, by the server's time; 0: never yet. */
export const freshAt = ref(0);
export const age = computed(() => (freshAt.value === 0 ? 0 : Math.max(0, now.value - freshAt.value)));

let streamHeardAt = 0;
let tellHolder: ((message: ToHolder) => void) | null = null;

const readers: (() => void)[] = [];

/** Whoever is to read again whenever something may have changed. */
export function alsoRead(reader: () => void): void {
  readers.push(reader);
}

const times: ((state: ClockState | null) => void)[] = [];

/** Whoever listens to what the stream says of the server's clock. */
export function onClockState(listener: (state: ClockState | null) => void): void {
  times.push(listener);
}

/** Another reading in the desk's place: a unit's page has a list of its own, and loads nothing else. */
let readOther: (() => Promise<void>) | null = null;

export function readInstead(reader: () => Promise<void>): void {
  readOther = reader;
}

async function readDesk(): Promise<void> {
  for (const reader of readers) {
    reader();
  }
  if (readOther) {
    await readOther();
    return;
  }
  const { data } = await get<Desk>('/desk');
  desk.value = data;
  for (const plan of data.plans) {
    const known = plans.get(plan.name);
    if (known?.version !== plan.version || directories.get(plan.name) !== plan.directory) {
      void readPlan(plan.name, plan.directory);
    }
  }
}

/** Of which state of the telephone numbers each plan was read. */
const directories = new Map<string, number>();

export async function readPlan(name: string, directory?: number): Promise<void> {
  try {
    const { data } = await get<Plan>(`/plans/${encodeURIComponent(name)}`);
    plans.set(name, data);
    if (directory !== undefined) {
      directories.set(name, directory);
    }
  } catch {
    // Asked for again with the next reading of the desk.
  }
}

async function readIncident(): Promise<void> {
  const wanted = shownIncident.value;
  if (wanted === null) {
    incident.value = null;
    incidentTag.value = null;
    return;
  }
  try {
    const { data, etag } = await get<Incident>(`/incidents/${wanted}`);
    if (shownIncident.value !== wanted) {
      return; // another one has been chosen meanwhile
    }
    incident.value = data;
    incidentTag.value = etag;
    incidentProblem.value = '';
  } catch (error) {
    if (shownIncident.value === wanted && error instanceof RequestError && !error.unreachable) {
      incidentProblem.value = error.message;
    }
    throw error;
  }
}

/** Reads both; failing is no news here, as the age of the data then grows before everyone's eyes. */
async function readAll(): Promise<void> {
  if (!account.value) {
    return;
  }
  const startedAt = serverNow();
  const [first] = await Promise.allSettled([readDesk(), readIncident()]);
  if (first.status === 'fulfilled') {
    freshAt.value = Math.max(freshAt.value, startedAt);
  }
}

export const refresh = coalesce(readAll);

function lose(reason: LostReason): void {
  streaming.value = false;
  lostReason.value = reason;
}

/** A leader that has died says nothing: silence is a loss as well. */
function watchSilence(): void {
  setInterval(() => {
    if (streaming.value && Date.now() - streamHeardAt > 37_000) {
      lose('silent');
    }
    if (!live.value && account.value) {
      // While the stream is gone the desk is still asked for now and then, if only to know that the line is back.
      if (!expired.value) {
        refresh();
      }
      tellHolder?.({ what: 'hello' });
    }
    if (expired.value) {
      void signedOut();
    }
  }, 10_000);
}

/** Kinds that change more incidents than the one they are logged with: the one a call leaves, one that is merged or told apart. */
const wideKinds = ['merge', 'split', 'reopen', 'open', 'desk.call-incident'];

/** What puts right an entry about a force may do so for an incident that has been merged into the event's. */
const putsRight = (kind: string, fields: LogEvent['fields']) => kind === 'desk.force' && fields.corrects !== undefined;

function concernsShown({ incident: number, kind, fields }: LogEvent): boolean {
  return putsRight(kind, fields) || number === null || number === shownIncident.value || wideKinds.includes(kind) || fields.other === String(shownIncident.value);
}

export function startDesk(): void {
  tellHolder = connectLive((message) => {
    if (message.what === 'event') {
      const { event } = message;
      if (event.kind === 'desk.account-change' && event.fields.name === account.value?.name) {
        void look().catch(() => undefined); // what this person may do has changed under his hands
      }
      if (desk.value === null || concernsShown(event)) {
        refresh();
      } else {
        refreshDesk();
      }
      return;
    }
    if (message.what === 'time') {
      // It has come one way only; a line that takes longer than this is corrected by the next reading.
      if (exercise !== null) {
        hearPace(message.instant, message.at, message.speed);
      } else {
        hearServerTime(message.instant, message.at - 200, message.at);
      }
      for (const listener of times) {
        listener(message.clock);
      }
      return;
    }
    const { state } = message;
    if (!state.live) {
      if (state.reason === 'signed-out' && account.value) {
        void signedOut();
      }
      lose(state.reason);
      return;
    }
    const heardBefore = streamHeardAt;
    streamHeardAt = state.at;
    if (Date.now() - state.at > 37_000) {
      return; // an old greeting
    }
    if (!streaming.value || heardBefore === 0) {
      streaming.value = true;
      lostReason.value = '';
      refresh(); // whatever came while we were deaf
    } else {
      freshAt.value = serverNow() - (Date.now() - state.at);
    }
  });
  tellHolder({ what: 'hello' });
  onSignedIn(() => {
    tellHolder?.({ what: 'renew' });
    refresh();
  });
  addEventListener('online', () => tellHolder?.({ what: 'retry' }));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      refresh();
    }
  });
  watch(shownIncident, () => {
    incidentProblem.value = '';
    if (incident.value?.number !== shownIncident.value) {
      incident.value = null;
      incidentTag.value = null;
    }
    refresh();
  });
  watchSilence();
}

const refreshDesk = coalesce(async () => {
  if (account.value) {
    await readDesk().catch(() => undefined);
  }
});

/** The stream was refused for want of a session: is it really gone, or has another tab signed in anew? */
async function signedOut(): Promise<void> {
  try {
    await look();
    if (!expired.value) {
      tellHolder?.({ what: 'retry' });
    }
  } catch {
    // not reachable: the holder keeps trying
  }
}

/** The plan of the shown incident. */
export const incidentPlan = computed(() => (incident.value ? (plans.get(incident.value.plan) ?? null) : null));

/** Times are shown as on the wall of the duty room: one zone for all that is on the page, the first plan's. */
watch(
  () => plans.get(desk.value?.plans[0]?.name ?? '')?.zone,
  (zone) => {
    const minutes = zone === undefined ? null : parseZone(zone);
    if (minutes !== null) {
      zoneMinutes.value = minutes;
    }
  },
);
