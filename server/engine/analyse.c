/* How an analysis runs
 *
 *     for each source in order              for each table of the final schema
 *       for each statement                    on_table
 *         on_query  (migrations' own)       for each query that is still there
 *         for each operation                  on_query
 *           on_operation(schema before)     on_database
 *           replay                          settle: locate, suppress, sort
 *
 * A query is judged where it runs. A statement of a migration runs once, on the schema as it
 * is at that moment, so it is judged during replay. A query of a program, of a function or of
 * a view runs for as long as it exists, so it is judged with the final schema, and only if
 * what holds it has not been dropped or replaced since. Those are also the database's
 * `queries`: a backfill of long ago says nothing about how the tables are read today. */
#include "engine/analyse.h"

#include <stdlib.h>

#include "engine/fragment_table.h"
#include "engine/replay_sources.h"
#include "engine/settle.h"
#include "rules/context.h"

enum { SNAPSHOT_START_BYTES = 1 << 16 };

typedef struct {
    const Rule *rule;
    Severity severity;
} ActiveRule;
typedef Vec(ActiveRule) ActiveRuleVec;

typedef Vec(const void *) PointerVec;

typedef struct {
    const AnalysisInput *input;
    const atomic_bool *cancel; /* NULL: never */
    Snapshot *snapshot;
    Schema *schema;
    RuleContext context;
    ActiveRuleVec on_operation, on_table, on_query, on_database;
    OperationPointerVec operations; /* of the source at hand */
    bool *undone;                   /* which of them a later ROLLBACK takes back */
    uint32_t newest_migration;      /* NO_SOURCE: there is none */
    PointerVec alive; /* what still exists at the end, by address: see collect_alive */
    Arena scratch;
} Analysis;

static bool is_cancelled(const Analysis *a)
{
    return a->cancel && atomic_load_explicit(a->cancel, memory_order_relaxed);
}

/* ---- what rules may ask ---- */

static uint32_t source_of(const void *engine, Place place)
{
    const Analysis *a = engine;
    const FragmentSlot *slot = fragment_table_find(a->snapshot->fragments, place.fragment);
    return slot ? slot->source : NO_SOURCE;
}

/* A migration that is not the newest has run somewhere: only a later one repairs it. */
static bool is_editable(const void *engine, uint32_t source)
{
    const Analysis *a = engine;
    if (source >= a->snapshot->sources.n)
        return false;
    return a->snapshot->sources.items[source].role != SOURCE_MIGRATION ||
           source == a->newest_migration;
}

static void choose_rules(Analysis *a)
{
    DialectSet dialect = 1u << a->input->dialect;
    for (unsigned i = 0; i < n_rules; i++) {
        ActiveRule active = {.rule = all_rules[i], .severity = a->input->rules.levels[i]};
        if (active.severity == SEVERITY_OFF || !(active.rule->dialects & dialect))
            continue;
        if (active.rule->on_operation)
            VEC_PUSH(&a->scratch, &a->on_operation, active);
        if (active.rule->on_table)
            VEC_PUSH(&a->scratch, &a->on_table, active);
        if (active.rule->on_query)
            VEC_PUSH(&a->scratch, &a->on_query, active);
        if (active.rule->on_database)
            VEC_PUSH(&a->scratch, &a->on_database, active);
    }
}

static RuleContext *context_for(Analysis *a, const ActiveRule *active)
{
    a->context.rule = active->rule;
    a->context.severity = active->severity;
    return &a->context;
}

static void judge_query(Analysis *a, const Query *query)
{
    for (uint32_t i = 0; i < a->on_query.n; i++) {
        const ActiveRule *active = &a->on_query.items[i];
        active->rule->on_query(context_for(a, active), query, a->schema);
    }
}

/* ---- replay ---- */

static void start_source(Analysis *a, uint32_t index)
{
    const Source *source = &a->snapshot->sources.items[index];
    schema_begin_source(a->schema, source_ordinal(&a->snapshot->sources, index));
    a->context.in_migration = source->role == SOURCE_MIGRATION || source->role == SOURCE_SCHEMA;
    a->context.in_seed = source->role == SOURCE_SEED;
    a->context.transactions = source_transactions(source, a->input->transactions);
    a->operations.n = 0;
    for (uint32_t i = 0; i < source->file->fragments.n; i++) {
        const OperationVec *operations = &source->file->fragments.items[i].fragment->operations;
        for (uint32_t j = 0; j < operations->n; j++)
            VEC_PUSH(&a->scratch, &a->operations, &operations->items[j]);
    }
    a->context.operations = &a->operations;
    a->undone = ARENA_ARRAY(&a->scratch, bool, a->operations.n + 1);
    replay_mark_undone(a->operations.items, a->operations.n, &a->scratch, a->undone);
}

static void replay_source(Analysis *a, uint32_t index)
{
    const Source *source = &a->snapshot->sources.items[index];
    if (!source_is_replayed(source))
        return;
    start_source(a, index);
    bool is_wanted = !a->input->wanted || a->input->wanted[index];
    bool is_judged = is_wanted && a->context.in_migration;
    Transaction transaction = transaction_start(a->context.transactions, source->file->fragments.n);
    uint32_t operation_index = 0;
    for (uint32_t i = 0; i < source->file->fragments.n && !is_cancelled(a); i++) {
        const Fragment *fragment = source->file->fragments.items[i].fragment;
        for (uint32_t j = 0;
             is_judged && source->role == SOURCE_MIGRATION && j < fragment->queries.n; j++) {
            const Query *query = fragment->queries.items[j];
            if (!query->in_function && !query->in_view)
                judge_query(a, query);
        }
        for (uint32_t j = 0; j < fragment->operations.n; j++, operation_index++) {
            const Operation *operation = &fragment->operations.items[j];
            a->context.operation_index = operation_index;
            if (a->undone[operation_index])
                continue; /* a later ROLLBACK takes it back */
            for (uint32_t k = 0; is_judged && k < a->on_operation.n; k++) {
                const ActiveRule *active = &a->on_operation.items[k];
                active->rule->on_operation(context_for(a, active), operation, a->schema,
                                           &transaction);
            }
            ReplayProblem problem;
            replay_operation(a->schema, operation, &a->snapshot->arena, &problem);
            transaction_advance(&transaction, operation, a->context.transactions);
        }
        a->snapshot->n_operations += fragment->operations.n;
    }
    a->context.operations = NULL;
}

/* ---- queries that are still there ---- */

static int compare_pointers(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t) * (const void *const *)left;
    uintptr_t b = (uintptr_t) * (const void *const *)right;
    return a < b ? -1 : a > b;
}

/* The definitions of functions and views that the final schema uses, and the operations of its
 * policies: what makes the queries inside them count. */
static void collect_alive(Analysis *a)
{
    const Schema *schema = a->schema;
    for (uint32_t i = 0; i < schema->functions.n; i++)
        VEC_PUSH(&a->scratch, &a->alive, (const void *)schema->functions.items[i]->definition);
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        const Table *table = e->value;
        if (table->view_query) /* not `view`: a rename makes a new one */
            VEC_PUSH(&a->scratch, &a->alive, (const void *)table->view_query);
        for (uint32_t i = 0; i < table->policies.n; i++)
            VEC_PUSH(&a->scratch, &a->alive, (const void *)table->policies.items[i]->origin);
    }
    if (a->alive.n)
        qsort(a->alive.items, a->alive.n, sizeof a->alive.items[0], compare_pointers);
}

static bool is_alive(const Analysis *a, const void *definition)
{
    return a->alive.n && bsearch(&definition, a->alive.items, a->alive.n, sizeof a->alive.items[0],
                                 compare_pointers);
}

static bool has_living_definition(const Analysis *a, const Fragment *fragment)
{
    for (uint32_t i = 0; i < fragment->operations.n; i++) {
        const Operation *operation = &fragment->operations.items[i];
        if ((operation->kind == OP_CREATE_FUNCTION &&
             is_alive(a, &operation->as.create_function)) ||
            (operation->kind == OP_CREATE_VIEW && is_alive(a, operation->as.create_view.query)) ||
            (operation->kind == OP_CREATE_POLICY && is_alive(a, operation)))
            return true;
    }
    return false;
}

static void collect_queries(Analysis *a)
{
    Database *database = &a->snapshot->database;
    for (uint32_t i = 0; i < a->snapshot->sources.n; i++) {
        const Source *source = &a->snapshot->sources.items[i];
        bool is_program = source->role == SOURCE_QUERIES || source->role == SOURCE_SCHEMA;
        for (uint32_t j = 0; j < source->file->fragments.n; j++) {
            const Fragment *fragment = source->file->fragments.items[j].fragment;
            bool is_living = fragment->queries.n > 0 && has_living_definition(a, fragment);
            for (uint32_t k = 0; k < fragment->queries.n; k++) {
                const Query *query = fragment->queries.items[k];
                bool is_inner = query->in_function || query->in_view;
                /* A dump's rows are not how the table is used. */
                bool is_row = source->role == SOURCE_SCHEMA && query->inserts_values;
                if (is_inner ? is_living : is_program && !is_row)
                    VEC_PUSH(&a->snapshot->arena, &database->queries, query);
            }
        }
    }
}

/* ---- the final schema ---- */

static void judge_tables(Analysis *a)
{
    for (MapEntry *e = map_next(&a->schema->tables, NULL); e && !is_cancelled(a);
         e = map_next(&a->schema->tables, e)) {
        for (uint32_t i = 0; i < a->on_table.n; i++) {
            const ActiveRule *active = &a->on_table.items[i];
            active->rule->on_table(context_for(a, active), e->value, a->schema);
        }
    }
}

static void judge_final(Analysis *a)
{
    const Database *database = &a->snapshot->database;
    a->context.in_migration = false;
    a->context.in_seed = false;
    a->context.operation_index = 0;
    a->context.database = database;
    judge_tables(a);
    for (uint32_t i = 0; i < database->queries.n; i++)
        judge_query(a, database->queries.items[i]);
    for (uint32_t i = 0; i < a->on_database.n; i++) {
        const ActiveRule *active = &a->on_database.items[i];
        active->rule->on_database(context_for(a, active), database);
    }
}

/* ---- all of it ---- */

static Snapshot *snapshot_of(const AnalysisInput *input)
{
    Arena arena = arena_with_capacity(SNAPSHOT_START_BYTES);
    Snapshot *snapshot = ARENA_NEW(&arena, Snapshot);
    for (uint32_t i = 0; i < input->sources->n; i++) {
        Source source = input->sources->items[i];
        source.path = str_copy(&arena, source.path);
        lowered_file_retain(source.file);
        VEC_PUSH(&arena, &snapshot->sources, source);
    }
    ServerVersion version = input->version;
    if (version.major == 0)
        version = server_version_default(input->dialect);
    snapshot->database = (Database){.name = str_copy(&arena, input->name),
                                    .dialect = input->dialect,
                                    .version = version,
                                    .is_supabase = input->is_supabase};
    snapshot->fragments = fragment_table_build(&arena, &snapshot->sources);
    atomic_init(&snapshot->references, 1);
    snapshot->arena = arena;
    return snapshot;
}

static void prepare(Analysis *a)
{
    Snapshot *snapshot = a->snapshot;
    a->schema = schema_new(&snapshot->arena, a->input->dialect);
    a->newest_migration = NO_SOURCE;
    for (uint32_t i = 0; i < snapshot->sources.n; i++) {
        if (snapshot->sources.items[i].role == SOURCE_MIGRATION)
            a->newest_migration = i;
    }
    snapshot->database.has_migrations = a->newest_migration != NO_SOURCE;
    a->context = (RuleContext){.arena = &snapshot->arena,
                               .findings = &snapshot->findings,
                               .dialect = a->input->dialect,
                               .version = snapshot->database.version,
                               .transactions = a->input->transactions,
                               .source_of = source_of,
                               .is_editable = is_editable,
                               .engine = a};
    choose_rules(a);
}

static void conclude(Analysis *a)
{
    Database *database = &a->snapshot->database;
    database->schema = a->schema;
    database->migrated = database->has_migrations ? a->schema : NULL;
    database->declared = database->has_migrations ? NULL : a->schema;
    collect_alive(a);
    collect_queries(a);
    judge_final(a);
    settle_findings(a->snapshot, a->input);
}

Snapshot *analyse(const AnalysisInput *input, const atomic_bool *cancel)
{
    Analysis a = {.input = input, .cancel = cancel, .snapshot = snapshot_of(input)};
    prepare(&a);
    for (uint32_t i = 0; i < a.snapshot->sources.n && !is_cancelled(&a); i++)
        replay_source(&a, i);
    if (!is_cancelled(&a))
        conclude(&a);
    arena_release(&a.scratch);
    if (is_cancelled(&a)) {
        snapshot_release(a.snapshot);
        return NULL;
    }
    return a.snapshot;
}
