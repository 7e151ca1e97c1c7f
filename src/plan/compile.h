/* compile — what the files of the compiler share: words of a pack, declarations as they were written, and the compiler.
 *
 * What it is for: a pack passes through five stages, each in files of its own: blocks are taken out of the Markdown
 * (extract.c), cut into words (lexer.c, keyword.c), read into declarations (parse*.c), given meaning (resolve*.c,
 * condition.c), and copied together into a plan (compile.c). Only src/plan includes this header.
 * Owns: two arenas. `scratch` holds words and declarations and goes when the compiler is done; `kept` holds every text
 * and array that the plan refers to and becomes the plan's.
 * Must never: stop at the first mistake, loop or recurse without a bound, or hand out a plan that any message is about.
 */
#ifndef PINYUE_PLAN_COMPILE_H
#define PINYUE_PLAN_COMPILE_H

#include "plan/keyword.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACK_BYTES_MAX ((size_t)4 << 20U)
#define PACK_WORDS_MAX 500000U       /* words and marks of a pack */
#define PACK_ITEMS_MAX 60000U        /* items of one kind: 16-bit indexes with room for the special ones */
#define PACK_NODES_MAX 200000U       /* nodes of all conditions, named ones copied in */
#define CONDITION_DEPTH_MAX 64U      /* brackets within brackets, named conditions included */
#define CONDITION_STEPS_MAX 1000000U /* parts looked at while named conditions are copied in */
#define GROUP_DEPTH_MAX 64U          /* groups within groups */
#define SERIES_DAYS_MAX 16U          /* days of a series that a condition may look at; the engine keeps as many */
#define CLAUSE_SENTENCES_MAX 100U    /* sentences that one @5.3#2..4 may stand for */
#define SCRATCH_BYTES_MAX ((size_t)512 << 20U)
#define KEPT_BYTES_MAX ((size_t)256 << 20U)

/* ---- growing arrays --------------------------------------------------------------------------------------- */

/* An array that grows in the scratch arena: `VECTOR(struct word) words;`. When memory runs out it stops growing and
 * the compiler knows (compiler_is_exhausted). */
#define VECTOR(type)                                                                                                   \
    struct {                                                                                                           \
        type *items;                                                                                                   \
        uint32_t count, room;                                                                                          \
    }

/* Many hold pointers, whose size is then the item's. */
#define VECTOR_ITEM_SIZE(vector) (sizeof *(vector)->items) /* NOLINT(bugprone-sizeof-expression) */

#define VECTOR_PUSH(compiler, vector, ...)                                                                             \
    do {                                                                                                               \
        (vector)->items =                                                                                              \
            vector_reserve((compiler), (vector)->items, (vector)->count, &(vector)->room, VECTOR_ITEM_SIZE(vector));   \
        if ((vector)->count < (vector)->room) {                                                                        \
            (vector)->items[(vector)->count++] = (__VA_ARGS__);                                                        \
        }                                                                                                              \
    } while (0)

/* ---- words of a pack -------------------------------------------------------------------------------------- */

enum token_kind {
    TOKEN_END,
    TOKEN_NAME,        /* a bare word; `keyword` says whether a keyword begins here */
    TOKEN_QUOTED,      /* a name in single quotes, the quotes taken off */
    TOKEN_TEXT,        /* a text, quotes taken off, line ends made good */
    TOKEN_NUMBER,      /* digits; `unit` is the word behind them where it may be a unit */
    TOKEN_DATE,        /* 2022-02-25 */
    TOKEN_ZONE,        /* +08:00 */
    TOKEN_CLAUSE,      /* a clause, @ taken off */
    TOKEN_BARE_CLAUSE, /* what looks like a clause whose @ was forgotten */
    TOKEN_MARK
};

enum mark {
    MARK_NONE,
    MARK_OPEN_BRACE,
    MARK_CLOSE_BRACE,
    MARK_OPEN,
    MARK_CLOSE,
    MARK_COMMA,
    MARK_COLON,
    MARK_SEMICOLON,
    MARK_EQUAL,
    MARK_UNEQUAL,
    MARK_LESS,
    MARK_AT_MOST,
    MARK_MORE,
    MARK_AT_LEAST,
    MARK_PLUS,
    MARK_MINUS
};

struct token {
    enum token_kind kind;
    enum mark mark;
    enum keyword keyword; /* of the phrase that begins here, KEYWORD_NONE where none does */
    uint8_t words;        /* how many tokens that phrase takes */
    bool starts_line;
    bool faulty; /* said so already: what seems to be missing behind it may have been swallowed */
    struct text text;
    struct text unit;
    struct plan_place place;
    struct plan_place end; /* just behind it */
};

/* A name as it was used or declared. */
struct word {
    struct text text;
    struct plan_place place;
    enum keyword keyword; /* KEYWORD_RECIPIENT, KEYWORD_NONE_LEVEL where the word may be one of these, else none */
};

typedef VECTOR(struct word) words;

/* ---- declarations as they were written -------------------------------------------------------------------- */

/* A length of time: a quantity, or a local setting's name. */
struct amount {
    bool given;
    struct word setting; /* empty text: a quantity */
    int64_t value;
    enum quantity_dimension dimension;
    struct plan_place place;
};

struct note_draft {
    struct text kind, reason;
    words with;
    struct plan_place place;
};

/* What may stand at the end of a rule, duty or declaration. */
struct tail {
    words clauses;
    VECTOR(struct note_draft) notes;
    struct text text;
    bool has_text;
    struct plan_place end; /* just behind the last word before the tail's end, for "here a clause is missing" */
};

enum expression_kind {
    EXPRESSION_ALL,
    EXPRESSION_ANY,
    EXPRESSION_NOT,     /* one child */
    EXPRESSION_BARE,    /* a flag or a named condition */
    EXPRESSION_COMPARE, /* operands, mark, value */
    EXPRESSION_AMONG,   /* operand, values, negated */
    EXPRESSION_DAYS     /* operand, days, mark, value */
};

enum value_kind { VALUE_NUMBER, VALUE_NAME, VALUE_YES, VALUE_NO, VALUE_NONE };

struct value {
    enum value_kind kind;
    struct word name;
    int64_t number;
    enum quantity_dimension dimension;
    struct plan_place place;
};

struct expression {
    enum expression_kind kind;
    VECTOR(struct expression *) children;
    words operands;
    enum mark mark;
    struct value value;
    words values;
    bool negated;
    bool forward;
    bool every_day;
    uint8_t days;
    struct plan_place place;
};

struct party_draft {
    struct plan_party party; /* what needs no looking up */
    uint16_t index;
    words aliases;
    struct word of, bound_by, placed_among;
    struct word lead; /* work group */
    words members;
    struct amount bind_within;
    VECTOR(struct plan_phone) phones;
    struct tail tail;
    bool broken; /* it was not read to its end: its name counts, the rest is not looked at */
};

/* Words behind `heard as`, as they are written, with the value that they stand for. */
struct heard_draft {
    struct text words;
    VECTOR(struct value) values; /* none: what the words themselves say; several: any of these names */
    struct plan_place place;
};

struct fact_draft {
    struct plan_fact fact;
    uint16_t index;
    words choices;
    struct word from, until;
    struct value presumed;
    VECTOR(struct heard_draft) heard;
    struct plan_place worse_place, range_place, unknown_place;
    struct tail *tail; /* shared by the facts of one statement */
    bool broken;
};

/* condition NAME = … */
struct named_condition {
    struct word name;
    uint16_t subject;
    struct expression *condition;
    struct plan_node root; /* once it is sound */
    struct tail tail;
    uint8_t state; /* 0 not looked at, 1 being looked at, 2 sound, 3 faulty */
    bool broken;
};

struct subject_draft {
    struct word name;
    bool standing;
    uint16_t index;
    VECTOR(struct fact_draft *) facts;
    VECTOR(struct named_condition *) conditions;
    struct tail tail;
    bool broken;
};

struct orderer_draft {
    words parties;
    words levels; /* empty: all of them, and the end */
    bool raise_only;
    struct tail tail;
    struct plan_place place;
};

struct rule_draft {
    struct word level;
    struct expression *condition, *literal;
    struct plan_place literal_place;
    struct tail tail;
    struct plan_place place;
};

struct scale_draft {
    struct word name, subject;
    uint16_t index;
    words levels;
    struct expression *given, *ends, *reopens;
    struct word proposed_by;
    words automatic;
    struct amount decide;
    struct word chain;
    VECTOR(struct orderer_draft) orderers;
    VECTOR(struct rule_draft) rules;
    words block_clauses; /* of the braces around rules */
    struct tail levels_tail, given_tail, proposed_tail, automatic_tail, ends_tail, reopens_tail, tail;
    struct plan_place proposed_place, automatic_place, decide_place, ends_place, reopens_place;
    bool broken;
};

struct duty_draft {
    struct plan_duty duty;
    uint16_t index;
    words bearers, partners, recipients, replaces;
    VECTOR(struct text) means;
    struct amount within, acknowledge;
    struct expression *until;
    struct word chain, calling;
    uint32_t attributes; /* those given, one bit each, in the order of the table in parse_duty.c */
    struct tail tail;
    bool broken;
};

struct trigger_draft {
    struct plan_trigger trigger;
    uint16_t index;
    struct word target; /* on open of, on done of; the subject that a command names */
    struct expression *condition;
    words clauses;
    VECTOR(struct duty_draft *) duties;
    uint8_t state; /* on done of: 0 not looked at, 1 being looked at, 2 its subject is known or never will be */
    bool broken;
};

struct position_draft {
    struct word name;
    words holders;
    bool one_serves;
    struct text held_by;
    struct expression *condition;
    struct tail tail;
};

struct command_draft {
    struct party_draft *party;
    struct word subject;
    struct expression *condition;
    struct trigger_draft *trigger; /* raises the work groups' duties; NULL where there are none */
    VECTOR(struct position_draft) positions;
    VECTOR(struct party_draft *) groups;
    bool broken;
};

struct call_draft {
    struct word party;
    bool teams_of;
    bool is_request;
    struct text request;
    struct tail tail;
};

struct calling_draft {
    struct word name, subject;
    VECTOR(struct call_draft) calls;
    struct tail tail;
    bool broken;
};

struct step_draft {
    struct word name;
    struct expression *condition, *done_when, *until;
    words asks, duties;
    struct tail tail;
};

struct handling_draft {
    struct word name, subject;
    VECTOR(struct step_draft) steps;
    struct tail tail;
    bool broken;
};

/* A text with {names} in it. */
struct drafted_text {
    bool given;
    struct text text;
    struct plan_place place;
};

struct form_item_draft {
    enum plan_form_item_kind kind;
    struct expression *condition;
    words known, facts;
    struct drafted_text text;
    struct tail tail;
    struct plan_place place;
};

struct form_draft {
    struct word name, subject;
    bool spoken;
    words serves, recipients, signers;
    struct drafted_text title;
    VECTOR(struct form_item_draft) items;
    struct tail tail;
    bool broken;
};

struct chain_draft {
    struct word name;
    words steps;
    struct amount every;
    struct text reason;
    bool broken;
};

struct setting_draft {
    struct word name;
    struct amount value;
    struct text reason;
    bool broken;
};

struct prose_draft {
    struct tail tail;
    struct plan_place place;
};

struct finding_draft {
    struct text kind, reason;
    struct tail tail;
    struct plan_place place;
};

/* ---- names ------------------------------------------------------------------------------------------------ */

enum name_kind {
    NAME_PARTY,
    NAME_FACT,
    NAME_CONDITION,
    NAME_SCALE,
    NAME_SUBJECT,
    NAME_DUTY,
    NAME_SETTING,
    NAME_CHAIN,
    NAME_CALLING,
    NAME_HANDLING,
    NAME_FORM
};

struct name_entry {
    struct text name;
    enum name_kind kind;
    uint32_t index;
    struct plan_place place;
};

/* Names of one name space, found by hash. */
struct name_table {
    VECTOR(struct name_entry) entries;
    uint32_t *slots; /* entry index + 1, 0 empty; slot_count is a power of two */
    uint32_t slot_count;
};

/* ---- the compiler ----------------------------------------------------------------------------------------- */

/* Where one line of the blocks' text stands in the file. */
struct source_line {
    size_t offset; /* in compiler.text */
    uint32_t line, column;
    bool starts_block;
};

struct compiler {
    struct arena *scratch, *kept;
    struct plan_messages *messages;
    struct plan *plan;

    struct text text; /* all blocks, one after the other */
    VECTOR(struct source_line) lines;
    VECTOR(struct token) tokens; /* ends in a TOKEN_END */
    uint32_t at;                 /* the next token */
    bool has_header;
    bool exhausted;
    bool is_cut;             /* a block is not closed: prose would be read as statements, so nothing is */
    struct text relative_to; /* the clause before the brace, empty where there is none */
    uint32_t relative_count; /* how many clauses stood there */

    VECTOR(struct party_draft *) parties;
    VECTOR(struct subject_draft *) subjects;
    VECTOR(struct scale_draft *) scales;
    VECTOR(struct trigger_draft *) triggers;
    VECTOR(struct command_draft *) commands;
    VECTOR(struct calling_draft *) callings;
    VECTOR(struct handling_draft *) handlings;
    VECTOR(struct form_draft *) forms;
    VECTOR(struct chain_draft *) chains;
    VECTOR(struct setting_draft *) settings;
    VECTOR(struct prose_draft) prose;
    VECTOR(struct finding_draft) findings;

    /* What the plan's arrays are made of. */
    VECTOR(struct fact_draft *) facts;            /* by index */
    VECTOR(struct named_condition *) conditions;  /* by index */
    VECTOR(struct duty_draft *) duties;           /* by index */
    VECTOR(struct trigger_draft *) duty_triggers; /* of each duty, by duty index */
    VECTOR(struct plan_party) built_parties;
    VECTOR(struct plan_fact) built_facts;
    VECTOR(struct plan_phrase) built_phrases; /* of the fact that is being resolved */
    VECTOR(struct plan_subject) built_subjects;
    VECTOR(struct plan_node) built_nodes;
    VECTOR(struct plan_scale) built_scales;
    VECTOR(struct plan_rule) built_rules;
    VECTOR(struct plan_trigger) built_triggers;
    VECTOR(struct plan_duty) built_duties;
    VECTOR(struct plan_chain) built_chains;
    VECTOR(struct plan_setting) built_settings;
    VECTOR(struct plan_calling) built_callings;
    VECTOR(struct plan_call) built_calls;
    VECTOR(struct plan_handling) built_handlings;
    VECTOR(struct plan_step) built_steps;
    VECTOR(struct plan_form) built_forms;
    VECTOR(struct plan_form_item) built_form_items;
    VECTOR(struct plan_piece) built_pieces;
    VECTOR(struct plan_command) built_commands;
    VECTOR(struct plan_position) built_positions;
    VECTOR(struct plan_prose) built_prose;
    VECTOR(struct plan_condition) built_conditions;
    VECTOR(struct plan_finding) built_findings;
    VECTOR(struct plan_note) built_notes;
    VECTOR(struct text) cites;
    VECTOR(uint16_t) lists;
    VECTOR(uint32_t) node_lists;

    /* Names in the text that was skipped after a mistake: one of them may have been declared there. */
    struct name_table lost_names;
    struct name_table party_names, value_names, subject_names, duty_names, setting_names, chain_names, calling_names,
        handling_names, form_names;
    uint32_t condition_steps;
};

/* ---- memory (compile.c) ----------------------------------------------------------------------------------- */

/* Makes room for one more item behind `count`; returns the array, perhaps moved. Unchanged when memory is exhausted. */
void *vector_reserve(struct compiler *compiler, void *items, uint32_t count, uint32_t *room, size_t item_size);

/* Zeroed scratch memory, or NULL, and then compiler_is_exhausted. */
void *compiler_allocate(struct compiler *compiler, size_t size);

/* A copy of a text in the kept arena; empty when memory is exhausted. */
struct text compiler_keep_text(struct compiler *compiler, struct text text);

bool compiler_is_exhausted(const struct compiler *compiler);

/* ---- messages (message.c) --------------------------------------------------------------------------------- */

/* Messages are in the pack's language. A message, or what one names, is written once, in both: SAY("a unit", "单位"). */
struct say {
    const char *english, *chinese;
};
#define SAY(english, chinese) ((struct say){(english), (chinese)})

/* The one in the pack's language. */
const char *said(const struct compiler *compiler, struct say both);

/* Finds the language of a pack in a text: what its header says, else that of most of its keywords. */
void find_language(struct compiler *compiler, struct text text);

/* A keyword and a dimension as messages name them. */
struct say keyword_both(enum keyword keyword);
const char *keyword_words(const struct compiler *compiler, enum keyword keyword);
const char *dimension_words(const struct compiler *compiler, enum quantity_dimension dimension);

/* Adds a message about a place, its format in English and in Chinese, with the same arguments; later ones about the same
 * place are dropped. Always false. */
bool report(struct compiler *compiler, struct plan_place place, const char *english, const char *chinese, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* True when no further message would be taken: time spent on finding the nearest names would be lost. */
bool messages_are_full(const struct compiler *compiler);

/* Puts the messages in the order of their lines. */
void messages_sort(struct plan_messages *messages);

/* A long text cut for a message, at a whole character. Use with TEXT_PRINT. */
struct text clip(struct text text);

/* The names that a search has found, as the pack's language offers them: A or B, “A”或“B”. */
const char *offer_names(const struct compiler *compiler, const struct suggestion *suggestion,
                        char room[SUGGESTION_ROOM]);

/* ": did you mean A or B?" in the pack's language, or the empty text where no name is near. */
#define ASKING_ROOM (SUGGESTION_ROOM + 32U)
const char *ask_whether(const struct compiler *compiler, const struct suggestion *suggestion, char room[ASKING_ROOM]);

/* ---- stages ----------------------------------------------------------------------------------------------- */

/* Takes the blocks marked `plan` out of Markdown (extract.c). The source must be valid UTF-8 with LF line ends. */
void extract_blocks(struct compiler *compiler, struct text source);

/* Cuts the blocks into tokens (lexer.c). */
void read_tokens(struct compiler *compiler);

/* Reads the tokens into declarations (parse.c). */
void parse_pack(struct compiler *compiler);

/* Gives all names their meaning and fills the plan (resolve.c). */
void resolve_pack(struct compiler *compiler);

/* ---- names (names.c) -------------------------------------------------------------------------------------- */

/* Adds a name. False with a message when the name space has it already. */
bool names_add(struct compiler *compiler, struct name_table *table, struct text name, enum name_kind kind,
               uint32_t index, struct plan_place place);

/* Enters a name that was skipped; it may have been before. */
void names_lose(struct compiler *compiler, struct text name);

/* NULL when there is none. */
const struct name_entry *names_find(const struct name_table *table, struct text name);

/* Shows a search the names of a table. */
void names_suggest(const struct compiler *compiler, const struct name_table *table, struct suggestion *suggestion);

/* "a party", "a fact", … */
struct say name_kind_words(enum name_kind kind);

#endif
