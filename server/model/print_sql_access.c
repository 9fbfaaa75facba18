/* Who may do what with a table, and what is said of it: policies, grants, comments. */
#include "base/panic.h"
#include "model/print_sql_parts.h"

static Str command_name(PolicyCommand command)
{
    switch (command) {
    case POLICY_ALL:
        return STR("ALL");
    case POLICY_SELECT:
        return STR("SELECT");
    case POLICY_INSERT:
        return STR("INSERT");
    case POLICY_UPDATE:
        return STR("UPDATE");
    case POLICY_DELETE:
        return STR("DELETE");
    }
    UNREACHABLE();
}

/* PUBLIC and CURRENT_USER are words of the language, not names. */
static void print_role(const Printer *p, Str role)
{
    if (str_equal(role, STR("public")) || str_equal(role, STR("current_user")) ||
        str_equal(role, STR("session_user")) || str_equal(role, STR("current_role")))
        buf_add(p->out, role);
    else
        print_name(p, role);
}

static void print_policy(const Printer *p, const Table *table, const Policy *policy)
{
    buf_add(p->out, STR("CREATE POLICY "));
    print_name(p, policy->name.text);
    buf_add(p->out, STR(" ON "));
    print_table_name(p, table);
    if (policy->is_restrictive)
        buf_add(p->out, STR(" AS RESTRICTIVE"));
    buf_format(p->out, " FOR " STR_FMT, STR_ARG(command_name(policy->command)));
    for (uint32_t i = 0; i < policy->roles.n; i++) {
        buf_add(p->out, i == 0 ? STR(" TO ") : STR(", "));
        print_role(p, policy->roles.items[i].text);
    }
    if (policy->using_expression) {
        buf_add(p->out, STR(" USING "));
        print_in_parentheses(p, policy->using_expression);
    }
    if (policy->check_expression) {
        buf_add(p->out, STR(" WITH CHECK "));
        print_in_parentheses(p, policy->check_expression);
    }
    buf_add(p->out, STR(";\n"));
}

static void print_grants(const Printer *p, const GrantVec *grants, const char *kind, Str object)
{
    for (uint32_t i = 0; i < grants->n; i++) {
        const Grant *grant = &grants->items[i];
        for (uint32_t j = 0; j < grant->privileges.n; j++)
            buf_format(p->out, "%s" STR_FMT, j == 0 ? "GRANT " : ", ",
                       STR_ARG(grant->privileges.items[j]));
        buf_format(p->out, " ON %s " STR_FMT " TO ", kind, STR_ARG(object));
        print_role(p, grant->grantee);
        buf_add(p->out, STR(";\n"));
    }
}

void print_comments(const Printer *p, const Table *table)
{
    if (p->dialect != DIALECT_POSTGRESQL)
        return;
    if (table->comment.length > 0) {
        buf_format(p->out, "COMMENT ON %s ",
                   table->kind == TABLE_VIEW                ? "VIEW"
                   : table->kind == TABLE_MATERIALIZED_VIEW ? "MATERIALIZED VIEW"
                                                            : "TABLE");
        print_table_name(p, table);
        buf_format(p->out, " IS " STR_FMT ";\n",
                   STR_ARG(sql_string(p->scratch, p->dialect, table->comment)));
    }
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        if (column->comment.length == 0)
            continue;
        buf_add(p->out, STR("COMMENT ON COLUMN "));
        print_table_name(p, table);
        buf_add_char(p->out, '.');
        print_name(p, column->name.text);
        buf_format(p->out, " IS " STR_FMT ";\n",
                   STR_ARG(sql_string(p->scratch, p->dialect, column->comment)));
    }
}

void print_security(const Printer *p, const Table *table)
{
    if (p->dialect != DIALECT_POSTGRESQL)
        return;
    if (table->row_security) {
        buf_add(p->out, STR("ALTER TABLE "));
        print_table_name(p, table);
        buf_add(p->out, STR(" ENABLE ROW LEVEL SECURITY;\n"));
    }
    if (table->row_security_forced) {
        buf_add(p->out, STR("ALTER TABLE "));
        print_table_name(p, table);
        buf_add(p->out, STR(" FORCE ROW LEVEL SECURITY;\n"));
    }
    for (uint32_t i = 0; i < table->policies.n; i++)
        print_policy(p, table, table->policies.items[i]);
}

void print_table_grants(const Printer *p, const Table *table)
{
    Arena *scratch = p->scratch;
    print_grants(p, &table->grants, "TABLE", sql_table_name(scratch, p->schema, table));
}
