#include "frontends/sql/lower.h"

Operation operation_at(const Lowering *l, OperationKind kind, NodeIndex node)
{
    return (Operation){.kind = kind,
                       .dialect = l->dialect,
                       .place = node_place(l, node),
                       .statement = l->statement,
                       .statement_index = l->statement_index,
                       .is_conditional = l->is_conditional,
                       .in_do_block = l->in_do_block};
}

static bool creates(OperationKind kind)
{
    return kind == OP_CREATE_TABLE || kind == OP_ADD_COLUMN || kind == OP_ADD_CONSTRAINT ||
           kind == OP_CREATE_INDEX || kind == OP_CREATE_TYPE || kind == OP_ADD_ENUM_VALUE ||
           kind == OP_CREATE_SEQUENCE || kind == OP_CREATE_VIEW || kind == OP_CREATE_FUNCTION ||
           kind == OP_CREATE_TRIGGER || kind == OP_CREATE_POLICY || kind == OP_CREATE_SCHEMA ||
           kind == OP_CREATE_EXTENSION || kind == OP_ATTACH_PARTITION || kind == OP_ATTACH_INDEX;
}

/* What changes no schema is run or not: there is no "where needed" to it. */
static bool changes_schema(OperationKind kind)
{
    return kind != OP_UNKNOWN && kind != OP_OPAQUE && kind != OP_QUERY && kind != OP_TRUNCATE &&
           kind != OP_SET && kind != OP_USE && kind != OP_BEGIN && kind != OP_COMMIT &&
           kind != OP_ROLLBACK && kind != OP_SAVEPOINT && kind != OP_REFRESH_VIEW &&
           kind != OP_REINDEX && kind != OP_GRANT && kind != OP_REVOKE && kind != OP_COMMENT;
}

void guard_operation(Operation *operation)
{
    if (creates(operation->kind))
        operation->if_not_exists = true;
    else if (changes_schema(operation->kind))
        operation->if_exists = true;
}

/* Half-typed text may lack the very name that an operation is about. */
static bool has_target(const Operation *op)
{
    bool needs_none =
        !changes_schema(op->kind) || op->kind == OP_DROP_TRIGGER || op->kind == OP_CREATE_POLICY;
    return (needs_none && op->kind != OP_TRUNCATE) || !str_is_empty(op->target.name.text);
}

static bool is_rename(OperationKind kind)
{
    return kind == OP_RENAME_TABLE || kind == OP_RENAME_VIEW || kind == OP_RENAME_INDEX ||
           kind == OP_RENAME_TYPE || kind == OP_RENAME_SEQUENCE || kind == OP_RENAME_FUNCTION ||
           kind == OP_RENAME_SCHEMA || kind == OP_RENAME_COLUMN || kind == OP_RENAME_CONSTRAINT;
}

/* The column or new name it is about. */
static Str part_of(const Operation *op)
{
    if (op->kind == OP_ADD_COLUMN)
        return op->as.add_column.name.text;
    if (op->kind == OP_REPLACE_COLUMN)
        return op->as.replace_column.column.name.text;
    if (op->kind == OP_DROP_COLUMN || op->kind == OP_SET_NOT_NULL || op->kind == OP_DROP_NOT_NULL ||
        op->kind == OP_DROP_EXPRESSION)
        return op->as.drop_column.column.text;
    if (op->kind == OP_SET_COLUMN_TYPE)
        return op->as.set_type.column.text;
    if (op->kind == OP_SET_COLUMN_DEFAULT)
        return op->as.set_default.column.text;
    if (op->kind == OP_SET_IDENTITY)
        return op->as.set_identity.column.text;
    if (is_rename(op->kind))
        return op->as.rename.to.text;
    return STR("none needed");
}

void emit(Lowering *l, const Operation *operation)
{
    if (l->in_function) /* it happens when the function is called, if ever */
        return;
    VEC_PUSH(l->out, &l->fragment->operations, *operation);
    Operation *added = VEC_LAST(&l->fragment->operations);
    if (!has_target(added))
        added->kind = OP_UNKNOWN;
    else if (str_is_empty(part_of(added)))
        added->kind = OP_OPAQUE;
    if (!l->is_guarded)
        return;
    guard_operation(added);
    if (!changes_schema(added->kind))
        added->is_conditional = true;
}
