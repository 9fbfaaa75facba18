/* Finding Alembic's environments
 *
 *     alembic.ini            [alembic] script_location, version_locations, sqlalchemy.url
 *     migrations/env.py      an environment: its revisions are in versions/ beside it
 *     migrations/versions/   *.py with `revision = "…"`
 *
 * An environment is a folder with env.py and versions/, whatever names it: alembic.ini (beside it,
 * above it, or in it, as Flask-Migrate does), a package's resource, a program. The settings only
 * add to it: more folders of revisions and the dialect. A folder called versions that holds
 * revisions is taken without env.py too: only it may be what we were asked to look at.
 *
 * Alembic does not enter folders below versions/ unless it is told so, mostly in a program
 * (env.py) that we cannot run. So what stands in them counts where it hangs together with the
 * rest (project/revision_order.h): a release's folder does, a drawer of squashed revisions does
 * not. */
#include "project/alembic.h"

#include "base/map.h"
#include "project/path.h"
#include "project/revision_order.h"
#include "project/settings_text.h"

enum {
    HEAD_BYTES = 64 << 10, /* the identifiers stand at the beginning, below a doc string */
    MAX_INI_BYTES = 1 << 20,
    MAX_LOCATION_LINES = 64,
    URL_WEIGHT = 1000000, /* a URL says more than any number of revisions */
};

typedef struct {
    Candidate *candidate;
    bool is_sure;
} RevisionFile;
typedef Vec(RevisionFile) RevisionFileVec;

typedef struct {
    Str folder; /* with env.py */
    const Config *config;
    bool is_recursive;
    bool has_dialect; /* by its URL */
    Dialect dialect;
    TransactionMode transactions;
    RevisionFileVec files;
} Environment;
typedef Vec(Environment *) EnvironmentVec;

typedef struct {
    Discovery *d;
    EnvironmentVec environments;
    StrMap by_folder;   /* script folder -> Environment */
    StrMap by_versions; /* folder of revisions -> Environment */
} Search;

/* ---- environments ---- */

static Environment *environment_of(Search *search, Str folder, const Config *config)
{
    Environment *environment = map_get(&search->by_folder, folder);
    if (environment)
        return environment;
    environment = ARENA_NEW(search->d->scratch, Environment);
    environment->folder = str_copy(&search->d->project->arena, folder);
    environment->config = config;
    environment->transactions = TRANSACTION_PER_FILE;
    VEC_PUSH(search->d->scratch, &search->environments, environment);
    map_set(search->d->scratch, &search->by_folder, environment->folder, environment);
    return environment;
}

static void add_versions(Search *search, Environment *environment, Str folder)
{
    if (!map_get(&search->by_versions, folder))
        map_set(search->d->scratch, &search->by_versions, folder, environment);
}

static bool holds_programs(const Search *search, Str folder)
{
    const FolderVec *folders = &search->d->program_folders;
    for (uint32_t i = 0; i < folders->n; i++) {
        Str rest;
        if (path_is_below(folder, folders->items[i].path, &rest))
            return true;
    }
    return false;
}

/* Where a setting leads: "%(here)s/x" and "x" from the file's folder (Alembic takes the second
 * from where it is started, which is that folder mostly), "package.part:x" by the end of the
 * path. Absent: to nothing that we can see. */
static Str resolve(Search *search, Str written, Str folder, Str ending)
{
    Arena *scratch = search->d->scratch;
    Str here = STR("%(here)s");
    if (str_starts_with(written, here)) {
        written = str_slice(written, here.length, written.length);
        while (str_starts_with(written, STR("/")))
            written = str_slice(written, 1, written.length);
    }
    uint32_t colon = str_find(written, STR(":"), 0);
    if (colon == UINT32_MAX) {
        Str below = path_normal(scratch, path_join(scratch, STR("/"), folder));
        below = path_normal(scratch, path_join(scratch, below, written));
        return str_slice(below, 1, below.length);
    }
    char *package = str_to_c(scratch, str_slice(written, 0, colon));
    for (char *c = package; *c; c++)
        *c = *c == '.' ? '/' : *c;
    Str path = path_join(scratch, str_from(package), str_slice(written, colon + 1, written.length));
    Str whole = path_join(scratch, path, ending);
    for (uint32_t i = 0; i < search->d->program_folders.n; i++) {
        Str candidate = search->d->program_folders.items[i].path;
        if (str_equal(candidate, whole) ||
            str_ends_with(candidate, str_format(scratch, "/" STR_FMT, STR_ARG(whole))))
            return str_slice(candidate, 0,
                             candidate.length - (ending.length ? ending.length + 1 : 0));
    }
    return (Str){0};
}

static void read_url(Environment *environment, Str url)
{
    uint32_t end = 0;
    while (end < url.length && url.data[end] != '+' && url.data[end] != ':')
        end++;
    environment->has_dialect =
        end < url.length && dialect_from_name(str_slice(url, 0, end), &environment->dialect);
}

/* One line of locations, divided as the settings say. */
static void add_locations(Search *search, Environment *environment, Str line, Str separator,
                          Str folder)
{
    bool is_path = str_equal(separator, STR("os")) || str_equal(separator, STR(":"));
    const char *between = is_path                              ? ":"
                          : str_equal(separator, STR(";"))     ? ";"
                          : str_equal(separator, STR("space")) ? " \t"
                                                               : " ,\t";
    uint32_t start = 0;
    for (uint32_t i = 0; i <= line.length; i++) {
        if (i < line.length && !strchr(between, line.data[i]))
            continue;
        Str written = str_trim(str_slice(line, start, i));
        start = i + 1;
        Str path = written.length ? resolve(search, written, folder, STR("")) : (Str){0};
        if (path.length)
            add_versions(search, environment, path);
    }
}

/* [alembic] of alembic.ini, [tool.alembic] of pyproject.toml. */
static void read_settings(Search *search, const FoundFile *file, Str section)
{
    Discovery *d = search->d;
    Str text = discover_marker_text(d, file);
    if (!str_contains(text, section))
        return;
    text = str_slice(text, 0, MAX_INI_BYTES);
    Str script = settings_value(d->scratch, text, section, STR("script_location"));
    Str folder = file->folder;
    if (!str_is_absent(script))
        folder = resolve(search, script, file->folder, STR("versions"));
    if (str_is_absent(folder))
        return;
    Environment *environment = environment_of(search, folder, file->config);
    SettingLineVec locations = settings_values(d->scratch, text, section, STR("version_locations"));
    Str separator = settings_value(d->scratch, text, section, STR("version_path_separator"));
    if (str_is_absent(separator))
        separator = settings_value(d->scratch, text, section, STR("path_separator"));
    for (uint32_t i = 0; i < locations.n && i < MAX_LOCATION_LINES; i++)
        add_locations(search, environment, locations.items[i], separator, file->folder);
    environment->is_recursive = str_equal_ignore_case(
        settings_value(d->scratch, text, section, STR("recursive_version_locations")), STR("true"));
    read_url(environment, settings_value(d->scratch, text, section, STR("sqlalchemy.url")));
}

/* "transactional_ddl=False", an AUTOCOMMIT connection: what env.py says of transactions. */
static TransactionMode transactions_of(Str program)
{
    Str line;
    while (str_next_line(&program, &line)) {
        line = str_trim(line);
        if (str_starts_with(line, STR("#")))
            continue;
        uint32_t at = str_find(line, STR("transactional_ddl"), 0);
        Str rest = at == UINT32_MAX ? STR("") : str_slice(line, at + 17, line.length);
        rest = str_trim(rest);
        bool is_off = str_starts_with(rest, STR("=")) &&
                      str_starts_with(str_trim(str_slice(rest, 1, rest.length)), STR("False"));
        if (is_off ||
            (str_contains(line, STR("isolation_level")) && str_contains(line, STR("AUTOCOMMIT"))))
            return TRANSACTION_NONE;
    }
    return TRANSACTION_PER_FILE;
}

static void find_environments(Search *search)
{
    Discovery *d = search->d;
    for (uint32_t i = 0; i < d->others.n; i++) {
        const FoundFile *file = &d->others.items[i];
        Str name = path_name(file->path);
        if (str_equal(name, STR("alembic.ini")))
            read_settings(search, file, STR("[alembic]"));
        else if (str_equal(name, STR("pyproject.toml")))
            read_settings(search, file, STR("[tool.alembic]"));
        else if (str_equal(name, STR("env.py")) &&
                 holds_programs(search, path_join(d->scratch, file->folder, STR("versions"))))
            environment_of(search, file->folder, file->config)->transactions =
                transactions_of(discover_marker_text(d, file));
    }
    for (uint32_t i = 0; i < d->program_folders.n; i++) {
        const Folder *folder = &d->program_folders.items[i];
        if (str_equal(path_name(path_join(d->scratch, d->project->root, folder->path)),
                      STR("versions")) &&
            folder->path.length)
            (void)environment_of(search, path_folder(folder->path),
                                 d->programs[folder->first].found.config);
    }
    for (uint32_t i = 0; i < search->environments.n; i++) {
        Environment *environment = search->environments.items[i];
        add_versions(search, environment,
                     path_join(d->scratch, environment->folder, STR("versions")));
    }
}

/* ---- revisions ---- */

static void share_files(Search *search)
{
    Discovery *d = search->d;
    for (uint32_t i = 0; i < d->n_programs; i++) {
        Candidate *candidate = &d->programs[i];
        if (candidate->is_taken)
            continue;
        bool is_direct = true;
        for (Str folder = candidate->found.folder;; folder = path_folder(folder)) {
            Environment *environment = map_get(&search->by_versions, folder);
            if (environment) {
                VEC_PUSH(d->scratch, &environment->files,
                         ((RevisionFile){.candidate = candidate,
                                         .is_sure = is_direct || environment->is_recursive}));
                break;
            }
            if (folder.length == 0)
                break;
            is_direct = false;
        }
    }
}

void alembic_add_evidence(uint32_t score[N_DIALECTS], Str text)
{
    static const struct {
        const char *word;
        Dialect dialect;
    } marks[] = {
        {"import postgresql", DIALECT_POSTGRESQL},
        {"dialects.postgresql", DIALECT_POSTGRESQL},
        {"postgresql_", DIALECT_POSTGRESQL},
        {"JSONB", DIALECT_POSTGRESQL},
        {"import mysql", DIALECT_MYSQL},
        {"dialects.mysql", DIALECT_MYSQL},
        {"mysql_", DIALECT_MYSQL},
        {"import mssql", DIALECT_SQLSERVER},
        {"dialects.mssql", DIALECT_SQLSERVER},
        {"import sqlite", DIALECT_SQLITE},
        {"PRAGMA", DIALECT_SQLITE},
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (str_contains(text, str_from(marks[i].word)))
            score[marks[i].dialect]++;
    }
}

typedef struct {
    RevisionFileVec files; /* those that are revisions */
    Vec(Revision) revisions;
    Vec(bool) is_sure;
    uint32_t score[N_DIALECTS];
} Revisions;

static void read_revision(Discovery *d, Revisions *all, RevisionFile file)
{
    Str path = path_join(d->scratch, d->project->root, file.candidate->found.path);
    Text *text = files_read_head(path, d->options->open, HEAD_BYTES, NULL);
    if (!text)
        return;
    Str bytes = str_copy(d->scratch, text_bytes(text));
    text_release(text);
    Revision revision = revision_scan(d->scratch, bytes);
    if (str_is_absent(revision.revision))
        return;
    VEC_PUSH(d->scratch, &all->files, file);
    VEC_PUSH(d->scratch, &all->revisions, revision);
    VEC_PUSH(d->scratch, &all->is_sure, file.is_sure);
    alembic_add_evidence(all->score, bytes);
}

static void take_revisions(Discovery *d, ProjectDatabase *database, const Revisions *all,
                           TransactionMode transactions)
{
    uint32_t *order = ARENA_ARRAY(d->scratch, uint32_t, all->files.n + 1);
    uint32_t n =
        revision_order(d->scratch, all->revisions.items, all->is_sure.items, all->files.n, order);
    for (uint32_t i = 0; i < n; i++) {
        discover_take(d, database, all->files.items[order[i]].candidate, SOURCE_MIGRATION);
        ProjectSource *source = VEC_LAST(&database->sources);
        source->transactions = transactions;
        source->revision = revision_hash(&all->revisions.items[order[i]]);
    }
}

/* A URL to a SQLite file is what a developer's machine has; the revisions know better. */
static void set_dialect(ProjectDatabase *database, const Environment *environment,
                        uint32_t score[N_DIALECTS])
{
    if (environment->has_dialect)
        score[environment->dialect] += environment->dialect == DIALECT_SQLITE ? 1 : URL_WEIGHT;
    uint32_t best = 0;
    database->dialect_evidence = DIALECT_ASSUMED;
    for (int i = 0; i < N_DIALECTS; i++) {
        if (score[i] <= best)
            continue;
        best = score[i];
        database->dialect = (Dialect)i;
        database->dialect_evidence = environment->has_dialect && environment->dialect == (Dialect)i
                                         ? DIALECT_FROM_LAYOUT
                                         : DIALECT_FROM_TEXT;
    }
}

void discover_alembic(Discovery *d)
{
    Search search = {.d = d};
    find_environments(&search);
    share_files(&search);
    for (uint32_t i = 0; i < search.environments.n; i++) {
        Environment *environment = search.environments.items[i];
        Revisions all = {0};
        for (uint32_t j = 0; j < environment->files.n; j++) {
            if (discover_is_cancelled(d))
                return;
            read_revision(d, &all, environment->files.items[j]);
        }
        if (all.files.n == 0)
            continue;
        ProjectDatabase *database =
            discover_add(d, LAYOUT_ALEMBIC, environment->folder, environment->config);
        set_dialect(database, environment, all.score);
        take_revisions(d, database, &all, environment->transactions);
    }
}

void discover_alembic_file(Discovery *d)
{
    Revisions all = {0};
    for (uint32_t i = 0; i < d->n_programs; i++)
        read_revision(d, &all, (RevisionFile){.candidate = &d->programs[i], .is_sure = true});
    if (all.files.n == 0)
        return;
    const FoundFile *found = &all.files.items[0].candidate->found;
    ProjectDatabase *database = discover_add(d, LAYOUT_ALEMBIC, found->folder, found->config);
    set_dialect(database, &(Environment){0}, all.score);
    take_revisions(d, database, &all, TRANSACTION_PER_FILE);
}

uint32_t alembic_revisions_among(Discovery *d, Candidate **files, uint32_t n)
{
    Revisions all = {0};
    for (uint32_t i = 0; i < n; i++)
        read_revision(d, &all, (RevisionFile){.candidate = files[i]});
    for (uint32_t i = 0; i < all.files.n; i++)
        files[i] = all.files.items[i].candidate;
    return all.files.n;
}

void alembic_take_listed(Discovery *d, ProjectDatabase *database, Candidate **files, uint32_t n)
{
    Revisions all = {0};
    for (uint32_t i = 0; i < n; i++)
        read_revision(d, &all, (RevisionFile){.candidate = files[i], .is_sure = true});
    take_revisions(d, database, &all, TRANSACTION_PER_FILE);
}

void alembic_settle_transactions(ProjectDatabase *database)
{
    bool rolls_back =
        database->dialect == DIALECT_POSTGRESQL || database->dialect == DIALECT_SQLSERVER;
    for (uint32_t i = 0; i < database->sources.n && !rolls_back; i++) {
        if (database->sources.items[i].revision)
            database->sources.items[i].transactions = TRANSACTION_NONE;
    }
}
