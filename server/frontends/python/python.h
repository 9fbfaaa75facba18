/* python.h — SQLAlchemy models and Alembic revisions to operations and models.
 *
 * *Read* turns one file into a module: imports, constants, classes, tables, with names
 * unresolved; a long file that names no ORM costs one scan and gives no module, a short one may
 * hold an enum, a constant or a re-export that models use. An Alembic revision stands alone: its
 * fragment has the operations of `upgrade` at once and `migration` is set. *Link* resolves names
 * across the modules of a database and makes operations of their models. Both are pure and never
 * fail. What only running the program could tell is left out, never guessed. */
#ifndef FRONTENDS_PYTHON_PYTHON_H
#define FRONTENDS_PYTHON_PYTHON_H

#include "model/orm.h"
#include "syntax/parser.h"

/* One reference, the caller's. Uses and resets the parser's scratch arena. */
Fragment *python_read(Parser *parser, Str text, Dialect dialect);

/* Fills `declared` from the modules at hand, in `out`. Places point into the fragments. */
void python_link(const ModelFile *files, uint32_t n_files, Dialect dialect, Arena *out,
                 Declared *declared);

#endif
