/* FROM as a list of table uses, in the order they are written, and the conditions that join
 * them. Joins nest to the left, possibly deep, so the nodes are walked in preorder, which is
 * the order of the text, and an item finds the join that brings it in by looking up:
 *
 *     a JOIN b ON x LEFT JOIN c ON y        join(left: join(left: a, right: b), right: c)
 *     a: the first item    b: right side of the inner join    c: right side of the outer one */
#include "frontends/sql/lower.h"

/* The join whose right side begins with `item`; NO_NODE for the first item of a list.
 * *after_comma: it follows a comma. */
static NodeIndex join_of(const Lowering *l, NodeIndex item, NodeIndex clause, bool *after_comma)
{
    *after_comma = false;
    while (item != clause) {
        NodeIndex parent = l->tree->nodes[item].parent;
        uint16_t kind = node_kind(l, parent);
        if (kind == SQL_JOIN) {
            if (node_field(l, item) == SQL_FIELD_RIGHT)
                return parent;
        } else {
            bool is_first = true;
            FOR_EACH_CHILD(l, sibling, parent) {
                if (sibling == item)
                    break;
                is_first =
                    !l->tree->nodes[sibling].is_named || node_kind(l, sibling) == SQL_COMMENT;
                if (!is_first)
                    break;
            }
            if (!is_first) {
                *after_comma = true;
                return NO_NODE;
            }
            if (kind != SQL_PARENTHESIZED_JOIN)
                return NO_NODE;
        }
        item = parent;
    }
    return NO_NODE;
}

static JoinKind join_kind(const Lowering *l, NodeIndex join)
{
    NodeIndex kind = field(l, join, SQL_FIELD_KIND);
    if (has_token(l, kind, SQL_KW_LEFT))
        return JOIN_LEFT;
    if (has_token(l, kind, SQL_KW_RIGHT))
        return JOIN_RIGHT;
    if (has_token(l, kind, SQL_KW_FULL))
        return JOIN_FULL;
    if (has_token(l, kind, SQL_KW_CROSS) || has_token(l, kind, SQL_KW_APPLY))
        return JOIN_CROSS;
    return JOIN_INNER;
}

static bool join_has_condition(const Lowering *l, NodeIndex join)
{
    return field(l, join, SQL_FIELD_CONDITION) != NO_NODE ||
           field(l, join, SQL_FIELD_USING) != NO_NODE ||
           has_token(l, field(l, join, SQL_FIELD_KIND), SQL_KW_NATURAL);
}

static bool is_cte_name(const Lowering *l, const QualifiedName *name)
{
    if (!name_is_absent(name->schema))
        return false;
    for (const CteScope *scope = l->ctes; scope; scope = scope->outer) {
        for (uint32_t i = 0; i < scope->names->n; i++) {
            Str known = scope->names->items[i].text;
            if (l->dialect == DIALECT_POSTGRESQL ? str_equal(known, name->name.text)
                                                 : str_equal_ignore_case(known, name->name.text))
                return true;
        }
    }
    return false;
}

static bool subquery_is_values(const Lowering *l, NodeIndex query)
{
    return node_kind(l, field(l, query, SQL_FIELD_BODY)) == SQL_VALUES;
}

static void add_use(Lowering *l, Query *query, NodeIndex item, TableUse use)
{
    use.alias = lower_name(l, field(l, item, SQL_FIELD_ALIAS));
    use.place = node_place(l, item);
    switch (node_kind(l, item)) {
    case SQL_TABLE_REFERENCE:
        use.kind = TABLE_USE_TABLE;
        use.table = lower_object_name(l, field(l, item, SQL_FIELD_NAME));
        use.is_cte = is_cte_name(l, &use.table);
        break;
    case SQL_TABLE_COMMAND:
        use.kind = TABLE_USE_TABLE;
        use.table = lower_object_name(l, field(l, item, SQL_FIELD_TABLE));
        use.is_cte = is_cte_name(l, &use.table);
        break;
    case SQL_FUNCTION_REFERENCE: {
        NodeIndex function = field(l, item, SQL_FIELD_FUNCTION);
        use.kind = TABLE_USE_FUNCTION;
        use.table = lower_object_name(l, field(l, function, SQL_FIELD_NAME));
        query_add_subqueries(l, query, function);
        break;
    }
    case SQL_SUBQUERY_REFERENCE: {
        NodeIndex inner = field(l, field(l, item, SQL_FIELD_QUERY), SQL_FIELD_QUERY);
        use.kind = subquery_is_values(l, inner) ? TABLE_USE_VALUES : TABLE_USE_SUBQUERY;
        uint32_t before = query->subqueries.n;
        query_add_subqueries(l, query, field(l, item, SQL_FIELD_QUERY));
        if (query->subqueries.n > before)
            use.subquery = *VEC_LAST(&query->subqueries);
        break;
    }
    default:
        return;
    }
    if (query->tables.n < PARTS_MAX)
        VEC_PUSH(l->out, &query->tables, use);
}

static bool is_from_leaf(uint16_t kind)
{
    return kind == SQL_TABLE_REFERENCE || kind == SQL_SUBQUERY_REFERENCE ||
           kind == SQL_FUNCTION_REFERENCE || kind == SQL_TABLE_COMMAND;
}

/* The items below `clause`, which is a FROM or USING clause or an item itself. */
static void add_items(Lowering *l, Query *query, NodeIndex clause, JoinKind first, bool is_target)
{
    NodeIndex end = l->tree->nodes[clause].next;
    bool is_first = true;
    for (NodeIndex i = clause; i < end;) {
        uint16_t kind = node_kind(l, i);
        if (!is_from_leaf(kind)) {
            bool is_condition = node_field(l, i) == SQL_FIELD_CONDITION && i != clause;
            i = is_condition ? l->tree->nodes[i].next : i + 1;
            continue;
        }
        bool after_comma = false;
        NodeIndex join = join_of(l, i, clause, &after_comma);
        TableUse use = {.join = join != NO_NODE ? join_kind(l, join)
                                : after_comma   ? JOIN_COMMA
                                : is_first      ? first
                                                : JOIN_COMMA,
                        .has_condition = join != NO_NODE && join_has_condition(l, join),
                        .is_target = is_target && is_first};
        add_use(l, query, i, use);
        is_first = false;
        i = l->tree->nodes[i].next;
    }
}

void query_add_from(Lowering *l, Query *query, NodeIndex clause)
{
    if (clause != NO_NODE)
        add_items(l, query, clause, query->tables.n > 0 ? JOIN_COMMA : JOIN_NONE, false);
}

void query_add_table(Lowering *l, Query *query, NodeIndex item, JoinKind join, bool is_target)
{
    add_items(l, query, item, join, is_target);
}

/* USING (a, b): equality between the joined table and the one before it. */
static void add_using(Lowering *l, Query *query, NodeIndex join)
{
    NodeIndex columns = field(l, join, SQL_FIELD_USING);
    NodeIndex right = field(l, join, SQL_FIELD_RIGHT);
    Place right_place = node_place(l, right);
    uint32_t table = NO_TABLE_USE;
    for (uint32_t i = 0; i < query->tables.n; i++) {
        if (query->tables.items[i].place.range.start == right_place.range.start)
            table = i;
    }
    /* with more than one table on the left, which of them has the column is the schema's to say */
    uint32_t other = table == 1 ? 0 : NO_TABLE_USE;
    FOR_EACH_CHILD(l, child, columns) {
        if (node_field(l, child) != SQL_FIELD_COLUMN)
            continue;
        Name column = lower_name(l, child);
        ColumnUse use = {.table = table,
                         .column = column,
                         .comparison = COMPARE_EQUAL,
                         .other_table = other,
                         .other_column = column,
                         .place = column.place};
        VEC_PUSH(l->out, &query->joins, use);
    }
}

void query_add_join_conditions(Lowering *l, Query *query, NodeIndex clause)
{
    if (clause == NO_NODE)
        return;
    NodeIndex end = l->tree->nodes[clause].next;
    for (NodeIndex i = clause; i < end;) {
        uint16_t kind = node_kind(l, i);
        if (is_from_leaf(kind)) {
            i = l->tree->nodes[i].next;
            continue;
        }
        if (kind == SQL_JOIN && l->tree->nodes[i].is_named &&
            field(l, i, SQL_FIELD_USING) != NO_NODE)
            add_using(l, query, i);
        if (node_field(l, i) == SQL_FIELD_CONDITION &&
            node_kind(l, l->tree->nodes[i].parent) == SQL_JOIN) {
            query_add_condition(l, query, i);
            i = l->tree->nodes[i].next;
            continue;
        }
        i++;
    }
}

uint32_t query_table_of(const Lowering *l, const Query *query, Name qualifier)
{
    if (name_is_absent(qualifier))
        return query->tables.n == 1 ? 0 : NO_TABLE_USE;
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const TableUse *use = &query->tables.items[i];
        Str known = name_is_absent(use->alias) ? use->table.name.text : use->alias.text;
        if (l->dialect == DIALECT_POSTGRESQL ? str_equal(known, qualifier.text)
                                             : str_equal_ignore_case(known, qualifier.text))
            return i;
    }
    return NO_TABLE_USE;
}

ColumnUse query_column_use(Lowering *l, const Query *query, NodeIndex column_reference)
{
    ColumnUse use = {.other_table = NO_TABLE_USE, .place = node_place(l, column_reference)};
    FOR_EACH_CHILD(l, child, column_reference) {
        if (node_field(l, child) == SQL_FIELD_QUALIFIER)
            use.qualifier = lower_name(l, child);
        else if (node_field(l, child) == SQL_FIELD_NAME)
            use.column = lower_name(l, child);
    }
    use.table = query_table_of(l, query, use.qualifier);
    return use;
}
