#include "engine/replay_sources.h"

uint32_t source_ordinal(const SourceVec *sources, uint32_t source)
{
    return sources->items[source].role == SOURCE_SCHEMA ? 0 : source + 1;
}

TransactionMode source_transactions(const Source *source, TransactionMode of_database)
{
    if (source->role != SOURCE_MIGRATION)
        return TRANSACTION_UNKNOWN;
    return source->transactions == TRANSACTION_UNKNOWN ? of_database : source->transactions;
}

bool source_is_replayed(const Source *source)
{
    return source->role != SOURCE_QUERIES;
}
