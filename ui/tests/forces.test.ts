import { expect, test } from 'vitest';
import type { Calling, Force, Incident, Party, Plan } from '../src/api/types';
import { isFax, voiceOf } from '../src/parts/phones';
import { linesOf, nextToCall, phonesOf, readPeople, stepsFor } from '../src/stores/forces';

const party = (name: string, kind: Party['kind'], more: Partial<Party> = {}): Party => ({ name, kind, aliases: [], initials: '', of: null, held_by: '', members: [], strength: '', phones: [], clauses: [], ...more });
const phone = (kind: string, number: string) => ({ kind, label: '', number });
const plan = {
  parties: [
    party('甲镇', 'unit', { phones: [phone('fax', '1'), phone('duty-phone', '2')] }),
    party('乙镇', 'unit'),
    party('各镇', 'group', { members: ['甲镇', '乙镇'] }),
    party('当地', 'role'),
    party('甲队', 'team', { of: '甲镇', phones: [phone('fax', '3')] }),
    party('乙队', 'team', { of: '乙镇' }),
    party('消防队', 'team'),
  ],
} as unknown as Plan;
const calling: Calling = {
  name: '次序',
  calls: [
    { party: '当地', teams_of: true, request: '', clauses: [] },
    { party: '消防队', teams_of: false, request: '', clauses: [] },
    { party: '各镇', teams_of: true, request: '', clauses: [] },
    { party: '乙镇', teams_of: false, request: '请支援', clauses: [] },
  ],
};
const incident = (units: string[], states: Record<string, Force['state']> = {}) =>
  ({
    roles: [{ name: '当地', many: true, units, bound_by: null }],
    forces: { parties: Object.entries(states).map(([name, state]) => ({ party: name, state })) },
  }) as unknown as Incident;

test('a calling order reaches teams of a role that is held, of a group, and single ones', () => {
  const lines = linesOf(plan, incident(['乙镇']), calling);
  expect(lines.map(({ parties }) => parties.map(({ name }) => name))).toEqual([['乙队'], ['消防队'], ['甲队', '乙队'], ['乙镇']]);
  expect(linesOf(plan, incident([]), calling)[0]).toMatchObject({ parties: [], open: true });
  expect(linesOf(plan, null, calling)[0]).toMatchObject({ parties: [], open: true });
});

test('next is the first of whom nothing stands', () => {
  const next = (states: Record<string, Force['state']>) => nextToCall(linesOf(plan, incident(['乙镇'], states), calling), incident(['乙镇'], states));
  expect(next({})).toBe('乙队');
  expect(next({ 乙队: 'no-answer' })).toBe('消防队');
  expect(next({ 乙队: 'none' })).toBe('乙队');
  expect(next({ 乙队: 'coming', 消防队: 'arrived' })).toBe('甲队');
  expect(next({ 乙队: 'coming', 消防队: 'arrived', 甲队: 'declined', 乙镇: 'called' })).toBeNull();
});

test('nobody is called at a fax', () => {
  expect(isFax(phone('fax', '1'))).toBe(true);
  expect(voiceOf([phone('fax', '1'), phone('phone', '2')])).toEqual([phone('phone', '2')]);
  expect(phonesOf(plan, '甲队')).toEqual([phone('duty-phone', '2')]);
  expect(phonesOf(plan, '乙队')).toEqual([]);
  expect(phonesOf(plan, '外来的')).toEqual([]);
});

test('what can be said next depends on how it stands, and on who says it', () => {
  expect(stepsFor('none', true)).toEqual(['called', 'coming', 'declined', 'no-answer', 'arrived']);
  expect(stepsFor('none', false)).toEqual(['coming', 'declined', 'arrived']);
  expect(stepsFor('coming', true)).toEqual(['set-out', 'arrived', 'declined']);
  expect(stepsFor('set-out', true)).toEqual(['arrived', 'declined']);
  expect(stepsFor('arrived', true)).toEqual(['arrived', 'released']);
  expect(stepsFor('released', true)).toEqual(stepsFor('none', true));
});

test('people as one writes them', () => {
  expect(readPeople('')).toBeUndefined();
  expect(readPeople(' 12 ')).toBe(12);
  expect(readPeople('１２人')).toBe(12);
  expect(readPeople('十二')).toBeNull();
  expect(readPeople('0')).toBeNull();
  expect(readPeople('123456')).toBeNull();
});
