/* replay_sources.h — running the operations of a database's sources in order, side by side.
 *
 * A database may be described twice: by migrations, and by definitions or models. Each side is
 * replayed into a schema of its own. Shared by analyse (which judges on the way) and what_if
 * (which only needs the result). */
#ifndef ENGINE_REPLAY_SOURCES_H
#define ENGINE_REPLAY_SOURCES_H

#include "engine/analyse.h"
#include "rules/context.h"

typedef enum { SIDE_MIGRATED, SIDE_DECLARED, N_SIDES } Side;

/* Which side the source describes. What only fills in data goes with the migrations, where
 * there are any. */
Side source_side(const Source *source, bool has_migrations);

/* A file of definitions whose operations stand in it. */
bool source_is_definition(const Source *source);

/* A model file whose operations come by linking (link.h). */
bool source_is_linked(const Source *source);

/* The ordinal that `source` has for table_is_new. All definition files share one, and so do the
 * model files: together they are one description, and none of them meets existing tables of
 * another. */
enum { ORDINAL_OF_DEFINITIONS = 0 };
uint32_t source_ordinal(const SourceVec *sources, uint32_t source);

/* A program whose queries come by linking, with the models that they are about. */
bool source_is_program(const Source *source);

/* How the source is wrapped: its own mode, or the database's. */
TransactionMode source_transactions(const Source *source, TransactionMode of_database);

/* False for sources whose own operations do not run: of queries only, and linked ones. */
bool source_is_replayed(const Source *source);

/* Called before each operation that is replayed: `operations` are all of its source, or of what the
 * model files say together (then `source` is the first of those). */
typedef void ReplayVisitor(void *context, uint32_t source, const OperationPointerVec *operations,
                           uint32_t index, const Schema *before);

/* Replays the side that is judged (what has run, where there are migrations) into `schema`, which
 * is empty. `visit` may be NULL. */
void replay_judged(const Snapshot *snapshot, Schema *schema, Arena *arena, ReplayVisitor *visit,
                   void *context);

#endif
