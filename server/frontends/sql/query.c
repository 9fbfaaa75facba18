/* Queries are lowered from the outside in: tables first, because what a column belongs to is
 * found by the names in FROM, then the clauses. A query's subqueries are queries of their
 * own, reachable from it; only the outermost is added to the fragment. */
#include "frontends/sql/lower.h"

static Query *query_new(Lowering *l, QueryKind kind, NodeIndex node)
{
    Query *query = ARENA_NEW(l->out, Query);
    query->kind = kind;
    query->place = node_place(l, node);
    query->inside_loop = l->inside_loop;
    query->in_function = l->in_function;
    query->in_view = l->in_view;
    query->in_program = l->in_program;
    query->function = l->function;
    query->depth = l->query_depth;
    return query;
}

/* A query below another. */
static const Query *lower_subquery(Lowering *l, NodeIndex node);

static void add_subquery(Lowering *l, Query *query, NodeIndex node)
{
    const Query *inner = lower_subquery(l, node);
    if (inner)
        VEC_PUSH(l->out, &query->subqueries, inner);
}

void query_add_subqueries(Lowering *l, Query *query, NodeIndex node)
{
    if (node == NO_NODE)
        return;
    NodeIndex end = l->tree->nodes[node].next;
    for (NodeIndex i = node; i < end;) {
        if (node_kind(l, i) != SQL_SUBQUERY) {
            i++;
            continue;
        }
        add_subquery(l, query, field(l, i, SQL_FIELD_QUERY));
        i = l->tree->nodes[i].next;
    }
}

void lower_expression_queries(Lowering *l, NodeIndex node)
{
    if (node == NO_NODE)
        return;
    NodeIndex end = l->tree->nodes[node].next;
    for (NodeIndex i = node; i < end;) {
        if (node_kind(l, i) != SQL_SUBQUERY) {
            i++;
            continue;
        }
        lower_query(l, field(l, i, SQL_FIELD_QUERY));
        i = l->tree->nodes[i].next;
    }
}

/* WITH: each name is visible in those after it and in the query. With RECURSIVE, also in
 * itself; treating the others so too does no harm, a table of that name is what they rarely
 * mean. */
static void add_with(Lowering *l, Query *query, NodeIndex with)
{
    if (with == NO_NODE)
        return;
    FOR_EACH_CHILD(l, cte, with) {
        if (node_kind(l, cte) != SQL_COMMON_TABLE_EXPRESSION)
            continue;
        Name name = lower_name(l, field(l, cte, SQL_FIELD_NAME));
        VEC_PUSH(l->out, &query->cte_names, name);
        const Query *inner = lower_subquery(l, field(l, cte, SQL_FIELD_STATEMENT));
        if (!inner) /* keeps cte_names parallel to subqueries */
            inner = query_new(l, QUERY_SELECT, cte);
        VEC_PUSH(l->out, &query->subqueries, inner);
    }
}

static void add_select(Lowering *l, Query *query, NodeIndex select)
{
    NodeIndex from = field(l, select, SQL_FIELD_FROM);
    NodeIndex where = field(l, select, SQL_FIELD_WHERE);
    NodeIndex having = field(l, select, SQL_FIELD_HAVING);
    NodeIndex distinct = field(l, select, SQL_FIELD_DISTINCT);
    query->has_from = from != NO_NODE;
    query_add_from(l, query, from);
    query_add_outputs(l, query, field(l, select, SQL_FIELD_LIST));
    query_add_join_conditions(l, query, from);
    if (where != NO_NODE) {
        NodeIndex condition = field(l, where, SQL_FIELD_CONDITION);
        query->has_where = true;
        query->where = lower_expression(l, condition);
        query_add_condition(l, query, condition);
    }
    query_add_groups(l, query, field(l, select, SQL_FIELD_GROUP_BY));
    if (having != NO_NODE)
        query_add_having(l, query, field(l, having, SQL_FIELD_CONDITION));
    query->has_distinct = distinct != NO_NODE;
    query->has_limit |= field(l, select, SQL_FIELD_TOP) != NO_NODE;
}

static const Query *lower_branch(Lowering *l, NodeIndex body)
{
    if (l->query_depth >= QUERY_DEPTH_MAX)
        return NULL;
    Query *query = query_new(l, QUERY_SELECT, body);
    l->query_depth++;
    if (node_kind(l, body) == SQL_SELECT)
        add_select(l, query, body);
    else
        query_add_subqueries(l, query, body);
    l->query_depth--;
    return query;
}

/* UNION and its kin: the branches are subqueries, in the order they are written, and the
 * outputs are the first branch's. The nodes are walked without recursion: a generated file
 * may join thousands of them. */
static void add_branches(Lowering *l, Query *query, NodeIndex set_operation)
{
    query->is_set_operation = true;
    NodeIndex end = l->tree->nodes[set_operation].next;
    bool is_first = true;
    for (NodeIndex i = set_operation + 1; i < end;) {
        uint16_t kind = node_kind(l, i);
        const Query *branch = NULL;
        if (kind == SQL_SELECT || kind == SQL_VALUES)
            branch = lower_branch(l, i);
        else if (kind == SQL_SUBQUERY)
            branch = lower_subquery(l, field(l, i, SQL_FIELD_QUERY));
        else {
            i++;
            continue;
        }
        i = l->tree->nodes[i].next;
        if (!branch)
            continue;
        VEC_PUSH(l->out, &query->subqueries, branch);
        if (is_first) {
            query->outputs = branch->outputs;
            query->selects_star = branch->selects_star;
        }
        is_first = false;
    }
}

static void add_body(Lowering *l, Query *query, NodeIndex body)
{
    switch (node_kind(l, body)) {
    case SQL_SELECT:
        add_select(l, query, body);
        break;
    case SQL_SET_OPERATION:
        add_branches(l, query, body);
        break;
    case SQL_SUBQUERY: { /* (SELECT …) ORDER BY …: the parentheses do not count */
        const Query *inner = lower_subquery(l, field(l, body, SQL_FIELD_QUERY));
        if (inner) {
            VEC_PUSH(l->out, &query->subqueries, inner);
            query->outputs = inner->outputs;
            query->selects_star = inner->selects_star;
        }
        break;
    }
    case SQL_TABLE_COMMAND:
        query->selects_star = true;
        query_add_table(l, query, body, JOIN_NONE, false);
        break;
    default:
        query_add_subqueries(l, query, body);
        break;
    }
}

static void lower_select(Lowering *l, Query *query, NodeIndex node)
{
    FOR_EACH_CHILD(l, child, node) {
        if (node_field(l, child) == SQL_FIELD_BODY)
            add_body(l, query, child);
    }
    query_add_orders(l, query, field(l, node, SQL_FIELD_ORDER_BY));
    query->has_limit |=
        field(l, node, SQL_FIELD_LIMIT) != NO_NODE || field(l, node, SQL_FIELD_FETCH) != NO_NODE;
}

static void add_assignments(Lowering *l, Query *query, NodeIndex set_list)
{
    if (set_list == NO_NODE)
        return;
    FOR_EACH_CHILD(l, assignment, set_list) {
        if (node_kind(l, assignment) != SQL_ASSIGNMENT)
            continue;
        NodeIndex column = field(l, assignment, SQL_FIELD_COLUMN);
        if (node_kind(l, column) == SQL_SUBSCRIPT) /* SET a[1] = … writes a */
            column = field(l, column, SQL_FIELD_VALUE);
        if (node_kind(l, column) == SQL_COLUMN_LIST) {
            FOR_EACH_CHILD(l, part, column) {
                if (node_field(l, part) == SQL_FIELD_COLUMN)
                    VEC_PUSH(l->out, &query->written_columns, lower_name(l, part));
            }
        } else if (node_kind(l, column) == SQL_COLUMN_REFERENCE) {
            NodeIndex name = field(l, column, SQL_FIELD_NAME);
            VEC_PUSH(l->out, &query->written_columns, lower_name(l, name));
        }
        query_add_subqueries(l, query, field(l, assignment, SQL_FIELD_VALUE));
    }
}

static void add_returning(Lowering *l, Query *query, NodeIndex node)
{
    NodeIndex returning = field(l, node, SQL_FIELD_RETURNING);
    if (returning != NO_NODE)
        query_add_outputs(l, query, field(l, returning, SQL_FIELD_LIST));
}

/* INSERT INTO t: the name stands there without a table_reference around it. */
static void add_target_name(Lowering *l, Query *query, NodeIndex node)
{
    NodeIndex name = field(l, node, SQL_FIELD_TABLE);
    if (name == NO_NODE)
        return;
    TableUse use = {.kind = TABLE_USE_TABLE,
                    .table = lower_object_name(l, name),
                    .alias = lower_name(l, field(l, node, SQL_FIELD_ALIAS)),
                    .is_target = true,
                    .place = node_place(l, name)};
    VEC_PUSH(l->out, &query->tables, use);
    query->target_place = span_place(l, node, name);
}

static void lower_insert(Lowering *l, Query *query, NodeIndex node)
{
    add_target_name(l, query, node);
    query->written_columns = lower_column_list(l, field(l, node, SQL_FIELD_COLUMNS));
    NodeIndex source = field(l, node, SQL_FIELD_SOURCE);
    if (node_kind(l, source) == SQL_SET_LIST) {
        query->inserts_values = true;
        add_assignments(l, query, source);
    } else if (node_kind(l, source) == SQL_QUERY) {
        NodeIndex body = field(l, source, SQL_FIELD_BODY);
        query->inserts_values = node_kind(l, body) == SQL_VALUES;
        if (query->inserts_values)
            query_add_subqueries(l, query, body);
        else
            add_subquery(l, query, source);
    }
    query_add_subqueries(l, query, field(l, node, SQL_FIELD_CONFLICT));
    add_returning(l, query, node);
}

/* The place of a verb and what it writes: UPDATE t, DELETE FROM t. */
static void set_target_place(Lowering *l, Query *query, NodeIndex node, NodeIndex target)
{
    NodeIndex first = node; /* after WITH */
    FOR_EACH_CHILD(l, child, node) {
        if (node_field(l, child) == SQL_FIELD_WITH)
            continue;
        first = child;
        break;
    }
    query->target_place = span_place(l, first, target);
}

static void add_write_clauses(Lowering *l, Query *query, NodeIndex node)
{
    NodeIndex where = field(l, node, SQL_FIELD_WHERE);
    FOR_EACH_CHILD(l, table, node) {
        if (node_field(l, table) == SQL_FIELD_TABLE)
            query_add_join_conditions(l, query, table);
    }
    query_add_join_conditions(l, query, field(l, node, SQL_FIELD_FROM));
    query_add_join_conditions(l, query, field(l, node, SQL_FIELD_USING));
    if (where != NO_NODE) {
        NodeIndex condition = field(l, where, SQL_FIELD_CONDITION);
        query->has_where = true;
        query->where = lower_expression(l, condition);
        query_add_condition(l, query, condition);
    }
    query_add_orders(l, query, field(l, node, SQL_FIELD_ORDER_BY));
    query->has_limit = field(l, node, SQL_FIELD_LIMIT) != NO_NODE;
    add_returning(l, query, node);
}

/* The tables written right after the verb; the first is what is written. */
static void add_written_tables(Lowering *l, Query *query, NodeIndex node)
{
    bool is_first = true;
    FOR_EACH_CHILD(l, table, node) {
        if (node_field(l, table) != SQL_FIELD_TABLE)
            continue;
        query_add_table(l, query, table, is_first ? JOIN_NONE : JOIN_COMMA, is_first);
        if (is_first)
            set_target_place(l, query, node, table);
        is_first = false;
    }
}

static void lower_update(Lowering *l, Query *query, NodeIndex node)
{
    add_written_tables(l, query, node);
    NodeIndex from = field(l, node, SQL_FIELD_FROM);
    query->has_from = from != NO_NODE;
    query_add_from(l, query, from);
    add_assignments(l, query, field(l, node, SQL_FIELD_ASSIGNMENTS));
    add_write_clauses(l, query, node);
}

static bool names_table(const Lowering *l, const TableUse *use, Name name)
{
    Str known = name_is_absent(use->alias) ? use->table.name.text : use->alias.text;
    return l->dialect == DIALECT_POSTGRESQL ? str_equal(known, name.text)
                                            : str_equal_ignore_case(known, name.text);
}

/* MySQL: DELETE a, b FROM a JOIN b: the targets are named before. */
static void mark_targets(Lowering *l, Query *query, NodeIndex node)
{
    FOR_EACH_CHILD(l, target, node) {
        if (node_field(l, target) != SQL_FIELD_TARGET)
            continue;
        Name name = lower_object_name(l, target).name;
        set_target_place(l, query, node, target);
        for (uint32_t i = 0; i < query->tables.n; i++)
            query->tables.items[i].is_target |= names_table(l, &query->tables.items[i], name);
    }
}

static void lower_delete(Lowering *l, Query *query, NodeIndex node)
{
    NodeIndex using = field(l, node, SQL_FIELD_USING);
    NodeIndex from = field(l, node, SQL_FIELD_FROM);
    add_written_tables(l, query, node);
    query->has_from = using != NO_NODE || from != NO_NODE;
    query_add_from(l, query, from);
    query_add_from(l, query, using);
    mark_targets(l, query, node);
    add_write_clauses(l, query, node);
}

static void lower_merge(Lowering *l, Query *query, NodeIndex node)
{
    NodeIndex target = field(l, node, SQL_FIELD_TARGET);
    if (target != NO_NODE) {
        query_add_table(l, query, target, JOIN_NONE, true);
        set_target_place(l, query, node, target);
    }
    NodeIndex source = field(l, node, SQL_FIELD_SOURCE);
    if (source != NO_NODE) {
        uint32_t before = query->tables.n;
        query_add_table(l, query, source, JOIN_LEFT, false);
        if (query->tables.n > before)
            query->tables.items[before].has_condition = true;
    }
    query->has_from = query->has_where = true;
    query_add_condition(l, query, field(l, node, SQL_FIELD_CONDITION));
    FOR_EACH_CHILD(l, when, node) {
        if (node_kind(l, when) == SQL_MERGE_WHEN) {
            add_assignments(l, query, field(l, when, SQL_FIELD_ASSIGNMENTS));
            query_add_subqueries(l, query, field(l, when, SQL_FIELD_ROW));
        }
    }
}

static bool query_kind(uint16_t node_kind, QueryKind *kind)
{
    switch (node_kind) {
    case SQL_QUERY:
        *kind = QUERY_SELECT;
        return true;
    case SQL_INSERT_STATEMENT:
        *kind = QUERY_INSERT;
        return true;
    case SQL_UPDATE_STATEMENT:
        *kind = QUERY_UPDATE;
        return true;
    case SQL_DELETE_STATEMENT:
        *kind = QUERY_DELETE;
        return true;
    case SQL_MERGE_STATEMENT:
        *kind = QUERY_MERGE;
        return true;
    default:
        return false;
    }
}

/* (SELECT …) with nothing around it is the query within. */
static NodeIndex without_parentheses(const Lowering *l, NodeIndex query)
{
    while (node_kind(l, query) == SQL_QUERY) {
        NodeIndex body = field(l, query, SQL_FIELD_BODY);
        NodeIndex inner = field(l, body, SQL_FIELD_QUERY);
        bool is_alone =
            body == query + 1 && l->tree->nodes[body].next == l->tree->nodes[query].next;
        if (node_kind(l, body) != SQL_SUBQUERY || !is_alone || inner == NO_NODE)
            return query;
        query = inner;
    }
    return query;
}

static const Query *lower_any(Lowering *l, NodeIndex node)
{
    QueryKind kind = QUERY_SELECT;
    node = without_parentheses(l, node);
    if (!query_kind(node_kind(l, node), &kind) || l->query_depth >= QUERY_DEPTH_MAX)
        return NULL;
    Query *query = query_new(l, kind, node);
    CteScope scope = {.names = &query->cte_names, .outer = l->ctes};
    l->ctes = &scope;
    l->query_depth++;
    add_with(l, query, field(l, node, SQL_FIELD_WITH));
    switch (kind) {
    case QUERY_SELECT:
        lower_select(l, query, node);
        break;
    case QUERY_INSERT:
        lower_insert(l, query, node);
        break;
    case QUERY_UPDATE:
        lower_update(l, query, node);
        break;
    case QUERY_DELETE:
        lower_delete(l, query, node);
        break;
    case QUERY_MERGE:
        lower_merge(l, query, node);
        break;
    }
    l->query_depth--;
    l->ctes = scope.outer;
    return query;
}

static const Query *lower_subquery(Lowering *l, NodeIndex node)
{
    return node == NO_NODE ? NULL : lower_any(l, node);
}

const Query *lower_query(Lowering *l, NodeIndex node)
{
    if (node == NO_NODE)
        return NULL;
    const Query *query = lower_any(l, node);
    if (query)
        VEC_PUSH(l->out, &l->fragment->queries, query);
    return query;
}
