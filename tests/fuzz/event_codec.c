/* Fuzz target: events as the log has them. The input is lines "name=value"; what is taken as an event must be written as
 * fields that decode to the same event. */
#include "run/event_codec.h"
#include "../run/small_pack.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

struct world {
    struct plan *plan;
    struct engine *engine;
    struct event_codec *codec;
};

static void step(const struct world *world, struct engine_event event) {
    struct failure failure = {0};
    require(engine_step(world->engine, &event, NULL, NULL, &failure));
}

/* The season is incident 1, a bonfire with two claims incident 2. */
static const struct world *find_world(void) {
    static struct world world;
    if (world.plan != NULL) {
        return &world;
    }
    struct plan_messages messages = {0};
    world.plan = plan_compile(TEXT("small"), TEXT(SMALL_PACK), &messages);
    plan_messages_release(&messages);
    world.engine = engine_create();
    world.codec = event_codec_create();
    require(world.plan != NULL && world.engine != NULL && world.codec != NULL);
    struct engine_event event = event_start(ENGINE_ADOPT, 1000000, 0);
    event.plan = world.plan;
    step(&world, event);
    event = event_start(ENGINE_OPEN, 1000000, 0);
    event.plan = world.plan;
    event.subject = plan_find_subject(world.plan, TEXT("Bonfire"));
    step(&world, event);
    event = event_start(ENGINE_REPORT, 1000000, 2);
    event.fact = plan_find_fact(world.plan, TEXT("Hurt"));
    event.low = 2;
    event.high = 3;
    step(&world, event);
    event.fact = plan_find_fact(world.plan, TEXT("Area"));
    step(&world, event);
    return &world;
}

static bool is_same(struct text left, struct text right) {
    return text_equal(left, right);
}

static void check_same(const struct engine_event *left, const struct engine_event *right) {
    require(left->kind == right->kind && left->at == right->at && left->as_of == right->as_of);
    require(left->incident == right->incident && left->by == right->by && left->subject == right->subject);
    require(left->fact == right->fact && left->basis == right->basis && left->low == right->low);
    require(left->high == right->high && left->day == right->day && left->claim == right->claim);
    require(left->role == right->role && left->unit == right->unit && left->scale == right->scale);
    require(left->level == right->level && left->item_kind == right->item_kind && left->item == right->item);
    require(left->other == right->other && is_same(left->source, right->source));
    require(is_same(left->reason, right->reason) && is_same(left->title, right->title));
}

static size_t split(const char *bytes, size_t size, struct store_field *fields, size_t room) {
    size_t count = 0;
    size_t at = 0;
    while (at < size && count < room) {
        const char *end = memchr(bytes + at, '\n', size - at);
        size_t length = end == NULL ? size - at : (size_t)(end - bytes) - at;
        const char *equal = memchr(bytes + at, '=', length);
        size_t name = equal == NULL ? length : (size_t)(equal - bytes) - at;
        fields[count].name = (struct text){bytes + at, name};
        fields[count].value =
            (struct text){bytes + at + name + (equal == NULL ? 0 : 1), length - name - (equal == NULL ? 0 : 1)};
        count++;
        at += length + 1;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    const struct world *world = find_world();
    struct store_field fields[STORE_FIELDS_MAX] = {0};
    struct event_fields written = {0};
    struct engine_event event;
    struct engine_event again;
    struct event_extra extra;
    struct event_extra extra_again;
    struct failure failure = {0};
    if (text_find_invalid_utf8((struct text){(const char *)bytes, size}) >= 0) {
        return 0; /* the store has only UTF-8 */
    }
    size_t count = split((const char *)bytes, size, fields, STORE_FIELDS_MAX);
    if (!event_decode(world->codec, world->engine, fields, count, &event, &extra, &failure)) {
        require(failure.set);
        return 0;
    }
    if (event.kind == ENGINE_ADOPT) {
        event.plan = world->plan;
        extra.pack.source = extra.pack.source.length == 0 ? TEXT("x") : extra.pack.source;
    }
    if (!event_encode(world->engine, &event, &extra, &written, &failure)) {
        require(failure.set);
        event_fields_release(&written);
        return 0;
    }
    require(event_decode(world->codec, world->engine, written.items, written.count, &again, &extra_again, &failure));
    check_same(&event, &again);
    require(extra.seen.given == extra_again.seen.given && is_same(extra.seen.because, extra_again.seen.because));
    event_fields_release(&written);
    return 0;
}
