/* What a program does with rows and sessions that a rule may want to know. Facts only where the
 * text leaves no doubt: in every round of a loop over many rows, with a session that is seen. */
#include "frontends/python/queries.h"

#include <stdio.h>

enum {
    USES_MAX = 5000,
    BYTES_PER_STEP = 64, /* of text that is searched */
};

static void add_use(Queries *q, ProgramUse use)
{
    ProgramUseVec *uses = &q->link->declared->uses;
    if (uses->n < USES_MAX)
        VEC_PUSH(q->out, uses, use);
}

static bool is_in(const StrVec *names, Str name)
{
    for (uint32_t i = 0; i < names->n; i++) {
        if (str_equal(names->items[i], name))
            return true;
    }
    return false;
}

/* In every round of `loop`, of which there are many. */
static bool is_each_round(const Queries *q, const QueryLoop *loop)
{
    for (const QueryLoop *at = q->loop; at; at = at->outer) {
        if (at == loop)
            return !loop->is_once && q->n_conditions == loop->condition;
    }
    return false;
}

static const OrmModel *model_of(const LinkedClass *class)
{
    return class ? class->model : NULL;
}

/* --- relations that are read for each row --- */

static bool is_equal_on(const QueryDraft *draft, const LinkedTable *table, Str column)
{
    for (uint32_t i = 0; i < draft->query.filters.n; i++) {
        const ColumnUse *use = &draft->query.filters.items[i];
        if (use->table < draft->subjects.n && draft->subjects.items[use->table].table == table &&
            use->comparison == COMPARE_EQUAL && !use->is_in_disjunction &&
            (str_is_absent(column) || str_equal(use->column.text, column)))
            return true;
    }
    return false;
}

/* All rows refer to the same object: by a condition on the key, or on the other table. */
static bool is_one_target(const QueryDraft *draft, const LinkedTable *from, const LinkedTable *to)
{
    if (is_equal_on(draft, to, (Str){0}))
        return true;
    for (const ConstraintDef *key = orm_key_to(from, to, NULL); key;
         key = orm_key_to(from, to, key)) {
        if (key->parts.n > 0 && is_equal_on(draft, from, key->parts.items[0].column.text))
            return true;
    }
    return false;
}

/* The objects that a relation to one leads to are in the session already, as far as is seen. */
static bool is_at_hand(const Queries *q, Value object, const LinkedClass *target,
                       const OrmRelation *relation)
{
    const Value *rows = &object.loop->rows;
    if (rows->relation && (rows->owner == target || relation->inverse == rows->relation))
        return true;
    for (uint32_t i = 0; i < q->known.n; i++) {
        if (q->known.items[i] == target && target != object.class)
            return true;
    }
    return object.draft && is_one_target(object.draft, object.class->table, target->table);
}

static bool is_loaded_lazily(const OrmRelation *relation, const QueryDraft *draft)
{
    bool is_select = str_is_absent(relation->lazy) || str_equal(relation->lazy, STR("select"));
    if (!is_select || relation->is_partial)
        return false;
    return !draft->is_loading_unknown && !is_in(&draft->loaded, relation->name.text);
}

static void note_lazy_load(Queries *q, Value object, const LinkedClass *target,
                           const OrmRelation *relation, Place place)
{
    QueryLoop *loop = object.loop;
    /* An object of unknown origin, self, may have been loaded with all that belongs to it. */
    if (!loop || !object.draft || object.is_shared || !is_each_round(q, loop) ||
        !is_loaded_lazily(relation, object.draft))
        return;
    if (!relation->is_list && is_at_hand(q, object, target, relation))
        return;
    if (is_in(&loop->reported, relation->name.text))
        return;
    VEC_PUSH(q->out, &loop->reported, relation->name.text);
    bool is_key_here = orm_key_to(object.class->table, target->table, NULL);
    add_use(q, (ProgramUse){.kind = PROGRAM_LAZY_LOAD,
                            .place = place,
                            .related = loop->place,
                            .model = model_of(object.class),
                            .relation = relation,
                            .is_shared_target =
                                !relation->is_list && (is_key_here || relation->has_own_join)});
}

Value query_read_attribute(Queries *q, Value object, const PythonTerm *attribute)
{
    const OrmRelation *relation = query_relation(q, object.class, attribute->text);
    LinkedClass *target = relation ? query_target(q, relation) : NULL;
    bool is_query = relation && (str_equal(relation->lazy, STR("dynamic")) ||
                                 str_equal(relation->lazy, STR("write_only")));
    if (!target || is_query)
        return (Value){.loop = object.loop};
    note_lazy_load(q, object, target, relation, attribute->place);
    return (Value){.kind = relation->is_list ? VALUE_ROWS : VALUE_OBJECT,
                   .draft = object.draft,
                   .class = target,
                   .owner = object.class,
                   .relation = relation,
                   .loop = object.loop,
                   .is_shared = !relation->is_list};
}

/* --- queries for each row --- */

void query_note_loop(Queries *q, const QueryDraft *draft, const Query *query)
{
    const QueryLoop *loop = draft->loop;
    if (query->kind != QUERY_SELECT || draft->is_locking || !loop || !is_each_round(q, loop))
        return;
    add_use(q, (ProgramUse){.kind = PROGRAM_QUERY_IN_LOOP,
                            .place = query->place,
                            .related = loop->place,
                            .model = model_of(loop->rows.class),
                            .query = query});
}

/* --- sessions --- */

/* The object of a call object.name(); absent for anything else. */
static Str object_of_call(const PythonTerm *call, const char *name)
{
    bool is_call = call && call->kind == TERM_CALL && call->left &&
                   call->left->kind == TERM_ATTRIBUTE && call->left->left &&
                   str_equal(call->left->text, str_from(name));
    return is_call ? python_text(call->left->left->place) : (Str){0};
}

static bool is_called_session(Str text)
{
    return str_equal(text, STR("session")) || str_ends_with(text, STR(".session"));
}

void query_note_commit(Queries *q, const PythonStatement *statement)
{
    const PythonTerm *call = statement->value;
    /* Sessions of asyncio are made so that a commit keeps what was read: nothing else works. */
    if (str_starts_with(python_text(statement->place), STR("await")))
        return;
    Str session = object_of_call(call, "commit");
    const QueryLoop *loop = q->loop;
    if (str_is_absent(session) || !loop || !is_each_round(q, loop) || q->keeps_rows)
        return;
    const QueryDraft *draft = loop->rows.draft;
    if (!draft || loop->rows.relation || !loop->rows.class)
        return;
    bool is_same = str_is_absent(draft->session) ? is_called_session(session)
                                                 : str_equal(draft->session, session);
    if (is_same)
        add_use(q, (ProgramUse){.kind = PROGRAM_COMMIT_IN_LOOP,
                                .place = call->place,
                                .related = loop->place,
                                .name = session,
                                .model = model_of(loop->rows.class)});
}

/* --- errors that are passed over --- */

/* log.exception(…), print(…), errors.append(…): nothing that could roll back. */
static bool is_harmless_call(const PythonTerm *term)
{
    if (!term || term->kind != TERM_CALL || !term->left)
        return false;
    Str text = python_text(term->left->place);
    return str_equal(text, STR("print")) || str_ends_with(text, STR(".append")) ||
           str_starts_with(text, STR("log.")) || str_starts_with(text, STR("LOG.")) ||
           str_starts_with(text, STR("logger.")) || str_starts_with(text, STR("logging.")) ||
           str_contains(text, STR(".logger.")) || str_contains(text, STR(".log."));
}

static bool has_call(const PythonTerm *term, uint32_t depth)
{
    if (!term || depth > 16)
        return term != NULL;
    if (term->kind == TERM_CALL)
        return true;
    for (uint32_t i = 0; i < term->items.n; i++) {
        if (has_call(term->items.items[i], depth + 1))
            return true;
    }
    return has_call(term->left, depth + 1) || has_call(term->right, depth + 1);
}

static bool passes_over(const PythonStatementVec *body)
{
    for (uint32_t i = 0; i < body->n; i++) {
        const PythonStatement *s = body->items[i];
        bool is_harmless =
            s->kind == STATEMENT_PASS ||
            (s->kind == STATEMENT_TERM && (is_harmless_call(s->value) || !has_call(s->value, 0))) ||
            ((s->kind == STATEMENT_ASSIGNMENT || s->kind == STATEMENT_AUGMENTED) &&
             !has_call(s->value, 0)) ||
            python_is_word(s, "continue");
        if (!is_harmless)
            return false;
    }
    return true;
}

/* `except:`, `except IntegrityError as e:`: what a flush raises. */
static bool catches_database_errors(const PythonStatement *clause)
{
    static const Str names[] = {STR_INIT("Exception"),        STR_INIT("SQLAlchemyError"),
                                STR_INIT("IntegrityError"),   STR_INIT("DBAPIError"),
                                STR_INIT("OperationalError"), STR_INIT("DatabaseError")};
    Range range = clause->place.range;
    if (clause->body.n > 0)
        range.end = clause->body.items[0]->place.range.start;
    Str head = str_slice(clause->place.fragment->text, range.start, range.end);
    Str behind = str_trim(str_slice(head, sizeof "except" - 1, head.length));
    if (str_starts_with(behind, STR(":")))
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_contains(head, names[i]))
            return true;
    }
    return false;
}

static bool has_word(Str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_contains(text, str_from(words[i])))
            return true;
    }
    return false;
}

/* True where each round has a session of its own. */
static bool is_made_within(Queries *q, const PythonStatement *loop, Str session)
{
    char pattern[160];
    Str text = python_text(loop->place);
    q->steps += text.length / BYTES_PER_STEP;
    if (session.length > 100 || queries_are_spent(q))
        return true;
    int n = snprintf(pattern, sizeof pattern, STR_FMT " = ", STR_ARG(session));
    if (str_contains(text, str_of(pattern, (size_t)n)))
        return true;
    n = snprintf(pattern, sizeof pattern, "as " STR_FMT, STR_ARG(session));
    return str_contains(text, str_of(pattern, (size_t)n));
}

void query_note_try(Queries *q, const PythonStatement *statement)
{
    static const char *const repairs[] = {"rollback", "begin_nested", ".close(",
                                          ".remove(", "expunge",      ".begin("};
    const PythonTerm *call = NULL;
    Str session = {0};
    if (!q->around || statement->body.n == 0)
        return;
    for (uint32_t i = 0; i < statement->body.n && !call; i++) {
        const PythonStatement *s = statement->body.items[i];
        const PythonTerm *value = s->kind == STATEMENT_TERM ? s->value : NULL;
        session = object_of_call(value, "commit");
        session = str_is_absent(session) ? object_of_call(value, "flush") : session;
        if (is_called_session(session))
            call = value;
    }
    if (!call || is_made_within(q, q->around, session) ||
        has_word(python_text(statement->place), repairs, sizeof repairs / sizeof *repairs))
        return;
    for (uint32_t i = 0; i < statement->items.n; i++) {
        const PythonStatement *clause = statement->items.items[i];
        if (clause->kind != STATEMENT_EXCEPT || !catches_database_errors(clause) ||
            !passes_over(&clause->body))
            continue;
        Place head = clause->place;
        head.range.end = head.range.start + (uint32_t)sizeof "except" - 1;
        add_use(q, (ProgramUse){.kind = PROGRAM_FAILED_SESSION,
                                .place = head,
                                .related = call->place,
                                .name = session});
        return;
    }
}

/* --- one session for all requests --- */

bool query_is_handler(Queries *q, const PythonDefinition *function)
{
    static const char *const methods[] = {"route", "get",    "post",     "put",
                                          "patch", "delete", "websocket"};
    static const char *const libraries[] = {"flask.", "fastapi.", "quart.", "flask_openapi3."};
    for (uint32_t i = 0; i < function->decorators.n; i++) {
        const PythonTerm *decorator = function->decorators.items[i];
        const PythonTerm *method = decorator->kind == TERM_CALL ? decorator->left : NULL;
        if (!method || method->kind != TERM_ATTRIBUTE)
            continue;
        bool is_method = false;
        for (size_t k = 0; k < sizeof methods / sizeof *methods; k++)
            is_method |= str_equal(method->text, str_from(methods[k]));
        Resolved resolved = is_method ? python_resolve(&q->link->scope, method) : (Resolved){0};
        for (size_t k = 0; k < sizeof libraries / sizeof *libraries; k++) {
            if (resolved.kind == RESOLVED_EXTERNAL &&
                str_starts_with(resolved.dotted, str_from(libraries[k])))
                return true;
        }
    }
    return false;
}

/* Session(), or Session = sessionmaker(…) called: not scoped_session(…), which is one for each
 * thread. */
static bool makes_session(Queries *q, const PythonTerm *call)
{
    PythonScope *scope = &q->link->scope;
    Resolved maker = python_resolve(scope, call->left);
    if (maker.kind == RESOLVED_EXTERNAL) {
        Str name = sqlalchemy_name(maker.dotted, NULL);
        return str_equal(name, STR("Session")) || str_equal(name, STR("AsyncSession"));
    }
    return maker.kind == RESOLVED_VALUE && (call_is(scope, maker.value, "sessionmaker") ||
                                            call_is(scope, maker.value, "async_sessionmaker"));
}

void query_note_session(Queries *q, const PythonTerm *call)
{
    static const char *const methods[] = {"query",    "execute", "add",     "add_all",
                                          "commit",   "get",     "scalars", "merge",
                                          "rollback", "delete",  "scalar"};
    const PythonTerm *name = call->left->left;
    if (!q->is_handler || !name || (name->kind != TERM_NAME && name->kind != TERM_ATTRIBUTE))
        return;
    bool is_method = false;
    for (size_t k = 0; k < sizeof methods / sizeof *methods; k++)
        is_method |= str_equal(call->left->text, str_from(methods[k]));
    if (!is_method || query_is_hidden(q, name))
        return;
    const PythonTerm *made = python_value(&q->link->scope, name);
    if (made == name || made->kind != TERM_CALL || !made->left || !makes_session(q, made))
        return;
    Str key = orm_address(q->link, made);
    if (map_get(q->shared, key))
        return;
    map_set(q->out, q->shared, key, q);
    add_use(q, (ProgramUse){.kind = PROGRAM_SHARED_SESSION,
                            .place = made->place,
                            .related = name->place,
                            .name = python_text(name->place)});
}
