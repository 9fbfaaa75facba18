/* lock_costs.h — the cost tables behind operation_cost, one function per product.
 *
 * Not for use outside model/lock*.c. */
#ifndef MODEL_LOCK_COSTS_H
#define MODEL_LOCK_COSTS_H

#include "model/lock.h"

OperationCost cost_on_postgresql(const Operation *operation, const Schema *before,
                                 ServerVersion version);
OperationCost cost_on_mysql(const Operation *operation, const Schema *before,
                            ServerVersion version);
OperationCost cost_on_sqlite(const Operation *operation, const Schema *before);
OperationCost cost_on_sqlserver(const Operation *operation, const Schema *before);

/* The column as it stands before the operation; NULL where it is not there. */
const Column *cost_column(const Operation *operation, const Schema *before, Name name);

static inline bool version_at_least(ServerVersion version, uint32_t major, uint32_t minor)
{
    return version.major != major ? version.major > major : version.minor >= minor;
}

#endif
