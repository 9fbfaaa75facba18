/* What would happen if these statements were run next
 *
 * The sources are replayed once into a schema of our own; each statement is then applied to
 * it as a migration of its own that comes after them all. So nothing is "new" to it, and a
 * rule that objects to it objects to what a person would run. Statements are taken as sent
 * one by one by hand, outside of a transaction. */
#include "engine/analyse.h"
#include "engine/replay_sources.h"
#include "rules/context.h"

struct WhatIf {
    Arena arena;
    const Snapshot *snapshot;
    Schema *schema;
    FindingVec reported; /* what the rules said to the statement at hand */
    RuleContext context;
    Vec(LoweredFile *) files; /* the statements', whose fragments the schema points into */
};

static uint32_t source_of(const void *engine, Place place)
{
    (void)engine;
    (void)place;
    return NO_SOURCE;
}

static bool is_editable(const void *engine, uint32_t source)
{
    (void)engine;
    (void)source;
    return false;
}

static FileLanguage language_of(const void *engine, uint32_t source)
{
    (void)engine;
    (void)source;
    return FILE_SQL;
}

WhatIf *what_if_begin(const Snapshot *snapshot)
{
    Arena arena = arena_with_capacity(1 << 16);
    WhatIf *w = ARENA_NEW(&arena, WhatIf);
    w->arena = arena;
    w->snapshot = snapshot;
    w->schema = schema_new(&w->arena, snapshot->database.dialect);
    replay_judged(snapshot, w->schema, &w->arena, NULL, NULL);
    schema_begin_source(w->schema, snapshot->sources.n + 1);
    w->context = (RuleContext){.arena = &w->arena,
                               .findings = &w->reported,
                               .list_arena = &w->arena,
                               .dialect = snapshot->database.dialect,
                               .version = snapshot->database.version,
                               .transactions = TRANSACTION_NONE,
                               .source_of = source_of,
                               .is_editable = is_editable,
                               .language_of = language_of,
                               .engine = w,
                               .in_migration = true};
    return w;
}

static void judge(WhatIf *w, const Operation *operation, const Transaction *transaction)
{
    for (unsigned i = 0; i < n_rules; i++) {
        const Rule *rule = all_rules[i];
        if (!rule->on_operation || !rule->by_default || rule->group != GROUP_MIGRATION ||
            !(rule->dialects & (1u << w->schema->dialect)))
            continue;
        w->context.rule = rule;
        w->context.severity = rule->severity;
        rule->on_operation(&w->context, operation, w->schema, transaction);
    }
}

static bool is_stronger(const OperationCost *a, const OperationCost *b)
{
    if (a->lock != b->lock)
        return a->lock > b->lock;
    return a->rewrites > b->rewrites ||
           (a->rewrites == b->rewrites && a->scans + a->builds_index > b->scans + b->builds_index);
}

/* One operation; false where it cannot be applied, with the reason in the result. */
static bool apply(WhatIf *w, const Operation *operation, const Transaction *transaction,
                  WhatIfResult *result)
{
    OperationCost cost = operation_cost(operation, w->schema, w->snapshot->database.version);
    if (is_stronger(&cost, &result->cost))
        result->cost = cost;
    judge(w, operation, transaction);
    if (operation->kind == OP_UNKNOWN) {
        result->problem = STR("this is not a statement that Lintel knows");
        return false;
    }
    ReplayProblem problem = {0};
    if (replay_operation(w->schema, operation, &w->arena, &problem))
        return true;
    result->problem = str_is_empty(problem.message) ? STR("it cannot be applied") : problem.message;
    return false;
}

WhatIfResult what_if_apply(WhatIf *w, Str sql)
{
    Text *text = text_new(sql);
    LoweredFile *file = lower_file(text, FILE_SQL, w->schema->dialect, NULL);
    text_release(text);
    WhatIfResult result = what_if_apply_file(w, file);
    lowered_file_release(file);
    return result;
}

WhatIfResult what_if_apply_file(WhatIf *w, LoweredFile *file)
{
    VEC_PUSH(&w->arena, &w->files, lowered_file_retain(file));
    WhatIfResult result = {.applies = file->problems.n == 0 && file->fragments.n > 0};
    if (!result.applies)
        result.problem = STR("this is not SQL");
    w->reported = (FindingVec){0};
    OperationPointerVec operations = {0};
    for (uint32_t i = 0; i < file->fragments.n; i++) {
        Fragment *fragment = file->fragments.items[i].fragment;
        for (uint32_t j = 0; j < fragment->operations.n; j++)
            VEC_PUSH(&w->arena, &operations, &fragment->operations.items[j]);
        if (fragment->problems.n && result.applies) {
            result.applies = false;
            result.problem = str_copy(&w->arena, fragment->problems.items[0].message);
        }
    }
    w->context.operations = &operations;
    Transaction transaction = transaction_start(TRANSACTION_NONE, file->fragments.n);
    for (uint32_t i = 0; i < operations.n; i++) {
        const Operation *operation = operations.items[i];
        w->context.operation_index = i;
        bool is_applied = apply(w, operation, &transaction, &result);
        result.applies = result.applies && is_applied;
        transaction_advance(&transaction, operation, TRANSACTION_NONE);
    }
    w->context.operations = NULL;
    w->schema->migration++;
    result.findings = w->reported;
    return result;
}

const Schema *what_if_schema(const WhatIf *w)
{
    return w->schema;
}

void what_if_free(WhatIf *w)
{
    if (!w)
        return;
    for (uint32_t i = 0; i < w->files.n; i++)
        lowered_file_release(w->files.items[i]);
    Arena arena = w->arena; /* the struct itself is in it */
    arena_release(&arena);
}
