/* S03: row level security that lets nobody in. */
#include "rules/advice.h"

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (!table->row_security || table->policies.n > 0 || table->partition_of || table->is_temporary)
        return;
    Finding *finding = report(
        context, place_is_set(table->name.place) ? table->name.place : table->place,
        STR_FMT " has row level security but no policy: only %sroles that bypass it see any row",
        STR_ARG(table_title(rule_arena(context), schema, table)),
        table->row_security_forced ? "" : "its owner and ");
    report_table(context, finding, table, NULL);
    if (table->changed && table->changed->kind == OP_SET_ROW_SECURITY)
        report_related(context, finding, table->changed->place, "enabled here");
}

const Rule rule_rls_without_policy = {
    .id = "rls-without-policy",
    .since = "0.1",
    .group = GROUP_SECURITY,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "a table with row level security enabled and no policy",
    .why = "Without a policy, everything is denied: other roles get no rows and no error, which "
           "looks like an empty table. Superusers and roles with BYPASSRLS are let through, and "
           "the owner too unless it is FORCE ROW LEVEL SECURITY. For a table that only those use, "
           "that is a sound lock.",
    .instead = "A policy for each thing that the program may do; or, where the lock is meant, "
               "suppress this with that reason.",
    .bad = "CREATE TABLE notes (id bigint PRIMARY KEY, owner text NOT NULL);\n"
           "ALTER TABLE notes ENABLE ROW LEVEL SECURITY;\n",
    .good = "CREATE TABLE notes (id bigint PRIMARY KEY, owner text NOT NULL);\n"
            "ALTER TABLE notes ENABLE ROW LEVEL SECURITY;\n"
            "CREATE POLICY own_notes ON notes USING (owner = current_user);\n",
    .sources = "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
    .on_table = on_table,
};
