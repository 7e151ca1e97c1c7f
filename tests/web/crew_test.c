/* Proves: among people the turn goes round, whoever has come with many; what is urgent goes first and finds a thread free for
 * it while all others are busy; no more waits, of one person or of all, than is allowed, and what is urgent has places of its
 * own; what waits when the crew is stopped is dropped, each message exactly once worked on or dropped. */
#include "web/crew.h"

#include "check.h"

#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define JOBS_MOST 64U

struct job {
    struct mail mail;
    char name;
    bool blocks; /* until the gate is opened for it */
};

/* What has been done, by the jobs' names in order. */
struct shop {
    pthread_mutex_t lock;
    sem_t begun, gate;
    char done[JOBS_MOST + 1], dropped[JOBS_MOST + 1];
    size_t done_count, dropped_count;
    atomic_int tools;
    struct job jobs[JOBS_MOST];
    size_t job_count;
};

static void *begin(void *context) {
    struct shop *shop = context;
    atomic_fetch_add(&shop->tools, 1);
    return &shop->tools;
}

static void end(void *tools) {
    atomic_fetch_sub((atomic_int *)tools, 1);
}

static void work(void *context, void *tools, struct mail *mail) {
    struct shop *shop = context;
    const struct job *job = (const struct job *)(const void *)mail;
    check(tools == &shop->tools, "a thread without its tools");
    if (job->blocks) {
        (void)sem_post(&shop->begun);
        (void)sem_wait(&shop->gate);
    }
    (void)pthread_mutex_lock(&shop->lock);
    shop->done[shop->done_count++] = job->name;
    (void)pthread_mutex_unlock(&shop->lock);
    if (!job->blocks) {
        (void)sem_post(&shop->begun);
    }
}

static void drop(void *context, struct mail *mail) {
    struct shop *shop = context;
    shop->dropped[shop->dropped_count++] = ((const struct job *)(const void *)mail)->name;
}

static void open_shop(struct shop *shop) {
    *shop = (struct shop){.lock = PTHREAD_MUTEX_INITIALIZER};
    assert_int_equal(sem_init(&shop->begun, 0, 0), 0);
    assert_int_equal(sem_init(&shop->gate, 0, 0), 0);
}

static void close_shop(struct shop *shop) {
    check(atomic_load(&shop->tools) == 0, "tools are left behind");
    (void)sem_destroy(&shop->begun);
    (void)sem_destroy(&shop->gate);
}

static struct crew *start(struct shop *shop, unsigned int threads, unsigned int kept_free, size_t most, size_t each) {
    struct failure failure = {0};
    const struct crew_rules rules = {.threads = threads,
                                     .kept_free = kept_free,
                                     .waiting_most = most,
                                     .waiting_each = each,
                                     .niceness = 1,
                                     .context = shop,
                                     .begin = begin,
                                     .work = work,
                                     .drop = drop,
                                     .end = end};
    struct crew *crew = crew_start(&rules, &failure);
    check(crew != NULL, "%s", failure.message);
    return crew;
}

static enum crew_answer send(struct shop *shop, struct crew *crew, const char *person, char name, bool is_urgent,
                             bool blocks) {
    struct job *job = &shop->jobs[shop->job_count++];
    *job = (struct job){.name = name, .blocks = blocks};
    return crew_send(crew, &job->mail, text_of(person), is_urgent);
}

/* Waits until so many have been begun (those that block) or done (the others). */
static void await(struct shop *shop, unsigned int count) {
    for (unsigned int i = 0; i < count; i++) {
        assert_int_equal(sem_wait(&shop->begun), 0);
    }
}

static void open_gate(struct shop *shop, unsigned int count) {
    for (unsigned int i = 0; i < count; i++) {
        (void)sem_post(&shop->gate);
    }
}

/* One thread that is kept busy until all wait. */
static void test_turns(void **state) {
    struct shop shop;
    (void)state;
    open_shop(&shop);
    struct crew *crew = start(&shop, 1, 0, 32, 8);
    assert_int_equal(send(&shop, crew, "wang", '-', false, true), CREW_TAKEN);
    await(&shop, 1);
    for (const char *name = "abcd"; *name != '\0'; name++) {
        assert_int_equal(send(&shop, crew, "wang", *name, false, false), CREW_TAKEN);
    }
    assert_int_equal(send(&shop, crew, "li", 'L', false, false), CREW_TAKEN);
    assert_int_equal(send(&shop, crew, "li", 'M', false, false), CREW_TAKEN);
    assert_int_equal(send(&shop, crew, "zhao", 'Z', false, false), CREW_TAKEN);
    assert_int_equal(send(&shop, crew, "wang", '!', true, false), CREW_TAKEN);
    open_gate(&shop, 1);
    await(&shop, 8);
    assert_string_equal(shop.done, "-!aLZbMcd");
    crew_stop(crew);
    close_shop(&shop);
}

/* Whoever comes while somebody's many are being done does not wait for them. */
static void test_late_comer(void **state) {
    struct shop shop;
    (void)state;
    open_shop(&shop);
    struct crew *crew = start(&shop, 1, 0, 32, 8);
    for (const char *name = "abc"; *name != '\0'; name++) {
        assert_int_equal(send(&shop, crew, "wang", *name, false, true), CREW_TAKEN);
    }
    await(&shop, 1);
    open_gate(&shop, 1);
    await(&shop, 1); /* the second has been begun */
    assert_int_equal(send(&shop, crew, "li", 'L', false, true), CREW_TAKEN);
    assert_int_equal(send(&shop, crew, "wang", 'd', false, true), CREW_TAKEN);
    open_gate(&shop, 4);
    await(&shop, 3);
    crew_stop(crew);
    assert_string_equal(shop.done, "abLcd");
    close_shop(&shop);
}

static void test_kept_free(void **state) {
    struct shop shop;
    (void)state;
    open_shop(&shop);
    struct crew *crew = start(&shop, 3, 1, 32, 8);
    for (const char *name = "abc"; *name != '\0'; name++) {
        assert_int_equal(send(&shop, crew, "wang", *name, false, true), CREW_TAKEN);
    }
    await(&shop, 2); /* two are at work, and stay so; the third waits, with a thread doing nothing */
    assert_int_equal(send(&shop, crew, "li", '!', true, false), CREW_TAKEN);
    await(&shop, 1);
    assert_string_equal(shop.done, "!");
    open_gate(&shop, 3);
    await(&shop, 1);
    crew_stop(crew);
    assert_int_equal(strlen(shop.done), 4);
    close_shop(&shop);
}

static void test_bounds(void **state) {
    struct shop shop;
    (void)state;
    open_shop(&shop);
    struct crew *crew = start(&shop, 1, 0, 4, 3);
    assert_int_equal(send(&shop, crew, "wang", '-', false, true), CREW_TAKEN);
    await(&shop, 1);
    for (const char *name = "abc"; *name != '\0'; name++) {
        assert_int_equal(send(&shop, crew, "wang", *name, false, false), CREW_TAKEN);
    }
    assert_int_equal(send(&shop, crew, "wang", 'd', false, false), CREW_FULL); /* one person's */
    assert_int_equal(send(&shop, crew, "li", 'L', false, false), CREW_TAKEN);
    assert_int_equal(send(&shop, crew, "zhao", 'Z', false, false), CREW_FULL); /* all of them */
    assert_int_equal(send(&shop, crew, "zhao", '!', true, false), CREW_TAKEN);
    open_gate(&shop, 1);
    await(&shop, 5);
    assert_string_equal(shop.done, "-!aLbc");
    assert_int_equal(send(&shop, crew, "wang", 'e', false, false), CREW_TAKEN); /* there is room again */
    await(&shop, 1);
    crew_stop(crew);
    close_shop(&shop);
}

struct opener {
    struct shop *shop;
    unsigned int count;
};

static void *open_later(void *context) {
    const struct opener *opener = context;
    const struct timespec pause = {0, 30000000};
    (void)nanosleep(&pause, NULL);
    open_gate(opener->shop, opener->count);
    return NULL;
}

static void test_stop(void **state) {
    struct shop shop;
    pthread_t thread;
    (void)state;
    open_shop(&shop);
    struct opener opener = {&shop, 2};
    struct crew *crew = start(&shop, 2, 0, 8, 8);
    for (const char *name = "abcd"; *name != '\0'; name++) {
        assert_int_equal(send(&shop, crew, "wang", *name, false, true), CREW_TAKEN);
    }
    await(&shop, 2);
    assert_int_equal(send(&shop, crew, "wang", '!', true, false), CREW_TAKEN);
    assert_int_equal(pthread_create(&thread, NULL, open_later, &opener), 0);
    crew_stop(crew);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(shop.done_count, 2); /* what was begun is done */
    assert_string_equal(shop.dropped, "!cd");
    close_shop(&shop);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turns),  cmocka_unit_test(test_late_comer), cmocka_unit_test(test_kept_free),
        cmocka_unit_test(test_bounds), cmocka_unit_test(test_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
