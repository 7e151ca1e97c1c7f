// What the server's openapi.json says, as types. Names and order are those of that file.

export interface Problem { type: string; title: string; status: number; detail: string; field?: string }

export interface Written { sequence: number; incident?: number; call?: number; exercise?: number; repeated?: boolean }

export interface Account {
  name: string;
  display_name: string;
  administrator: boolean;
  desk: boolean;
  auditor?: boolean;
  parties: string[];
  /** Nobody signs in under it. */
  closed?: boolean;
  /** In the list of accounts: for If-Match of a change. */
  tag?: string;
}

/** What is not there stays as it is. */
export interface AccountChange {
  name: string;
  display_name?: string;
  administrator?: boolean;
  desk?: boolean;
  auditor?: boolean;
  parties?: string[];
  closed?: boolean;
}

export interface NewAccount {
  name: string;
  display_name: string;
  password: string;
  administrator?: boolean;
  desk?: boolean;
  auditor?: boolean;
  parties?: string[];
}

export interface SecondFactor { enrolled: boolean; recovery_codes_left: number }

export interface FactorSecret { secret: string; uri: string }

export interface Token {
  name: string;
  display_name: string;
  scope: ('read' | 'facts' | 'calls')[];
  parties: string[];
  made_by: string;
  made_at: string;
  used_at: string | null;
  ended_at: string | null;
}

export interface NewToken { name: string; display_name: string; scope: Token['scope']; parties?: string[] }

export interface MadeToken { sequence: number; repeated?: boolean; token: string }

export interface Session { account: Account; csrf_token: string; second_factor_due: boolean; server_time: string }

/** Somebody signed in or out, or tried; or a password or a second factor was changed. */
export interface SignInRecord {
  account: string | null;
  kind: 'signed-in' | 'signed-out' | 'password-wrong' | 'code-asked' | 'code-wrong' | 'account-closed' | 'password' | 'reset' | 'factor-on' | 'factor-off';
  address: string | null;
  by: string | null;
  first_at: string;
  at: string;
  times: number;
}

/** Who must have a second factor. */
export interface FactorRule { accounts: string[]; orderers: boolean; missing: string[] }

export interface Spoken { who: string; from: string }

export interface Answer { by?: string; source?: string; note?: string; spoken?: Spoken }

export interface NewCall {
  text: string;
  place?: string;
  caller?: string;
  phone?: string;
  called_at?: string;
  incident?: number;
}

export interface NewHearing {
  text: string;
  called_at?: string;
  plan?: string;
  incident?: number;
}

/** What a text says of a fact, for a person to take or to leave. */
export interface Offer {
  plan: string;
  subject: string;
  fact: string;
  value: string;
  words: string;
  from: number;
  to: number;
  negated: boolean;
  uncertain: boolean;
}

export interface Hearing { offers: Offer[] }

export interface Call {
  /** For If-Match of what gives it to an incident. */
  tag: string;
  number: number;
  text: string;
  place: string;
  caller: string;
  phone: string;
  called_at: string;
  saved_at: string;
  taken_by: string;
  incident: number | null;
}

export interface NewIncident { plan: string; subject: string; title: string; first_sighted_at?: string; call?: number }

/** As `pinyue decide` takes it; null is "unknown". */
export type Value = null | boolean | number | string | string[];

export type Basis = 'observed' | 'predicted';

export interface NewFacts {
  facts: Record<string, Value>;
  source: string;
  as_of?: string;
  basis?: Basis;
  reason?: string;
  call?: number;
}

export interface DeskPlan { name: string; version: string; title: string; language: string; subjects: string[]; directory: number }

export interface DeskScale {
  name: string;
  ordered: boolean;
  level: string | null;
  may: string | null;
  order: string | null;
  undetermined: boolean;
}

export interface DeskIncident {
  number: number;
  title: string;
  plan: string;
  subject: string;
  opened_at: string;
  scales: DeskScale[];
  open_proposals: number;
  overdue: number;
  next_due_at: string | null;
}

export interface DeskClock {
  kind: 'duty' | 'proposal' | 'finding';
  id: string;
  incident: number;
  title: string;
  what: string;
  who: string;
  recipient: string | null;
  due_at: string;
  overdue: boolean;
  acknowledged: boolean;
}

/** Who stands in a post of a shift. */
export interface PersonOnDuty { name: string; phone: string; account: string | null }

export interface NewPersonOnDuty { name: string; phone?: string | null; account?: string | null }

export interface NewShift {
  from: string;
  until: string;
  leader?: NewPersonOnDuty | null;
  main: NewPersonOnDuty;
  second?: NewPersonOnDuty | null;
}

export interface Shift {
  number: number;
  from: string;
  until: string;
  leader: PersonOnDuty | null;
  main: PersonOnDuty | null;
  second: PersonOnDuty | null;
  set_by: string;
  set_at: string;
  withdrawn: boolean;
  taken_at: string | null;
  taken_by: string | null;
  notes: string;
  notes_by: string | null;
  notes_at: string | null;
  /** For If-Match: of a correction or withdrawal, of the notes. */
  tag: string;
  notes_tag: string;
}

/** Who is on duty, and which shift answers for what is open. */
export interface DutyRoom {
  on_duty: Shift | null;
  responsible: Shift | null;
  incoming: Shift | null;
  overdue_since: string | null;
  empty_since: string | null;
  changes_at: string | null;
}

/** What one shift has handed over to another, by its numbers. */
export interface Handover {
  sequence: number;
  at: string;
  from: Shift | null;
  to: Shift | null;
  accepted_by: string;
  notes: string;
  notes_by: string | null;
  incidents: string[];
  clocks: string[];
  calls: string[];
  notices: string[];
  spoken: string[];
  /** Of each kind, those that are not listed included. */
  totals: { incidents: number; clocks: number; calls: number; notices: number; spoken: number };
}

/** What is open, for the shift that takes over. */
export interface OpenMatters {
  sequence: number;
  duty_room: DutyRoom;
  incidents: DeskIncident[];
  clocks: DeskClock[];
  spoken: SpokenOrder[];
  calls: Call[];
  notices: Notice[];
  totals: { incidents: number; clocks: number; overdue: number; calls: number; notices: number; spoken: number };
}

/** The to-call list: the soonest due, and how many there are. */
export interface ToCall {
  /** False: a row is lost until the server is started anew. */
  whole: boolean;
  totals: { notices: number; to_call: number; overdue: number };
  notices: Notice[];
}

export interface NewDelegation { party: string; to: string; from?: string; until: string; reason: string }

/** An account lets another act for an office or unit, for a period. */
export interface Delegation {
  number: number;
  party: string;
  by: string;
  to: string;
  from: string;
  until: string;
  reason: string;
  made_at: string;
  withdrawn_at: string | null;
  withdrawn_by: string | null;
}

/** Nobody who may order on this scale has an account, nor a delegation. */
export interface Unbound {
  incident: number;
  scale: string;
  parties: string[];
  owner: string | null;
  since: string;
  due_at: string | null;
}

export interface Desk {
  server_time: string;
  sequence: number;
  plans: DeskPlan[];
  duty_room: DutyRoom;
  delegations: Delegation[];
  unbound: Unbound[];
  incidents: DeskIncident[];
  clocks: DeskClock[];
  spoken: SpokenOrder[];
  calls: Call[];
  signatures: SignatureDue[];
  /** Of each kind, what is not listed included; overdue: of the clocks. */
  totals: { incidents: number; clocks: number; overdue: number; calls: number; spoken: number; unbound: number };
}

/** One kind of what is open, under its name, from where the desk's list ends. */
export interface OpenPage {
  page: number;
  total: number;
  incidents?: DeskIncident[];
  clocks?: DeskClock[];
  calls?: Call[];
  spoken?: SpokenOrder[];
  unbound?: Unbound[];
  notices?: Notice[];
}

export type ClockState = 'good' | 'stepped' | 'before-log' | 'long-stop';

/** What time the server takes it to be. */
export interface Clock { state: ClockState; wall: string; time: string }

/** An open incident to which a call may belong, and what they have in common. */
export interface Likely {
  incident: number;
  title: string;
  opened_at: string;
  same_phone: boolean;
  place: string | null;
  text: string | null;
  minutes_apart: number;
}

/** A unit that a place names, for a role that the plan binds by place. */
export interface Offered { unit: string; named: string; said: string }

/** What search has found of one kind. */
export interface FoundGroup {
  kind: 'incident' | 'person' | 'party' | 'call' | 'document' | 'report' | 'note' | 'duty' | 'clause';
  more: boolean;
  hits: Found[];
}

export interface Found {
  title: string;
  detail: string;
  field: string;
  parts: FoundPart[];
  plan: string | null;
  call: number | null;
  incident: number | null;
  incident_title: string | null;
  sequence: number | null;
  at: string | null;
  /** Of a party. */
  phones: Phone[] | null;
  person: FoundPerson | null;
}

/** Who stands in the roster, or has an account. */
export interface FoundPerson {
  name: string;
  phone: string;
  account: string | null;
  /** For which the account acts. */
  parties: string[];
  /** The account is of the duty room. */
  desk: boolean;
  post: 'leader' | 'main' | 'second' | null;
  from: string | null;
  until: string | null;
}

/** A piece of the line in which something was found. */
export interface FoundPart { text: string; hit: boolean }

/** What search has found; not `whole` where there was too much to look at. */
export interface Search { query: string; whole: boolean; groups: FoundGroup[] }

/** A row of the to-call list. */
export interface Notice {
  id: string;
  incident: number;
  title: string;
  standing: boolean;
  plan: string;
  kind: 'duty' | 'proposal' | 'finding';
  item: string;
  what: string;
  action: string;
  party: string | null;
  step: number;
  phones: Phone[];
  fell_due_at: string;
  said_at: string;
  due_at: string | null;
  overdue: boolean;
  tries: number;
  tried_at: string | null;
  clauses: string[];
}

export interface Contact {
  answer: 'reached' | 'no-answer' | 'refused';
  phone?: string;
  spoken_with?: string;
  note?: string;
  acknowledged?: boolean;
}

/** An order, or the signature of a document, that was spoken by telephone and recorded by the duty room. */
export interface SpokenOrder {
  order: number;
  incident: number;
  at: string;
  kind: 'order' | 'refuse' | 'document';
  scale: string;
  level: string | null;
  title: string | null;
  sha256: string | null;
  by: string;
  who: string;
  from: string;
  recorded_by: string;
  reason: string;
  status: 'open' | 'confirmed' | 'disputed';
  settled_at: string | null;
  settled_by: string | null;
  remark: string;
}

export interface Draft { body: unknown; kept_at: string }

export type FactType = 'quantity' | 'flag' | 'time' | 'choice' | 'series';

export interface PlanFact {
  name: string;
  subject: string;
  type: FactType;
  unit: string;
  question: string;
  derived: boolean;
  choices: string[];
  predictable: boolean;
  clauses: string[];
}

export interface Orderer { parties: string[]; levels: string[]; ends: boolean; raise_only: boolean }

export interface PlanScale { name: string; subject: string; levels: string[]; ordered: boolean; orderers: Orderer[] }

export type PartyKind = 'unit' | 'office' | 'team' | 'role' | 'group' | 'contact' | 'command' | 'work-group';

export interface Phone {
  kind: string;
  label: string;
  number: string;
  /** A published number that no longer holds: the one before it does. */
  replaced?: boolean;
  /** The published number instead of which it holds. */
  replaces?: string;
  by?: string;
  at?: string;
  /** For If-Match of a correction. */
  tag?: string;
}

export interface Party {
  name: string;
  kind: PartyKind;
  aliases: string[];
  initials: string;
  of: string | null;
  held_by: string;
  members: string[];
  strength: string;
  phones: Phone[];
  clauses: string[];
}

export interface Calling {
  name: string;
  calls: { party: string; teams_of: boolean; request: string; clauses: string[] }[];
}

export interface Plan {
  name: string;
  version: string;
  title: string;
  document: string;
  issuer: string;
  language: string;
  /** offset from UTC, "+08:00" */
  zone: string;
  subjects: { name: string; standing: boolean }[];
  facts: PlanFact[];
  scales: PlanScale[];
  parties: Party[];
  callings: Calling[];
}

export interface Reason { number: number; level: string; condition: string; clauses: string[] }

export interface Claim {
  number: number;
  sequence: number;
  value: string;
  basis: '' | Basis;
  source: string;
  as_of: string;
  heard_at: string;
  status: 'stands' | 'corrected' | 'withdrawn';
  replaced_by: number | null;
}

export interface Fact {
  name: string;
  from: string | null;
  question: string;
  type: FactType;
  derived: boolean;
  state: 'known' | 'range' | 'unknown';
  value: string;
  choices: string[];
  claims: Claim[];
}

export interface Ask { fact: string; question: string; may_reach: string | null }

export interface Scale {
  name: string;
  levels: string[];
  ordered: boolean;
  level: string | null;
  may: string | null;
  order: string | null;
  ended: boolean;
  undetermined: boolean;
  because: Reason[];
  open: Reason[];
  ask: Ask[];
  proposal: string | null;
}

export interface Proposal {
  id: string;
  scale: string;
  kind: 'raise' | 'lower' | 'end';
  status: 'open' | 'accepted' | 'refused' | 'superseded' | 'lapsed';
  from: string | null;
  to: string | null;
  level: string | null;
  may: string | null;
  because: Reason[];
  /** Of a proposal to end; without a condition, no level holds any more. */
  end: { condition: string; clauses: string[] } | null;
  raised_at: string;
  due_at: string | null;
  ended_at: string | null;
  overdue: boolean;
  acknowledged_at: string | null;
  by: string | null;
  source: string;
  reason: string;
  deciders: string[];
}

export interface Duty {
  id: string;
  name: string;
  kind: 'duty' | 'option' | 'forbid' | 'notice' | 'decision';
  action: string;
  bearer: string | null;
  bearer_role: string | null;
  recipient: string | null;
  partners: string[];
  means: string[];
  status: 'owed' | 'done' | 'declined' | 'lapsed';
  lapse: '' | 'cause-ended' | 'replaced' | 'absorbed' | 'incident-ended' | 'plan-moved';
  since: string;
  due_at: string | null;
  counted: '' | 'elapsed' | 'day' | 'daily' | 'monthly' | 'quarterly' | 'half-yearly' | 'yearly';
  setting: string;
  notified_at: string | null;
  acknowledged_at: string | null;
  acknowledger: string;
  acknowledged_from: string;
  done_at: string | null;
  source: string;
  proof: string;
  proof_asked: string;
  attachments: Attachment[];
  overdue: boolean;
  step: number;
  breaches: number;
  clauses: string[];
}

/** A file that proves something. */
export interface Attachment { sha256: string; name: string; bytes: number; type: string; sent_by: string; sent_at: string }

/** A file on its way. */
export interface Upload { id: string; name: string; bytes: number; offset: number }

export interface Uploaded { id: string; name: string; bytes: number; offset: number; sequence: number; sha256: string; type: string; repeated?: boolean }

export interface OwnIncident {
  number: number;
  title: string;
  place: string;
  plan: string;
  zone: string;
  opened_at: string;
  scales: DeskScale[];
  /** Something in it is one's own, or one may order there. */
  takes_part: boolean;
  orders: boolean;
  tag: string;
}

export interface AskedFact {
  name: string;
  from: string | null;
  question: string;
  type: FactType;
  derived: boolean;
  state: 'known' | 'range' | 'unknown';
  value: string;
  choices: string[];
  unit: string;
  predictable: boolean;
}

export interface AskedScale { name: string; levels: string[]; ordered: boolean; order: string | null; ask: Ask[]; orderers: Orderer[] }

/** What can be reported and ordered in an incident. */
export interface Questions { number: number; facts: AskedFact[]; scales: AskedScale[] }

/** A signed document that went to a party of one's own. */
export interface Received {
  document: number;
  incident: number;
  incident_title: string;
  form: string;
  title: string;
  office: string;
  signer: string;
  at: string;
  party: string;
  sent_at: string;
  pages: number;
  bytes: number;
  sha256: string;
  /** The document that has taken its place. */
  replaced_by: number | null;
}

/** What one's own parties owe and decide. */
export interface Own { sequence: number; duty_room: DutyRoom; incidents: OwnIncident[]; duties: Duty[]; proposals: Proposal[]; spoken: SpokenOrder[]; signatures: SignatureDue[]; documents: Received[]; delegations: Delegation[]; totals: { incidents: number; duties: number; proposals: number; spoken: number; signatures: number; documents: number } }

export interface Finding {
  id: string;
  kind: 'role-unbound' | 'chain-exhausted' | 'contradiction' | 'move-lost';
  claim: { number: number; fact: string; value: string; source: string; as_of: string; believed: string } | null;
  party: string | null;
  owner: string | null;
  item: string | null;
  raised_at: string;
  due_at: string | null;
  closed_at: string | null;
  overdue: boolean;
}

export interface Role { name: string; many: boolean; units: string[]; bound_by: string | null; offered: Offered[] }

export type Holds = 'yes' | 'no' | 'open';

export interface Position {
  name: string;
  holds: Holds;
  holders: string[];
  one_serves: boolean;
  held_by: string;
  condition: string;
  clauses: string[];
}

export interface WorkGroup { name: string; lead: string | null; members: string[]; task: string; clauses: string[] }

export interface Command {
  name: string;
  permanent: boolean;
  stands: Holds;
  condition: string;
  clauses: string[];
  positions: Position[];
  groups: WorkGroup[];
}

export type SheetKind = 'flow' | 'ladder' | 'report' | 'measure' | 'command' | 'terms';

export interface ChartLevel { scale: string; level: string }

export interface ChartSheet { number: number; title: string; kind: SheetKind; levels: ChartLevel[]; duties: string[] }

/** The sheets on which a plan is drawn. */
export interface Chart { plan: string; version: string; sheets: ChartSheet[] }
export type ForceStep = 'called' | 'no-answer' | 'declined' | 'coming' | 'set-out' | 'arrived' | 'released' | 'withdrawn';

export interface NewForce {
  party: string;
  outside?: boolean;
  step: ForceStep;
  people?: number;
  spoken_with?: string;
  phone?: string;
  note?: string;
  as_of?: string;
  corrects?: number;
}

export interface Muster { parties: number; people: number; uncounted: number }

export interface ForceEntry {
  sequence: number;
  step: ForceStep;
  people: number | null;
  spoken_with: string;
  phone: string;
  note: string;
  as_of: string;
  heard_at: string;
  actor: string;
  corrects: number | null;
  replaced_by: number | null;
}

/** A team or unit that was called, or came. */
export interface Force {
  party: string;
  outside: boolean;
  state: 'none' | Exclude<ForceStep, 'withdrawn'>;
  since: string | null;
  people: number | null;
  asked: number | null;
  entries: ForceEntry[];
}

export interface Forces { asked: Muster; coming: Muster; there: Muster; parties: Force[] }

export interface Order {
  scale: string;
  level: string | null;
  at: string;
  by: string | null;
  override: boolean;
  facts_level: string | null;
  facts_may: string | null;
  source: string;
  reason: string;
}

export interface LogEvent {
  sequence: number;
  kind: string;
  at: string;
  incident: number | null;
  actor: string;
  fields: Record<string, string>;
}

/** One step in which the plan handles such an incident, and how far it has come. */
export interface Step {
  name: string;
  text: string;
  needed: 'yes' | 'maybe' | 'no';
  done: boolean;
  current: boolean;
  facts: { name: string; state: 'known' | 'range' | 'unknown' }[];
  duties: { name: string; ids: string[]; optional: boolean; owed: number }[];
  clauses: string[];
}

export interface Incident {
  number: number;
  title: string;
  place: string;
  status: 'open' | 'merged' | 'closed';
  merged_into: number | null;
  plan: string;
  version: string;
  language: string;
  subject: string;
  opened_at: string;
  first_report_at: string | null;
  server_time: string;
  facts: Fact[];
  steps: Step[];
  scales: Scale[];
  proposals: Proposal[];
  duties: Duty[];
  findings: Finding[];
  roles: Role[];
  commands: Command[];
  forces: Forces;
  orders: Order[];
  spoken: SpokenOrder[];
  calls: Call[];
  timeline: LogEvent[];
}

/** What a form of the plan asks for in an incident. */
export interface DocumentForm {
  form: string;
  spoken: boolean;
  clauses: string[];
  signers: string[];
  addressees: string[];
  duties: DocumentDuty[];
  proposal: string | null;
  open: number;
  due_at: string | null;
  overdue: boolean;
  signed: SignedDocument[];
  dispatches: Dispatch[];
  submitted: SubmittedText | null;
}

/** A text that waits for a signature, or has been sent back. `submission` is the number of its event. */
export interface SubmittedText {
  submission: number;
  title: string;
  body: string;
  addressees: string[];
  replaces: number | null;
  events: number | null;
  basis: string | null;
  drafted: string | null;
  drafted_title: string | null;
  drafted_addressees: string[] | null;
  at: string;
  submitter: string;
  status: 'waiting' | 'returned';
  returned_at: string | null;
  returned_by: string | null;
  returner: string | null;
  reason: string | null;
}

/** One that waits in an open incident; `text` is told to who may sign it, on the units' page. */
export interface SignatureDue {
  submission: number;
  incident: number;
  form: string;
  title: string;
  signers: string[];
  submitter: string;
  at: string;
  due_at: string | null;
  overdue: boolean;
  text: SubmittedText | null;
}

export interface NewSubmission {
  form: string;
  title: string;
  body: string;
  addressees: string[];
  replaces?: number;
  events?: number;
  basis?: string;
  drafted?: string;
  drafted_title?: string;
  drafted_addressees?: string[];
}

export interface DocumentDuty {
  id: string;
  name: string;
  bearer: string | null;
  recipient: string | null;
  status: 'owed' | 'done' | 'declined' | 'lapsed';
  due_at: string | null;
  done_at: string | null;
  overdue: boolean;
  optional: boolean;
}

/** `document` is the number of its event; `head` the log's head that is printed on it. */
export interface SignedDocument {
  document: number;
  title: string;
  at: string;
  office: string;
  signer: string;
  phone: string | null;
  spoken: SpokenOrder | null;
  actor: string;
  head: string;
  sha256: string;
  bytes: number;
  pages: number;
  addressees: string[];
  missing: string[];
  dispatches: Dispatch[];
  replaces: number | null;
  replaced_by: number | null;
}

export type Way = 'phone' | 'print' | 'fax' | 'scan' | 'receipt';

export interface Dispatch {
  sequence: number;
  party: string;
  way: Way;
  as_of: string;
  spoken_with: string;
  phone: string;
  note: string;
  attachments: string[];
  duty: string | null;
  actor: string;
}

export interface DocumentDraft {
  form: string;
  spoken: boolean;
  title: string;
  body: string;
  addressees: string[];
  signers: string[];
  at: string;
  events: number;
  basis: string;
}

export interface NewDocument {
  form: string;
  title: string;
  body: string;
  addressees: string[];
  by?: string;
  spoken?: Spoken;
  replaces?: number;
  submission?: number;
  events?: number;
  basis?: string;
  seen?: string;
}

export interface NewDispatch {
  form: string;
  document?: number;
  party: string;
  way: Way;
  duty?: number;
  as_of?: string;
  spoken_with?: string;
  phone?: string;
  note?: string;
  attachments?: string[];
}

/** A document as it would be printed; what of it no font has, and what only another one has ("U+9555"). */
export interface Preview {
  pdf: string;
  pages: number;
  missing: string[];
  borrowed: string[];
  fonts: { body: string; title: string; heading: string; lacking: string | null };
}

export interface Drill { drill: string; title: string; about: string; first: boolean }

export interface ExerciseSeat { seat: string; account: string }

export type ExerciseStatus = 'running' | 'paused' | 'ended';

/** began_at, real_end: by the wall clock; bytes: what it takes on the disk, told to whoever may put it away. */
export interface ExerciseSummary { number: number; title: string; status: ExerciseStatus; speed: number; time: string; began_at: string; real_end: string | null; bytes?: number }

/** What the script has left to a person. */
export interface ExerciseOffer {
  number: number;
  at: string;
  party: string;
  statement: string;
  incident: number | null;
  outcome: 'open' | 'done' | 'played' | 'stood-in';
  settled_at: string | null;
}

export interface Exercise {
  server_time: string;
  number: number;
  title: string;
  status: ExerciseStatus;
  speed: number;
  time: string;
  began_at: string;
  real_end: string | null;
  drill: string;
  plan: string;
  started_by: string;
  from: string;
  seats: ExerciseSeat[];
  offers: ExerciseOffer[];
  place: number;
  statements: number;
  script_problem: string | null;
  ended_at: string | null;
  leads: boolean;
}

export interface JudgedRow {
  kind: 'duty' | 'proposal';
  id: string;
  incident: number;
  clauses: string[];
  what: string;
  who: string | null;
  recipient: string | null;
  played_by: string | null;
  due_at: string | null;
  done_at: string | null;
  outcome: 'met' | 'late' | 'missed' | 'open';
  late_seconds: number | null;
}

export interface JudgedExpectation { line: number; at: string; statement: string; passed: boolean; actual: string }

export interface JudgedOffer { number: number; at: string; party: string; statement: string; outcome: 'met' | 'missed'; took_seconds: number | null }

export interface Judgement {
  server_time: string;
  title: string;
  plan: string;
  from: string;
  until: string;
  met: number;
  late: number;
  missed: number;
  open: number;
  rows: JudgedRow[];
  script: JudgedExpectation[];
  offers: JudgedOffer[];
}

/** Something that had to happen by an instant and had not, or did later. */
export interface LateItem {
  id: string;
  kind: 'duty' | 'proposal' | 'finding';
  what: 'done' | 'acknowledged' | 'decided' | 'settled';
  title: string;
  owners: string[];
  /** To whom it had to be done. */
  recipient: string | null;
  due_at: string;
  ended_at: string | null;
  late_seconds: number;
  /** Nobody did it: it ended because the incident was closed over it. */
  cut_off: boolean;
  clauses: string[];
}

/** What a decider had before him. */
export interface Saw {
  version: string;
  order: string | null;
  level: string | null;
  may: string | null;
  because: string[];
  open: string[];
}

export interface Decision {
  sequence: number | null;
  at: string;
  kind: 'order' | 'refuse' | 'done' | 'decline' | 'close' | 'reopen' | 'merge' | 'split' | 'move' | 'settlement' | 'document' | 'automatic';
  incident: number | null;
  scale: string | null;
  level: string | null;
  outcome: string | null;
  /** Of the document that was signed off. */
  title: string | null;
  settles: number | null;
  by: string | null;
  source: string;
  actor: string;
  reason: string;
  delegated_by: string | null;
  spoken: { who: string; from: string } | null;
  saw: Saw | null;
  item: string | null;
  asked_at: string | null;
  due_at: string | null;
  late_seconds: number | null;
}

/** An incident as it was at a moment. */
export interface Audit {
  at: string;
  sequence: number;
  head: string;
  late: LateItem[];
  decisions: Decision[];
  documents: DocumentForm[];
  incident: Incident;
}

export interface Moment {
  sequence: number | null;
  at: string;
  kind: string;
  actor: string;
  item: string | null;
}

export interface Moments { now: string; head: string; moments: Moment[] }
