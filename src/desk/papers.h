/* papers — the documents of an incident: which ones the plan's forms ask for, as drafts, and what became of them.
 *
 * For src/desk alone. Owns nothing of its own.
 */
#ifndef PINYUE_DESK_PAPERS_H
#define PINYUE_DESK_PAPERS_H

#include "desk/state.h"

/* The index in the plan of the form of that name that is about the incident's subject; refuses, naming the field (none:
 * ""), when there is none. */
bool papers_find_form(struct turn *turn, const struct engine_incident_view *incident, const char *field,
                      struct text name, uint32_t *form);

/* Tells drafts of a form apart: 16 hex digits that stay the same until something is said that the form's draft would say
 * otherwise; that time passes alone changes nothing. Refuses when memory is exhausted. */
#define PAPERS_BASIS_ROOM 17
bool papers_find_basis(struct turn *turn, const struct engine_incident_view *incident, uint32_t form,
                       char out[PAPERS_BASIS_ROOM]);

/* Reads the names of those to whom a document goes, from the list under a field, into a text, each with a line's end; and finds the document of the form whose
 * place it takes (0: none's, NULL), which still stands. Refuse, naming the field, what is not so. */
bool papers_read_addressees(struct turn *turn, const char *field, const json_t *list, struct buffer *names);
bool papers_find_replaced(struct turn *turn, const struct engine_incident_view *incident, const struct plan_form *form,
                          uint32_t number, const struct document **replaced);

/* An office that a request names, as one of those that sign the form; refuses when it is none of them. */
bool papers_find_signer(struct turn *turn, const struct engine_incident_view *incident, const struct plan_form *form,
                        struct text name, uint16_t *office);

/* A document may have a title and a text so long. */
#define PAPERS_TITLE_BYTES 400U
#define PAPERS_BODY_BYTES ((size_t)200000)

/* Until when the soonest of what a form serves is due (ENGINE_NEVER), and whether something of it is overdue. */
int64_t papers_find_due(const struct turn *turn, const struct engine_incident_view *incident,
                        const struct plan_form *form, bool *overdue);

/* Names with a line's end each, as a list. */
json_t *papers_split_names(struct text names);

/* The text of a form that waits for a signature or has been sent back (submissions.c), as a SubmittedText of openapi.json; null
 * where there is none. */
json_t *papers_describe_submitted(const struct turn *turn, uint32_t incident, struct text form);

/* The duties that a form serves and that are owed: by its plan index. */
bool papers_serves(const struct plan *plan, const struct plan_form *form, uint16_t duty);

/* To whom a form goes, by name, each once: the recipients of its duties that have been raised, of its proposals who may
 * decide them, and others that the form names. */
json_t *papers_list_addressees(const struct turn *turn, const struct engine_incident_view *incident,
                               const struct plan_form *form);

/* What the incident's forms ask for, what was signed and how it went out, as the documents of openapi.json (a list). */
json_t *papers_list(const struct turn *turn, const struct engine_incident_view *incident);

#endif
