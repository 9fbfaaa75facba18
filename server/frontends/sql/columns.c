/* A column's definition: its type, then its constraints in any order. What follows a
 * constraint and belongs to it (DEFERRABLE, NOT VALID) stands beside it in the tree. */
#include "frontends/sql/lower.h"

typedef struct {
    Lowering *l;
    ColumnDef *column;
    bool has_constraint; /* the last thing read was a key, foreign key or check */
} ColumnReader;

static ConstraintDef *add_constraint(ColumnReader *r, NodeIndex node, ConstraintKind kind)
{
    Lowering *l = r->l;
    ConstraintDef constraint = {.kind = kind,
                                .name = lower_constraint_name(l, node),
                                .is_inline = true,
                                .place = node_place(l, node),
                                .kind_place = node_place(l, node)};
    if (kind != CONSTRAINT_CHECK) {
        IndexPart part = {.column = r->column->name, .place = r->column->name.place};
        VEC_PUSH(l->out, &constraint.parts, part);
    }
    VEC_PUSH(l->out, &r->column->constraints, constraint);
    r->has_constraint = true;
    return VEC_LAST(&r->column->constraints);
}

/* From the first of these words on: CONSTRAINT name is not part of a kind's place. */
static void set_kind_place(ColumnReader *r, ConstraintDef *constraint, NodeIndex node,
                           uint16_t first, uint16_t last)
{
    NodeIndex from = child_of_kind(r->l, node, first);
    NodeIndex to = child_of_kind(r->l, node, last);
    if (from != NO_NODE)
        constraint->kind_place = span_place(r->l, from, to != NO_NODE ? to : from);
}

static void set_conflict(Lowering *l, ConstraintDef *constraint, NodeIndex node)
{
    NodeIndex conflict = field(l, node, SQL_FIELD_ACTION);
    if (conflict != NO_NODE)
        constraint->conflict = lower_case(l, node_text(l, conflict));
}

static void read_primary_key(ColumnReader *r, NodeIndex node)
{
    ConstraintDef *key = add_constraint(r, node, CONSTRAINT_PRIMARY_KEY);
    set_kind_place(r, key, node, SQL_KW_PRIMARY, SQL_KW_KEY);
    key->is_clustered = has_token(r->l, node, SQL_KW_CLUSTERED);
    if (has_token(r->l, node, SQL_KW_DESC))
        key->parts.items[0].order = ORDER_DESCENDING;
}

static void read_unique(ColumnReader *r, NodeIndex node)
{
    ConstraintDef *key = add_constraint(r, node, CONSTRAINT_UNIQUE);
    set_kind_place(r, key, node, SQL_KW_UNIQUE, SQL_KW_UNIQUE);
    key->nulls_not_distinct = has_nulls_not_distinct(r->l, node);
    key->is_clustered = has_token(r->l, node, SQL_KW_CLUSTERED);
}

static void read_check(ColumnReader *r, NodeIndex node)
{
    ConstraintDef *check = add_constraint(r, node, CONSTRAINT_CHECK);
    set_kind_place(r, check, node, SQL_KW_CHECK, SQL_KW_CHECK);
    check->check = lower_expression(r->l, field(r->l, node, SQL_FIELD_EXPRESSION));
    check->no_inherit = has_token(r->l, node, SQL_KW_NO) && has_token(r->l, node, SQL_KW_INHERIT);
}

static void read_references(ColumnReader *r, NodeIndex node)
{
    ConstraintDef *key = add_constraint(r, node, CONSTRAINT_FOREIGN_KEY);
    set_kind_place(r, key, node, SQL_KW_REFERENCES, SQL_KW_REFERENCES);
    lower_referential(r->l, node, key);
}

static Str word_or_string(Lowering *l, NodeIndex node)
{
    if (node_kind(l, node) == SQL_OBJECT_NAME)
        return lower_object_name(l, node).name.text;
    return literal_text(l, node);
}

static void read_default(ColumnReader *r, NodeIndex node)
{
    Lowering *l = r->l;
    NodeIndex value = field(l, node, SQL_FIELD_VALUE);
    NodeIndex word = child_of_kind(l, node, SQL_KW_DEFAULT);
    if (node_kind(l, value) == SQL_COLLATE_EXPRESSION) { /* DEFAULT 'a' COLLATE c is the column's */
        r->column->collation = word_or_string(l, field(l, value, SQL_FIELD_COLLATION));
        value = field(l, value, SQL_FIELD_VALUE);
    }
    r->column->default_value = lower_default(l, value);
    r->column->default_place =
        span_place(l, word != NO_NODE ? word : node, value != NO_NODE ? value : node);
}

static void read_generated(ColumnReader *r, NodeIndex node)
{
    Lowering *l = r->l;
    bool is_stored = has_token(l, node, SQL_KW_STORED) || has_token(l, node, SQL_KW_PERSISTED);
    r->column->generated = is_stored ? GENERATED_STORED : GENERATED_VIRTUAL;
    r->column->generated_expression = lower_expression(l, field(l, node, SQL_FIELD_EXPRESSION));
}

static void read_identity(ColumnReader *r, NodeIndex node)
{
    Lowering *l = r->l;
    r->column->identity_place = node_place(l, node);
    if (!has_token(l, node, SQL_KW_GENERATED)) { /* SQL Server: IDENTITY(1,1) */
        r->column->auto_increment = true;
        return;
    }
    r->column->identity = has_token(l, node, SQL_KW_ALWAYS) ? IDENTITY_ALWAYS : IDENTITY_BY_DEFAULT;
}

static void read_auto_increment(ColumnReader *r)
{
    ConstraintDefVec *constraints = &r->column->constraints;
    r->column->auto_increment = true;
    for (uint32_t i = 0; i < constraints->n; i++) {
        if (constraints->items[i].kind == CONSTRAINT_PRIMARY_KEY)
            constraints->items[i].has_auto_increment = true;
    }
}

static void read_position(ColumnReader *r, NodeIndex node)
{
    r->column->is_first = has_token(r->l, node, SQL_KW_FIRST);
    r->column->after = lower_name(r->l, field(r->l, node, SQL_FIELD_COLUMN));
}

/* SQL Server: INDEX i (a) within a column is rare; MySQL's lone KEY is a primary key. */
static void read_other(ColumnReader *r, NodeIndex node)
{
    Lowering *l = r->l;
    Str word = str_trim(node_text(l, node));
    if (l->dialect == DIALECT_MYSQL && str_equal_ignore_case(word, STR("key")))
        add_constraint(r, node, CONSTRAINT_PRIMARY_KEY);
}

static void read_not_null(ColumnReader *r, NodeIndex node)
{
    Lowering *l = r->l;
    NodeIndex word = child_of_kind(l, node, SQL_KW_NOT);
    r->column->not_null = true;
    r->column->not_null_place = span_place(l, word != NO_NODE ? word : node, node);
    r->column->not_null_name = lower_constraint_name(l, node);
}

/* Returns false for what is no constraint of its own. */
static bool read_constraint(ColumnReader *r, NodeIndex node)
{
    switch (node_kind(r->l, node)) {
    case SQL_PRIMARY_KEY:
        read_primary_key(r, node);
        return true;
    case SQL_UNIQUE:
        read_unique(r, node);
        return true;
    case SQL_CHECK:
        read_check(r, node);
        return true;
    case SQL_REFERENCES:
        read_references(r, node);
        return true;
    default:
        return false;
    }
}

static void read_property(ColumnReader *r, NodeIndex node)
{
    Lowering *l = r->l;
    ColumnDef *column = r->column;
    switch (node_kind(l, node)) {
    case SQL_NOT_NULL:
        read_not_null(r, node);
        break;
    case SQL_NULL_CONSTRAINT:
        column->explicit_null = true;
        break;
    case SQL_DEFAULT:
        read_default(r, node);
        break;
    case SQL_GENERATED:
        read_generated(r, node);
        break;
    case SQL_IDENTITY:
        read_identity(r, node);
        break;
    case SQL_AUTO_INCREMENT:
        read_auto_increment(r);
        break;
    case SQL_ON_UPDATE:
        column->on_update = lower_expression(l, field(l, node, SQL_FIELD_VALUE));
        break;
    case SQL_COLLATE:
        column->collation = word_or_string(l, field(l, node, SQL_FIELD_COLLATION));
        break;
    case SQL_CHARACTER_SET:
        column->character_set = word_or_string(l, field(l, node, SQL_FIELD_CHARSET));
        break;
    case SQL_COMMENT_CONSTRAINT:
        column->comment = literal_text(l, field(l, node, SQL_FIELD_TEXT));
        break;
    case SQL_POSITION:
        read_position(r, node);
        break;
    case SQL_OTHER_CONSTRAINT:
        read_other(r, node);
        break;
    default:
        break;
    }
}

ColumnDef lower_column(Lowering *l, NodeIndex node)
{
    ColumnDef column = {.name = lower_name(l, field(l, node, SQL_FIELD_NAME)),
                        .type = lower_type(l, field(l, node, SQL_FIELD_TYPE)),
                        .place = node_place(l, node)};
    ColumnReader r = {.l = l, .column = &column};
    FOR_EACH_CHILD(l, child, node) {
        uint16_t kind = node_kind(l, child);
        if (node_field(l, child) != 0 || !l->tree->nodes[child].is_named || kind == SQL_COMMENT)
            continue; /* the name and the type */
        if (kind == SQL_CONSTRAINT_TIMING) {
            if (r.has_constraint)
                apply_timing(l, child, VEC_LAST(&column.constraints));
        } else if (kind == SQL_CONFLICT_CLAUSE) {
            if (r.has_constraint)
                set_conflict(l, VEC_LAST(&column.constraints), child);
        } else if (!read_constraint(&r, child)) {
            read_property(&r, child);
            r.has_constraint = false;
        }
    }
    return column;
}
