/* python.h — SQLAlchemy models and Alembic revisions to operations and models.
 *
 * *Read* turns one file into a module: imports, constants, classes, tables, with names
 * unresolved; a file that imports neither SQLAlchemy (or what is built on it) nor Alembic costs
 * one scan and gives an empty module. An Alembic revision stands alone: its fragment has the
 * operations of `upgrade` at once and `migration` is set. *Link* resolves names across the
 * modules of a database and makes operations of their models. Both are pure and never fail.
 * What only running the program could tell is left out, never guessed. */
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
