// What somebody works in stays before him until he has left it, and a moment longer: if it went at the very press on its
// neighbour, that would move away under the finger, and the press be lost.

import { onScopeDispose, readonly, ref, type Ref } from 'vue';

const moment = 300;

export interface Held { held: Readonly<Ref<readonly string[]>>; hold: (id: string) => void }

/** `hold` says in which row the keyboard is now, '' for none; `held` are the rows that stay. */
export function useHeld(): Held {
  const held = ref<string[]>([]);
  let current = '';
  let isPressed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function letGo(): void {
    if (!isPressed) {
      held.value = current === '' ? [] : [current];
    }
  }

  function wait(): void {
    clearTimeout(timer);
    timer = setTimeout(letGo, moment);
  }

  function press(): void {
    isPressed = true;
  }

  function lift(): void {
    isPressed = false;
    wait();
  }

  addEventListener('pointerdown', press, true);
  addEventListener('pointerup', lift, true);
  addEventListener('pointercancel', lift, true);
  onScopeDispose(() => {
    clearTimeout(timer);
    removeEventListener('pointerdown', press, true);
    removeEventListener('pointerup', lift, true);
    removeEventListener('pointercancel', lift, true);
  });

  return {
    held: readonly(held),
    hold(id: string): void {
      current = id;
      if (id !== '' && !held.value.includes(id)) {
        held.value = [...held.value, id];
      }
      wait();
    },
  };
}
