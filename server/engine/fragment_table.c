#include "engine/fragment_table.h"

static uint32_t slot_of(const FragmentTable *table, const Fragment *fragment)
{
    /* Addresses differ in their middle bits: a multiplication spreads them upwards. */
    uint64_t key = (uint64_t)(uintptr_t)fragment * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(key >> 32) & (table->n_slots - 1);
}

static void insert(FragmentTable *table, FragmentSlot entry)
{
    uint32_t i = slot_of(table, entry.fragment);
    while (table->slots[i].fragment) {
        if (table->slots[i].fragment == entry.fragment)
            return; /* the same file twice in a database: the first one counts */
        i = (i + 1) & (table->n_slots - 1);
    }
    table->slots[i] = entry;
}

FragmentTable *fragment_table_build(Arena *out, const SourceVec *sources)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < sources->n; i++)
        n += sources->items[i].file->fragments.n;
    FragmentTable *table = ARENA_NEW(out, FragmentTable);
    table->n_slots = 16;
    while (table->n_slots < n * 2)
        table->n_slots *= 2;
    table->slots = ARENA_ARRAY(out, FragmentSlot, table->n_slots);
    for (uint32_t i = 0; i < sources->n; i++) {
        const PlacedFragmentVec *fragments = &sources->items[i].file->fragments;
        for (uint32_t j = 0; j < fragments->n; j++) {
            insert(table, (FragmentSlot){.fragment = fragments->items[j].fragment,
                                         .source = i,
                                         .start = fragments->items[j].start});
        }
    }
    return table;
}

const FragmentSlot *fragment_table_find(const FragmentTable *table, const Fragment *fragment)
{
    if (!fragment || table->n_slots == 0)
        return NULL;
    for (uint32_t i = slot_of(table, fragment); table->slots[i].fragment;
         i = (i + 1) & (table->n_slots - 1)) {
        if (table->slots[i].fragment == fragment)
            return &table->slots[i];
    }
    return NULL;
}
