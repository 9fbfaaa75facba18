/* names.h — every name that a report about a database may use: what is there, what was there
 * once, and what the report itself proposes to make.
 *
 * Lower case throughout: a report that writes Orders for orders is understood. */
#ifndef CONSULT_CHECK_NAMES_H
#define CONSULT_CHECK_NAMES_H

#include "engine/analyse.h"

typedef struct {
    StrMap columns; /* also fields and relations of its model, and columns that are gone */
    StrMap parts;   /* indexes, constraints, policies, triggers on it */
    bool is_open;   /* it has columns that nobody knows: of a view's star, of a partial model */
    bool is_model;  /* an ORM's class stands for it: it has methods, too */
} NamedTable;

typedef struct {
    Arena *arena;
    const Snapshot *snapshot;
    StrMap tables;   /* "orders", "sales.orders", "Order" -> NamedTable: views and models too */
    StrMap schemas;  /* names of schemas */
    StrMap columns;  /* of any table */
    StrMap others;   /* indexes, constraints, types and their labels, functions, policies, … */
    StrMap words;    /* of all sources; made when it is first asked for */
    StrMap new_ones; /* whatever the report proposes to make */
    bool has_words;
} Names;

/* What the snapshot knows, on both sides, and what its history names. */
void names_collect(Names *names, const Snapshot *snapshot, Arena *arena);
/* What the operation makes: called for each statement that a report recommends. */
void names_propose(Names *names, const Operation *operation);
/* A column, and its table where that is new; an empty column: the table alone. */
void names_propose_column(Names *names, Str table, Str column);
/* One more name that the report makes. */
void names_propose_word(Names *names, Str word);

/* NULL: there is no such table, view or model. Quotes around the name's parts do not count. */
const NamedTable *names_table(const Names *names, Str name);
/* A column or a field; also the ones that each table of the dialect has. */
bool names_has_column(const NamedTable *table, Str name);
/* A column, or something else on the table. */
bool names_has_part(const NamedTable *table, Str name);
/* True for any thing of the database, or one that the report makes. */
bool names_knows(const Names *names, Str name);
/* True where the word stands anywhere in the sources. */
bool names_in_sources(Names *names, Str word);
/* True for what a database brings itself: pg_stat_activity, information_schema, sqlite_master. */
bool names_is_catalog(Str name);

/* The column, or table, that was probably meant; absent: none is near. */
Str names_nearest_column(Arena *scratch, const NamedTable *table, Str name);
Str names_nearest_table(Arena *scratch, const Names *names, Str name);

#endif
