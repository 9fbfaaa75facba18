/* CREATE and ALTER TYPE, DOMAIN, SEQUENCE. */
#include "frontends/sql/lower.h"

/* --- types --- */

static void add_attributes(Lowering *l, TypeDef *type, NodeIndex composite)
{
    FOR_EACH_CHILD(l, child, composite) {
        if (node_kind(l, child) == SQL_COLUMN_DEFINITION)
            VEC_PUSH(l->out, &type->attributes, lower_column(l, child));
    }
}

/* RANGE (subtype = float8, …) */
static void set_subtype(Lowering *l, TypeDef *type, NodeIndex range)
{
    NodeIndex parameters = child_of_kind(l, range, SQL_STORAGE_PARAMETERS);
    FOR_EACH_CHILD(l, setting, parameters) {
        Str name = node_text(l, field(l, setting, SQL_FIELD_NAME));
        NodeIndex value = field(l, setting, SQL_FIELD_VALUE);
        if (!str_equal_ignore_case(name, STR("subtype")) || value == NO_NODE)
            continue;
        QualifiedName subtype = lower_object_name(l, value);
        type->base = type_make(l->out, l->dialect, subtype.schema.text, subtype.name.text, NULL, 0,
                               0, false);
        type->base.place = node_place(l, value);
    }
}

void lower_create_type(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_CREATE_TYPE, node);
    TypeDef *type = &op.as.create_type;
    NodeIndex definition = field(l, node, SQL_FIELD_DEFINITION);
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    op.if_not_exists |= has_token(l, node, SQL_KW_IF);
    type->kind = TYPE_DEF_SHELL;
    switch (node_kind(l, definition)) {
    case SQL_ENUM_LABELS:
        type->kind = TYPE_DEF_ENUM;
        FOR_EACH_CHILD(l, label, definition) {
            if (node_field(l, label) == SQL_FIELD_LABEL)
                VEC_PUSH(l->out, &type->labels, lower_label(l, label));
        }
        break;
    case SQL_COMPOSITE:
        type->kind = TYPE_DEF_COMPOSITE;
        add_attributes(l, type, definition);
        break;
    case SQL_RANGE_TYPE:
        type->kind = TYPE_DEF_RANGE;
        set_subtype(l, type, definition);
        break;
    case SQL_TYPE: /* SQL Server: an alias, which is what a domain is */
        type->kind = TYPE_DEF_DOMAIN;
        type->base = lower_type(l, definition);
        type->not_null = has_token(l, node, SQL_NOT_NULL);
        break;
    default: /* a shell or a base type written in C */
        break;
    }
    emit(l, &op);
}

static const ColumnDef *new_column(Lowering *l, NodeIndex definition)
{
    ColumnDef *column = ARENA_NEW(l->out, ColumnDef);
    *column = lower_column(l, definition);
    return column;
}

static void alter_composite(Lowering *l, NodeIndex action, Operation *op)
{
    op->kind = OP_ALTER_COMPOSITE;
    Name name = lower_name(l, field(l, action, SQL_FIELD_NAME));
    switch (node_kind(l, action)) {
    case SQL_ADD_ATTRIBUTE:
        op->as.alter_composite.add = new_column(l, field(l, action, SQL_FIELD_COLUMN));
        break;
    case SQL_DROP_ATTRIBUTE:
        op->as.alter_composite.drop = name;
        op->if_exists = has_token(l, action, SQL_KW_EXISTS);
        break;
    case SQL_RENAME_ATTRIBUTE:
        op->as.alter_composite.rename_from = name;
        op->as.alter_composite.rename_to = lower_name(l, field(l, action, SQL_FIELD_NEW_NAME));
        break;
    default:
        op->as.alter_composite.alter = name;
        op->as.alter_composite.type = lower_type(l, field(l, action, SQL_FIELD_TYPE));
        break;
    }
    op->cascade = has_token(l, action, SQL_KW_CASCADE);
}

/* What types and domains share; false for other nodes. */
static bool alter_common(Lowering *l, NodeIndex action, ObjectKind object, Operation *op)
{
    switch (node_kind(l, action)) {
    case SQL_RENAME_TO:
        op->kind = OP_RENAME_TYPE;
        op->as.rename.to = lower_object_name(l, field(l, action, SQL_FIELD_NEW_NAME)).name;
        return true;
    case SQL_OWNER_TO:
        op->kind = OP_SET_OWNER;
        op->as.owner.object = object;
        return true;
    case SQL_SET_SCHEMA:
        op->kind = OP_SET_TYPE_SCHEMA;
        op->as.set_schema.schema = lower_name(l, field(l, action, SQL_FIELD_SCHEMA)).text;
        return true;
    default:
        return false;
    }
}

static bool alter_type(Lowering *l, NodeIndex action, Operation *op)
{
    switch (node_kind(l, action)) {
    case SQL_ADD_VALUE:
        op->kind = OP_ADD_ENUM_VALUE;
        op->if_not_exists |= has_token(l, action, SQL_KW_IF);
        op->as.add_enum_value.label = lower_label(l, field(l, action, SQL_FIELD_VALUE));
        op->as.add_enum_value.neighbour = lower_label(l, field(l, action, SQL_FIELD_NEIGHBOUR));
        op->as.add_enum_value.is_before = has_token(l, action, SQL_KW_BEFORE);
        op->as.add_enum_value.is_after = has_token(l, action, SQL_KW_AFTER);
        return true;
    case SQL_RENAME_VALUE:
        op->kind = OP_RENAME_ENUM_VALUE;
        op->as.rename.from = lower_label(l, field(l, action, SQL_FIELD_VALUE));
        op->as.rename.to = lower_label(l, field(l, action, SQL_FIELD_NEW_VALUE));
        return true;
    case SQL_ADD_ATTRIBUTE:
    case SQL_DROP_ATTRIBUTE:
    case SQL_ALTER_ATTRIBUTE:
    case SQL_RENAME_ATTRIBUTE:
        alter_composite(l, action, op);
        return true;
    case SQL_SET_PARAMETERS:
    case SQL_OTHER_ACTION:
        op->kind = OP_OPAQUE;
        return true;
    default:
        return alter_common(l, action, OBJECT_TYPE, op);
    }
}

void lower_alter_type(Lowering *l, NodeIndex node)
{
    QualifiedName target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    FOR_EACH_CHILD(l, action, node) {
        Operation op = operation_at(l, OP_OPAQUE, action);
        op.target = target;
        if (alter_type(l, action, &op))
            emit(l, &op);
    }
}

/* --- domains --- */

void lower_create_domain(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_CREATE_TYPE, node);
    TypeDef *type = &op.as.create_type;
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    ColumnDef column = lower_column(l, node); /* written like one: name, type, constraints */
    type->kind = TYPE_DEF_DOMAIN;
    type->base = column.type;
    type->not_null = column.not_null;
    type->default_value = column.default_value;
    type->collation = column.collation;
    type->constraints = column.constraints;
    emit(l, &op);
}

static bool alter_domain(Lowering *l, NodeIndex action, Operation *op)
{
    op->kind = OP_ALTER_DOMAIN;
    switch (node_kind(l, action)) {
    case SQL_SET_DEFAULT:
        op->as.alter_domain.default_value = lower_expression(l, field(l, action, SQL_FIELD_VALUE));
        return true;
    case SQL_DROP_DEFAULT:
        op->as.alter_domain.drop_default = true;
        return true;
    case SQL_SET_NOT_NULL:
        op->as.alter_domain.set_not_null = true;
        return true;
    case SQL_DROP_NOT_NULL:
        op->as.alter_domain.drop_not_null = true;
        return true;
    case SQL_ADD_CONSTRAINT:
        op->as.alter_domain.has_constraint = true;
        op->as.alter_domain.constraint =
            lower_constraint(l, field(l, action, SQL_FIELD_CONSTRAINT));
        return true;
    case SQL_DROP_CONSTRAINT:
        op->if_exists |= has_token(l, action, SQL_KW_EXISTS);
        op->as.alter_domain.drop_constraint = lower_name(l, field(l, action, SQL_FIELD_NAME));
        return true;
    case SQL_RENAME_CONSTRAINT:
    case SQL_VALIDATE_CONSTRAINT:
        op->kind = OP_OPAQUE;
        return true;
    default:
        return alter_common(l, action, OBJECT_DOMAIN, op);
    }
}

void lower_alter_domain(Lowering *l, NodeIndex node)
{
    QualifiedName target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    FOR_EACH_CHILD(l, action, node) {
        Operation op = operation_at(l, OP_OPAQUE, action);
        op.target = target;
        if (alter_domain(l, action, &op))
            emit(l, &op);
    }
}

/* --- sequences --- */

/* OWNED BY schema.table.column: what object_name calls its schema is the table. */
static void set_owner(Lowering *l, NodeIndex owner, SequenceDef *sequence)
{
    if (owner == NO_NODE)
        return;
    QualifiedName name = lower_object_name(l, owner);
    if (name_is_absent(name.schema)) {
        sequence->owned_by_none = str_equal_ignore_case(name.name.text, STR("none"));
        return;
    }
    sequence->owned_by_column = name.name;
    sequence->owned_by_table = (QualifiedName){.name = name.schema, .place = name.place};
    uint32_t n_qualifiers = 0;
    FOR_EACH_CHILD(l, part, owner) {
        if (node_field(l, part) != SQL_FIELD_QUALIFIER)
            continue;
        Name qualifier = lower_name(l, part);
        if (n_qualifiers++ > 0)
            sequence->owned_by_table.schema = sequence->owned_by_table.name;
        sequence->owned_by_table.name = qualifier;
    }
}

static void read_sequence_option(Lowering *l, NodeIndex option, SequenceDef *sequence)
{
    NodeIndex value = field(l, option, SQL_FIELD_VALUE);
    bool is_no = has_token(l, option, SQL_KW_NO);
    if (field(l, option, SQL_FIELD_TYPE) != NO_NODE)
        sequence->type = lower_type(l, field(l, option, SQL_FIELD_TYPE));
    if (has_token(l, option, SQL_KW_INCREMENT))
        sequence->increment = lower_expression(l, value);
    else if (has_token(l, option, SQL_KW_MINVALUE))
        sequence->minimum = lower_expression(l, value);
    else if (has_token(l, option, SQL_KW_MAXVALUE))
        sequence->maximum = lower_expression(l, value);
    else if (has_token(l, option, SQL_KW_START))
        sequence->start = lower_expression(l, value);
    else if (has_token(l, option, SQL_KW_CACHE))
        sequence->cache = lower_expression(l, value);
    else if (has_token(l, option, SQL_KW_CYCLE))
        sequence->cycle = !is_no;
    set_owner(l, field(l, option, SQL_FIELD_OWNER), sequence);
}

SequenceDef lower_sequence_options(Lowering *l, NodeIndex sequence_options)
{
    SequenceDef sequence = {0};
    FOR_EACH_CHILD(l, option, sequence_options) {
        if (node_kind(l, option) == SQL_SEQUENCE_OPTION)
            read_sequence_option(l, option, &sequence);
    }
    return sequence;
}

void lower_create_sequence(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_CREATE_SEQUENCE, node);
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    op.if_not_exists |= has_token(l, node, SQL_KW_IF);
    op.is_temporary = has_token(l, node, SQL_KW_TEMPORARY) || has_token(l, node, SQL_KW_TEMP);
    op.as.sequence = lower_sequence_options(l, field(l, node, SQL_FIELD_OPTIONS));
    op.as.sequence.is_temporary = op.is_temporary;
    op.as.sequence.if_not_exists = op.if_not_exists;
    emit(l, &op);
}

void lower_alter_sequence(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_ALTER_SEQUENCE, node);
    NodeIndex options = field(l, node, SQL_FIELD_OPTIONS);
    NodeIndex rename = child_of_kind(l, node, SQL_RENAME_TO);
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    op.if_exists = has_token(l, node, SQL_KW_EXISTS);
    if (options != NO_NODE) {
        op.as.sequence = lower_sequence_options(l, options);
    } else if (rename != NO_NODE) {
        op.kind = OP_RENAME_SEQUENCE;
        op.as.rename.to = lower_object_name(l, field(l, rename, SQL_FIELD_NEW_NAME)).name;
    } else if (has_token(l, node, SQL_OWNER_TO)) {
        op.kind = OP_SET_OWNER;
        op.as.owner.object = OBJECT_SEQUENCE;
    } else {
        op.kind = OP_OPAQUE;
    }
    emit(l, &op);
}
