/* map.h — a hash table from Str to pointer, in an arena.
 *
 * {0} is the empty map. Keys are not copied: their bytes must live as long as the map.
 * Iteration order is the order of insertion (of the keys that are left), so that output
 * made from a map is stable. Values must not be NULL: NULL means "not there". */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

typedef struct {
    Str key;
    void *value; /* NULL: removed */
} MapEntry;

typedef struct {
    uint32_t entry; /* index + 1 into entries; 0: free */
    uint32_t hash;  /* the key's: most keys are told apart without a look at them */
} MapSlot;

typedef struct {
    MapEntry *entries; /* in order of insertion, with holes */
    uint32_t n_entries, capacity;
    MapSlot *slots;
    uint32_t n_slots;
    uint32_t n; /* live keys */
} StrMap;

void *map_get(const StrMap *map, Str key);
/* The same with the key's hash, for who asks several maps for one key. */
uint32_t map_hash(Str key);
void *map_get_hashed(const StrMap *map, Str key, uint32_t hash);
/* Sets or replaces. */
void map_set(Arena *arena, StrMap *map, Str key, void *value);
/* Returns the value that was there, or NULL. */
void *map_remove(StrMap *map, Str key);

/* for (MapEntry *e = map_next(&map, NULL); e; e = map_next(&map, e)) */
MapEntry *map_next(const StrMap *map, const MapEntry *previous);

#endif
