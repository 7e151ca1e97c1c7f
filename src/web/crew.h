/* crew — long work that comes from many people, done by a few threads, each person's turn in its time.
 *
 * What it is for: setting a document of two hundred pages or writing an incident's record takes seconds. Whoever asks for
 * many of them waits for his own: among people the turn goes round. What is urgent goes first, and some threads are kept free
 * for it. No more waits than can be done in a while; whoever comes beyond that is told so at once.
 * Owns its threads. A message belongs to the crew from the moment that it is taken until the work is begun; see mailbox.h.
 */
#ifndef PINYUE_WEB_CREW_H
#define PINYUE_WEB_CREW_H

#include "base/failure.h"
#include "base/text.h"
#include "web/mailbox.h"

#include <stdbool.h>
#include <stddef.h>

struct crew;

struct crew_rules {
    unsigned int threads;   /* at most CREW_THREADS_MOST */
    unsigned int kept_free; /* of these, for what is urgent; fewer than there are */
    size_t waiting_most;    /* of what is urgent, and of what is not; at most CREW_WAITING_MOST */
    size_t waiting_each;    /* of these, one person's */
    int niceness;           /* by how much its threads stand back for the others when all want a core; 0: not at all */
    void *context;          /* for the functions below, which are called on the threads of the crew */
    void *(*begin)(void *context); /* what a thread works with; NULL: nothing */
    void (*work)(void *context, void *tools, struct mail *mail);
    void (*drop)(void *context,
                 struct mail *mail); /* still waited when the crew was stopped, on the thread that stops it */
    void (*end)(void *tools);        /* gives that back; NULL: there is nothing to do */
};

#define CREW_THREADS_MOST 8U
#define CREW_WAITING_MOST 256U
#define CREW_NAME_ROOM 128 /* of a person; what is longer is told apart by its beginning */

enum crew_answer { CREW_TAKEN, CREW_FULL, CREW_STOPPED };

/* NULL with a failure when the system gives no threads or memory is exhausted. */
struct crew *crew_start(const struct crew_rules *rules, struct failure *failure);

/* Hands a message in, for a person. It stays the caller's unless it is taken. From any thread. */
enum crew_answer crew_send(struct crew *crew, struct mail *mail, struct text person, bool is_urgent);

/* Takes nothing more in, drops what waits, has done what is begun, and ends its threads. NULL is ignored. */
void crew_stop(struct crew *crew);

#endif
