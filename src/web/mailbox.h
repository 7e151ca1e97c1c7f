/* mailbox — messages from many threads to one, in order.
 *
 * Owns nothing but its lock: a message is a part of what it is about (struct mail as its first member), and belongs to
 * whoever has taken it.
 */
#ifndef PINYUE_WEB_MAILBOX_H
#define PINYUE_WEB_MAILBOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct mail {
    struct mail *next;
};

struct mailbox {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct mail *first, *last;
    bool is_closed;
};

/* False when the system gives no lock. */
bool mailbox_open(struct mailbox *mailbox);
void mailbox_destroy(struct mailbox *mailbox);

/* Puts a message in. False when the mailbox is closed: then the message stays the caller's. */
bool mailbox_send(struct mailbox *mailbox, struct mail *mail);

/* Waits until there are messages, the mailbox is closed, or so many microseconds have passed; takes all that are there,
 * the first one first, NULL when there are none. *is_closed: no more will come. */
struct mail *mailbox_take_all(struct mailbox *mailbox, int64_t wait_us, bool *is_closed);

/* Nothing more can be put in. */
void mailbox_close(struct mailbox *mailbox);

#endif
