import { expect, test } from 'vitest';
import { changesBetween, isPending, takeChange } from '../src/stores/drafted';

const old = '火情性质：森林火灾\n死亡：尚未查明\n被困：尚未查明\n投入力量：\n尚未调动力量。\n';
const now = '火情性质：森林火灾\n死亡：2人\n被困：尚未查明\n投入力量：\n消防支队：已到场\n主要经过：\n';

test('what the log says otherwise now, old lines and new ones', () => {
  expect(changesBetween(old, now)).toEqual([
    { old: ['死亡：尚未查明'], now: ['死亡：2人'], before: '火情性质：森林火灾' },
    { old: ['尚未调动力量。'], now: ['消防支队：已到场', '主要经过：'], before: '投入力量：' },
  ]);
  expect(changesBetween(old, old)).toEqual([]);
  expect(changesBetween('', 'a\n')).toEqual([{ old: [], now: ['a'], before: null }]);
});

test('taken in one by one, what was typed besides stays', () => {
  const typed = old.replace('被困', '值班员补充：风向转北。\n被困');
  const [dead, forces] = changesBetween(old, now) as [never, never];
  expect(isPending(typed, dead)).toBe(true);
  const one = takeChange(typed, dead);
  expect(one).toContain('死亡：2人\n值班员补充：风向转北。\n被困');
  expect(one).not.toContain('死亡：尚未查明');
  expect([isPending(one, dead), isPending(one, forces)]).toEqual([false, true]);
  const both = takeChange(one, forces);
  expect(both).toContain('投入力量：\n消防支队：已到场\n主要经过：\n');
  expect(isPending(both, forces)).toBe(false);
});

test('a line that was changed by hand stays, and the new one stands with it', () => {
  const typed = old.replace('死亡：尚未查明', '死亡：据村民说有人死亡');
  const [dead] = changesBetween(old, now) as [never];
  expect(isPending(typed, dead)).toBe(true);
  expect(takeChange(typed, dead)).toContain('火情性质：森林火灾\n死亡：2人\n死亡：据村民说有人死亡');
  expect(takeChange('另写\n', dead)).toBe('另写\n死亡：2人\n');
});

test('lines that are gone are taken out', () => {
  const [gone] = changesBetween('a\nb\nc', 'a\nc') as [never];
  expect(takeChange('a\nb\nc', gone)).toBe('a\nc');
  expect(isPending('a\nc', gone)).toBe(false);
});
