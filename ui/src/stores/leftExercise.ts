// The exercise that this browser tab has left for the real desk, so that there is a way back to it.

const keptAs = 'pinyue.left-exercise';

export function keepLeft(exercise: number): void {
  try {
    sessionStorage.setItem(keptAs, String(exercise));
  } catch {
    // then the list of exercises leads back
  }
}

/** 0: none. */
export function readLeft(): number {
  try {
    return Number(sessionStorage.getItem(keptAs) ?? 0);
  } catch {
    return 0;
  }
}

export function forgetLeft(): void {
  try {
    sessionStorage.removeItem(keptAs);
  } catch {
    // it is not kept then
  }
}
