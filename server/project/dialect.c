/* The dialect of a database: configuration, then the layout's own word, then the words of its
 * folders and files, then what the text shows, then PostgreSQL. */
#include "project/alembic.h"
#include "project/path.h"
#include "project/prisma_files.h"
#include "text/language.h"

enum { EVIDENCE_FILES = 100, HEAD_BYTES = 64 << 10 }; /* of a database: enough to be sure */

/* A lock file says one line: provider = "postgresql". */
static bool provider_of_lock(Str text, Dialect *dialect)
{
    uint32_t start = str_find(text, STR("\""), str_find(text, STR("provider"), 0));
    uint32_t end = start == UINT32_MAX ? start : str_find(text, STR("\""), start + 1);
    return end != UINT32_MAX && dialect_from_name(str_slice(text, start + 1, end), dialect);
}

static bool provider_of_schema(Discovery *d, const Candidate *candidate, Dialect *dialect)
{
    Str provider;
    return prisma_provider_in(discover_marker_text(d, &candidate->found), &provider) &&
           dialect_from_name(provider, dialect);
}

/* Its own schema's provider, then the lock file's, then that of a schema near its folder. */
static bool prisma_provider(Discovery *d, const ProjectDatabase *database, Dialect *dialect)
{
    for (uint32_t i = 0; i < database->sources.n; i++) {
        for (uint32_t j = 0; database->sources.items[i].role == SOURCE_MODEL && j < d->n_prisma;
             j++) {
            if (str_equal(d->prisma[j].found.path, database->sources.items[i].path) &&
                provider_of_schema(d, &d->prisma[j], dialect))
                return true;
        }
    }
    const FoundFile *lock = discover_marker(d, database->folder, STR("migration_lock.toml"));
    if (lock && provider_of_lock(discover_marker_text(d, lock), dialect))
        return true;
    Str above = path_folder(database->folder), rest;
    for (uint32_t i = 0; i < d->n_prisma; i++) {
        Str folder = d->prisma[i].found.folder;
        bool is_near =
            path_is_below(above, folder, &rest) && str_find(rest, STR("/"), 0) == UINT32_MAX;
        if (is_near && provider_of_schema(d, &d->prisma[i], dialect))
            return true;
    }
    return false;
}

static bool is_foreign_name(Str word)
{
    static const char *const names[] = {"bigquery",  "cassandra", "clickhouse", "db2",
                                        "firebird",  "hsqldb",    "informix",   "redshift",
                                        "snowflake", "sybase",    "teradata"};
    return str_is_among_ignore_case(word, names, sizeof names / sizeof *names);
}

/* A part of the path that is a dialect's name: ".../postgres/001.sql", "schema.mysql.sql",
 * "sqlite-schema.sql". The last one counts; it may be of a product that we do not read. */
static bool dialect_in_path(Str path, Dialect *dialect, bool *is_foreign)
{
    bool is_found = false;
    *is_foreign = false;
    uint32_t start = 0;
    for (uint32_t i = 0; i <= path.length; i++) {
        if (i < path.length && !strchr("/-_. ", path.data[i]))
            continue;
        Str word = str_slice(path, start, i);
        if (word.length >= 2 && dialect_from_name(word, dialect)) {
            is_found = true;
            *is_foreign = false;
        } else if (is_foreign_name(word)) {
            *is_foreign = true;
            is_found = false;
        }
        start = i + 1;
    }
    return is_found;
}

static bool dialect_in_names(const Discovery *d, const ProjectDatabase *database, Dialect *dialect,
                             bool *is_foreign)
{
    if (database->layout == LAYOUT_FILE && database->sources.n)
        return dialect_in_path(database->sources.items[0].path, dialect, is_foreign);
    if (str_is_empty(database->folder)) { /* the root: what it is called counts as a whole */
        Str name = path_name(d->project->root);
        *is_foreign = is_foreign_name(name);
        return dialect_from_name(name, dialect);
    }
    return dialect_in_path(database->folder, dialect, is_foreign);
}

static Evidence evidence_of(Discovery *d, const ProjectDatabase *database)
{
    Evidence all = {0};
    for (uint32_t i = 0; i < database->sources.n && i < EVIDENCE_FILES; i++) {
        Candidate *candidate = discover_candidate(d, database->sources.items[i].path);
        const FileFacts *facts = candidate ? candidate_facts(d, candidate) : NULL;
        for (int j = 0; facts && j < N_EVIDENCE; j++)
            all.score[j] += facts->evidence.score[j];
    }
    return all;
}

static bool dialect_in_text(Discovery *d, const ProjectDatabase *database, Dialect *dialect)
{
    Evidence all = evidence_of(d, database);
    return evidence_dialect(&all, dialect);
}

bool discover_is_foreign(Discovery *d, const ProjectDatabase *database)
{
    bool is_told = database->config && database->config->has_dialect;
    bool is_told_by_layout =
        database->layout == LAYOUT_CONFIGURED || database->layout == LAYOUT_PRISMA ||
        database->layout == LAYOUT_SUPABASE || database->layout == LAYOUT_DRIZZLE ||
        database->layout == LAYOUT_ALEMBIC || database->layout == LAYOUT_SQLALCHEMY;
    if (is_told || is_told_by_layout || database->is_supabase || database->sources.n == 0)
        return false;
    Dialect dialect;
    bool is_foreign = false, is_ours = dialect_in_names(d, database, &dialect, &is_foreign);
    Str root = d->project->root;
    is_foreign = is_foreign || is_foreign_name(path_name(root)) ||
                 is_foreign_name(path_name(path_folder(root)));
    if (is_ours || is_foreign)
        return !is_ours;
    Evidence all = evidence_of(d, database);
    return evidence_is_foreign(&all);
}

static bool has_prisma(const ProjectDatabase *database)
{
    bool has_model = false;
    for (uint32_t i = 0; i < database->sources.n; i++)
        has_model |= file_language(database->sources.items[i].path) == FILE_PRISMA;
    return has_model || database->layout == LAYOUT_PRISMA;
}

/* Without revisions, what the models import says it as well. */
static bool dialect_in_models(Discovery *d, const ProjectDatabase *database, Dialect *dialect)
{
    uint32_t score[N_DIALECTS] = {0};
    for (uint32_t i = 0; i < database->sources.n && i < EVIDENCE_FILES; i++) {
        const ProjectSource *source = &database->sources.items[i];
        if (source->role != SOURCE_MODEL || file_language(source->path) != FILE_PYTHON)
            continue;
        Text *text = files_read_head(path_join(d->scratch, d->project->root, source->path),
                                     d->options->open, HEAD_BYTES, NULL);
        if (text)
            alembic_add_evidence(score, text_bytes(text));
        text_release(text);
    }
    uint32_t best = 0;
    for (int i = 0; i < N_DIALECTS; i++) {
        if (score[i] > best) {
            best = score[i];
            *dialect = (Dialect)i;
        }
    }
    return best > 0;
}

/* Drivers and containers, where they all are of one dialect. */
static bool dialect_in_stack(const Discovery *d, Dialect *dialect)
{
    static const struct {
        const char *name;
        Dialect dialect;
    } signs[] = {
        {"psycopg", DIALECT_POSTGRESQL},  {"psycopg2", DIALECT_POSTGRESQL},
        {"asyncpg", DIALECT_POSTGRESQL},  {"psycopg2-binary", DIALECT_POSTGRESQL},
        {"postgres", DIALECT_POSTGRESQL}, {"postgis", DIALECT_POSTGRESQL},
        {"pymysql", DIALECT_MYSQL},       {"mysqlclient", DIALECT_MYSQL},
        {"aiomysql", DIALECT_MYSQL},      {"mysql", DIALECT_MYSQL},
        {"mariadb", DIALECT_MYSQL},
    };
    DialectSet seen = 0;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (stack_find(&d->project->stack, str_from(signs[i].name)))
            seen |= 1u << (*dialect = signs[i].dialect);
    }
    return seen == IN_POSTGRESQL || seen == IN_MYSQL;
}

void discover_dialect(Discovery *d, ProjectDatabase *database)
{
    if (database->layout == LAYOUT_CONFIGURED && database->dialect_evidence == DIALECT_FROM_CONFIG)
        return;
    Dialect dialect = DIALECT_POSTGRESQL;
    DialectEvidence evidence = DIALECT_ASSUMED;
    bool is_foreign;
    if (database->config && database->config->has_dialect) {
        dialect = database->config->dialect;
        evidence = DIALECT_FROM_CONFIG;
    } else if (database->layout == LAYOUT_ALEMBIC &&
               database->dialect_evidence == DIALECT_FROM_LAYOUT) {
        return; /* by its URL */
    } else if (database->is_supabase ||
               (has_prisma(database) && prisma_provider(d, database, &dialect)) ||
               dialect_in_names(d, database, &dialect, &is_foreign)) {
        evidence = DIALECT_FROM_LAYOUT;
    } else if (database->layout == LAYOUT_ALEMBIC &&
               database->dialect_evidence == DIALECT_FROM_TEXT) {
        return;
    } else if (dialect_in_text(d, database, &dialect)) {
        evidence = DIALECT_FROM_TEXT;
    } else if (dialect_in_models(d, database, &dialect)) {
        evidence = DIALECT_FROM_TEXT;
    } else if ((database->layout == LAYOUT_ALEMBIC || database->layout == LAYOUT_SQLALCHEMY) &&
               dialect_in_stack(d, &dialect)) {
        evidence = DIALECT_FROM_LAYOUT;
    }
    database->dialect = dialect;
    database->dialect_evidence = evidence;
}
