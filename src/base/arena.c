#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_ALIGNMENT ((size_t)16)
#define BLOCK_ROOM_FIRST ((size_t)4096)       /* most parses and requests fit into one or two such blocks */
#define BLOCK_ROOM_LARGEST ((size_t)1 << 18U) /* past this, doubling would only waste the end of the last block */

/* Under the address sanitizer every piece gets a block of its own, so that a write past the end of one is seen. */
#if defined(__SANITIZE_ADDRESS__)
#define ONE_PIECE_A_BLOCK true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_PIECE_A_BLOCK true
#endif
#endif
#ifndef ONE_PIECE_A_BLOCK
#define ONE_PIECE_A_BLOCK false
#endif

struct block {
    alignas(16) struct block *older;
    size_t used;
    size_t room;
    alignas(16) unsigned char bytes[];
};

struct arena {
    struct block *newest; /* the only block with room left; a large piece goes in behind it */
    size_t used_bytes;
    size_t limit_bytes;
    bool exhausted;
};

struct arena *arena_create(size_t limit_bytes) {
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL) {
        arena->limit_bytes = limit_bytes;
    }
    return arena;
}

void arena_destroy(struct arena *arena) {
    if (arena == NULL) {
        return;
    }
    struct block *block = arena->newest;
    while (block != NULL) {
        struct block *older = block->older;
        free(block);
        block = older;
    }
    free(arena);
}

/* A zeroed block, calloc being the cheapest way to get zeroes for large ones. */
static struct block *make_block(size_t room) {
    if (room > SIZE_MAX - sizeof(struct block)) {
        return NULL;
    }
    struct block *block = calloc(1, sizeof *block + room);
    if (block != NULL) {
        block->room = room;
    }
    return block;
}

/* The room of the block after `newest`: twice its room, so that n bytes cost only log n blocks. */
static size_t choose_room(const struct block *newest) {
    if (newest == NULL) {
        return BLOCK_ROOM_FIRST;
    }
    size_t doubled = newest->room * 2;
    if (doubled < BLOCK_ROOM_FIRST) {
        return BLOCK_ROOM_FIRST;
    }
    return doubled > BLOCK_ROOM_LARGEST ? BLOCK_ROOM_LARGEST : doubled;
}

/* Puts a piece into a block of its own behind the newest one, whose remaining room stays in use. */
static void *allocate_alone(struct arena *arena, size_t size) {
    struct block *block = make_block(size);
    if (block == NULL) {
        return NULL;
    }
    block->used = size;
    if (arena->newest == NULL) {
        arena->newest = block;
    } else {
        block->older = arena->newest->older;
        arena->newest->older = block;
    }
    return block->bytes;
}

/* `rounded` is `size` rounded up to the alignment. */
static void *allocate_piece(struct arena *arena, size_t size, size_t rounded) {
    if (ONE_PIECE_A_BLOCK) {
        return allocate_alone(arena, size);
    }
    if (rounded > BLOCK_ROOM_FIRST / 2) {
        return allocate_alone(arena, rounded);
    }
    struct block *block = arena->newest;
    if (block == NULL || block->room - block->used < rounded) {
        block = make_block(choose_room(arena->newest));
        if (block == NULL) {
            return NULL;
        }
        block->older = arena->newest;
        arena->newest = block;
    }
    void *piece = block->bytes + block->used;
    block->used += rounded;
    return piece;
}

void *arena_allocate(struct arena *arena, size_t size) {
    size_t wanted = size == 0 ? 1 : size; /* so that the pointer is nobody else's */
    if (wanted <= arena->limit_bytes) { /* also keeps the rounding below from wrapping, but for limits near SIZE_MAX */
        size_t rounded = (wanted + PIECE_ALIGNMENT - 1) & ~(PIECE_ALIGNMENT - 1);
        if (rounded >= wanted && rounded <= arena->limit_bytes - arena->used_bytes) {
            void *piece = allocate_piece(arena, wanted, rounded);
            if (piece != NULL) {
                arena->used_bytes += rounded;
                return piece;
            }
        }
    }
    arena->exhausted = true;
    return NULL;
}

void *arena_allocate_array(struct arena *arena, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) {
        arena->exhausted = true;
        return NULL;
    }
    return arena_allocate(arena, count * size);
}

char *arena_copy_text(struct arena *arena, const char *bytes, size_t length) {
    if (length == SIZE_MAX) {
        arena->exhausted = true;
        return NULL;
    }
    char *copy = arena_allocate(arena, length + 1);
    if (copy != NULL && length > 0) {
        memcpy(copy, bytes, length);
    }
    return copy;
}

struct text arena_keep_text(struct arena *arena, struct text text) {
    const char *copy = text.length == 0 ? NULL : arena_copy_text(arena, text.bytes, text.length);
    return copy == NULL ? TEXT("") : (struct text){copy, text.length};
}

bool arena_is_exhausted(const struct arena *arena) {
    return arena->exhausted;
}

size_t arena_used_bytes(const struct arena *arena) {
    return arena->used_bytes;
}
