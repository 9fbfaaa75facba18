#include "frontends/sql/lower.h"

/* WITH (security_invoker, security_barrier = true) */
static void read_parameters(Lowering *l, NodeIndex parameters, ViewDef *view)
{
    FOR_EACH_CHILD(l, setting, parameters) {
        if (node_kind(l, setting) != SQL_PARAMETER_SETTING)
            continue;
        Str name = node_text(l, field(l, setting, SQL_FIELD_NAME));
        NodeIndex value_node = field(l, setting, SQL_FIELD_VALUE);
        Str value = literal_text(l, value_node);
        bool is_on = value_node == NO_NODE || str_equal_ignore_case(value, STR("true")) ||
                     str_equal_ignore_case(value, STR("on")) || str_equal(value, STR("1"));
        if (str_equal_ignore_case(name, STR("security_invoker")))
            view->security_invoker = is_on;
        else if (str_equal_ignore_case(name, STR("security_barrier")))
            view->security_barrier = is_on;
        else if (str_equal_ignore_case(name, STR("check_option")))
            view->check_option = true;
    }
}

void lower_create_view(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_CREATE_VIEW, node);
    ViewDef *view = &op.as.create_view;
    NodeIndex query = field(l, node, SQL_FIELD_QUERY);
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    op.if_not_exists |= has_token(l, node, SQL_KW_IF);
    op.is_temporary = has_token(l, node, SQL_KW_TEMPORARY) || has_token(l, node, SQL_KW_TEMP);
    op.keyword = token_place(l, node, SQL_KW_VIEW);
    view->or_replace = has_token(l, node, SQL_KW_REPLACE);
    view->is_materialized = has_token(l, node, SQL_KW_MATERIALIZED);
    view->is_temporary = op.is_temporary;
    view->recursive = has_token(l, node, SQL_KW_RECURSIVE);
    view->if_not_exists = op.if_not_exists;
    view->columns = lower_column_list(l, field(l, node, SQL_FIELD_COLUMNS));
    view->text = node_text(l, query);
    FOR_EACH_CHILD(l, clause, node) {
        switch (node_kind(l, clause)) {
        case SQL_STORAGE_PARAMETERS:
            read_parameters(l, clause, view);
            break;
        case SQL_CHECK_OPTION:
            view->check_option = true;
            break;
        case SQL_WITH_DATA:
            view->with_no_data = has_token(l, clause, SQL_KW_NO);
            break;
        case SQL_VIEW_OPTION:
            view->security_invoker |= has_token(l, clause, SQL_KW_INVOKER);
            break;
        default:
            break;
        }
    }
    bool was_in_view = l->in_view;
    l->in_view = true;
    view->query = lower_query(l, query);
    l->in_view = was_in_view;
    emit(l, &op);
}

void lower_refresh(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_REFRESH_VIEW, node);
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    op.concurrently = has_token(l, node, SQL_KW_CONCURRENTLY);
    op.keyword = token_place(l, node, SQL_KW_VIEW);
    emit(l, &op);
}
