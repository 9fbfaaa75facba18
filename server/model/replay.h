/* replay.h — applying operations to a schema, one by one.
 *
 * Pure: the schema's arena is the only thing written. An operation that cannot be applied
 * changes nothing that it could not, and says why: that is a fact for rules, not an error. */
#ifndef MODEL_REPLAY_H
#define MODEL_REPLAY_H

#include "model/schema.h"

/* An empty schema of the dialect, with its built-in schemas and search path. */
Schema *schema_new(Arena *arena, Dialect dialect);

/* Starts another source: sets the ordinal of its migration and forgets what ends with a session
 * (the search path, FOREIGN_KEY_CHECKS). */
void schema_begin_source(Schema *schema, uint32_t migration);

/* Sets undone[i] for each of the `n` operations of one source that a later ROLLBACK (or ROLLBACK
 * TO a savepoint) of the same source takes back. The caller does not replay those: a schema has
 * no undo, so what will be undone must not be done. */
void replay_mark_undone(const Operation *const *operations, uint32_t n, Arena *scratch,
                        bool *undone);

typedef enum {
    REPLAY_OK,
    REPLAY_MISSING_TABLE,
    REPLAY_MISSING_COLUMN,
    REPLAY_MISSING_INDEX,
    REPLAY_MISSING_CONSTRAINT,
    REPLAY_MISSING_TYPE,
    REPLAY_MISSING_OTHER,
    REPLAY_EXISTS,     /* created twice without IF NOT EXISTS */
    REPLAY_DEPENDENTS, /* dropped without CASCADE while something depends on it */
} ReplayProblemKind;

typedef struct {
    ReplayProblemKind kind;
    Name name;   /* what is missing, doubled or depended on */
    Str message; /* one sentence, in the arena given */
} ReplayProblem;

/* Applies `operation`, which the schema then points at: it must outlive the schema. Returns
 * false and fills `problem` (which may be NULL) where it could not be applied (as
 * PostgreSQL would refuse it); with IF EXISTS and IF NOT EXISTS nothing to do is success. */
bool replay_operation(Schema *schema, const Operation *operation, Arena *out,
                      ReplayProblem *problem);

/* What a DROP … CASCADE takes with it, as Places and names, before it is replayed: for
 * messages. Views, foreign keys, constraints, columns of a dropped type, policies. */
typedef struct {
    Str what; /* "view sales_by_store", "foreign key orders_customer_id_fkey on orders" */
    Place place;
} Dependent;
typedef Vec(Dependent) DependentVec;
DependentVec operation_dependents(Arena *out, const Schema *before, const Operation *operation);

#endif
