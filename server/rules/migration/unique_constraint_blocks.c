/* M12: ADD UNIQUE builds its index under ACCESS EXCLUSIVE, where an index made first is just
 * adopted. */
#include "rules/advice.h"
#include "rules/around.h"

/* "a, b" of the constraint's plain columns; absent where a part is not one. */
static Str column_list(const RuleContext *context, Arena *out, const ConstraintDef *added)
{
    StrVec names = {0};
    for (uint32_t i = 0; i < added->parts.n; i++) {
        if (name_is_absent(added->parts.items[i].column))
            return (Str){0};
        VEC_PUSH(out, &names,
                 sql_identifier(out, context->dialect, added->parts.items[i].column.text));
    }
    return str_join(out, names.items, names.n, STR(", "));
}

static void add_fix(RuleContext *context, Finding *finding, const Operation *operation,
                    const Transaction *transaction, const Table *table)
{
    const ConstraintDef *added = &operation->as.add_constraint;
    Arena *out = rule_arena(context);
    if (!place_is_set(added->place) || around_n_actions(context, operation) > 1 ||
        !around_can_split(context, operation, transaction) || added->include.n > 0)
        return;
    Str list = column_list(context, out, added);
    if (str_is_empty(list))
        return;
    Str name = added->name.text;
    if (name_is_absent(added->name)) {
        StrVec columns = {0};
        for (uint32_t i = 0; i < added->parts.n; i++)
            VEC_PUSH(out, &columns, added->parts.items[i].column.text);
        name = advice_constraint_name(out, table, operation->target.name.text, &columns, "key");
    }
    name = sql_identifier(out, context->dialect, name);
    Fix *fix = report_fix(context, finding, "Build the index concurrently and adopt it");
    fix_add_before(
        context, fix, operation->statement,
        str_format(
            out, "CREATE UNIQUE INDEX CONCURRENTLY " STR_FMT " ON " STR_FMT " (" STR_FMT ")%s",
            STR_ARG(name), STR_ARG(advice_written_name(out, context->dialect, &operation->target)),
            STR_ARG(list), added->nulls_not_distinct ? " NULLS NOT DISTINCT" : ""));
    fix_replace(context, fix, added->place,
                str_format(out, "CONSTRAINT " STR_FMT " UNIQUE USING INDEX " STR_FMT "%s%s",
                           STR_ARG(name), STR_ARG(name), added->deferrable ? " DEFERRABLE" : "",
                           added->initially_deferred ? " INITIALLY DEFERRED" : ""));
}

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    const ConstraintDef *added = NULL;
    Str column = {0};
    if (operation->kind == OP_ADD_CONSTRAINT) {
        added = &operation->as.add_constraint;
        if (added->kind != CONSTRAINT_UNIQUE || !name_is_absent(added->using_index))
            return;
    } else if (operation->kind == OP_ADD_COLUMN) {
        const ColumnDef *definition = &operation->as.add_column;
        for (uint32_t i = 0; i < definition->constraints.n; i++) {
            if (definition->constraints.items[i].kind == CONSTRAINT_UNIQUE)
                added = &definition->constraints.items[i];
        }
        column = definition->name.text;
    }
    const Table *table = NULL;
    if (!added || !around_table_in_use(context, operation, before, &table))
        return;
    if (table && !str_is_absent(table->partition_by.strategy))
        return; /* cannot adopt an index */

    Arena *out = rule_arena(context);
    Str on = advice_title(out, &operation->target);
    if (operation->kind == OP_ADD_COLUMN) {
        Finding *finding =
            report(context, place_is_set(added->place) ? added->place : operation->place,
                   "UNIQUE on the new column " STR_FMT
                   " builds an index while nobody else can use " STR_FMT,
                   STR_ARG(column), STR_ARG(on));
        report_table(context, finding, table, NULL);
        return;
    }
    Finding *finding =
        report(context, place_is_set(added->place) ? added->place : operation->place,
               "adding this unique constraint builds its index while nobody else can use " STR_FMT,
               STR_ARG(on));
    report_table(context, finding, table, NULL);
    add_fix(context, finding, operation, transaction, table);
}

const Rule rule_unique_constraint_blocks = {
    .id = "unique-constraint-blocks",
    .squawk = "disallowed-unique-constraint",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "a UNIQUE constraint added to a table that is in use, building its index on the spot",
    .why = "ALTER TABLE … ADD UNIQUE builds an index while it holds ACCESS EXCLUSIVE: reads and "
           "writes wait until it is done, and a duplicate found at the end throws the work away.",
    .instead = "CREATE UNIQUE INDEX CONCURRENTLY first, then ADD CONSTRAINT … UNIQUE USING "
               "INDEX, which only changes the catalog.",
    .bad = "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n"
           "-- next migration\n"
           "ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n"
        "-- next migration\n"
        "CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);\n"
        "ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;\n",
    .sources = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .on_operation = on_operation,
};
