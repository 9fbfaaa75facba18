/* What the methods of Query, Select, Update and Delete add to a query, and which of them run it. */
#include "frontends/python/queries.h"

enum { NAMES_MAX = 64, DRAFTS_MAX = 5000 };

/* --- drafts --- */

QueryDraft *query_draft(Queries *q, QueryKind kind, Place place)
{
    QueryDraft *draft = ARENA_NEW(q->out, QueryDraft);
    draft->query.kind = kind;
    draft->query.place = place;
    draft->query.in_program = true;
    draft->newest = NO_TABLE_USE;
    if (q->function)
        draft->query.function = q->function->name.text;
    if (q->drafts.n < DRAFTS_MAX)
        VEC_PUSH(q->out, &q->drafts, draft);
    return draft;
}

/* A list that two drafts share is copied by whoever adds to it. */
#define UNSHARE(q, vec) ((vec).capacity = (vec).n, (q)->steps += (vec).n / 8)

QueryDraft *query_derive(Queries *q, QueryDraft *draft, Place place)
{
    if (draft->is_bound) {
        QueryDraft *copy = query_draft(q, draft->query.kind, place);
        draft->is_used = true;
        *copy = *draft;
        copy->is_used = copy->is_bound = false;
        Query *query = &copy->query;
        UNSHARE(q, query->tables);
        UNSHARE(q, query->filters);
        UNSHARE(q, query->joins);
        UNSHARE(q, query->groups);
        UNSHARE(q, query->orders);
        UNSHARE(q, query->outputs);
        UNSHARE(q, query->written_columns);
        UNSHARE(q, query->subqueries);
        UNSHARE(q, copy->subjects);
        UNSHARE(q, copy->selected);
        UNSHARE(q, copy->loaded);
        draft = copy;
    }
    draft->query.place = place;
    return draft;
}

Value query_itself(QueryDraft *draft)
{
    return (Value){.kind = VALUE_QUERY, .draft = draft};
}

Value query_rows(QueryDraft *draft)
{
    Value rows = {.kind = VALUE_ROWS, .draft = draft};
    if (draft->selected.n == 1 && !draft->is_selected_unknown)
        rows.class = draft->selected.items[0];
    return rows;
}

Value query_object(QueryDraft *draft)
{
    Value object = query_rows(draft);
    object.kind = object.class ? VALUE_OBJECT : VALUE_UNKNOWN;
    return object;
}

void query_run(Queries *q, QueryDraft *draft, bool is_complete)
{
    if (draft->is_used)
        return;
    draft->is_used = true;
    if (draft->subjects.n == 0)
        return;
    Query *query = ARENA_NEW(q->out, Query);
    *query = draft->query;
    query->is_partial |= !is_complete;
    query->has_where |= query->is_partial;
    query->inside_loop = q->loop_depth > 0;
    VEC_PUSH(q->out, &q->link->declared->queries, query);
    if (is_complete)
        query_note_loop(q, draft, query);
    Value rows = query_rows(draft);
    if (query->kind == QUERY_SELECT && rows.class && !draft->limit)
        VEC_PUSH(q->out, &q->known, rows.class);
}

/* --- by key --- */

void query_by_key(Queries *q, QueryDraft *draft, const PythonTerm *key, Place place)
{
    Value value = query_value(q, key);
    const LinkedTable *table = draft->subjects.n ? draft->subjects.items[0].table : NULL;
    for (uint32_t i = 0; table && i < table->columns.n; i++) {
        const LinkedColumn *column = &table->columns.items[i];
        if (!column->column.is_primary_key)
            continue;
        ColumnUse use = {.table = 0,
                         .other_table = NO_TABLE_USE,
                         .column = {column->column.column.name.text, place},
                         .comparison = COMPARE_EQUAL,
                         .place = place};
        VEC_PUSH(q->out, &draft->query.filters, use);
    }
    draft->query.has_where = true;
    draft->limit = 1;
    if (value.loop)
        draft->loop = value.loop;
    draft->query.place = place;
    query_run(q, draft, true);
}

/* --- what comes along --- */

/* Every name in options(…): joinedload(User.posts).selectinload(Post.tags), "posts.tags". */
static void note_loaded(Queries *q, QueryDraft *draft, const PythonTerm *term)
{
    if (!term || queries_are_spent(q))
        return;
    Str name = {0};
    if (term->kind == TERM_ATTRIBUTE) {
        name = term->text;
    } else if (term->kind == TERM_STRING) {
        name = term->text;
        draft->is_loading_unknown |= str_equal(name, STR("*")) || str_contains(name, STR("."));
    } else if (term->kind == TERM_NAME) {
        /* A class within Load(User); anything else may hold any option. */
        Subject subject;
        Value value = query_value(q, term);
        draft->is_loading_unknown |= value.kind != VALUE_CLASS && !query_subject(q, term, &subject);
        return;
    } else if (term->kind != TERM_CALL) {
        draft->is_loading_unknown = true;
        return;
    }
    if (!str_is_absent(name) && draft->loaded.n < NAMES_MAX)
        VEC_PUSH(q->out, &draft->loaded, name);
    else if (draft->loaded.n >= NAMES_MAX)
        draft->is_loading_unknown = true;
    if (term->kind == TERM_CALL) {
        bool is_method = term->left && term->left->kind == TERM_ATTRIBUTE && term->left->left &&
                         term->left->left->kind == TERM_CALL;
        if (is_method)
            note_loaded(q, draft, term->left->left);
        else
            draft->is_loading_unknown |= str_is_absent(query_function(q, term));
        for (uint32_t i = 0; i < term->items.n; i++) {
            const PythonTerm *item = term->items.items[i];
            if (item->kind != TERM_KEYWORD)
                note_loaded(q, draft, item);
        }
    }
}

/* --- methods --- */

typedef enum {
    METHOD_UNKNOWN,
    METHOD_SAME, /* nothing that a fact holds */
    METHOD_FILTER,
    METHOD_FILTER_BY,
    METHOD_ORDER_BY,
    METHOD_GROUP_BY,
    METHOD_DISTINCT,
    METHOD_LIMIT,
    METHOD_JOIN,
    METHOD_OUTER_JOIN,
    METHOD_SELECT_FROM,
    METHOD_OPTIONS,
    METHOD_LOCK,
    METHOD_VALUES,
    METHOD_NESTED, /* a subquery of whoever takes it */
    METHOD_RESELECT,
    METHOD_ALL, /* from here on it is run */
    METHOD_PAGE,
    METHOD_FIRST,
    METHOD_ONE,
    METHOD_GET,
    METHOD_COUNT,
    METHOD_UPDATE,
    METHOD_DELETE,
} Method;

static Method method_of(Str name)
{
    static const struct {
        Str name;
        Method method;
    } known[] = {
        {STR_INIT("filter"), METHOD_FILTER},
        {STR_INIT("where"), METHOD_FILTER},
        {STR_INIT("filter_by"), METHOD_FILTER_BY},
        {STR_INIT("having"), METHOD_SAME},
        {STR_INIT("order_by"), METHOD_ORDER_BY},
        {STR_INIT("group_by"), METHOD_GROUP_BY},
        {STR_INIT("distinct"), METHOD_DISTINCT},
        {STR_INIT("limit"), METHOD_LIMIT},
        {STR_INIT("slice"), METHOD_LIMIT},
        {STR_INIT("fetch"), METHOD_LIMIT},
        {STR_INIT("join"), METHOD_JOIN},
        {STR_INIT("outerjoin"), METHOD_OUTER_JOIN},
        {STR_INIT("select_from"), METHOD_SELECT_FROM},
        {STR_INIT("options"), METHOD_OPTIONS},
        {STR_INIT("values"), METHOD_VALUES},
        {STR_INIT("subquery"), METHOD_NESTED},
        {STR_INIT("scalar_subquery"), METHOD_NESTED},
        {STR_INIT("as_scalar"), METHOD_NESTED},
        {STR_INIT("cte"), METHOD_NESTED},
        {STR_INIT("alias"), METHOD_NESTED},
        {STR_INIT("exists"), METHOD_NESTED},
        {STR_INIT("label"), METHOD_NESTED},
        {STR_INIT("with_entities"), METHOD_RESELECT},
        {STR_INIT("with_only_columns"), METHOD_RESELECT},
        {STR_INIT("add_columns"), METHOD_RESELECT},
        {STR_INIT("add_entity"), METHOD_RESELECT},
        {STR_INIT("all"), METHOD_ALL},
        {STR_INIT("paginate"), METHOD_PAGE},
        {STR_INIT("first"), METHOD_FIRST},
        {STR_INIT("first_or_404"), METHOD_FIRST},
        {STR_INIT("one"), METHOD_ONE},
        {STR_INIT("one_or_none"), METHOD_ONE},
        {STR_INIT("one_or_404"), METHOD_ONE},
        {STR_INIT("scalar"), METHOD_ONE},
        {STR_INIT("get"), METHOD_GET},
        {STR_INIT("get_or_404"), METHOD_GET},
        {STR_INIT("count"), METHOD_COUNT},
        {STR_INIT("update"), METHOD_UPDATE},
        {STR_INIT("delete"), METHOD_DELETE},
        {STR_INIT("offset"), METHOD_SAME},
        {STR_INIT("with_for_update"), METHOD_LOCK},
        {STR_INIT("execution_options"), METHOD_SAME},
        {STR_INIT("populate_existing"), METHOD_SAME},
        {STR_INIT("yield_per"), METHOD_SAME},
        {STR_INIT("autoflush"), METHOD_SAME},
        {STR_INIT("enable_eagerloads"), METHOD_SAME},
        {STR_INIT("correlate"), METHOD_SAME},
        {STR_INIT("returning"), METHOD_SAME},
        {STR_INIT("with_hint"), METHOD_SAME},
        {STR_INIT("params"), METHOD_SAME},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_equal(name, known[i].name))
            return known[i].method;
    }
    return METHOD_UNKNOWN;
}

static void add_limit(Queries *q, QueryDraft *draft, const PythonTerm *call, bool is_limit)
{
    uint32_t limit = 0;
    const PythonTerm *given = call_argument(call, 0, "limit");
    if (given && given->kind == TERM_NONE)
        return; /* limit(None) takes one away */
    draft->query.has_limit = true;
    draft->limit = is_limit && term_unsigned(&q->link->scope, given, &limit) ? limit : 0;
    query_arguments(q, call, 0);
}

static void add_each(Queries *q, QueryDraft *draft, const PythonTerm *call,
                     void (*add)(Queries *, QueryDraft *, const PythonTerm *))
{
    for (uint32_t i = 0; i < call->items.n; i++) {
        const PythonTerm *item = call->items.items[i];
        if (item->kind == TERM_SPLAT || item->kind == TERM_DOUBLE_SPLAT)
            draft->query.is_partial = true;
        add(q, draft, item);
    }
}

static void add_table(Queries *q, QueryDraft *draft, const PythonTerm *term)
{
    Subject subject;
    if (query_subject(q, term, &subject))
        draft->newest = query_table(q, draft, subject, JOIN_COMMA, term->place);
    else
        (void)query_value(q, term);
}

static void add_written(Queries *q, QueryDraft *draft, const PythonTerm *key)
{
    ColumnUse use;
    Name name = {0};
    if (query_column(q, draft, key, &use))
        name = use.column;
    else if (key && key->kind == TERM_STRING &&
             query_own_column(draft, 0, key->text, key->text_place, &use))
        name = use.column;
    if (!name_is_absent(name) && draft->query.written_columns.n < NAMES_MAX)
        VEC_PUSH(q->out, &draft->query.written_columns, name);
}

void query_written(Queries *q, QueryDraft *draft, const PythonTerm *call)
{
    for (uint32_t i = 0; i < call->items.n; i++) {
        const PythonTerm *item = call->items.items[i];
        ColumnUse use;
        if (item->kind == TERM_KEYWORD) {
            if (query_own_column(draft, 0, item->text, item->text_place, &use))
                VEC_PUSH(q->out, &draft->query.written_columns, use.column);
            (void)query_value(q, item->left);
            continue;
        }
        for (uint32_t k = 0; item->kind == TERM_DICT && k < item->items.n; k++) {
            const PythonTerm *pair = item->items.items[k];
            if (pair->kind == TERM_PAIR)
                add_written(q, draft, pair->left);
            (void)query_value(q, pair->kind == TERM_PAIR ? pair->right : pair->left);
        }
        if (item->kind != TERM_DICT)
            (void)query_value(q, item);
    }
}

/* query.update({…}), query.delete(): of the first table. */
static Value write(Queries *q, QueryDraft *draft, QueryKind kind, const PythonTerm *call)
{
    draft->query.kind = kind;
    draft->query.outputs = (OutputColumnVec){0};
    draft->query.target_place = call->place;
    draft->query.tables.items[0].is_target = true;
    draft->query.has_from = draft->subjects.n > 1;
    const Subject *subject = &draft->subjects.items[0];
    draft->query.has_where |= subject->class && subject->class->shares_table;
    if (kind == QUERY_UPDATE)
        query_written(q, draft, call);
    query_run(q, draft, true);
    return (Value){0};
}

static Value add(Queries *q, QueryDraft *draft, Method method, const PythonTerm *call)
{
    switch (method) {
    case METHOD_SAME:
        query_arguments(q, call, 0);
        break;
    case METHOD_FILTER:
        add_each(q, draft, call, query_condition);
        break;
    case METHOD_FILTER_BY:
        query_filter_by(q, draft, call);
        break;
    case METHOD_ORDER_BY:
        if (call->items.n == 1 && call->items.items[0]->kind == TERM_NONE)
            draft->query.orders.n = draft->query.orders.capacity = 0;
        else
            add_each(q, draft, call, query_order_by);
        break;
    case METHOD_GROUP_BY:
        add_each(q, draft, call, query_group_by);
        break;
    case METHOD_DISTINCT:
        draft->query.has_distinct = true;
        break;
    case METHOD_LIMIT:
        add_limit(q, draft, call, str_equal(call->left->text, STR("limit")));
        break;
    case METHOD_JOIN:
    case METHOD_OUTER_JOIN:
        query_join(q, draft, call, method == METHOD_OUTER_JOIN);
        break;
    case METHOD_SELECT_FROM:
        add_each(q, draft, call, add_table);
        break;
    case METHOD_OPTIONS:
        add_each(q, draft, call, note_loaded);
        break;
    case METHOD_VALUES:
        query_written(q, draft, call);
        break;
    case METHOD_RESELECT:
        draft->is_selected_unknown = true;
        query_arguments(q, call, 0);
        break;
    case METHOD_NESTED:
        draft->is_used = true;
        break;
    case METHOD_LOCK:
        draft->is_locking = true;
        break;
    case METHOD_ALL: /* these run it: query_method */
    case METHOD_PAGE:
    case METHOD_FIRST:
    case METHOD_ONE:
    case METHOD_GET:
    case METHOD_COUNT:
    case METHOD_UPDATE:
    case METHOD_DELETE:
    case METHOD_UNKNOWN: /* of the project's own Query class: it may add anything */
        draft->query.is_partial = draft->query.has_where = true;
        draft->is_loading_unknown = draft->is_selected_unknown = true;
        query_arguments(q, call, 0);
        break;
    }
    return query_itself(draft);
}

Value query_method(Queries *q, QueryDraft *draft, const PythonTerm *call)
{
    Method method = method_of(call->left->text);
    draft = query_derive(q, draft, call->place);
    if (method < METHOD_ALL)
        return add(q, draft, method, call);
    if (draft->subjects.n == 0)
        return (Value){0};
    if (method == METHOD_UPDATE || method == METHOD_DELETE)
        return write(q, draft, method == METHOD_UPDATE ? QUERY_UPDATE : QUERY_DELETE, call);
    if (method == METHOD_GET) {
        query_by_key(q, draft, call_argument(call, 0, "ident"), call->place);
        return query_object(draft);
    }
    if (method == METHOD_FIRST || method == METHOD_PAGE) {
        draft->query.has_limit = true;
        draft->limit = method == METHOD_FIRST ? 1 : 0;
    }
    query_arguments(q, call, 0);
    query_run(q, draft, true);
    if (method == METHOD_COUNT)
        return (Value){0};
    bool gives_rows = method == METHOD_ALL || method == METHOD_PAGE;
    return gives_rows ? query_rows(draft) : query_object(draft);
}
