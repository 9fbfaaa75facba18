/* live_query.h — which queries run again and again. Pure. */
#ifndef CONSULT_LIVE_QUERY_H
#define CONSULT_LIVE_QUERY_H

#include "engine/analyse.h"

/* False for what a migration or a seed ran once, and for what stands in a function or view that has
 * been replaced since. `role`: of the query's source. */
bool query_is_live(const Database *database, const Query *query, SourceRole role);

#endif
