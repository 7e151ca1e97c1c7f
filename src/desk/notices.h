/* notices — the to-call list: everything that must be said to somebody, until someone has said it.
 *
 * What it is for: the engine says what must be told to whom (ENGINE_NOTICE: a duty to its bearer, a proposal to who
 * decides, each step of an escalation). Here each is a row with a number, until somebody has been reached, or the duty,
 * proposal or finding needs nobody any more: then the row is gone from the list in that same event. Electronic channels,
 * later, will take the same rows.
 * Owns the rows. They come from the engine's outputs, in replay as at the desk, and from logged calls ("desk.contact":
 * incident, item, number, step, party, answer, phone, spoken_with, note). Must never say anything to anybody.
 */
#ifndef PINYUE_DESK_NOTICES_H
#define PINYUE_DESK_NOTICES_H

#include "base/failure.h"
#include "engine/engine.h"
#include "run/session.h"

#include <stdbool.h>
#include <stdint.h>

struct notices;

/* What has come of a row. */
struct notice {
    uint32_t incident, number; /* numbers start at 1 in each incident, in the order in which the engine has said them */
    enum engine_item_kind item_kind;
    uint32_t item;
    uint16_t party; /* in the incident's plan when it was said; PLAN_NONE: a role that nobody holds */
    uint8_t step;   /* 0: the bearer, decider, owner; then the steps of the chain */
    bool is_reached;
    bool is_answered;    /* its duty or proposal has been acknowledged since */
    int64_t fell_due_at; /* when it came due */
    int64_t said_at;     /* when that was handled: later where the server was down then, or the time in doubt */
    uint32_t tries;      /* calls that have been logged */
    int64_t tried_at;
    int64_t try_sequence; /* the log's event of the last of them; 0 */
};

/* NULL when memory is exhausted. */
struct notices *notices_create(void);
void notices_destroy(struct notices *notices);

/* Takes an output of the engine. What it cannot keep is told by notices_has_failed. */
void notices_take(struct notices *notices, const struct engine_output *output);
bool notices_has_failed(const struct notices *notices);

/* Takes a logged call about a row. */
void notices_take_contact(struct notices *notices, const struct session_entry *entry);

/* How many rows an incident has had, and one of them by its number. */
uint32_t notices_count(const struct notices *notices, uint32_t incident);
const struct notice *notices_find(const struct notices *notices, uint32_t incident, uint32_t number);

/* A number that somebody has entered for a party of an incident with a logged call, each once, by index from 0; empty behind
 * the last one. Valid until the next event. */
struct text notices_find_number(const struct notices *notices, uint32_t incident, struct text party, size_t index);

/* Whether somebody must still be called about a row. */
bool notices_is_open(const struct engine *engine, const struct notice *notice);

#endif
