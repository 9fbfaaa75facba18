#include "frontends/sql/lower.h"

static void read_method(Lowering *l, NodeIndex node, IndexDef *index)
{
    NodeIndex method = field(l, node, SQL_FIELD_METHOD);
    if (method != NO_NODE)
        index->method = lower_case(l, node_text(l, method));
}

void lower_create_index(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_CREATE_INDEX, node);
    IndexDef *index = &op.as.create_index;
    NodeIndex include = field(l, node, SQL_FIELD_INCLUDE);
    NodeIndex where = field(l, node, SQL_FIELD_WHERE);
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_TABLE));
    op.concurrently = has_token(l, node, SQL_KW_CONCURRENTLY);
    op.if_not_exists |= has_token(l, node, SQL_KW_IF);
    op.only = has_token(l, node, SQL_KW_ONLY);
    op.keyword = token_place(l, node, SQL_KW_INDEX);
    index->name = lower_object_name(l, field(l, node, SQL_FIELD_NAME)).name;
    index->unique = has_token(l, node, SQL_KW_UNIQUE);
    index->is_clustered = has_token(l, node, SQL_KW_CLUSTERED);
    index->concurrently = op.concurrently;
    index->concurrently_place = token_place(l, node, SQL_KW_CONCURRENTLY);
    index->if_not_exists = op.if_not_exists;
    index->only = op.only;
    index->kind = has_token(l, node, SQL_KW_FULLTEXT)  ? INDEX_FULLTEXT
                  : has_token(l, node, SQL_KW_SPATIAL) ? INDEX_SPATIAL
                                                       : INDEX_NORMAL;
    index->nulls_not_distinct = has_nulls_not_distinct(l, node);
    read_method(l, node, index);
    index->parts = lower_index_parts(l, field(l, node, SQL_FIELD_COLUMNS));
    index->include = lower_column_list(l, field(l, include, SQL_FIELD_COLUMNS));
    index->where = lower_expression(l, field(l, where, SQL_FIELD_CONDITION));
    index->place = op.place;
    index->index_keyword = op.keyword;
    FOR_EACH_CHILD(l, option, node) {
        if (node_kind(l, option) == SQL_INDEX_OPTION) {
            read_method(l, option, index);
            index->is_invisible |= has_token(l, option, SQL_KW_INVISIBLE);
        } else if (node_kind(l, option) == SQL_STORAGE_PARAMETERS) {
            index->storage = str_trim(node_text(l, option));
        }
    }
    emit(l, &op);
}
