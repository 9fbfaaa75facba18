/* database.h — one schema with its sources, and the queries that read it.
 *
 * What on_database rules see. `declared` is what models say, `migrated` what migrations
 * make; a database has one or both. */
#ifndef MODEL_DATABASE_H
#define MODEL_DATABASE_H

#include "model/diff.h"
#include "model/lock.h"
#include "model/orm.h"
#include "model/replay.h"
#include "model/transaction.h"

typedef struct {
    Str name;
    Dialect dialect;
    ServerVersion version;
    const Schema *schema;      /* the side to judge: migrated where there is one, else declared */
    const Schema *migrated;    /* or NULL */
    const Schema *declared;    /* or NULL */
    StrVec unmade_tables;      /* the migrations use them and never make them: what came before the
                                * first migration, or what a program does that could not be read */
    DifferenceVec differences; /* from migrated to declared; empty without both sides */
    QueryPointerVec queries;
    ProgramUseVec uses;          /* what programs do with the models */
    OrmModelVec models;          /* behind `declared`; empty without an ORM */
    MigrationFileVec migrations; /* revisions that are programs, in replay order */
    bool has_migrations;         /* the sources are an ordered history, not one definition */
    bool is_supabase;
} Database;

/* The schema that models are about: the declared one, where there is one. */
const Schema *database_model_schema(const Database *database);
/* The table or view of a model in it; NULL: none. `model` may be NULL. */
const Table *database_model_table(const Database *database, const OrmModel *model);

#endif
