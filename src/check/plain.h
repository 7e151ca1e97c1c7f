/* plain — what needs no proof: declared and never used, owned by nobody, without the clock that its clause gives, notes
 * that accept nothing or name a kind that is misspelt. Internal to src/check.
 */
#ifndef PINYUE_CHECK_PLAIN_H
#define PINYUE_CHECK_PLAIN_H

#include "check/report.h"

/* Facts, roles, settings and chains that nothing uses. */
void plain_find_unused(struct reporter *reporter);

/* Roles that nobody is to bind; scales that nobody proposes or decides. */
void plain_find_ownerless(struct reporter *reporter);

/* Duties without a clock, where the pack shows that their clause gives one. */
void plain_find_clockless(struct reporter *reporter);

/* Duties that are done on paper, for which no form says what stands on it. */
void plain_find_formless(struct reporter *reporter);

/* Kinds, of notes and of findings of the author's own, that are one letter away from a known one and none themselves. */
void plain_find_misspelt_kinds(struct reporter *reporter);

/* Notes of a kind that the checker can find by itself, where it found nothing. To be called last. */
void plain_find_idle_notes(struct reporter *reporter);

/* What the author states of the document: findings of their own, and notes of kinds that nobody can prove. */
void plain_list_remarks(struct reporter *reporter);

#endif
