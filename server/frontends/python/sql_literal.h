/* sql_literal.h — SQL that a string of Python holds, with the places of its parts. */
#ifndef FRONTENDS_PYTHON_SQL_LITERAL_H
#define FRONTENDS_PYTHON_SQL_LITERAL_H

#include "frontends/python/module.h"
#include "text/dialect.h"

typedef Vec(Range) SqlHoleVec;

typedef struct {
    Str text;         /* absent: it cannot be known */
    uint32_t base;    /* where it begins in the fragment */
    SqlHoleVec holes; /* of f-strings, in `text`: what only the running program knows */
} SqlLiteral;

/* Of a TERM_STRING or TERM_FORMATTED; in the fragment's arena. */
SqlLiteral python_sql_literal(Fragment *fragment, const PythonTerm *term, Dialect dialect);

/* An element of an index may say its order: Index("i", text("created_at DESC NULLS LAST")). What is
 * ordered; `order` and `nulls` are left as they are where the text says nothing of them. */
Str sql_without_order(Str text, SortOrder *order, NullsOrder *nulls);

#endif
