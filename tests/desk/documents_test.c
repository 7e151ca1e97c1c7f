/* Proves: of what is handed over to be signed only the texts that wait, or were sent back, are held, however many are handed over
 * in a long life; each is found by its event's number, and so is what was signed. */
#include "desk/documents.h"

#include "../check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_BYTES ((size_t)1 << 20)
#define ROUNDS 400U /* of three texts each: more than a gibibyte in all */

struct pair {
    const char *name, *value;
};

static void take(struct documents *documents, int64_t sequence, const struct pair *pairs) {
    struct store_field fields[8];
    struct failure failure = {0};
    size_t count = 0;
    for (; pairs[count].name != NULL; count++) {
        fields[count] = (struct store_field){text_of(pairs[count].name), text_of(pairs[count].value), false};
    }
    const struct session_entry entry = {.sequence = sequence, .at = sequence, .fields = fields, .count = count};
    assert_true(documents_take(documents, &entry, &failure));
}

static void hand_over(struct documents *documents, int64_t sequence, const char *body) {
    take(documents, sequence,
         (struct pair[]){
             {"kind", "desk.submission"}, {"incident", "3"}, {"form", "续报"}, {"body", body}, {NULL, NULL}});
}

static void name_event(struct documents *documents, int64_t sequence, const char *kind, int64_t submission) {
    char number[24];
    (void)snprintf(number, sizeof number, "%d", (int)submission);
    take(documents, sequence,
         (struct pair[]){{"kind", kind}, {"incident", "3"}, {"form", "续报"}, {"submission", number}, {NULL, NULL}});
}

static void test_settled_is_let_go(void **state) {
    struct documents *documents = documents_create();
    char *body = malloc(BODY_BYTES);
    (void)state;
    assert_true(documents != NULL && body != NULL);
    memset(body, 'x', BODY_BYTES - 1);
    body[BODY_BYTES - 1] = '\0';
    for (unsigned int round = 0; round < ROUNDS; round++) {
        int64_t first = (int64_t)round * 10 + 1;
        hand_over(documents, first, body);
        hand_over(documents, first + 1, body); /* takes its place */
        name_event(documents, first + 2, "desk.submission-return", first + 1);
        hand_over(documents, first + 3, body);
        name_event(documents, first + 4, "desk.document", first + 3);
        assert_null(documents_find_submitted(documents, 3, text_of("续报")));
    }
    hand_over(documents, ROUNDS * 10 + 1, "还在等");
    const struct submitted *waiting = documents_find_submitted(documents, 3, text_of("续报"));
    assert_non_null(waiting);
    assert_true(text_equals_string(waiting->body, "还在等"));
    free(body);
    documents_destroy(documents);
}

static void test_found_by_number(void **state) {
    struct documents *documents = documents_create();
    (void)state;
    assert_null(documents_find(documents, 1));
    assert_null(documents_find_submission(documents, 1));
    for (int64_t i = 0; i < 7; i++) {
        hand_over(documents, i * 10 + 1, "稿");
        name_event(documents, i * 10 + 4, "desk.document", i * 10 + 1);
    }
    for (int64_t sequence = 0; sequence < 80; sequence++) {
        const struct document *document = documents_find(documents, sequence);
        const struct submitted *submitted = documents_find_submission(documents, sequence);
        assert_int_equal(document == NULL ? 0 : document->sequence, sequence % 10 == 4 && sequence < 70 ? sequence : 0);
        assert_int_equal(submitted == NULL ? 0 : submitted->sequence,
                         sequence % 10 == 1 && sequence < 70 ? sequence : 0);
    }
    documents_destroy(documents);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settled_is_let_go),
        cmocka_unit_test(test_found_by_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
