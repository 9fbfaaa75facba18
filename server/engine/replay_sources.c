#include "engine/replay_sources.h"

Side source_side(const Source *source, bool has_migrations)
{
    bool is_declared = source->role == SOURCE_SCHEMA || source->role == SOURCE_MODEL;
    return is_declared || !has_migrations ? SIDE_DECLARED : SIDE_MIGRATED;
}

bool source_is_linked(const Source *source)
{
    return source->role == SOURCE_MODEL && source->file->language != FILE_SQL;
}

bool source_is_program(const Source *source)
{
    return source->role == SOURCE_QUERIES && source->file->language == FILE_PYTHON;
}

bool source_is_definition(const Source *source)
{
    return source->role == SOURCE_SCHEMA ||
           (source->role == SOURCE_MODEL && !source_is_linked(source));
}

uint32_t source_ordinal(const SourceVec *sources, uint32_t source)
{
    return source_is_definition(&sources->items[source]) ? ORDINAL_OF_DEFINITIONS : source + 1;
}

TransactionMode source_transactions(const Source *source, TransactionMode of_database)
{
    if (source->role != SOURCE_MIGRATION)
        return TRANSACTION_UNKNOWN;
    return source->transactions == TRANSACTION_UNKNOWN ? of_database : source->transactions;
}

bool source_is_replayed(const Source *source)
{
    return source->role != SOURCE_QUERIES && !source_is_linked(source);
}

typedef struct {
    const Snapshot *snapshot;
    Schema *schema;
    Arena *arena;
    ReplayVisitor *visit;
    void *context;
} Replay;

static void replay_all(const Replay *r, uint32_t source, const OperationPointerVec *operations)
{
    bool *undone = ARENA_ARRAY(r->arena, bool, operations->n + 1);
    replay_mark_undone(operations->items, operations->n, r->arena, undone);
    for (uint32_t i = 0; i < operations->n; i++) {
        if (undone[i])
            continue;
        if (r->visit)
            r->visit(r->context, source, operations, i, r->schema);
        replay_operation(r->schema, operations->items[i], r->arena, NULL);
    }
}

static void replay_linked(const Replay *r, uint32_t source)
{
    const OperationVec *linked = &r->snapshot->linked.operations;
    OperationPointerVec operations = {0};
    for (uint32_t i = 0; i < linked->n; i++)
        VEC_PUSH(r->arena, &operations, &linked->items[i]);
    schema_begin_source(r->schema, ORDINAL_OF_DEFINITIONS);
    replay_all(r, source, &operations);
}

static void replay_source(const Replay *r, uint32_t source)
{
    const LoweredFile *file = r->snapshot->sources.items[source].file;
    OperationPointerVec operations = {0};
    for (uint32_t i = 0; i < file->fragments.n; i++) {
        const OperationVec *of_fragment = &file->fragments.items[i].fragment->operations;
        for (uint32_t k = 0; k < of_fragment->n; k++)
            VEC_PUSH(r->arena, &operations, &of_fragment->items[k]);
    }
    schema_begin_source(r->schema, source_ordinal(&r->snapshot->sources, source));
    replay_all(r, source, &operations);
}

void replay_judged(const Snapshot *snapshot, Schema *schema, Arena *arena, ReplayVisitor *visit,
                   void *context)
{
    Replay r = {snapshot, schema, arena, visit, context};
    bool has_migrations = snapshot->database.has_migrations, is_linked = false;
    for (uint32_t i = 0; i < snapshot->sources.n; i++) {
        const Source *source = &snapshot->sources.items[i];
        if (source_side(source, has_migrations) != (has_migrations ? SIDE_MIGRATED : SIDE_DECLARED))
            continue;
        if (source_is_linked(source) && !is_linked)
            replay_linked(&r, i);
        is_linked = is_linked || source_is_linked(source);
        if (source_is_replayed(source))
            replay_source(&r, i);
    }
}
