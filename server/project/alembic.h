/* alembic.h — the databases of Alembic and Flask-Migrate. Inside project/ only. */
#ifndef PROJECT_ALEMBIC_H
#define PROJECT_ALEMBIC_H

#include "project/discover.h"

/* Takes the revisions of every environment among the Python files, in the order Alembic runs
 * them. A dialect that the settings or the revisions show is set, with its evidence. */
void discover_alembic(Discovery *d);

/* The one Python file at hand, where it is a revision: a history of one. */
void discover_alembic_file(Discovery *d);

/* Of Python files that the configuration lists: puts those that are revisions first and returns
 * how many they are. */
uint32_t alembic_revisions_among(Discovery *d, Candidate **files, uint32_t n);
/* Appends them to `database` as one history. */
void alembic_take_listed(Discovery *d, ProjectDatabase *database, Candidate **files, uint32_t n);

/* Adds to `score` what only one dialect's Python files say. */
void alembic_add_evidence(uint32_t score[N_DIALECTS], Str text);

/* Once the dialect is known: only where it rolls back definitions are there transactions. */
void alembic_settle_transactions(ProjectDatabase *database);

#endif
