/* The folders that migration tools know, by what they put there
 *
 *     migration.sql in numbered folders           Prisma (and its lock file)
 *     up.sql in folders                           Diesel
 *     numbered files in folders named by versions versioned
 *     meta/_journal.json                          Drizzle
 *     "-- +goose Up", "-- migrate:up", …          goose, dbmate, node-pg-migrate
 *     "--liquibase formatted sql"                 Liquibase
 *     V1__x.sql                                   Flyway
 *     supabase/migrations                         Supabase
 *     x.up.sql                                    golang-migrate and its kin
 *     atlas.sum                                   Atlas
 *     numbered or dated names                     any of many runners
 *
 * The first that fits takes the files, in the order the tool runs them. How it wraps them in
 * transactions is known for each tool; for plain numbered files it is not. */
#include <stdlib.h>

#include "project/discover.h"
#include "project/path.h"
#include "project/version.h"

typedef struct {
    Candidate **items;
    uint32_t n;
} Files;

static int compare_by_version(const void *left, const void *right)
{
    const Candidate *a = *(Candidate *const *)left, *b = *(Candidate *const *)right;
    return version_compare(a->found.path, b->found.path);
}

static int compare_by_name(const void *left, const void *right)
{
    const Candidate *a = *(Candidate *const *)left, *b = *(Candidate *const *)right;
    return str_compare(a->found.path, b->found.path);
}

/* Baselines first, then versions, repeatable ones last. */
static int compare_flyway(const void *left, const void *right)
{
    static const char kinds[] = "BVR";
    const Candidate *a = *(Candidate *const *)left, *b = *(Candidate *const *)right;
    const char *kind_a = strchr(kinds, a->name.data[0]), *kind_b = strchr(kinds, b->name.data[0]);
    if (kind_a != kind_b)
        return kind_a < kind_b ? -1 : 1;
    return version_compare(a->name, b->name);
}

static void sort(Files *files, int (*compare)(const void *, const void *))
{
    if (files->n)
        qsort(files->items, files->n, sizeof files->items[0], compare);
}

static bool name_contains(Str name, const char *part)
{
    Arena scratch = {0};
    bool result = str_contains(str_lower(&scratch, name), str_from(part));
    arena_release(&scratch);
    return result;
}

static Str absolute(Discovery *d, Str folder)
{
    return path_join(d->scratch, d->project->root, folder);
}

static void skip(Discovery *d, Candidate *candidate)
{
    candidate->is_taken = true;
    VEC_PUSH(&d->project->arena, &d->project->skipped, candidate->found.path);
}

/* Takes the files in their order. `reads`: the text may say which part counts, and that it
 * runs without a transaction. */
static void take_all(Discovery *d, ProjectDatabase *database, const Files *files,
                     TransactionMode transactions, bool reads)
{
    for (uint32_t i = 0; i < files->n; i++) {
        discover_take(d, database, files->items[i], SOURCE_MIGRATION);
        ProjectSource *source = VEC_LAST(&database->sources);
        source->transactions = transactions;
        if (!reads)
            continue;
        const FileFacts *facts = candidate_facts(d, files->items[i]);
        source->parts = facts->parts;
        /* Flyway leaves the transaction away where a statement cannot run in one. */
        if (facts->runs_without_transaction ||
            (database->layout == LAYOUT_FLYWAY && facts->is_concurrent))
            source->transactions = TRANSACTION_NONE;
    }
}

static Files files_of(Discovery *d, const Folder *folder)
{
    Files files = {.items = ARENA_ARRAY(d->scratch, Candidate *, folder->n + 1)};
    for (uint32_t i = 0; i < folder->n; i++) {
        Candidate *candidate = &d->candidates[folder->first + i];
        if (!candidate->is_taken)
            files.items[files.n++] = candidate;
    }
    return files;
}

static Candidate *file_named(Discovery *d, const Folder *folder, Str name)
{
    for (uint32_t i = 0; i < folder->n; i++) {
        Candidate *candidate = &d->candidates[folder->first + i];
        if (!candidate->is_taken && str_equal(candidate->name, name))
            return candidate;
    }
    return NULL;
}

/* ---- layouts with a folder per migration ---- */

/* Files called `name` in the folders directly below `parent`. */
static Files files_below(Discovery *d, Str parent, Str name)
{
    Files files = {.items = ARENA_ARRAY(d->scratch, Candidate *, d->folders.n + 1)};
    for (uint32_t i = 0; i < d->folders.n; i++) {
        const Folder *folder = &d->folders.items[i];
        if (folder->path.length == 0 || !str_equal(path_folder(folder->path), parent))
            continue;
        Candidate *candidate = file_named(d, folder, name);
        if (candidate)
            files.items[files.n++] = candidate;
    }
    return files;
}

static bool take_prisma(Discovery *d, Str parent)
{
    Files files = files_below(d, parent, STR("migration.sql"));
    if (files.n == 0)
        return false;
    bool is_prisma = discover_marker(d, parent, STR("migration_lock.toml")) ||
                     name_contains(path_name(absolute(d, parent)), "migration");
    for (uint32_t i = 0; i < files.n && !is_prisma; i++)
        is_prisma = version_is_numbered(path_name(files.items[i]->found.folder));
    if (!is_prisma)
        return false;
    sort(&files, compare_by_name);
    ProjectDatabase *database =
        discover_add(d, LAYOUT_PRISMA, parent, files.items[0]->found.config);
    take_all(d, database, &files, TRANSACTION_PER_MULTI_FILE, false);
    return true;
}

static bool take_diesel(Discovery *d, Str parent)
{
    Files files = files_below(d, parent, STR("up.sql"));
    if (files.n == 0)
        return false;
    Files down = files_below(d, parent, STR("down.sql"));
    for (uint32_t i = 0; i < down.n; i++)
        skip(d, down.items[i]);
    sort(&files, compare_by_version);
    ProjectDatabase *database =
        discover_add(d, LAYOUT_DIESEL, parent, files.items[0]->found.config);
    take_all(d, database, &files, TRANSACTION_PER_FILE, false);
    for (uint32_t i = 0; i < files.n; i++) {
        const FoundFile *metadata =
            discover_marker(d, files.items[i]->found.folder, STR("metadata.toml"));
        if (metadata &&
            str_contains(discover_marker_text(d, metadata), STR("run_in_transaction = false")))
            database->sources.items[i].transactions = TRANSACTION_NONE;
    }
    return true;
}

static bool take_versioned(Discovery *d, Str parent)
{
    Files files = {.items = ARENA_ARRAY(d->scratch, Candidate *, d->n_candidates + 1)};
    uint32_t n_folders = 0;
    for (uint32_t i = 0; i < d->folders.n; i++) {
        const Folder *folder = &d->folders.items[i];
        if (folder->path.length == 0 || !str_equal(path_folder(folder->path), parent) ||
            !version_is_whole(path_name(folder->path)))
            continue;
        uint32_t before = files.n;
        for (uint32_t j = 0; j < folder->n; j++) {
            Candidate *candidate = &d->candidates[folder->first + j];
            if (!candidate->is_taken && version_is_numbered(candidate->name))
                files.items[files.n++] = candidate;
        }
        n_folders += files.n > before;
    }
    if (n_folders < 2)
        return false;
    sort(&files, compare_by_version);
    ProjectDatabase *database =
        discover_add(d, LAYOUT_VERSIONED, parent, files.items[0]->found.config);
    take_all(d, database, &files, TRANSACTION_UNKNOWN, true);
    return true;
}

/* ---- layouts with files in one folder ---- */

static Files with_direction(Discovery *d, const Files *files)
{
    Files up = {.items = ARENA_ARRAY(d->scratch, Candidate *, files->n + 1)};
    for (uint32_t i = 0; i < files->n; i++) {
        Direction direction = version_direction(files->items[i]->name);
        if (direction == DIRECTION_DOWN)
            skip(d, files->items[i]);
        else if (direction == DIRECTION_UP)
            up.items[up.n++] = files->items[i];
    }
    return up;
}

static Files that_are_numbered(Discovery *d, const Files *files)
{
    Files numbered = {.items = ARENA_ARRAY(d->scratch, Candidate *, files->n + 1)};
    for (uint32_t i = 0; i < files->n; i++) {
        if (!files->items[i]->is_taken && version_is_numbered(files->items[i]->name))
            numbered.items[numbered.n++] = files->items[i];
    }
    return numbered;
}

/* "tag": "0001_name", in the order of the journal. */
static bool take_drizzle(Discovery *d, const Folder *folder, const Files *files)
{
    Str meta = path_join(d->scratch, folder->path, STR("meta"));
    const FoundFile *journal = discover_marker(d, meta, STR("_journal.json"));
    if (!journal)
        return false;
    Str text = discover_marker_text(d, journal);
    Files ordered = {.items = ARENA_ARRAY(d->scratch, Candidate *, files->n + 1)};
    uint32_t at = 0;
    while ((at = str_find(text, STR("\"tag\""), at)) != UINT32_MAX) {
        uint32_t start = str_find(text, STR("\""), at + 5);
        uint32_t end = start == UINT32_MAX ? start : str_find(text, STR("\""), start + 1);
        if (end == UINT32_MAX)
            break;
        Str name = str_format(d->scratch, STR_FMT ".sql", STR_ARG(str_slice(text, start + 1, end)));
        Candidate *candidate = file_named(d, folder, name);
        bool is_new = candidate != NULL;
        for (uint32_t i = 0; i < ordered.n; i++)
            is_new = is_new && ordered.items[i] != candidate;
        if (is_new && ordered.n < files->n)
            ordered.items[ordered.n++] = candidate;
        at = end;
    }
    if (ordered.n == 0)
        return false;
    ProjectDatabase *database =
        discover_add(d, LAYOUT_DRIZZLE, folder->path, ordered.items[0]->found.config);
    take_all(d, database, &ordered, TRANSACTION_PER_FILE, false);
    return true;
}

/* dbmate dumps the schema beside the migrations after each run, with its own table of what has run:
 * that is how the file is known to be of this database. */
static void take_dump(Discovery *d, ProjectDatabase *database, Str parent)
{
    Candidate *candidate = discover_candidate(d, path_join(d->scratch, parent, STR("schema.sql")));
    if (candidate && !candidate->is_taken &&
        str_contains(discover_marker_text(d, &candidate->found), STR("schema_migrations")))
        discover_take(d, database, candidate, SOURCE_SCHEMA);
}

static bool take_by_markers(Discovery *d, const Folder *folder, const Files *files)
{
    Files marked = {.items = ARENA_ARRAY(d->scratch, Candidate *, files->n + 1)};
    Layout layout = LAYOUT_NUMBERED;
    uint32_t n_marked = 0;
    for (uint32_t i = 0; i < files->n; i++) {
        const FileFacts *facts = candidate_facts(d, files->items[i]);
        MigrationParts parts = facts->parts;
        bool is_marked = parts != PARTS_ALL || facts->is_liquibase;
        if (is_marked)
            layout = facts->is_liquibase     ? LAYOUT_LIQUIBASE
                     : parts == PARTS_DBMATE ? LAYOUT_DBMATE
                     : parts == PARTS_GOOSE  ? LAYOUT_GOOSE
                                             : LAYOUT_NUMBERED;
        n_marked += is_marked;
        /* One without markers is being written: it has its number already. */
        if (is_marked || version_is_numbered(files->items[i]->name))
            marked.items[marked.n++] = files->items[i];
    }
    if (n_marked == 0)
        return false;
    sort(&marked, compare_by_version);
    ProjectDatabase *database =
        discover_add(d, layout, folder->path, marked.items[0]->found.config);
    take_all(d, database, &marked, TRANSACTION_PER_FILE, true);
    if (layout == LAYOUT_DBMATE)
        take_dump(d, database, path_folder(folder->path));
    return true;
}

static bool take_flyway(Discovery *d, const Folder *folder, const Files *files)
{
    Files found = {.items = ARENA_ARRAY(d->scratch, Candidate *, files->n + 1)};
    uint32_t n_versioned = 0;
    for (uint32_t i = 0; i < files->n; i++) {
        char kind = version_flyway(files->items[i]->name);
        n_versioned += kind == 'V';
        if (kind != '\0')
            found.items[found.n++] = files->items[i];
    }
    if (n_versioned == 0)
        return false;
    uint32_t n = 0;
    for (uint32_t i = 0; i < found.n; i++) {
        if (found.items[i]->name.data[0] == 'U')
            skip(d, found.items[i]);
        else
            found.items[n++] = found.items[i];
    }
    found.n = n;
    sort(&found, compare_flyway);
    ProjectDatabase *database =
        discover_add(d, LAYOUT_FLYWAY, folder->path, found.items[0]->found.config);
    take_all(d, database, &found, TRANSACTION_PER_FILE, true);
    return true;
}

static bool is_supabase_folder(Discovery *d, Str folder, Str name)
{
    Str path = absolute(d, folder);
    return str_equal(path_name(path), name) &&
           str_equal(path_name(path_folder(path)), STR("supabase"));
}

/* Seeds and declared schemas stand beside the migrations. */
static void take_supabase_seeds(Discovery *d, ProjectDatabase *database, Str parent)
{
    Str seeds = path_join(d->scratch, parent, STR("seeds"));
    for (uint32_t i = 0; i < d->n_candidates; i++) {
        Candidate *candidate = &d->candidates[i];
        bool is_seed = str_equal(candidate->found.folder, seeds) ||
                       (str_equal(candidate->found.folder, parent) &&
                        str_equal(candidate->name, STR("seed.sql")));
        if (is_seed && !candidate->is_taken)
            discover_take(d, database, candidate, SOURCE_SEED);
    }
}

/* The history that the declared schemas are made into; folders come in order, so it is there. */
static ProjectDatabase *supabase_history(Discovery *d, Str parent)
{
    Str migrations = path_join(d->scratch, parent, STR("migrations"));
    for (uint32_t i = 0; i < d->project->databases.n; i++) {
        ProjectDatabase *database = &d->project->databases.items[i];
        if (database->layout == LAYOUT_SUPABASE && str_equal(database->folder, migrations))
            return database;
    }
    return NULL;
}

static bool take_supabase(Discovery *d, const Folder *folder, const Files *files)
{
    bool is_schemas = is_supabase_folder(d, folder->path, STR("schemas"));
    if (!is_schemas && !is_supabase_folder(d, folder->path, STR("migrations")))
        return false;
    ProjectDatabase *database = is_schemas ? supabase_history(d, path_folder(folder->path)) : NULL;
    if (!database)
        database = discover_add(d, LAYOUT_SUPABASE, folder->path, files->items[0]->found.config);
    database->is_supabase = true;
    Files sorted = *files;
    sort(&sorted, compare_by_name);
    if (is_schemas) {
        for (uint32_t i = 0; i < sorted.n; i++)
            discover_take(d, database, sorted.items[i], SOURCE_SCHEMA);
        return true;
    }
    /* The command line tool sends a file as one batch: nothing in it runs outside of a
     * transaction. */
    take_all(d, database, &sorted, TRANSACTION_PER_FILE, false);
    take_supabase_seeds(d, database, path_folder(folder->path));
    return true;
}

static bool take_up_files(Discovery *d, const Folder *folder, const Files *files)
{
    Files up = with_direction(d, files);
    if (up.n == 0)
        return false;
    sort(&up, compare_by_version);
    ProjectDatabase *database =
        discover_add(d, LAYOUT_GOLANG_MIGRATE, folder->path, up.items[0]->found.config);
    take_all(d, database, &up, TRANSACTION_PER_MULTI_FILE, true);
    return true;
}

static bool defines_something(Discovery *d, const Files *files)
{
    for (uint32_t i = 0; i < files->n; i++) {
        if (candidate_facts(d, files->items[i])->evidence.defines)
            return true;
    }
    return false;
}

/* sqlx: a Cargo.toml that names it, up to three folders above. */
static bool is_sqlx(Discovery *d, Str folder)
{
    for (int i = 0; i < 4; i++) {
        const FoundFile *manifest = discover_marker(d, folder, STR("Cargo.toml"));
        if (manifest)
            return str_contains(discover_marker_text(d, manifest), STR("sqlx"));
        if (str_is_empty(folder))
            break;
        folder = path_folder(folder);
    }
    return false;
}

static bool take_numbered(Discovery *d, const Folder *folder, const Files *files)
{
    Files numbered = that_are_numbered(d, files);
    bool is_atlas = discover_marker(d, folder->path, STR("atlas.sum")) != NULL;
    bool is_named = name_contains(path_name(absolute(d, folder->path)), "migrat");
    bool is_layout = is_atlas || (numbered.n > 0 && is_named) ||
                     (numbered.n >= 2 && numbered.n * 10 >= files->n * 6);
    if (!is_layout || numbered.n == 0 || !defines_something(d, &numbered))
        return false;
    sort(&numbered, compare_by_version);
    Layout layout = is_atlas                   ? LAYOUT_ATLAS
                    : is_sqlx(d, folder->path) ? LAYOUT_SQLX
                                               : LAYOUT_NUMBERED;
    ProjectDatabase *database =
        discover_add(d, layout, folder->path, numbered.items[0]->found.config);
    take_all(d, database, &numbered,
             layout == LAYOUT_NUMBERED ? TRANSACTION_UNKNOWN : TRANSACTION_PER_FILE, true);
    return true;
}

/* ---- all of them ---- */

/* Each parent once: where the first of its folders stands. */
static bool is_first_of_parent(const Discovery *d, uint32_t index)
{
    Str parent = path_folder(d->folders.items[index].path);
    for (uint32_t i = 0; i < index; i++) {
        if (d->folders.items[i].path.length &&
            str_equal(path_folder(d->folders.items[i].path), parent))
            return false;
    }
    return true;
}

void discover_layouts(Discovery *d)
{
    for (uint32_t i = 0; i < d->folders.n && !discover_is_cancelled(d); i++) {
        Str path = d->folders.items[i].path;
        if (path.length == 0 || !is_first_of_parent(d, i))
            continue;
        Str parent = path_folder(path);
        if (!take_prisma(d, parent) && !take_diesel(d, parent))
            take_versioned(d, parent);
    }
    for (uint32_t i = 0; i < d->folders.n && !discover_is_cancelled(d); i++) {
        const Folder *folder = &d->folders.items[i];
        Files files = files_of(d, folder);
        if (files.n == 0)
            continue;
        (void)(take_drizzle(d, folder, &files) || take_supabase(d, folder, &files) ||
               take_by_markers(d, folder, &files) || take_flyway(d, folder, &files) ||
               take_up_files(d, folder, &files) || take_numbered(d, folder, &files));
    }
}

void discover_as_migrations(Discovery *d, ProjectDatabase *database, Candidate **items, uint32_t n)
{
    Files files = {.items = items, .n = 0};
    bool is_flyway = n > 0;
    for (uint32_t i = 0; i < n; i++) {
        char kind = version_flyway(items[i]->name);
        bool is_down = version_direction(items[i]->name) == DIRECTION_DOWN || kind == 'U' ||
                       str_equal(items[i]->name, STR("down.sql"));
        is_flyway = is_flyway && kind != '\0';
        if (is_down)
            skip(d, items[i]);
        else
            files.items[files.n++] = items[i];
    }
    sort(&files, is_flyway ? compare_flyway : compare_by_version);
    take_all(d, database, &files, TRANSACTION_UNKNOWN, true);
}
