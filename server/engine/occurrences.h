/* occurrences.h — every place that names a table, a column or a relation, with what it names.
 *
 * A view of a snapshot: definitions and later changes in migrations, models and their strings,
 * keys and indexes, policies, queries. A name in a migration means what was called so then: after
 * a rename both the old and the new name are occurrences of the one table. Tables and columns of
 * the two sides that have the same name are one thing. Pure; any thread. */
#ifndef ENGINE_OCCURRENCES_H
#define ENGINE_OCCURRENCES_H

#include "engine/analyse.h"

/* What is named: a relation between models where `relation` is set, else a column where `column`
 * is, else a table. */
typedef struct {
    const Table *table;          /* of the side that the occurrence stands on; never NULL */
    const Column *column;        /* NULL: the table, or the relation */
    const OrmRelation *relation; /* NULL: the table, or the column */
} Thing;

typedef enum {
    OCCURRENCE_DEFINITION, /* CREATE TABLE, ADD COLUMN, a class, a model, their fields */
    OCCURRENCE_TITLE,      /* its name in the database, beside its definition: @@map("users") */
    OCCURRENCE_CHANGE,     /* a later statement on it: ALTER, DROP, a rename */
    OCCURRENCE_REFERENCE,  /* a key, an index, a relation, a policy */
    OCCURRENCE_READ,       /* a query */
    OCCURRENCE_WRITE,      /* what an INSERT, UPDATE or DELETE changes */
    OCCURRENCE_ALIAS,      /* another name for it within one query */
    OCCURRENCE_TYPE,       /* no name of it: a field's type, which hovers answer for the field */
} OccurrenceRole;

typedef struct {
    Thing thing;
    OccurrenceRole role;
    Place place; /* the name as it stands there */
} Occurrence;

/* With its position in the snapshot. */
typedef struct {
    Occurrence occurrence;
    Location location;
} LocatedOccurrence;
typedef Vec(LocatedOccurrence) LocatedOccurrenceVec;

typedef void OccurrenceVisitor(void *context, const Occurrence *occurrence);

/* Which occurrences are looked for; {0}: all. */
typedef struct {
    const Fragment *fragment; /* NULL: in all */
    const Table *table;       /* those of this table and its columns; NULL: of all */
} OccurrenceScope;

/* Calls `visit` for the occurrences in the scope; a place may come more than once, the last time
 * for what it has become since. */
void occurrences_walk(const Snapshot *snapshot, const OccurrenceScope *scope,
                      OccurrenceVisitor *visit, void *context);

/* The fragment that holds byte `at` of the source, its end included; NULL: between two. */
const PlacedFragment *source_fragment_at(const Source *source, uint32_t at);

/* The innermost occurrence that touches the byte; false: there is none. */
bool occurrence_at(const Snapshot *snapshot, uint32_t source, uint32_t at,
                   LocatedOccurrence *found);

/* Those of one thing, by source and position, each place once. */
LocatedOccurrenceVec occurrences_of(Arena *out, const Snapshot *snapshot, const Thing *thing);

/* The same thing, on whichever side. */
bool thing_equal(const Thing *a, const Thing *b);

/* The schema that names in the source mean: of the side that it stands on. */
const Schema *source_schema(const Snapshot *snapshot, uint32_t source);

/* True where the source stands on the declared side of a database with two. */
bool source_is_declared(const Snapshot *snapshot, uint32_t source);

#endif
