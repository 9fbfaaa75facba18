/* ALTER TABLE: one operation for each action, in order. Some actions are two things at once
 * (SQL Server's ALTER COLUMN sets type and nullability) and give two operations. */
#include "frontends/sql/lower.h"

static Operation action_at(const Lowering *l, OperationKind kind, NodeIndex action,
                           const Operation *start)
{
    Operation op = operation_at(l, kind, action);
    op.target = start->target;
    op.if_exists = start->if_exists;
    op.only = start->only;
    return op;
}

/* IF EXISTS of an action is about its column or constraint, and outranks the table's. */
static void read_drop_flags(const Lowering *l, NodeIndex action, Operation *op)
{
    op->if_exists |= has_token(l, action, SQL_KW_EXISTS);
    op->cascade = has_token(l, action, SQL_KW_CASCADE);
    op->is_restrict = has_token(l, action, SQL_KW_RESTRICT);
}

static void add_column(Lowering *l, NodeIndex action, NodeIndex definition, const Operation *start)
{
    Operation op = action_at(l, OP_ADD_COLUMN, action, start);
    NodeIndex word = child_of_kind(l, action, SQL_KW_COLUMN);
    if (word == NO_NODE)
        word = child_of_kind(l, action, SQL_KW_ADD);
    op.keyword = node_place(l, word);
    op.if_not_exists |= has_token(l, action, SQL_KW_IF);
    op.as.add_column = lower_column(l, definition);
    emit(l, &op);
}

static void set_default(Lowering *l, NodeIndex action, Name column, NodeIndex value,
                        const Operation *start)
{
    Operation op = action_at(l, OP_SET_COLUMN_DEFAULT, action, start);
    op.as.set_default.column = column;
    op.as.set_default.value = lower_default(l, value);
    emit(l, &op);
}

static void add_constraint(Lowering *l, NodeIndex action, NodeIndex constraint,
                           const Operation *start)
{
    uint16_t kind = node_kind(l, constraint);
    if (kind == SQL_INDEX_DEFINITION) {
        Operation op = action_at(l, OP_CREATE_INDEX, action, start);
        op.as.create_index = lower_index_definition(l, constraint);
        op.if_not_exists |= op.as.create_index.if_not_exists;
        op.keyword = op.as.create_index.index_keyword;
        emit(l, &op);
        return;
    }
    if (kind == SQL_DEFAULT_CONSTRAINT) {
        Name column = lower_name(l, field(l, constraint, SQL_FIELD_COLUMN));
        set_default(l, action, column, field(l, constraint, SQL_FIELD_VALUE), start);
        return;
    }
    if (!is_table_constraint(kind))
        return;
    Operation op = action_at(l, OP_ADD_CONSTRAINT, action, start);
    NodeIndex word = child_of_kind(l, constraint, SQL_KW_CONSTRAINT);
    if (word == NO_NODE)
        word = child_of_kind(l, action, SQL_KW_ADD);
    op.keyword = node_place(l, word);
    op.as.add_constraint = lower_constraint(l, constraint);
    /* SQL Server: ALTER TABLE t WITH NOCHECK ADD … */
    NodeIndex mode = child_of_kind(l, l->tree->nodes[action].parent, SQL_CHECK_MODE);
    op.as.add_constraint.not_valid |= has_token(l, mode, SQL_KW_NOCHECK);
    emit(l, &op);
}

static void add_columns(Lowering *l, NodeIndex action, const Operation *start)
{
    FOR_EACH_CHILD(l, element, action) {
        if (node_kind(l, element) == SQL_COLUMN_DEFINITION)
            add_column(l, element, element, start);
        else
            add_constraint(l, element, element, start);
    }
}

static void drop_column(Lowering *l, NodeIndex action, const Operation *start)
{
    Operation op = action_at(l, OP_DROP_COLUMN, action, start);
    read_drop_flags(l, action, &op);
    op.keyword = token_place(l, action, SQL_KW_DROP);
    op.as.drop_column.column = lower_name(l, field(l, action, SQL_FIELD_NAME));
    emit(l, &op);
}

static void drop_constraint(Lowering *l, NodeIndex action, const Operation *start)
{
    Operation op = action_at(l, OP_DROP_CONSTRAINT, action, start);
    read_drop_flags(l, action, &op);
    op.as.constraint.name = lower_name(l, field(l, action, SQL_FIELD_NAME));
    op.as.constraint.kind = CONSTRAINT_CHECK;
    op.keyword = token_place(l, action, SQL_KW_CONSTRAINT);
    switch (node_kind(l, action)) {
    case SQL_DROP_PRIMARY_KEY:
        op.as.constraint.kind = CONSTRAINT_PRIMARY_KEY;
        break;
    case SQL_DROP_FOREIGN_KEY:
        op.as.constraint.kind = CONSTRAINT_FOREIGN_KEY;
        break;
    case SQL_DROP_CHECK:
        break;
    default:
        op.as.constraint.is_any = true;
        break;
    }
    emit(l, &op);
}

static void drop_index(Lowering *l, NodeIndex action, const Operation *start)
{
    Operation op = action_at(l, OP_DROP_INDEX, action, start);
    read_drop_flags(l, action, &op);
    op.as.drop_index.table = start->target;
    op.target = (QualifiedName){.name = lower_name(l, field(l, action, SQL_FIELD_NAME))};
    op.target.place = op.target.name.place;
    op.keyword = token_place(l, action, SQL_KW_INDEX);
    emit(l, &op);
}

static void change_constraint(Lowering *l, NodeIndex action, OperationKind kind,
                              const Operation *start)
{
    Operation op = action_at(l, kind, action, start);
    op.as.constraint.name = lower_name(l, field(l, action, SQL_FIELD_NAME));
    op.as.constraint.kind = CONSTRAINT_CHECK;
    op.as.constraint.is_any = true;
    op.keyword = token_place(l, action, SQL_KW_CONSTRAINT);
    ConstraintDef timing = {0};
    FOR_EACH_CHILD(l, child, action) {
        if (node_kind(l, child) == SQL_CONSTRAINT_TIMING)
            apply_timing(l, child, &timing);
    }
    op.as.constraint.deferrable = timing.deferrable;
    op.as.constraint.initially_deferred = timing.initially_deferred;
    emit(l, &op);
}

static void rename_part(Lowering *l, NodeIndex action, OperationKind kind, const Operation *start)
{
    Operation op = action_at(l, kind, action, start);
    op.as.rename.from = lower_name(l, field(l, action, SQL_FIELD_NAME));
    op.as.rename.to = lower_name(l, field(l, action, SQL_FIELD_NEW_NAME));
    op.keyword = token_place(l, action, SQL_KW_RENAME);
    emit(l, &op);
}

static void rename_table(Lowering *l, NodeIndex action, const Operation *start)
{
    Operation op = action_at(l, OP_RENAME_TABLE, action, start);
    op.as.rename.to = lower_object_name(l, field(l, action, SQL_FIELD_NEW_NAME)).name;
    op.keyword = token_place(l, action, SQL_KW_RENAME);
    emit(l, &op);
}

static void replace_column(Lowering *l, NodeIndex action, const Operation *start)
{
    Operation op = action_at(l, OP_REPLACE_COLUMN, action, start);
    op.as.replace_column.column = lower_column(l, field(l, action, SQL_FIELD_COLUMN));
    NodeIndex old_name = field(l, action, SQL_FIELD_OLD_NAME);
    op.as.replace_column.old_name =
        old_name != NO_NODE ? lower_name(l, old_name) : op.as.replace_column.column.name;
    emit(l, &op);
}

static void set_row_security(Lowering *l, NodeIndex action, const Operation *start)
{
    Operation op = action_at(l, OP_SET_ROW_SECURITY, action, start);
    bool is_force = has_token(l, action, SQL_KW_FORCE);
    op.as.row_security.sets_forced = is_force;
    op.as.row_security.forced = is_force && !has_token(l, action, SQL_KW_NO);
    op.as.row_security.sets_enabled = !is_force;
    op.as.row_security.enabled = has_token(l, action, SQL_KW_ENABLE);
    emit(l, &op);
}

static void change_partition(Lowering *l, NodeIndex action, OperationKind kind,
                             const Operation *start)
{
    Operation op = action_at(l, kind, action, start);
    op.as.partition.partition = lower_object_name(l, field(l, action, SQL_FIELD_PARTITION));
    NodeIndex bound = field(l, action, SQL_FIELD_BOUND);
    if (bound != NO_NODE)
        op.as.partition.bound = node_text(l, bound);
    op.concurrently = has_token(l, action, SQL_KW_CONCURRENTLY);
    op.as.partition.is_finalize = has_token(l, action, SQL_KW_FINALIZE);
    op.keyword = token_place(l, action, SQL_KW_PARTITION);
    emit(l, &op);
}

static void set_trigger(Lowering *l, NodeIndex action, const Operation *start)
{
    Operation op = action_at(l, OP_SET_TRIGGER_ENABLED, action, start);
    op.as.trigger.name = lower_name(l, field(l, action, SQL_FIELD_NAME));
    op.as.trigger.enable = has_token(l, action, SQL_KW_ENABLE);
    op.as.trigger.all = str_equal_ignore_case(op.as.trigger.name.text, STR("all")) ||
                        str_equal_ignore_case(op.as.trigger.name.text, STR("user"));
    emit(l, &op);
}

static void set_inherit(Lowering *l, NodeIndex action, bool add, const Operation *start)
{
    Operation op = action_at(l, OP_SET_INHERIT, action, start);
    op.as.inherit.parent = lower_object_name(l, field(l, action, SQL_FIELD_PARENT));
    op.as.inherit.add = add;
    emit(l, &op);
}

static void set_option(Lowering *l, NodeIndex action, const Operation *start)
{
    Operation op = action_at(l, OP_SET_TABLE_OPTIONS, action, start);
    TableOptions options = {0};
    if (node_kind(l, action) == SQL_TABLE_OPTION)
        lower_table_option(l, action, &options);
    op.as.table_options.engine = options.engine;
    op.as.table_options.character_set = options.character_set;
    op.as.table_options.collation = options.collation;
    op.as.table_options.comment = options.comment;
    emit(l, &op);
}

static void set_owner(Lowering *l, NodeIndex action, const Operation *start)
{
    Operation op = action_at(l, OP_SET_OWNER, action, start);
    op.as.owner.object = OBJECT_TABLE;
    emit(l, &op);
}

static void set_schema(Lowering *l, NodeIndex action, const Operation *start)
{
    Operation op = action_at(l, OP_SET_TABLE_SCHEMA, action, start);
    op.as.set_schema.schema = lower_name(l, field(l, action, SQL_FIELD_SCHEMA)).text;
    emit(l, &op);
}

/* --- ALTER COLUMN --- */

static void set_nullability(Lowering *l, NodeIndex action, Name column, bool not_null,
                            const Operation *start)
{
    Operation op = action_at(l, not_null ? OP_SET_NOT_NULL : OP_DROP_NOT_NULL, action, start);
    op.as.drop_column.column = column;
    emit(l, &op);
}

static void set_type(Lowering *l, NodeIndex action, NodeIndex change, Name column,
                     const Operation *start)
{
    Operation op = action_at(l, OP_SET_COLUMN_TYPE, action, start);
    op.as.set_type.column = column;
    op.as.set_type.type = lower_type(l, field(l, change, SQL_FIELD_TYPE));
    op.as.set_type.using_expression = lower_expression(l, field(l, change, SQL_FIELD_USING));
    NodeIndex collate = child_of_kind(l, change, SQL_COLLATE);
    NodeIndex collation = field(l, collate, SQL_FIELD_COLLATION);
    if (collation != NO_NODE)
        op.as.set_type.collation = lower_object_name(l, collation).name.text;
    emit(l, &op);
    if (l->dialect == DIALECT_SQLSERVER) /* there, not saying NOT NULL allows NULL */
        set_nullability(l, action, column, has_token(l, change, SQL_NOT_NULL), start);
}

static void set_identity(Lowering *l, NodeIndex action, Name column, IdentityKind kind,
                         const Operation *start)
{
    Operation op = action_at(l, OP_SET_IDENTITY, action, start);
    op.as.set_identity.column = column;
    op.as.set_identity.kind = kind;
    emit(l, &op);
}

static IdentityKind identity_kind(const Lowering *l, NodeIndex node)
{
    if (has_token(l, node, SQL_KW_ALWAYS))
        return IDENTITY_ALWAYS;
    return has_token(l, node, SQL_KW_DEFAULT) ? IDENTITY_BY_DEFAULT : IDENTITY_NONE;
}

/* SET GENERATED ALWAYS RESTART …: only the kind matters to the schema. */
static void change_identity(Lowering *l, NodeIndex action, NodeIndex change, Name column,
                            const Operation *start)
{
    IdentityKind kind = identity_kind(l, field(l, change, SQL_FIELD_OPTIONS));
    if (kind != IDENTITY_NONE) {
        set_identity(l, action, column, kind, start);
        return;
    }
    Operation op = action_at(l, OP_OPAQUE, action, start);
    emit(l, &op);
}

static void alter_column(Lowering *l, NodeIndex action, const Operation *start)
{
    NodeIndex change = field(l, action, SQL_FIELD_CHANGE);
    Name column = lower_name(l, field(l, action, SQL_FIELD_NAME));
    switch (node_kind(l, change)) {
    case SQL_SET_TYPE:
        set_type(l, action, change, column, start);
        break;
    case SQL_SET_DEFAULT:
        set_default(l, action, column, field(l, change, SQL_FIELD_VALUE), start);
        break;
    case SQL_DROP_DEFAULT:
        set_default(l, action, column, NO_NODE, start);
        break;
    case SQL_SET_NOT_NULL:
        set_nullability(l, action, column, true, start);
        break;
    case SQL_DROP_NOT_NULL:
        set_nullability(l, action, column, false, start);
        break;
    case SQL_ADD_IDENTITY:
        set_identity(l, action, column, identity_kind(l, change), start);
        break;
    case SQL_SET_IDENTITY:
        change_identity(l, action, change, column, start);
        break;
    case SQL_DROP_IDENTITY:
        set_identity(l, action, column, IDENTITY_NONE, start);
        break;
    case SQL_DROP_EXPRESSION: {
        Operation op = action_at(l, OP_DROP_EXPRESSION, action, start);
        op.as.drop_column.column = column;
        emit(l, &op);
        break;
    }
    default: { /* statistics, storage, options */
        Operation op = action_at(l, OP_OPAQUE, action, start);
        emit(l, &op);
        break;
    }
    }
}

void lower_alter_action(Lowering *l, NodeIndex action, const Operation *start)
{
    switch (node_kind(l, action)) {
    case SQL_ADD_COLUMN:
        add_column(l, action, field(l, action, SQL_FIELD_COLUMN), start);
        break;
    case SQL_COLUMN_DEFINITION: /* SQL Server: ADD a int, b int */
        add_column(l, action, action, start);
        break;
    case SQL_ADD_COLUMNS:
        add_columns(l, action, start);
        break;
    case SQL_ADD_CONSTRAINT:
        add_constraint(l, action, field(l, action, SQL_FIELD_CONSTRAINT), start);
        break;
    case SQL_DROP_COLUMN:
        drop_column(l, action, start);
        break;
    case SQL_DROP_CONSTRAINT:
    case SQL_DROP_PRIMARY_KEY:
    case SQL_DROP_FOREIGN_KEY:
    case SQL_DROP_CHECK:
        drop_constraint(l, action, start);
        break;
    case SQL_DROP_INDEX:
        drop_index(l, action, start);
        break;
    case SQL_ALTER_COLUMN:
        alter_column(l, action, start);
        break;
    case SQL_VALIDATE_CONSTRAINT:
        change_constraint(l, action, OP_VALIDATE_CONSTRAINT, start);
        break;
    case SQL_ALTER_CONSTRAINT:
        change_constraint(l, action, OP_ALTER_CONSTRAINT, start);
        break;
    case SQL_RENAME_TABLE:
    case SQL_RENAME_TO:
        rename_table(l, action, start);
        break;
    case SQL_RENAME_COLUMN:
        rename_part(l, action, OP_RENAME_COLUMN, start);
        break;
    case SQL_RENAME_CONSTRAINT:
        rename_part(l, action, OP_RENAME_CONSTRAINT, start);
        break;
    case SQL_RENAME_INDEX:
        rename_part(l, action, OP_RENAME_INDEX, start);
        break;
    case SQL_MODIFY_COLUMN:
    case SQL_CHANGE_COLUMN:
        replace_column(l, action, start);
        break;
    case SQL_OWNER_TO:
        set_owner(l, action, start);
        break;
    case SQL_SET_SCHEMA:
        set_schema(l, action, start);
        break;
    case SQL_ROW_SECURITY:
        set_row_security(l, action, start);
        break;
    case SQL_ATTACH_PARTITION:
        change_partition(l, action, OP_ATTACH_PARTITION, start);
        break;
    case SQL_DETACH_PARTITION:
        change_partition(l, action, OP_DETACH_PARTITION, start);
        break;
    case SQL_TRIGGER_STATE:
        set_trigger(l, action, start);
        break;
    case SQL_INHERIT:
        set_inherit(l, action, true, start);
        break;
    case SQL_NO_INHERIT:
        set_inherit(l, action, false, start);
        break;
    case SQL_TABLE_OPTION:
    case SQL_SET_PARAMETERS:
    case SQL_RESET_PARAMETERS:
    case SQL_SET_LOGGED:
    case SQL_SET_TABLESPACE:
    case SQL_SET_ACCESS_METHOD:
        set_option(l, action, start);
        break;
    case SQL_RULE_STATE:
    case SQL_REPLICA_IDENTITY:
    case SQL_CLUSTER_ON:
    case SQL_WITHOUT_CLUSTER:
    case SQL_SET_WITHOUT_OIDS:
    case SQL_PARTITION_BY:
    case SQL_OTHER_ACTION: {
        Operation op = action_at(l, OP_OPAQUE, action, start);
        emit(l, &op);
        break;
    }
    default:
        if (node_field(l, action) == 0) /* a constraint after a comma */
            add_constraint(l, action, action, start);
        break;
    }
}

/* SQL Server: DROP COLUMN a, b and DROP CONSTRAINT a, b: what follows is a bare name. */
static bool is_further_drop(const Lowering *l, NodeIndex previous, NodeIndex action)
{
    uint16_t kind = node_kind(l, previous);
    return l->dialect == DIALECT_SQLSERVER && node_kind(l, action) == SQL_OTHER_ACTION &&
           (kind == SQL_DROP_COLUMN || kind == SQL_DROP_CONSTRAINT);
}

static void drop_further(Lowering *l, NodeIndex previous, NodeIndex action, const Operation *start)
{
    bool is_column = node_kind(l, previous) == SQL_DROP_COLUMN;
    Operation op = action_at(l, is_column ? OP_DROP_COLUMN : OP_DROP_CONSTRAINT, action, start);
    Name name = lower_name(l, tree_first_child(l->tree, action));
    if (is_column) {
        op.as.drop_column.column = name;
    } else {
        op.as.constraint.name = name;
        op.as.constraint.is_any = true;
        op.as.constraint.kind = CONSTRAINT_CHECK;
    }
    emit(l, &op);
}

void lower_alter_table(Lowering *l, NodeIndex node)
{
    Operation start = operation_at(l, OP_OPAQUE, node);
    start.target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    start.if_exists = has_token(l, node, SQL_KW_EXISTS);
    start.only = has_token(l, node, SQL_KW_ONLY);
    NodeIndex previous = NO_NODE;
    FOR_EACH_CHILD(l, action, node) {
        if (is_further_drop(l, previous, action))
            drop_further(l, previous, action, &start);
        else
            lower_alter_action(l, action, &start);
        bool is_action = l->tree->nodes[action].is_named && node_kind(l, action) != SQL_COMMENT;
        previous = is_action && node_kind(l, action) != SQL_OTHER_ACTION ? action : previous;
    }
}

/* MySQL: RENAME TABLE a TO b, c TO d. */
void lower_rename(Lowering *l, NodeIndex node)
{
    FOR_EACH_CHILD(l, renaming, node) {
        if (node_kind(l, renaming) != SQL_TABLE_RENAMING)
            continue;
        Operation op = operation_at(l, OP_RENAME_TABLE, renaming);
        op.target = lower_object_name(l, field(l, renaming, SQL_FIELD_NAME));
        op.as.rename.to = lower_object_name(l, field(l, renaming, SQL_FIELD_NEW_NAME)).name;
        op.keyword = token_place(l, node, SQL_KW_RENAME);
        emit(l, &op);
    }
}
