/* Who may do what: policies, GRANT and REVOKE. */
#include "frontends/sql/lower.h"

static void read_policy(Lowering *l, NodeIndex node, PolicyDef *policy)
{
    NodeIndex first_role = NO_NODE;
    NodeIndex last_role = NO_NODE;
    policy->name = lower_name(l, field(l, node, SQL_FIELD_NAME));
    policy->roles = lower_names(l, node, SQL_FIELD_ROLE);
    FOR_EACH_CHILD(l, child, node) {
        if (node_field(l, child) != SQL_FIELD_ROLE)
            continue;
        first_role = first_role == NO_NODE ? child : first_role;
        last_role = child;
    }
    policy->roles_place = span_place(l, first_role, last_role);
    if (policy->roles.n == 1 && str_equal(policy->roles.items[0].text, STR("public")))
        policy->roles.n = 0; /* everybody, as when no role is written */
    NodeIndex using = field(l, node, SQL_FIELD_USING);
    NodeIndex check = field(l, node, SQL_FIELD_CHECK);
    policy->using_expression = lower_expression(l, using);
    policy->check_expression = lower_expression(l, check);
    bool was_in_view = l->in_view;
    l->in_view = true; /* run with the queries that the policy guards */
    lower_expression_queries(l, using);
    lower_expression_queries(l, check);
    l->in_view = was_in_view;
}

static PolicyCommand policy_command(const Lowering *l, NodeIndex command)
{
    if (has_token(l, command, SQL_KW_SELECT))
        return POLICY_SELECT;
    if (has_token(l, command, SQL_KW_INSERT))
        return POLICY_INSERT;
    if (has_token(l, command, SQL_KW_UPDATE))
        return POLICY_UPDATE;
    if (has_token(l, command, SQL_KW_DELETE))
        return POLICY_DELETE;
    return POLICY_ALL;
}

void lower_create_policy(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_CREATE_POLICY, node);
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_TABLE));
    op.keyword = token_place(l, node, SQL_KW_POLICY);
    op.as.create_policy.command = policy_command(l, field(l, node, SQL_FIELD_COMMAND));
    op.as.create_policy.is_restrictive =
        has_token(l, field(l, node, SQL_FIELD_AS), SQL_KW_RESTRICTIVE);
    read_policy(l, node, &op.as.create_policy);
    emit(l, &op);
}

void lower_alter_policy(Lowering *l, NodeIndex node)
{
    NodeIndex rename = child_of_kind(l, node, SQL_RENAME_TO);
    Operation op = operation_at(l, OP_ALTER_POLICY, node);
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_TABLE));
    read_policy(l, node, &op.as.create_policy);
    if (rename != NO_NODE)
        op.as.create_policy.new_name =
            lower_object_name(l, field(l, rename, SQL_FIELD_NEW_NAME)).name;
    emit(l, &op);
}

/* --- GRANT, REVOKE --- */

static void add_privileges(Lowering *l, NodeIndex node, GrantDef *grant)
{
    FOR_EACH_CHILD(l, privilege, node) {
        if (node_kind(l, privilege) != SQL_PRIVILEGE)
            continue;
        NodeIndex columns = field(l, privilege, SQL_FIELD_COLUMNS);
        Str words = node_text(l, privilege);
        if (columns != NO_NODE) /* SELECT (a, b): the columns are not kept */
            words.length -= l->tree->nodes[privilege].end - l->tree->nodes[columns].start;
        words = lower_case(l, str_trim(words));
        if (str_equal(words, STR("all privileges")))
            words = STR("all");
        VEC_PUSH(l->out, &grant->privileges, words);
    }
}

void lower_grant(Lowering *l, NodeIndex node, bool is_default)
{
    bool is_revoke = node_kind(l, node) == SQL_REVOKE_STATEMENT;
    Operation op = operation_at(l, is_revoke ? OP_REVOKE : OP_GRANT, node);
    GrantDef *grant = &op.as.grant;
    NodeIndex kind = field(l, node, SQL_FIELD_OBJECT_KIND);
    grant->object = kind == NO_NODE ? OBJECT_TABLE : lower_object_kind(l, kind);
    grant->is_default_privileges = is_default;
    grant->with_grant_option = has_token(l, node, SQL_KW_OPTION);
    add_privileges(l, node, grant);
    if (has_token(l, kind, SQL_KW_ALL)) { /* ALL TABLES IN SCHEMA */
        grant->all_in_schema = true;
        grant->object = has_token(l, kind, SQL_KW_TABLES)      ? OBJECT_TABLE
                        : has_token(l, kind, SQL_KW_SEQUENCES) ? OBJECT_SEQUENCE
                                                               : OBJECT_FUNCTION;
    }
    FOR_EACH_CHILD(l, child, node) {
        if (node_kind(l, child) == SQL_GRANTEE) {
            Name name = lower_name(l, field(l, child, SQL_FIELD_NAME));
            VEC_PUSH(l->out, &grant->grantees, name);
        } else if (node_kind(l, child) == SQL_DROP_TARGET) {
            QualifiedName name = lower_object_name(l, field(l, child, SQL_FIELD_NAME));
            VEC_PUSH(l->out, &grant->names, name);
            VEC_PUSH(l->out, &op.targets, name);
        }
    }
    if (grant->names.n == 0 && !is_default && kind == NO_NODE)
        grant->object = OBJECT_OTHER; /* a role to a role, or MySQL's database.* */
    if (grant->names.n == 1)
        op.target = grant->names.items[0];
    emit(l, &op);
}
