/* fragment_table.h — where each fragment of a snapshot stands.
 *
 * Open addressing by the fragment's address; built once, read from any thread. */
#ifndef ENGINE_FRAGMENT_TABLE_H
#define ENGINE_FRAGMENT_TABLE_H

#include "engine/analyse.h"

typedef struct {
    const Fragment *fragment; /* NULL: free */
    uint32_t source, start;
} FragmentSlot;

typedef struct FragmentTable {
    FragmentSlot *slots;
    uint32_t n_slots; /* a power of two, or 0 */
} FragmentTable;

/* Of all fragments of the sources' files. */
FragmentTable *fragment_table_build(Arena *out, const SourceVec *sources);

/* NULL where the fragment is in none of them. */
const FragmentSlot *fragment_table_find(const FragmentTable *table, const Fragment *fragment);

#endif
