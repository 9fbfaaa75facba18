#include "project/discover.h"

#include <stdlib.h>

#include "project/alembic.h"
#include "project/parts.h"
#include "project/path.h"
#include "project/prisma_files.h"
#include "project/python_models.h"
#include "project/version.h"

/* Enough to see what a file is: of a dump, the tables come first. */
enum { HEAD_BYTES = 256 << 10 };

FileFacts file_facts(Str text)
{
    text = str_slice(text, 0, HEAD_BYTES);
    FileFacts facts = {.parts = parts_detect(text)};
    evidence_add(&facts.evidence, text);
    Str head = str_trim(str_slice(text, 0, 200));
    facts.is_liquibase =
        str_starts_with(head, STR("--")) && str_contains(head, STR("liquibase formatted sql"));
    facts.runs_without_transaction =
        parts_transactions(text, TRANSACTION_PER_FILE) == TRANSACTION_NONE;
    facts.is_concurrent =
        str_contains(text, STR("CONCURRENTLY")) || str_contains(text, STR("concurrently"));
    return facts;
}

bool discover_is_cancelled(const Discovery *d)
{
    return d->cancel && atomic_load_explicit(d->cancel, memory_order_relaxed);
}

const FileFacts *candidate_facts(Discovery *d, Candidate *candidate)
{
    if (candidate->is_read)
        return &candidate->facts;
    candidate->is_read = true;
    Error err = {0};
    Arena scratch = {0};
    Str path = path_join(&scratch, d->project->root, candidate->found.path);
    Text *text = files_read_head(path, d->options->open, HEAD_BYTES, &err);
    if (text)
        candidate->facts = file_facts(text_bytes(text));
    else
        VEC_PUSH(&d->project->arena, &d->project->problems,
                 ((ProjectProblem){.path = candidate->found.path,
                                   .message = str_copy(&d->project->arena, str_from(err.text))}));
    text_release(text);
    arena_release(&scratch);
    return &candidate->facts;
}

ProjectDatabase *discover_add(Discovery *d, Layout layout, Str folder, const Config *config)
{
    ProjectDatabase *database = VEC_EXTEND(&d->project->arena, &d->project->databases);
    database->layout = layout;
    database->folder = folder;
    database->config = config;
    return database;
}

void discover_take(Discovery *d, ProjectDatabase *database, Candidate *candidate, SourceRole role)
{
    candidate->is_taken = true;
    database->has_migrations = database->has_migrations || role == SOURCE_MIGRATION;
    VEC_PUSH(&d->project->arena, &database->sources,
             ((ProjectSource){.path = candidate->found.path, .role = role}));
}

/* Candidates are sorted as the walk sorted them: by folder, then path. */
static int compare_candidates(const void *left, const void *right)
{
    const Candidate *a = left, *b = right;
    int order = str_compare(a->found.folder, b->found.folder);
    return order ? order : str_compare(a->found.path, b->found.path);
}

Candidate *discover_candidate(const Discovery *d, Str path)
{
    Candidate key = {.found = {.path = path, .folder = path_folder(path)}};
    if (d->n_candidates == 0)
        return NULL;
    return bsearch(&key, d->candidates, d->n_candidates, sizeof key, compare_candidates);
}

const FoundFile *discover_marker(const Discovery *d, Str folder, Str name)
{
    for (uint32_t i = 0; i < d->others.n; i++) {
        const FoundFile *file = &d->others.items[i];
        if (str_equal(file->folder, folder) && str_equal(path_name(file->path), name))
            return file;
    }
    return NULL;
}

Str discover_marker_text(Discovery *d, const FoundFile *file)
{
    Str path = path_join(d->scratch, d->project->root, file->path);
    Text *text = files_read(path, d->options->open, FILES_MAX_BYTES, NULL);
    if (!text)
        return (Str){0};
    Str bytes = str_copy(d->scratch, text_bytes(text));
    text_release(text);
    return bytes;
}

/* ---- databases that the configuration lists ---- */

/* A path of the configuration names a file, a folder, or is a glob over both. */
static bool pattern_names(Str pattern, Str path)
{
    while (str_starts_with(pattern, STR("./")))
        pattern = str_slice(pattern, 2, pattern.length);
    while (str_ends_with(pattern, STR("/")))
        pattern = str_slice(pattern, 0, pattern.length - 1);
    if (str_equal(pattern, STR(".")))
        return true;
    Str rest;
    return (pattern.length && path_is_below(pattern, path, &rest)) || glob_fits(pattern, path);
}

static bool is_listed(const PatternVec *patterns, Str path)
{
    for (uint32_t i = 0; i < patterns->n; i++) {
        if (pattern_names(patterns->items[i], path))
            return true;
    }
    return false;
}

/* A candidate's path seen from the configuration's folder. */
static bool path_from_config(const Discovery *d, const Config *config, const Candidate *candidate,
                             Str *path)
{
    Str absolute = path_join(d->scratch, d->project->root, candidate->found.path);
    return candidate->found.config == config && path_is_below(config->folder, absolute, path);
}

/* Without a `kind`, numbered files are a history and others a definition. */
static DatabaseKind kind_of_files(Candidate *const *files, uint32_t n)
{
    uint32_t n_numbered = 0;
    for (uint32_t i = 0; i < n; i++) {
        Str above = path_name(files[i]->found.folder);
        n_numbered += version_is_numbered(files[i]->name) || version_flyway(files[i]->name) ||
                      version_is_numbered(above) || version_is_whole(above);
    }
    return n > 1 && n_numbered * 2 > n ? KIND_MIGRATIONS : KIND_SCHEMA;
}

typedef struct {
    Candidate **items;
    uint32_t n;
} Listing;

/* Those of `candidates` that one of the patterns names, or (`more`) one of those. */
static Listing list_named(Discovery *d, const Config *config, Candidate *candidates, uint32_t n,
                          const PatternVec *patterns, const PatternVec *more)
{
    Listing named = {.items = ARENA_ARRAY(d->scratch, Candidate *, n + 1)};
    for (uint32_t i = 0; i < n; i++) {
        Str path;
        if (!candidates[i].is_taken && path_from_config(d, config, &candidates[i], &path) &&
            (is_listed(patterns, path) || (more && is_listed(more, path))))
            named.items[named.n++] = &candidates[i];
    }
    return named;
}

static void take_kind(Discovery *d, ProjectDatabase *database, const Listing *files,
                      DatabaseKind kind)
{
    if (kind == KIND_AUTOMATIC)
        kind = kind_of_files(files->items, files->n);
    if (kind == KIND_MIGRATIONS)
        discover_as_migrations(d, database, files->items, files->n);
    for (uint32_t i = 0; i < files->n && kind != KIND_MIGRATIONS; i++)
        discover_take(d, database, files->items[i],
                      kind == KIND_QUERIES ? SOURCE_QUERIES
                      : kind == KIND_SEED  ? SOURCE_SEED
                                           : SOURCE_SCHEMA);
}

static void take_as(Discovery *d, ProjectDatabase *database, const Listing *files, SourceRole role)
{
    for (uint32_t i = 0; i < files->n; i++)
        discover_take(d, database, files->items[i], role);
}

/* Queries are told apart first, then definitions; what is left of the paths has the kind. Prisma's
 * files are models wherever they are named; Python files where they are named as models, and
 * revisions where they are not. */
static void take_listed(Discovery *d, const Config *config, const ConfigDatabase *listed)
{
    Listing queries = list_named(d, config, d->candidates, d->n_candidates, &listed->queries, NULL);
    for (uint32_t i = 0; i < queries.n; i++)
        queries.items[i]->is_taken = true;
    Listing definitions =
        list_named(d, config, d->candidates, d->n_candidates, &listed->models, NULL);
    for (uint32_t i = 0; i < definitions.n; i++)
        definitions.items[i]->is_taken = true;
    Listing files = list_named(d, config, d->candidates, d->n_candidates, &listed->paths, NULL);
    Listing programs = list_named(d, config, d->programs, d->n_programs, &listed->paths, NULL);
    Listing modules = list_named(d, config, d->programs, d->n_programs, &listed->models, NULL);
    Listing asking = list_named(d, config, d->programs, d->n_programs, &listed->queries, NULL);
    Listing prisma = list_named(d, config, d->prisma, d->n_prisma, &listed->models, &listed->paths);
    programs.n = alembic_revisions_among(d, programs.items, programs.n);
    const Listing *all[] = {&files, &programs, &prisma, &modules, &asking, &definitions, &queries};
    const Candidate *first = NULL;
    for (size_t i = 0; i < sizeof all / sizeof *all && !first; i++)
        first = all[i]->n ? all[i]->items[0] : NULL;
    if (!first)
        return;
    ProjectDatabase *database = discover_add(d, LAYOUT_CONFIGURED, first->found.folder, config);
    database->name = listed->name;
    if (listed->has_dialect) {
        database->dialect = listed->dialect;
        database->dialect_evidence = DIALECT_FROM_CONFIG;
    } else {
        database->dialect_evidence = DIALECT_ASSUMED;
    }
    take_kind(d, database, &files, listed->kind);
    alembic_take_listed(d, database, programs.items, programs.n);
    take_as(d, database, &definitions, SOURCE_SCHEMA);
    prisma_take_listed(d, database, prisma.items, prisma.n);
    python_models_take_listed(d, database, modules.items, modules.n, asking.items, asking.n);
    take_as(d, database, &queries, SOURCE_QUERIES);
}

static void take_listed_databases(Discovery *d)
{
    for (uint32_t i = 0; i < d->project->configs.n; i++) {
        const Config *config = d->project->configs.items[i];
        for (uint32_t j = 0; j < config->databases.n; j++)
            take_listed(d, config, &config->databases.items[j]);
        for (uint32_t j = 0; config->databases.n && j < d->n_candidates; j++) {
            if (d->candidates[j].found.config == config)
                d->candidates[j].is_taken = true; /* with a list, nothing else is looked for */
        }
        for (uint32_t j = 0; config->databases.n && j < d->n_programs; j++)
            d->programs[j].is_taken |= d->programs[j].found.config == config;
        for (uint32_t j = 0; config->databases.n && j < d->n_prisma; j++)
            d->prisma[j].is_taken |= d->prisma[j].found.config == config;
    }
}

/* ---- names ---- */

/* "api/db/migrations" is called "api/db", and "db/migrations" like the project itself. */
static Str name_of_folder(const Discovery *d, Str name)
{
    static const char *const last[] = {"migrations", "migration", "migrate",
                                       "sqls",       "versions",  "alembic"};
    static const char *const only[] = {"db", "sql", "database"};
    while (str_is_among_ignore_case(path_name(name), last, sizeof last / sizeof *last))
        name = path_folder(name);
    bool says_nothing =
        str_is_empty(name) || str_is_among_ignore_case(name, only, sizeof only / sizeof *only);
    return says_nothing ? path_name(d->project->root) : name;
}

static Str default_name(const Discovery *d, const ProjectDatabase *database)
{
    if (database->layout == LAYOUT_FILE && database->sources.n)
        return database->sources.items[0].path;
    return name_of_folder(d, database->folder);
}

static bool name_is_used(const Discovery *d, uint32_t before, Str name)
{
    for (uint32_t i = 0; i < before; i++) {
        if (str_equal(d->project->databases.items[i].name, name))
            return true;
    }
    return false;
}

static void name_databases(Discovery *d)
{
    ProjectDatabaseVec *databases = &d->project->databases;
    for (uint32_t i = 0; i < databases->n; i++) {
        ProjectDatabase *database = &databases->items[i];
        Str name = str_is_empty(database->name) ? default_name(d, database) : database->name;
        Str unique = name;
        for (unsigned n = 2; name_is_used(d, i, unique); n++)
            unique = str_format(&d->project->arena, STR_FMT "-%u", STR_ARG(name), n);
        database->name = unique;
    }
}

static int compare_databases(const void *left, const void *right)
{
    const ProjectDatabase *a = left, *b = right;
    return str_compare(a->name, b->name);
}

/* ---- all of it ---- */

static Candidate *list_candidates(Discovery *d, const FoundFileVec *files, FolderVec *folders)
{
    Candidate *candidates = ARENA_ARRAY(d->scratch, Candidate, files->n + 1);
    for (uint32_t i = 0; i < files->n; i++) {
        FoundFile found = files->items[i];
        candidates[i] = (Candidate){.found = found, .name = path_name(found.path)};
        if (folders->n == 0 || !str_equal(VEC_LAST(folders)->path, found.folder))
            VEC_PUSH(d->scratch, folders, ((Folder){.path = found.folder, .first = i}));
        VEC_LAST(folders)->n++;
    }
    return candidates;
}

static void list_files(Discovery *d, const Found *found)
{
    d->candidates = list_candidates(d, &found->schemas, &d->folders);
    d->n_candidates = found->schemas.n;
    d->programs = list_candidates(d, &found->programs, &d->program_folders);
    d->n_programs = found->programs.n;
    FolderVec unused = {0};
    d->prisma = list_candidates(d, &found->prisma, &unused);
    d->n_prisma = found->prisma.n;
}

static void settle_all(Discovery *d)
{
    ProjectDatabaseVec *databases = &d->project->databases;
    uint32_t n = 0;
    for (uint32_t i = 0; i < databases->n; i++) {
        if (discover_is_cancelled(d))
            return;
        if (discover_is_foreign(d, &databases->items[i])) {
            for (uint32_t j = 0; j < databases->items[i].sources.n; j++)
                VEC_PUSH(&d->project->arena, &d->project->foreign,
                         databases->items[i].sources.items[j].path);
            continue;
        }
        databases->items[n] = databases->items[i];
        discover_dialect(d, &databases->items[n]);
        alembic_settle_transactions(&databases->items[n++]);
    }
    databases->n = n;
}

void discover_alone(Project *project, const ProjectOptions *options, const Found *found,
                    Arena *scratch)
{
    Discovery d = {.project = project, .options = options, .scratch = scratch};
    list_files(&d, found);
    discover_alembic_file(&d);
    discover_layouts(&d);
    discover_prisma_file(&d);
    discover_python_model_file(&d);
    discover_loose(&d);
    settle_all(&d);
    name_databases(&d);
}

bool discover(Project *project, const ProjectOptions *options, const Found *found,
              const atomic_bool *cancel, Arena *scratch)
{
    Discovery d = {.project = project,
                   .options = options,
                   .cancel = cancel,
                   .scratch = scratch,
                   .others = found->others};
    list_files(&d, found);
    take_listed_databases(&d);
    discover_alembic(&d);
    discover_layouts(&d);
    discover_prisma(&d);
    discover_python_models(&d);
    discover_loose(&d);
    settle_all(&d);
    bool is_cancelled = discover_is_cancelled(&d);
    name_databases(&d);
    if (project->databases.n)
        qsort(project->databases.items, project->databases.n, sizeof(ProjectDatabase),
              compare_databases);
    return !is_cancelled;
}
