/* roster — who is on duty from when to when, and which shift answers for what is open.
 *
 * What it is for: shifts with their posts, the notes that an outgoing shift leaves, and the acceptance by the next. A
 * shift ends when the next one accepts, and not by the clock: until then what is open stays its own (roster_responsible).
 * Owns all of that. It comes from the log's events, seen one after the other (roster_take), so that a restart knows what
 * was known before. Must never write, read a clock, or know what is open.
 *
 * Its events: "desk.shift" (a shift is set, or corrected when `shift` says which), "desk.shift-withdrawal",
 * "desk.handover-notes", "desk.acceptance". docs/desk.md lists their fields.
 */
#ifndef PINYUE_DESK_ROSTER_H
#define PINYUE_DESK_ROSTER_H

#include "base/failure.h"
#include "base/text.h"
#include "run/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum roster_post { ROSTER_LEADER, ROSTER_MAIN, ROSTER_SECOND, ROSTER_POSTS };

struct roster;

/* Who stands in a post; an empty name: nobody. */
struct roster_person {
    struct text name, phone;
    struct text account; /* under which he signs in, or empty */
};

struct roster_shift {
    uint32_t number;     /* from 1, in the order in which they were set */
    int64_t from, until; /* us; `until` is no longer of it */
    struct roster_person posts[ROSTER_POSTS];
    struct text set_by; /* the account that set or last corrected it */
    int64_t set_at;
    int64_t set_sequence, notes_sequence; /* the events that did it last; 0: no notes yet */
    bool is_withdrawn;
    bool is_taken; /* it has accepted what was open, and from whom (0: nobody was there before) */
    int64_t taken_at;
    struct text taken_by;
    struct text notes, notes_by; /* what it leaves to the next; notes_by empty: nothing written yet */
    int64_t notes_at;
};

/* What one shift has handed over to another. Lists are numbers as they stood in the event, each behind a blank. */
struct roster_handover {
    int64_t sequence, at; /* of the acceptance */
    uint32_t from, to;    /* shifts; from 0: nobody was there before */
    struct text by;       /* the account that accepted */
    struct text notes, notes_by;
    struct text incidents, clocks, calls, notices, spoken;
};

/* The names of the posts in the log and in the API. */
extern const char *const roster_post_names[ROSTER_POSTS];

/* NULL when memory is exhausted. */
struct roster *roster_create(void);
void roster_destroy(struct roster *roster);

/* Sees an event of the log; passes over what is none of its own. */
bool roster_take(struct roster *roster, const struct session_entry *entry, struct failure *failure);

/* Shifts by number from 1, withdrawn ones included. NULL where there is none. */
uint32_t roster_count(const struct roster *roster);
const struct roster_shift *roster_find(const struct roster *roster, uint32_t number);

/* The shift that the roster has for an instant; NULL where nobody is on duty. */
const struct roster_shift *roster_on_duty(const struct roster *roster, int64_t at);

/* The shift that answers for what is open: the one that accepted last. Where none has accepted yet, the first one that
 * has begun: it had nobody to take over from. NULL before that. */
const struct roster_shift *roster_responsible(const struct roster *roster, int64_t at);

/* The shift that follows upon another one; NULL where the roster has none. */
const struct roster_shift *roster_next(const struct roster *roster, const struct roster_shift *shift);

/* Since when a shift that has ended still answers for what is open, because nobody has accepted; INT64_MAX where that is
 * not so. */
int64_t roster_overdue_since(const struct roster *roster, int64_t at);

/* Since when nobody is on duty: the end of the last shift; INT64_MAX where somebody is, or the first shift is yet to come. */
int64_t roster_empty_since(const struct roster *roster, int64_t at);

/* A shift other than `except` that has part of the period [from, until); NULL. */
const struct roster_shift *roster_find_overlap(const struct roster *roster, int64_t from, int64_t until,
                                               uint32_t except);

/* Whether the account is named in one of the shift's posts; roster_names_account: whether any account is. */
bool roster_has_account(const struct roster_shift *shift, struct text account);
bool roster_names_account(const struct roster_shift *shift);

/* Hand-overs, oldest first, by index from 0. */
size_t roster_handover_count(const struct roster *roster);
const struct roster_handover *roster_find_handover(const struct roster *roster, size_t index);

/* How many beginnings and ends of shifts lie before or at an instant: while it is the same number, time alone has changed
 * nothing of what is said here. roster_next_change: the next such instant, INT64_MAX where there is none. */
uint32_t roster_count_changes(const struct roster *roster, int64_t at);
int64_t roster_next_change(const struct roster *roster, int64_t at);

#endif
