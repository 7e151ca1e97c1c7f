/* forces — who was called to an incident, what they answered, when they came and with how many.
 *
 * What it is for: the plan says in which order teams and units are called; here stands what became of each: called,
 * coming or not, no answer, set out, there, released. Also of whoever the plan does not name.
 * Owns the entries, which come from logged events alone ("desk.force": incident, party, step, people, spoken_with, phone,
 * note, as_of, corrects), so that a restart knows what was known before. A wrong entry is never changed: a later one
 * refers to it, and both stay. Must never look at the engine, write, or read a clock.
 */
#ifndef PINYUE_DESK_FORCES_H
#define PINYUE_DESK_FORCES_H

#include "base/text.h"
#include "run/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct forces;

enum force_step {
    FORCE_NONE,      /* of a party: nothing stands any more */
    FORCE_CALLED,    /* it was rung up; people: how many were asked for */
    FORCE_NO_ANSWER, /* nobody answered */
    FORCE_DECLINED,  /* it cannot come */
    FORCE_COMING,    /* it comes; people: with how many */
    FORCE_SET_OUT,   /* it is on its way */
    FORCE_ARRIVED,   /* it is there; people: how many of it are there now, all in all */
    FORCE_RELEASED,  /* all of it have left */
    FORCE_WITHDRAWN, /* only of an entry that corrects: what it refers to was never so */
    FORCE_STEPS
};

/* What was said of a party. */
struct force_entry {
    int64_t sequence; /* of its event */
    int64_t place;    /* among what was so in the same minute: a correction stands where it stood that it corrects */
    uint32_t incident;
    enum force_step step;
    uint32_t people;   /* 0: not said */
    int64_t as_of, at; /* when it was so, when it was heard */
    struct text party; /* the plan's name of it, else as it was given */
    struct text spoken_with, phone, note, actor;
    int64_t corrects;    /* the event that was wrong; 0 */
    int64_t replaced_by; /* the event that corrects this one: it stands no more; 0 */
};

/* How it stands with a party, by what stands of it in the order in which it was so. */
struct force_state {
    enum force_step step; /* FORCE_NONE … FORCE_RELEASED */
    int64_t since;        /* when that was so; INT64_MIN for FORCE_NONE */
    uint32_t people;      /* of whom comes, is on its way, is there (or was); 0: not said */
    uint32_t asked;       /* people asked for; 0: not said */
    bool was_asked;       /* since it was last released it was called, or has answered */
    uint32_t baseless;    /* releases of whom nobody had said that they were there */
};

/* Why an entry cannot follow what was so before it: who is not there cannot be released, and who is there does not come. */
enum force_fault { FORCE_SOUND, FORCE_NOT_THERE, FORCE_THERE_ALREADY };

/* NULL when memory is exhausted. */
struct forces *forces_create(void);
void forces_destroy(struct forces *forces);

/* Takes a "desk.force". */
bool forces_take(struct forces *forces, const struct session_entry *entry, struct failure *failure);

/* An incident's entries, oldest first; valid until the next event. forces_incident_count: no later incident has any. */
const struct force_entry *forces_find_entries(const struct forces *forces, uint32_t incident, size_t *count);
uint32_t forces_incident_count(const struct forces *forces);

/* The incident of the entry of an event; 0 where there is none. */
uint32_t forces_find_incident(const struct forces *forces, int64_t sequence);

/* The word of a step in the log and the API; FORCE_NONE for a word that is none. */
const char *forces_step_word(enum force_step step);
enum force_step forces_find_step(struct text word);

/* Works out a party's state from its entries, in any order (it sorts the pointers by the minute in which it was so: a time
 * that is typed has no seconds). What is replaced is passed over. *fault (may be NULL): of the entry of that sequence. */
struct force_state forces_work_out(const struct force_entry **entries, size_t count, int64_t sequence,
                                   enum force_fault *fault);

#endif
