// What of an incident is lit on the plan's chart: from the same data, and in the same words, as the cards beside it.

import type { Chart, ChartSheet, Duty, Incident, Position, Scale } from '../api/types';
import { t } from '../texts';

/** How something stands; also the class that its box gets. */
export type Look = 'order' | 'reached' | 'possible' | 'true' | 'open' | 'overdue' | 'owed' | 'standing' | 'settled' | 'filled' | 'unfilled';

/** The strongest first: a box that stands for several things is outlined as the first of them. */
export const looks: Look[] = ['order', 'overdue', 'reached', 'owed', 'true', 'standing', 'filled', 'unfilled', 'possible', 'open', 'settled'];

export interface Light { look: Look; words: string }

/** What a box of a sheet stands for. */
export interface Meaning {
  scale: string;
  level: string;
  rule: number;
  duties: string[];
  parties: string[];
  command: string;
  /** numbers among the command's positions, from 1 */
  positions: number[];
}

const names = (value: string | null): string[] => (value ? value.split('\n') : []);

export function meaningOf(box: Element): Meaning {
  const text = (name: string) => box.getAttribute(`data-${name}`) ?? '';
  return {
    scale: text('scale'),
    level: text('level'),
    rule: Number(text('rule')),
    duties: names(text('duties')),
    parties: names(text('parties')),
    command: text('command'),
    positions: names(text('positions')).map(Number),
  };
}

/** The order in force, the level reached and the level still possible: each for itself, as the scale's card has them. */
function lightLevel(scale: Scale, level: string): Light[] {
  const lights: Light[] = [];
  const add = (value: string | null, look: Look, words: string) => {
    if (value !== null && (level === '' || value === level)) {
      lights.push({ look, words: level === '' ? `${words} ${value}` : words });
    }
  };
  add(scale.order, 'order', t('scale.order'));
  add(scale.level, 'reached', t('scale.level'));
  add(scale.may, 'possible', t('scale.may'));
  return lights;
}

function lightRule(scale: Scale, rule: number): Light[] {
  if (scale.because.some(({ number }) => number === rule)) {
    return [{ look: 'true', words: t('chart.holds') }];
  }
  return scale.open.some(({ number }) => number === rule) ? [{ look: 'open', words: t('chart.open') }] : [];
}

/** How many of them stand so; nothing where none does. */
function count(look: Look, words: string, duties: Duty[]): Light[] {
  return duties.length ? [{ look, words: duties.length > 1 ? `${words} ${duties.length}` : words }] : [];
}

const asksForDeed = ({ kind }: Duty): boolean => kind === 'duty' || kind === 'decision';

export function lightDuties(duties: Duty[]): Light[] {
  const owed = duties.filter(({ status }) => status === 'owed');
  const settled = (status: Duty['status']) => count('settled', t(`duties.status.${status}`), duties.filter((duty) => duty.status === status));
  return [
    ...count('overdue', t('chart.overdue'), owed.filter((duty) => asksForDeed(duty) && duty.overdue)),
    ...count('owed', t('duties.status.owed'), owed.filter((duty) => asksForDeed(duty) && !duty.overdue)),
    ...(['option', 'forbid', 'notice'] as const).flatMap((kind) => count('standing', t(`duties.kind.${kind}`), owed.filter((duty) => duty.kind === kind))),
    ...settled('done'),
    ...settled('declined'),
    ...settled('lapsed'),
  ];
}

/** A role: which units fill it. A command, a work group: whether it stands. Anybody: what is owed. */
function lightParty(incident: Incident, name: string): Light[] {
  const role = incident.roles.find((one) => one.name === name);
  if (role) {
    return [role.units.length ? { look: 'filled', words: role.units.join(t('chart.and')) } : { look: 'unfilled', words: t('roles.none') }];
  }
  const command = incident.commands.find((one) => one.name === name || one.groups.some((group) => group.name === name));
  if (command && command.stands !== 'no') {
    return [command.stands === 'yes' ? { look: 'filled', words: t('command.stands.yes') } : { look: 'open', words: t('command.stands.open') }];
  }
  return [];
}

const owedBy = (incident: Incident, name: string): Duty[] =>
  incident.duties.filter((duty) => duty.status === 'owed' && asksForDeed(duty) && (duty.bearer === name || duty.bearer_role === name));

/** The positions that a box stands for, as they are in the incident. */
const positionsOf = (incident: Incident, { command, positions }: Meaning): Position[] =>
  incident.commands.find(({ name }) => name === command)?.positions.filter((_, index) => positions.includes(index + 1)) ?? [];

/** Who holds it now; open while it is not known whether the command stands, or whether this holds. */
function lightPosition(incident: Incident, meaning: Meaning): Light[] {
  const found = incident.commands.find(({ name }) => name === meaning.command);
  const held = found?.stands === 'no' ? [] : positionsOf(incident, meaning);
  const now = held.filter(({ holds }) => holds === 'yes' && found?.stands === 'yes');
  if (now.length) {
    const who = now.flatMap(({ holders, held_by, one_serves }) => (holders.length ? [holders.join(t(one_serves ? 'chart.or' : 'chart.and'))] : [held_by]));
    return [{ look: 'filled', words: who.join(t('chart.and')) }];
  }
  return held.some(({ holds }) => holds !== 'no') ? [{ look: 'open', words: t('command.stands.open') }] : [];
}

/** All that is to be said of a box now; nothing where the incident says nothing of it. */
export function lightsOf(meaning: Meaning, incident: Incident): Light[] {
  const scale = incident.scales.find(({ name }) => name === meaning.scale);
  if (scale) {
    return meaning.rule ? lightRule(scale, meaning.rule) : lightLevel(scale, meaning.level);
  }
  if (meaning.positions.length) {
    return lightPosition(incident, meaning);
  }
  const [party] = meaning.parties;
  return [
    ...(meaning.parties.length === 1 && party !== undefined ? lightParty(incident, party) : []),
    ...lightDuties(
      meaning.duties.length
        ? incident.duties.filter(({ name }) => meaning.duties.includes(name))
        : [...new Set(meaning.parties.flatMap((name) => owedBy(incident, name)))],
    ),
  ];
}

/** What a box is called where it stands in a list. */
export function nameOf(meaning: Meaning, incident: Incident): string {
  const scale = incident.scales.find(({ name }) => name === meaning.scale);
  if (scale && meaning.rule) {
    const reason = [...scale.because, ...scale.open].find(({ number }) => number === meaning.rule);
    return reason ? `${reason.level}：${reason.condition}` : scale.name;
  }
  return (
    [meaning.scale, meaning.level].filter(Boolean).join(' ') ||
    [meaning.command, positionsOf(incident, meaning)[0]?.name].filter(Boolean).join(' ') ||
    (meaning.duties.length ? meaning.duties : meaning.parties).join(t('chart.and'))
  );
}

/** Duties of a sheet that are owed, and of those the overdue ones. */
export function pressing(sheet: ChartSheet, incident: Incident): { owed: number; overdue: number } {
  const owed = incident.duties.filter((duty) => duty.status === 'owed' && asksForDeed(duty) && sheet.duties.includes(duty.name));
  return { owed: owed.length, overdue: owed.filter(({ overdue }) => overdue).length };
}

/** The sheet on which the present level stands among the others; where there is none, the first. */
export function firstSheet(chart: Chart, incident: Incident): number {
  for (const scale of incident.scales) {
    const level = scale.order ?? scale.level ?? scale.may;
    const has = (sheet: ChartSheet) => sheet.kind === 'ladder' && sheet.levels.some((one) => one.scale === scale.name && (level === null || one.level === level));
    const found = chart.sheets.find(has);
    if (found) {
      return found.number;
    }
  }
  return chart.sheets[0]?.number ?? 0;
}
