// What is lit on the plan's chart: the same as the cards say, each thing for itself.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Chart, Command, Duty, Incident, Scale } from '../src/api/types';
import { firstSheet, lightsOf, meaningOf, nameOf, pressing, type Meaning } from '../src/parts/lit';
import { paint, readSheet } from '../src/parts/paint';
import { language } from '../src/texts';

const none: Meaning = { scale: '', level: '', rule: 0, duties: [], parties: [], command: '', positions: [] };

const scale = (changes: Partial<Scale>): Scale => ({
  name: 'response',
  levels: ['low', 'middle', 'high'],
  ordered: true,
  level: null,
  may: null,
  order: null,
  ended: false,
  undetermined: false,
  because: [],
  open: [],
  ask: [],
  proposal: null,
  ...changes,
});

const duty = (name: string, changes: Partial<Duty> = {}): Duty => ({ name, kind: 'duty', status: 'owed', overdue: false, bearer: 'town', bearer_role: null, ...changes }) as Duty;

const command = (changes: Partial<Command>): Command => ({ name: 'post', permanent: false, stands: 'yes', condition: '', clauses: [], positions: [], groups: [], ...changes });

const incident = (changes: Partial<Incident>): Incident =>
  ({ version: '1', plan: 'p', scales: [scale({})], duties: [], roles: [], commands: [], findings: [], ...changes }) as Incident;

const said = (meaning: Partial<Meaning>, of: Incident) => lightsOf({ ...none, ...meaning }, of).map(({ look, words }) => `${look} ${words}`);

beforeEach(() => {
  language.value = 'en';
});
afterEach(() => {
  language.value = 'zh-CN';
});

test('the order in force, the level reached and the level still possible are never one', () => {
  const now = incident({ scales: [scale({ order: 'low', level: 'middle', may: 'high' })] });
  const at = (level: string) => lightsOf({ ...none, scale: 'response', level }, now).map(({ look }) => look);
  expect([at('low'), at('middle'), at('high')]).toEqual([['order'], ['reached'], ['possible']]);
  expect(lightsOf({ ...none, scale: 'response' }, now).map(({ look }) => look)).toEqual(['order', 'reached', 'possible']);
  const all = incident({ scales: [scale({ order: 'low', level: 'low', may: 'low' })] });
  expect(lightsOf({ ...none, scale: 'response', level: 'low' }, all).map(({ look }) => look)).toEqual(['order', 'reached', 'possible']);
});

test('where nothing is known no level is lit as reached', () => {
  const now = incident({ scales: [scale({ may: 'high', undetermined: true })] });
  const looks = ['low', 'middle', 'high'].map((level) => lightsOf({ ...none, scale: 'response', level }, now).map(({ look }) => look));
  expect(looks).toEqual([[], [], ['possible']]);
});

test('rules that hold and rules that are open; nothing is said of the others', () => {
  const reason = (number: number) => ({ number, level: 'low', condition: `c${number}`, clauses: [] });
  const now = incident({ scales: [scale({ because: [reason(2)], open: [reason(3)] })] });
  const at = (rule: number) => lightsOf({ ...none, scale: 'response', rule }, now).map(({ look }) => look);
  expect([at(1), at(2), at(3)]).toEqual([[], ['true'], ['open']]);
  expect(nameOf({ ...none, scale: 'response', rule: 3 }, now)).toBe('low：c3');
});

test('duties by how they stand, the overdue apart, what is only offered or forbidden apart', () => {
  const now = incident({
    duties: [duty('report'), duty('report', { overdue: true }), duty('report', { status: 'done' }), duty('ask', { kind: 'option' }), duty('ask', { kind: 'option', overdue: true })],
  });
  expect(said({ duties: ['report'] }, now)).toEqual(['overdue overdue', 'owed owed', 'settled done']);
  expect(said({ duties: ['ask'] }, now)).toEqual(['standing Option 2']);
  expect(said({ duties: ['another'] }, now)).toEqual([]);
  expect(said({ parties: ['town'] }, now)).toEqual(['overdue overdue', 'owed owed']);
  expect(pressing({ number: 1, title: '', kind: 'flow', levels: [], duties: ['report', 'ask'] }, now)).toEqual({ owed: 2, overdue: 1 });
});

test('roles, commands, groups and positions', () => {
  const role = (units: string[]) => [{ name: 'nearest', many: false, units, bound_by: null, offered: [] }];
  expect(said({ parties: ['nearest'] }, incident({ roles: role([]) }))).toEqual(['unfilled not bound yet']);
  expect(said({ parties: ['nearest'] }, incident({ roles: role(['A', 'B']) }))).toEqual(['filled A, B']);
  const position = (holds: 'yes' | 'no' | 'open', holders: string[]) => ({ name: 'head', holds, holders, one_serves: false, held_by: '', condition: '', clauses: [] });
  const positions = [position('no', ['A']), position('yes', ['B'])];
  const groups = [{ name: 'supplies', lead: 'A', members: [], task: '', clauses: [] }];
  const now = incident({ commands: [command({ positions, groups })] });
  expect(said({ command: 'post', positions: [1, 2] }, now)).toEqual(['filled B']);
  expect(said({ command: 'post', positions: [1] }, now)).toEqual([]);
  expect(said({ parties: ['supplies'] }, now)).toEqual(['filled stands']);
  const open = incident({ commands: [command({ positions, groups, stands: 'open' })] });
  expect(said({ command: 'post', positions: [2] }, open)).toEqual(['open undetermined']);
  expect(said({ command: 'post', positions: [1] }, open)).toEqual([]);
  const not = incident({ commands: [command({ positions, groups, stands: 'no' })] });
  expect([said({ command: 'post', positions: [2] }, not), said({ parties: ['supplies'] }, not)]).toEqual([[], []]);
});

test('the sheet that holds the present level shows first', () => {
  const sheet = (number: number, kind: 'flow' | 'ladder', levels: string[]) => ({ number, title: '', kind, levels: levels.map((level) => ({ scale: 'response', level })), duties: [] });
  const chart: Chart = { plan: 'p', version: '1', sheets: [sheet(1, 'flow', []), sheet(2, 'ladder', ['low', 'middle']), sheet(3, 'ladder', ['high'])] };
  expect(firstSheet(chart, incident({ scales: [scale({ order: 'high', level: 'low' })] }))).toBe(3);
  expect(firstSheet(chart, incident({ scales: [scale({ level: 'low', may: 'high' })] }))).toBe(2);
  expect(firstSheet(chart, incident({}))).toBe(2);
  expect(firstSheet(chart, incident({ scales: [] }))).toBe(1);
});

const drawing = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">${inside}</svg>`;
const box = '<g id="b1" class="box level" data-scale="response" data-level="low" data-place="1 2 100 20"><rect class="outline"/><text>low</text></g>';

test('painting again leaves nothing of what was lit before', () => {
  const sheet = readSheet(drawing(box))!;
  expect(meaningOf(sheet.querySelector('#b1')!)).toEqual({ ...none, scale: 'response', level: 'low' });
  const lit = paint(sheet, incident({ scales: [scale({ order: 'low', level: 'low' })] }));
  expect(lit.map(({ id, name }) => [id, name])).toEqual([['b1', 'response low']]);
  expect(sheet.querySelector('#b1')!.getAttribute('class')).toBe('box level lit lit-order');
  expect(sheet.querySelectorAll('.badges text')).toHaveLength(2);
  paint(sheet, incident({ scales: [scale({ may: 'low' })] }));
  expect(sheet.querySelector('#b1')!.getAttribute('class')).toBe('box level lit lit-possible');
  expect(paint(sheet, null)).toEqual([]);
  expect(sheet.querySelector('#b1')!.getAttribute('class')).toBe('box level');
  expect(sheet.querySelector('.badges')).toBeNull();
});

test('only a drawing is let into the page', () => {
  expect(readSheet(drawing(box))).not.toBeNull();
  for (const bad of ['<script>1</script>', '<g onclick="x()"/>', '<a href="http://x.example"/>', '<image href="x"/>', '<rect style="fill:red"/>', '<foreignObject/>', '<g', '<html xmlns="http://www.w3.org/1999/xhtml"/>']) {
    expect(readSheet(drawing(bad)), bad).toBeNull();
  }
  expect(readSheet('<html/>')).toBeNull();
});
