/* index_sql.h — a planned index as SQL. */
#ifndef CONSULT_OFFLINE_INDEX_SQL_H
#define CONSULT_OFFLINE_INDEX_SQL_H

#include "consult/offline/index_plan.h"

/* The name that the index gets on `table` (the plan's, or a partition of it), quoted where needed.
 */
Str plan_index_name(Offline *o, const IndexPlan *plan, const Table *table);
/* Adds the statements that make it, and the findings that they answer. */
void plan_run(Offline *o, StepDraft *step, const IndexPlan *plan);
/* The statement that drops an index of `table`; `name` is quoted. */
Str plan_drop_sql(Offline *o, const Table *table, Str name);
/* The finding about the foreign key, or NULL. */
const Finding *plan_finding(const TableFacts *facts, const ForeignKey *key);
/* "orders (customer_id, placed_at DESC)" as a code span. */
Str plan_code(Offline *o, const IndexPlan *plan);

#endif
