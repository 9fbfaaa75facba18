/* alembic.h — Alembic's revision files: `upgrade` and `downgrade` to operations.
 *
 * Private to this folder. */
#ifndef FRONTENDS_PYTHON_ALEMBIC_H
#define FRONTENDS_PYTHON_ALEMBIC_H

#include "model/orm.h"
#include "syntax/parser.h"

/* True where the text looks like a revision: then all its functions are read. */
bool alembic_is_revision(Str text);

/* Fills fragment->operations, queries and migration from fragment->python, which has all its
 * functions' bodies. Nothing where it is no revision after all. */
void alembic_read(Parser *parser, Fragment *fragment, Dialect dialect);

#endif
