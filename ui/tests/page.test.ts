// Parts that are mounted, in both languages: what must not happen to somebody who types.
import { createApp, defineComponent, h, nextTick, shallowRef } from 'vue';
import { afterEach, expect, test, vi } from 'vitest';
import type { Duty, Incident, Notice, SpokenOrder } from '../src/api/types';
import { tell } from '../src/parts/events';
import { spokenDecision, spokenOrder } from '../src/parts/spoken';
import CloseForm from '../src/parts/CloseForm.vue';
import NoticeList from '../src/parts/NoticeList.vue';
import FactForm from '../src/parts/FactForm.vue';
import IncidentView from '../src/parts/IncidentView.vue';
import ReopenForm from '../src/parts/ReopenForm.vue';
import { wantedItem } from '../src/stores/call';
import { go } from '../src/stores/route';
import { account } from '../src/stores/session';
import { i18n, language, t } from '../src/texts';

const at = '2022-08-20T03:05:00Z';
const none = { parties: 0, people: 0, uncounted: 0 };

function sample(asks: string[]): Incident {
  const fact = (name: string, type: 'quantity' | 'flag') => ({
    name,
    from: null,
    question: `${name}?`,
    type,
    derived: false,
    state: 'unknown' as const,
    value: '',
    choices: [],
    claims: [],
  });
  return {
    number: 1,
    title: 'one',
    place: '',
    status: 'open',
    merged_into: null,
    plan: 'p',
    version: '1',
    language: 'en',
    subject: 's',
    opened_at: at,
    first_report_at: null,
    server_time: at,
    facts: [fact('dead', 'quantity'), fact('area', 'quantity'), fact('wild', 'flag')],
    steps: [],
    scales: [
      {
        name: 'response',
        levels: ['low', 'high'],
        ordered: true,
        level: null,
        may: 'high',
        order: null,
        ended: false,
        undetermined: true,
        because: [],
        open: [],
        ask: asks.map((name) => ({ fact: name, question: `${name}?`, may_reach: 'high' })),
        proposal: null,
      },
    ],
    proposals: [],
    duties: [],
    findings: [],
    roles: [],
    commands: [],
    forces: { asked: none, coming: none, there: none, parties: [] },
    orders: [],
    spoken: [],
    calls: [],
    timeline: [],
  };
}

let unmount: (() => void) | null = null;
afterEach(() => {
  unmount?.();
  language.value = 'zh-CN';
});

function mount(part: Parameters<typeof h>[0], incident: Incident) {
  const shown = shallowRef(incident);
  const root = document.createElement('div');
  document.body.append(root);
  const app = createApp(defineComponent(() => () => h(part, { incident: shown.value })));
  app.use(i18n).mount(root);
  unmount = () => {
    app.unmount();
    root.remove();
  };
  return { shown, root };
}

const field = (root: HTMLElement, testid: string) => root.querySelector<HTMLInputElement>(`[data-testid="${testid}"]`)!;

test('new data move neither the focus nor the field that is typed in', async () => {
  const { shown, root } = mount(FactForm, sample(['dead', 'area', 'wild']));
  const node = field(root, 'fact-1');
  node.focus();
  node.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
  node.value = 'ban';
  node.dispatchEvent(new Event('input', { bubbles: true }));
  shown.value = sample(['wild', 'dead']); // turned round, and what is typed in is asked no more
  await nextTick();
  expect(field(root, 'fact-1')).toBe(node);
  expect(document.activeElement).toBe(node);
  expect(node.value).toBe('ban');
  expect([...root.querySelectorAll<HTMLElement>('[data-fact]')].map((row) => row.dataset.fact)).toEqual(['dead', 'area', 'wild']);
});

test('for what runs by itself the time that the server names is asked', () => {
  const incident = sample(['burning', 'wild']);
  const [first] = incident.facts;
  incident.facts.push({ ...first!, name: 'began', type: 'time' }, { ...first!, name: 'told', type: 'time' }, { ...first!, name: 'burning', derived: true, from: 'began' });
  const { root } = mount(FactForm, incident);
  expect([...root.querySelectorAll<HTMLElement>('[data-fact]')].map((row) => row.dataset.fact)).toEqual(['began', 'wild']);
});

test('nothing known is shown as nothing known, and a level is never made up', () => {
  const { root } = mount(IncidentView, sample(['dead']));
  expect(field(root, 'scale-order').textContent).toBe(t('scale.none'));
  expect(field(root, 'scale-level').textContent).toBe('未定');
  expect(field(root, 'scale-may').textContent).toBe('high');
  expect(root.querySelector('[data-testid="facts-unknown"]')?.textContent).toContain('area');
});

test('a duty that somebody asks to see is shown, settled or not, and has the keyboard', async () => {
  const duty: Duty = {
    id: '1.1', name: 'warn', kind: 'duty', action: 'warn', bearer: 'town', bearer_role: null, recipient: null, partners: [], means: [], status: 'done', lapse: '',
    since: at, due_at: null, counted: '', setting: '', notified_at: null, acknowledged_at: null, acknowledged_from: '', acknowledger: '', done_at: at, source: '', proof: '', proof_asked: '', attachments: [],
    overdue: false, step: 0, breaches: 0, clauses: [],
  };
  vi.stubGlobal('CSS', { escape: (text: string) => text }); // jsdom has neither
  Element.prototype.scrollIntoView = () => undefined;
  go('/incident/1');
  const { root } = mount(IncidentView, { ...sample([]), duties: [duty, { ...duty, id: '1.2' }] });
  expect(field(root, 'duty-1.1')).toBeNull();
  wantedItem.value = 'duty-1.1';
  await nextTick();
  await nextTick();
  expect(document.activeElement).toBe(field(root, 'duty-1.1'));
  expect(field(root, 'duty-1.2')).toBeNull();
  go('/');
});

/** What is said to the server meanwhile; everything is taken. */
function hear(): { path: string; body: unknown }[] {
  const heard: { path: string; body: unknown }[] = [];
  vi.stubGlobal('fetch', (path: string, { body }: RequestInit) => {
    if (typeof body === 'string') {
      heard.push({ path, body: JSON.parse(body) });
    }
    return Promise.resolve(new Response('{"sequence": 1}', { status: 201, headers: { 'Content-Type': 'application/json' } }));
  });
  return heard;
}

function type(root: HTMLElement, testid: string, text: string): void {
  const input = field(root, testid);
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

test('closing lets lapse what is owed only where somebody has ticked that he has seen it; reopening asks why', async () => {
  const heard = hear();
  const duty = { id: '1.1', name: 'warn', kind: 'duty', bearer: 'town', status: 'owed' } as Duty;
  const closing = mount(CloseForm, { ...sample([]), duties: [duty] });
  type(closing.root, 'incident-close-reason', 'over');
  await nextTick();
  expect(field(closing.root, 'incident-close').disabled).toBe(true);
  field(closing.root, 'incident-close-accept').dispatchEvent(new Event('change'));
  await nextTick();
  field(closing.root, 'incident-close').click();
  await vi.waitFor(() => expect(heard).toContainEqual({ path: '/api/v1/incidents/1/closing', body: { reason: 'over', lapse: true } }));
  unmount?.();
  const done = mount(CloseForm, sample([]));
  type(done.root, 'incident-close-reason', 'over');
  await nextTick();
  field(done.root, 'incident-close').click();
  await vi.waitFor(() => expect(heard).toContainEqual({ path: '/api/v1/incidents/1/closing', body: { reason: 'over' } }));
  unmount?.();
  const spoken = { order: 7, incident: 1, at: '2022-08-20T03:05:00.000+00:00', kind: 'refuse', scale: 'response', level: null, by: 'office', who: 'Zhang', from: '023', status: 'open' } as SpokenOrder;
  const unconfirmed = mount(CloseForm, { ...sample([]), spoken: [spoken, { ...spoken, order: 8, status: 'confirmed' }, { ...spoken, order: 9, incident: 4711, by: 'deputy' }] });
  type(unconfirmed.root, 'incident-close-reason', 'heard');
  await nextTick();
  expect(unconfirmed.root.textContent).toContain('office');
  expect(unconfirmed.root.textContent).toMatch(/deputy.*4711/); // it was spoken in an incident that goes on in this one
  expect(field(unconfirmed.root, 'incident-close').disabled).toBe(true);
  field(unconfirmed.root, 'incident-close-accept').dispatchEvent(new Event('change'));
  await nextTick();
  field(unconfirmed.root, 'incident-close').click();
  await vi.waitFor(() => expect(heard).toContainEqual({ path: '/api/v1/incidents/1/closing', body: { reason: 'heard', lapse: true } }));
  unmount?.();
  const reopening = mount(ReopenForm, { ...sample([]), status: 'closed' });
  expect(field(reopening.root, 'incident-reopen').disabled).toBe(true);
  type(reopening.root, 'incident-reopen-reason', 'smoke again');
  await nextTick();
  field(reopening.root, 'incident-reopen').click();
  await vi.waitFor(() => expect(heard).toContainEqual({ path: '/api/v1/incidents/1/reopening', body: { reason: 'smoke again' } }));
  vi.unstubAllGlobals();
});

test('the incident that a call leaves says where it went', () => {
  const event = { sequence: 9, kind: 'desk.call-incident', at, incident: 2, actor: 'A', fields: { call: '7', incident: '2' } };
  expect(tell(event, sample([])).text).toBe('来电 7 改归事件 2');
  expect(tell({ ...event, incident: 1 }, sample([])).text).toBe(t('timeline.assign'));
});

test('the page changes its language on the spot', async () => {
  const { root } = mount(IncidentView, sample(['dead']));
  language.value = 'en';
  await nextTick();
  expect(root.textContent).toContain('Ask next');
  expect(document.documentElement.lang).toBe('en');
  expect(localStorage.getItem('pinyue.language')).toBe('en');
});

test('a correction shows the old value struck out', () => {
  const incident = sample([]);
  incident.facts[0]!.claims = [
    { number: 4, sequence: 1, value: '2', basis: '', source: 'A', as_of: at, heard_at: at, status: 'corrected', replaced_by: 5 },
    { number: 5, sequence: 2, value: '1', basis: '', source: 'B', as_of: at, heard_at: '2022-08-20T03:09:00Z', status: 'stands', replaced_by: null },
  ];
  const event = (sequence: number, kind: string, when: string, fields: Record<string, string>) => ({ sequence, kind, at: when, incident: 1, actor: 'x', fields });
  const report = tell(event(1, 'report', at, { fact: 'dead', value: '2', source: 'A' }), incident);
  expect(report).toMatchObject({ void: true });
  expect(report.text).toContain('dead');
  const correction = tell(event(2, 'correct', '2022-08-20T03:09:00Z', { fact: 'dead', claim: '4', value: '1', source: 'B' }), incident);
  expect(correction.struck).toBe('dead 2');
  expect(correction.text).toContain('1');
  expect(tell(event(3, 'quite new', at, { a: 'b' }), incident).text).toContain('quite new');
});

test('an order by telephone is told as one, wherever it is shown, until the next order', () => {
  const incident = sample([]);
  const order = (level: string, when: string) => ({ scale: 'response', level, at: when, by: 'A', override: false, facts_level: null, facts_may: null, source: '', reason: '' });
  incident.orders = [order('low', at)];
  incident.spoken = [{ order: 7, incident: 1, at: '2022-08-20T03:05:00.000+00:00', kind: 'order', scale: 'response', level: 'low', by: 'A', who: 'Zhang', from: '023' } as SpokenOrder];
  expect(spokenOrder(incident, 'response')?.who).toBe('Zhang');
  expect(spokenOrder(incident, 'other')).toBeNull();
  const elsewhere = { ...incident, spoken: incident.spoken.map((one) => ({ ...one, incident: one.incident + 1 })) }; // and goes on in this one
  expect(spokenOrder(elsewhere, 'response')).toBeNull();
  expect(spokenDecision(elsewhere, 'response', at)).toBeNull();
  expect(spokenDecision(incident, 'response', at)?.order).toBe(7);
  expect(spokenDecision(incident, 'response', null)).toBeNull();
  incident.orders.push(order('high', '2022-08-20T04:00:00Z'));
  expect(spokenOrder(incident, 'response')).toBeNull();
});

const notice = (id: string): Notice => ({
  id, incident: 1, title: 'one', standing: false, plan: 'p', kind: 'duty', item: id, what: 'w', action: 'tell', party: `party ${id}`, step: 0,
  phones: [{ kind: 'phone', label: '', number: '023-6551 2350' }], fell_due_at: at, said_at: at, due_at: at, overdue: true, tries: 0, tried_at: null, clauses: [],
});

test('a row of the to-call list that goes away while one works in the list stays until one leaves it', async () => {
  account.value = { name: 'x', display_name: 'x', administrator: false, desk: true, parties: [] };
  const shown = shallowRef([notice('1.1'), notice('1.2')]);
  const root = document.createElement('div');
  document.body.append(root);
  const app = createApp(defineComponent(() => () => h(NoticeList, { rows: shown.value })));
  app.use(i18n).mount(root);
  unmount = () => {
    app.unmount();
    root.remove();
    account.value = null;
  };
  const row = (id: string) => field(root, `notice-${id}`) as HTMLElement | null;
  expect(row('1.1')!.querySelector('a')!.getAttribute('href')).toBe('tel:02365512350');
  row('1.1')!.querySelector<HTMLElement>('[data-testid="notice-details"]')!.focus();
  await nextTick();
  shown.value = [notice('1.3'), notice('1.2')];
  await nextTick();
  expect([...root.querySelectorAll<HTMLElement>('.notice')].map(({ dataset }) => [dataset.testid, dataset.state])).toEqual([
    ['notice-1.1', 'gone'], ['notice-1.2', 'open'], ['notice-1.3', 'open'],
  ]);
  expect(row('1.1')!.textContent).toContain(t('toCall.gone'));
  expect(row('1.1')!.querySelector('[data-testid="notice-reached"]')!.getAttribute('aria-disabled')).toBe('true');
  expect((document.activeElement as HTMLElement).dataset.testid).toBe('notice-details'); // nothing took the keyboard away
  (document.activeElement as HTMLElement).blur();
  await new Promise((resolve) => setTimeout(resolve, 350));
  expect([...root.querySelectorAll<HTMLElement>('.notice')].map(({ dataset }) => dataset.testid)).toEqual(['notice-1.3', 'notice-1.2']);
});
