import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepFocus } from '../src/stores/focus';

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = '<button id="a">a</button><h2 id="place" tabindex="-1">h</h2><input id="other">';
  // jsdom lays nothing out: whatever is there is shown.
  vi.spyOn(Element.prototype, 'getClientRects').mockReturnValue([{}] as unknown as DOMRectList);
  document.getElementById('a')!.focus();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('when one’s own button is gone, the keyboard goes to what stands in its place', () => {
  keepFocus('#missing', '#place');
  vi.advanceTimersByTime(500);
  expect(document.activeElement?.id).toBe('a');
  document.getElementById('a')!.remove();
  vi.advanceTimersByTime(200);
  expect(document.activeElement?.id).toBe('place');
});

test('whoever has gone elsewhere himself is left alone, also when that was long ago', () => {
  keepFocus('#place');
  document.getElementById('other')!.focus();
  vi.advanceTimersByTime(100);
  document.getElementById('other')!.blur();
  document.getElementById('a')!.remove();
  vi.advanceTimersByTime(6000);
  expect(document.activeElement).toBe(document.body);
});

test('after some seconds nothing is moved any more', () => {
  keepFocus('#place');
  vi.advanceTimersByTime(6000);
  document.getElementById('a')!.remove();
  vi.advanceTimersByTime(6000);
  expect(document.activeElement).toBe(document.body);
});
