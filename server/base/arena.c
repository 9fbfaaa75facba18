#define _DEFAULT_SOURCE /* madvise */
#include "base/arena.h"

#include <limits.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#include <sys/mman.h>
#endif

#include "base/panic.h"

enum {
    START_CAPACITY = 4096,      /* one page */
    MAX_CAPACITY = 1024 * 1024, /* chunks double up to this */
};

struct ArenaChunk {
    ArenaChunk *older;
    size_t capacity;
    alignas(max_align_t) unsigned char bytes[];
};

static size_t aligned(size_t size)
{
    const size_t alignment = alignof(max_align_t);
    return (size + alignment - 1) / alignment * alignment;
}

static void add_chunk(Arena *arena, size_t at_least)
{
    size_t capacity = arena->next_capacity ? arena->next_capacity : START_CAPACITY;
    arena->next_capacity = capacity * 2 < MAX_CAPACITY ? capacity * 2 : MAX_CAPACITY;
    if (capacity < at_least)
        capacity = at_least;
    ArenaChunk *chunk = malloc(sizeof(ArenaChunk) + capacity);
    CHECK(chunk);
    chunk->older = arena->newest;
    chunk->capacity = capacity;
    arena->newest = chunk;
    arena->used = 0;
    arena->total += sizeof(ArenaChunk) + capacity;
}

Arena arena_with_capacity(size_t size_bytes)
{
    return (Arena){.next_capacity = aligned(size_bytes)};
}

void *arena_alloc_raw(Arena *arena, size_t size_bytes)
{
    CHECK(size_bytes < SIZE_MAX / 2);
    size_t size = aligned(size_bytes);
    if (!arena->newest || arena->newest->capacity - arena->used < size)
        add_chunk(arena, size);
    void *result = arena->newest->bytes + arena->used;
    arena->used += size;
    return result;
}

void *arena_alloc(Arena *arena, size_t size_bytes)
{
    void *result = arena_alloc_raw(arena, size_bytes);
    memset(result, 0, size_bytes);
    return result;
}

void *arena_grow(Arena *arena, void *old, size_t old_size, size_t new_size)
{
    CHECK(new_size >= old_size);
    if (!old)
        return arena_alloc(arena, new_size);
    unsigned char *end = (unsigned char *)old + aligned(old_size);
    ArenaChunk *chunk = arena->newest;
    if (chunk && end == chunk->bytes + arena->used) {
        size_t more = aligned(new_size) - aligned(old_size);
        if (chunk->capacity - arena->used >= more) {
            arena->used += more;
            memset((unsigned char *)old + old_size, 0, new_size - old_size);
            return old;
        }
    }
    unsigned char *result = arena_alloc_raw(arena, new_size);
    memcpy(result, old, old_size);
    memset(result + old_size, 0, new_size - old_size);
    return result;
}

void arena_reset(Arena *arena)
{
    ArenaChunk *kept = arena->newest;
    if (!kept)
        return;
    for (ArenaChunk *chunk = kept->older; chunk;) {
        ArenaChunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
    kept->older = NULL;
    arena->used = 0;
    arena->total = sizeof(ArenaChunk) + kept->capacity;
}

void arena_release(Arena *arena)
{
    for (ArenaChunk *chunk = arena->newest; chunk;) {
        ArenaChunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
    *arena = (Arena){0};
}

void *arena_owner_new(size_t size_bytes)
{
    CHECK(size_bytes >= sizeof(Arena));
    Arena arena = arena_with_capacity(size_bytes);
    Arena *owner = arena_alloc(&arena, size_bytes);
    *owner = arena;
    return owner;
}

void arena_owner_free(Arena *arena)
{
    Arena moved = *arena; /* the struct that it is in goes away with it */
    arena_release(&moved);
}

enum { LARGEST_KEPT = 32 * 1024 * 1024, MOST_KEPT = 64 * 1024 * 1024 };

void arena_keep_released_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT);
    mallopt(M_TRIM_THRESHOLD, MOST_KEPT);
    mallopt(M_ARENA_MAX, 1); /* what one thread released serves the others */
#endif
}

void arena_expect(size_t size_bytes)
{
#if defined __GLIBC__ && defined MADV_HUGEPAGE
    enum { LARGE_PAGE = 2 * 1024 * 1024, USUAL_PAD = 128 * 1024, A_LITTLE = 64 };
    CHECK(size_bytes <= INT_MAX);
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    /* The heap grows at once by all of it, from where the first allocation is that has no room. */
    mallopt(M_TOP_PAD, (int)size_bytes);
    uintptr_t first = (uintptr_t)malloc(USUAL_PAD * 2);
    mallopt(M_TOP_PAD, USUAL_PAD);
    uintptr_t start = (first + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    uintptr_t end = (first + size_bytes) / LARGE_PAGE * LARGE_PAGE;
    if (first && start < end)
        madvise((void *)start, end - start, MADV_HUGEPAGE); /* a wish: it may fail */
    free((void *)first);
#else
    (void)size_bytes;
#endif
}
