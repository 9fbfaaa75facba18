/* revisions.h — the graph of Alembic's revisions, for rules about it. Pure. */
#ifndef RULES_ORM_REVISIONS_H
#define RULES_ORM_REVISIONS_H

#include "rules/context.h"

typedef struct {
    StrMap by_id;     /* revision -> MigrationFile */
    StrMap has_child; /* revisions that another one names as its down_revision */
} RevisionGraph;

/* False where the side at hand is not the one of the migrations, or there are no revisions. */
bool revisions_are_judged(const Database *database);
/* Fills `graph` where they are. */
bool revision_graph(Arena *out, const Database *database, RevisionGraph *graph);
/* No other revision follows this one. */
bool revision_is_head(const RevisionGraph *graph, const MigrationFile *file);

#endif
