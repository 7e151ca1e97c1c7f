#include "desk/directory.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "desk/fold.h"

#include <stdlib.h>

#define BYTES_MAX ((size_t)1 << 28)

struct directory {
    struct arena *arena;    /* texts */
    struct buffer items;    /* of struct directory_entry; the last one about a number counts */
    directory_player *tell; /* NULL: no exercise */
    void *tell_context;
    uint32_t casts; /* how often parts were given out */
};

struct directory *directory_create(void) {
    struct directory *directory = calloc(1, sizeof *directory);
    if (directory != NULL) {
        directory->arena = arena_create(BYTES_MAX);
    }
    if (directory != NULL && directory->arena == NULL) {
        free(directory);
        return NULL;
    }
    return directory;
}

void directory_destroy(struct directory *directory) {
    if (directory != NULL) {
        buffer_release(&directory->items);
        arena_destroy(directory->arena);
        free(directory);
    }
}

bool directory_take(struct directory *directory, const struct session_entry *entry, struct failure *failure) {
    struct directory_entry new = {.at = entry->at, .sequence = entry->sequence};
    if (!text_equals_string(fold_field(entry->fields, entry->count, "kind"), "desk.phone")) {
        return true;
    }
    new.plan = fold_keep(directory->arena, entry, "plan");
    new.party = fold_keep(directory->arena, entry, "party");
    new.published = fold_keep(directory->arena, entry, "published");
    new.number = fold_keep(directory->arena, entry, "number");
    new.by = fold_keep(directory->arena, entry, "actor");
    new.reason = fold_keep(directory->arena, entry, "reason");
    bool fine = !arena_is_exhausted(directory->arena);
    if (fine) {
        buffer_append(&directory->items, &new, sizeof new);
    }
    return (fine && !directory->items.failed) || failure_say(failure, "memory is exhausted", "内存不足");
}

static uint32_t count_entries(const struct directory *directory) {
    return (uint32_t)(directory->items.length / sizeof(struct directory_entry));
}

uint32_t directory_count_changes(const struct directory *directory) {
    return count_entries(directory) + directory->casts;
}

void directory_cast(struct directory *directory, directory_player *tell, void *context) {
    directory->tell = tell;
    directory->tell_context = context;
    directory->casts++;
}

bool directory_tell_player(const struct directory *directory, const struct plan *plan, uint16_t party,
                           struct buffer *out) {
    if (directory->tell != NULL) {
        directory->tell(directory->tell_context, plan, party, out);
    }
    return directory->tell != NULL;
}

const struct directory_entry *directory_find(const struct directory *directory, struct text plan, struct text party,
                                             struct text published) {
    const struct directory_entry *items = (const struct directory_entry *)(const void *)directory->items.bytes;
    for (uint32_t i = count_entries(directory); i > 0; i--) {
        const struct directory_entry *item = &items[i - 1];
        if (text_equal(item->party, party) && text_equal(item->published, published) && text_equal(item->plan, plan)) {
            return item->number.length > 0 ? item : NULL;
        }
    }
    return NULL;
}
