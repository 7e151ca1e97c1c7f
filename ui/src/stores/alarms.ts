// What must be heard until a person quiets it: newly overdue, a new proposal, the line lost. Quieting is for what is
// there; what comes later sounds again. This never touches the focus.

import { computed, reactive, ref, watch } from 'vue';
import { keptName } from '../api/place';
import { now, speed } from './clock';
import { desk, live } from './desk';
import { inDoubt } from './doubt';
import { notices } from './notices';
import { actsFor, isDutyRoom } from './rights';
import { account } from './session';
import { lengthOf, openSound, play, soundState, type Kind } from './tones';
import type { Desk, Notice } from '../api/types';

export interface Alarm { key: string; kind: Kind }

/** A line that is back within this time was no loss worth a sound. */
const grace = 6_000;
const rest = 3_000;

/** What sounds for whom: all of it in the duty room, elsewhere what is one's own. */
export function overdueOf(told: Desk | null, time: number, isMine: (who: string) => boolean): Desk['clocks'] {
  return (told?.clocks ?? []).filter((clock) => (clock.overdue || Date.parse(clock.due_at) < time) && isMine(clock.who));
}

export function alarmsOf(overdue: Desk['clocks'], told: Desk | null, list: Notice[], lost: boolean, isMine: (who: string) => boolean): Alarm[] {
  const found = new Map<string, Kind>();
  if (lost) {
    found.set('lost', 'lost');
  }
  for (const clock of overdue) {
    found.set(`overdue ${clock.kind} ${clock.id} ${clock.due_at}`, 'overdue');
  }
  // What nobody has taken over presses the duty room like anything else that is late.
  const room = told?.duty_room;
  if (room?.overdue_since && isMine('')) {
    found.set(`shift ${room.overdue_since}`, 'overdue');
  }
  if (room?.empty_since && isMine('')) {
    found.set(`nobody ${room.empty_since}`, 'overdue');
  }
  for (const clock of told?.clocks ?? []) {
    if (clock.kind === 'proposal' && isMine(clock.who)) {
      found.set(`proposal ${clock.id}`, 'proposal');
    }
  }
  for (const notice of list) {
    if (notice.kind === 'proposal' && isMine(notice.party ?? '')) {
      found.set(`proposal ${notice.item}`, 'proposal');
    }
  }
  return [...found].map(([key, kind]) => ({ key, kind }));
}

const isMine = (who: string) => isDutyRoom() || actsFor(who);

/** While the time is in doubt only the server says what is overdue. */
export const overdueClocks = computed(() => overdueOf(desk.value, inDoubt.value ? -Infinity : now.value, isMine));

/** How many clocks are overdue: the desk counts also those that it does not list. */
export function countOverdue(told: Desk | null, listed: number, isForAll: boolean): number {
  return told && isForAll && told.totals.clocks > told.clocks.length ? Math.max(told.totals.overdue, listed) : listed;
}

export const overdueCount = computed(() => countOverdue(desk.value, overdueClocks.value.length, isDutyRoom()));

/** By a timer, and not by a clock that may be set meanwhile. */
const isLost = ref(false);
let lossTimer: ReturnType<typeof setTimeout> | null = null;
watch(
  [live, account],
  ([is, who]) => {
    if (is || !who) {
      isLost.value = false;
      if (lossTimer !== null) {
        clearTimeout(lossTimer);
        lossTimer = null;
      }
    } else if (lossTimer === null) {
      lossTimer = setTimeout(() => {
        isLost.value = true;
      }, grace);
    }
  },
  { immediate: true },
);

/** While an exercise stands still, or is over, nothing in it presses. */
const alarms = computed(() => (account.value && speed.value > 0 ? alarmsOf(overdueClocks.value, desk.value, notices.value, isLost.value, isMine) : []));

const quietAt = keptName('quiet');
const quieted = reactive(new Set<string>());

function readQuieted(): void {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(quietAt) ?? '[]');
    for (const key of Array.isArray(kept) ? kept : []) {
      if (typeof key === 'string') {
        quieted.add(key);
      }
    }
  } catch {
    // heard once more
  }
}

/** Which of the alarms nobody has quieted yet. */
export const ringing = computed(() => alarms.value.filter(({ key }) => !quieted.has(key)));
export const ringingCount = (kind: Kind): number => ringing.value.filter((alarm) => alarm.kind === kind).length;

export function quiet(): void {
  const there = new Set(alarms.value.map(({ key }) => key));
  // What is over need not be remembered; while the line is lost, or before all is read, nobody knows what is over.
  if (live.value && desk.value) {
    for (const key of [...quieted]) {
      if (!there.has(key)) {
        quieted.delete(key);
      }
    }
  }
  for (const key of there) {
    quieted.add(key);
  }
  try {
    localStorage.setItem(quietAt, JSON.stringify([...quieted].filter((key) => key !== 'lost')));
  } catch {
    // this page remembers it
  }
}

// The line that is back and lost again is a new loss.
watch(isLost, (is) => {
  if (!is) {
    quieted.delete('lost');
  }
});

/** One tab of the browser sounds for all. */
let sounds = false;

function takeTurn(): void {
  if (sounds) {
    return;
  }
  if (!navigator.locks) {
    sounds = true;
    return;
  }
  void navigator.locks.request(keptName('sound'), () => {
    sounds = true;
    return new Promise<never>(() => undefined); // held until the tab is gone
  });
}

const order: Kind[] = ['overdue', 'proposal', 'lost'];
let timer: ReturnType<typeof setTimeout> | null = null;

function round(): void {
  timer = null;
  const kinds = order.filter((kind) => ringingCount(kind) > 0);
  let wait = 0;
  for (const kind of kinds) {
    setTimeout(() => {
      if (sounds && ringingCount(kind) > 0) {
        play(kind);
      }
    }, wait);
    wait += lengthOf(kind) + 500;
  }
  if (kinds.length) {
    timer = setTimeout(round, wait + rest);
  }
}

export function startAlarms(): void {
  readQuieted();
  addEventListener('storage', (event) => {
    if (event.key === quietAt) {
      readQuieted();
    }
  });
  addEventListener('keydown', (event) => {
    if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === 'KeyQ' && !event.isComposing) {
      event.preventDefault();
      quiet();
    }
  });
  watch(
    () => ringing.value.map(({ key }) => key).join('\n'),
    (is) => {
      if (is && timer === null) {
        round();
      }
    },
    { immediate: true },
  );
  watch(
    soundState,
    (state) => {
      if (state === 'on') {
        takeTurn();
      }
    },
    { immediate: true },
  );
  void openSound();
}
