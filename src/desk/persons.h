/* persons — who is known at the desk by name: who stands in the roster, and who has an account.
 *
 * What it is for: finding people (desk/search.h). Who stands in several shifts is one person, with the post that matters
 * now; who has an account besides is the same one. Neither is a secret (desk/personal.h): the roster is on every page.
 * Owns nothing: the texts are the roster's and the list's. Must never read a clock.
 */
#ifndef PINYUE_DESK_PERSONS_H
#define PINYUE_DESK_PERSONS_H

#include "base/buffer.h"
#include "base/text.h"
#include "desk/roster.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct person {
    struct text name;
    struct text phone;     /* under which the roster has him, or empty */
    struct text account;   /* under which he signs in, or empty */
    json_t *parties;       /* for which the account acts; NULL: it is none, or nothing is known of it */
    bool is_desk;          /* the account is of the duty room */
    bool has_post;         /* he stands in the roster */
    enum roster_post post; /* of the shift that is on duty at the instant, else of the next one, else of the last one */
    int64_t from, until;   /* of that shift, us */
};

/* Lists them, as struct person: those of the roster, then whoever has an account besides. `accounts`: as
 * account_book_list has them, of which those that are closed are left out; NULL leaves all away. `list` is empty. False when
 * memory is exhausted. */
bool persons_list(const struct roster *roster, const json_t *accounts, int64_t at, struct buffer *list);

#endif
