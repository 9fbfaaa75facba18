/* How an analysis runs
 *
 *     link the model files                  for each side
 *     for each side (sides.h)                 for each table of its final schema
 *       for each source in order                on_table
 *         for each statement                  on_database
 *           on_query  (migrations' own)     for each query that is still there: on_query
 *           for each operation              for each model: on_model; for each use: on_use
 *             on_operation(schema before)   on_database of the drift rules, once
 *             replay                        merge the sides; settle: locate, suppress, sort
 *
 * A query is judged where it runs. A statement of a migration runs once, on the schema as it
 * is at that moment, so it is judged during replay. A query of a program, of a function or of
 * a view runs for as long as it exists, so it is judged with the final schema, and only if
 * what holds it has not been dropped or replaced since. Those are also the database's
 * `queries`: a backfill of long ago says nothing about how the tables are read today. */
#include "engine/analyse.h"

#include <stdlib.h>
#include <string.h>

#include "engine/fragment_table.h"
#include "engine/judge.h"
#include "engine/link.h"
#include "engine/merge.h"
#include "engine/replay_sources.h"
#include "engine/settle.h"

enum { SNAPSHOT_START_BYTES = 1 << 16 };

typedef Vec(const void *) PointerVec;

typedef struct {
    const AnalysisInput *input;
    const atomic_bool *cancel; /* NULL: never */
    Snapshot *snapshot;
    Schema *schema;            /* of the side at hand */
    Schema *schemas[N_SIDES];  /* NULL: the database has no such side */
    FindingVec found[N_SIDES]; /* by the rules that judge one side */
    Database judged[N_SIDES];  /* the database as these rules see it: one side is `schema` */
    RuleContext context;
    ActiveRuleVec on_operation, on_table, on_query, on_database, on_drift, on_model, on_use;
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

static bool database_has_both(const Analysis *a)
{
    return a->schemas[SIDE_MIGRATED] && a->schemas[SIDE_DECLARED];
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

static FileLanguage language_of(const void *engine, uint32_t source)
{
    const Analysis *a = engine;
    return source < a->snapshot->sources.n ? a->snapshot->sources.items[source].file->language
                                           : FILE_SQL;
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
        bool is_drift = active.rule->group == GROUP_DRIFT; /* of both sides together */
        if (active.rule->on_database)
            VEC_PUSH(&a->scratch, is_drift ? &a->on_drift : &a->on_database, active);
        if (active.rule->on_model)
            VEC_PUSH(&a->scratch, &a->on_model, active);
        if (active.rule->on_use)
            VEC_PUSH(&a->scratch, &a->on_use, active);
    }
}

static void judge_query(Analysis *a, const Query *query)
{
    for (uint32_t i = 0; i < a->on_query.n; i++) {
        const ActiveRule *active = &a->on_query.items[i];
        active->rule->on_query(context_for(&a->context, active), query, a->schema);
    }
}

/* ---- replay ---- */

/* Of `a->operations`: those of one source, or all that the models declare. */
static void start_operations(Analysis *a, bool in_migration)
{
    a->context.in_migration = in_migration;
    a->context.operations = &a->operations;
    a->undone = ARENA_ARRAY(&a->scratch, bool, a->operations.n + 1);
    replay_mark_undone(a->operations.items, a->operations.n, &a->scratch, a->undone);
}

static void start_source(Analysis *a, uint32_t index)
{
    const Source *source = &a->snapshot->sources.items[index];
    schema_begin_source(a->schema, source_ordinal(&a->snapshot->sources, index));
    a->context.in_seed = source->role == SOURCE_SEED;
    a->context.transactions = source_transactions(source, a->input->transactions);
    a->operations.n = 0;
    for (uint32_t i = 0; i < source->file->fragments.n; i++) {
        const OperationVec *operations = &source->file->fragments.items[i].fragment->operations;
        for (uint32_t j = 0; j < operations->n; j++)
            VEC_PUSH(&a->scratch, &a->operations, &operations->items[j]);
    }
    start_operations(a, source->role == SOURCE_MIGRATION || source_is_definition(source));
}

static void note_problem(Analysis *a, const Operation *operation, const ReplayProblem *problem)
{
    enum { MAX_UNMADE = 500 };
    StrVec *unmade = &a->snapshot->database.unmade_tables;
    if (problem->kind == REPLAY_MISSING_TABLE && a->schema == a->schemas[SIDE_MIGRATED] &&
        !operation->if_exists && unmade->n < MAX_UNMADE && !name_is_absent(problem->name))
        VEC_PUSH(&a->snapshot->arena, unmade, problem->name.text);
}

/* Judges and applies one of `a->operations`. */
static void run_operation(Analysis *a, uint32_t index, bool is_judged, Transaction *transaction)
{
    const Operation *operation = a->operations.items[index];
    a->context.operation_index = index;
    if (a->undone[index])
        return; /* a later ROLLBACK takes it back */
    for (uint32_t k = 0; is_judged && k < a->on_operation.n; k++) {
        const ActiveRule *active = &a->on_operation.items[k];
        active->rule->on_operation(context_for(&a->context, active), operation, a->schema,
                                   transaction);
    }
    ReplayProblem problem = {0};
    if (!replay_operation(a->schema, operation, &a->snapshot->arena, &problem))
        note_problem(a, operation, &problem);
    transaction_advance(transaction, operation, a->context.transactions);
}

/* A statement's queries meet the schema that the statements before it have left; so, too, in a
 * DO block, which is many statements in one fragment. Queries from `*next` that start before
 * `end`. */
static void judge_queries(Analysis *a, const Fragment *fragment, uint32_t *next, uint32_t end)
{
    for (; *next < fragment->queries.n; (*next)++) {
        const Query *query = fragment->queries.items[*next];
        if (query->place.range.start >= end)
            return;
        if (!query->in_function && !query->in_view)
            judge_query(a, query);
    }
}

static void replay_source(Analysis *a, uint32_t index)
{
    const Source *source = &a->snapshot->sources.items[index];
    start_source(a, index);
    /* A finding of one side may stand for one of the other: then all are needed. */
    bool is_wanted = !a->input->wanted || a->input->wanted[index] || database_has_both(a);
    bool is_judged = is_wanted && a->context.in_migration;
    Transaction transaction = transaction_start(a->context.transactions, source->file->fragments.n);
    uint32_t operation_index = 0;
    for (uint32_t i = 0; i < source->file->fragments.n && !is_cancelled(a); i++) {
        const Fragment *fragment = source->file->fragments.items[i].fragment;
        bool has_queries = is_judged && source->role == SOURCE_MIGRATION;
        bool is_program = fragment->migration != NULL; /* its text is not in the order it runs */
        uint32_t next = 0;
        for (uint32_t j = 0; j < fragment->operations.n; j++) {
            const Operation *operation = &fragment->operations.items[j];
            if (has_queries && is_program && operation->kind == OP_QUERY)
                judge_query(a, operation->as.query);
            if (has_queries && !is_program)
                judge_queries(a, fragment, &next, operation->place.range.end);
            run_operation(a, operation_index++, is_judged, &transaction);
        }
        if (has_queries && !is_program)
            judge_queries(a, fragment, &next, UINT32_MAX);
        a->snapshot->n_operations += fragment->operations.n;
    }
    a->context.operations = NULL;
}

/* What the model files say together is one definition. */
static void replay_linked(Analysis *a)
{
    const OperationVec *linked = &a->snapshot->linked.operations;
    if (linked->n == 0)
        return;
    schema_begin_source(a->schema, ORDINAL_OF_DEFINITIONS);
    a->context.in_seed = false;
    a->context.transactions = TRANSACTION_UNKNOWN;
    a->operations.n = 0;
    for (uint32_t i = 0; i < linked->n; i++)
        VEC_PUSH(&a->scratch, &a->operations, &linked->items[i]);
    start_operations(a, true);
    Transaction transaction = transaction_start(TRANSACTION_UNKNOWN, linked->n);
    for (uint32_t i = 0; i < a->operations.n && !is_cancelled(a); i++)
        run_operation(a, i, true, &transaction);
    a->snapshot->n_operations += linked->n;
    a->context.operations = NULL;
}

static void replay_side(Analysis *a, Side side)
{
    const SourceVec *sources = &a->snapshot->sources;
    bool has_migrations = a->snapshot->database.has_migrations;
    a->schema = a->schemas[side];
    a->context.findings = &a->found[side];
    a->context.list_arena = &a->scratch;
    bool is_linked = false;
    for (uint32_t i = 0; a->schema && i < sources->n && !is_cancelled(a); i++) {
        const Source *source = &sources->items[i];
        if (source_side(source, has_migrations) != side)
            continue;
        if (source_is_replayed(source))
            replay_source(a, i);
        else if (source_is_linked(source) && !is_linked)
            replay_linked(a); /* all of them, where the first one stands */
        is_linked = is_linked || source_is_linked(source);
    }
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
    const Schema *schema = a->snapshot->database.schema;
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
        bool is_program = source->role == SOURCE_QUERIES || source_is_definition(source) ||
                          source_is_linked(source);
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
    const QueryPointerVec *linked = &a->snapshot->linked.queries;
    for (uint32_t i = 0; i < linked->n; i++)
        VEC_PUSH(&a->snapshot->arena, &database->queries, linked->items[i]);
}

static void collect_migrations(Analysis *a)
{
    for (uint32_t i = 0; i < a->snapshot->sources.n; i++) {
        const Source *source = &a->snapshot->sources.items[i];
        for (uint32_t j = 0; source->role == SOURCE_MIGRATION && j < source->file->fragments.n;
             j++) {
            const Fragment *fragment = source->file->fragments.items[j].fragment;
            if (fragment->migration)
                VEC_PUSH(&a->snapshot->arena, &a->snapshot->database.migrations,
                         fragment->migration);
        }
    }
}

/* ---- the final schema ---- */

static void judge_side(Analysis *a, Side side)
{
    if (!a->schemas[side])
        return;
    a->schema = a->schemas[side];
    a->judged[side] = a->snapshot->database;
    a->judged[side].schema = a->schema;
    a->context.findings = &a->found[side];
    a->context.list_arena = &a->scratch;
    a->context.database = &a->judged[side];
    judge_schema(a->snapshot, &a->context,
                 &(Judging){.schema = a->schema,
                            .on_table = &a->on_table,
                            .on_database = &a->on_database,
                            .cancel = a->cancel,
                            .run = a->input->run});
}

/* What is judged with the database as a whole. */
static void judge_whole(Analysis *a)
{
    const Database *database = &a->snapshot->database;
    a->schema = a->schemas[database->migrated ? SIDE_MIGRATED : SIDE_DECLARED];
    a->context.findings = &a->snapshot->findings;
    a->context.list_arena = &a->snapshot->arena;
    a->context.database = database;
    for (uint32_t i = 0; i < database->queries.n && !is_cancelled(a); i++)
        judge_query(a, database->queries.items[i]);
    for (uint32_t i = 0; i < database->models.n && !is_cancelled(a); i++) {
        for (uint32_t j = 0; j < a->on_model.n; j++) {
            const ActiveRule *active = &a->on_model.items[j];
            active->rule->on_model(context_for(&a->context, active), database->models.items[i],
                                   database);
        }
    }
    for (uint32_t i = 0; i < database->uses.n && !is_cancelled(a); i++) {
        for (uint32_t j = 0; j < a->on_use.n; j++) {
            const ActiveRule *active = &a->on_use.items[j];
            active->rule->on_use(context_for(&a->context, active), &database->uses.items[i],
                                 database);
        }
    }
    for (uint32_t i = 0; database->differences.n && i < a->on_drift.n && !is_cancelled(a); i++) {
        const ActiveRule *active = &a->on_drift.items[i];
        active->rule->on_database(context_for(&a->context, active), database);
    }
}

static void judge_final(Analysis *a)
{
    a->context.in_migration = false;
    a->context.in_seed = false;
    a->context.operation_index = 0;
    for (Side side = 0; side < N_SIDES; side++)
        judge_side(a, side);
    judge_whole(a);
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
    snapshot->has_remedies = !input->without_remedies;
    snapshot->transactions = input->transactions;
    Severity *levels = ARENA_ARRAY(&arena, Severity, n_rules);
    memcpy(levels, input->rules.levels, sizeof *levels * n_rules);
    snapshot->levels = levels;
    atomic_init(&snapshot->references, 1);
    snapshot->arena = arena;
    return snapshot;
}

/* True where something of the database belongs to the side. */
static bool has_side(const Analysis *a, Side side)
{
    const SourceVec *sources = &a->snapshot->sources;
    bool has_migrations = a->snapshot->database.has_migrations;
    if (side == SIDE_MIGRATED)
        return has_migrations;
    for (uint32_t i = 0; has_migrations && i < sources->n; i++) {
        const Source *source = &sources->items[i];
        if (source_is_linked(source) || source_is_definition(source))
            return true;
    }
    return !has_migrations;
}

static void prepare(Analysis *a)
{
    Snapshot *snapshot = a->snapshot;
    a->newest_migration = NO_SOURCE;
    for (uint32_t i = 0; i < snapshot->sources.n; i++) {
        if (snapshot->sources.items[i].role == SOURCE_MIGRATION)
            a->newest_migration = i;
    }
    snapshot->database.has_migrations = a->newest_migration != NO_SOURCE;
    for (Side side = 0; side < N_SIDES; side++) {
        if (has_side(a, side))
            a->schemas[side] = schema_new(&snapshot->arena, a->input->dialect);
    }
    link_models(&snapshot->arena, &snapshot->sources, a->input->dialect, &snapshot->linked);
    a->context = (RuleContext){.arena = &snapshot->arena,
                               .dialect = a->input->dialect,
                               .version = snapshot->database.version,
                               .transactions = a->input->transactions,
                               .wants_remedies = !a->input->without_remedies,
                               .source_of = source_of,
                               .is_editable = is_editable,
                               .language_of = language_of,
                               .engine = a};
    choose_rules(a);
}

static void conclude(Analysis *a)
{
    Database *database = &a->snapshot->database;
    database->migrated = a->schemas[SIDE_MIGRATED];
    database->declared = a->schemas[SIDE_DECLARED];
    database->schema = database->migrated ? database->migrated : database->declared;
    database->models = a->snapshot->linked.models;
    database->uses = a->snapshot->linked.uses;
    collect_alive(a);
    collect_queries(a);
    collect_migrations(a);
    /* A side without any table could not be read: then all would be missing. */
    if (database_has_both(a) && database->migrated->tables.n && database->declared->tables.n)
        database->differences =
            schema_diff(&a->snapshot->arena, database->migrated, database->declared);
    judge_final(a);
    merge_sides(a->snapshot, &a->found[SIDE_MIGRATED], &a->found[SIDE_DECLARED]);
    settle_findings(a->snapshot, a->input);
}

Snapshot *analyse(const AnalysisInput *input, const atomic_bool *cancel)
{
    Analysis a = {.input = input, .cancel = cancel, .snapshot = snapshot_of(input)};
    prepare(&a);
    for (Side side = 0; side < N_SIDES && !is_cancelled(&a); side++)
        replay_side(&a, side);
    if (!is_cancelled(&a))
        conclude(&a);
    arena_release(&a.scratch);
    if (is_cancelled(&a)) {
        snapshot_release(a.snapshot);
        return NULL;
    }
    return a.snapshot;
}
