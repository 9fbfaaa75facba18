/* M21: a new value of an enum cannot be used before the transaction that adds it is over. */
#include "rules/advice.h"
#include "rules/around.h"

enum {
    LOOK_AHEAD = 1024,       /* operations; a migration is short */
    ADD_IN_TRANSACTION = 12, /* since this version ADD VALUE may stand in a transaction */
};

static bool is_of_type(const Column *column, const QualifiedName *type)
{
    return column && column->user_type && str_equal(column->user_type->name.text, type->name.text);
}

static bool is_label(const Expression *value, Str label)
{
    return value && value->kind == EXPRESSION_STRING && str_equal(value->constant, label);
}

/* The place where a query compares a column of the enum with the label. */
static Place use_in_query(const Schema *before, const Query *query, const QualifiedName *type,
                          Str label)
{
    for (uint32_t i = 0; query && i < query->filters.n; i++) {
        const ColumnUse *use = &query->filters.items[i];
        if (!str_equal(use->constant, label) || use->table >= query->tables.n)
            continue;
        const Table *table = schema_find_table(before, &query->tables.items[use->table].table);
        if (table && is_of_type(table_column(table, use->column.text), type))
            return use->place;
    }
    return (Place){0};
}

static Place use_in_column(const RuleContext *context, const ColumnDef *column,
                           const QualifiedName *type, Str label)
{
    bool is_use = is_label(column->default_value, label) &&
                  around_names_equal(context, column->type.name, type->name.text);
    return is_use ? column->default_value->place : (Place){0};
}

static Place use_of(const RuleContext *context, const Schema *before, const Operation *later,
                    const QualifiedName *type, Str label)
{
    Place place = {0};
    if (later->kind == OP_QUERY)
        return use_in_query(before, later->as.query, type, label);
    if (later->kind == OP_ADD_COLUMN)
        return use_in_column(context, &later->as.add_column, type, label);
    if (later->kind == OP_CREATE_TABLE) {
        const ColumnDefVec *columns = &later->as.create_table.columns;
        for (uint32_t i = 0; i < columns->n && !place_is_set(place); i++)
            place = use_in_column(context, &columns->items[i], type, label);
    }
    if (later->kind == OP_SET_COLUMN_DEFAULT && is_label(later->as.set_default.value, label)) {
        const Table *table = schema_find_table(before, &later->target);
        if (table && is_of_type(table_column(table, later->as.set_default.column.text), type))
            place = later->as.set_default.value->place;
    }
    return place;
}

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    if (operation->kind != OP_ADD_ENUM_VALUE || !transaction->is_open || !context->in_migration)
        return;
    Arena *out = rule_arena(context);
    Str title = advice_title(out, &operation->target);
    Name label = operation->as.add_enum_value.label;
    if (rule_server_version(context).major < ADD_IN_TRANSACTION) {
        report(context, operation->place,
               "adding '" STR_FMT "' to " STR_FMT
               " fails here: before PostgreSQL 12 it cannot run in a transaction",
               STR_ARG(label.text), STR_ARG(title));
        return;
    }
    const OperationPointerVec *all = context->operations;
    uint32_t first = context->operation_index + 1;
    for (uint32_t i = first; all && i < all->n && i - first < LOOK_AHEAD; i++) {
        const Operation *later = all->items[i];
        if (later->kind == OP_COMMIT || later->kind == OP_ROLLBACK)
            return;
        Place place = use_of(context, before, later, &operation->target, label.text);
        if (!place_is_set(place))
            continue;
        Finding *finding = report(context, place,
                                  "'" STR_FMT "' is not usable yet: it is added to " STR_FMT
                                  " by the same transaction",
                                  STR_ARG(label.text), STR_ARG(title));
        report_related(context, finding, operation->place, "added here");
        return;
    }
}

const Rule rule_enum_value_used_at_once = {
    .id = "enum-value-used-at-once",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "a new enum value that is used by the transaction that adds it",
    .why =
        "PostgreSQL refuses a value of an enum until the transaction that added it is over: as a "
        "default, in a query, in a check. Before version 12, ADD VALUE cannot run in a "
        "transaction at all. Most tools run a migration as one.",
    .instead = "Add the value in a migration of its own, and use it in the next one.",
    .bad = "CREATE TYPE order_state AS ENUM ('open', 'paid');\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, state order_state NOT NULL);\n"
           "-- next migration\n"
           "BEGIN;\n"
           "ALTER TYPE order_state ADD VALUE 'draft';\n"
           "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'draft';\n"
           "COMMIT;\n",
    .good = "CREATE TYPE order_state AS ENUM ('open', 'paid');\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, state order_state NOT NULL);\n"
            "-- next migration\n"
            "ALTER TYPE order_state ADD VALUE 'draft';\n"
            "-- next migration\n"
            "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'draft';\n",
    .sources = "https://www.postgresql.org/docs/current/sql-altertype.html#id-1.9.3.42.7",
    .on_operation = on_operation,
};
