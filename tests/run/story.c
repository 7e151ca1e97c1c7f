#include "story.h"

#include "small_pack.h"
#include "store/store.h"

#include <inttypes.h>
#include <string.h>

struct session *story_open(const char *directory, session_observe *observe, void *context) {
    struct failure failure = {0};
    const struct session_options options = {
        .directory = directory, .create = true, .observe = observe, .observe_context = context};
    struct session *session = session_open(&options, &failure);
    check(session != NULL, "%s", failure.message);
    return session;
}

struct session *story_open_reader(const char *directory) {
    struct failure failure = {0};
    const struct session_options options = {.directory = directory, .read_only = true};
    struct session *session = session_open(&options, &failure);
    check(session != NULL, "%s", failure.message);
    return session;
}

void story_accept(struct session *session, const struct engine_event *event) {
    struct failure failure = {0};
    bool taken = session_accept(session, event, NULL, NULL, &failure);
    check(taken, "%.*s: %s: %s", TEXT_PRINT(event_kind_name(event->kind)), failure.field, failure.message);
}

void story_begin(struct session *session) {
    struct failure failure = {0};
    const struct plan *plan = NULL;
    bool adopted = session_adopt(session, STORY_START, TEXT("test"), TEXT("small.plan.md"), TEXT(SMALL_PACK), NULL,
                                 NULL, &plan, &failure);
    check(adopted, "%s", failure.message);
    struct engine_event event = event_start(ENGINE_OPEN, STORY_START, 0);
    event.plan = plan;
    event.subject = plan_find_subject(plan, TEXT("Bonfire"));
    event.title = TEXT("Smoke");
    story_accept(session, &event);
}

struct engine_event story_report(const struct session *session, int64_t at, int64_t hurt) {
    struct engine_incident_view view;
    struct engine_event event = event_start(ENGINE_REPORT, at, STORY_BONFIRE);
    assert_true(engine_view_incident(session_engine(session), STORY_BONFIRE, &view));
    event.fact = plan_find_fact(view.plan, TEXT("Hurt"));
    event.low = hurt;
    event.high = hurt;
    event.source = TEXT("观察员");
    return event;
}

bool story_note(struct session *session, int64_t at, const char *text, struct failure *failure) {
    char shown[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(at, 0, shown);
    const struct store_field fields[] = {
        {TEXT("kind"), TEXT("desk.call"), false},
        {TEXT("at"), text_of(shown), false},
        {TEXT("text"), text_of(text), false},
    };
    return session_note(session, at, fields, COUNT_OF(fields), NULL, NULL, failure);
}

struct buffer story_state(const struct session *session) {
    struct buffer state = {0};
    engine_write_state(session_engine(session), &state);
    assert_false(state.failed);
    return state;
}

void story_check_same_state(const struct session *left, const struct session *right) {
    struct buffer one = story_state(left);
    struct buffer two = story_state(right);
    assert_int_equal(one.length, two.length);
    assert_true(one.length > 100);
    assert_memory_equal(one.bytes, two.bytes, one.length);
    buffer_release(&one);
    buffer_release(&two);
}

static bool write_record(void *context, const struct store_record *record) {
    struct buffer *out = context;
    buffer_print(out, "%" PRId64, record->sequence);
    for (size_t i = 0; i < record->count; i++) {
        struct text value = text_cut(record->fields[i].value, 200);
        buffer_print(out, " %.*s=%.*s", TEXT_PRINT(record->fields[i].name), TEXT_PRINT(value));
    }
    buffer_append_string(out, "\n");
    return true;
}

struct buffer story_write_log(const char *directory) {
    struct failure failure = {0};
    struct buffer out = {0};
    struct store *store = store_open(directory, &(struct store_options){.read_only = true}, &failure);
    check(store != NULL, "%s", failure.message);
    check(store_read(store, 1, true, write_record, &out, &failure), "%s", failure.message);
    store_close(store);
    buffer_append(&out, "", 1);
    assert_false(out.failed);
    out.length--;
    return out;
}

int64_t story_count_logged(const char *directory) {
    struct failure failure = {0};
    struct store_head head = {0};
    struct store *store = store_open(directory, &(struct store_options){.read_only = true}, &failure);
    check(store != NULL, "%s", failure.message);
    check(store_find_head(store, &head, &failure), "%s", failure.message);
    store_close(store);
    return head.sequence;
}
