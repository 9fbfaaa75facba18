#include "frontends/sql/lower.h"

bool is_table_constraint(uint16_t kind)
{
    return kind == SQL_PRIMARY_KEY_CONSTRAINT || kind == SQL_UNIQUE_CONSTRAINT ||
           kind == SQL_FOREIGN_KEY_CONSTRAINT || kind == SQL_CHECK_CONSTRAINT ||
           kind == SQL_EXCLUDE_CONSTRAINT || kind == SQL_NOT_NULL_CONSTRAINT;
}

Name lower_constraint_name(Lowering *l, NodeIndex constraint)
{
    return lower_name(l, field(l, constraint, SQL_FIELD_CONSTRAINT_NAME));
}

bool has_nulls_not_distinct(const Lowering *l, NodeIndex node)
{
    NodeIndex nulls = child_of_kind(l, node, SQL_KW_NULLS);
    return nulls != NO_NODE && node_kind(l, tree_next_sibling(l->tree, nulls)) == SQL_KW_NOT;
}

void apply_timing(const Lowering *l, NodeIndex timing, ConstraintDef *constraint)
{
    bool is_not = has_token(l, timing, SQL_KW_NOT);
    if (has_token(l, timing, SQL_KW_DEFERRABLE))
        constraint->deferrable = !is_not;
    if (has_token(l, timing, SQL_KW_DEFERRED))
        constraint->deferrable = constraint->initially_deferred = true;
    if (has_token(l, timing, SQL_KW_VALID))
        constraint->not_valid = is_not;
    if (has_token(l, timing, SQL_KW_ENFORCED))
        constraint->not_enforced = is_not;
    constraint->place.range.end = l->base + l->tree->nodes[timing].end;
}

static ReferentialAction referential_action(Lowering *l, NodeIndex node, NameVec *columns)
{
    if (node == NO_NODE)
        return ACTION_UNSPECIFIED;
    if (columns)
        *columns = lower_column_list(l, field(l, node, SQL_FIELD_COLUMNS));
    if (has_token(l, node, SQL_KW_CASCADE))
        return ACTION_CASCADE;
    if (has_token(l, node, SQL_KW_RESTRICT))
        return ACTION_RESTRICT;
    if (has_token(l, node, SQL_KW_NULL))
        return ACTION_SET_NULL;
    if (has_token(l, node, SQL_KW_DEFAULT))
        return ACTION_SET_DEFAULT;
    return ACTION_NO_ACTION;
}

void lower_referential(Lowering *l, NodeIndex references, ConstraintDef *constraint)
{
    constraint->references = lower_object_name(l, field(l, references, SQL_FIELD_TABLE));
    constraint->references_columns = lower_column_list(l, field(l, references, SQL_FIELD_COLUMNS));
    constraint->on_delete = referential_action(l, field(l, references, SQL_FIELD_ON_DELETE),
                                               &constraint->on_delete_columns);
    constraint->on_update = referential_action(l, field(l, references, SQL_FIELD_ON_UPDATE), NULL);
    Str match = node_text(l, field(l, references, SQL_FIELD_MATCH));
    constraint->match_full = str_equal_ignore_case(match, STR("full"));
}

/* --- elements of keys and indexes --- */

static uint32_t small_number(Str digits)
{
    uint32_t value = 0;
    for (uint32_t i = 0; i < digits.length && i < 9; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return 0;
        value = value * 10 + (uint32_t)(digits.data[i] - '0');
    }
    return value;
}

static IndexPart lower_index_part(Lowering *l, NodeIndex element)
{
    IndexPart part = {.place = node_place(l, element)};
    NodeIndex column = field(l, element, SQL_FIELD_COLUMN);
    NodeIndex expression = field(l, element, SQL_FIELD_EXPRESSION);
    NodeIndex bare = bare_expression(l, expression);
    if (column != NO_NODE)
        part.column = lower_name(l, column);
    else if (is_column_reference(l, bare) && field(l, bare, SQL_FIELD_QUALIFIER) == NO_NODE)
        part.column = lower_name(l, field(l, bare, SQL_FIELD_NAME)); /* (a) is the column a */
    else
        part.expression = lower_expression(l, expression);
    part.order = has_token(l, element, SQL_KW_DESC)  ? ORDER_DESCENDING
                 : has_token(l, element, SQL_KW_ASC) ? ORDER_ASCENDING
                                                     : ORDER_UNSPECIFIED;
    part.nulls = has_token(l, element, SQL_KW_FIRST)  ? NULLS_FIRST
                 : has_token(l, element, SQL_KW_LAST) ? NULLS_LAST
                                                      : NULLS_UNSPECIFIED;
    NodeIndex opclass = field(l, element, SQL_FIELD_OPCLASS);
    NodeIndex collation = field(l, element, SQL_FIELD_COLLATION);
    if (opclass != NO_NODE)
        part.opclass = lower_object_name(l, opclass).name.text;
    if (collation != NO_NODE)
        part.collation = lower_object_name(l, collation).name.text;
    NodeIndex operator= field(l, element, SQL_FIELD_OPERATOR);
    if (operator!= NO_NODE)
        part.exclude_operator = node_text(l, operator);
    part.prefix_length = small_number(node_text(l, field(l, element, SQL_FIELD_LENGTH)));
    return part;
}

IndexPartVec lower_index_parts(Lowering *l, NodeIndex index_elements)
{
    IndexPartVec parts = {0};
    if (index_elements == NO_NODE)
        return parts;
    FOR_EACH_CHILD(l, element, index_elements) {
        if (node_kind(l, element) == SQL_INDEX_ELEMENT)
            VEC_PUSH(l->out, &parts, lower_index_part(l, element));
    }
    return parts;
}

static IndexPartVec parts_of_columns(Lowering *l, NodeIndex column_list)
{
    IndexPartVec parts = {0};
    NameVec columns = lower_column_list(l, column_list);
    for (uint32_t i = 0; i < columns.n; i++) {
        IndexPart part = {.column = columns.items[i], .place = columns.items[i].place};
        VEC_PUSH(l->out, &parts, part);
    }
    return parts;
}

/* --- table constraints --- */

/* The clauses that may follow any of them. */
static void lower_tail(Lowering *l, NodeIndex node, ConstraintDef *constraint)
{
    FOR_EACH_CHILD(l, child, node) {
        switch (node_kind(l, child)) {
        case SQL_CONSTRAINT_TIMING:
            apply_timing(l, child, constraint);
            break;
        case SQL_INCLUDE:
            constraint->include = lower_column_list(l, field(l, child, SQL_FIELD_COLUMNS));
            break;
        case SQL_CONFLICT_CLAUSE:
            constraint->conflict = lower_case(l, node_text(l, field(l, child, SQL_FIELD_ACTION)));
            break;
        case SQL_INDEX_OPTION: {
            NodeIndex method = field(l, child, SQL_FIELD_METHOD);
            if (method != NO_NODE)
                constraint->method = lower_case(l, node_text(l, method));
            break;
        }
        default:
            break;
        }
    }
}

static void lower_key(Lowering *l, NodeIndex node, ConstraintDef *constraint)
{
    NodeIndex index = field(l, node, SQL_FIELD_INDEX);
    NodeIndex method = field(l, node, SQL_FIELD_METHOD);
    constraint->parts = lower_index_parts(l, field(l, node, SQL_FIELD_COLUMNS));
    constraint->using_index = lower_name(l, index);
    constraint->is_clustered = has_token(l, node, SQL_KW_CLUSTERED);
    constraint->nulls_not_distinct = has_nulls_not_distinct(l, node);
    if (method != NO_NODE)
        constraint->method = lower_case(l, node_text(l, method));
    if (name_is_absent(constraint->name)) /* MySQL: UNIQUE KEY name (…) */
        constraint->name = lower_name(l, field(l, node, SQL_FIELD_NAME));
}

/* The place of the words from one token to another: PRIMARY KEY. */
static Place words_place(const Lowering *l, NodeIndex node, uint16_t first, uint16_t last)
{
    NodeIndex from = child_of_kind(l, node, first);
    NodeIndex to = child_of_kind(l, node, last);
    return span_place(l, from, to != NO_NODE ? to : from);
}

ConstraintDef lower_constraint(Lowering *l, NodeIndex node)
{
    ConstraintDef c = {.name = lower_constraint_name(l, node), .place = node_place(l, node)};
    switch (node_kind(l, node)) {
    case SQL_PRIMARY_KEY_CONSTRAINT:
        c.kind = CONSTRAINT_PRIMARY_KEY;
        c.kind_place = words_place(l, node, SQL_KW_PRIMARY, SQL_KW_KEY);
        lower_key(l, node, &c);
        break;
    case SQL_UNIQUE_CONSTRAINT:
        c.kind = CONSTRAINT_UNIQUE;
        c.kind_place = token_place(l, node, SQL_KW_UNIQUE);
        lower_key(l, node, &c);
        break;
    case SQL_FOREIGN_KEY_CONSTRAINT:
        c.kind = CONSTRAINT_FOREIGN_KEY;
        c.kind_place = words_place(l, node, SQL_KW_FOREIGN, SQL_KW_KEY);
        c.parts = parts_of_columns(l, field(l, node, SQL_FIELD_COLUMNS));
        lower_referential(l, field(l, node, SQL_FIELD_REFERENCES), &c);
        break;
    case SQL_CHECK_CONSTRAINT:
        c.kind = CONSTRAINT_CHECK;
        c.kind_place = token_place(l, node, SQL_KW_CHECK);
        c.check = lower_expression(l, field(l, node, SQL_FIELD_EXPRESSION));
        c.no_inherit = has_token(l, node, SQL_KW_NO) && has_token(l, node, SQL_KW_INHERIT);
        break;
    case SQL_EXCLUDE_CONSTRAINT: {
        NodeIndex where = field(l, node, SQL_FIELD_WHERE);
        NodeIndex method = field(l, node, SQL_FIELD_METHOD);
        c.kind = CONSTRAINT_EXCLUDE;
        c.kind_place = token_place(l, node, SQL_KW_EXCLUDE);
        c.parts = lower_index_parts(l, field(l, node, SQL_FIELD_ELEMENTS));
        c.where = lower_expression(l, field(l, where, SQL_FIELD_CONDITION));
        if (method != NO_NODE)
            c.method = lower_case(l, node_text(l, method));
        break;
    }
    case SQL_NOT_NULL_CONSTRAINT: {
        Name column = lower_name(l, field(l, node, SQL_FIELD_COLUMN));
        IndexPart part = {.column = column, .place = column.place};
        c.kind = CONSTRAINT_NOT_NULL;
        c.kind_place = words_place(l, node, SQL_KW_NOT, SQL_KW_NULL);
        VEC_PUSH(l->out, &c.parts, part);
        break;
    }
    default:
        break;
    }
    lower_tail(l, node, &c);
    return c;
}

/* MySQL: KEY i (a(10)), FULLTEXT (a, b) USING …; SQL Server: INDEX i UNIQUE (a). */
IndexDef lower_index_definition(Lowering *l, NodeIndex node)
{
    NodeIndex method = field(l, node, SQL_FIELD_METHOD);
    NodeIndex where = field(l, node, SQL_FIELD_WHERE);
    IndexDef index = {
        .name = lower_name(l, field(l, node, SQL_FIELD_NAME)),
        .unique = has_token(l, node, SQL_KW_UNIQUE),
        .is_clustered = has_token(l, node, SQL_KW_CLUSTERED),
        .if_not_exists = has_token(l, node, SQL_KW_IF),
        .parts = lower_index_parts(l, field(l, node, SQL_FIELD_COLUMNS)),
        .where = lower_expression(l, field(l, where, SQL_FIELD_CONDITION)),
        .place = node_place(l, node),
        .index_keyword = node_place(l, tree_first_child(l->tree, node)),
    };
    FOR_EACH_CHILD(l, child, node) {
        if (node_kind(l, child) == SQL_KW_FULLTEXT) {
            bool is_spatial = str_equal_ignore_case(node_text(l, child), STR("spatial"));
            index.kind = is_spatial ? INDEX_SPATIAL : INDEX_FULLTEXT;
        } else if (node_kind(l, child) == SQL_INDEX_OPTION) {
            NodeIndex option_method = field(l, child, SQL_FIELD_METHOD);
            method = option_method != NO_NODE ? option_method : method;
            index.is_invisible |= has_token(l, child, SQL_KW_INVISIBLE);
        } else if (node_kind(l, child) == SQL_INCLUDE) {
            index.include = lower_column_list(l, field(l, child, SQL_FIELD_COLUMNS));
        }
    }
    if (method != NO_NODE)
        index.method = lower_case(l, node_text(l, method));
    return index;
}
