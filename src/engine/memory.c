#include "engine/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CHUNK_BYTES ((size_t)16 << 20)
#define FIRST_CHUNK_BYTES ((size_t)1 << 20) /* a small engine should stay small */
#define HUGE_PAGE_BYTES ((size_t)2 << 20)
#define SMALLEST_BYTES ((size_t)64)

/* Under AddressSanitizer every block is its own, so that running over its end is seen. */
#if defined(__SANITIZE_ADDRESS__)
#define BLOCKS_APART 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BLOCKS_APART 1
#endif
#endif
#ifndef BLOCKS_APART
#define BLOCKS_APART 0
#endif

struct memory_chunk {
    struct memory_chunk *next;
    char unused[8]; /* keeps the blocks behind it aligned to 16 */
};

/* Classes are 64, 96, 128, 192, 256 … bytes: each power of two and half again. */
static size_t class_bytes(unsigned index) {
    size_t base = SMALLEST_BYTES << (index / 2);
    return (index & 1) != 0 ? base + base / 2 : base;
}

static unsigned find_class(size_t size) {
    unsigned index = 0;
    while (index < MEMORY_CLASSES && class_bytes(index) < size) {
        index++;
    }
    return index;
}

static void add_chunk(struct memory *memory) {
    size_t size = memory->chunks == NULL ? FIRST_CHUNK_BYTES : CHUNK_BYTES;
    struct memory_chunk *chunk = calloc(1, size);
    if (chunk == NULL) {
        return;
    }
    chunk->next = memory->chunks;
    memory->chunks = chunk;
    memory->cursor = (char *)(chunk + 1);
    memory->left = size - sizeof *chunk;
    uintptr_t first = ((uintptr_t)chunk + HUGE_PAGE_BYTES - 1) & ~(uintptr_t)(HUGE_PAGE_BYTES - 1);
    uintptr_t end = ((uintptr_t)chunk + size) & ~(uintptr_t)(HUGE_PAGE_BYTES - 1);
    /* A wish: where it is not granted, everything works the same, slower. */
    if (end > first) {
        (void)madvise((char *)chunk + (first - (uintptr_t)chunk), end - first, MADV_HUGEPAGE);
    }
}

void *memory_allocate(struct memory *memory, size_t size) {
    unsigned index = find_class(size);
    if (BLOCKS_APART || index == MEMORY_CLASSES) {
        void *block = calloc(1, size == 0 ? 1 : size);
        memory->bytes += block == NULL ? 0 : size;
        return block;
    }
    size_t bytes = class_bytes(index);
    void *block = memory->spare[index];
    if (block != NULL) {
        memcpy(&memory->spare[index], block, sizeof(void *)); /* the next spare one is noted in the block itself */
        memset(block, 0, bytes);
    } else {
        if (memory->left < bytes) {
            add_chunk(memory);
        }
        if (memory->left < bytes) {
            return NULL;
        }
        block = memory->cursor;
        memory->cursor += bytes;
        memory->left -= bytes;
    }
    memory->bytes += bytes;
    return block;
}

void memory_free(struct memory *memory, void *block, size_t size) {
    unsigned index = find_class(size);
    if (block == NULL) {
        return;
    }
    if (BLOCKS_APART || index == MEMORY_CLASSES) {
        memory->bytes -= size;
        free(block);
        return;
    }
    memory->bytes -= class_bytes(index);
    memcpy(block, &memory->spare[index], sizeof(void *));
    memory->spare[index] = block;
}

void memory_release(struct memory *memory) {
    while (memory->chunks != NULL) {
        struct memory_chunk *chunk = memory->chunks;
        memory->chunks = chunk->next;
        free(chunk);
    }
    *memory = (struct memory){0};
}
