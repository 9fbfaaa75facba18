/* Conditions, orders and groups as column uses (frontends/sql/query_where.c does it for SQL). */
#include "frontends/python/queries.h"

enum { FILTERS_MAX = 200, WRAPPED_MAX = 16 };

typedef struct {
    Queries *q;
    QueryDraft *draft;
    bool is_in_disjunction;
} Condition;

static bool has_name(const PythonTerm *term, const char *name)
{
    return term && str_equal(term->text, str_from(name));
}

/* --- sides --- */

/* The value as it would stand in SQL, where it is written; a parameter is absent. */
static Str constant_of(Queries *q, const PythonTerm *term)
{
    Str text;
    bool flag;
    if (term && term_string(&q->link->scope, term, &text) && term->kind == TERM_STRING)
        return text;
    if (term && term->kind == TERM_NUMBER)
        return term->text;
    if (term && term_boolean(&q->link->scope, term, &flag))
        return flag ? STR("true") : STR("false");
    return (Str){0};
}

static void add_filter(Condition *c, ColumnUse use, Comparison comparison, Str constant)
{
    use.comparison = comparison;
    use.constant = constant;
    use.is_in_disjunction = c->is_in_disjunction;
    if (c->draft->query.filters.n < FILTERS_MAX)
        VEC_PUSH(c->q->out, &c->draft->query.filters, use);
}

/* "lower" of func.lower(…); absent for no function of SQL's. */
static Str sql_function(Queries *q, const PythonTerm *call)
{
    if (call->kind != TERM_CALL || !call->left || call->left->kind != TERM_ATTRIBUTE)
        return (Str){0};
    const PythonTerm *package = call->left->left;
    bool is_func = package && (package->kind == TERM_NAME || package->kind == TERM_ATTRIBUTE) &&
                   has_name(package, "func");
    return is_func ? str_lower(q->out, call->left->text) : (Str){0};
}

/* Each column in a side that computes something. */
static void add_wrapped(Condition *c, const PythonTerm *term, Str wrapper, Comparison comparison,
                        uint32_t *n)
{
    ColumnUse use;
    if (!term || *n >= WRAPPED_MAX || queries_are_spent(c->q) || term->kind == TERM_LAMBDA ||
        term->kind == TERM_COMPREHENSION)
        return;
    if (query_column(c->q, c->draft, term, &use)) {
        use.is_wrapped = true;
        use.wrapper = wrapper;
        add_filter(c, use, comparison, (Str){0});
        ++*n;
        return;
    }
    Str inner = sql_function(c->q, term);
    wrapper = str_is_absent(inner) ? wrapper : inner;
    add_wrapped(c, term->left, wrapper, comparison, n);
    add_wrapped(c, term->right, wrapper, comparison, n);
    for (uint32_t i = 0; i < term->items.n; i++)
        add_wrapped(c, term->items.items[i], wrapper, comparison, n);
}

/* A value that the program gives: a row's of a loop around, a query of its own. */
static void take_value(Condition *c, const PythonTerm *term)
{
    Value value = query_value(c->q, term);
    if (value.kind == VALUE_QUERY) {
        value.draft->is_used = true;
        Query *inner = ARENA_NEW(c->q->out, Query);
        *inner = value.draft->query;
        inner->depth = 1;
        VEC_PUSH(c->q->out, &c->draft->query.subqueries, inner);
    }
    if (value.loop && !c->draft->loop)
        c->draft->loop = value.loop;
}

/* One side of a predicate. False: there is no column in it. */
static bool add_side(Condition *c, const PythonTerm *side, Comparison comparison, Str constant)
{
    ColumnUse use;
    uint32_t n = 0;
    if (query_column(c->q, c->draft, side, &use) || query_key_column(c->q, c->draft, side, &use)) {
        add_filter(c, use, comparison, constant);
        return true;
    }
    add_wrapped(c, side, (Str){0}, comparison, &n);
    if (n == 0)
        take_value(c, side);
    return n > 0;
}

/* --- predicates --- */

static bool add_join(Condition *c, const PythonTerm *left, const PythonTerm *right,
                     Comparison comparison, Place place)
{
    ColumnUse use, other;
    if (!query_column(c->q, c->draft, left, &use) || !query_column(c->q, c->draft, right, &other))
        return false;
    if (use.table == NO_TABLE_USE || other.table == NO_TABLE_USE || use.table == other.table)
        return true; /* two columns of one row find nothing by themselves */
    use.comparison = comparison;
    use.other_table = other.table;
    use.other_column = other.column;
    use.is_in_disjunction = c->is_in_disjunction;
    use.place = place;
    if (c->draft->query.joins.n < FILTERS_MAX)
        VEC_PUSH(c->q->out, &c->draft->query.joins, use);
    return true;
}

static Comparison comparison_of(Str operator)
{
    if (str_equal(operator, STR("==")))
        return COMPARE_EQUAL;
    if (str_equal(operator, STR("!=")))
        return COMPARE_NOT_EQUAL;
    bool is_range = str_equal(operator, STR("<")) || str_equal(operator, STR("<=")) ||
                    str_equal(operator, STR(">")) || str_equal(operator, STR(">="));
    return is_range ? COMPARE_RANGE : COMPARE_NONE;
}

static void add_comparison(Condition *c, const PythonTerm *term)
{
    Comparison comparison = comparison_of(term->text);
    const PythonTerm *left = term->left, *right = term->right;
    if (comparison == COMPARE_NONE || !left || !right) { /* `x in y` is Python's, and no SQL */
        take_value(c, term);
        return;
    }
    if (add_join(c, left, right, comparison, term->place))
        return;
    if (right->kind == TERM_NONE && comparison != COMPARE_RANGE)
        comparison = comparison == COMPARE_EQUAL ? COMPARE_IS_NULL : COMPARE_IS_NOT_NULL;
    (void)add_side(c, left, comparison, constant_of(c->q, right));
    if (comparison != COMPARE_IS_NULL && comparison != COMPARE_IS_NOT_NULL)
        (void)add_side(c, right, comparison, constant_of(c->q, left));
}

static Comparison pattern_of(Queries *q, const PythonTerm *pattern)
{
    Str text = constant_of(q, pattern);
    bool has_prefix = text.length > 0 && text.data[0] != '%' && text.data[0] != '_';
    return has_prefix ? COMPARE_LIKE_PREFIX : COMPARE_LIKE;
}

/* column.in_(…) and its kin: what they compare. */
static Comparison method_comparison(Queries *q, const PythonTerm *call)
{
    static const struct {
        Str name;
        Comparison comparison;
    } known[] = {
        {STR_INIT("in_"), COMPARE_IN},
        {STR_INIT("notin_"), COMPARE_NOT_EQUAL},
        {STR_INIT("not_in"), COMPARE_NOT_EQUAL},
        {STR_INIT("between"), COMPARE_RANGE},
        {STR_INIT("ilike"), COMPARE_LIKE},
        {STR_INIT("icontains"), COMPARE_LIKE},
        {STR_INIT("endswith"), COMPARE_LIKE},
        {STR_INIT("istartswith"), COMPARE_LIKE},
        {STR_INIT("contains"), COMPARE_LIKE},
        {STR_INIT("startswith"), COMPARE_LIKE_PREFIX},
        {STR_INIT("isnot_distinct_from"), COMPARE_OTHER},
    };
    Str name = call->left->text;
    const PythonTerm *first = call_argument(call, 0, "other");
    if (str_equal(name, STR("like")))
        return pattern_of(q, first);
    bool is_not = str_equal(name, STR("isnot")) || str_equal(name, STR("is_not"));
    if (is_not || str_equal(name, STR("is_"))) {
        if (first && first->kind == TERM_NONE)
            return is_not ? COMPARE_IS_NOT_NULL : COMPARE_IS_NULL;
        return is_not ? COMPARE_NOT_EQUAL : COMPARE_EQUAL;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_equal(name, known[i].name))
            return known[i].comparison;
    }
    return COMPARE_OTHER;
}

static void add_condition(Condition *c, const PythonTerm *term);

static void add_all(Condition *c, const PythonTerm *call, bool disjoins)
{
    bool before = c->is_in_disjunction;
    c->is_in_disjunction |= disjoins;
    for (uint32_t i = 0; i < call->items.n; i++)
        add_condition(c, call->items.items[i]);
    c->is_in_disjunction = before;
}

static void add_call(Condition *c, const PythonTerm *call)
{
    Str name = query_function(c->q, call);
    if (str_equal(name, STR("and_"))) {
        add_all(c, call, false);
        return;
    }
    if (str_equal(name, STR("or_")) || str_equal(name, STR("not_"))) {
        add_all(c, call, true);
        return;
    }
    ColumnUse use;
    bool is_method = call->left && call->left->kind == TERM_ATTRIBUTE;
    if (is_method && query_column(c->q, c->draft, call->left->left, &use)) {
        Comparison comparison = method_comparison(c->q, call);
        bool is_value = comparison == COMPARE_EQUAL;
        add_filter(c, use, comparison,
                   is_value ? constant_of(c->q, call_argument(call, 0, NULL)) : (Str){0});
        for (uint32_t i = 0; i < call->items.n; i++)
            take_value(c, call->items.items[i]);
        return;
    }
    bool is_exists = is_method && (str_equal(call->left->text, STR("any")) ||
                                   str_equal(call->left->text, STR("has")));
    uint32_t n = 0;
    if (is_exists) /* Order.lines.any(…): what is asked of the other table, it asks by itself */
        return;
    add_wrapped(c, call, (Str){0}, COMPARE_OTHER, &n);
    if (n == 0)
        take_value(c, call);
}

static void add_condition(Condition *c, const PythonTerm *term)
{
    ColumnUse use;
    if (!term || queries_are_spent(c->q))
        return;
    bool is_and = term->kind == TERM_BINARY && has_name(term, "&");
    bool is_or = term->kind == TERM_BINARY && has_name(term, "|");
    bool is_not = term->kind == TERM_UNARY && has_name(term, "~");
    if (is_and || is_or || is_not) {
        bool before = c->is_in_disjunction;
        c->is_in_disjunction |= !is_and;
        add_condition(c, term->left);
        add_condition(c, term->right);
        c->is_in_disjunction = before;
    } else if (term->kind == TERM_COMPARISON) {
        add_comparison(c, term);
    } else if (term->kind == TERM_CALL) {
        add_call(c, term);
    } else if (query_column(c->q, c->draft, term, &use)) { /* a boolean column */
        add_filter(c, use, COMPARE_EQUAL, STR("true"));
    } else if (term->kind == TERM_KEYWORD || term->kind == TERM_SPLAT) {
        take_value(c, term->left);
    } else {
        take_value(c, term);
    }
}

void query_condition(Queries *q, QueryDraft *draft, const PythonTerm *term)
{
    Condition c = {.q = q, .draft = draft};
    draft->query.has_where = true;
    draft->query.is_partial |= term->kind == TERM_SPLAT;
    add_condition(&c, term);
}

void query_filter_by(Queries *q, QueryDraft *draft, const PythonTerm *call)
{
    Condition c = {.q = q, .draft = draft};
    for (uint32_t i = 0; i < call->items.n; i++) {
        const PythonTerm *item = call->items.items[i];
        ColumnUse use;
        draft->query.has_where = true;
        draft->query.is_partial |= item->kind != TERM_KEYWORD;
        uint32_t table = draft->newest;
        bool is_column =
            item->kind == TERM_KEYWORD &&
            (query_own_column(draft, table, item->text, item->text_place, &use) ||
             query_own_key_column(q, draft, table, item->text, item->text_place, &use));
        bool is_null = item->left && item->left->kind == TERM_NONE;
        if (is_column)
            add_filter(&c, use, is_null ? COMPARE_IS_NULL : COMPARE_EQUAL,
                       constant_of(q, item->left));
        take_value(&c, item->left);
    }
}

/* --- orders and groups --- */

/* `desc(x)`, `x.desc()`, `x.nullslast()`: what is ordered, and how. */
static const PythonTerm *without_order(Queries *q, const PythonTerm *term, ColumnUse *order)
{
    for (uint32_t i = 0; i < 4 && term && term->kind == TERM_CALL && term->left; i++) {
        bool is_method = term->left->kind == TERM_ATTRIBUTE && term->items.n == 0;
        Str name = is_method ? term->left->text : query_function(q, term);
        if (str_equal(name, STR("desc")))
            order->order = ORDER_DESCENDING;
        else if (str_equal(name, STR("asc")))
            order->order = ORDER_ASCENDING;
        else if (str_equal(name, STR("nullslast")) || str_equal(name, STR("nulls_last")))
            order->nulls = NULLS_LAST;
        else if (str_equal(name, STR("nullsfirst")) || str_equal(name, STR("nulls_first")))
            order->nulls = NULLS_FIRST;
        else
            return term;
        term = is_method ? term->left->left : call_argument(term, 0, NULL);
    }
    return term;
}

/* "created_at", "created_at desc" */
static bool column_of_text(QueryDraft *draft, const PythonTerm *term, ColumnUse *use)
{
    Str text = str_trim(term->text);
    SortOrder order = ORDER_UNSPECIFIED;
    const Str descending = STR(" desc");
    if (str_ends_with_ignore_case(text, descending)) {
        order = ORDER_DESCENDING;
        text = str_trim(str_slice(text, 0, text.length - descending.length));
    }
    if (!query_own_column(draft, 0, text, term->text_place, use))
        return false;
    use->order = order;
    return true;
}

void query_order_by(Queries *q, QueryDraft *draft, const PythonTerm *term)
{
    ColumnUse order = {.table = NO_TABLE_USE, .other_table = NO_TABLE_USE, .place = term->place};
    const PythonTerm *what = without_order(q, term, &order);
    ColumnUse use;
    bool is_text = what && what->kind == TERM_STRING;
    if (what && query_column(q, draft, what, &use)) {
        use.order = order.order;
        use.nulls = order.nulls;
    } else if (is_text && column_of_text(draft, what, &use)) {
        if (order.order != ORDER_UNSPECIFIED)
            use.order = order.order;
    } else { /* by something else, of which nothing is known */
        use = order;
        use.is_wrapped = true;
        (void)query_value(q, what);
    }
    if (draft->query.orders.n < FILTERS_MAX)
        VEC_PUSH(q->out, &draft->query.orders, use);
}

void query_group_by(Queries *q, QueryDraft *draft, const PythonTerm *term)
{
    ColumnUse use;
    draft->query.has_group_by = true;
    if (query_column(q, draft, term, &use)) {
        if (draft->query.groups.n < FILTERS_MAX)
            VEC_PUSH(q->out, &draft->query.groups, use);
    } else {
        (void)query_value(q, term);
    }
}
