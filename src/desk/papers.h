/* papers — the documents of an incident: which ones the plan's forms ask for, as drafts, and what became of them.
 *
 * For src/desk alone. Owns nothing of its own.
 */
#ifndef PINYUE_DESK_PAPERS_H
#define PINYUE_DESK_PAPERS_H

#include "desk/state.h"
#include "paper/paper.h"

/* The index in the plan of the form of that name that is about the incident's subject; refuses, naming the field (none:
 * ""), when there is none. */
bool papers_find_form(struct turn *turn, const struct engine_incident_view *incident, const char *field,
                      struct text name, uint32_t *form);

/* Drafts a form of an incident as of the request's instant; refuses when memory is exhausted. The caller releases the
 * draft in any case. */
bool papers_draft(struct turn *turn, const struct engine_incident_view *incident, uint32_t form,
                  struct paper_draft *draft);

/* The duties that a form serves and that are owed: by its plan index. */
bool papers_serves(const struct plan *plan, const struct plan_form *form, uint16_t duty);

/* To whom a form goes, by name, each once: the recipients of its duties that have been raised, of its proposals who may
 * decide them, and others that the form names. */
json_t *papers_list_addressees(const struct turn *turn, const struct engine_incident_view *incident,
                               const struct plan_form *form);

/* What the incident's forms ask for, what was signed and how it went out, as the documents of openapi.json (a list). */
json_t *papers_list(const struct turn *turn, const struct engine_incident_view *incident);

#endif
