/* A condition as column uses
 *
 * The boolean skeleton (AND, OR, NOT, parentheses) is walked in preorder without recursion;
 * every node below it that is no skeleton is a predicate and is read by itself:
 *
 *     a = 1 AND (lower(b) LIKE 'x%' OR c IS NULL)
 *     filter a EQUAL 1
 *     filter b LIKE_PREFIX, wrapped in lower, in a disjunction
 *     filter c IS_NULL, in a disjunction
 *
 * A predicate has one side or two. A side that is a bare column gives a plain use; a side that
 * computes something gives a wrapped use for each column in it. Two bare columns of different
 * tables make a join. */
#include "frontends/sql/lower.h"

typedef struct {
    Lowering *l;
    Query *query;
    bool is_in_disjunction;
    bool is_having; /* only plain columns count there: the others are aggregated */
} Condition;

/* The column that an expression is, seen through parentheses and COLLATE; NO_NODE. */
static NodeIndex plain_column(const Lowering *l, NodeIndex node)
{
    for (;;) {
        node = bare_expression(l, node);
        if (node_kind(l, node) == SQL_COLLATE_EXPRESSION)
            node = field(l, node, SQL_FIELD_VALUE);
        else
            return node_kind(l, node) == SQL_COLUMN_REFERENCE ? node : NO_NODE;
    }
}

static void add_filter(Condition *c, ColumnUse use, Comparison comparison, Str constant)
{
    use.comparison = comparison;
    use.constant = constant;
    use.is_in_disjunction = c->is_in_disjunction;
    if (c->query->filters.n < PARTS_MAX)
        VEC_PUSH(c->l->out, &c->query->filters, use);
}

/* The name of the innermost function around a node, below `limit`. */
static Str wrapping_function(Lowering *l, NodeIndex node, NodeIndex limit)
{
    while (node != limit) {
        node = l->tree->nodes[node].parent;
        if (node_kind(l, node) == SQL_FUNCTION_CALL) {
            Str name = lower_object_name(l, field(l, node, SQL_FIELD_NAME)).name.text;
            return lower_case(l, name);
        }
    }
    return (Str){0};
}

/* Each column in a side that is more than a column. Subqueries are read elsewhere. */
static void add_wrapped(Condition *c, NodeIndex side, Comparison comparison, Str constant)
{
    Lowering *l = c->l;
    if (c->is_having)
        return;
    NodeIndex end = l->tree->nodes[side].next;
    for (NodeIndex i = side; i < end;) {
        if (node_kind(l, i) == SQL_SUBQUERY) {
            i = l->tree->nodes[i].next;
            continue;
        }
        if (node_kind(l, i) == SQL_COLUMN_REFERENCE && is_column_reference(l, i)) {
            ColumnUse use = query_column_use(l, c->query, i);
            use.is_wrapped = true;
            use.wrapper = wrapping_function(l, i, side);
            add_filter(c, use, comparison, constant);
        }
        i++;
    }
}

static void add_side(Condition *c, NodeIndex side, Comparison comparison, Str constant)
{
    if (side == NO_NODE)
        return;
    NodeIndex column = plain_column(c->l, side);
    if (column == NO_NODE)
        add_wrapped(c, side, comparison, constant);
    else if (is_column_reference(c->l, column))
        add_filter(c, query_column_use(c->l, c->query, column), comparison, constant);
}

/* column = column of two tables that are both known. */
static bool add_join(Condition *c, NodeIndex left, NodeIndex right, Comparison comparison)
{
    Lowering *l = c->l;
    if (left == NO_NODE || right == NO_NODE || !is_column_reference(l, left) ||
        !is_column_reference(l, right))
        return false;
    ColumnUse use = query_column_use(l, c->query, left);
    ColumnUse other = query_column_use(l, c->query, right);
    if (use.table == NO_TABLE_USE || other.table == NO_TABLE_USE || use.table == other.table)
        return false;
    use.comparison = comparison;
    use.other_table = other.table;
    use.other_column = other.column;
    use.is_in_disjunction = c->is_in_disjunction;
    use.place = span_place(l, left, right);
    if (left > right)
        use.place = span_place(l, right, left);
    if (c->query->joins.n < PARTS_MAX)
        VEC_PUSH(l->out, &c->query->joins, use);
    return true;
}

static void add_pair(Condition *c, NodeIndex left, NodeIndex right, Comparison comparison)
{
    if (left == NO_NODE || right == NO_NODE)
        return;
    NodeIndex left_column = plain_column(c->l, left);
    NodeIndex right_column = plain_column(c->l, right);
    if (add_join(c, left_column, right_column, comparison))
        return;
    add_side(c, left, comparison, constant_of(c->l, right));
    add_side(c, right, comparison, constant_of(c->l, left));
}

static Comparison operator_comparison(Str operator)
{
    static const struct {
        Str text;
        Comparison comparison;
    } known[] = {
        {STR_INIT("="), COMPARE_EQUAL},      {STR_INIT("=="), COMPARE_EQUAL},
        {STR_INIT("<"), COMPARE_RANGE},      {STR_INIT("<="), COMPARE_RANGE},
        {STR_INIT(">"), COMPARE_RANGE},      {STR_INIT(">="), COMPARE_RANGE},
        {STR_INIT("<>"), COMPARE_NOT_EQUAL}, {STR_INIT("!="), COMPARE_NOT_EQUAL},
        {STR_INIT("<=>"), COMPARE_EQUAL},    {STR_INIT("@>"), COMPARE_CONTAINS},
        {STR_INIT("<@"), COMPARE_CONTAINS},  {STR_INIT("&&"), COMPARE_CONTAINS},
        {STR_INIT("@@"), COMPARE_CONTAINS},  {STR_INIT("?"), COMPARE_CONTAINS},
        {STR_INIT("?|"), COMPARE_CONTAINS},  {STR_INIT("?&"), COMPARE_CONTAINS},
        {STR_INIT("@?"), COMPARE_CONTAINS},  {STR_INIT("~"), COMPARE_OTHER},
        {STR_INIT("~*"), COMPARE_OTHER},     {STR_INIT("!~"), COMPARE_OTHER},
        {STR_INIT("!~*"), COMPARE_OTHER},    {STR_INIT("~~"), COMPARE_LIKE},
        {STR_INIT("~~*"), COMPARE_LIKE},     {STR_INIT("!~~"), COMPARE_OTHER},
        {STR_INIT("<<"), COMPARE_OTHER},     {STR_INIT(">>"), COMPARE_OTHER},
        {STR_INIT("%"), COMPARE_OTHER},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_equal(operator, known[i].text))
            return known[i].comparison;
    }
    return COMPARE_NONE;
}

/* In MySQL && is AND and || is OR. */
static bool is_and(const Lowering *l, Str operator)
{
    return str_equal_ignore_case(operator, STR("and")) ||
           (l->dialect == DIALECT_MYSQL && str_equal(operator, STR("&&")));
}

static bool is_or(const Lowering *l, Str operator)
{
    return str_equal_ignore_case(operator, STR("or")) ||
           str_equal_ignore_case(operator, STR("xor")) ||
           (l->dialect == DIALECT_MYSQL && str_equal(operator, STR("||")));
}

static bool is_row(const Lowering *l, NodeIndex node)
{
    return node_kind(l, node) == SQL_ROW_EXPRESSION;
}

/* (a, b) = (1, 2): pair by pair. */
static void add_rows(Condition *c, NodeIndex left, NodeIndex right, Comparison comparison)
{
    const Lowering *l = c->l;
    NodeIndex other = tree_first_child(l->tree, right);
    FOR_EACH_CHILD(l, child, left) {
        if (!l->tree->nodes[child].is_named)
            continue;
        while (other != NO_NODE && !l->tree->nodes[other].is_named)
            other = tree_next_sibling(l->tree, other);
        add_pair(c, child, other, comparison);
        if (other != NO_NODE)
            other = tree_next_sibling(l->tree, other);
    }
}

static void add_comparison(Condition *c, NodeIndex node)
{
    Lowering *l = c->l;
    NodeIndex left = field(l, node, SQL_FIELD_LEFT);
    NodeIndex right = field(l, node, SQL_FIELD_RIGHT);
    Comparison comparison = operator_comparison(node_text(l, field(l, node, SQL_FIELD_OPERATOR)));
    if (comparison == COMPARE_NONE) { /* arithmetic used as a condition */
        add_wrapped(c, node, COMPARE_OTHER, (Str){0});
        return;
    }
    NodeIndex list = bare_expression(l, right);
    if (node_kind(l, list) == SQL_QUANTIFIED_EXPRESSION) {
        /* a = ANY (…) is IN; $1 = ANY (column) looks into the column */
        bool is_any = has_token(l, list, SQL_KW_ANY) || has_token(l, list, SQL_KW_SOME);
        bool is_in = is_any && comparison == COMPARE_EQUAL;
        add_side(c, left, is_in ? COMPARE_IN : COMPARE_OTHER, (Str){0});
        add_wrapped(c, list, COMPARE_OTHER, (Str){0});
        return;
    }
    if (is_row(l, left) && is_row(l, right)) {
        add_rows(c, left, right, comparison);
        return;
    }
    add_pair(c, left, right, comparison);
}

static bool is_wildcard(char c, bool is_glob)
{
    return is_glob ? c == '*' || c == '?' || c == '[' : c == '%' || c == '_';
}

static Comparison pattern_comparison(Lowering *l, NodeIndex node)
{
    NodeIndex pattern = field(l, node, SQL_FIELD_PATTERN);
    Str word = node_text(l, field(l, node, SQL_FIELD_OPERATOR));
    bool is_glob = str_equal_ignore_case(word, STR("glob"));
    if (str_equal_ignore_case(word, STR("match")))
        return COMPARE_CONTAINS;
    if (!is_glob && !str_equal_ignore_case(word, STR("like")))
        return str_equal_ignore_case(word, STR("ilike")) ? COMPARE_LIKE : COMPARE_OTHER;
    Str constant = constant_of(l, pattern);
    bool has_prefix = constant.length > 0 && !is_wildcard(constant.data[0], is_glob);
    return has_prefix ? COMPARE_LIKE_PREFIX : COMPARE_LIKE;
}

static void add_is(Condition *c, NodeIndex node)
{
    Lowering *l = c->l;
    NodeIndex value = field(l, node, SQL_FIELD_VALUE);
    bool is_not = has_token(l, node, SQL_KW_NOT) || has_token(l, node, SQL_KW_NOTNULL);
    bool is_null = has_token(l, node, SQL_KW_NULL) || has_token(l, node, SQL_KW_ISNULL) ||
                   has_token(l, node, SQL_KW_NOTNULL);
    if (is_null) {
        add_side(c, value, is_not ? COMPARE_IS_NOT_NULL : COMPARE_IS_NULL, (Str){0});
        return;
    }
    if (has_token(l, node, SQL_KW_TRUE) || has_token(l, node, SQL_KW_FALSE)) {
        Str constant = has_token(l, node, SQL_KW_TRUE) ? STR("true") : STR("false");
        add_side(c, value, is_not ? COMPARE_NOT_EQUAL : COMPARE_EQUAL, constant);
        return;
    }
    add_side(c, value, COMPARE_OTHER, (Str){0});
    NodeIndex other = field(l, node, SQL_FIELD_OTHER);
    if (other != NO_NODE)
        add_side(c, other, COMPARE_OTHER, (Str){0});
}

static void add_in(Condition *c, NodeIndex node)
{
    Lowering *l = c->l;
    NodeIndex value = bare_expression(l, field(l, node, SQL_FIELD_VALUE));
    bool is_not = has_token(l, node, SQL_KW_NOT);
    Comparison comparison = is_not ? COMPARE_NOT_EQUAL : COMPARE_IN;
    if (!is_row(l, value)) {
        add_side(c, value, comparison, (Str){0});
        return;
    }
    FOR_EACH_CHILD(l, child, value) {
        if (l->tree->nodes[child].is_named)
            add_side(c, child, comparison, (Str){0});
    }
}

static void add_between(Condition *c, NodeIndex node)
{
    Lowering *l = c->l;
    bool is_not = has_token(l, node, SQL_KW_NOT);
    Comparison comparison = is_not ? COMPARE_OTHER : COMPARE_RANGE;
    add_side(c, field(l, node, SQL_FIELD_VALUE), comparison, (Str){0});
    add_side(c, field(l, node, SQL_FIELD_LOW), comparison, (Str){0});
    add_side(c, field(l, node, SQL_FIELD_HIGH), comparison, (Str){0});
}

static void add_predicate(Condition *c, NodeIndex node)
{
    Lowering *l = c->l;
    switch (node_kind(l, node)) {
    case SQL_BINARY_EXPRESSION:
        add_comparison(c, node);
        break;
    case SQL_IN_EXPRESSION:
        add_in(c, node);
        break;
    case SQL_BETWEEN_EXPRESSION:
        add_between(c, node);
        break;
    case SQL_LIKE_EXPRESSION: {
        NodeIndex pattern = field(l, node, SQL_FIELD_PATTERN);
        bool is_not = has_token(l, node, SQL_KW_NOT);
        Comparison comparison = is_not ? COMPARE_OTHER : pattern_comparison(l, node);
        add_side(c, field(l, node, SQL_FIELD_VALUE), comparison, constant_of(l, pattern));
        break;
    }
    case SQL_IS_EXPRESSION:
        add_is(c, node);
        break;
    case SQL_COLUMN_REFERENCE: /* a boolean column */
        add_side(c, node, COMPARE_EQUAL, STR("true"));
        break;
    case SQL_EXISTS_EXPRESSION:
    case SQL_SUBQUERY:
        break;
    default:
        add_wrapped(c, node, COMPARE_OTHER, (Str){0});
        break;
    }
    query_add_subqueries(l, c->query, node);
}

/* The operands of AND, OR and NOT are reached by going on to the next node. */
static bool is_skeleton(const Lowering *l, NodeIndex node, bool *disjoins)
{
    *disjoins = false;
    if (node_kind(l, node) == SQL_PARENTHESIZED_EXPRESSION)
        return field(l, node, SQL_FIELD_EXPRESSION) != NO_NODE;
    if (node_kind(l, node) != SQL_BINARY_EXPRESSION && node_kind(l, node) != SQL_UNARY_EXPRESSION)
        return false;
    Str operator= node_text(l, field(l, node, SQL_FIELD_OPERATOR));
    bool is_not = node_kind(l, node) == SQL_UNARY_EXPRESSION &&
                  (str_equal_ignore_case(operator, STR("not")) || str_equal(operator, STR("!")));
    *disjoins = is_not || is_or(l, operator);
    return *disjoins || is_and(l, operator);
}

static void add_condition(Condition *c, NodeIndex root)
{
    Lowering *l = c->l;
    if (root == NO_NODE)
        return;
    NodeIndex end = l->tree->nodes[root].next;
    NodeIndex disjunction_end = root;
    for (NodeIndex i = root; i < end;) {
        bool disjoins = false;
        if (!l->tree->nodes[i].is_named) { /* the word AND, a parenthesis */
            i++;
        } else if (is_skeleton(l, i, &disjoins)) {
            if (disjoins && l->tree->nodes[i].next > disjunction_end)
                disjunction_end = l->tree->nodes[i].next;
            i++;
        } else {
            c->is_in_disjunction = i < disjunction_end;
            if (node_kind(l, i) != SQL_OPERATOR && node_kind(l, i) != SQL_COMMENT)
                add_predicate(c, i);
            i = l->tree->nodes[i].next;
        }
    }
}

void query_add_condition(Lowering *l, Query *query, NodeIndex condition)
{
    Condition c = {.l = l, .query = query};
    add_condition(&c, condition);
}

void query_add_having(Lowering *l, Query *query, NodeIndex condition)
{
    Condition c = {.l = l, .query = query, .is_having = true};
    add_condition(&c, condition);
}
