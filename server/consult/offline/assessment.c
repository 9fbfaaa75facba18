/* Size, scope, complexity, context, stage: each value with what shows it. */
#include "consult/offline/capacity.h"
#include "consult/offline/technology.h"

static Assessment *assess(Offline *o, AssessmentKind kind)
{
    return &o->report->assessment[kind];
}

static Str refer(Offline *o, Assessment *assessment, Place place)
{
    Reference reference;
    if (!offline_reference(o, place, &reference))
        return (Str){0};
    VEC_PUSH(o->out, &assessment->references, reference);
    return str_format(o->out, STR_FMT ":%u", STR_ARG(short_path(o, reference.path)),
                      reference.line);
}

/* ---- size ---- */

static void assess_size(Offline *o)
{
    uint32_t n_columns = 0, narrowest = UINT32_MAX, widest = 0, n_assumed = 0;
    uint64_t bytes = 0;
    const TableFacts *wide = NULL;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        if (!facts->is_consulted)
            continue;
        Capacity capacity = capacity_of(o, facts);
        n_columns += facts->table->columns.n;
        narrowest = capacity.row_bytes < narrowest ? capacity.row_bytes : narrowest;
        if (capacity.row_bytes > widest) {
            widest = capacity.row_bytes;
            wide = facts;
        }
        if (facts->assumed && facts->assumed->rows > 0) {
            n_assumed++;
            bytes += ((uint64_t)capacity.row_bytes + capacity.index_bytes) * facts->assumed->rows;
        }
    }
    Assessment *size = assess(o, ASSESSMENT_SIZE);
    if (!wide) {
        size->value = STR("no table");
        size->evidence = STR("0 base tables in the scope");
        return;
    }
    Str shape = str_format(o->scratch, "%s with %s",
                           str_to_c(o->scratch, count_of(o, o->n_consulted, "table", NULL)),
                           str_to_c(o->scratch, count_of(o, n_columns, "column", NULL)));
    size->value = n_assumed > 0 ? str_format(o->out, STR_FMT " as assumed; " STR_FMT,
                                             STR_ARG(size_text(o->scratch, bytes)), STR_ARG(shape))
                                : str_format(o->out, "rows unknown; " STR_FMT, STR_ARG(shape));
    Str place = refer(o, size, wide->table->name.place);
    Str rows = narrowest == widest
                   ? str_format(o->scratch, "%u bytes, in", widest)
                   : str_format(o->scratch, "%u to %u bytes, the widest in", narrowest, widest);
    size->evidence = str_format(
        o->out, "%s; rows of " STR_FMT " " STR_FMT "%s" STR_FMT "%s",
        n_assumed > 0
            ? str_to_c(o->scratch,
                       str_format(o->scratch, "`assume` in lintel.yaml for %u", n_assumed))
            : "no `assume` in lintel.yaml",
        STR_ARG(rows), STR_ARG(wide->code), str_is_empty(place) ? "" : " (", STR_ARG(place),
        str_is_empty(place) ? "" : ")");
}

/* ---- scope ---- */

static uint32_t weight(const TableFacts *facts)
{
    return facts->table->referenced_by.n * 2 + facts->table->foreign_keys.n;
}

static void assess_scope(Offline *o)
{
    enum { N_NAMED = 5 };
    Assessment *scope = assess(o, ASSESSMENT_SCOPE);
    StrVec names = {0}, places = {0};
    StrMap taken = {0};
    for (uint32_t said = 0; said < N_NAMED; said++) {
        const TableFacts *best = NULL;
        for (uint32_t t = 0; t < o->tables.n; t++) {
            const TableFacts *facts = o->tables.items[t];
            if (facts->is_consulted && !map_get(&taken, facts->key) &&
                (!best || weight(facts) > weight(best)))
                best = facts;
        }
        if (!best)
            break;
        map_set(o->scratch, &taken, best->key, o);
        VEC_PUSH(o->scratch, &names, best->code);
        if (said < 3) {
            Str place = refer(o, scope, best->table->name.place);
            if (!str_is_empty(place))
                VEC_PUSH(o->scratch, &places, place);
        }
    }
    scope->value = str_format(
        o->out, "%s " STR_FMT "%s",
        o->n_consulted > names.n ? "around"
        : names.n == 1           ? "the table"
                                 : "the tables",
        STR_ARG(list_codes(o, &names, N_NAMED)),
        o->n_queries > 0
            ? str_to_c(o->scratch, str_format(o->scratch, "; %s",
                                              str_to_c(o->scratch, count_of(o, o->n_queries,
                                                                            "query", "queries"))))
            : "");
    scope->evidence = places.n > 0 ? str_join(o->out, places.items, places.n, STR(", "))
                                   : STR("no table's definition is in the sources");
}

/* ---- complexity ---- */

typedef struct {
    uint8_t *state; /* 0 new, 1 on the path, 2 done */
    uint32_t *depth;
    uint32_t *path; /* indexes of tables */
    uint32_t n_path;
    StrVec cycle; /* the first one met, as code spans */
} Walk;

static uint32_t index_of(const Offline *o, const Table *table)
{
    const TableFacts *facts = facts_of(o, table);
    for (uint32_t t = 0; facts && t < o->tables.n; t++)
        if (o->tables.items[t] == facts)
            return t;
    return UINT32_MAX;
}

/* The longest chain of foreign keys from a table, and the first cycle met. */
static uint32_t chain_depth(Offline *o, Walk *walk, uint32_t t)
{
    enum { MAX_DEPTH = 500 };
    if (walk->state[t] == 2)
        return walk->depth[t];
    if (walk->n_path >= MAX_DEPTH)
        return 0;
    walk->state[t] = 1;
    walk->path[walk->n_path++] = t;
    uint32_t deepest = 0;
    const ForeignKeyVec *keys = &o->tables.items[t]->table->foreign_keys;
    for (uint32_t i = 0; i < keys->n; i++) {
        uint32_t target = index_of(o, keys->items[i]->target);
        if (target == UINT32_MAX || target == t)
            continue;
        if (walk->state[target] == 1) {
            for (uint32_t k = 0; k < walk->n_path && walk->cycle.n == 0; k++)
                if (walk->path[k] == target)
                    for (uint32_t c = k; c < walk->n_path; c++)
                        VEC_PUSH(o->scratch, &walk->cycle, o->tables.items[walk->path[c]]->code);
            continue;
        }
        uint32_t depth = 1 + chain_depth(o, walk, target);
        deepest = depth > deepest ? depth : deepest;
    }
    walk->n_path--;
    walk->state[t] = 2;
    walk->depth[t] = deepest;
    return deepest;
}

static void assess_complexity(Offline *o)
{
    Walk walk = {.state = ARENA_ARRAY(o->scratch, uint8_t, o->tables.n + 1),
                 .depth = ARENA_ARRAY(o->scratch, uint32_t, o->tables.n + 1),
                 .path = ARENA_ARRAY(o->scratch, uint32_t, o->tables.n + 1)};
    uint32_t deepest = 0, n_keys = 0, n_code = o->schema->functions.n;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        if (!facts->is_consulted)
            continue;
        uint32_t depth = chain_depth(o, &walk, t);
        deepest = depth > deepest ? depth : deepest;
        n_keys += facts->table->foreign_keys.n;
        n_code += facts->table->triggers.n + facts->table->policies.n;
    }
    Assessment *complexity = assess(o, ASSESSMENT_COMPLEXITY);
    int score = (o->n_consulted > 20) + (o->n_consulted > 60) + (n_keys > 30) + (n_keys > 100) +
                (deepest > 4) + (walk.cycle.n > 0) + (n_code > 10) + (n_code > 40);
    complexity->value = str_format(o->out, "%s: %s, depth %u, %s",
                                   score >= 4   ? "high"
                                   : score >= 2 ? "medium"
                                                : "low",
                                   str_to_c(o->scratch, count_of(o, n_keys, "foreign key", NULL)),
                                   deepest, walk.cycle.n > 0 ? "a cycle" : "no cycle");
    if (walk.cycle.n > 0)
        complexity->evidence =
            str_format(o->out, "cycle of " STR_FMT "; %s", STR_ARG(list_codes(o, &walk.cycle, 5)),
                       str_to_c(o->scratch, count_of(o, n_code, "function, trigger or policy",
                                                     "functions, triggers and policies")));
    else
        complexity->evidence =
            str_format(o->out, "%s",
                       str_to_c(o->scratch, count_of(o, n_code, "function, trigger or policy",
                                                     "functions, triggers and policies")));
}

/* ---- context ---- */

static void assess_context(Offline *o)
{
    static const char *const wanted[] = {"supabase", "prisma",    "@prisma/client", "drizzle-orm",
                                         "typeorm",  "sequelize", "sqlalchemy",     "flask",
                                         "django",   "next",      "express",        "postgres",
                                         "mysql",    "mariadb",   "redis"};
    const ServerVersion version = o->snapshot->database.version;
    Assessment *context = assess(o, ASSESSMENT_CONTEXT);
    bool is_configured = o->input->config && (o->schema->dialect == DIALECT_POSTGRESQL
                                                  ? o->input->config->postgresql_version.major > 0
                                                  : o->schema->dialect == DIALECT_MYSQL &&
                                                        o->input->config->mysql_version.major > 0);
    Str title = dialect_title(o->schema->dialect);
    context->value = version.major == 0
                         ? str_copy(o->out, title)
                         : str_format(o->out, STR_FMT " %u%s", STR_ARG(title), version.major,
                                      is_configured ? "" : " (assumed)");
    StrVec facts = {0};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted && facts.n < 5; i++) {
        const StackFact *fact = stack_fact(o, wanted[i]);
        if (fact)
            VEC_PUSH(o->scratch, &facts, stack_cite(o, fact));
    }
    const ProjectDatabase *database = o->input->database;
    const char *why = "the text";
    if (database && database->dialect_evidence == DIALECT_FROM_CONFIG)
        why = "lintel.yaml";
    else if (database && database->dialect_evidence == DIALECT_FROM_LAYOUT)
        why = "the layout of its files";
    else if (database && database->dialect_evidence == DIALECT_ASSUMED)
        why = "nothing that says otherwise";
    if (facts.n > 0)
        context->evidence = str_join(o->out, facts.items, facts.n, STR(", "));
    else
        context->evidence =
            str_format(o->out, "product by %s; no package or container file says more", why);
}

/* ---- stage ---- */

static void assess_stage(Offline *o)
{
    uint32_t n_migrations = 0;
    Str first = {0}, last = {0};
    for (uint32_t i = 0; i < o->snapshot->sources.n; i++) {
        const Source *source = &o->snapshot->sources.items[i];
        if (source->role != SOURCE_MIGRATION)
            continue;
        first = n_migrations == 0 ? source->path : first;
        last = source->path;
        n_migrations++;
    }
    Assessment *stage = assess(o, ASSESSMENT_STAGE);
    if (n_migrations == 0) {
        stage->value = STR("design: definitions only");
        stage->evidence =
            str_format(o->out, "%s, no migration",
                       str_to_c(o->scratch, count_of(o, o->snapshot->sources.n, "source", NULL)));
        return;
    }
    bool is_grown = n_migrations > 5;
    stage->value =
        str_format(o->out, "%s: %s",
                   is_grown ? "optimization of a schema in use" : "design, with a history begun",
                   str_to_c(o->scratch, count_of(o, n_migrations, "migration", NULL)));
    if (n_migrations == 1)
        stage->evidence = short_path(o, shown_path(o, first));
    else
        stage->evidence = str_format(o->out, STR_FMT " \xe2\x80\xa6 " STR_FMT,
                                     STR_ARG(short_path(o, shown_path(o, first))),
                                     STR_ARG(short_path(o, shown_path(o, last))));
}

void offline_assessment(Offline *o)
{
    assess_size(o);
    assess_scope(o);
    assess_complexity(o);
    assess_context(o);
    assess_stage(o);
}
