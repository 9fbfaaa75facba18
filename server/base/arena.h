/* arena.h — memory that is freed all at once.
 *
 * An Arena is a list of chunks; allocation is a pointer bump, release frees every chunk.
 * {0} is a valid empty arena. Objects are never freed one by one and never moved.
 * Allocations are zeroed and aligned for any type. Out of memory panics.
 * One thread at a time. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

typedef struct ArenaChunk ArenaChunk;

typedef struct {
    ArenaChunk *newest;
    size_t used;          /* bytes used in `newest` */
    size_t total;         /* bytes in all chunks, for memory accounting */
    size_t next_capacity; /* size of the next chunk; 0 means the default start size */
} Arena;

/* The first chunk will have room for `size_bytes`: for many small arenas. */
Arena arena_with_capacity(size_t size_bytes);

/* Zeroed memory that lives until arena_release or arena_reset. */
void *arena_alloc(Arena *arena, size_t size_bytes);

/* Like arena_alloc, but the bytes are not cleared. */
void *arena_alloc_raw(Arena *arena, size_t size_bytes);

/* Grows the block at `old` from `old_size` to `new_size` bytes, in place where it was the
 * newest allocation, else by copying. The added bytes are zero. */
void *arena_grow(Arena *arena, void *old, size_t old_size, size_t new_size);

/* Forgets all objects and keeps the newest chunk for reuse. */
void arena_reset(Arena *arena);

/* Frees everything; the arena is empty and usable again. */
void arena_release(Arena *arena);

/* A zeroed struct in an arena of its own, for objects with a life of their own (a document,
 * a connection). The arena must be the struct's first member:
 *     typedef struct { Arena arena; ... } Document;
 *     Document *document = ARENA_OWNER_NEW(Document);
 *     arena_owner_free(&document->arena);   frees the struct and all it allocated */
void *arena_owner_new(size_t size_bytes);
void arena_owner_free(Arena *arena);

/* For a process that lives long and analyses again and again: the allocator keeps what is
 * released for the next analysis instead of giving the pages back and faulting them in anew.
 * Call once, before threads start. Does nothing where the C library has no such switch. */
void arena_keep_released_memory(void);
/* For a process that will fill much memory once: the allocator's next `size_bytes` come in large
 * pages, a fault for two megabytes instead of four kilobytes each. Nothing is used before it is
 * needed, though up to a page more. Call like the one above. */
void arena_expect(size_t size_bytes);

#define ARENA_OWNER_NEW(Type)       ((Type *)arena_owner_new(sizeof(Type)))
#define ARENA_NEW(arena, Type)      ((Type *)arena_alloc((arena), sizeof(Type)))
#define ARENA_ARRAY(arena, Type, n) ((Type *)arena_alloc((arena), sizeof(Type) * (size_t)(n)))

#endif
