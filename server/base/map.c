#include "base/map.h"

#include <string.h>

#include "base/hash.h"
#include "base/panic.h"

/* Open addressing with linear probing over an index table; entries stay in insertion order
 * beside it. A removed entry keeps its slot (with a NULL value) until the next rebuild, so
 * probing never breaks. */

uint32_t map_hash(Str key)
{
    return (uint32_t)hash_str(key);
}

static uint32_t slot_of(const StrMap *map, Str key, uint32_t hash)
{
    uint32_t mask = map->n_slots - 1;
    uint32_t slot = hash & mask;
    for (; map->slots[slot].entry != 0; slot = (slot + 1) & mask) {
        if (map->slots[slot].hash == hash &&
            str_equal(map->entries[map->slots[slot].entry - 1].key, key))
            return slot;
    }
    return slot;
}

/* The entry of a key that the map does not have yet. */
static void fill_slot(StrMap *map, uint32_t hash, uint32_t entry)
{
    uint32_t mask = map->n_slots - 1;
    uint32_t slot = hash & mask;
    while (map->slots[slot].entry != 0)
        slot = (slot + 1) & mask;
    map->slots[slot] = (MapSlot){.entry = entry, .hash = hash};
}

static void rebuild(Arena *arena, StrMap *map)
{
    uint32_t kept = 0, n_before = map->n_entries;
    for (uint32_t i = 0; i < n_before; i++) {
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
    const MapSlot *old = map->slots;
    uint32_t n_old = map->n_slots;
    uint32_t n_slots = map->capacity * 2; /* at most half full */
    if (n_slots == n_old) {
        memset(map->slots, 0, sizeof(MapSlot) * n_slots);
    } else {
        map->slots = ARENA_ARRAY(arena, MapSlot, n_slots);
        map->n_slots = n_slots;
    }
    if (kept == n_before && map->slots != old) { /* nothing moved: the hashes are known */
        for (uint32_t i = 0; i < n_old; i++) {
            if (old[i].entry != 0)
                fill_slot(map, old[i].hash, old[i].entry);
        }
        return;
    }
    for (uint32_t i = 0; i < kept; i++)
        fill_slot(map, map_hash(map->entries[i].key), i + 1);
}

void *map_get_hashed(const StrMap *map, Str key, uint32_t hash)
{
    if (map->n == 0)
        return NULL;
    uint32_t index = map->slots[slot_of(map, key, hash)].entry;
    return index ? map->entries[index - 1].value : NULL;
}

void *map_get(const StrMap *map, Str key)
{
    return map->n == 0 ? NULL : map_get_hashed(map, key, map_hash(key));
}

void map_set(Arena *arena, StrMap *map, Str key, void *value)
{
    CHECK(value);
    uint32_t hash = map_hash(key);
    if (map->n_slots > 0) {
        uint32_t index = map->slots[slot_of(map, key, hash)].entry;
        if (index && map->entries[index - 1].value) {
            map->entries[index - 1].value = value;
            return;
        }
        if (index) /* removed before: forget the old place, so that order is insertion's */
            rebuild(arena, map);
    }
    if (map->n_entries == map->capacity)
        rebuild(arena, map);
    map->entries[map->n_entries] = (MapEntry){.key = key, .value = value};
    fill_slot(map, hash, ++map->n_entries);
    map->n++;
}

void *map_remove(StrMap *map, Str key)
{
    if (map->n == 0)
        return NULL;
    uint32_t index = map->slots[slot_of(map, key, map_hash(key))].entry;
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
