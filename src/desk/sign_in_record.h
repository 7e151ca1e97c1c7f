/* sign_in_record — who signed in and out, when and from where, and who tried in vain.
 *
 * What it is for: an administrator sees whether a password is being guessed, and who was signed in at an hour. It is kept in
 * accounts.db and not in the log: the log is never shortened, and whoever stands at the door could make it grow.
 * So it is bounded: of each account the last SIGN_IN_RECORD_MOST of what was right and as many of what was wrong, so that wrong ones
 * push no right one out; wrong ones of the same kind from the same address within an hour are one row with a count. Names that
 * are no account's are not kept (people type passwords there), and share one row's worth of room.
 * An account book's functions; they lock it, and read no clock.
 */
#ifndef PINYUE_DESK_SIGN_IN_RECORD_H
#define PINYUE_DESK_SIGN_IN_RECORD_H

#include "desk/account.h"

#include <jansson.h>
#include <stdint.h>

#define SIGN_IN_RECORD_MOST 100
#define SIGN_IN_RECORD_SHOWN 500 /* at most, the latest first */

enum sign_in_kind {
    SIGN_IN_RIGHT,
    SIGN_IN_OUT,
    SIGN_IN_PASSWORD_WRONG,
    SIGN_IN_CODE_ASKED, /* the password was right, and nothing more came from there within ten minutes */
    SIGN_IN_CODE_WRONG,
    SIGN_IN_SHUT /* the password was right, but the account has been closed */
};

/* Keeps that somebody signed in or out, or tried. `name` as it was typed. Where the disk is full nothing is kept, and nobody is
 * shut out for it. */
void account_book_record_sign_in(struct account_book *book, struct text name, enum sign_in_kind kind,
                                 struct text address, int64_t now);

/* What is kept, of one account or (an empty name) of all, with changes of passwords and second factors: a list of
 * {"account", "kind", "address", "by", "first_at", "at", "times"}. NULL when it cannot be read. */
json_t *account_book_list_sign_ins(struct account_book *book, struct text name);

#endif
