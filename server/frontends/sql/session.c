/* Settings, transactions, and the statements that act on tables without changing them. */
#include "frontends/sql/lower.h"

/* --- settings --- */

/* The values from `first` on, up to the next setting's name (MySQL: SET a = 1, b = 2); returns that
 * name, or NO_NODE. */
static NodeIndex set_values(Lowering *l, NodeIndex node, NodeIndex parameter, Operation *op)
{
    NodeIndex first = NO_NODE;
    NodeIndex last = NO_NODE;
    NodeIndex next = NO_NODE;
    FOR_EACH_CHILD(l, value, node) {
        if (value <= parameter)
            continue;
        if (node_field(l, value) == SQL_FIELD_PARAMETER) {
            next = value;
            break;
        }
        bool is_value = node_field(l, value) == SQL_FIELD_VALUE;
        bool follows = first != NO_NODE && l->tree->nodes[value].is_named; /* a, b, c */
        if (!is_value && !follows)
            continue;
        first = first == NO_NODE ? value : first;
        last = value;
        Str item = literal_text(l, value);
        if (node_kind(l, value) == SQL_COLUMN_REFERENCE) /* SET x TO public, "My schema" */
            item = lower_name(l, field(l, value, SQL_FIELD_NAME)).text;
        VEC_PUSH(l->out, &op->as.set.items, item);
    }
    if (first == NO_NODE || node_kind(l, first) == SQL_DEFAULT_VALUE)
        op->as.set.items.n = 0;
    else
        op->as.set.value =
            str_slice(l->tree->text, l->tree->nodes[first].start, l->tree->nodes[last].end);
    return next;
}

void lower_set(Lowering *l, NodeIndex node)
{
    NodeIndex parameter = field(l, node, SQL_FIELD_PARAMETER);
    lower_expression_queries(l, node); /* SET NEW.a = (SELECT …) in a trigger */
    if (parameter == NO_NODE) {        /* SET ROLE, SET CONSTRAINTS, SET TRANSACTION … */
        Operation op = operation_at(l, OP_OPAQUE, node);
        emit(l, &op);
    }
    while (parameter != NO_NODE) {
        Operation op = operation_at(l, OP_SET, node);
        op.as.set.name = (Name){.text = lower_case(l, node_text(l, parameter)),
                                .place = node_place(l, parameter)};
        op.as.set.is_local = has_token(l, node, SQL_KW_LOCAL);
        parameter = set_values(l, node, parameter, &op);
        emit(l, &op);
    }
}

void lower_reset(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_SET, node);
    NodeIndex parameter = field(l, node, SQL_FIELD_PARAMETER);
    if (parameter == NO_NODE)
        op.kind = OP_OPAQUE;
    else
        op.as.set.name = (Name){.text = lower_case(l, node_text(l, parameter)),
                                .place = node_place(l, parameter)};
    emit(l, &op);
}

void lower_use(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_USE, node);
    op.target.name = lower_name(l, field(l, node, SQL_FIELD_NAME));
    op.target.place = op.target.name.place;
    emit(l, &op);
}

/* --- transactions --- */

static OperationKind transaction_kind(const Lowering *l, NodeIndex node)
{
    if (has_token(l, node, SQL_KW_ROLLBACK) || has_token(l, node, SQL_KW_ABORT))
        return has_token(l, node, SQL_KW_TO) ? OP_SAVEPOINT : OP_ROLLBACK;
    if (has_token(l, node, SQL_KW_SAVEPOINT) || has_token(l, node, SQL_KW_RELEASE))
        return OP_SAVEPOINT;
    if (has_token(l, node, SQL_KW_COMMIT) || has_token(l, node, SQL_KW_END))
        return OP_COMMIT;
    if (has_token(l, node, SQL_KW_BEGIN) || has_token(l, node, SQL_KW_START))
        return OP_BEGIN;
    return OP_OPAQUE;
}

/* COMMIT PREPARED, START SLAVE, BEGIN TRY: other things that begin alike. */
static bool is_other(const Lowering *l, NodeIndex node)
{
    Str words = node_text(l, child_of_kind(l, node, SQL_OTHER_CLAUSE));
    uint32_t length = 0;
    while (length < words.length && words.data[length] > ' ')
        length++;
    Str first = str_slice(words, 0, length);
    return str_equal_ignore_case(first, STR("prepared")) ||
           str_equal_ignore_case(first, STR("try")) || str_equal_ignore_case(first, STR("catch")) ||
           str_equal_ignore_case(first, STR("slave")) ||
           str_equal_ignore_case(first, STR("replica"));
}

void lower_transaction(Lowering *l, NodeIndex node)
{
    OperationKind kind = is_other(l, node) ? OP_OPAQUE : transaction_kind(l, node);
    /* in SQL Server END closes a block */
    if (l->dialect == DIALECT_SQLSERVER && kind == OP_COMMIT && has_token(l, node, SQL_KW_END))
        kind = OP_OPAQUE;
    Operation op = operation_at(l, kind, node);
    op.target.name = lower_name(l, field(l, node, SQL_FIELD_NAME));
    if (kind == OP_SAVEPOINT && has_token(l, node, SQL_KW_ROLLBACK))
        op.as.savepoint.action = SAVEPOINT_ROLLBACK;
    else if (kind == OP_SAVEPOINT && has_token(l, node, SQL_KW_RELEASE))
        op.as.savepoint.action = SAVEPOINT_RELEASE;
    emit(l, &op);
}

/* --- tables as a whole --- */

void lower_truncate(Lowering *l, NodeIndex node)
{
    FOR_EACH_CHILD(l, table, node) {
        if (node_field(l, table) != SQL_FIELD_TABLE)
            continue;
        Operation op = operation_at(l, OP_TRUNCATE, node);
        op.target = lower_object_name(l, table);
        op.cascade = has_token(l, node, SQL_KW_CASCADE);
        op.is_restrict = has_token(l, node, SQL_KW_RESTRICT);
        op.keyword = token_place(l, node, SQL_KW_TRUNCATE);
        emit(l, &op);
    }
}

void lower_reindex(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_REINDEX, node);
    NodeIndex kind = field(l, node, SQL_FIELD_KIND);
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    op.concurrently = has_token(l, node, SQL_KW_CONCURRENTLY);
    op.keyword = kind != NO_NODE ? node_place(l, kind) : token_place(l, node, SQL_KW_REINDEX);
    emit(l, &op);
}

/* VACUUM, ANALYZE, CLUSTER: nothing to model, but their table is known. */
void lower_maintenance(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_OPAQUE, node);
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_TABLE));
    emit(l, &op);
}
