// What somebody works in stays a moment after he has left it, and as long as a press lasts.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { useHeld, type Held } from '../src/stores/held';

let scope: EffectScope;
let rows: Held;
beforeEach(() => {
  vi.useFakeTimers();
  scope = effectScope();
  rows = scope.run(useHeld)!;
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

test('the row that is left goes a moment later, the one that is entered stays', () => {
  rows.hold('one');
  vi.advanceTimersByTime(1_000);
  expect(rows.held.value).toEqual(['one']);
  rows.hold('two');
  expect(rows.held.value).toEqual(['one', 'two']);
  vi.advanceTimersByTime(1_000);
  expect(rows.held.value).toEqual(['two']);
  rows.hold('');
  expect(rows.held.value).toEqual(['two']);
  vi.advanceTimersByTime(1_000);
  expect(rows.held.value).toEqual([]);
});

test('while a finger is down nothing goes', () => {
  rows.hold('one');
  dispatchEvent(new Event('pointerdown'));
  rows.hold('two');
  vi.advanceTimersByTime(5_000);
  expect(rows.held.value).toEqual(['one', 'two']);
  dispatchEvent(new Event('pointerup'));
  expect(rows.held.value).toEqual(['one', 'two']);
  vi.advanceTimersByTime(1_000);
  expect(rows.held.value).toEqual(['two']);
});
