/* technology.h — what the project is built with, as far as this database is concerned. */
#ifndef CONSULT_OFFLINE_TECHNOLOGY_H
#define CONSULT_OFFLINE_TECHNOLOGY_H

#include "consult/offline/offline.h"

/* The fact with that name nearest to the database; NULL: none. */
const StackFact *stack_fact(const Offline *o, const char *name);
/* The first of the names that is there; the list ends with NULL. */
const StackFact *stack_any(const Offline *o, const char *const *names);
/* "`pg` (package.json:12)". */
Str stack_cite(Offline *o, const StackFact *fact);

/* The ORM whose models declare this schema, or NULL: a title and, where known, its fact. */
typedef struct {
    const char *title;     /* "Prisma" */
    const char *models;    /* where the schema is declared: "schema.prisma" */
    const StackFact *fact; /* NULL: known by the layout of the migrations */
} Orm;
bool offline_orm(const Offline *o, Orm *orm);

#endif
