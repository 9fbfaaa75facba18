/* M15: SET NOT NULL reads the whole table under ACCESS EXCLUSIVE, unless a CHECK has proved it. */
#include "rules/advice.h"
#include "rules/around.h"

enum { VERSION_WITH_PROOF = 12 }; /* the first that skips the scan where a CHECK proves it */

static void add_fix(RuleContext *context, Finding *finding, const Operation *operation,
                    const Transaction *transaction, const Table *table, Str column)
{
    if (rule_server_version(context).major < VERSION_WITH_PROOF ||
        around_n_actions(context, operation) > 1 ||
        !around_can_split(context, operation, transaction))
        return;
    Arena *out = rule_arena(context);
    StrVec columns = {0};
    VEC_PUSH(out, &columns, column);
    Str on = advice_written_name(out, context->dialect, &operation->target);
    Str name = sql_identifier(
        out, context->dialect,
        advice_constraint_name(out, table, operation->target.name.text, &columns, "not_null"));
    Fix *fix = report_fix(context, finding, "Prove it with a CHECK first, without blocking");
    fix_add_before(context, fix, operation->statement,
                   str_format(out,
                              "ALTER TABLE " STR_FMT " ADD CONSTRAINT " STR_FMT " CHECK (" STR_FMT
                              " IS NOT NULL) NOT VALID;\n"
                              "ALTER TABLE " STR_FMT " VALIDATE CONSTRAINT " STR_FMT,
                              STR_ARG(on), STR_ARG(name),
                              STR_ARG(sql_identifier(out, context->dialect, column)), STR_ARG(on),
                              STR_ARG(name)));
    fix_add_after(context, fix, operation->statement,
                  str_format(out, "ALTER TABLE " STR_FMT " DROP CONSTRAINT " STR_FMT, STR_ARG(on),
                             STR_ARG(name)));
}

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    if (operation->kind != OP_SET_NOT_NULL)
        return;
    const Table *table = NULL;
    if (!around_table_in_use(context, operation, before, &table))
        return;
    Str name = operation->as.drop_column.column.text;
    const Column *column = table ? table_column(table, name) : NULL;
    if (column && !column->is_nullable)
        return; /* changes nothing */
    if (rule_server_version(context).major >= VERSION_WITH_PROOF &&
        around_check_proves_not_null(context, table, &operation->target, name))
        return;
    if (around_emptied_before(context, &operation->target))
        return;

    Finding *finding =
        report(context, operation->place,
               "making " STR_FMT "." STR_FMT
               " NOT NULL reads the whole table while nobody else can use it",
               STR_ARG(advice_title(rule_arena(context), &operation->target)), STR_ARG(name));
    report_table(context, finding, table, column);
    add_fix(context, finding, operation, transaction, table, name);
}

const Rule rule_set_not_null_scan = {
    .id = "set-not-null-scan",
    .squawk = "adding-not-nullable-field",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "SET NOT NULL on a table that is in use, without a validated CHECK that proves it",
    .why = "PostgreSQL reads every row to see that none is null, while it holds ACCESS "
           "EXCLUSIVE: reads and writes wait for the whole scan. One null row makes the "
           "migration fail.",
    .instead = "Since version 12 a validated CHECK (column IS NOT NULL) spares the scan: add it "
               "NOT VALID, VALIDATE it (which blocks nobody), SET NOT NULL, then drop the CHECK. "
               "Before version 12 keep the CHECK instead.",
    .bad = "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n"
           "-- next migration\n"
           "ALTER TABLE users ALTER COLUMN email SET NOT NULL;\n",
    .good = "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n"
            "-- next migration\n"
            "ALTER TABLE users ADD CONSTRAINT users_email_not_null CHECK (email IS NOT NULL) NOT "
            "VALID;\n"
            "-- next migration\n"
            "ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null;\n"
            "ALTER TABLE users ALTER COLUMN email SET NOT NULL;\n"
            "ALTER TABLE users DROP CONSTRAINT users_email_not_null;\n",
    .sources =
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-"
        "NOT-NULL",
    .on_operation = on_operation,
};
