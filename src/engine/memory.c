#include "engine/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FIRST_CHUNK_BYTES ((size_t)64 << 10)
#define LARGEST_CHUNK_BYTES ((size_t)32 << 20)
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
    size_t size;
};

/* Classes are 64, 128, 192, 256, 320, 384, 448, 512, 640 … bytes: four for each power of two. */
static size_t class_bytes(unsigned index) {
    size_t power = SMALLEST_BYTES * 4 << (index / 4);
    return index < 3 ? SMALLEST_BYTES * (index + 1) : (power / 2) + (index % 4 + 1) * (power / 8);
}

/* The smallest class that holds `size` bytes; MEMORY_CLASSES when none does. */
static unsigned find_class(size_t size) {
    if (size <= SMALLEST_BYTES * 4) {
        return size == 0 ? 0 : (unsigned)((size - 1) / SMALLEST_BYTES);
    }
    unsigned log = 63U - (unsigned)__builtin_clzll(size - 1); /* of the largest power of two below `size` */
    unsigned quarter = (unsigned)((size - 1 - ((size_t)1 << log)) >> (log - 2));
    unsigned index = (log - 8) * 4 + quarter + 4;
    return index < MEMORY_CLASSES ? index : MEMORY_CLASSES;
}

/* Address space for huge pages, aligned to them; NULL when there is none. That the kernel should back it with huge pages
 * is a wish: where it is not granted, everything works the same, slower. */
static void *map_huge(size_t size) {
    char *mapped = mmap(NULL, size + HUGE_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) {
        return NULL;
    }
    size_t before = (HUGE_PAGE_BYTES - (uintptr_t)mapped % HUGE_PAGE_BYTES) % HUGE_PAGE_BYTES;
    if (before > 0) {
        (void)munmap(mapped, before);
    }
    if (before < HUGE_PAGE_BYTES) {
        (void)munmap(mapped + before + size, HUGE_PAGE_BYTES - before);
    }
    (void)madvise(mapped + before, size, MADV_HUGEPAGE);
    return mapped + before;
}

/* Chunks double, so that a small engine stays small and a large one has few. */
static void add_chunk(struct memory *memory, size_t block) {
    size_t size = memory->chunks == NULL ? FIRST_CHUNK_BYTES : memory->chunks->size * 2;
    size = size > LARGEST_CHUNK_BYTES ? LARGEST_CHUNK_BYTES : size;
    while (size < block + sizeof(struct memory_chunk) + MEMORY_ALIGNMENT) {
        size *= 2;
    }
    struct memory_chunk *chunk = size < HUGE_PAGE_BYTES ? calloc(1, size) : map_huge(size);
    if (chunk == NULL) {
        return;
    }
    chunk->next = memory->chunks;
    chunk->size = size;
    memory->drawn += size;
    memory->chunks = chunk;
    uintptr_t start = (uintptr_t)(chunk + 1);
    size_t skipped = (MEMORY_ALIGNMENT - start % MEMORY_ALIGNMENT) % MEMORY_ALIGNMENT;
    memory->cursor = (char *)(chunk + 1) + skipped;
    memory->left = size - sizeof *chunk - skipped;
}

void *memory_allocate_zeroed(struct memory *memory, size_t size) {
    void *block = memory_allocate(memory, size);
    if (block != NULL) {
        memset(block, 0, size);
    }
    return block;
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
    } else {
        if (memory->left < bytes) {
            add_chunk(memory, bytes);
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

uint64_t memory_drawn(const struct memory *memory) {
    return memory->drawn - memory->left;
}

void memory_release(struct memory *memory) {
    while (memory->chunks != NULL) {
        struct memory_chunk *chunk = memory->chunks;
        memory->chunks = chunk->next;
        if (chunk->size < HUGE_PAGE_BYTES) {
            free(chunk);
        } else {
            (void)munmap(chunk, chunk->size);
        }
    }
    *memory = (struct memory){0};
}
