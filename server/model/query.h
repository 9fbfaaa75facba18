/* query.h — what a query touches, from SQL text or an ORM call alike.
 *
 * Facts, not judgement. A column use names its table by index into `tables`, where that is
 * known from the text alone (an alias, or the only table); rules resolve the rest with the
 * schema. Immutable, in the arena of its fragment. */
#ifndef MODEL_QUERY_H
#define MODEL_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "model/expression.h"
#include "model/operation.h"

typedef enum { QUERY_SELECT, QUERY_INSERT, QUERY_UPDATE, QUERY_DELETE, QUERY_MERGE } QueryKind;

typedef enum {
    JOIN_NONE,
    JOIN_COMMA,
    JOIN_INNER,
    JOIN_LEFT,
    JOIN_RIGHT,
    JOIN_FULL,
    JOIN_CROSS
} JoinKind;

typedef enum {
    TABLE_USE_TABLE, /* a table or view of the schema (or a CTE's name: is_cte) */
    TABLE_USE_SUBQUERY,
    TABLE_USE_FUNCTION,
    TABLE_USE_VALUES,
} TableUseKind;

typedef struct {
    TableUseKind kind;
    QualifiedName table; /* of a table or function */
    Name alias;          /* absent where none */
    JoinKind join;       /* how it comes in; the first is JOIN_NONE */
    bool has_condition;  /* ON or USING */
    bool is_cte;         /* the name of a WITH query of this query */
    bool is_target;      /* of INSERT, UPDATE, DELETE */
    const struct Query *subquery;
    Place place;
} TableUse;
typedef Vec(TableUse) TableUseVec;

typedef enum {
    COMPARE_NONE,
    COMPARE_EQUAL,
    COMPARE_RANGE, /* < <= > >= BETWEEN */
    COMPARE_NOT_EQUAL,
    COMPARE_IN,
    COMPARE_LIKE_PREFIX, /* LIKE 'abc%' */
    COMPARE_LIKE,        /* any other pattern */
    COMPARE_IS_NULL,
    COMPARE_IS_NOT_NULL,
    COMPARE_CONTAINS, /* @>, &&, @@ and other operators of GIN and GiST */
    COMPARE_OTHER,
} Comparison;

#define NO_TABLE_USE UINT32_MAX /* not an enum: its values are ints */

typedef struct {
    uint32_t table; /* index into Query.tables, or NO_TABLE_USE */
    Name qualifier; /* as written; may be absent */
    Name column;
    Comparison comparison;  /* filters and joins */
    uint32_t other_table;   /* joins: the table on the other side */
    Name other_column;      /* joins: its column */
    Str constant;           /* filters: the value where it is a literal, else absent */
    bool is_in_disjunction; /* under OR or NOT */
    bool is_wrapped;        /* inside a function or arithmetic: lower(email) */
    Str wrapper;            /* the function's name, where there is one */
    SortOrder order;        /* orders */
    NullsOrder nulls;
    Place place;
} ColumnUse;
typedef Vec(ColumnUse) ColumnUseVec;

typedef struct {
    Name name;                    /* the output's name: alias, column, or absent */
    const Expression *expression; /* NULL for a star */
    bool is_star;                 /* * or t.* */
    Name qualifier;               /* of t.* */
    Str type;                     /* where a cast says it, else absent */
} OutputColumn;
typedef Vec(OutputColumn) OutputColumnVec;

typedef Vec(const struct Query *) QueryPointerVec;

typedef struct Query {
    QueryKind kind;
    Place place;
    Place target_place; /* UPDATE t, DELETE FROM t: the verb and the table */
    TableUseVec tables;
    ColumnUseVec filters; /* WHERE (and HAVING's plain columns) */
    ColumnUseVec joins;   /* column = column between two tables, in ON, USING and WHERE */
    ColumnUseVec groups, orders;
    OutputColumnVec outputs;    /* SELECT list, or RETURNING */
    NameVec written_columns;    /* INSERT's list, UPDATE's SET */
    const Expression *where;    /* the whole condition, or NULL */
    QueryPointerVec subqueries; /* CTEs first, then others, each also reachable from here */
    NameVec cte_names;          /* parallel to the first of `subqueries` */
    bool has_where, has_limit, has_distinct, has_group_by, selects_star, is_set_operation;
    bool has_from;       /* UPDATE … FROM, DELETE … USING */
    bool inserts_values; /* INSERT … VALUES */
    bool inside_loop;    /* a loop around it, in PL/pgSQL or in a program */
    bool in_function;    /* in a function's body: runs when that is called */
    bool in_view;
    bool in_program; /* of a program, through its ORM or in a string: runs again and again */
    /* A program may add conditions where it cannot be seen; has_where is set then too. */
    bool is_partial;
    Str function;   /* its name, or absent */
    uint32_t depth; /* 0: a statement's own query */
} Query;

#endif
