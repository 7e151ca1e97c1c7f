/* parse — what the files of the parser share: looking at the next word, taking it, saying what was expected.
 *
 * Every function that reads something returns false after it has reported what is wrong there; its caller passes that
 * on up to the statement, which goes on at the next one (parse_recover). Functions named take_… read what may be there
 * and say whether it was; read_… read what must be there.
 */
#ifndef PINYUE_PLAN_PARSE_H
#define PINYUE_PLAN_PARSE_H

#include "plan/compile.h"

/* ---- the next word (parse_word.c) ------------------------------------------------------------------------- */

const struct token *peek_token(const struct compiler *compiler);
bool at_mark(const struct compiler *compiler, enum mark mark);
bool at_keyword(const struct compiler *compiler, enum keyword keyword);
bool at_name(const struct compiler *compiler); /* a name, quoted or not a keyword */
bool at_any_keyword(const struct compiler *compiler, const enum keyword *keywords); /* KEYWORD_NONE ends the list */

bool take_mark(struct compiler *compiler, enum mark mark);
bool take_keyword(struct compiler *compiler, enum keyword keyword);
void skip_token(struct compiler *compiler);

/* Where something is missing: just behind the last word when the next one stands on another line, else at the next. */
struct plan_place missing_place(const struct compiler *compiler);
struct plan_place last_end(const struct compiler *compiler);

/* Reports "expected WHAT, found …", with the nearest of the keywords `wanted` (may be NULL). Where the line ends before
 * WHAT has come it points there, and says so. Always false. */
bool report_expected(struct compiler *compiler, struct say what, const enum keyword *wanted);

/* The same where the next word should begin something: it points at that word. */
bool report_no_item(struct compiler *compiler, struct say what, const enum keyword *wanted);

bool read_mark(struct compiler *compiler, enum mark mark, struct say what);
bool read_keyword(struct compiler *compiler, enum keyword keyword);
bool read_name(struct compiler *compiler, struct word *name, struct say what);

/* A list of names; `special` (or KEYWORD_NONE) is a keyword that may stand for a name in it. */
bool read_names(struct compiler *compiler, words *names, struct say what, enum keyword special);

/* A text, joined from those that follow one another; read_one_text takes one only. */
bool read_text(struct compiler *compiler, struct text *text, struct say what);
bool read_one_text(struct compiler *compiler, struct text *text, struct say what);

/* A quantity: number and unit. */
bool read_quantity(struct compiler *compiler, int64_t *value, enum quantity_dimension *dimension);

/* A length of time: a quantity or the name of a local setting. */
bool read_time(struct compiler *compiler, struct amount *amount);

bool read_date(struct compiler *compiler, int32_t *day);

/* ---- clauses, notes, tails (parse_tail.c) ----------------------------------------------------------------- */

/* Clauses, as many as stand here, made absolute. */
void take_clauses(struct compiler *compiler, words *clauses);

/* What may stand in a tail besides clauses. */
#define TAIL_TEXT 1U
#define TAIL_NOTES 2U
#define TAIL_NEEDS_CLAUSE 4U

/* Takes one piece of a tail; false when none begins here. *failed is set when it was faulty. */
bool take_tail_piece(struct compiler *compiler, struct tail *tail, unsigned options, bool *failed);

/* Takes a whole tail; `what` is what the message about a missing clause names: "a rule". */
bool read_tail(struct compiler *compiler, struct tail *tail, unsigned options, struct say what);

/* Reports a missing clause where one is needed; a word that stands in its place may be one of `wanted`, misspelt. */
void check_clauses(struct compiler *compiler, const struct tail *tail, struct say what, const enum keyword *wanted);

/* Sets the clause that @(1) and @#2 continue, for as long as a brace is open; NULL takes it away. */
void set_relative(struct compiler *compiler, const words *clauses);

/* ---- blocks and recovery (parse.c) ------------------------------------------------------------------------ */

/* True while a block's statements go on: neither its closing brace nor the pack's end nor a statement that can only
 * stand outside has come. Takes the closing brace; reports one that is missing, naming where it was opened. */
bool block_goes_on(struct compiler *compiler, struct plan_place opened, const enum keyword *starters);

/* Skips to where a block's next statement may begin. `starters` are its keywords; a statement that begins with a name
 * must be the first on its line. `before` is where the faulty statement began: at least one word is skipped. */
void block_recover(struct compiler *compiler, uint32_t before, const enum keyword *starters);

/* Gives a command the trigger of its work groups' duties: a group's text is a duty of its lead, with the others as
 * partners, named as the group is (parse_duty.c). False when memory is exhausted. */
bool add_command_trigger(struct compiler *compiler, struct command_draft *command);

/* ---- statements ------------------------------------------------------------------------------------------- */

bool parse_unit(struct compiler *compiler);
bool parse_contact(struct compiler *compiler);
bool parse_office(struct compiler *compiler);
bool parse_team(struct compiler *compiler);
bool parse_group(struct compiler *compiler);
bool parse_role(struct compiler *compiler);
bool parse_setting(struct compiler *compiler);
bool parse_chain(struct compiler *compiler);
bool parse_about(struct compiler *compiler);
bool parse_incident(struct compiler *compiler);
bool parse_standing(struct compiler *compiler);
bool parse_scale(struct compiler *compiler);
bool parse_when(struct compiler *compiler);
bool parse_on_open(struct compiler *compiler);
bool parse_on_done(struct compiler *compiler);
bool parse_command(struct compiler *compiler);
bool parse_calling(struct compiler *compiler);
bool parse_handling(struct compiler *compiler);
bool parse_form(struct compiler *compiler);
bool parse_prose(struct compiler *compiler);
bool parse_finding(struct compiler *compiler);

/* A condition; NULL after a message. */
struct expression *parse_condition(struct compiler *compiler);

#endif
