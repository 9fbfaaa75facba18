/* PostgreSQL: the lock of each statement (its reference page; "Explicit Locking", table 13.2) and
 * whether it reads or writes the whole table while holding it ("ALTER TABLE", Notes). */
#include "base/panic.h"
#include "model/lock_costs.h"

static OperationCost locks(LockLevel lock)
{
    return (OperationCost){.lock = lock};
}

static OperationCost locks_both(LockLevel lock, LockLevel other)
{
    return (OperationCost){.lock = lock, .lock_on_other = other};
}

/* ---- columns ---- */

static bool domain_is_checked(const Type *type)
{
    return type && type->kind == TYPE_DEF_DOMAIN && (type->checks.n > 0 || type->is_not_null);
}

static void add_inline_constraints(OperationCost *cost, const ColumnDef *column)
{
    for (uint32_t i = 0; i < column->constraints.n; i++) {
        switch (column->constraints.items[i].kind) {
        case CONSTRAINT_PRIMARY_KEY:
        case CONSTRAINT_UNIQUE:
        case CONSTRAINT_EXCLUDE:
            cost->builds_index = true;
            if (cost->note.length == 0)
                cost->note = STR("builds an index");
            break;
        case CONSTRAINT_FOREIGN_KEY:
            /* A column of NULLs refers to nothing: only a default has to be looked up. */
            cost->lock_on_other = LOCK_SHARE_ROW_EXCLUSIVE;
            cost->scans |= column->default_value != NULL;
            break;
        case CONSTRAINT_CHECK:
            cost->scans |= !column->constraints.items[i].not_valid;
            break;
        case CONSTRAINT_NOT_NULL:
            break;
        }
    }
}

static OperationCost add_column(const Operation *operation, const Schema *before,
                                ServerVersion version)
{
    const ColumnDef *column = &operation->as.add_column;
    const Expression *value = column->default_value;
    OperationCost cost = locks(LOCK_ACCESS_EXCLUSIVE);
    const Type *type = schema_find_type(before, column->type.schema, column->type.name);
    bool is_unknown;
    if (column->type.is_serial || column->identity != IDENTITY_NONE) {
        cost.rewrites = true;
        cost.note = STR("rewrites the table to number its rows");
    } else if (column->generated == GENERATED_STORED) {
        cost.rewrites = true;
        cost.note = STR("rewrites the table to compute the column");
    } else if (value && value->kind != EXPRESSION_NULL && !version_at_least(version, 11, 0)) {
        cost.rewrites = true;
        cost.note = STR("rewrites the table to store the default, before PostgreSQL 11");
    } else if (value && expression_is_volatile(value, &is_unknown)) {
        cost.rewrites = true;
        cost.note = STR("rewrites the table, as the default differs from row to row");
    } else if (column->type.family == TYPE_OTHER && domain_is_checked(type)) {
        cost.rewrites = true;
        cost.note = STR("rewrites the table to check the domain");
    }
    add_inline_constraints(&cost, column);
    return cost;
}

/* The type as a domain's base, and whether the domain checks anything. */
static ColumnType base_type(const Schema *schema, const ColumnType *type, bool *is_checked)
{
    const Type *domain = schema_find_type(schema, type->schema, type->name);
    ColumnType result = *type;
    for (int depth = 0; domain && domain->kind == TYPE_DEF_DOMAIN && depth < 10; depth++) {
        *is_checked |= domain_is_checked(domain);
        result = domain->base;
        domain = schema_find_type(schema, result.schema, result.name);
    }
    return result;
}

static OperationCost set_type(const Operation *operation, const Schema *before)
{
    OperationCost cost = locks(LOCK_ACCESS_EXCLUSIVE);
    const Column *column = cost_column(operation, before, operation->as.set_type.column);
    const Expression *conversion = operation->as.set_type.using_expression;
    if (!column) {
        cost.rewrites = true;
        cost.note = STR("rewrites the table");
        return cost;
    }
    bool was_checked = false, is_checked = false, scans = false;
    ColumnType from = base_type(before, &column->type, &was_checked);
    ColumnType to = base_type(before, &operation->as.set_type.type, &is_checked);
    /* USING with the column itself, cast or not, is what happens without it. */
    bool converts = conversion && conversion->kind != EXPRESSION_COLUMN;
    bool is_same_name =
        str_equal(column->type.name, operation->as.set_type.type.name) && column->user_type;
    bool is_free = !converts && (is_same_name || type_change_is_free(&from, &to, &scans));
    if (is_free && !is_checked) {
        cost.scans = scans;
        return cost;
    }
    cost.rewrites = true;
    cost.note = STR("rewrites the table and its indexes");
    bool is_time = from.family == TYPE_TIMESTAMP && to.family == TYPE_TIMESTAMP &&
                   from.with_time_zone != to.with_time_zone;
    if (is_time && !converts)
        cost.note =
            STR("rewrites the table and its indexes, unless the session's time zone is UTC");
    return cost;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '(' || c == ')' || c == '"';
}

/* True where the text is `name IS NOT NULL`, whatever its case, quotes and parentheses. */
static bool says_not_null(Str text, Str name)
{
    static const char tail[] = "isnotnull";
    uint32_t at = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        if (is_space(text.data[i]))
            continue;
        char c = text.data[i];
        char lower = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        if (at < name.length) {
            if (c != name.data[at] && lower != name.data[at])
                return false;
        } else if (at - name.length >= sizeof tail - 1 || lower != tail[at - name.length]) {
            return false;
        }
        at++;
    }
    return at == name.length + sizeof tail - 1;
}

static OperationCost set_not_null(const Operation *operation, const Schema *before,
                                  ServerVersion version)
{
    OperationCost cost = locks(LOCK_ACCESS_EXCLUSIVE);
    const Table *table = schema_find_table(before, &operation->target);
    const Column *column = cost_column(operation, before, operation->as.drop_column.column);
    if (column && !column->is_nullable)
        return cost;
    for (uint32_t i = 0; version_at_least(version, 12, 0) && column && i < table->checks.n; i++) {
        const Check *check = table->checks.items[i];
        if (check->is_validated && check->expression &&
            says_not_null(check->expression->text, column->name.text))
            return cost;
    }
    cost.scans = true;
    cost.note = STR("reads every row to look for NULLs");
    return cost;
}

/* ---- constraints ---- */

static OperationCost add_constraint(const Operation *operation, const Schema *before)
{
    const ConstraintDef *constraint = &operation->as.add_constraint;
    OperationCost cost = locks(LOCK_ACCESS_EXCLUSIVE);
    switch (constraint->kind) {
    case CONSTRAINT_PRIMARY_KEY:
    case CONSTRAINT_UNIQUE:
        if (name_is_absent(constraint->using_index)) {
            cost.builds_index = true;
            cost.note = STR("builds an index");
        } else if (constraint->kind == CONSTRAINT_PRIMARY_KEY) {
            const Table *table = schema_find_table(before, &operation->target);
            QualifiedName name = {.schema = operation->target.schema,
                                  .name = constraint->using_index};
            const Index *index = schema_find_index(before, &name, table);
            for (uint32_t i = 0; index && i < index->parts.n; i++)
                cost.scans |=
                    index->parts.items[i].column && index->parts.items[i].column->is_nullable;
            if (cost.scans)
                cost.note = STR("reads every row to look for NULLs");
        }
        return cost;
    case CONSTRAINT_EXCLUDE:
        cost.builds_index = true;
        cost.note = STR("builds an index");
        return cost;
    case CONSTRAINT_FOREIGN_KEY:
        cost = locks_both(LOCK_SHARE_ROW_EXCLUSIVE, LOCK_SHARE_ROW_EXCLUSIVE);
        break;
    case CONSTRAINT_CHECK:
    case CONSTRAINT_NOT_NULL:
        break;
    }
    cost.scans = !constraint->not_valid && !constraint->not_enforced;
    if (cost.scans)
        cost.note = STR("reads every row to check it");
    return cost;
}

static OperationCost drop_constraint(const Operation *operation, const Schema *before)
{
    OperationCost cost = locks(LOCK_ACCESS_EXCLUSIVE);
    const Table *table = schema_find_table(before, &operation->target);
    if (table && table_foreign_key(table, operation->as.constraint.name.text))
        cost.lock_on_other = LOCK_ACCESS_EXCLUSIVE; /* its triggers go, too */
    return cost;
}

static OperationCost validate_constraint(const Operation *operation, const Schema *before)
{
    OperationCost cost = locks(LOCK_SHARE_UPDATE_EXCLUSIVE);
    const Table *table = schema_find_table(before, &operation->target);
    if (table && table_foreign_key(table, operation->as.constraint.name.text))
        cost.lock_on_other = LOCK_ROW_SHARE;
    cost.scans = true;
    cost.note = STR("reads every row, while reads and writes go on");
    return cost;
}

/* ---- tables and indexes ---- */

static OperationCost create_table(const Operation *operation)
{
    const TableDef *definition = &operation->as.create_table;
    OperationCost cost = {0};
    if (definition->inherits.n > 0)
        cost.lock_on_other = LOCK_SHARE_UPDATE_EXCLUSIVE;
    for (uint32_t i = 0; i < definition->constraints.n; i++) {
        if (definition->constraints.items[i].kind == CONSTRAINT_FOREIGN_KEY)
            cost.lock_on_other = LOCK_SHARE_ROW_EXCLUSIVE;
    }
    for (uint32_t i = 0; i < definition->columns.n; i++) {
        const ConstraintDefVec *own = &definition->columns.items[i].constraints;
        for (uint32_t j = 0; j < own->n; j++) {
            if (own->items[j].kind == CONSTRAINT_FOREIGN_KEY)
                cost.lock_on_other = LOCK_SHARE_ROW_EXCLUSIVE;
        }
    }
    if (definition->partition_of.name.text.length > 0)
        cost.lock_on_other = LOCK_ACCESS_EXCLUSIVE;
    return cost;
}

static OperationCost drop_table(const Operation *operation, const Schema *before)
{
    OperationCost cost = locks(LOCK_ACCESS_EXCLUSIVE);
    const Table *table = schema_find_table(before, &operation->target);
    if (table && table->foreign_keys.n > 0)
        cost.lock_on_other = LOCK_ACCESS_EXCLUSIVE;
    return cost;
}

static OperationCost attach_partition(ServerVersion version)
{
    OperationCost cost = locks_both(version_at_least(version, 12, 0) ? LOCK_SHARE_UPDATE_EXCLUSIVE
                                                                     : LOCK_ACCESS_EXCLUSIVE,
                                    LOCK_ACCESS_EXCLUSIVE);
    cost.scans = true;
    cost.note = STR("reads every row of the partition, unless a CHECK proves its bounds");
    return cost;
}

static OperationCost create_index(const Operation *operation)
{
    OperationCost cost = {.builds_index = true};
    if (operation->as.create_index.concurrently || operation->concurrently) {
        cost.lock = LOCK_SHARE_UPDATE_EXCLUSIVE;
        cost.note = STR("builds the index, while reads and writes go on");
    } else {
        cost.lock = LOCK_SHARE;
        cost.note = STR("builds the index, while writes wait");
    }
    return cost;
}

static OperationCost reindex(const Operation *operation)
{
    OperationCost cost = {.builds_index = true};
    cost.lock = operation->concurrently ? LOCK_SHARE_UPDATE_EXCLUSIVE : LOCK_ACCESS_EXCLUSIVE;
    cost.note = STR("builds the index anew");
    return cost;
}

static OperationCost alter_domain(const Operation *operation)
{
    bool adds = (operation->as.alter_domain.has_constraint &&
                 !operation->as.alter_domain.constraint.not_valid) ||
                operation->as.alter_domain.set_not_null;
    OperationCost cost = {0};
    if (adds) {
        cost.lock_on_other = LOCK_SHARE;
        cost.scans = true;
        cost.note = STR("reads every row of the tables that use the domain");
    }
    return cost;
}

static OperationCost of_query(const Operation *operation)
{
    const Query *query = operation->as.query;
    if (!query)
        return locks(LOCK_NONE);
    return locks(query->kind == QUERY_SELECT ? LOCK_ACCESS_SHARE : LOCK_ROW_EXCLUSIVE);
}

static OperationCost cost_of(const Operation *operation, const Schema *before,
                             ServerVersion version)
{
    switch (operation->kind) {
    case OP_QUERY:
        return of_query(operation);
    case OP_CREATE_TABLE:
        return create_table(operation);
    case OP_DROP_TABLE:
        return drop_table(operation, before);
    case OP_ATTACH_INDEX: /* both indexes and the partition, for a moment */
        return locks_both(LOCK_SHARE_UPDATE_EXCLUSIVE, LOCK_ACCESS_EXCLUSIVE);
    case OP_ATTACH_PARTITION:
        return attach_partition(version);
    case OP_DETACH_PARTITION:
        if (operation->concurrently)
            return locks_both(LOCK_SHARE_UPDATE_EXCLUSIVE, LOCK_ACCESS_EXCLUSIVE);
        return locks_both(LOCK_ACCESS_EXCLUSIVE, LOCK_ACCESS_EXCLUSIVE);
    case OP_SET_INHERIT:
        return locks_both(LOCK_ACCESS_EXCLUSIVE, LOCK_SHARE_UPDATE_EXCLUSIVE);
    case OP_ADD_COLUMN:
        return add_column(operation, before, version);
    case OP_SET_COLUMN_TYPE:
        return set_type(operation, before);
    case OP_SET_NOT_NULL:
        return set_not_null(operation, before, version);
    case OP_ADD_CONSTRAINT:
        return add_constraint(operation, before);
    case OP_DROP_CONSTRAINT:
        return drop_constraint(operation, before);
    case OP_VALIDATE_CONSTRAINT:
        return validate_constraint(operation, before);
    case OP_CREATE_INDEX:
        return create_index(operation);
    case OP_DROP_INDEX:
        return locks(operation->concurrently ? LOCK_SHARE_UPDATE_EXCLUSIVE : LOCK_ACCESS_EXCLUSIVE);
    case OP_REINDEX:
        return reindex(operation);
    case OP_REFRESH_VIEW: {
        OperationCost cost =
            locks(operation->concurrently ? LOCK_EXCLUSIVE : LOCK_ACCESS_EXCLUSIVE);
        cost.note = STR("runs the view's query");
        return cost;
    }
    case OP_ALTER_DOMAIN:
        return alter_domain(operation);
    case OP_RENAME_INDEX:
        return locks(version_at_least(version, 12, 0) ? LOCK_SHARE_UPDATE_EXCLUSIVE
                                                      : LOCK_ACCESS_EXCLUSIVE);
    case OP_RENAME_TABLE:
    case OP_SET_TABLE_SCHEMA:
    case OP_SET_OWNER:
    case OP_TRUNCATE:
    case OP_SET_ROW_SECURITY:
    case OP_DROP_COLUMN:
    case OP_RENAME_COLUMN:
    case OP_REPLACE_COLUMN:
    case OP_SET_COLUMN_DEFAULT:
    case OP_DROP_NOT_NULL:
    case OP_SET_IDENTITY:
    case OP_DROP_EXPRESSION:
    case OP_RENAME_CONSTRAINT:
    case OP_ALTER_CONSTRAINT:
    case OP_DROP_VIEW:
    case OP_RENAME_VIEW:
    case OP_DROP_TRIGGER:
    case OP_CREATE_POLICY:
    case OP_ALTER_POLICY:
    case OP_DROP_POLICY:
        return locks(LOCK_ACCESS_EXCLUSIVE);
    case OP_CREATE_TRIGGER:
    case OP_SET_TRIGGER_ENABLED:
        return locks(LOCK_SHARE_ROW_EXCLUSIVE);
    case OP_SET_TABLE_OPTIONS:
    case OP_COMMENT:
        return locks(LOCK_SHARE_UPDATE_EXCLUSIVE);
    case OP_DROP_TYPE:
    case OP_DROP_SCHEMA:
        return locks_both(LOCK_NONE, operation->cascade ? LOCK_ACCESS_EXCLUSIVE : LOCK_NONE);
    case OP_UNKNOWN:
    case OP_OPAQUE:
    case OP_CREATE_TYPE:
    case OP_RENAME_TYPE:
    case OP_SET_TYPE_SCHEMA:
    case OP_ADD_ENUM_VALUE:
    case OP_RENAME_ENUM_VALUE:
    case OP_ALTER_COMPOSITE:
    case OP_CREATE_SEQUENCE:
    case OP_ALTER_SEQUENCE:
    case OP_DROP_SEQUENCE:
    case OP_RENAME_SEQUENCE:
    case OP_CREATE_VIEW:
    case OP_CREATE_FUNCTION:
    case OP_DROP_FUNCTION:
    case OP_RENAME_FUNCTION:
    case OP_GRANT:
    case OP_REVOKE:
    case OP_CREATE_SCHEMA:
    case OP_RENAME_SCHEMA:
    case OP_CREATE_EXTENSION:
    case OP_DROP_EXTENSION:
    case OP_SET:
    case OP_USE:
    case OP_BEGIN:
    case OP_COMMIT:
    case OP_ROLLBACK:
    case OP_SAVEPOINT:
        return locks(LOCK_NONE);
    }
    UNREACHABLE();
}

OperationCost cost_on_postgresql(const Operation *operation, const Schema *before,
                                 ServerVersion version)
{
    OperationCost cost = cost_of(operation, before, version);
    cost.blocks_reads = cost.lock == LOCK_ACCESS_EXCLUSIVE;
    cost.blocks_writes = cost.lock >= LOCK_SHARE;
    if (cost.rewrites)
        cost.scans = true;
    return cost;
}
