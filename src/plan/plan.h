/* plan — a compiled plan: everything a pack says, resolved, checked for names, types and units, immutable.
 *
 * What it is for: the one form in which a plan is handed to the engine, the checker, the chart and the desk. Names have
 * become indexes, quantities have become exact base units, conditions have become small trees without negation.
 * Owns: all of its memory, in one arena; plan_destroy frees it. Nothing in it changes after plan_compile.
 * Must never: read a clock or a file, know the name of any particular plan, or drop what the pack said: every part
 * keeps its line and its clauses, so that whatever comes out of it can be cited.
 */
#ifndef PINYUE_PLAN_PLAN_H
#define PINYUE_PLAN_PLAN_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/calendar.h"
#include "base/failure.h"
#include "base/quantity.h"
#include "base/suggestion.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define PLAN_NONE UINT16_MAX    /* "no such index" for all 16-bit indexes below */
#define PLAN_NO_NODE UINT32_MAX /* "no condition" for node indexes */
#define PLAN_FACTS_MAX 64       /* facts and derived facts of one subject: sets of them are one 64-bit word */
#define PLAN_CHOICES_MAX 32     /* values of a choice: sets of them are one 32-bit word */
#define PLAN_LEVELS_MAX 15      /* levels of a scale */
#define PLAN_SCALES_MAX 8       /* scales of one subject */
#define PLAN_TRIGGERS_MAX 256   /* triggers of a plan */
#define PLAN_STEPS_MAX 32       /* steps of a handling */
#define PLAN_FORM_ITEMS_MAX 64  /* paragraphs, headings and lists of a form */

/* A slice of one of the plan's arrays of 16-bit indexes (struct plan, `lists`). */
struct plan_list {
    uint32_t first;
    uint16_t count;
};

/* A slice of the plan's array of citations, or of notes. */
struct plan_span {
    uint32_t first;
    uint16_t count;
};

/* Where in the pack a thing stands. */
struct plan_place {
    uint32_t line, column; /* 1-based, in the pack's file */
};

/* An accepted finding: what a rule's author knows to be doubtful, and why it stands so all the same. */
struct plan_note {
    struct text kind;      /* the kind of finding: reading, clash, gap, falls, dead, silent, naming, count, … */
    struct plan_span with; /* the clauses that it collides with, if any */
    struct text reason;
    struct plan_place place;
};

/* ---- parties: whoever can owe, receive, order or be called ------------------------------------------------ */

enum plan_party_kind {
    PLAN_UNIT,      /* a unit 单位, also bodies such as a headquarters or its office */
    PLAN_OFFICE,    /* an office 职务 held by persons */
    PLAN_TEAM,      /* a team 队伍 that can be called */
    PLAN_ROLE,      /* a role 角色 bound to units for each incident */
    PLAN_GROUP,     /* a fixed list of parties: a duty of a group is owed by each member */
    PLAN_CONTACT,   /* a bare line of the telephone book: a hotline */
    PLAN_COMMAND,   /* a command structure 指挥机构, which can order and owe like a unit */
    PLAN_WORK_GROUP /* a work group 工作组 of a command */
};

struct plan_phone {
    struct text kind;  /* "office-phone", "duty-phone", "fax", "phone" */
    struct text label; /* a part of the team ("东部"), or empty */
    struct text number;
};

struct plan_party {
    enum plan_party_kind kind;
    struct text name;
    struct text *aliases;
    uint16_t alias_count;
    uint16_t of;               /* team: its unit; office: its unit; work group: its command; or PLAN_NONE */
    struct text held_by;       /* office: who holds it, in the document's words */
    struct text description;   /* free text of the pack, or empty */
    struct plan_list members;  /* group: its parties; team, work group: cooperating parties */
    uint16_t lead;             /* work group: the party that leads it */
    bool many;                 /* role: may be bound to several units */
    uint16_t placed_among;     /* role: the group of units of which the place names one; or PLAN_NONE */
    uint16_t bound_by;         /* role: the party that must see to it that it is bound */
    int64_t bind_within_us;    /* role: clock of the finding "not yet bound"; 0 where none */
    struct text team_kind;     /* team: 常备, 保障, 群众 … as the document has it */
    int64_t strength;          /* team: persons; -1 where not given */
    struct text strength_text; /* team: the strength in the document's own spelling ("10人/队") */
    struct plan_phone *phones;
    uint16_t phone_count;
    struct plan_span cites;
    struct plan_span notes;
    struct plan_place place;
};

/* ---- facts ------------------------------------------------------------------------------------------------ */

enum plan_fact_type {
    PLAN_QUANTITY, /* a number of a dimension (counts too): a range of base units */
    PLAN_FLAG,     /* yes or no: 1 or 0 */
    PLAN_TIME,     /* an instant in microseconds */
    PLAN_CHOICE,   /* one of named values, unordered: a set of value indexes */
    PLAN_SERIES    /* one ordered named value a day, observed and forecast */
};

struct plan_fact {
    struct text name;
    struct text question; /* what to ask for it, or empty */
    uint16_t subject;
    uint8_t slot; /* position among its subject's facts: 0 … PLAN_FACTS_MAX-1, in order of declaration */
    enum plan_fact_type type;
    enum quantity_dimension dimension;
    /* The whole declared range; unknown means all of it. Times: INT64_MIN … INT64_MAX; choices: low is the set of all
     * values, high 0; series: value indexes. */
    int64_t low, high;
    int8_t worse;         /* +1: more (or yes) is worse, -1: less (or no) is worse, 0: not said */
    bool predictable;     /* observed or predicted: both count, whichever is worse, until withdrawn */
    bool never_falls;     /* an update cannot take it back in the better direction; a correction can */
    bool not_after_first; /* time: never later than the incident's first report */
    struct text *choices; /* choice and series: names of the values, in order of declaration */
    uint16_t choice_count;
    struct text unknown_name; /* choice: the spelling that means "not known", or empty */
    bool presumed;            /* `decide` takes presumed_value unless told otherwise */
    int64_t presumed_value;   /* quantity, flag, time: the value; choice: the index */
    int64_t about;            /* what about means for it, base units either way (times: us); 0: as for the plan */
    struct plan_phrase *phrases;
    uint16_t phrase_count;
    uint16_t from, until; /* derived duration: the time fact it runs from, the flag that stops it; else PLAN_NONE */
    struct plan_span cites;
    struct plan_span notes;
    struct plan_place place;
};

/* Words by which a fact is recognised in speech, one variant: letters, blanks, and at most one # for the figure. */
struct plan_phrase {
    struct text words;
    /* Yes 1, no 0, a quantity, a set of choices. PLAN_FIGURE: what stands at the # says it. PLAN_OVER: what was said is over. */
    int64_t value;
    struct plan_place place;
};
#define PLAN_FIGURE INT64_C(-1)
#define PLAN_OVER INT64_C(-2)

/* An incident type, or a standing subject that exists as long as the plan is in force. */
struct plan_subject {
    struct text name;
    bool standing;
    uint16_t facts[PLAN_FACTS_MAX]; /* slot → index in plan.facts */
    uint16_t fact_count;
    uint16_t scales[PLAN_SCALES_MAX]; /* position → index in plan.scales */
    uint16_t scale_count;
    struct plan_span cites;
    struct plan_place place;
};

/* ---- conditions ------------------------------------------------------------------------------------------- */

/* A condition is a tree without negation: the compiler has pushed every `not` down into the leaves, turned > and <
 * into ≥ and ≤ on whole base units, = into both, ≠ into either, and copied named conditions in. */
enum plan_node_kind {
    PLAN_ALL,       /* every child holds (true when there are none) */
    PLAN_ANY,       /* some child holds (false when there are none) */
    PLAN_AT_LEAST,  /* sum of facts (quantities, flags, times; derived too) ≥ bound */
    PLAN_AT_MOST,   /* sum of facts ≤ bound */
    PLAN_AMONG,     /* a choice fact's value is in `choices` */
    PLAN_EVERY_DAY, /* each of `days` days of a series has a value in low … high (value indexes) */
    PLAN_SOME_DAY,  /* at least one of those days has a value in low … high */
    PLAN_LEVEL      /* a scale stands at a level in low … high (0 = none, 1 = lowest level): the order in force where
                       the scale has orders, else the level reached. Only in triggers, never inside scales. */
};

struct plan_node {
    enum plan_node_kind kind;
    struct plan_list children; /* ALL, ANY: indexes into plan.nodes, through plan.node_lists */
    struct plan_list facts;    /* leaves: indexes into plan.facts, through plan.lists; no fact twice in a sum */
    int64_t bound;             /* AT_LEAST, AT_MOST */
    uint32_t choices;          /* AMONG: set of value indexes */
    bool forward; /* days: the next days by forecast; else the last days, the latest observed one included */
    uint8_t days;
    uint8_t low, high;
    uint16_t scale; /* LEVEL */
    struct plan_place place;
};

/* A condition that has a name. It has been copied in wherever it is used: a node of the same place, kind and bounds as
 * its root begins such a copy, one of the same place alone a copy of its opposite. */
struct plan_condition {
    struct text name;
    uint16_t subject;
    struct plan_node root; /* its children are not to be looked at: they are those of the copies */
    struct plan_span cites;
    struct plan_place place;
};

/* ---- scales ----------------------------------------------------------------------------------------------- */

struct plan_rule {
    uint8_t level;      /* 1 = lowest */
    uint32_t condition; /* node that runs (the reading), the scale's `given` not included */
    uint32_t literal;   /* node of what the text literally says, or PLAN_NO_NODE where it is the same */
    struct plan_span cites;
    struct plan_span notes;
    struct plan_place place;
};

struct plan_orderer {
    struct plan_list parties; /* any one of them may order */
    uint8_t low, high;        /* for orders to these levels; 0 is ending */
    bool raise_only;          /* may raise, not lower or end */
    struct plan_span cites;
    struct plan_place place;
};

struct plan_scale {
    struct text name;
    uint16_t subject;
    uint8_t position;                        /* among its subject's scales */
    struct text levels[PLAN_LEVELS_MAX + 1]; /* [1] is the lowest; [0] is empty */
    uint8_t level_count;
    bool ordered;         /* has orders: level and order are two things */
    uint16_t proposed_by; /* party or PLAN_NONE */
    struct plan_orderer *orderers;
    uint16_t orderer_count;
    uint8_t automatic_low, automatic_high; /* levels in which the order follows the level by itself; 0,0 where none */
    int64_t decide_within_us;              /* clock of a proposal; 0 where none */
    struct text decide_setting;            /* the local setting that gave it, or empty */
    uint16_t chain;                        /* escalation of a proposal nobody decides */
    uint32_t given;                        /* must hold for any rule to, or PLAN_NO_NODE */
    uint32_t ends_when;                    /* or PLAN_NO_NODE */
    uint32_t reopens_when; /* after an end, raises are proposed again once this comes to hold; or PLAN_NO_NODE */
    struct plan_span ends_cites, reopens_cites, given_cites, proposed_cites, automatic_cites;
    uint32_t first_rule; /* in plan.rules, in order of declaration */
    uint16_t rule_count;
    struct plan_span cites; /* of the levels, of the braces around rules, and of the scale as a whole */
    struct plan_span notes;
    struct plan_place place;
};

/* ---- duties and what raises them -------------------------------------------------------------------------- */

enum plan_trigger_kind {
    PLAN_WHILE,  /* while `condition` certainly holds */
    PLAN_OPENED, /* from the moment the incident is opened (standing subject: the plan is put in force) */
    PLAN_DONE    /* each time an instance of `duty` has been done (proved, taken, decided) */
};

/* A command whose work groups have texts has a trigger too, for their duties. */
struct plan_trigger {
    enum plan_trigger_kind kind;
    uint16_t subject;
    uint32_t condition;              /* PLAN_WHILE */
    uint16_t duty;                   /* PLAN_DONE */
    uint16_t first_duty, duty_count; /* in plan.duties */
    struct plan_span cites;
    struct plan_place place;
};

enum plan_duty_kind {
    PLAN_DUTY,    /* must be done */
    PLAN_OPTION,  /* may be done, offered */
    PLAN_FORBID,  /* must not be done while the cause lasts */
    PLAN_NOTICE,  /* a standing notice while the cause lasts: nobody owes anything */
    PLAN_DECISION /* must be decided, yes or no, by the bearer */
};

enum plan_every { PLAN_ONCE, PLAN_EVERY_DAY_PERIOD, PLAN_MONTHLY, PLAN_QUARTERLY, PLAN_HALF_YEARLY, PLAN_YEARLY };

struct plan_duty {
    enum plan_duty_kind kind;
    struct text name;   /* unique in the plan; a notice's may be generated "notice@line" */
    struct text action; /* what is to be done, in the pack's words */
    uint16_t trigger;
    struct plan_list bearers;    /* parties; each owes its own; a group's members each; PLAN_BEARER_RECIPIENT allowed */
    struct plan_list partners;   /* cooperating parties */
    struct plan_list recipients; /* each tracked apart */
    struct text *means;          /* by which ways: 电话, 书面, … */
    uint16_t means_count;
    bool written;                  /* one of the ways is on paper: what it says is drafted by a form */
    int64_t within_us;             /* deadline after the cause began; -1 where no clock */
    struct text within_setting;    /* the local setting that gave it, or empty: then no clause gives this number */
    int64_t acknowledge_within_us; /* after notification; -1 where none */
    struct text acknowledge_setting;
    bool has_due_day;
    int32_t due_day;           /* to be done by the end of this day */
    enum plan_every every;     /* due again by the end of each period */
    uint32_t until;            /* done by itself once this certainly holds, or PLAN_NO_NODE */
    bool continues;            /* goes on when its cause ends */
    bool met_by_first_report;  /* the report by which the incident was opened has done it */
    struct plan_list replaces; /* duties (indexes in plan.duties) that lapse when this one arises */
    uint16_t chain;            /* escalation, or PLAN_NONE */
    struct text proof;         /* what proof is asked, or empty */
    uint16_t calling;          /* calling order to follow, or PLAN_NONE */
    struct plan_span cites;
    struct plan_span notes;
    struct plan_place place;
};

/* In a list of bearers or recipients: the recipient of the duty whose doing raised this one. */
#define PLAN_BEARER_RECIPIENT (UINT16_MAX - 1)

/* Escalation: whom to tell next, every so often, until somebody answers. Always a local setting. */
struct plan_chain {
    struct text name;
    struct plan_list steps; /* parties */
    int64_t every_us;
    struct text reason;
    struct plan_place place;
};

/* A number that no clause gives. */
struct plan_setting {
    struct text name;
    int64_t value_us;
    struct text reason;
    struct plan_place place;
};

/* What "about" means, which no document says: a part of the figure, and a length of time for times of the day. */
struct plan_about {
    uint8_t percent; /* 1 … 99; 0 where the plan does not say */
    int64_t time_us; /* 0 where it does not say */
    struct text reason;
    struct plan_place place;
};

struct plan_call {
    uint16_t party;      /* a team, or the party whose teams are meant */
    bool teams_of;       /* the teams of that unit, group or role */
    struct text request; /* a request through somebody instead of a call, or empty */
    struct plan_span cites;
    struct plan_span notes;
    struct plan_place place;
};

struct plan_calling {
    struct text name;
    uint16_t subject;
    uint32_t first_call;
    uint16_t call_count;
    struct plan_span cites;
    struct plan_span notes;
    struct plan_place place;
};

/* One step of handling an incident. It is done when all that is said of it is so: each fact that it asks for is answered,
 * of the duties that it goes through one has been raised and none is owed any more (options never hold it up), and its
 * `done_when` certainly holds; or once its `until` certainly holds. Nothing is remembered of it: it follows from facts and
 * duties. */
struct plan_step {
    struct text name;
    struct text text;        /* what is done in it, or empty */
    uint32_t condition;      /* it is needed only where this holds; PLAN_NO_NODE: always */
    struct plan_list facts;  /* that it asks for, in the order in which they are asked */
    struct plan_list duties; /* duties, options and decisions, indexes in plan.duties */
    uint32_t done_when;      /* or PLAN_NO_NODE */
    uint32_t until;          /* it is over once this holds, whatever of it is open; PLAN_NO_NODE: it is not */
    struct plan_span cites;
    struct plan_span notes;
    struct plan_place place;
};

/* How an incident of one type is handled, step by step; at most one a type. */
struct plan_handling {
    struct text name;
    uint16_t subject;
    uint32_t first_step;
    uint16_t step_count;
    struct plan_span cites;
    struct plan_span notes;
    struct plan_place place;
};

/* A piece of a text that a form drafts: words, or what takes their place when a document is drafted. */
enum plan_piece_kind {
    PLAN_PIECE_WORDS,
    PLAN_PIECE_FACT,     /* index: fact, as it is known */
    PLAN_PIECE_SCALE,    /* index: scale, its order in force, else its level */
    PLAN_PIECE_PARTY,    /* index: party, by its name; a role by those who are bound */
    PLAN_PIECE_POSITION, /* index: command; words: the name of a position, by who holds it now */
    PLAN_PIECE_NOW,      /* the instant of drafting */
    PLAN_PIECE_OPENED,   /* when the incident was first heard of */
    PLAN_PIECE_PLACE,    /* where it is, in the words of the first call */
    PLAN_PIECE_INCIDENT, /* what it is called */
    PLAN_PIECE_PLAN,     /* the plan's title, its document number, its issuer */
    PLAN_PIECE_DOCUMENT,
    PLAN_PIECE_ISSUER,
    PLAN_PIECE_PROPOSED, /* index: scale, the level that its open proposal asks for; and by which clauses */
    PLAN_PIECE_GROUNDS,
    PLAN_PIECE_SINCE /* index: a flag, the instant since which it is yes; as it is known while it is not */
};

struct plan_piece {
    enum plan_piece_kind kind;
    uint16_t index;
    struct text words;
};

enum plan_form_item_kind {
    PLAN_ITEM_PARAGRAPH,
    PLAN_ITEM_HEADING,
    PLAN_ITEM_FACTS,    /* one line for each fact of `facts` */
    PLAN_ITEM_FORCES,   /* one for each force that was called, with what is known of it */
    PLAN_ITEM_TIMELINE, /* one for each thing that happened */
    PLAN_ITEM_DUTIES    /* one for each duty that was raised, with what has become of it */
};

struct plan_form_item {
    enum plan_form_item_kind kind;
    uint32_t condition;      /* drafted only where this certainly holds; PLAN_NO_NODE: always */
    struct plan_list known;  /* drafted only where something is known of one of these facts; none: always */
    struct plan_list facts;  /* FACTS */
    struct plan_span pieces; /* in plan.pieces: the text; of a list the line above it, perhaps none */
    struct plan_span cites;
    struct plan_place place;
};

/* What a document says that is drafted from the log, or what is said on the telephone. What is not known is drafted as
 * not known. */
struct plan_form {
    struct text name;
    uint16_t subject;
    bool spoken;                 /* a script to speak; else a document to sign and send */
    struct plan_list duties;     /* duties, options and decisions that it serves: it goes to their recipients */
    uint16_t scale;              /* it puts this scale's proposals before who decides, or PLAN_NONE */
    struct plan_list recipients; /* others to whom it goes */
    struct plan_list signers;    /* offices; any one of them signs it off. A spoken one has none */
    struct plan_span title;      /* in plan.pieces */
    uint32_t first_item;
    uint16_t item_count;
    struct plan_span cites;
    struct plan_span notes;
    struct plan_place place;
};

struct plan_position {
    struct text name;
    struct plan_list holders; /* parties */
    bool one_serves;          /* one of the holders, and not all together */
    struct text held_by;      /* in words where no party is meant, or empty */
    uint32_t condition;       /* or PLAN_NO_NODE: always */
    struct plan_span cites;
    struct plan_span notes;
    struct plan_place place;
};

struct plan_command {
    uint16_t party;     /* its party (PLAN_COMMAND) */
    uint16_t subject;   /* PLAN_NONE where permanent */
    uint32_t condition; /* while it stands, or PLAN_NO_NODE: always */
    uint32_t first_position;
    uint16_t position_count;
    struct plan_list groups; /* parties (PLAN_WORK_GROUP) */
    struct plan_span cites;
    struct plan_place place;
};

/* Text of the document that is no rule, with the reason. */
struct plan_prose {
    struct plan_span cites;
    struct text reason;
    struct plan_place place;
};

/* A finding about the document itself, accepted, that belongs to no single rule. */
struct plan_finding {
    struct text kind, what, reason;
    struct plan_span cites;
    struct plan_place place;
};

struct plan {
    struct arena *arena;
    struct text file, name, version, document, title, issuer, language;
    bool has_issued;
    int32_t issued_day;
    int32_t zone_minutes;
    struct text zone_name;
    struct plan_place place;
    struct plan_about about;

    struct plan_party *parties;
    struct plan_fact *facts;
    struct plan_subject *subjects;
    struct plan_node *nodes;
    struct plan_condition *conditions;
    struct plan_scale *scales;
    struct plan_rule *rules;
    struct plan_trigger *triggers;
    struct plan_duty *duties;
    struct plan_chain *chains;
    struct plan_setting *settings;
    struct plan_calling *callings;
    struct plan_call *calls;
    struct plan_handling *handlings;
    struct plan_step *steps;
    struct plan_form *forms;
    struct plan_form_item *form_items;
    struct plan_piece *pieces;
    struct plan_command *commands;
    struct plan_position *positions;
    struct plan_prose *prose;
    struct plan_finding *findings;
    struct plan_note *notes;
    struct text *cites;   /* absolute clause names: "6.2.2.1(3)", "5.3#5", "附件4/1" */
    uint16_t *lists;      /* storage of every plan_list but node children */
    uint32_t *node_lists; /* storage of node children */
    uint32_t party_count, fact_count, subject_count, node_count, condition_count, scale_count, rule_count,
        trigger_count, duty_count, chain_count, setting_count, calling_count, call_count, command_count, position_count,
        handling_count, step_count, form_count, form_item_count, piece_count, prose_count, finding_count, note_count,
        cite_count, list_count, node_list_count;
};

/* One message of the compiler. */
struct plan_message {
    uint32_t line, column;
    struct text text; /* what was wrong, what was expected, and the nearest known name where a name is misspelt */
};

/* All that is wrong with a pack, in the order of its lines; the compiler goes on after an error as far as it can, so
 * that an author sees more than one at a time (at most PLAN_MESSAGES_MAX). */
#define PLAN_MESSAGES_MAX 50
struct plan_messages {
    struct arena *arena; /* owns the texts */
    struct plan_message items[PLAN_MESSAGES_MAX];
    uint32_t count;
    bool more;    /* there were others */
    bool chinese; /* they are in Chinese, as the pack is */
};

/* Frees the messages' texts. */
void plan_messages_release(struct plan_messages *messages);

/* Writes each message as "file:line:column: text" on a line of its own. */
void plan_messages_print(const struct plan_messages *messages, struct text file, struct buffer *out);

/* Compiles a pack: Markdown whose fenced blocks marked `plan` hold statements (docs/plan-language.md). `file` is used
 * in messages only. Returns NULL when anything is wrong, with at least one message; the caller releases `messages` in
 * both cases (initialise it to {0}) and destroys the plan. The source text is copied: it need not outlive the call. */
struct plan *plan_compile(struct text file, struct text source, struct plan_messages *messages);
void plan_destroy(struct plan *plan);

/* Finds a party, a fact, a scale, a duty, a subject by name (parties by alias too); PLAN_NONE when there is none. */
uint16_t plan_find_party(const struct plan *plan, struct text name);
uint16_t plan_find_fact(const struct plan *plan, struct text name);
uint16_t plan_find_scale(const struct plan *plan, struct text name);
uint16_t plan_find_duty(const struct plan *plan, struct text name);
uint16_t plan_find_subject(const struct plan *plan, struct text name);

/* Show a search for what a misspelt name was meant to be (base/suggestion.h) the names of the parties (and their aliases),
 * facts, scales, duties. For messages. */
void plan_suggest_party(const struct plan *plan, struct suggestion *suggestion);
void plan_suggest_fact(const struct plan *plan, struct suggestion *suggestion);
void plan_suggest_scale(const struct plan *plan, struct suggestion *suggestion);
void plan_suggest_duty(const struct plan *plan, struct suggestion *suggestion);

/* Level number (1 = lowest) of a level's name in a scale, 0 when it has no such level. */
uint8_t plan_find_level(const struct plan_scale *scale, struct text name);

/* Value index of a choice's or series' value name, or -1. */
int plan_find_choice(const struct plan_fact *fact, struct text name);

/* True when `outer` is the party itself, or a group that holds it (at any depth). */
bool plan_party_includes(const struct plan *plan, uint16_t outer, uint16_t inner);

/* The first, mostly the only one, of the facts that a leaf of a condition sums up; whether two leaves sum up the same ones. */
const struct plan_fact *plan_first_fact(const struct plan *plan, const struct plan_node *node);
bool plan_have_same_facts(const struct plan *plan, const struct plan_node *left, const struct plan_node *right);

/* Writes a condition as a plan author would have written it, for explanations ("燃烧时间 >= 2 h"). */
void plan_print_condition(const struct plan *plan, uint32_t node, struct buffer *out);

/* Writes a fact's range as people say it: "3", "2..4", ">= 2", "0.3 ha .. 0.6 ha", "yes", a choice's name, "unknown".
 * For choices `low` is the set of possible values. */
void plan_print_value(const struct plan *plan, uint16_t fact, int64_t low, int64_t high, struct buffer *out);

#endif
