// The alarm sounds: made by oscillators, no files. Each kind has a figure of its own that is told apart without looking.

import { ref } from 'vue';
import { exercise } from '../api/place';

export type Kind = 'overdue' | 'proposal' | 'lost';

/** A tone glides from one frequency to the other; times in seconds from the figure's beginning. */
interface Tone { from: number; to: number; at: number; length: number; shape: OscillatorType }

const figures: Record<Kind, Tone[]> = {
  // Five short, sharp beats: what is overdue presses.
  overdue: [0, 0.18, 0.36, 0.54, 0.72].map((at) => ({ from: 880, to: 880, at, length: 0.11, shape: 'square' as const })),
  // Two soft tones upwards: something has come to decide.
  proposal: [
    { from: 523, to: 523, at: 0, length: 0.28, shape: 'triangle' },
    { from: 784, to: 784, at: 0.32, length: 0.5, shape: 'triangle' },
  ],
  // One that sinks: the line is gone.
  lost: [{ from: 620, to: 180, at: 0, length: 1.1, shape: 'sawtooth' }],
};

/** How long a figure lasts, in milliseconds. */
export const lengthOf = (kind: Kind): number => Math.max(...figures[kind].map(({ at, length }) => at + length)) * 1000;

export type SoundState = 'unknown' | 'on' | 'blocked' | 'none';

/** Whether this page can be heard. */
export const soundState = ref<SoundState>('unknown');

let context: AudioContext | null = null;

function look(): void {
  if (context) {
    soundState.value = context.state === 'running' ? 'on' : 'blocked';
  }
}

/** Makes sure of the sound; browsers give it only to a page on which somebody has pressed something. */
export async function openSound(): Promise<boolean> {
  if (typeof AudioContext === 'undefined') {
    soundState.value = 'none';
    return false;
  }
  try {
    if (!context) {
      context = new AudioContext();
      context.onstatechange = look;
    }
    if (context.state !== 'running') {
      // Where it is not allowed this promise stays open until it is.
      await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
    }
  } catch {
    soundState.value = 'none';
    return false;
  }
  look();
  return context.state === 'running';
}

export function play(kind: Kind, volume = exercise === null ? 0.25 : 0.06): void {
  if (context?.state !== 'running') {
    return;
  }
  const start = context.currentTime + 0.02;
  for (const tone of figures[kind]) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.type = tone.shape;
    oscillator.frequency.setValueAtTime(tone.from, start + tone.at);
    oscillator.frequency.linearRampToValueAtTime(tone.to, start + tone.at + tone.length);
    const loud = tone.shape === 'triangle' ? volume * 1.6 : volume * 0.6;
    // Without a slope it would crack.
    gain.gain.setValueAtTime(0, start + tone.at);
    gain.gain.linearRampToValueAtTime(loud, start + tone.at + 0.015);
    gain.gain.setValueAtTime(loud, start + tone.at + tone.length - 0.03);
    gain.gain.linearRampToValueAtTime(0, start + tone.at + tone.length);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start + tone.at);
    oscillator.stop(start + tone.at + tone.length + 0.02);
  }
}

/** Any press on the page may open the sound; it moves nothing on the page. */
export function openSoundOnPress(): void {
  const press = () => {
    if (soundState.value !== 'on' && soundState.value !== 'none') {
      void openSound();
    }
  };
  addEventListener('pointerdown', press, { capture: true, passive: true });
  addEventListener('keydown', press, { capture: true, passive: true });
}
