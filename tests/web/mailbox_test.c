/* Proves: what one thread sends arrives in its order, whatever the others send meanwhile, each message once; waiting ends
 * at a message, at its time and at the close; after the close nothing is taken in, and what was in is still given out. */
#include "web/mailbox.h"

#include "check.h"

#include <time.h>

#define SENDERS 4
#define MAILS_EACH 5000
#define LONG_US INT64_C(20000000)

struct letter {
    struct mail mail;
    int sender, number;
};

struct sender {
    struct mailbox *mailbox;
    struct letter letters[MAILS_EACH];
    int sent; /* until the mailbox was closed */
};

static int64_t read_clock_us(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void *send_all(void *context) {
    struct sender *sender = context;
    while (sender->sent < MAILS_EACH && mailbox_send(sender->mailbox, &sender->letters[sender->sent].mail)) {
        sender->sent++;
    }
    return NULL;
}

/* Static for its size. */
static struct sender *make_senders(struct mailbox *mailbox) {
    static struct sender senders[SENDERS];
    for (int i = 0; i < SENDERS; i++) {
        senders[i].mailbox = mailbox;
        senders[i].sent = 0;
        for (int k = 0; k < MAILS_EACH; k++) {
            senders[i].letters[k] = (struct letter){.sender = i, .number = k};
        }
    }
    return senders;
}

/* Takes what is there: each sender's next. Returns how many there were. */
static int take(struct mailbox *mailbox, int64_t wait_us, int next[SENDERS], bool *is_closed) {
    int count = 0;
    for (struct mail *mail = mailbox_take_all(mailbox, wait_us, is_closed); mail != NULL; mail = mail->next) {
        const struct letter *letter = (const struct letter *)(const void *)mail;
        assert_int_equal(letter->number, next[letter->sender]);
        next[letter->sender]++;
        count++;
    }
    return count;
}

static void test_order(void **state) {
    struct mailbox mailbox;
    pthread_t threads[SENDERS];
    int next[SENDERS] = {0};
    int taken = 0;
    bool is_closed = false;
    (void)state;
    assert_true(mailbox_open(&mailbox));
    struct sender *senders = make_senders(&mailbox);
    for (int i = 0; i < SENDERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, send_all, &senders[i]), 0);
    }
    while (taken < SENDERS * MAILS_EACH) {
        int count = take(&mailbox, LONG_US, next, &is_closed);
        assert_true(count > 0); /* a wake-up that is lost ends as a wait that found nothing */
        taken += count;
    }
    for (int i = 0; i < SENDERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(next[i], MAILS_EACH);
    }
    assert_false(is_closed);
    assert_null(mailbox_take_all(&mailbox, 0, &is_closed));
    mailbox_destroy(&mailbox);
}

/* Senders at work while it is closed: all that send said was taken comes out, nothing else. */
static void test_close_at_work(void **state) {
    struct mailbox mailbox;
    pthread_t threads[SENDERS];
    int next[SENDERS] = {0};
    bool is_closed = false;
    (void)state;
    assert_true(mailbox_open(&mailbox));
    struct sender *senders = make_senders(&mailbox);
    for (int i = 0; i < SENDERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, send_all, &senders[i]), 0);
    }
    (void)take(&mailbox, LONG_US, next, &is_closed);
    mailbox_close(&mailbox);
    while (!is_closed) {
        (void)take(&mailbox, LONG_US, next, &is_closed);
    }
    for (int i = 0; i < SENDERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(next[i], senders[i].sent);
    }
    mailbox_destroy(&mailbox);
}

static void test_close(void **state) {
    struct mailbox mailbox;
    struct letter letters[3] = {0};
    bool is_closed = false;
    (void)state;
    assert_true(mailbox_open(&mailbox));
    assert_true(mailbox_send(&mailbox, &letters[0].mail));
    assert_true(mailbox_send(&mailbox, &letters[1].mail));
    mailbox_close(&mailbox);
    assert_false(mailbox_send(&mailbox, &letters[2].mail));
    struct mail *mail = mailbox_take_all(&mailbox, LONG_US, &is_closed);
    assert_true(is_closed);
    assert_ptr_equal(mail, &letters[0].mail);
    assert_ptr_equal(mail->next, &letters[1].mail);
    assert_null(mail->next->next);
    int64_t before = read_clock_us();
    assert_null(mailbox_take_all(&mailbox, LONG_US, &is_closed));
    assert_true(is_closed);
    assert_true(read_clock_us() - before < LONG_US / 2); /* it does not wait for what will not come */
    mailbox_destroy(&mailbox);
}

struct later {
    struct mailbox *mailbox;
    struct mail *mail; /* NULL: close */
};

static void *act_later(void *context) {
    const struct later *later = context;
    const struct timespec pause = {0, 30000000};
    (void)nanosleep(&pause, NULL);
    if (later->mail != NULL) {
        (void)mailbox_send(later->mailbox, later->mail);
    } else {
        mailbox_close(later->mailbox);
    }
    return NULL;
}

static void test_wait(void **state) {
    struct mailbox mailbox;
    struct mail mail = {&mail}; /* what stood there before does not matter */
    pthread_t thread;
    bool is_closed = true;
    (void)state;
    assert_true(mailbox_open(&mailbox));
    int64_t before = read_clock_us();
    assert_null(mailbox_take_all(&mailbox, 20000, &is_closed));
    assert_false(is_closed);
    assert_in_range(read_clock_us() - before, 20000, LONG_US / 2);
    before = read_clock_us();
    assert_null(mailbox_take_all(&mailbox, 0, &is_closed));
    assert_null(mailbox_take_all(&mailbox, -5, &is_closed));
    assert_in_range(read_clock_us() - before, 0, LONG_US / 2);
    struct later later = {&mailbox, &mail};
    assert_int_equal(pthread_create(&thread, NULL, act_later, &later), 0);
    assert_ptr_equal(mailbox_take_all(&mailbox, LONG_US, &is_closed), &mail);
    assert_null(mail.next);
    assert_false(is_closed);
    assert_int_equal(pthread_join(thread, NULL), 0);
    later.mail = NULL;
    assert_int_equal(pthread_create(&thread, NULL, act_later, &later), 0);
    assert_null(mailbox_take_all(&mailbox, LONG_US, &is_closed));
    assert_true(is_closed);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_in_range(read_clock_us() - before, 60000, LONG_US / 2);
    mailbox_destroy(&mailbox);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_close_at_work),
        cmocka_unit_test(test_close),
        cmocka_unit_test(test_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
