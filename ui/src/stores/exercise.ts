// The exercise that this page shows: how it stands, what is left to whom; and what goes on in truth meanwhile.

import { computed, ref, shallowRef, watch } from 'vue';
import { get } from '../api/client';
import { exercise, house } from '../api/place';
import type { Desk, Exercise, ExerciseOffer } from '../api/types';
import { hearPace } from './clock';
import { coalesce } from './coalesce';
import { alsoRead, desk, refresh } from './desk';
import { keepLeft } from './leftExercise';
import { owed, own, readOwn, soonest } from './own';
import { go, incidentPath, page, shownIncident } from './route';
import { account, look } from './session';
import { play } from './tones';
import { useWrite } from './write';

export const shown = shallowRef<Exercise | null>(null);
/** What is open on the real desk; null before it is known. */
export const real = shallowRef<{ calls: number; incidents: number; overdue: number } | null>(null);
/** Something has come on the real desk since this page was opened. */
export const realCame = ref(false);

/** The seats that are no party's, as the server spells them. */
export const dutyRoomSeat = 'duty-room';
export const allSeats = 'all';

export const isMine = (offer: ExerciseOffer): boolean => {
  const seats = shown.value?.seats ?? [];
  const holder = seats.find(({ seat }) => seat === offer.party) ?? seats.find(({ seat }) => seat === allSeats);
  return holder?.account === account.value?.name;
};
/** What is this person's to do now. */
export const mine = computed(() => (shown.value?.status === 'ended' ? [] : (shown.value?.offers ?? []).filter((offer) => offer.outcome === 'open' && isMine(offer))));
export const hasSeat = computed(() => heldSeats.value.length > 0);
/** The seats of this person, as the server spells them. */
export const heldSeats = computed(() => (shown.value?.seats ?? []).filter(({ account: holder }) => holder === account.value?.name).map(({ seat }) => seat));
/** What the parties that one plays owe, and what they have to decide. */
export const toDecide = computed(() => (own.value?.proposals ?? []).filter(({ status }) => status === 'open'));
export const toDo = computed(() => (own.value ? owed.value.filter(({ kind }) => kind === 'duty' || kind === 'decision') : []));
/** What presses most of both: what is to be decided first, of what is due together. */
export const foremost = computed(() => {
  const [decision, duty] = [[...toDecide.value].sort(soonest)[0], toDo.value[0]];
  const isDecision = decision !== undefined && (duty === undefined || soonest(decision, duty) <= 0);
  return isDecision ? { id: decision.id, what: decision.scale, due: decision.due_at } : duty ? { id: duty.id, what: duty.name, due: duty.due_at } : null;
});
export const mayPace = computed(() => shown.value !== null && shown.value.status !== 'ended' && (shown.value.leads || hasSeat.value));

let seats = '';

async function read(): Promise<void> {
  if (!account.value) {
    return;
  }
  const { data } = await get<Exercise>('');
  hearPace(data.time, Date.now(), data.status === 'running' ? data.speed : 0);
  shown.value = data;
  const held = JSON.stringify(data.seats);
  if (held !== seats) {
    seats = held;
    await look().catch(() => undefined); // what one may do here goes by one's seats
  }
  if (data.status !== 'ended' && hasSeat.value) {
    await readOwn();
  } else {
    own.value = null;
  }
}

export const refreshExercise = coalesce(async () => {
  await read().catch(() => undefined);
});

let before = '';

async function readReal(): Promise<void> {
  const { data } = await get<Desk>(`${house}/desk`);
  const { calls, incidents, overdue } = data.totals;
  real.value = { calls, incidents, overdue };
  const now = JSON.stringify([data.calls.map(({ number }) => number), data.incidents.map(({ number }) => number), calls, incidents, overdue]);
  if (before !== '' && now !== before) {
    realCame.value = true;
    play('overdue', 0.25); // as loud as on the real desk
  }
  before = now;
}

const pacing = useWrite();
export const paceState = pacing.state;

export async function setPace(body: { speed?: number; paused?: boolean; reason?: string }): Promise<boolean> {
  const done = (await pacing.run('/pace', body)) !== null;
  refreshExercise();
  return done;
}

/** A real call: the exercise stands still, and the real desk takes the call. It does not wait for an answer. */
export async function takeRealCall(): Promise<void> {
  if (mayPace.value && shown.value?.status === 'running') {
    await Promise.race([setPace({ paused: true, reason: 'real call' }), new Promise((resolve) => setTimeout(resolve, 1500))]);
  }
  leaveFor('/#/call');
}

/** The real desk then leads back here, while the exercise has not ended. */
export function leaveFor(path: string): void {
  if (exercise !== null && shown.value?.status !== 'ended') {
    keepLeft(exercise);
  }
  location.assign(path);
}

export async function playOffer(write: ReturnType<typeof useWrite>, number: number): Promise<void> {
  await write.run(`/offers/${number}/playing`, {});
  refreshExercise();
  refresh();
}

export function startExercise(): void {
  if (exercise === null) {
    return;
  }
  alsoRead(refreshExercise);
  refreshExercise();
  const lookOutside = () => void readReal().catch(() => undefined);
  lookOutside();
  setInterval(lookOutside, 5_000);
  setInterval(refreshExercise, 5_000);
  addEventListener('keydown', (event) => {
    if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === 'KeyP' && !event.isComposing) {
      event.preventDefault();
      void takeRealCall();
    }
  });
  // The first incident shows by itself: whoever has just begun sees at once what moves.
  let led = false;
  watch([desk, page], () => {
    const number = desk.value?.incidents[0]?.number;
    if (!led && number !== undefined && page.value === 'desk' && shownIncident.value === null) {
      led = true;
      go(incidentPath(number));
    }
  });
}
