/* replay_sources.h — running the operations of a database's sources in order.
 *
 * Shared by analyse (which judges on the way) and what_if (which only needs the result). */
#ifndef ENGINE_REPLAY_SOURCES_H
#define ENGINE_REPLAY_SOURCES_H

#include "engine/analyse.h"

/* The ordinal that `source` has for table_is_new. All definition files share one: together
 * they are one description, and none of them meets existing tables of another. */
uint32_t source_ordinal(const SourceVec *sources, uint32_t source);

/* How the source is wrapped: its own mode, or the database's. */
TransactionMode source_transactions(const Source *source, TransactionMode of_database);

/* False for sources of which only queries are read. */
bool source_is_replayed(const Source *source);

#endif
