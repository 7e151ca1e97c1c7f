/* memory — where the engine keeps its incidents. Internal to src/engine.
 *
 * What it is for: very many arrays that grow by doubling, touched at random. Blocks come in size classes out of large
 * chunks, which the kernel is asked to back with huge pages: that spares most of the address translation that touching
 * one of a hundred thousand incidents costs (bench/RESULTS.md).
 * Owns every block until memory_release. Never aborts; a block that cannot be had is NULL. Not thread-safe.
 */
#ifndef PINYUE_ENGINE_MEMORY_H
#define PINYUE_ENGINE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#define MEMORY_CLASSES 48
#define MEMORY_ALIGNMENT 64 /* a cache line */

struct memory_chunk;

struct memory {
    struct memory_chunk *chunks;
    char *cursor;                /* first unused byte of the newest chunk */
    size_t left;                 /* bytes unused there */
    void *spare[MEMORY_CLASSES]; /* blocks given back, by class */
    uint64_t bytes;              /* in blocks that are in use */
    uint64_t drawn;              /* in chunks so far, with what is left of the newest */
};

/* A block of at least `size` bytes with whatever lay there before, aligned to a cache line; NULL when memory is
 * exhausted. */
void *memory_allocate(struct memory *memory, size_t size);

/* The same, filled with zero. */
void *memory_allocate_zeroed(struct memory *memory, size_t size);

/* Gives back a block that was asked for with this size (NULL is allowed). */
void memory_free(struct memory *memory, void *block, size_t size);

/* Bytes taken from the system for all blocks that were ever asked for, those given back since included. */
uint64_t memory_drawn(const struct memory *memory);

/* Gives back everything but blocks too large for a class: those the caller frees first. */
void memory_release(struct memory *memory);

#endif
