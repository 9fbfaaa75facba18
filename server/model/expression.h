/* expression.h — what a default, a check, an index element or a policy says.
 *
 * The text is kept as written; what rules ask for is extracted beside it. {0} is "none". */
#ifndef MODEL_EXPRESSION_H
#define MODEL_EXPRESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "text/place.h"

typedef enum {
    EXPRESSION_NONE,
    EXPRESSION_NULL,
    EXPRESSION_NUMBER,
    EXPRESSION_STRING,
    EXPRESSION_BOOLEAN,
    EXPRESSION_CURRENT, /* CURRENT_TIMESTAMP, now() and its kin: one value per transaction */
    EXPRESSION_CALL,    /* any other function call at the top */
    EXPRESSION_COLUMN,  /* a bare column */
    EXPRESSION_OTHER,
} ExpressionKind;

typedef Vec(Name) NameVec;

typedef struct {
    Name qualifier; /* alias, table or NEW/OLD; may be absent */
    Name column;    /* "*" for a star */
} ColumnReference;
typedef Vec(ColumnReference) ColumnReferenceVec;

typedef struct {
    Name name;         /* lower case, last part: "uid" of auth.uid() */
    Str schema;        /* "auth", or absent */
    bool in_subselect; /* inside a scalar (SELECT …): evaluated once, not per row */
} FunctionCall;
typedef Vec(FunctionCall) FunctionCallVec;

typedef struct {
    Str text;      /* as written */
    Str constant;  /* the value of a number, string or boolean, unquoted */
    Str cast_type; /* the type name of an outer cast, or absent */
    Place place;
    FunctionCallVec functions;
    ColumnReferenceVec columns;
    ExpressionKind kind; /* of the whole, seen through casts and parentheses */
    bool has_subquery, has_parameter;
} Expression;

static inline bool expression_is_set(const Expression *e)
{
    return e->kind != EXPRESSION_NONE;
}

/* Immutable, stable or constant once per statement: false where a new value would be computed
 * for each row. Judges by a table of PostgreSQL's volatile functions (pg_proc.provolatile);
 * an unknown function sets *is_unknown and counts as volatile. */
bool expression_is_volatile(const Expression *e, bool *is_unknown);

#endif
