#include "model/lock.h"

#include "base/panic.h"
#include "model/lock_costs.h"

ServerVersion server_version_default(Dialect dialect)
{
    switch (dialect) {
    case DIALECT_POSTGRESQL:
        return (ServerVersion){.major = 15};
    case DIALECT_MYSQL:
        return (ServerVersion){.major = 8};
    case DIALECT_SQLITE:
        return (ServerVersion){.major = 3, .minor = 40};
    case DIALECT_SQLSERVER:
        return (ServerVersion){.major = 16};
    }
    UNREACHABLE();
}

const Column *cost_column(const Operation *operation, const Schema *before, Name name)
{
    const Table *table = schema_find_table(before, &operation->target);
    return table ? table_column(table, name.text) : NULL;
}

OperationCost operation_cost(const Operation *operation, const Schema *before,
                             ServerVersion version)
{
    if (version.major == 0)
        version = server_version_default(before->dialect);
    switch (before->dialect) {
    case DIALECT_POSTGRESQL:
        return cost_on_postgresql(operation, before, version);
    case DIALECT_MYSQL:
        return cost_on_mysql(operation, before, version);
    case DIALECT_SQLITE:
        return cost_on_sqlite(operation, before);
    case DIALECT_SQLSERVER:
        return cost_on_sqlserver(operation, before);
    }
    UNREACHABLE();
}

Str lock_name(LockLevel lock)
{
    switch (lock) {
    case LOCK_NONE:
        return STR("none");
    case LOCK_ACCESS_SHARE:
        return STR("ACCESS SHARE");
    case LOCK_ROW_SHARE:
        return STR("ROW SHARE");
    case LOCK_ROW_EXCLUSIVE:
        return STR("ROW EXCLUSIVE");
    case LOCK_SHARE_UPDATE_EXCLUSIVE:
        return STR("SHARE UPDATE EXCLUSIVE");
    case LOCK_SHARE:
        return STR("SHARE");
    case LOCK_SHARE_ROW_EXCLUSIVE:
        return STR("SHARE ROW EXCLUSIVE");
    case LOCK_EXCLUSIVE:
        return STR("EXCLUSIVE");
    case LOCK_ACCESS_EXCLUSIVE:
        return STR("ACCESS EXCLUSIVE");
    }
    UNREACHABLE();
}
