/* Where incidents are: kept from the log; said by the duty room. */
#include "desk/places.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "desk/fold.h"
#include "desk/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACES_BYTES_MAX ((size_t)1 << 28)
#define PLACE_BYTES 400U

struct place {
    uint32_t incident;
    struct text name;
};

struct places {
    struct arena *arena; /* texts */
    struct buffer said;  /* of struct place, the oldest first */
};

struct places *places_create(void) {
    struct places *places = calloc(1, sizeof *places);
    if (places == NULL) {
        return NULL;
    }
    places->arena = arena_create(PLACES_BYTES_MAX);
    if (places->arena == NULL) {
        free(places);
        return NULL;
    }
    return places;
}

void places_destroy(struct places *places) {
    if (places != NULL) {
        buffer_release(&places->said);
        arena_destroy(places->arena);
        free(places);
    }
}

bool places_take(struct places *places, const struct session_entry *entry, struct failure *failure) {
    if (!text_equals_string(fold_field(entry->fields, entry->count, "kind"), "desk.place")) {
        return true;
    }
    const struct place place = {.incident = fold_read_number(entry, "incident"),
                                .name = fold_keep(places->arena, entry, "place")};
    buffer_append(&places->said, &place, sizeof place);
    return (!places->said.failed && !arena_is_exhausted(places->arena)) ||
           failure_say(failure, "memory is exhausted", "内存不足");
}

struct text places_find(const struct places *places, uint32_t incident) {
    const struct place *said = (const struct place *)(const void *)places->said.bytes;
    for (size_t i = places->said.length / sizeof(struct place); i > 0; i--) {
        if (said[i - 1].incident == incident) {
            return said[i - 1].name;
        }
    }
    return (struct text){0};
}

struct text desk_find_place(const struct desk *desk, uint32_t incident) {
    struct text said = places_find(desk->places, incident);
    size_t count = 0;
    const uint32_t *calls = fold_find_calls(desk->fold, incident, &count);
    for (size_t i = 0; i < count && said.length == 0; i++) {
        const struct fold_call *call = fold_find_call(desk->fold, calls[i]);
        if (call != NULL && call->incident == incident && text_trim(call->place).length > 0) {
            said = call->place;
        }
    }
    return said;
}

bool desk_set_place(struct turn *turn) {
    struct form form;
    struct note note;
    struct engine_incident_view incident;
    char number[24];
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text place = form_text(&form, "place", true, PLACE_BYTES);
    struct text reason = form_text(&form, "reason", false, FORM_TEXT_BYTES);
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (!turn_find_incident(turn, &incident)) {
        return false;
    }
    if (memchr(place.bytes, '\n', place.length) != NULL) {
        return turn_refuse_field(turn, DESK_REFUSED, "place", "must stand on one line", "须写在一行里");
    }
    (void)snprintf(number, sizeof number, "%" PRIu32, incident.number);
    note_begin(&note, turn, "desk.place");
    note_add(&note, "incident", text_of(number));
    note_add(&note, "place", text_trim(place));
    note_add(&note, "reason", reason);
    return turn_log(turn, &note);
}
