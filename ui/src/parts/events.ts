// What the log says of an incident, in words.

import { shownValue } from './shownValue';
import { now } from '../stores/clock';
import { shortTime } from '../stores/times';
import type { Attachment, Claim, ForceStep, Incident, LogEvent } from '../api/types';
import { isOther, personName } from '../stores/people';
import { t, type TextKey } from '../texts';

export interface Told {
  sequence: number;
  at: string;
  text: string;
  /** An old value that no longer holds, shown struck out before the text. */
  struck: string;
  /** The whole line is struck out: it was corrected or not upheld later. */
  void: boolean;
  notes: string[];
  /** The account that entered it, where that is another than who said it. */
  actor: string;
  /** An order by telephone. */
  spoken: boolean;
  /** Files that prove it. */
  attachments: Attachment[];
}

const plain: Record<string, TextKey> = {
  time: 'timeline.time',
  adopt: 'timeline.adopt',
  open: 'timeline.open',
  bind: 'timeline.bind',
  unbind: 'timeline.unbind',
  refuse: 'timeline.refuse',
  reconsider: 'timeline.reconsider',
  notify: 'timeline.notify',
  acknowledge: 'timeline.acknowledge',
  done: 'timeline.done',
  decline: 'timeline.decline',
  breach: 'timeline.breach',
  merge: 'timeline.merge',
  split: 'timeline.split',
  move: 'timeline.move',
  close: 'timeline.close',
  reopen: 'timeline.reopen',
  call: 'timeline.call',
  'call-incident': 'timeline.assign',
  place: 'timeline.place',
  clock: 'timeline.clock',
  account: 'timeline.account',
};

function claimOf(incident: Incident, number: string | undefined): { fact: string; claim: Claim } | null {
  for (const fact of incident.facts) {
    const claim = fact.claims.find((one) => String(one.number) === number);
    if (claim) {
      return { fact: fact.name, claim };
    }
  }
  return null;
}

/** What an item of the incident is: the action of a duty, the level of a proposal. */
function itemName(incident: Incident, kind: string, number: string | undefined): string {
  const id = `${incident.number}.${number ?? ''}`;
  if (kind === 'duty') {
    const duty = incident.duties.find((one) => one.id === id);
    return duty ? [duty.bearer ?? duty.bearer_role, duty.action].filter(Boolean).join(' ') : id;
  }
  if (kind === 'proposal') {
    const proposal = incident.proposals.find((one) => one.id === id);
    return `${t('timeline.item.proposal')} ${proposal ? `${proposal.scale} ${proposal.to ?? ''}` : id}`;
  }
  return `${t('timeline.item.finding')} ${id}`;
}

/** `reference`: the moment from which it is looked at. */
export function tell(event: LogEvent, incident: Incident, reference = now.value): Told {
  const { fields } = event;
  const kind = event.kind.replace(/^desk\./, ''); // the desk's own events

  const told: Told = { sequence: event.sequence, at: event.at, text: '', struck: '', void: false, notes: [], actor: '', spoken: false, attachments: [] };
  // The log spells units in one way for all plans; the claim that came of it, in the plan's language.
  const claimed = incident.facts.flatMap(({ claims }) => claims).find(({ sequence }) => sequence === event.sequence);
  const named: Record<string, string> = { ...fields, value: shownValue(claimed?.value ?? fields.value ?? '') };
  if (['notify', 'acknowledge', 'done', 'decline', 'breach'].includes(kind)) {
    named.item = itemName(incident, fields.item ?? 'duty', fields.number);
  }
  if (kind === 'report') {
    told.text = t('timeline.report', named);
    told.void = claimed !== undefined && claimed.status !== 'stands';
    if (fields.basis === 'predicted') {
      told.notes.push(t('timeline.predicted'));
    }
  } else if (kind === 'correct' || kind === 'withdraw') {
    const old = claimOf(incident, fields.claim);
    const fact = fields.fact ?? old?.fact ?? '';
    told.struck = old ? `${fact} ${shownValue(old.claim.value)}` : '';
    told.text = kind === 'withdraw' ? t('timeline.withdraw', { fact }) : t('timeline.correctValue', { fact, value: named.value });
  } else if (kind === 'order') {
    told.text = fields.level ? t('timeline.order', named) : t('timeline.orderEnd', named);
  } else if (kind === 'settlement') {
    const signed = incident.spoken.find(({ order, kind: what }) => what === 'document' && String(order) === fields.order);
    const outcome = fields.outcome === 'disputed' ? 'disputed' : 'confirmed';
    told.text = signed ? t(`timeline.signature.${outcome}`, { title: signed.title }) : t(`timeline.${outcome}`);
  } else if (kind === 'force') {
    const force = incident.forces.parties.find(({ party }) => party === fields.party);
    const entry = force?.entries.find(({ sequence }) => sequence === event.sequence);
    const old = force?.entries.find(({ sequence }) => String(sequence) === fields.corrects);
    const say = (step: ForceStep, people: string | number | null | undefined) => [t(`forces.said.${step}`), people ? t('forces.count', { n: people }) : ''].filter(Boolean).join(' ');
    told.struck = old ? say(old.step, old.people) : '';
    told.text = t('timeline.force', { who: fields.party, what: entry ? say(entry.step, entry.people) : fields.step });
    told.void = entry !== undefined && entry.replaced_by !== null;
    told.notes.push(...[fields.spoken_with, fields.phone, fields.note].flatMap((one) => one ?? []));
  } else if (kind === 'document') {
    told.text = t('timeline.document', named);
    told.notes.push(...(fields.phone ? [t('timeline.spoken', { who: fields.signer, number: fields.phone })] : []));
  } else if (kind === 'submission' || kind === 'submission-return') {
    told.text = t(kind === 'submission' ? 'timeline.submission' : 'timeline.submissionReturn', { form: fields.form, who: fields.submitter ?? fields.returner });
  } else if (kind === 'dispatch') {
    const way = (['phone', 'print', 'fax', 'scan', 'receipt'] as const).find((one) => one === fields.way);
    told.text = t('timeline.dispatch', { form: fields.form, who: fields.party, way: way ? t(`documents.ways.${way}`) : fields.way });
    told.notes.push(...[fields.spoken_with, fields.phone, fields.note].flatMap((one) => one ?? []));
  } else if (kind === 'contact') {
    const answer = (['reached', 'no-answer', 'refused'] as const).find((one) => one === fields.answer);
    told.text = t('timeline.contact', { who: fields.party, answer: answer ? t(`toCall.answer.${answer}`) : fields.answer });
    told.notes.push([itemName(incident, fields.item ?? 'duty', fields.number), fields.spoken_with, fields.phone, fields.note].filter(Boolean).join('，'));
  } else if ((kind === 'merge' || kind === 'split') && event.incident !== null && event.incident !== incident.number) {
    told.text = t(kind === 'merge' ? 'timeline.mergedHere' : 'timeline.splitHence', { n: event.incident });
  } else if ((kind === 'call-incident' || kind === 'open') && event.incident !== null && event.incident !== incident.number) {
    told.text = t('timeline.assignedElsewhere', { call: fields.call, n: event.incident });
  } else {
    const key = plain[kind];
    told.text = key ? t(key, named) : [kind, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`)].join(' ');
  }
  if (fields.by && !told.text.includes(fields.by)) {
    told.notes.push(t('timeline.by', { who: fields.by }));
  }
  if (fields.source && fields.source !== fields.spoken_by) {
    told.notes.push(t('timeline.source', { who: fields.source }));
  }
  if (fields.attachments) {
    told.attachments = incident.duties.find(({ id }) => id === `${incident.number}.${fields.number}`)?.attachments.filter(({ sha256 }) => fields.attachments!.includes(sha256)) ?? [];
  }
  if (fields.reason) {
    // Of a duty that is done the server keeps the proof there.
    told.notes.push(kind === 'done' ? t('duties.proofAsked', { what: fields.reason }) : t('timeline.reason', { why: fields.reason }));
  }
  if (fields.delegated_by && !event.kind.startsWith('desk.delegation')) {
    told.notes.push(t('timeline.delegated', { who: personName(fields.delegated_by), n: fields.delegation }));
  }
  if (fields.spoken_by) {
    told.spoken = true;
    told.notes.push(t('timeline.spoken', { who: fields.spoken_by, number: fields.spoken_from }));
  } else if (fields.spoken_from) {
    told.notes.push(`☎ ${t('duties.byPhone', { number: fields.spoken_from })}`);
  }
  if (kind === 'order' && (fields.level ?? '') !== (fields.saw_level ?? '')) {
    told.notes.push(t('timeline.against', { level: fields.saw_level ?? t('scale.none'), may: fields.saw_may ?? t('scale.none') }));
  }
  // Of a force it is always there, and mostly the moment in which it was entered.
  if (fields.as_of && ((kind !== 'force' && kind !== 'dispatch') || Math.abs(Date.parse(event.at) - Date.parse(fields.as_of)) >= 60_000)) {
    told.notes.push(t('timeline.asOf', { time: shortTime(fields.as_of, reference) }));
  }
  if (event.actor && isOther(event.actor, fields.source ?? '')) {
    told.actor = event.actor;
  }
  return told;
}
