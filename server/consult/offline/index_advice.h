/* index_advice.h — items and steps for the planned indexes. */
#ifndef CONSULT_OFFLINE_INDEX_ADVICE_H
#define CONSULT_OFFLINE_INDEX_ADVICE_H

#include "consult/offline/index_sql.h"

/* One item for each index that a query asks for, and one for all others together. */
void advise_indexes(Offline *o, const IndexPlanVec *plans);
/* True where a query, not only a policy, asks for it. */
bool plan_has_query(const IndexPlan *plan);
/* "path:line" of a query, for a sentence. */
Str where_is(Offline *o, Place place);

#endif
