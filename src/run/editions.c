#include "run/editions.h"

#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>

/* A compiled pack and the text that it was compiled from. */
struct edition_text {
    struct edition_text *next;
    struct plan *plan;
    struct buffer file;
    struct buffer source;
};

struct editions {
    struct edition_text *newest;
};

struct editions *editions_create(void) {
    return calloc(1, sizeof(struct editions));
}

static void free_edition(struct edition_text *edition) {
    plan_destroy(edition->plan);
    buffer_release(&edition->file);
    buffer_release(&edition->source);
    free(edition);
}

void editions_destroy(struct editions *editions) {
    while (editions != NULL && editions->newest != NULL) {
        struct edition_text *edition = editions->newest;
        editions->newest = edition->next;
        free_edition(edition);
    }
    free(editions);
}

static bool refuse_pack(const struct plan_messages *messages, struct text file, struct failure *failure) {
    char name[sizeof failure->file];
    (void)snprintf(name, sizeof name, "%.*s", TEXT_PRINT(text_cut(file, sizeof name - 1)));
    if (messages->count == 0) {
        return failure_set(failure, "the pack %s cannot be compiled: memory is exhausted", name);
    }
    const struct plan_message *first = &messages->items[0];
    return failure_set_place(failure, name, first->line, first->column, "%.*s", TEXT_PRINT(first->text));
}

static struct edition_text *compile_edition(struct text file, struct text source, struct failure *failure) {
    struct edition_text *edition = calloc(1, sizeof *edition);
    if (edition == NULL) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return NULL;
    }
    buffer_append_text(&edition->file, file);
    buffer_append_text(&edition->source, source);
    if (edition->file.failed || edition->source.failed) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        free_edition(edition);
        return NULL;
    }
    struct plan_messages messages = {0};
    edition->plan = plan_compile(file, source, &messages);
    if (edition->plan == NULL) {
        (void)refuse_pack(&messages, file, failure);
        free_edition(edition);
        edition = NULL;
    }
    plan_messages_release(&messages);
    return edition;
}

const struct plan *editions_find(struct editions *editions, struct text file, struct text source,
                                 struct failure *failure) {
    for (const struct edition_text *edition = editions->newest; edition != NULL; edition = edition->next) {
        if (text_equal(buffer_text(&edition->source), source) && text_equal(buffer_text(&edition->file), file)) {
            return edition->plan;
        }
    }
    struct edition_text *edition = compile_edition(file, source, failure);
    if (edition == NULL) {
        return NULL;
    }
    edition->next = editions->newest;
    editions->newest = edition;
    return edition->plan;
}

struct text editions_find_source(const struct editions *editions, const struct plan *plan) {
    for (const struct edition_text *edition = editions->newest; edition != NULL; edition = edition->next) {
        if (edition->plan == plan) {
            return buffer_text(&edition->source);
        }
    }
    return (struct text){0};
}

bool editions_find_zone(const struct editions *editions, int32_t *zone_minutes) {
    const struct edition_text *newest = editions->newest;
    *zone_minutes = newest == NULL ? 0 : newest->plan->zone_minutes;
    for (const struct edition_text *edition = newest; edition != NULL; edition = edition->next) {
        if (edition->plan->zone_minutes != *zone_minutes) {
            return false;
        }
    }
    return true;
}
