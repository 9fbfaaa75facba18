/* S02: policies that nothing asks. */
#include "rules/advice.h"

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (table->row_security || table->policies.n == 0)
        return;
    Arena *out = rule_arena(context);
    const Policy *first = table->policies.items[0];
    Str title = table_title(out, schema, table);
    Finding *finding =
        table->policies.n == 1
            ? report(context, place_is_set(first->name.place) ? first->name.place : first->place,
                     "the policy on " STR_FMT
                     " has no effect: row level security is not enabled there",
                     STR_ARG(title))
            : report(context, place_is_set(first->name.place) ? first->name.place : first->place,
                     "the %u policies on " STR_FMT
                     " have no effect: row level security is not enabled there",
                     table->policies.n, STR_ARG(title));
    report_table(context, finding, table, NULL);
    for (uint32_t i = 1; i < table->policies.n && i < 5; i++)
        report_related(context, finding, table->policies.items[i]->place, "nor has " STR_FMT,
                       STR_ARG(table->policies.items[i]->name.text));
    Str on = sql_table_name(out, schema, table);
    Str sql = str_format(out, "ALTER TABLE " STR_FMT " ENABLE ROW LEVEL SECURITY", STR_ARG(on));
    if (first->origin && rule_can_edit(context, first->place)) {
        Fix *fix = report_fix(context, finding, "Enable row level security");
        fix_add_after(context, fix, first->origin->statement, sql);
    }
    Remedy *remedy = report_remedy(
        context, finding, str_format(out, "Enable row level security on " STR_FMT, STR_ARG(title)),
        str_format(out, STR_FMT ";", STR_ARG(sql)));
    remedy->undo =
        str_format(out, "ALTER TABLE " STR_FMT " DISABLE ROW LEVEL SECURITY;", STR_ARG(on));
    remedy->verify =
        str_format(out, "SELECT relrowsecurity FROM pg_class WHERE oid = '" STR_FMT "'::regclass;",
                   STR_ARG(on));
    remedy->risk =
        str_format(out,
                   "from then on roles other than the owner see only the rows of " STR_FMT
                   " that a policy lets through",
                   STR_ARG(table->name.text));
}

const Rule rule_policy_without_rls = {
    .id = "policy-without-rls",
    .since = "0.1",
    .group = GROUP_SECURITY,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "a table with policies on which row level security is not enabled",
    .why = "CREATE POLICY only writes the rule down. Until the table has row level security "
           "enabled, everybody with a grant sees and changes every row, and the policies look as "
           "if they protected it.",
    .instead = "ALTER TABLE … ENABLE ROW LEVEL SECURITY.",
    .bad = "CREATE TABLE notes (id bigint PRIMARY KEY, owner text NOT NULL);\n"
           "CREATE POLICY own_notes ON notes USING (owner = current_user);\n",
    .good = "CREATE TABLE notes (id bigint PRIMARY KEY, owner text NOT NULL);\n"
            "ALTER TABLE notes ENABLE ROW LEVEL SECURITY;\n"
            "CREATE POLICY own_notes ON notes USING (owner = current_user);\n",
    .sources = "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
    .on_table = on_table,
};
