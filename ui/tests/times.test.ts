import { expect, test } from 'vitest';
import { hearServerTime, parseZone, serverNow } from '../src/stores/clock';
import { fullTime, localInstant, readAhead, readInstant, readTime, shortTime, span, spellTimes, zoneName } from '../src/stores/times';

const zone = 480;
const reference = Date.parse('2022-08-20T03:10:00+08:00');
const at = (text: string) => {
  const read = readTime(text, reference, zone);
  return read === null ? null : new Date(read).toISOString();
};

test('a time of day that is yet to come is the next one', () => {
  const noon = Date.UTC(2022, 7, 20, 4);
  expect(localInstant(readAhead('8:00', noon, noon, 480)!, 480)).toBe('2022-08-21T08:00');
  expect(localInstant(readAhead('20:00', noon, noon, 480)!, 480)).toBe('2022-08-20T20:00');
  expect(localInstant(readAhead('12:00', noon, noon, 480)!, 480)).toBe('2022-08-21T12:00');
  expect(localInstant(readAhead('8-20 8:00', noon, noon, 480)!, 480)).toBe('2022-08-20T08:00');
  expect(readAhead('soon', noon, noon, 480)).toBeNull();
});

test('times as one writes them at night', () => {
  const expected = '2022-08-19T19:05:00.000Z';
  for (const text of ['3:05', '03:05', '305', '0305', '3：05', '3点05分', '3点05', '３：０５', '8-20 3:05', '8月20日3:05', '2022-08-20 3:05', '2022-08-20T03:05']) {
    expect(at(text), text).toBe(expected);
  }
  expect(at('23:50')).toBe('2022-08-19T15:50:00.000Z'); // last evening's, not tonight's
  expect(at('3点')).toBe('2022-08-19T19:00:00.000Z');
  for (const text of ['', '25:00', '3:60', '13-40 3:05', '昨天', '三点', '3']) {
    expect(at(text), text).toBeNull();
  }
});

test('in January a day in December is last year’s', () => {
  expect(new Date(readTime('12-31 23:00', Date.parse('2023-01-01T01:00:00+08:00'), zone)!).toISOString()).toBe('2022-12-31T15:00:00.000Z');
});

test('ranges of times keep their signs', () => {
  expect(spellTimes('3:05', reference, zone)).toBe('2022-08-20T03:05+08:00');
  expect(spellTimes('2:50..3:05', reference, zone)).toBe('2022-08-20T02:50+08:00..2022-08-20T03:05+08:00');
  expect(spellTimes('>=2:50', reference, zone)).toBe('>=2022-08-20T02:50+08:00');
  expect(spellTimes('2022-08-20T02:50..2022-08-20T03:05', reference, zone)).toBe('2022-08-20T02:50+08:00..2022-08-20T03:05+08:00');
  expect(spellTimes('不明', reference, zone)).toBe('不明');
});

test('instants and spans are shown short', () => {
  expect(shortTime('2022-08-19T19:05:00Z', reference, zone)).toBe('3:05');
  expect(shortTime('2022-08-19T15:05:00Z', reference, zone)).toBe('8-19 23:05');
  expect(shortTime('2021-08-19T15:05:00Z', reference, zone)).toBe('2021-08-19 23:05');
  expect(span(299_999)).toEqual({ days: 0, text: '4:59' });
  expect(span(-3_661_000)).toEqual({ days: 0, text: '1:01:01' });
  expect(span(90_000_000)).toEqual({ days: 1, text: '1:00:00' });
  expect(parseZone('+08:00')).toBe(480);
  expect(parseZone('-03:30')).toBe(-210);
  expect(parseZone('08')).toBeNull();
});

test('the server’s time is told by this computer’s clock and the offset', () => {
  const here = Date.now();
  hearServerTime(new Date(here + 7_200_000).toISOString(), here - 40, here + 40);
  expect(Math.abs(serverNow() - Date.now() - 7_200_000)).toBeLessThan(100);
  // a slow answer does not spoil a good measurement
  hearServerTime(new Date(here + 7_200_000 - 900).toISOString(), here - 2000, here);
  expect(Math.abs(serverNow() - Date.now() - 7_200_000)).toBeLessThan(200);
});

test('a right time is given to the second, with or without its day', () => {
  const iso = (text: string) => {
    const read = readInstant(text, reference, zone);
    return read === null ? null : new Date(read).toISOString();
  };
  expect(iso('2022-08-20 3:05:10')).toBe('2022-08-19T19:05:10.000Z');
  expect(iso('3:05:10')).toBe('2022-08-19T19:05:10.000Z');
  expect(iso('8-20 3点05分10秒')).toBe('2022-08-19T19:05:10.000Z');
  expect(iso('3:05')).toBe('2022-08-19T19:05:00.000Z');
  expect(iso('3:05:61')).toBeNull();
  expect(fullTime(Date.parse('2022-08-19T19:05:10Z'), zone)).toBe('2022-08-20 3:05:10');
});

test('the zone of what is shown has a name', () => {
  expect([480, 330, 0, -210].map((minutes) => zoneName(minutes))).toEqual(['UTC+8', 'UTC+5:30', 'UTC', 'UTC−3:30']);
});
