/* search — what can be found at the desk, and finding it.
 *
 * What it is for: people, places, units, numbers and words are found by any part of them (desk/match.h), in what people
 * have said (calls, incidents, signed documents, reports, notes), in what the plans in force say (parties with their telephones,
 * duties, clauses), and among persons (desk/persons.h). Of a party's
 * telephones both are found: the number that somebody has corrected, and the published one that it lies over. What was said is kept as each event of the log comes by, so that no query reads the log; a mark of each text
 * passes over most of those that have not what is looked for.
 * Owns copies of what was said. Borrows the plans: they live as long as the session. Must never look at the engine.
 */
#ifndef PINYUE_DESK_SEARCH_H
#define PINYUE_DESK_SEARCH_H

#include "base/buffer.h"
#include "base/failure.h"
#include "desk/directory.h"
#include "desk/match.h"
#include "desk/persons.h"
#include "plan/plan.h"
#include "run/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEARCH_FOUND_MAX 8 /* of a group, in one answer */
#define SEARCH_LINES_MAX 16

enum search_group {
    SEARCH_INCIDENT,
    SEARCH_PERSON, /* of the roster, or with an account */
    SEARCH_PARTY,
    SEARCH_CALL,
    SEARCH_DOCUMENT, /* that was signed off */
    SEARCH_REPORT,   /* a reported fact, corrected and withdrawn ones included */
    SEARCH_NOTE,     /* whatever else somebody has said or done */
    SEARCH_DUTY,     /* of a plan */
    SEARCH_CLAUSE,   /* of a plan */
    SEARCH_GROUPS
};

/* Something that can be found. */
struct search_entry {
    struct match_mark mark;
    struct text text; /* lines */
    int64_t sequence; /* of the event; 0: a plan says it, or it is a person */
    int64_t at;
    const struct plan *plan;          /* of parties, duties, clauses; else NULL */
    uint32_t incident;                /* that it is about or that was opened; 0: none, or none yet */
    uint32_t told;                    /* bytes of the text before a party's telephones, which are told by themselves */
    uint32_t number;                  /* of the call; of the party or duty in the plan; of the person in the list */
    uint8_t fields[SEARCH_LINES_MAX]; /* what each line is; see search_field_name */
    enum search_group group;
};

struct search_found {
    const struct search_entry *entry;
    struct match_found where; /* in the entry's text, or in what the asker may see of it */
    bool is_part;             /* he may not see all of it */
};

struct search_answer {
    struct search_found found[SEARCH_GROUPS][SEARCH_FOUND_MAX]; /* the best first, then the newest */
    size_t counts[SEARCH_GROUPS];
    bool more[SEARCH_GROUPS]; /* there are others */
    bool is_whole;            /* false: older ones were not looked at, for there was too much to look at */
};

struct search;

/* NULL when memory is exhausted. */
struct search *search_create(void);

/* In an exercise nobody is to be called: the plans' numbers are not found. */
void search_hide_phones(struct search *search);
void search_destroy(struct search *search);

/* Takes an event of the log; for a session_observe. */
bool search_take(struct search *search, const struct session_entry *entry, struct failure *failure);

/* Says which plans are in force, and which numbers lie over theirs; reads them when either is another than before. False when
 * memory is exhausted. */
bool search_read_plans(struct search *search, const struct plan *const *plans, size_t count,
                       const struct directory *directory);

/* Says which persons there are, as persons_list has them: read for each query. False when memory is exhausted. */
bool search_read_persons(struct search *search, const struct person *persons, size_t count);

/* Whether an asker may see all of an entry; else its text without the lines that he may not see, which stay as empty lines, is
 * appended to `part`. */
typedef bool search_sees(void *context, const struct search_entry *entry, struct buffer *part);

/* Finds what the asker may see: by nothing else, so that what is hidden takes no place. `sees` NULL: he sees everything. The
 * entries stay valid until the next event is taken, or other plans or persons are read. */
void search_find(struct search *search, const struct match_query *query, search_sees *sees, void *context,
                 struct search_answer *answer);

/* What a line of an entry is: the name that the log or the view of a plan has for it ("caller", "phone", "alias" …). */
const char *search_field_name(const struct search_entry *entry, size_t line);

#endif
