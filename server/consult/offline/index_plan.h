/* index_plan.h — which indexes the queries, policies and foreign keys of a schema ask for.
 *
 * Each of them is a request: columns compared for equality, and after them a range or an
 * order. What an existing index or key serves is left out; requests that one index can serve
 * are merged into one plan. A plan's columns: those of equality (the ones that more requests
 * need first), then the tail. In the scratch arena. */
#ifndef CONSULT_OFFLINE_INDEX_PLAN_H
#define CONSULT_OFFLINE_INDEX_PLAN_H

#include "consult/offline/offline.h"

typedef Vec(const Access *) AccessPointerVec;
typedef Vec(const ForeignKey *) ForeignKeyPointerVec;

typedef struct {
    const TableFacts *table;
    ColumnVec columns;
    Vec(SortOrder) directions; /* parallel to columns; unspecified for those of equality */
    uint32_t n_equal;
    AccessPointerVec serves;   /* queries and policies */
    ForeignKeyPointerVec keys; /* foreign keys without an index that it gives one */
    const Index *replaces;     /* an index that is a left part of this one, or NULL */
} IndexPlan;
typedef Vec(IndexPlan) IndexPlanVec;

/* Plans in the order of their tables. */
IndexPlanVec index_plan(Offline *o);

/* True where a key or unique index lies within `columns`: they find one row at most. */
bool finds_one_row(const Table *table, const ColumnVec *columns);

#endif
