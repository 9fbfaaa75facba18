/* What terms stand for: queries, their rows, objects. */
#include "frontends/python/queries.h"

#define IS_AMONG(name, names) str_is_among((name), (names), sizeof(names) / sizeof *(names))

static const PythonTerm *root_of(const PythonTerm *term)
{
    while (term && (term->kind == TERM_ATTRIBUTE || term->kind == TERM_CALL ||
                    term->kind == TERM_SUBSCRIPT))
        term = term->left;
    return term;
}

bool query_is_hidden(const Queries *q, const PythonTerm *term)
{
    const PythonTerm *root = root_of(term);
    return root && root->kind == TERM_NAME && map_get(q->names, root->text);
}

Str query_function(Queries *q, const PythonTerm *call)
{
    const PythonTerm *function = call->left;
    bool is_named = function && (function->kind == TERM_NAME || function->kind == TERM_ATTRIBUTE);
    if (!is_named || query_is_hidden(q, function))
        return (Str){0};
    return python_sqlalchemy_name(&q->link->scope, function);
}

/* What the module calls so. */
static Subject module_subject(Queries *q, const PythonTerm *term)
{
    LinkedTable *table = orm_table_of_term(q->link, term);
    if (!table)
        return (Subject){0};
    bool is_table = str_equal(term->text, STR("__table__"));
    Resolved resolved = python_resolve(&q->link->scope, term);
    LinkedClass *class = !is_table && resolved.kind == RESOLVED_CLASS
                             ? orm_class(q->link, resolved.definition)
                             : NULL;
    return (Subject){table, class && class->kind == CLASS_MAPPED ? class : NULL, {0}};
}

/* A plain name means the same all over the module, and is asked for again and again. */
static Subject known_subject(Queries *q, const PythonTerm *term)
{
    Subject *known = map_get(q->subjects, term->text);
    if (!known) {
        known = ARENA_NEW(q->out, Subject);
        *known = module_subject(q, term);
        map_set(q->out, q->subjects, term->text, known);
    }
    return *known;
}

bool query_subject(Queries *q, const PythonTerm *term, Subject *subject)
{
    if (!term || (term->kind != TERM_NAME && term->kind != TERM_ATTRIBUTE))
        return false;
    const Value *local = term->kind == TERM_NAME ? map_get(q->names, term->text) : NULL;
    if (local) {
        if (local->kind != VALUE_CLASS)
            return false;
        *subject = (Subject){local->class->table, local->class, local->alias};
        return true;
    }
    if (term->kind == TERM_ATTRIBUTE && query_is_hidden(q, term))
        return false;
    Subject found = term->kind == TERM_NAME ? known_subject(q, term) : module_subject(q, term);
    if (!found.table)
        return false;
    *subject = found;
    return true;
}

/* --- terms with nothing to say themselves --- */

static Value value_of_parts(Queries *q, const PythonTerm *term)
{
    bool is_conditional = term->kind == TERM_CONDITIONAL;
    bool is_choice = term->kind == TERM_BINARY &&
                     (str_equal(term->text, STR("and")) || str_equal(term->text, STR("or")));
    QueryLoop *loop = NULL;
    for (uint32_t i = 0; i < term->items.n; i++) {
        QueryLoop *item = query_value(q, term->items.items[i]).loop;
        loop = loop ? loop : item;
    }
    q->n_conditions += is_conditional;
    QueryLoop *left = query_value(q, term->left).loop;
    q->n_conditions += is_choice;
    QueryLoop *right = query_value(q, term->right).loop;
    q->n_conditions -= (uint32_t)is_choice + (uint32_t)is_conditional;
    return (Value){.loop = loop ? loop : left ? left : right};
}

enum { CLAUSES_MAX = 8 };

static Value value_of_comprehension(Queries *q, const PythonTerm *term)
{
    const QueryLoop *loops[CLAUSES_MAX];
    uint32_t n = 0, n_bound = q->bound.n, n_conditions = q->n_conditions;
    for (uint32_t i = 0; i < term->items.n && n < CLAUSES_MAX; i++) {
        const PythonTerm *clause = term->items.items[i];
        if (clause->kind == TERM_PAIR) {
            loops[n++] = query_enter(q, clause->left, clause->right);
        } else {
            (void)query_value(q, clause->left);
            q->n_conditions++; /* of what is behind it */
        }
    }
    (void)query_value(q, term->left);
    while (n > 0)
        query_leave(q, loops[--n]);
    q->n_conditions = n_conditions;
    query_unbind(q, n_bound);
    return (Value){.loop = q->loop};
}

/* --- calls --- */

void query_arguments(Queries *q, const PythonTerm *call, uint32_t first)
{
    for (uint32_t i = first; i < call->items.n; i++)
        (void)query_value(q, call->items.items[i]);
}

/* func.count() */
static bool is_sql_function(const PythonTerm *term)
{
    const PythonTerm *function = term->kind == TERM_CALL ? term->left : NULL;
    return function && function->kind == TERM_ATTRIBUTE && function->left &&
           str_equal(function->left->text, STR("func"));
}

/* session.query(…), select(…): the arguments are what is selected. */
static Value start_select(Queries *q, const PythonTerm *call, const PythonTerm *session)
{
    QueryDraft *draft = query_draft(q, QUERY_SELECT, call->place);
    PythonTermVec items = call->items;
    bool is_list = items.n == 1 && items.items[0]->kind == TERM_LIST; /* 1.x: select([…]) */
    if (is_list)
        items = items.items[0]->items;
    for (uint32_t i = 0; i < items.n; i++)
        query_select(q, draft, items.items[i]);
    if (session)
        draft->session = python_text(session->place);
    /* select(func.count()).select_from(User) has its tables later. */
    bool is_sql = !session;
    for (uint32_t i = 0; i < items.n && !is_sql; i++)
        is_sql = is_sql_function(items.items[i]);
    if (draft->subjects.n > 0 || is_sql)
        return query_itself(draft);
    draft->is_used = true;
    return (Value){0};
}

static Value start_write(Queries *q, QueryKind kind, const PythonTerm *call,
                         const PythonTerm *target)
{
    Subject subject;
    if (!query_subject(q, target, &subject))
        return value_of_parts(q, call);
    QueryDraft *draft = query_draft(q, kind, call->place);
    (void)query_table(q, draft, subject, JOIN_NONE, target->place);
    draft->query.tables.items[0].is_target = true;
    draft->query.target_place = call->place;
    if (kind == QUERY_INSERT)
        draft->query.inserts_values = true;
    /* A class that shares its table is told apart by a condition of its own. */
    draft->query.has_where = subject.class && subject.class->shares_table;
    return query_itself(draft);
}

static Value start_alias(Queries *q, const PythonTerm *call)
{
    Subject subject;
    if (!query_subject(q, call_argument(call, 0, "element"), &subject) || !subject.class)
        return (Value){0};
    Str alias =
        str_format(q->out, STR_FMT "_%u", STR_ARG(subject.table->name.text), ++q->n_aliases);
    return (Value){.kind = VALUE_CLASS, .class = subject.class, .alias = alias};
}

/* A function of SQLAlchemy's; false where it is none that starts something. */
static bool start(Queries *q, const PythonTerm *call, Value *value)
{
    static const char *const names[] = {"select", "delete",  "update",
                                        "insert", "aliased", "exists"};
    bool is_other = call->left->kind == TERM_ATTRIBUTE && !IS_AMONG(call->left->text, names);
    Str name = is_other ? (Str){0} : query_function(q, call);
    if (str_is_absent(name))
        return false;
    if (str_equal(name, STR("select")))
        *value = start_select(q, call, NULL);
    else if (str_equal(name, STR("delete")))
        *value = start_write(q, QUERY_DELETE, call, call_argument(call, 0, "table"));
    else if (str_equal(name, STR("update")))
        *value = start_write(q, QUERY_UPDATE, call, call_argument(call, 0, "table"));
    else if (str_equal(name, STR("insert")))
        *value = start_write(q, QUERY_INSERT, call, call_argument(call, 0, "table"));
    else if (str_equal(name, STR("aliased")))
        *value = start_alias(q, call);
    else if (str_equal(name, STR("exists")))
        *value = start_select(q, call, NULL);
    else
        return false;
    return true;
}

/* table.select(), table.delete() of Core. */
static bool start_at_table(Queries *q, const PythonTerm *call, Value *value)
{
    static const struct {
        Str name;
        QueryKind kind;
    } known[] = {{STR_INIT("select"), QUERY_SELECT},
                 {STR_INIT("delete"), QUERY_DELETE},
                 {STR_INIT("update"), QUERY_UPDATE},
                 {STR_INIT("insert"), QUERY_INSERT}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        Subject subject;
        if (!str_equal(call->left->text, known[i].name))
            continue;
        if (!query_subject(q, call->left->left, &subject) || subject.class)
            return false;
        *value = start_write(q, known[i].kind, call, call->left->left);
        if (known[i].kind == QUERY_SELECT) {
            value->draft->query.tables.items[0].is_target = false;
            VEC_PUSH(q->out, &value->draft->selected, (LinkedClass *)NULL);
        }
        for (uint32_t k = 0; k < call->items.n && known[i].kind != QUERY_INSERT; k++) {
            const PythonTerm *item = call->items.items[k]; /* 1.x: delete(condition) */
            if (item->kind != TERM_KEYWORD)
                query_condition(q, value->draft, item);
            else if (str_equal(item->text, STR("whereclause")))
                query_condition(q, value->draft, item->left);
        }
        return true;
    }
    return false;
}

/* session.execute(statement) and its kin. */
static bool run_statement(Queries *q, const PythonTerm *call, Value *value)
{
    static const char *const many[] = {"execute", "stream", "exec", "paginate"};
    static const char *const objects[] = {"scalars", "stream_scalars"};
    static const char *const one[] = {"scalar", "first_or_404", "one_or_404"};
    Str name = call->left->text;
    bool gives_one = IS_AMONG(name, one), gives_objects = IS_AMONG(name, objects);
    if (!gives_one && !gives_objects && !IS_AMONG(name, many))
        return false;
    const PythonTerm *statement = call_argument(call, 0, NULL);
    Value given = query_value(q, statement ? statement : call_argument(call, 0, "statement"));
    query_arguments(q, call, 1);
    *value = (Value){0};
    if (given.kind != VALUE_QUERY)
        return true;
    QueryDraft *draft = query_derive(q, given.draft, given.draft->query.place);
    draft->session = python_text(call->left->left->place);
    /* execute(update(Model), rows): each row by its key */
    draft->query.has_where |= draft->query.kind == QUERY_UPDATE && call->items.n > 1;
    query_run(q, draft, true);
    *value = gives_one ? query_object(draft) : query_rows(draft);
    /* A row holds one object, or is one, with SQLModel. */
    bool is_tuple = str_equal(name, STR("execute")) || str_equal(name, STR("stream"));
    if (is_tuple)
        value->class = NULL;
    return true;
}

/* session.get(Model, key) */
static bool get_by_key(Queries *q, const PythonTerm *call, Value *value)
{
    static const char *const names[] = {"get", "get_one", "get_or_404"};
    Subject subject;
    const PythonTerm *entity = call_argument(call, 0, "entity");
    const PythonTerm *key = call_argument(call, 1, "ident");
    if (!IS_AMONG(call->left->text, names) || !key || !query_subject(q, entity, &subject) ||
        !subject.class)
        return false;
    QueryDraft *draft = query_draft(q, QUERY_SELECT, call->place);
    draft->session = python_text(call->left->left->place);
    query_select(q, draft, entity);
    query_by_key(q, draft, key, call->place);
    *value = query_object(draft);
    return true;
}

static Value method_of_rows(Queries *q, Value rows, const PythonTerm *call)
{
    static const char *const same[] = {"all",    "unique",    "fetchall",   "partitions", "scalars",
                                       "tuples", "yield_per", "iter_pages", "fetchmany"};
    static const char *const one[] = {
        "first", "one", "one_or_none", "scalar", "scalar_one", "scalar_one_or_none", "fetchone"};
    Str name = call->left->text;
    query_arguments(q, call, 0);
    bool is_result = rows.draft && !rows.relation;
    if (is_result && str_equal(name, STR("scalars")))
        return query_rows(rows.draft);
    if (is_result && IS_AMONG(name, same))
        return rows;
    if (is_result && IS_AMONG(name, one) && rows.draft->selected.n == 1)
        return query_object(rows.draft);
    return (Value){.loop = rows.loop};
}

static Value value_of_method(Queries *q, const PythonTerm *call)
{
    const PythonTerm *callee = call->left;
    Value object = query_value(q, callee->left);
    if (object.kind == VALUE_QUERY)
        return query_method(q, object.draft, call);
    if (object.kind == VALUE_ROWS)
        return method_of_rows(q, object, call);
    Value value = {0};
    query_note_session(q, call);
    if (object.kind != VALUE_OBJECT) {
        bool is_query = str_equal(callee->text, STR("query")) && call->items.n > 0;
        if (is_query)
            value = start_select(q, call, callee->left);
        if (value.kind == VALUE_QUERY)
            return value;
        if (!is_query && (run_statement(q, call, &value) || get_by_key(q, call, &value)))
            return value;
    }
    query_arguments(q, call, 0);
    return (Value){.loop = object.loop};
}

/* list(query) runs it; sorted(rows) are the same rows. */
static bool is_passed_on(Queries *q, const PythonTerm *call, Value *value)
{
    static const char *const names[] = {"list", "tuple",    "set",      "sorted",
                                        "iter", "reversed", "enumerate"};
    const PythonTerm *function = call->left;
    if (!function || function->kind != TERM_NAME || !IS_AMONG(function->text, names) ||
        map_get(q->names, function->text) || call->items.n == 0)
        return false;
    *value = query_value(q, call->items.items[0]);
    query_arguments(q, call, 1);
    if (value->kind == VALUE_QUERY) {
        query_run(q, value->draft, true);
        *value = query_rows(value->draft);
    }
    if (value->kind != VALUE_ROWS)
        *value = (Value){.loop = value->loop};
    value->is_counted |= str_equal(function->text, STR("enumerate"));
    return true;
}

/* model_query(context, Instance): a function of the project's that makes a query of the one class
 * it is given. What it adds is not known. */
static bool start_by_helper(Queries *q, const PythonTerm *call, Value *value)
{
    const PythonTerm *given = NULL;
    Subject subject;
    bool is_named = call->left->kind == TERM_NAME || call->left->kind == TERM_ATTRIBUTE;
    if (!is_named || !str_contains(call->left->text, STR("query")))
        return false;
    for (uint32_t i = 0; i < call->items.n; i++) {
        const PythonTerm *item = call->items.items[i];
        if (!query_subject(q, item, &subject) || !subject.class)
            continue;
        if (given)
            return false;
        given = item;
    }
    if (!given)
        return false;
    QueryDraft *draft = query_draft(q, QUERY_SELECT, call->place);
    query_select(q, draft, given);
    draft->query.is_partial = draft->query.has_where = true;
    draft->is_loading_unknown = draft->is_selected_unknown = true;
    query_arguments(q, call, 0);
    *value = query_itself(draft);
    return true;
}

static Value value_of_call(Queries *q, const PythonTerm *call)
{
    Value value = {0};
    if (!call->left)
        return value_of_parts(q, call);
    bool is_method = call->left->kind == TERM_ATTRIBUTE;
    if (is_method && start_at_table(q, call, &value))
        return value;
    if (start(q, call, &value) || is_passed_on(q, call, &value))
        return value;
    bool is_session = is_method && str_equal(call->left->text, STR("query"));
    if (!is_session && start_by_helper(q, call, &value))
        return value;
    return is_method ? value_of_method(q, call) : value_of_parts(q, call);
}

/* --- attributes --- */

/* Model.query of Flask-SQLAlchemy, or of a scoped session's query_property(). */
static bool is_class_query(Queries *q, const PythonTerm *term, Subject *subject)
{
    LinkedClass *found_in = NULL;
    return str_equal(term->text, STR("query")) && query_subject(q, term->left, subject) &&
           subject->class && str_is_absent(subject->alias) &&
           !map_get(&subject->table->attributes, STR("query")) &&
           !(orm_class_attribute(subject->class, "query", &found_in) && found_in &&
             found_in->kind == CLASS_MAPPED);
}

static Value value_of_attribute(Queries *q, const PythonTerm *term)
{
    Subject subject;
    if (is_class_query(q, term, &subject)) {
        QueryDraft *draft = query_draft(q, QUERY_SELECT, term->place);
        query_select(q, draft, term->left);
        return query_itself(draft);
    }
    Value object = query_value(q, term->left);
    bool is_page = object.kind == VALUE_ROWS && !object.relation &&
                   str_equal(term->text, STR("items")); /* of paginate() */
    if (is_page)
        return object;
    if (object.kind == VALUE_OBJECT && object.class)
        return query_read_attribute(q, object, term);
    return (Value){.loop = object.loop};
}

static Value value_of_subscript(Queries *q, const PythonTerm *term)
{
    Value value = query_value(q, term->left);
    bool is_slice = term->items.n == 1 && term->items.items[0]->kind == TERM_OTHER;
    for (uint32_t i = 0; i < term->items.n; i++)
        (void)query_value(q, term->items.items[i]);
    if (value.kind == VALUE_QUERY) { /* query[5:10]: a limit */
        QueryDraft *draft = query_derive(q, value.draft, term->place);
        draft->query.has_limit = true;
        query_run(q, draft, true);
        return is_slice ? query_rows(draft) : query_object(draft);
    }
    if (value.kind == VALUE_ROWS && is_slice && !value.relation)
        return value;
    return (Value){.loop = value.loop};
}

Value query_value(Queries *q, const PythonTerm *term)
{
    if (!term || queries_are_spent(q))
        return (Value){0};
    switch (term->kind) {
    case TERM_NAME: {
        const Value *value = map_get(q->names, term->text);
        return value ? *value : (Value){0};
    }
    case TERM_CALL:
        return value_of_call(q, term);
    case TERM_ATTRIBUTE:
        return value_of_attribute(q, term);
    case TERM_SUBSCRIPT:
        return value_of_subscript(q, term);
    case TERM_COMPREHENSION:
        return value_of_comprehension(q, term);
    case TERM_LAMBDA: /* runs later, if at all */
        return (Value){0};
    case TERM_OTHER:
    case TERM_KEYWORD:
    case TERM_SPLAT:
    case TERM_DOUBLE_SPLAT:
    case TERM_STRING:
    case TERM_FORMATTED:
    case TERM_NUMBER:
    case TERM_TRUE:
    case TERM_FALSE:
    case TERM_NONE:
    case TERM_LIST:
    case TERM_TUPLE:
    case TERM_SET:
    case TERM_DICT:
    case TERM_PAIR:
    case TERM_UNARY:
    case TERM_BINARY:
    case TERM_COMPARISON:
    case TERM_CONDITIONAL:
        return value_of_parts(q, term);
    }
    return (Value){0};
}
