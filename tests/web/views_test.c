/* Proves: a text that has been kept is given for its key alone, until it is too old, its ETag is another, or newer ones
 * need its room; what somebody still holds stays whole, also while other threads keep, drop and refresh. */
#include "web/views.h"

#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define BOOT INT64_C(5000000000)
#define ROOM 512U /* as in views.c: how many are kept, and how many bytes together */
#define BYTES_MOST ((size_t)64 << 20)
#define LARGE ((size_t)1 << 20)

static struct views_key make_key(uint32_t incident) {
    return (struct views_key){.action = DESK_SHOW_INCIDENT, .incident = incident};
}

static void keep(struct views *views, const struct views_key *key, const char *etag, struct text text, int64_t boot) {
    char room[DESK_ETAG_ROOM] = {0};
    (void)snprintf(room, sizeof room, "%s", etag);
    views_keep(views, key, room, text, boot);
}

/* Keeps a text for an incident, "text-NUMBER", under the ETag "NUMBER". */
static void keep_number(struct views *views, uint32_t incident, int64_t boot) {
    const struct views_key key = make_key(incident);
    char etag[16];
    char text[32];
    (void)snprintf(etag, sizeof etag, "%u", incident);
    (void)snprintf(text, sizeof text, "text-%u", incident);
    keep(views, &key, etag, text_of(text), boot);
}

static void check_text(struct views *views, const struct views_key *key, int64_t boot, const char *expected) {
    struct views_text *text = views_take(views, key, boot);
    if (expected == NULL) {
        check(text == NULL, "\"%s\" is given", text->bytes);
        return;
    }
    check(text != NULL, "\"%s\" is not given", expected);
    assert_int_equal(text->length, strlen(expected));
    assert_string_equal(text->bytes, expected);
    views_give_back(text);
}

static bool has(struct views *views, uint32_t incident) {
    const struct views_key key = make_key(incident);
    struct views_text *text = views_take(views, &key, BOOT);
    views_give_back(text);
    return text != NULL;
}

/* ---- kept and taken --------------------------------------------------------------------------------------- */

static void test_keys(void **state) {
    char plan[] = "森林火灾";
    const struct views_key desk = {.action = DESK_SHOW_DESK};
    const struct views_key calls = {.action = DESK_LIST_CALLS};
    const struct views_key incident = make_key(2);
    const struct views_key shown = {.action = DESK_SHOW_PLAN, .plan = text_of(plan)};
    const struct views_key shorter = {.action = DESK_SHOW_PLAN, .plan = TEXT("森林")};
    struct views *views = views_create();
    (void)state;
    assert_non_null(views);
    check_text(views, &desk, BOOT, NULL);
    keep(views, &desk, "d", TEXT("the desk"), BOOT);
    keep(views, &incident, "2", TEXT(""), BOOT);
    keep(views, &shown, "p", TEXT("the plan"), BOOT);
    memset(plan, 'x', sizeof plan - 1); /* the key was the caller's */
    const struct views_key same = {.action = DESK_SHOW_PLAN, .plan = TEXT("森林火灾")};
    check_text(views, &desk, BOOT, "the desk");
    check_text(views, &incident, BOOT, "");
    check_text(views, &same, BOOT, "the plan");
    check_text(views, &calls, BOOT, NULL);
    check_text(views, &shorter, BOOT, NULL);
    check_text(views, &(struct views_key){.action = DESK_SHOW_INCIDENT, .incident = 3}, BOOT, NULL);
    /* The newest counts, with its ETag. */
    keep(views, &desk, "e", TEXT("the desk later"), BOOT);
    struct views_text *text = views_take(views, &desk, BOOT);
    assert_non_null(text);
    assert_string_equal(text->bytes, "the desk later");
    assert_string_equal(text->etag, "e");
    views_give_back(text);
    views_give_back(NULL);
    views_destroy(views);
    views_destroy(NULL);
}

static void test_too_old(void **state) {
    const struct views_key key = make_key(1);
    struct views *views = views_create();
    (void)state;
    keep_number(views, 1, BOOT);
    check_text(views, &key, BOOT + VIEWS_AGE_US, "text-1");
    check_text(views, &key, BOOT + VIEWS_AGE_US + 1, NULL);
    keep_number(views, 1, BOOT + VIEWS_AGE_US + 1); /* rendered anew */
    check_text(views, &key, BOOT + VIEWS_AGE_US + 1, "text-1");
    check_text(views, &key, BOOT + 2 * VIEWS_AGE_US + 1, "text-1");
    views_destroy(views);
}

/* The context: incidents from this number on have another ETag, and those without one are gone. */
static void find_etag(void *context, const struct views_key *key, char etag[DESK_ETAG_ROOM]) {
    const uint32_t *changed_from = context;
    if (key->incident == UINT32_MAX) {
        etag[0] = '\0';
    } else {
        (void)snprintf(etag, DESK_ETAG_ROOM, "%u%s", key->incident, key->incident >= *changed_from ? "-new" : "");
    }
}

static void test_refreshed(void **state) {
    static const uint32_t from[] = {1000, 70, 40, 0};
    struct views *views = views_create();
    (void)state;
    for (uint32_t i = 0; i < 100; i++) {
        keep_number(views, i, BOOT);
    }
    keep_number(views, UINT32_MAX, BOOT);
    for (size_t k = 0; k < COUNT_OF(from); k++) {
        uint32_t changed_from = from[k];
        views_refresh(views, find_etag, &changed_from);
        assert_false(has(views, UINT32_MAX));
        for (uint32_t i = 0; i < 100; i++) {
            check(has(views, i) == (i < changed_from), "incident %u, changed from %u on", i, changed_from);
        }
    }
    views_refresh(views, find_etag, &(uint32_t){0});
    views_destroy(views);
}

/* ---- room ------------------------------------------------------------------------------------------------- */

static uint32_t count_kept(struct views *views, uint32_t most) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < most; i++) {
        count += has(views, i);
    }
    return count;
}

/* Never more than there is room for, and always the one that has just been kept. */
static void test_too_many(void **state) {
    struct views *views = views_create();
    (void)state;
    for (uint32_t i = 0; i < 3 * ROOM; i++) {
        keep_number(views, i, BOOT);
        check(has(views, i), "incident %u", i);
    }
    assert_int_equal(count_kept(views, 3 * ROOM), ROOM);
    /* Keeping one anew costs no other its place. */
    keep_number(views, 3 * ROOM - 1, BOOT);
    assert_int_equal(count_kept(views, 3 * ROOM), ROOM);
    views_destroy(views);
}

static void keep_large(struct views *views, uint32_t incident, const char *bytes, size_t length) {
    const struct views_key key = make_key(incident);
    keep(views, &key, "large", (struct text){bytes, length}, BOOT);
}

static void test_too_large(void **state) {
    char *bytes = malloc(BYTES_MOST + 1);
    struct views *views = views_create();
    (void)state;
    assert_non_null(bytes);
    memset(bytes, 'x', BYTES_MOST + 1);
    for (uint32_t i = 0; i < 100; i++) {
        keep_large(views, i, bytes, LARGE);
        check(has(views, i), "incident %u", i);
    }
    assert_int_equal(count_kept(views, 100), BYTES_MOST / LARGE);
    /* Dropped ones give their bytes back, and replaced ones too. */
    views_refresh(views, find_etag, &(uint32_t){0});
    assert_int_equal(count_kept(views, 100), 0);
    for (uint32_t i = 0; i < 200; i++) {
        keep_large(views, i % 2, bytes, LARGE);
    }
    for (uint32_t i = 2; i < BYTES_MOST / LARGE; i++) {
        keep_large(views, i, bytes, LARGE);
    }
    assert_int_equal(count_kept(views, 100), BYTES_MOST / LARGE);
    /* One that fills all leaves no other; one that is larger still is not kept, and costs none its place. */
    keep_large(views, 100, bytes, BYTES_MOST);
    assert_int_equal(count_kept(views, 101), 1);
    keep_large(views, 101, bytes, BYTES_MOST + 1);
    assert_int_equal(count_kept(views, 102), 1);
    assert_true(has(views, 100));
    views_destroy(views);
    free(bytes);
}

/* ---- held ------------------------------------------------------------------------------------------------- */

static void test_held(void **state) {
    const struct views_key key = make_key(1);
    struct views *views = views_create();
    (void)state;
    keep_number(views, 1, BOOT);
    struct views_text *refreshed = views_take(views, &key, BOOT);
    views_refresh(views, find_etag, &(uint32_t){0});
    assert_false(has(views, 1));
    keep_number(views, 1, BOOT);
    struct views_text *replaced = views_take(views, &key, BOOT);
    struct views_text *again = views_take(views, &key, BOOT);
    assert_ptr_equal(replaced, again);
    keep(views, &key, "1", TEXT("another"), BOOT);
    struct views_text *last = views_take(views, &key, BOOT);
    views_destroy(views);
    assert_string_equal(refreshed->bytes, "text-1");
    assert_string_equal(refreshed->etag, "1");
    assert_string_equal(replaced->bytes, "text-1");
    views_give_back(refreshed);
    views_give_back(replaced);
    assert_string_equal(again->bytes, "text-1");
    views_give_back(again);
    assert_string_equal(last->bytes, "another");
    views_give_back(last);
}

#define READERS 3
#define TURNS 20000

struct reader {
    struct views *views;
    int found;
    bool is_broken;
};

/* A text is what its ETag says, whole. */
static bool is_whole(const struct views_text *text) {
    char expected[64];
    (void)snprintf(expected, sizeof expected, "text-%s", text->etag);
    return text->length == strlen(expected) && strcmp(text->bytes, expected) == 0;
}

static void *read_views(void *context) {
    struct reader *reader = context;
    struct views_text *held = NULL;
    for (uint32_t i = 0; i < TURNS || reader->found == 0; i++) { /* one that starts late finds what is kept last */
        const struct views_key key = make_key(i % 8);
        struct views_text *text = views_take(reader->views, &key, BOOT);
        reader->is_broken = reader->is_broken || (text != NULL && !is_whole(text)) || (held != NULL && !is_whole(held));
        reader->found += text != NULL;
        views_give_back(held);
        held = text; /* until the next */
    }
    views_give_back(held);
    return NULL;
}

static void test_threads(void **state) {
    struct reader readers[READERS] = {0};
    pthread_t threads[READERS];
    struct views *views = views_create();
    (void)state;
    for (uint32_t i = 0; i < 8; i++) {
        keep_number(views, i, BOOT);
    }
    for (int i = 0; i < READERS; i++) {
        readers[i].views = views;
        assert_int_equal(pthread_create(&threads[i], NULL, read_views, &readers[i]), 0);
    }
    for (uint32_t i = 0; i < TURNS; i++) {
        keep_number(views, i % 8, BOOT);
        if (i % 16 == 0) {
            uint32_t changed_from = i / 16 % 8;
            views_refresh(views, find_etag, &changed_from);
        }
    }
    for (uint32_t i = 0; i < 8; i++) {
        keep_number(views, i, BOOT);
    }
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_false(readers[i].is_broken);
        assert_true(readers[i].found > 0);
    }
    views_destroy(views);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),     cmocka_unit_test(test_too_old),   cmocka_unit_test(test_refreshed),
        cmocka_unit_test(test_too_many), cmocka_unit_test(test_too_large), cmocka_unit_test(test_held),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
