/* A program's functions, walked for what they ask the database.
 *
 * Statements run in order. Of two branches, what both leave to a name as it was is kept; a query
 * to which one of them added something is known to be that query, and maybe more. A loop's body is
 * walked once, with what it may change itself already taken for changed. */
#include "frontends/python/queries.h"

enum {
    STEPS_MAX = 200000, /* terms, statements and copied facts of one module */
    FUNCTION_DEPTH_MAX = 8,
    ROUND_MAX = 5, /* rows: so few that nobody minds a query for each */
};

bool queries_are_spent(Queries *q)
{
    return ++q->steps > STEPS_MAX;
}

/* --- names --- */

void query_bind(Queries *q, Str name, Value value)
{
    Value *kept = ARENA_NEW(q->out, Value);
    *kept = value;
    if (value.draft && value.kind == VALUE_QUERY)
        value.draft->is_bound = true;
    VEC_PUSH(q->out, &q->bound, ((QueryBinding){name, map_get(q->names, name)}));
    map_set(q->out, q->names, name, kept);
}

static void put_back(Queries *q, QueryBinding binding)
{
    if (binding.before)
        map_set(q->out, q->names, binding.name, binding.before);
    else
        (void)map_remove(q->names, binding.name);
}

void query_unbind(Queries *q, uint32_t n_bound)
{
    while (q->bound.n > n_bound)
        put_back(q, q->bound.items[--q->bound.n]);
}

void query_bind_unknown(Queries *q, const PythonTerm *target)
{
    if (!target || queries_are_spent(q))
        return;
    if (target->kind == TERM_NAME)
        query_bind(q, target->text, (Value){.loop = q->loop});
    bool is_list = target->kind == TERM_TUPLE || target->kind == TERM_LIST;
    for (uint32_t i = 0; is_list && i < target->items.n; i++)
        query_bind_unknown(q, target->items.items[i]);
    if (target->kind == TERM_SPLAT)
        query_bind_unknown(q, target->left);
}

/* Python's rule: a name that is assigned anywhere in a function is the function's own. */
static void bind_assigned(Queries *q, const PythonStatementVec *body)
{
    for (uint32_t i = 0; i < body->n && !queries_are_spent(q); i++) {
        const PythonStatement *s = body->items[i];
        if (s->kind == STATEMENT_ASSIGNMENT || s->kind == STATEMENT_FOR)
            query_bind_unknown(q, s->target);
        for (uint32_t k = 0; s->kind == STATEMENT_WITH && k < s->items.n; k++)
            query_bind_unknown(q, s->items.items[k]->target);
        if (s->kind == STATEMENT_CLASS || s->kind == STATEMENT_FUNCTION) {
            query_bind(q, s->definition->name.text, (Value){0});
            continue;
        }
        bind_assigned(q, &s->body);
        bind_assigned(q, &s->otherwise);
    }
}

/* --- branches --- */

typedef struct {
    Str name;
    Value *before, *after;
} Change;
typedef Vec(Change) ChangeVec;

/* What the names bound since `n_bound` stand for now; then they stand for what they did. */
static ChangeVec take_changes(Queries *q, uint32_t n_bound)
{
    ChangeVec changes = {0};
    StrMap seen = {0};
    for (uint32_t i = n_bound; i < q->bound.n; i++) {
        QueryBinding binding = q->bound.items[i]; /* the first one knows what was before */
        if (map_get(&seen, binding.name))
            continue;
        map_set(q->out, &seen, binding.name, q);
        VEC_PUSH(q->out, &changes,
                 ((Change){binding.name, binding.before, map_get(q->names, binding.name)}));
    }
    query_unbind(q, n_bound);
    return changes;
}

static void mark_used(const Value *value)
{
    if (value && value->kind == VALUE_QUERY)
        value->draft->is_used = true;
}

/* What may have been added to a query, or may not. */
static void bind_unsure(Queries *q, Str name, const Value *before, const Value *after)
{
    if (!before || before->kind != VALUE_QUERY) {
        query_bind(q, name, (Value){0});
        return;
    }
    mark_used(after);
    Value value = *before;
    value.draft = query_derive(q, before->draft, before->draft->query.place);
    value.draft->query.is_partial = true;
    query_bind(q, name, value);
}

static void apply(Queries *q, const ChangeVec *changes, bool is_sure)
{
    for (uint32_t i = 0; i < changes->n; i++) {
        const Change *change = &changes->items[i];
        if (is_sure && change->after)
            query_bind(q, change->name, *change->after);
        else
            bind_unsure(q, change->name, change->before, change->after);
    }
}

/* True where what is behind the statements is not reached through them. */
static bool walk(Queries *q, const PythonStatementVec *body);

static bool walk_branches(Queries *q, const PythonStatement *s)
{
    uint32_t n_bound = q->bound.n;
    q->n_conditions++;
    bool body_ends = walk(q, &s->body);
    ChangeVec in_body = take_changes(q, n_bound);
    bool otherwise_ends = walk(q, &s->otherwise);
    ChangeVec in_otherwise = take_changes(q, n_bound);
    q->n_conditions--;
    bool is_certain = body_ends != otherwise_ends;
    if (!body_ends)
        apply(q, &in_body, is_certain);
    if (!otherwise_ends)
        apply(q, &in_otherwise, is_certain);
    return body_ends && otherwise_ends;
}

/* What the body has changed is sure where no handler goes on behind it. */
static bool walk_try(Queries *q, const PythonStatement *s)
{
    uint32_t n_bound = q->bound.n;
    bool body_ends = walk(q, &s->body), goes_on = false;
    ChangeVec in_body = take_changes(q, n_bound), in_handlers = {0};
    q->n_conditions++;
    for (uint32_t i = 0; i < s->items.n; i++) {
        const PythonStatement *clause = s->items.items[i];
        bool ends = clause->kind != STATEMENT_EXCEPT || walk(q, &clause->body);
        ChangeVec changes = take_changes(q, n_bound);
        for (uint32_t k = 0; k < changes.n && !ends; k++)
            VEC_PUSH(q->out, &in_handlers, changes.items[k]);
        goes_on |= !ends;
    }
    q->n_conditions--;
    if (!body_ends)
        apply(q, &in_body, !goes_on);
    apply(q, &in_handlers, false);
    for (uint32_t i = 0; i < s->items.n; i++) { /* else, finally */
        if (s->items.items[i]->kind != STATEMENT_EXCEPT)
            body_ends |= walk(q, &s->items.items[i]->body);
    }
    query_note_try(q, s);
    return body_ends && !goes_on;
}

/* --- loops --- */

static bool ends_at_once(const PythonStatementVec *body)
{
    for (uint32_t i = 0; i < body->n; i++) {
        const PythonStatement *s = body->items[i];
        if (s->kind == STATEMENT_RETURN || s->kind == STATEMENT_RAISE || python_is_word(s, "break"))
            return true;
    }
    return false;
}

static void bind_target(Queries *q, QueryLoop *loop, const PythonTerm *target)
{
    const Value *rows = &loop->rows;
    query_bind_unknown(q, target);
    if (!target || rows->kind != VALUE_ROWS)
        return;
    if (rows->is_counted) { /* for i, row in enumerate(rows) */
        bool is_pair = target->kind == TERM_TUPLE && target->items.n == 2;
        target = is_pair ? target->items.items[1] : NULL;
    }
    Value object = {.kind = VALUE_OBJECT, .draft = rows->draft, .class = rows->class, .loop = loop};
    if (target && target->kind == TERM_NAME && rows->class)
        query_bind(q, target->text, object);
    bool is_row = target && target->kind == TERM_TUPLE && rows->draft && !rows->class &&
                  !rows->draft->is_selected_unknown && target->items.n == rows->draft->selected.n;
    for (uint32_t i = 0; is_row && i < target->items.n; i++) {
        object.class = rows->draft->selected.items[i];
        if (object.class && target->items.items[i]->kind == TERM_NAME)
            query_bind(q, target->items.items[i]->text, object);
    }
}

QueryLoop *query_enter(Queries *q, const PythonTerm *target, const PythonTerm *over)
{
    QueryLoop *loop = ARENA_NEW(q->out, QueryLoop);
    Value rows = query_value(q, over);
    if (rows.kind == VALUE_QUERY) { /* going over a query runs it */
        query_run(q, rows.draft, true);
        rows = query_rows(rows.draft);
    }
    q->loop_depth++;
    bool is_short = rows.draft && rows.draft->limit > 0 && rows.draft->limit <= ROUND_MAX;
    *loop = (QueryLoop){.outer = q->loop,
                        .rows = rows,
                        .condition = q->n_conditions,
                        .is_once = is_short && !rows.relation};
    if (over)
        loop->place = over->place;
    if (rows.kind == VALUE_ROWS)
        q->loop = loop;
    bind_target(q, loop, target);
    return loop;
}

void query_leave(Queries *q, const QueryLoop *loop)
{
    q->loop = loop->outer;
    q->loop_depth--;
}

static void walk_loop(Queries *q, const PythonStatement *s)
{
    uint32_t n_bound = q->bound.n;
    const PythonStatement *around = q->around;
    bool is_for = s->kind == STATEMENT_FOR;
    if (!is_for)
        (void)query_value(q, s->value);
    QueryLoop *loop = query_enter(q, s->target, is_for ? s->value : NULL);
    loop->is_once |= ends_at_once(&s->body);
    q->around = s;
    /* What the body changes is changed when it runs again. */
    uint32_t n_inside = q->bound.n;
    bind_assigned(q, &s->body);
    ChangeVec assigned = take_changes(q, n_inside);
    for (uint32_t i = 0; i < assigned.n; i++)
        bind_unsure(q, assigned.items[i].name, assigned.items[i].before, NULL);
    (void)walk(q, &s->body);
    q->around = around;
    query_leave(q, loop);
    ChangeVec changes = take_changes(q, n_bound);
    apply(q, &changes, false);
    (void)walk(q, &s->otherwise);
}

/* --- functions --- */

/* What nothing was done with may be run by whoever gets it. */
static void run_rest(Queries *q)
{
    for (uint32_t i = 0; i < q->drafts.n; i++) {
        if (!q->drafts.items[i]->is_used)
            query_run(q, q->drafts.items[i], false);
    }
}

/* self is an object of the class, cls the class itself. */
static void bind_parameters(Queries *q, const PythonDefinition *function)
{
    LinkedClass *class = function->outer ? orm_class(q->link, function->outer) : NULL;
    for (uint32_t i = 0; i < function->parameters.n; i++) {
        Str name = function->parameters.items[i].name.text;
        Value value = {0};
        bool is_mapped = i == 0 && class && class->kind == CLASS_MAPPED && class->table;
        if (is_mapped && str_equal(name, STR("self")))
            value = (Value){.kind = VALUE_OBJECT, .class = class};
        else if (is_mapped && str_equal(name, STR("cls")))
            value = (Value){.kind = VALUE_CLASS, .class = class};
        query_bind(q, name, value);
    }
}

static void walk_function(Queries *q, const PythonDefinition *function)
{
    if (!function->has_body || q->function_depth >= FUNCTION_DEPTH_MAX)
        return;
    Queries outer = *q;
    StrMap names = {0};
    for (MapEntry *e = map_next(outer.names, NULL); e && outer.function && !queries_are_spent(q);
         e = map_next(outer.names, e)) /* seen from within, as whatever they are by then */
        map_set(q->out, &names, e->key, ARENA_NEW(q->out, Value));
    q->names = &names;
    q->bound.items = NULL;
    q->bound.n = q->bound.capacity = 0;
    q->drafts = (QueryDraftVec){0};
    q->known = (LinkedClassVec){0};
    q->function = function;
    q->loop = NULL;
    q->around = NULL;
    q->loop_depth = q->n_conditions = 0;
    q->function_depth++;
    q->is_handler = query_is_handler(q, function);
    bind_assigned(q, &function->body);
    bind_parameters(q, function);
    (void)walk(q, &function->body);
    run_rest(q);
    uint32_t steps = q->steps, n_aliases = q->n_aliases;
    *q = outer;
    q->steps = steps;
    q->n_aliases = n_aliases;
}

/* A class's own statements declare; its functions may ask. */
static void walk_class(Queries *q, const PythonStatementVec *body)
{
    for (uint32_t i = 0; i < body->n && !queries_are_spent(q); i++) {
        const PythonStatement *s = body->items[i];
        if (s->kind == STATEMENT_FUNCTION)
            walk_function(q, s->definition);
        else if (s->kind == STATEMENT_CLASS)
            walk_class(q, &s->definition->body);
    }
}

/* --- statements --- */

static void walk_assignment(Queries *q, const PythonStatement *s)
{
    Value value = query_value(q, s->value);
    const PythonTerm *target = s->target;
    if (!target)
        return;
    if (target->kind == TERM_NAME) {
        bool is_known = value.kind != VALUE_UNKNOWN || value.loop;
        if (is_known || q->function)
            query_bind(q, target->text, value);
        return;
    }
    query_bind_unknown(q, target);
    if (target->kind == TERM_ATTRIBUTE || target->kind == TERM_SUBSCRIPT)
        (void)query_value(q, target->left); /* what is written to is not read */
}

static bool walk_statement(Queries *q, const PythonStatement *s)
{
    switch (s->kind) {
    case STATEMENT_ASSIGNMENT:
        walk_assignment(q, s);
        return false;
    case STATEMENT_TERM:
        query_note_commit(q, s);
        (void)query_value(q, s->value);
        return false;
    case STATEMENT_AUGMENTED:
        (void)query_value(q, s->value);
        if (q->function)
            query_bind_unknown(q, s->target);
        return false;
    case STATEMENT_RETURN:
    case STATEMENT_RAISE:
        (void)query_value(q, s->value);
        return true;
    case STATEMENT_IF:
        (void)query_value(q, s->value);
        return walk_branches(q, s);
    case STATEMENT_FOR:
    case STATEMENT_WHILE:
        walk_loop(q, s);
        return false;
    case STATEMENT_WITH:
        for (uint32_t i = 0; i < s->items.n; i++)
            walk_assignment(q, s->items.items[i]);
        return walk(q, &s->body);
    case STATEMENT_TRY:
        return walk_try(q, s);
    case STATEMENT_FUNCTION:
        walk_function(q, s->definition);
        return false;
    case STATEMENT_CLASS:
        walk_class(q, &s->definition->body);
        return false;
    case STATEMENT_OTHER:
        return python_is_word(s, "break") || python_is_word(s, "continue");
    case STATEMENT_EXCEPT: /* within a try */
    case STATEMENT_PASS:
        return false;
    }
    return false;
}

static bool walk(Queries *q, const PythonStatementVec *body)
{
    for (uint32_t i = 0; i < body->n && !queries_are_spent(q); i++) {
        if (walk_statement(q, body->items[i]))
            return true;
    }
    return false;
}

/* --- modules --- */

static void walk_module(Queries *q, const PythonModule *module)
{
    StrMap names = {0}, subjects = {0};
    Queries fresh = {.link = q->link,
                     .out = q->out,
                     .names = &names,
                     .subjects = &subjects,
                     .keeps_rows = q->keeps_rows,
                     .shared = q->shared,
                     .backrefs = q->backrefs};
    *q = fresh;
    q->link->scope.inside = NULL;
    (void)walk(q, &module->body);
    run_rest(q);
}

void orm_queries(Link *link)
{
    StrMap shared = {0}, backrefs = {0};
    Queries q = {.link = link, .out = link->out, .shared = &shared, .backrefs = &backrefs};
    query_find_backrefs(&q);
    const PythonProject *project = link->project;
    for (uint32_t i = 0; i < project->n_files; i++) {
        const PythonModule *module = project->files[i].module;
        q.keeps_rows |=
            module->may_query && str_contains(module->fragment->text, STR("expire_on_commit"));
    }
    for (uint32_t i = 0; i < project->n_files; i++) {
        if (project->files[i].module->may_query)
            walk_module(&q, project->files[i].module);
    }
}
