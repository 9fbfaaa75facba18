/* SELECT lists, GROUP BY and ORDER BY. What an output is called where no alias says so is
 * the dialect's: PostgreSQL looks into the expression (its FigureColname), the others take
 * the text. */
#include "frontends/sql/lower.h"

enum { NAME_STEPS_MAX = 64 }; /* how deep an expression is searched for its name */

static Str last_name(Lowering *l, NodeIndex object_name)
{
    return lower_object_name(l, object_name).name.text;
}

/* The last word of a type as PostgreSQL's catalog calls it. */
static Str cast_name(Lowering *l, NodeIndex cast)
{
    NodeIndex type = field(l, cast, SQL_FIELD_TYPE);
    return type == NO_NODE ? (Str){0} : last_name(l, field(l, type, SQL_FIELD_NAME));
}

/* The first output of a scalar subquery's select. */
static NodeIndex first_output(const Lowering *l, NodeIndex subquery)
{
    NodeIndex select = field(l, field(l, subquery, SQL_FIELD_QUERY), SQL_FIELD_BODY);
    return child_of_kind(l, field(l, select, SQL_FIELD_LIST), SQL_SELECT_ITEM);
}

static NodeIndex else_result(const Lowering *l, NodeIndex case_expression)
{
    NodeIndex otherwise = child_of_kind(l, case_expression, SQL_ELSE_CLAUSE);
    return field(l, otherwise, SQL_FIELD_RESULT);
}

/* Absent where PostgreSQL says "?column?". A weak name (a type's, "case") is taken only
 * where nothing better is found further in. */
static Str derived_name(Lowering *l, NodeIndex node)
{
    Str weak = {0};
    for (int step = 0; step < NAME_STEPS_MAX && node != NO_NODE; step++) {
        switch (node_kind(l, node)) {
        case SQL_COLUMN_REFERENCE:
            return lower_name(l, field(l, node, SQL_FIELD_NAME)).text;
        case SQL_FUNCTION_CALL:
            return last_name(l, field(l, node, SQL_FIELD_NAME));
        case SQL_FIELD_ACCESS: {
            NodeIndex name = field(l, node, SQL_FIELD_NAME);
            if (node_kind(l, name) != SQL_STAR)
                return lower_name(l, name).text;
            return weak;
        }
        case SQL_EXISTS_EXPRESSION:
            return STR("exists");
        case SQL_ARRAY_EXPRESSION:
            return STR("array");
        case SQL_ROW_EXPRESSION:
            return STR("row");
        case SQL_TYPED_LITERAL:
            return str_is_absent(weak) ? cast_name(l, node) : weak;
        case SQL_CAST:
            if (str_is_absent(weak))
                weak = cast_name(l, node);
            node = field(l, node, SQL_FIELD_VALUE);
            break;
        case SQL_CASE_EXPRESSION:
            if (str_is_absent(weak))
                weak = STR("case");
            node = else_result(l, node);
            break;
        case SQL_TRUE:
        case SQL_FALSE:
            return str_is_absent(weak) ? STR("bool") : weak;
        case SQL_AT_TIME_ZONE:
            return STR("timezone");
        case SQL_PARENTHESIZED_EXPRESSION:
            node = field(l, node, SQL_FIELD_EXPRESSION);
            break;
        case SQL_SUBSCRIPT:
        case SQL_COLLATE_EXPRESSION:
            node = field(l, node, SQL_FIELD_VALUE);
            break;
        case SQL_SUBQUERY: {
            NodeIndex item = first_output(l, node);
            NodeIndex alias = field(l, item, SQL_FIELD_ALIAS);
            if (alias != NO_NODE)
                return lower_name(l, alias).text;
            node = field(l, item, SQL_FIELD_VALUE);
            break;
        }
        default:
            return weak;
        }
    }
    return weak;
}

static Name output_name(Lowering *l, NodeIndex value)
{
    Name name = {.place = node_place(l, value)};
    if (is_column_reference(l, value))
        return lower_name(l, field(l, value, SQL_FIELD_NAME));
    if (l->dialect == DIALECT_POSTGRESQL) {
        name.text = derived_name(l, value);
        if (str_is_absent(name.text))
            name.text = STR("?column?");
    } else if (l->dialect != DIALECT_SQLSERVER) {
        name.text = node_text(l, value);
    }
    return name;
}

static void add_star(Lowering *l, Query *query, NodeIndex star)
{
    OutputColumn output = {.is_star = true, .name = {.place = node_place(l, star)}};
    FOR_EACH_CHILD(l, child, star) {
        if (node_field(l, child) == SQL_FIELD_QUALIFIER)
            output.qualifier = lower_name(l, child);
    }
    query->selects_star = true;
    VEC_PUSH(l->out, &query->outputs, output);
}

/* (row).* gives the fields of a value. */
static bool is_field_star(const Lowering *l, NodeIndex value)
{
    return node_kind(l, value) == SQL_FIELD_ACCESS &&
           node_kind(l, field(l, value, SQL_FIELD_NAME)) == SQL_STAR;
}

static void add_item(Lowering *l, Query *query, NodeIndex item)
{
    NodeIndex value = field(l, item, SQL_FIELD_VALUE);
    if (value == NO_NODE || is_broken(l, value))
        return;
    if (node_kind(l, value) == SQL_STAR || is_field_star(l, value)) {
        add_star(l, query, value);
        return;
    }
    NodeIndex alias = field(l, item, SQL_FIELD_ALIAS);
    const Expression *expression = lower_expression(l, value);
    OutputColumn output = {
        .name = alias != NO_NODE ? lower_name(l, alias) : output_name(l, value),
        .expression = expression,
        .type = expression->cast_type,
    };
    VEC_PUSH(l->out, &query->outputs, output);
    if (expression->has_subquery)
        query_add_subqueries(l, query, value);
}

static void reserve_outputs(Lowering *l, Query *query, NodeIndex select_list)
{
    uint32_t n = 0;
    FOR_EACH_CHILD(l, item, select_list)
        n += node_kind(l, item) == SQL_SELECT_ITEM && n < PARTS_MAX;
    if (query->outputs.n == 0 && n > 0) {
        query->outputs.items = ARENA_ARRAY(l->out, OutputColumn, n);
        query->outputs.capacity = n;
    }
}

void query_add_outputs(Lowering *l, Query *query, NodeIndex select_list)
{
    if (select_list == NO_NODE)
        return;
    reserve_outputs(l, query, select_list);
    FOR_EACH_CHILD(l, item, select_list) {
        if (node_kind(l, item) == SQL_SELECT_ITEM && query->outputs.n < PARTS_MAX)
            add_item(l, query, item);
    }
}

/* The output that an unqualified name in ORDER BY or GROUP BY means, or NULL. */
static const OutputColumn *output_called(const Query *query, Name name)
{
    for (uint32_t i = 0; i < query->outputs.n; i++) {
        if (!query->outputs.items[i].is_star &&
            str_equal(query->outputs.items[i].name.text, name.text))
            return &query->outputs.items[i];
    }
    return NULL;
}

/* A plain use of a column, seen through an alias. False where the name means a computed
 * output: then there is no column. */
static bool plain_use(Lowering *l, const Query *query, NodeIndex reference, ColumnUse *use)
{
    *use = query_column_use(l, query, reference);
    if (!name_is_absent(use->qualifier))
        return true;
    const OutputColumn *output = output_called(query, use->column);
    if (!output)
        return true;
    if (output->expression->kind != EXPRESSION_COLUMN || output->expression->columns.n != 1)
        return false;
    ColumnReference column = output->expression->columns.items[0];
    use->qualifier = column.qualifier;
    use->column = column.column;
    use->table = query_table_of(l, query, column.qualifier);
    return true;
}

static void add_uses(Lowering *l, Query *query, ColumnUseVec *uses, NodeIndex expression,
                     SortOrder order, NullsOrder nulls)
{
    NodeIndex bare = bare_expression(l, expression);
    ColumnUse use;
    if (is_column_reference(l, bare)) {
        if (!plain_use(l, query, bare, &use))
            return;
        use.order = order;
        use.nulls = nulls;
        if (uses->n < PARTS_MAX)
            VEC_PUSH(l->out, uses, use);
        return;
    }
    Str wrapper = {0};
    if (node_kind(l, bare) == SQL_FUNCTION_CALL)
        wrapper = lower_case(l, last_name(l, field(l, bare, SQL_FIELD_NAME)));
    NodeIndex end = l->tree->nodes[bare].next;
    for (NodeIndex i = bare; i < end; i++) {
        if (node_kind(l, i) == SQL_SUBQUERY) {
            i = l->tree->nodes[i].next - 1;
            continue;
        }
        if (!is_column_reference(l, i) || uses->n >= PARTS_MAX)
            continue;
        use = query_column_use(l, query, i);
        use.is_wrapped = true;
        use.wrapper = wrapper;
        use.order = order;
        use.nulls = nulls;
        VEC_PUSH(l->out, uses, use);
    }
    query_add_subqueries(l, query, bare);
}

void query_add_groups(Lowering *l, Query *query, NodeIndex clause)
{
    if (clause == NO_NODE)
        return;
    query->has_group_by = true;
    FOR_EACH_CHILD(l, child, clause) {
        if (l->tree->nodes[child].is_named)
            add_uses(l, query, &query->groups, child, ORDER_UNSPECIFIED, NULLS_UNSPECIFIED);
    }
}

void query_add_orders(Lowering *l, Query *query, NodeIndex clause)
{
    if (clause == NO_NODE)
        return;
    FOR_EACH_CHILD(l, term, clause) {
        NodeIndex expression = field(l, term, SQL_FIELD_EXPRESSION);
        if (node_kind(l, term) != SQL_ORDER_TERM || expression == NO_NODE)
            continue;
        SortOrder order = has_token(l, term, SQL_KW_DESC)  ? ORDER_DESCENDING
                          : has_token(l, term, SQL_KW_ASC) ? ORDER_ASCENDING
                                                           : ORDER_UNSPECIFIED;
        NullsOrder nulls = has_token(l, term, SQL_KW_FIRST)  ? NULLS_FIRST
                           : has_token(l, term, SQL_KW_LAST) ? NULLS_LAST
                                                             : NULLS_UNSPECIFIED;
        add_uses(l, query, &query->orders, expression, order, nulls);
    }
}
