#include "rules/orm/revisions.h"

/* Maps hold pointers that may be written through, which these are not. */
static void set(Arena *out, StrMap *map, Str key, const MigrationFile *file)
{
    if (!str_is_empty(key) && !map_get(map, key)) {
        const MigrationFile **box = ARENA_NEW(out, const MigrationFile *);
        *box = file;
        map_set(out, map, key, box);
    }
}

bool revisions_are_judged(const Database *database)
{
    return database->migrations.n > 0 && database->schema == database->migrated;
}

bool revision_graph(Arena *out, const Database *database, RevisionGraph *graph)
{
    *graph = (RevisionGraph){0};
    if (!revisions_are_judged(database))
        return false;
    for (uint32_t i = 0; i < database->migrations.n; i++) {
        const MigrationFile *file = database->migrations.items[i];
        set(out, &graph->by_id, file->revision.text, file);
        for (uint32_t j = 0; j < file->down_revisions.n; j++)
            set(out, &graph->has_child, file->down_revisions.items[j].text, file);
    }
    return true;
}

bool revision_is_head(const RevisionGraph *graph, const MigrationFile *file)
{
    return !name_is_absent(file->revision) && !map_get(&graph->has_child, file->revision.text);
}
