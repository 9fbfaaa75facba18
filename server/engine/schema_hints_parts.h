/* schema_hints_parts.h — what the files schema_hints*.c share. */
#ifndef ENGINE_SCHEMA_HINTS_PARTS_H
#define ENGINE_SCHEMA_HINTS_PARTS_H

#include "engine/schema_hints.h"
#include "text/line_diff.h"

typedef struct {
    bool is_new;     /* was not there */
    bool is_changed; /* its text differs */
    LineDiff lines;  /* of a changed one */
} ChangedFile;

typedef Vec(const Fragment *) FragmentPointerVec;

typedef struct {
    Arena *out;
    Arena scratch;
    const Snapshot *base, *now;
    const atomic_bool *cancel;
    ChangedFile *files;         /* parallel to now's sources */
    uint32_t *now_of_base;      /* parallel to base's sources: UINT32_MAX where it is gone */
    FragmentPointerVec queries; /* what now's living queries stand in, sorted */
    SchemaHintVec hints;
    uint32_t n_asked; /* for users: each looks through the database */
} Hints;

/* True while there is room for more and nobody has cancelled. */
bool hints_go_on(const Hints *h);
/* True where a line of it is new or changed. */
bool hints_is_changed(const Hints *h, const Location *location);
SchemaHint *hints_add(Hints *h, const char *code, Location location, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Where `column` of `table` (NULL: the table itself), both of the base's schema, is still used by
 * what has not changed: living queries and, where `in_models`, the models. Empty when too many
 * were asked for. */
RelatedVec hints_users(Hints *h, const Table *table, const Column *column, bool in_models);
/* "q.sql:3 and 2 more places" */
Str hints_places(Hints *h, const RelatedVec *related);

/* A finding of the group begins there: then it is said already. */
bool hints_is_found(const Hints *h, Location location, RuleGroup group);

/* What a running server does, in words: "writes every row of t while reads and writes wait".
 * Absent where nobody has to wait. `is_long` tells whether that takes time. */
Str hints_cost(Hints *h, const OperationCost *cost, Str table, bool *is_long);

/* schema_hints_migrations.c: the statements of migrations that are new. */
void hints_of_migrations(Hints *h);
/* schema_hints_models.c: what is declared differently. */
void hints_of_models(Hints *h);

#endif
