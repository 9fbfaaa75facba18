/* Statements of upgrade() and downgrade(), in the order in which Python runs them.
 *
 *     if <dialect>:            known, one branch is walked
 *     if not has_table("t"):   a guard: CREATE TABLE counts as IF NOT EXISTS
 *     if <anything else>:      both branches, conditional
 *     for x in ("a", "b"):     unrolled
 *     for x in <unknown>:      once, conditional; what needs x is left out
 *     try: … except: …         guarded, where the failure is not raised again
 *     with autocommit_block(): COMMIT, the body, BEGIN */
#include "frontends/python/alembic_run.h"

enum { WALK_CALL_DEPTH_MAX = 8 };

/* --- what a block stands in --- */

typedef struct {
    bool is_conditional, is_guarded;
} Around;

static Around enter(AlembicRun *run, bool is_conditional, bool is_guarded)
{
    Around before = {run->is_conditional, run->is_guarded};
    run->is_conditional |= is_conditional;
    run->is_guarded |= is_guarded;
    return before;
}

static void leave(AlembicRun *run, Around before)
{
    run->is_conditional = before.is_conditional;
    run->is_guarded = before.is_guarded;
}

/* Names that were bound since: what they stood for before. */
static void unbind_since(AlembicRun *run, uint32_t n_bound)
{
    for (uint32_t i = run->bound.n; i > n_bound; i--) {
        const AlembicBinding *binding = &run->bound.items[i - 1];
        PythonTerm *before = ARENA_NEW(run->out, PythonTerm);
        if (binding->before)
            *before = *binding->before;
        map_set(run->out, run->names, binding->name, before);
    }
}

/* The same after the statement: they stand for the one or the other. */
static void forget_since(AlembicRun *run, uint32_t n_bound)
{
    uint32_t n = run->bound.n;
    for (uint32_t i = n_bound; i < n; i++)
        map_set(run->out, run->names, run->bound.items[i].name, ARENA_NEW(run->out, PythonTerm));
}

/* A branch that may be walked or not. Where it ends in a return, what follows the statement runs
 * only if it was not: behind `if has_table("t"): return`, where it is needed. */
static void walk_branch(AlembicRun *run, const PythonStatementVec *body, bool is_conditional,
                        bool is_guarded)
{
    Around before = enter(run, is_conditional, is_guarded);
    uint32_t n_bound = run->bound.n;
    alembic_walk(run, body);
    unbind_since(run, n_bound);
    leave(run, before);
    if (run->has_returned) {
        run->has_returned = false;
        run->is_conditional |= is_conditional;
        run->is_guarded |= is_guarded;
    }
}

/* --- calls --- */

/* A function of the file, called for what it does. */
static void walk_function(AlembicRun *run, const PythonDefinition *function, const PythonTerm *call)
{
    if (!function->has_body || run->call_depth >= WALK_CALL_DEPTH_MAX)
        return;
    StrMap *outer = run->names;
    uint32_t n_bound = run->bound.n;
    Around before = enter(run, false, false);
    run->names = alembic_bind_arguments(run, function, call);
    run->call_depth++;
    alembic_walk(run, &function->body);
    run->call_depth--;
    run->bound.n = n_bound;
    run->names = outer;
    run->has_returned = false;
    leave(run, before);
}

/* A call by itself or on the right of an assignment; `term` is folded. globals()["upgrade_x"]() and
 * the like are not known. `a.b(…).c(…)`: the inner call comes first. */
static void walk_call(AlembicRun *run, const PythonTerm *term)
{
    if (!term || term->kind != TERM_CALL || !term->left || alembic_is_spent(run))
        return;
    run->steps++;
    Resolved function = python_resolve(&run->scope, term->left);
    if (function.kind == RESOLVED_FUNCTION) {
        walk_function(run, function.definition, term);
        return;
    }
    if (function.kind == RESOLVED_EXTERNAL && alembic_operation(run, term, function.dotted))
        return;
    if (term->left->kind == TERM_ATTRIBUTE)
        walk_call(run, term->left->left);
}

/* --- statements --- */

static void walk_assignment(AlembicRun *run, const PythonStatement *statement)
{
    const PythonTerm *value = alembic_fold(run, statement->value);
    walk_call(run, value);
    alembic_bind(run, statement->target, value);
}

/* `columns += [ … ]` */
static void walk_augmented(AlembicRun *run, const PythonStatement *statement)
{
    const PythonTerm *target = statement->target;
    if (!target || target->kind != TERM_NAME)
        return;
    const PythonTerm *before = map_get(run->names, target->text);
    PythonTerm *sum = ARENA_NEW(run->out, PythonTerm);
    *sum = (PythonTerm){.kind = TERM_BINARY,
                        .place = statement->place,
                        .text = STR("+"),
                        .left = before,
                        .right = alembic_fold(run, statement->value)};
    alembic_bind(run, target, before && sum->right ? sum : NULL);
}

static void walk_if(AlembicRun *run, const PythonStatement *statement)
{
    bool looks = false;
    Truth truth = alembic_condition(run, alembic_fold(run, statement->value), &looks);
    if (truth == TRUTH_TRUE) {
        alembic_walk(run, &statement->body);
    } else if (truth == TRUTH_FALSE) {
        alembic_walk(run, &statement->otherwise);
    } else {
        Around before = {run->is_conditional, run->is_guarded};
        uint32_t n_bound = run->bound.n;
        walk_branch(run, &statement->body, !looks, looks);
        Around after = {run->is_conditional, run->is_guarded};
        leave(run, before);
        walk_branch(run, &statement->otherwise, true, false);
        forget_since(run, n_bound);
        run->is_conditional |= after.is_conditional;
        run->is_guarded |= after.is_guarded;
    }
}

/* Once, as it may not run at all; and what a name stands for in the second round is not known. */
static void walk_loop_of_unknown(AlembicRun *run, const PythonStatement *statement)
{
    uint32_t n_bound = run->bound.n;
    Around before = {run->is_conditional, run->is_guarded};
    walk_branch(run, &statement->body, true, false);
    forget_since(run, n_bound);
    if (run->leaves_round)
        leave(run, before);
    run->leaves_round = false;
}

static void walk_for(AlembicRun *run, const PythonStatement *statement)
{
    PythonTermVec items = {0};
    const PythonTerm *list = alembic_fold(run, statement->value);
    if (!alembic_iterate(run, list, &items)) {
        walk_call(run, list);
        alembic_bind(run, statement->target, NULL);
        walk_loop_of_unknown(run, statement);
        return;
    }
    for (uint32_t i = 0; i < items.n && !run->has_returned && !alembic_is_spent(run); i++) {
        Around before = {run->is_conditional, run->is_guarded};
        run->leaves_round = false;
        alembic_bind(run, statement->target, items.items[i]);
        alembic_walk(run, &statement->body);
        if (run->leaves_round) { /* by break or continue: the next round is another matter */
            run->has_returned = false;
            leave(run, before);
        }
    }
    run->leaves_round = false;
    alembic_walk(run, &statement->otherwise);
}

static void emit_transaction(AlembicRun *run, OperationKind kind, Place place)
{
    Operation *operation = alembic_emit(run, kind, place);
    operation->is_conditional = false;
}

static void walk_with(AlembicRun *run, const PythonStatement *statement)
{
    Place autocommit = {0};
    for (uint32_t i = 0; i < statement->items.n; i++) {
        const PythonStatement *item = statement->items.items[i];
        const PythonTerm *value = alembic_fold(run, item->value);
        Str dotted =
            value && value->kind == TERM_CALL ? alembic_dotted(run, value->left) : (Str){0};
        if (str_starts_with(dotted, STR("alembic.")) &&
            str_ends_with(dotted, STR(".autocommit_block")))
            autocommit = value->place;
        alembic_bind(run, item->target, value);
    }
    if (place_is_set(autocommit))
        emit_transaction(run, OP_COMMIT, autocommit);
    alembic_walk(run, &statement->body);
    if (place_is_set(autocommit))
        emit_transaction(run, OP_BEGIN, place_after(statement->place));
}

/* A failure that is caught makes what failed a thing that is done where it can be; one that is
 * raised again changes nothing. */
static void walk_try(AlembicRun *run, const PythonStatement *statement)
{
    const PythonStatementVec *handlers = &statement->otherwise;
    uint32_t n_bound = run->bound.n;
    bool raises = handlers->n > 0 && handlers->items[handlers->n - 1]->kind == STATEMENT_RAISE;
    if (raises) {
        alembic_walk(run, &statement->body);
        return;
    }
    walk_branch(run, &statement->body, false, true);
    walk_branch(run, handlers, true, false);
    forget_since(run, n_bound);
}

static void walk_statement(AlembicRun *run, const PythonStatement *statement)
{
    switch (statement->kind) {
    case STATEMENT_TERM:
        walk_call(run, alembic_fold(run, statement->value));
        break;
    case STATEMENT_ASSIGNMENT:
        walk_assignment(run, statement);
        break;
    case STATEMENT_AUGMENTED:
        walk_augmented(run, statement);
        break;
    case STATEMENT_IF:
        walk_if(run, statement);
        break;
    case STATEMENT_FOR:
        walk_for(run, statement);
        break;
    case STATEMENT_WHILE:
        walk_loop_of_unknown(run, statement);
        break;
    case STATEMENT_WITH:
        walk_with(run, statement);
        break;
    case STATEMENT_TRY:
        walk_try(run, statement);
        break;
    case STATEMENT_RETURN:
        walk_call(run, alembic_fold(run, statement->value));
        run->has_returned = true;
        break;
    case STATEMENT_RAISE:
        run->has_returned = true;
        break;
    case STATEMENT_OTHER:
        run->leaves_round =
            python_is_word(statement, "continue") || python_is_word(statement, "break");
        run->has_returned = run->leaves_round;
        break;
    case STATEMENT_EXCEPT: /* within a try */
    case STATEMENT_CLASS:
    case STATEMENT_FUNCTION:
    case STATEMENT_PASS:
        break;
    }
}

void alembic_walk(AlembicRun *run, const PythonStatementVec *body)
{
    for (uint32_t i = 0; i < body->n && !run->has_returned && !alembic_is_spent(run); i++) {
        run->steps++;
        walk_statement(run, body->items[i]);
    }
}
