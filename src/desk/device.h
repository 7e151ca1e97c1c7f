/* device — the browsers in which somebody has signed in to an account before.
 *
 * What it is for: wrong passwords are slowed down by address, and behind a shared address whoever guesses would slow down the
 * duty room with himself. So a browser that has signed in is known again by a random text (a cookie), and its tries are
 * counted by that. It stands for nothing else: signing in wants the password as ever. (OWASP, "Slow Down Online Guessing
 * Attacks with Device Cookies".)
 * Owns: the table device of accounts.db, and the setting device-name-key. Keeps hashes of the texts alone.
 */
#ifndef PINYUE_DESK_DEVICE_H
#define PINYUE_DESK_DEVICE_H

#include "desk/account.h"

#define ACCOUNT_DEVICES_MOST 16 /* of an account: that in which nobody has signed in for the longest goes first */
#define ACCOUNT_DEVICE_NAME_ROOM 32

/* What the text of an account's devices is called in a browser; also of a name that no account has. Each account has one of its
 * own, for several may sign in in a duty room's browser: none of them gets to know another's. It is made with a key that stands
 * in accounts.db alone, so that it tells nobody which account it is of. False, and the name empty, where there is no key and
 * accounts.db cannot be written. */
bool account_book_name_device(struct account_book *book, struct text account, char name[ACCOUNT_DEVICE_NAME_ROOM]);

/* Whether somebody has signed in to the account in the browser that has this text. Empty: no. */
bool account_book_knows_device(struct account_book *book, struct text name, struct text device);

/* Remembers, for the account of a session, the browser in which the session has begun. `before` is what the browser has
 * brought, or empty; where the account knows it, it stays, else there is a new one: *device. False where accounts.db could
 * not be written, or the session has ended meanwhile: then nothing is remembered. */
bool account_book_keep_device(struct account_book *book, const struct account_session *session, struct text before,
                              char device[ACCOUNT_TOKEN_ROOM]);

#endif
