#include "base/map.h"

#include <string.h>

#include "base/hash.h"
#include "base/panic.h"

/* Open addressing with linear probing over an index table; entries stay in insertion order
 * beside it. A removed entry keeps its slot (with a NULL value) until the next rebuild, so
 * probing never breaks. */

static uint32_t slot_of(const StrMap *map, Str key)
{
    uint32_t mask = map->n_slots - 1;
    uint32_t slot = (uint32_t)hash_str(key) & mask;
    while (map->slots[slot] != 0) {
        if (str_equal(map->entries[map->slots[slot] - 1].key, key))
            return slot;
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void rebuild(Arena *arena, StrMap *map)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < map->n_entries; i++) {
        if (map->entries[i].value)
            map->entries[kept++] = map->entries[i];
    }
    map->n_entries = kept;
    if (kept * 2 >= map->capacity || !map->entries) {
        uint32_t larger = map->capacity ? map->capacity * 2 : 8;
        map->entries = arena_grow(arena, map->entries, sizeof(MapEntry) * map->capacity,
                                  sizeof(MapEntry) * larger);
        map->capacity = larger;
    }
    uint32_t n_slots = map->capacity * 2; /* at most half full */
    if (n_slots == map->n_slots) {
        memset(map->slots, 0, sizeof(uint32_t) * n_slots);
    } else {
        map->slots = ARENA_ARRAY(arena, uint32_t, n_slots);
        map->n_slots = n_slots;
    }
    for (uint32_t i = 0; i < map->n_entries; i++)
        map->slots[slot_of(map, map->entries[i].key)] = i + 1;
}

void *map_get(const StrMap *map, Str key)
{
    if (map->n == 0)
        return NULL;
    uint32_t index = map->slots[slot_of(map, key)];
    return index ? map->entries[index - 1].value : NULL;
}

void map_set(Arena *arena, StrMap *map, Str key, void *value)
{
    CHECK(value);
    if (map->n_slots > 0) {
        uint32_t index = map->slots[slot_of(map, key)];
        if (index && map->entries[index - 1].value) {
            map->entries[index - 1].value = value;
            return;
        }
        if (index) /* removed before: forget the old place, so that order is insertion's */
            rebuild(arena, map);
    }
    if (map->n_entries == map->capacity)
        rebuild(arena, map);
    uint32_t slot = slot_of(map, key);
    map->entries[map->n_entries] = (MapEntry){.key = key, .value = value};
    map->slots[slot] = ++map->n_entries;
    map->n++;
}

void *map_remove(StrMap *map, Str key)
{
    if (map->n == 0)
        return NULL;
    uint32_t index = map->slots[slot_of(map, key)];
    if (!index || !map->entries[index - 1].value)
        return NULL;
    void *value = map->entries[index - 1].value;
    map->entries[index - 1].value = NULL;
    map->n--;
    return value;
}

MapEntry *map_next(const StrMap *map, const MapEntry *previous)
{
    uint32_t index = previous ? (uint32_t)(previous - map->entries) + 1 : 0;
    for (; index < map->n_entries; index++) {
        if (map->entries[index].value)
            return &map->entries[index];
    }
    return NULL;
}
