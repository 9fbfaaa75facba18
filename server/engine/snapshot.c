#include "engine/analyse.h"
#include "engine/fragment_table.h"

Snapshot *snapshot_retain(Snapshot *snapshot)
{
    atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
    return snapshot;
}

void snapshot_release(Snapshot *snapshot)
{
    if (!snapshot || atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel) != 1)
        return;
    for (uint32_t i = 0; i < snapshot->sources.n; i++)
        lowered_file_release(snapshot->sources.items[i].file);
    for (uint32_t i = 0; i < snapshot->parts.n; i++)
        arena_release(&snapshot->parts.items[i]);
    Arena arena = snapshot->arena; /* the struct itself is in it */
    arena_release(&arena);
}

Snapshot *snapshot_with_remedies(const Snapshot *snapshot, const atomic_bool *cancel)
{
    if (snapshot->has_remedies)
        return snapshot_retain((Snapshot *)(uintptr_t)snapshot);
    const Database *database = &snapshot->database;
    return analyse(&(AnalysisInput){.name = database->name,
                                    .dialect = database->dialect,
                                    .version = database->version,
                                    .transactions = snapshot->transactions,
                                    .is_supabase = database->is_supabase,
                                    .sources = &snapshot->sources,
                                    .rules = {.levels = snapshot->levels}},
                   cancel);
}

bool snapshot_locate(const Snapshot *snapshot, Place place, Location *location)
{
    const FragmentSlot *slot = fragment_table_find(snapshot->fragments, place.fragment);
    if (!slot)
        return false;
    *location = (Location){
        .source = slot->source,
        .range = {.start = slot->start + place.range.start, .end = slot->start + place.range.end}};
    return true;
}

Str snapshot_cite(Arena *out, const Snapshot *snapshot, Place place)
{
    Location location;
    if (!snapshot_locate(snapshot, place, &location))
        return (Str){0};
    const Source *source = &snapshot->sources.items[location.source];
    uint32_t line = text_line_at(source->file->text, location.range.start) + 1;
    return str_format(out, STR_FMT ":%u", STR_ARG(source->path), line);
}
