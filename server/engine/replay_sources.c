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
