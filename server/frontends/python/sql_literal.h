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

#endif
