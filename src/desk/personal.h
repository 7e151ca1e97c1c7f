/* personal — names and telephone numbers of those who call and who are spoken with: who sees them, and how they are hidden.
 *
 * What it is for: the one place in which answers lose what the asker may not see. Personal are: the caller and his number; with
 * whom one has spoken about a force or a row of the to-call list, and the number; the number from which an order was spoken;
 * and where a caller, or who was spoken with, stands as the source of what was said. Who gives an order and whose office it
 * is, is no secret; nor is who is on duty. docs/desk.md has the table. Owns nothing.
 */
#ifndef PINYUE_DESK_PERSONAL_H
#define PINYUE_DESK_PERSONAL_H

#include "desk/desk.h"
#include "plan/plan.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct turn;

#define PERSONAL_HIDDEN "***"

/* Whether the account sees all of it: the duty room. */
bool personal_sees_all(const struct account *account);

/* Whether it may see what is personal in audits, each of which is logged. */
bool personal_is_auditor(const struct account *account);

/* Whether whoever asks sees what is personal in an incident: the duty room, and who owes a duty in it. 0: what belongs to no
 * incident yet. */
bool personal_may_see(const struct turn *turn, uint32_t incident);

/* Whether it is a list over all incidents: there whoever does not see everything sees nothing of it, so that all these are
 * given the same. */
bool personal_is_list(enum desk_action action);

/* Makes another ETag of that of an answer in which something may be hidden, and yet another where this asker sees it; an
 * empty one stays empty. */
void personal_mark_etag(char etag[DESK_ETAG_ROOM], bool is_seen);

/* Whether an answer may have something personal in it, so that not everybody is given the same. */
bool personal_is_in(enum desk_action action);

/* Hides in the answer to a request what its asker may not see. */
void personal_hide(const struct turn *turn, json_t *body);

/* Hides all of it in an incident's page, and in what its audit says of decisions (NULL: nothing); names of the plan's parties
 * stay. */
void personal_hide_page(const struct plan *plan, json_t *page, json_t *decisions);

/* The same in the documents of an incident (papers_list). */
void personal_hide_documents(json_t *documents);

/* The same of a LogEvent that stands alone; false where nothing had to be hidden. */
bool personal_hide_event(json_t *event);

/* Whether a field of a logged event is personal, as personal_hide_event has it; also what proves a completion, for the desk
 * writes into it with whom one has spoken. `format`: of the record that is masked by it (DOSSIER_FORMAT); what an older one
 * masked is what it had to mask. */
bool personal_is_field(const struct store_record *record, const struct store_field *field, int format);

/* Whether a line of what can be found (search_field_name) is personal. `value`: what stands in it. */
bool personal_is_line(const struct plan *plan, const char *field, struct text value);

#endif
