/* M17: a default that differs from row to row must be written into every row. */
#include "rules/advice.h"
#include "rules/around.h"

enum { VERSION_WITH_FREE_DEFAULT = 11 };

/* A function of the user's own: what its definition says. */
static bool is_own_and_stable(const Schema *schema, const FunctionCall *call)
{
    for (uint32_t i = 0; i < schema->functions.n; i++) {
        const Function *function = schema->functions.items[i];
        if (str_equal_ignore_case(function->name.text, call->name.text) && function->definition)
            return str_equal_ignore_case(function->definition->volatility, STR("immutable")) ||
                   str_equal_ignore_case(function->definition->volatility, STR("stable"));
    }
    return false;
}

static bool is_own_function(const Schema *schema, Str name)
{
    for (uint32_t i = 0; i < schema->functions.n; i++) {
        if (str_equal_ignore_case(schema->functions.items[i]->name.text, name))
            return true;
    }
    return false;
}

static bool is_surely_volatile(const Schema *schema, const Expression *value)
{
    bool is_unknown = false;
    if (!expression_is_volatile(value, &is_unknown))
        return false;
    if (!is_unknown)
        return true;
    /* The files may define the function; if not, it could be anything. */
    for (uint32_t i = 0; i < value->functions.n; i++) {
        const FunctionCall *call = &value->functions.items[i];
        if (is_own_function(schema, call->name.text) && !is_own_and_stable(schema, call))
            return true;
    }
    return false;
}

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    (void)transaction;
    if (operation->kind != OP_ADD_COLUMN)
        return;
    const ColumnDef *column = &operation->as.add_column;
    const Expression *value = column->default_value;
    if (!value || value->kind == EXPRESSION_NULL)
        return;
    bool is_old = rule_server_version(context).major < VERSION_WITH_FREE_DEFAULT;
    const Table *table = NULL;
    if (!(is_old || is_surely_volatile(before, value)) ||
        !around_table_in_use(context, operation, before, &table) ||
        around_emptied_before(context, &operation->target))
        return;
    if (table && operation->if_not_exists && table_column(table, column->name.text))
        return;

    Str on = advice_title(rule_arena(context), &operation->target);
    Place place = place_is_set(column->default_place) ? column->default_place : value->place;
    Finding *finding =
        is_old ? report(context, place,
                        "before PostgreSQL 11 the default of " STR_FMT
                        " is written into every row of " STR_FMT " while nobody else can use it",
                        STR_ARG(column->name.text), STR_ARG(on))
               : report(context, place,
                        STR_FMT " differs from row to row, so adding " STR_FMT " rewrites " STR_FMT
                                " while nobody else can use it",
                        STR_ARG(value->text), STR_ARG(column->name.text), STR_ARG(on));
    report_table(context, finding, table, NULL);
}

const Rule rule_volatile_default_rewrite = {
    .id = "volatile-default-rewrite",
    .squawk = "adding-field-with-default",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "ADD COLUMN with a volatile default on a table that is in use",
    .why = "A constant or now() is computed once and kept in the catalog since PostgreSQL 11. A "
           "volatile default, such as gen_random_uuid() or clock_timestamp(), is computed for "
           "each row: the whole table is rewritten under ACCESS EXCLUSIVE.",
    .instead = "Add the column without a default, set the default in the next statement (it then "
               "holds for new rows), and fill the old rows in batches.",
    .bad = "CREATE TABLE users (id bigint PRIMARY KEY);\n"
           "-- next migration\n"
           "ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();\n",
    .good = "CREATE TABLE users (id bigint PRIMARY KEY);\n"
            "-- next migration\n"
            "ALTER TABLE users ADD COLUMN token uuid;\n"
            "ALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();\n",
    .sources = "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES "
               "https://www.postgresql.org/docs/current/xfunc-volatility.html",
    .on_operation = on_operation,
};
