#include "web/mailbox.h"

#include <stddef.h>
#include <time.h>

#define NS_PER_SECOND 1000000000L

bool mailbox_open(struct mailbox *mailbox) {
    pthread_condattr_t attributes;
    *mailbox = (struct mailbox){0};
    if (pthread_mutex_init(&mailbox->lock, NULL) != 0 || pthread_condattr_init(&attributes) != 0) {
        return false;
    }
    /* Waiting must not depend on whether somebody sets the wall clock. */
    bool is_good = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                   pthread_cond_init(&mailbox->filled, &attributes) == 0;
    (void)pthread_condattr_destroy(&attributes);
    return is_good;
}

void mailbox_destroy(struct mailbox *mailbox) {
    (void)pthread_cond_destroy(&mailbox->filled);
    (void)pthread_mutex_destroy(&mailbox->lock);
}

bool mailbox_send(struct mailbox *mailbox, struct mail *mail) {
    (void)pthread_mutex_lock(&mailbox->lock);
    bool is_open = !mailbox->is_closed;
    if (is_open) {
        mail->next = NULL;
        if (mailbox->last == NULL) {
            mailbox->first = mail;
        } else {
            mailbox->last->next = mail;
        }
        mailbox->last = mail;
        (void)pthread_cond_signal(&mailbox->filled);
    }
    (void)pthread_mutex_unlock(&mailbox->lock);
    return is_open;
}

static struct timespec find_end(int64_t wait_us) {
    struct timespec end;
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += wait_us / 1000000;
    end.tv_nsec += (wait_us % 1000000) * 1000;
    if (end.tv_nsec >= NS_PER_SECOND) {
        end.tv_sec++;
        end.tv_nsec -= NS_PER_SECOND;
    }
    return end;
}

struct mail *mailbox_take_all(struct mailbox *mailbox, int64_t wait_us, bool *is_closed) {
    struct timespec end = find_end(wait_us);
    (void)pthread_mutex_lock(&mailbox->lock);
    int result = 0;
    while (mailbox->first == NULL && !mailbox->is_closed && result == 0) {
        result = pthread_cond_timedwait(&mailbox->filled, &mailbox->lock, &end);
    }
    struct mail *taken = mailbox->first;
    mailbox->first = NULL;
    mailbox->last = NULL;
    *is_closed = mailbox->is_closed;
    (void)pthread_mutex_unlock(&mailbox->lock);
    return taken;
}

void mailbox_close(struct mailbox *mailbox) {
    (void)pthread_mutex_lock(&mailbox->lock);
    mailbox->is_closed = true;
    (void)pthread_cond_signal(&mailbox->filled);
    (void)pthread_mutex_unlock(&mailbox->lock);
}
