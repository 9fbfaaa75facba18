/* MySQL ("Online DDL Operations" of InnoDB), SQLite and SQL Server. PostgreSQL's lock names stand
 * for what the products call otherwise: SHARE lets others read, ACCESS EXCLUSIVE nobody. */
#include "model/lock_costs.h"

static OperationCost nothing(void)
{
    return (OperationCost){.lock = LOCK_NONE};
}

/* A metadata lock for a moment, once the statements that use the table have ended. */
static OperationCost instant(void)
{
    return (OperationCost){.lock = LOCK_ACCESS_EXCLUSIVE,
                           .blocks_reads = true,
                           .blocks_writes = true,
                           .note = STR("for a moment: only the definition changes")};
}

static OperationCost online(const char *note)
{
    return (OperationCost){.lock = LOCK_NONE, .note = str_from(note)};
}

static OperationCost copies(const char *note)
{
    return (OperationCost){.lock = LOCK_SHARE,
                           .scans = true,
                           .rewrites = true,
                           .blocks_writes = true,
                           .note = str_from(note)};
}

/* ---- MySQL ---- */

/* Bytes that say how long a value is: the boundary within which VARCHAR grows in place. The
 * character set is not known for sure, so four bytes a character are assumed, as utf8mb4 has. */
static bool crosses_length_bytes(uint32_t from, uint32_t to)
{
    return from * 4 <= 255 && to * 4 > 255;
}

static bool appends_labels(const StrVec *from, const StrVec *to)
{
    if (to->n < from->n || (from->n <= 255 && to->n > 255))
        return false;
    for (uint32_t i = 0; i < from->n; i++) {
        if (!str_equal(from->items[i], to->items[i]))
            return false;
    }
    return true;
}

static OperationCost mysql_type(const Column *column, const ColumnType *to)
{
    if (!column)
        return copies("copies the table");
    const ColumnType *from = &column->type;
    if (type_equal(from, to))
        return instant();
    if (from->family == TYPE_VARCHAR && to->family == TYPE_VARCHAR && to->length >= from->length &&
        !crosses_length_bytes(from->length, to->length))
        return instant();
    if ((from->family == TYPE_ENUM || from->family == TYPE_SET) && from->family == to->family &&
        appends_labels(&from->values, &to->values))
        return instant();
    return copies("copies the table");
}

static OperationCost mysql_add_column(const Operation *operation, ServerVersion version)
{
    const ColumnDef *column = &operation->as.add_column;
    if (column->generated == GENERATED_STORED)
        return copies("copies the table to compute the column");
    if (column->auto_increment)
        return copies("rebuilds the table to number its rows");
    for (uint32_t i = 0; i < column->constraints.n; i++) {
        if (column->constraints.items[i].kind == CONSTRAINT_FOREIGN_KEY ||
            column->constraints.items[i].kind == CONSTRAINT_CHECK)
            return copies("copies the table");
    }
    if (version_at_least(version, 8, 0))
        return instant();
    return online("rebuilds the table, while reads and writes go on");
}

static OperationCost mysql_replace(const Operation *operation, const Schema *before)
{
    const ColumnDef *to = &operation->as.replace_column.column;
    Name old_name = operation->as.replace_column.old_name;
    const Column *column =
        cost_column(operation, before, name_is_absent(old_name) ? to->name : old_name);
    OperationCost cost = mysql_type(column, &to->type);
    bool moves = to->is_first || !name_is_absent(to->after);
    if (column && !cost.rewrites && (moves || column->is_nullable == to->not_null))
        return online("rebuilds the table, while reads and writes go on");
    return cost;
}

static OperationCost mysql_constraint(const Operation *operation, const Schema *before)
{
    switch (operation->as.add_constraint.kind) {
    case CONSTRAINT_PRIMARY_KEY:
        return online("rebuilds the table, while reads and writes go on");
    case CONSTRAINT_UNIQUE:
        return online("builds the index, while reads and writes go on");
    case CONSTRAINT_FOREIGN_KEY:
        if (before->foreign_keys_unchecked)
            return online("adds the key unchecked");
        return copies("copies the table to check the key");
    case CONSTRAINT_CHECK:
    case CONSTRAINT_EXCLUDE:
    case CONSTRAINT_NOT_NULL:
        break;
    }
    return copies("copies the table to check it");
}

static OperationCost mysql_index(const Operation *operation)
{
    if (operation->as.create_index.kind == INDEX_NORMAL) {
        OperationCost cost = online("builds the index, while reads and writes go on");
        return cost;
    }
    return (OperationCost){.lock = LOCK_SHARE,
                           .builds_index = true,
                           .blocks_writes = true,
                           .note = STR("builds the index, while writes wait")};
}

OperationCost cost_on_mysql(const Operation *operation, const Schema *before, ServerVersion version)
{
    const Table *table = schema_find_table(before, &operation->target);
    OperationKind kind = operation->kind;
    if (kind == OP_ADD_COLUMN)
        return mysql_add_column(operation, version);
    if (kind == OP_REPLACE_COLUMN)
        return mysql_replace(operation, before);
    if (kind == OP_SET_COLUMN_TYPE)
        return mysql_type(cost_column(operation, before, operation->as.set_type.column),
                          &operation->as.set_type.type);
    if (kind == OP_ADD_CONSTRAINT)
        return mysql_constraint(operation, before);
    if (kind == OP_CREATE_INDEX)
        return mysql_index(operation);
    if (kind == OP_SET_NOT_NULL || kind == OP_DROP_NOT_NULL)
        return online("rebuilds the table, while reads and writes go on");
    if (kind == OP_DROP_COLUMN)
        return version_at_least(version, 8, 1)
                   ? instant()
                   : online(
                         "rebuilds the table, while reads and writes go on (instant from 8.0.29)");
    if (kind == OP_DROP_CONSTRAINT && name_is_absent(operation->as.constraint.name))
        return copies("copies the table: its rows are ordered by the key");
    if (kind == OP_SET_TABLE_OPTIONS && !str_is_absent(operation->as.table_options.character_set))
        return copies("copies the table where text must be converted");
    if (kind == OP_SET_TABLE_OPTIONS && !str_is_absent(operation->as.table_options.engine))
        return copies("rebuilds the table");
    bool is_definition = kind == OP_DROP_TABLE || kind == OP_RENAME_TABLE || kind == OP_TRUNCATE ||
                         kind == OP_RENAME_COLUMN || kind == OP_SET_COLUMN_DEFAULT ||
                         kind == OP_DROP_CONSTRAINT || kind == OP_DROP_INDEX ||
                         kind == OP_RENAME_INDEX || kind == OP_SET_TABLE_OPTIONS ||
                         kind == OP_CREATE_TRIGGER || kind == OP_DROP_TRIGGER || kind == OP_COMMENT;
    if (kind == OP_QUERY && operation->as.query)
        return (OperationCost){.lock = operation->as.query->kind == QUERY_SELECT
                                           ? LOCK_ACCESS_SHARE
                                           : LOCK_ROW_EXCLUSIVE};
    return is_definition && (table || kind == OP_DROP_INDEX) ? instant() : nothing();
}

/* ---- SQLite ---- */

/* One writer at a time, for the whole file: every change keeps other writers out for as long as it
 * lasts. */
OperationCost cost_on_sqlite(const Operation *operation, const Schema *before)
{
    OperationCost cost = {.lock = LOCK_EXCLUSIVE, .blocks_writes = true};
    (void)before;
    if (operation->kind == OP_QUERY) {
        bool reads = !operation->as.query || operation->as.query->kind == QUERY_SELECT;
        return (OperationCost){.lock = reads ? LOCK_ACCESS_SHARE : LOCK_EXCLUSIVE,
                               .blocks_writes = !reads};
    }
    if (operation->kind == OP_CREATE_INDEX) {
        cost.builds_index = true;
        cost.note = STR("builds the index, while the file's other writers wait");
    } else if (operation->kind == OP_DROP_COLUMN) {
        cost.rewrites = cost.scans = true;
        cost.note = STR("rewrites the table, while the file's other writers wait");
    } else if (operation->kind == OP_ADD_COLUMN) {
        const ColumnDef *column = &operation->as.add_column;
        cost.scans = column->generated != GENERATED_NONE || column->not_null;
        for (uint32_t i = 0; i < column->constraints.n; i++)
            cost.scans |= column->constraints.items[i].kind == CONSTRAINT_CHECK;
    } else if (operation->kind == OP_SET || operation->kind == OP_BEGIN ||
               operation->kind == OP_COMMIT || operation->kind == OP_ROLLBACK ||
               operation->kind == OP_SAVEPOINT || operation->kind == OP_OPAQUE ||
               operation->kind == OP_UNKNOWN) {
        return nothing();
    }
    return cost;
}

/* ---- SQL Server ---- */

OperationCost cost_on_sqlserver(const Operation *operation, const Schema *before)
{
    OperationKind kind = operation->kind;
    OperationCost cost = instant(); /* a schema modification lock */
    if (kind == OP_QUERY && operation->as.query)
        return (OperationCost){.lock = operation->as.query->kind == QUERY_SELECT
                                           ? LOCK_ACCESS_SHARE
                                           : LOCK_ROW_EXCLUSIVE};
    if (!schema_find_table(before, &operation->target))
        return nothing();
    if (kind == OP_CREATE_INDEX) {
        cost = (OperationCost){.lock = LOCK_SHARE, .builds_index = true, .blocks_writes = true};
        cost.note = STR("builds the index, while writes wait (unless ONLINE = ON)");
    } else if (kind == OP_SET_COLUMN_TYPE || kind == OP_REPLACE_COLUMN) {
        cost.scans = cost.rewrites = true;
        cost.note = STR("rewrites or reads every row");
    } else if (kind == OP_ADD_CONSTRAINT) {
        bool is_key = operation->as.add_constraint.kind == CONSTRAINT_PRIMARY_KEY ||
                      operation->as.add_constraint.kind == CONSTRAINT_UNIQUE;
        cost.builds_index = is_key;
        cost.scans = !is_key;
        cost.note = is_key ? STR("builds an index") : STR("reads every row to check it");
    } else if (kind == OP_SET_NOT_NULL) {
        cost.scans = true;
        cost.note = STR("reads every row to look for NULLs");
    }
    return cost;
}
