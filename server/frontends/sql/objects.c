/* Statements about objects of any kind: DROP, ALTER … RENAME / OWNER / SCHEMA, COMMENT, and
 * the small CREATEs. */
#include "frontends/sql/lower.h"

ObjectKind lower_object_kind(const Lowering *l, NodeIndex object_kind)
{
    static const struct {
        const char *words;
        ObjectKind kind;
    } known[] = {
        {"table", OBJECT_TABLE},
        {"foreign table", OBJECT_TABLE},
        {"tables", OBJECT_TABLE},
        {"column", OBJECT_COLUMN},
        {"view", OBJECT_VIEW},
        {"materialized view", OBJECT_MATERIALIZED_VIEW},
        {"index", OBJECT_INDEX},
        {"sequence", OBJECT_SEQUENCE},
        {"sequences", OBJECT_SEQUENCE},
        {"type", OBJECT_TYPE},
        {"types", OBJECT_TYPE},
        {"domain", OBJECT_DOMAIN},
        {"schema", OBJECT_SCHEMA},
        {"schemas", OBJECT_SCHEMA},
        {"function", OBJECT_FUNCTION},
        {"functions", OBJECT_FUNCTION},
        {"routine", OBJECT_FUNCTION},
        {"routines", OBJECT_FUNCTION},
        {"aggregate", OBJECT_FUNCTION},
        {"procedure", OBJECT_PROCEDURE},
        {"procedures", OBJECT_PROCEDURE},
        {"proc", OBJECT_PROCEDURE},
        {"trigger", OBJECT_TRIGGER},
        {"policy", OBJECT_POLICY},
        {"constraint", OBJECT_CONSTRAINT},
        {"extension", OBJECT_EXTENSION},
        {"database", OBJECT_DATABASE},
        {"role", OBJECT_ROLE},
        {"user", OBJECT_ROLE},
        {"group", OBJECT_ROLE},
    };
    char words[40]; /* longer than any of them */
    uint32_t n = 0;
    if (object_kind == NO_NODE)
        return OBJECT_OTHER;
    Str text = node_text(l, object_kind);
    for (uint32_t i = 0; i < text.length && n < sizeof words - 1; i++) {
        char c = text.data[i];
        bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (is_space && (n == 0 || words[n - 1] == ' '))
            continue;
        words[n++] = is_space ? ' ' : c;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_equal_ignore_case(str_of(words, n), str_from(known[i].words)))
            return known[i].kind;
    }
    return OBJECT_OTHER;
}

static bool is_view(ObjectKind kind)
{
    return kind == OBJECT_VIEW || kind == OBJECT_MATERIALIZED_VIEW;
}

static bool is_routine(ObjectKind kind)
{
    return kind == OBJECT_FUNCTION || kind == OBJECT_PROCEDURE;
}

/* The types by which a routine is told from its namesakes: outputs do not count. */
StrVec lower_signature(Lowering *l, NodeIndex signature)
{
    StrVec types = {0};
    FOR_EACH_CHILD(l, parameter, signature) {
        if (node_kind(l, parameter) != SQL_PARAMETER_DEFINITION)
            continue;
        NodeIndex mode = field(l, parameter, SQL_FIELD_MODE);
        bool is_output = has_token(l, mode, SQL_KW_OUT) && !has_token(l, mode, SQL_KW_IN);
        ColumnType type = lower_type(l, field(l, parameter, SQL_FIELD_TYPE));
        if (!is_output)
            VEC_PUSH(l->out, &types, type.canonical);
    }
    return types;
}

/* --- DROP --- */

static OperationKind drop_kind(const Lowering *l, ObjectKind object)
{
    switch (object) {
    case OBJECT_TABLE:
        return OP_DROP_TABLE;
    case OBJECT_VIEW:
    case OBJECT_MATERIALIZED_VIEW:
        return OP_DROP_VIEW;
    case OBJECT_INDEX:
        return OP_DROP_INDEX;
    case OBJECT_SEQUENCE:
        return OP_DROP_SEQUENCE;
    case OBJECT_TYPE:
    case OBJECT_DOMAIN:
        return OP_DROP_TYPE;
    case OBJECT_SCHEMA:
        return OP_DROP_SCHEMA;
    case OBJECT_FUNCTION:
    case OBJECT_PROCEDURE:
        return OP_DROP_FUNCTION;
    case OBJECT_TRIGGER:
        return OP_DROP_TRIGGER;
    case OBJECT_POLICY:
        return OP_DROP_POLICY;
    case OBJECT_EXTENSION:
        return OP_DROP_EXTENSION;
    case OBJECT_DATABASE: /* MySQL's databases are what the others call schemas */
        return l->dialect == DIALECT_MYSQL ? OP_DROP_SCHEMA : OP_OPAQUE;
    case OBJECT_COLUMN:
    case OBJECT_CONSTRAINT:
    case OBJECT_ROLE:
    case OBJECT_OTHER:
        return OP_OPAQUE;
    }
    return OP_OPAQUE;
}

/* Triggers and policies are named after ON their table, which is the operation's target. */
static void set_drop_target(Lowering *l, NodeIndex node, NodeIndex target, ObjectKind object,
                            Operation *op)
{
    QualifiedName name = lower_object_name(l, field(l, target, SQL_FIELD_NAME));
    QualifiedName table = lower_object_name(l, field(l, node, SQL_FIELD_TABLE));
    NodeIndex signature = field(l, target, SQL_FIELD_SIGNATURE);
    op->target = name;
    if (op->kind == OP_DROP_TRIGGER) {
        op->target = table;
        op->as.trigger.name = name.name;
    } else if (op->kind == OP_DROP_POLICY) {
        op->target = table;
        op->as.drop_policy.name = name.name;
    } else if (op->kind == OP_DROP_INDEX) {
        op->as.drop_index.table = table;
        bool is_old_form = l->dialect == DIALECT_SQLSERVER && name_is_absent(table.name);
        if (is_old_form && !name_is_absent(name.schema)) { /* DROP INDEX t.i */
            op->as.drop_index.table =
                (QualifiedName){.name = name.schema, .place = name.schema.place};
            op->target.schema = (Name){0};
        }
    } else if (op->kind == OP_DROP_FUNCTION) {
        op->as.drop_function.is_procedure = object == OBJECT_PROCEDURE;
        op->as.drop_function.has_arguments = signature != NO_NODE;
        op->as.drop_function.argument_types = lower_signature(l, signature);
    }
}

void lower_drop(Lowering *l, NodeIndex node)
{
    NodeIndex kind_node = field(l, node, SQL_FIELD_KIND);
    ObjectKind object = lower_object_kind(l, kind_node);
    bool emitted = false;
    uint32_t n_targets = 0;
    FOR_EACH_CHILD(l, target, node)
        n_targets += node_kind(l, target) == SQL_DROP_TARGET;
    FOR_EACH_CHILD(l, target, node) {
        if (node_kind(l, target) != SQL_DROP_TARGET)
            continue;
        /* each name of several is underlined by itself */
        Operation op = operation_at(l, drop_kind(l, object), n_targets > 1 ? target : node);
        op.if_exists |= has_token(l, node, SQL_KW_EXISTS);
        op.cascade = has_token(l, node, SQL_KW_CASCADE);
        op.is_restrict = has_token(l, node, SQL_KW_RESTRICT);
        op.concurrently = has_token(l, node, SQL_KW_CONCURRENTLY);
        op.is_temporary = has_token(l, node, SQL_KW_TEMPORARY);
        op.keyword = node_place(l, kind_node);
        set_drop_target(l, node, target, object, &op);
        emit(l, &op);
        emitted = true;
    }
    if (!emitted) {
        Operation op = operation_at(l, OP_OPAQUE, node);
        emit(l, &op);
    }
}

/* --- ALTER view, index, function, schema … --- */

static OperationKind rename_kind(ObjectKind object)
{
    if (is_view(object))
        return OP_RENAME_VIEW;
    if (object == OBJECT_INDEX)
        return OP_RENAME_INDEX;
    if (object == OBJECT_SCHEMA)
        return OP_RENAME_SCHEMA;
    if (is_routine(object))
        return OP_RENAME_FUNCTION;
    return OP_OPAQUE;
}

/* ALTER VIEW v AS SELECT …: MySQL's and SQL Server's way to replace one. */
static void replace_view(Lowering *l, NodeIndex node, NodeIndex action, const Operation *start)
{
    Operation op = operation_at(l, OP_CREATE_VIEW, node);
    NodeIndex query = field(l, action, SQL_FIELD_QUERY);
    op.target = start->target;
    op.as.create_view.or_replace = true;
    op.as.create_view.text = node_text(l, query);
    op.as.create_view.columns = lower_column_list(l, child_of_kind(l, action, SQL_COLUMN_LIST));
    l->in_view = true;
    op.as.create_view.query = lower_query(l, query);
    l->in_view = false;
    emit(l, &op);
}

static void alter_object(Lowering *l, NodeIndex node, NodeIndex action, ObjectKind object,
                         const Operation *start)
{
    Operation op = *start;
    switch (node_kind(l, action)) {
    case SQL_RENAME_TO:
        op.kind = rename_kind(object);
        op.as.rename.to = lower_object_name(l, field(l, action, SQL_FIELD_NEW_NAME)).name;
        break;
    case SQL_OWNER_TO:
        op.kind = OP_SET_OWNER;
        op.as.owner.object = object;
        break;
    case SQL_AS_QUERY:
        if (is_view(object)) {
            replace_view(l, node, action, start);
            return;
        }
        break;
    case SQL_SET_SCHEMA:
        if (is_view(object)) {
            op.kind = OP_SET_TABLE_SCHEMA;
            op.as.set_schema.schema = lower_name(l, field(l, action, SQL_FIELD_SCHEMA)).text;
        }
        break;
    case SQL_RENAME_COLUMN:
    case SQL_ALTER_COLUMN:
        if (is_view(object)) {
            lower_alter_action(l, action, start);
            return;
        }
        break;
    case SQL_ATTACH_PARTITION:
        if (object == OBJECT_INDEX) {
            op.kind = OP_ATTACH_INDEX;
            op.as.partition.partition = lower_object_name(l, field(l, action, SQL_FIELD_PARTITION));
        }
        break;
    default:
        break;
    }
    emit(l, &op);
}

void lower_alter_object(Lowering *l, NodeIndex node)
{
    ObjectKind object = lower_object_kind(l, field(l, node, SQL_FIELD_KIND));
    Operation start = operation_at(l, OP_OPAQUE, node);
    start.target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    start.if_exists = has_token(l, node, SQL_KW_EXISTS);
    NodeIndex last = NO_NODE;
    FOR_EACH_CHILD(l, child, node) {
        bool is_part = node_field(l, child) != 0 || !l->tree->nodes[child].is_named;
        if (!is_part && node_kind(l, child) != SQL_COMMENT && !is_broken(l, child))
            last = child;
    }
    if (last != NO_NODE)
        alter_object(l, node, last, object, &start);
    else
        emit(l, &start);
}

/* --- COMMENT ON --- */

void lower_comment(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_COMMENT, node);
    NodeIndex text = field(l, node, SQL_FIELD_TEXT);
    NodeIndex table = field(l, node, SQL_FIELD_TABLE);
    NodeIndex target = field(l, node, SQL_FIELD_TARGET);
    op.as.comment.object = lower_object_kind(l, field(l, node, SQL_FIELD_KIND));
    op.as.comment.is_null = node_kind(l, text) == SQL_NULL;
    if (text != NO_NODE && !op.as.comment.is_null)
        op.as.comment.text = literal_text(l, text);
    op.target = lower_object_name(l, target);
    if (table != NO_NODE) { /* a trigger, policy or constraint on a table */
        op.as.comment.column = op.target.name;
        op.target = lower_object_name(l, table);
    } else if (op.as.comment.object == OBJECT_COLUMN) { /* schema.table.column */
        Name names[3] = {{.text = {0}}, {.text = {0}}, {.text = {0}}};
        uint32_t n = 0;
        FOR_EACH_CHILD(l, part, target) {
            if (node_field(l, part) == 0)
                continue;
            if (n == 3) { /* a database before them: the last three count */
                names[0] = names[1];
                names[1] = names[2];
                n = 2;
            }
            names[n++] = lower_name(l, part);
        }
        op.as.comment.column = n > 0 ? names[n - 1] : (Name){0};
        op.target.name = n > 1 ? names[n - 2] : (Name){0};
        op.target.schema = n > 2 ? names[0] : (Name){0};
    }
    emit(l, &op);
}

/* --- schemas, extensions and the rest --- */

void lower_create_schema(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_CREATE_SCHEMA, node);
    NodeIndex name = field(l, node, SQL_FIELD_NAME);
    if (name == NO_NODE) /* CREATE SCHEMA AUTHORIZATION joe: called joe */
        name = field(l, node, SQL_FIELD_AUTHORIZATION);
    op.target.name = lower_name(l, name);
    op.target.place = op.target.name.place;
    op.if_not_exists |= has_token(l, node, SQL_KW_IF);
    emit(l, &op);
}

void lower_create_extension(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_CREATE_EXTENSION, node);
    op.target.name = lower_name(l, field(l, node, SQL_FIELD_NAME));
    op.target.schema = lower_name(l, field(l, node, SQL_FIELD_SCHEMA));
    op.target.place = op.target.name.place;
    op.if_not_exists |= has_token(l, node, SQL_KW_IF);
    op.cascade = has_token(l, node, SQL_KW_CASCADE);
    emit(l, &op);
}

void lower_create_object(Lowering *l, NodeIndex node)
{
    ObjectKind object = lower_object_kind(l, field(l, node, SQL_FIELD_KIND));
    bool is_schema = object == OBJECT_DATABASE && l->dialect == DIALECT_MYSQL;
    Operation op = operation_at(l, is_schema ? OP_CREATE_SCHEMA : OP_OPAQUE, node);
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    op.if_not_exists |= has_token(l, node, SQL_KW_IF);
    emit(l, &op);
}
