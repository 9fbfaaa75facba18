/* The dialect of a database: configuration, then the layout's own word, then the words of its
 * folders and files, then what the text shows, then PostgreSQL. */
#include "project/discover.h"
#include "project/path.h"

enum { EVIDENCE_FILES = 100 }; /* of a database: enough to be sure */

/* provider = "postgresql", in a lock file or a datasource block. */
static bool provider_in(Str text, Str block, Dialect *dialect)
{
    uint32_t at = str_is_empty(block) ? 0 : str_find(text, block, 0);
    while (at != UINT32_MAX && (at = str_find(text, STR("provider"), at)) != UINT32_MAX) {
        at += 8;
        while (at < text.length && strchr(" \t=", text.data[at]))
            at++;
        if (at >= text.length || text.data[at] != '"')
            continue;
        uint32_t end = str_find(text, STR("\""), at + 1);
        if (end == UINT32_MAX)
            return false;
        return dialect_from_name(str_slice(text, at + 1, end), dialect);
    }
    return false;
}

static bool prisma_provider(Discovery *d, const ProjectDatabase *database, Dialect *dialect)
{
    const FoundFile *lock = discover_marker(d, database->folder, STR("migration_lock.toml"));
    if (lock && provider_in(discover_marker_text(d, lock), STR(""), dialect))
        return true;
    Str above = path_folder(database->folder), rest;
    for (uint32_t i = 0; i < d->others.n; i++) {
        const FoundFile *file = &d->others.items[i];
        bool is_near =
            path_is_below(above, file->folder, &rest) && str_find(rest, STR("/"), 0) == UINT32_MAX;
        if (is_near && str_ends_with(file->path, STR(".prisma")) &&
            provider_in(discover_marker_text(d, file), STR("datasource"), dialect))
            return true;
    }
    return false;
}

/* A part of the path that is a dialect's name: ".../postgres/001.sql", "schema.mysql.sql",
 * "sqlite-schema.sql". The last one counts. */
static bool dialect_in_path(Str path, Dialect *dialect)
{
    bool is_found = false;
    uint32_t start = 0;
    for (uint32_t i = 0; i <= path.length; i++) {
        if (i < path.length && !strchr("/-_. ", path.data[i]))
            continue;
        Str word = str_slice(path, start, i);
        if (word.length >= 2 && dialect_from_name(word, dialect))
            is_found = true;
        start = i + 1;
    }
    return is_found;
}

static bool dialect_in_names(const Discovery *d, const ProjectDatabase *database, Dialect *dialect)
{
    if (database->layout == LAYOUT_FILE && database->sources.n)
        return dialect_in_path(database->sources.items[0].path, dialect);
    if (str_is_empty(database->folder)) /* the root: what it is called counts as a whole */
        return dialect_from_name(path_name(d->project->root), dialect);
    return dialect_in_path(database->folder, dialect);
}

static bool dialect_in_text(Discovery *d, const ProjectDatabase *database, Dialect *dialect)
{
    Evidence all = {0};
    for (uint32_t i = 0; i < database->sources.n && i < EVIDENCE_FILES; i++) {
        Candidate *candidate = discover_candidate(d, database->sources.items[i].path);
        const FileFacts *facts = candidate ? candidate_facts(d, candidate) : NULL;
        for (int j = 0; facts && j < N_DIALECTS; j++)
            all.score[j] += facts->evidence.score[j];
    }
    return evidence_dialect(&all, dialect);
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
    if (database->config && database->config->has_dialect) {
        dialect = database->config->dialect;
        evidence = DIALECT_FROM_CONFIG;
    } else if (database->layout == LAYOUT_ALEMBIC &&
               database->dialect_evidence == DIALECT_FROM_LAYOUT) {
        return; /* by its URL */
    } else if (database->is_supabase ||
               (database->layout == LAYOUT_PRISMA && prisma_provider(d, database, &dialect)) ||
               dialect_in_names(d, database, &dialect)) {
        evidence = DIALECT_FROM_LAYOUT;
    } else if (database->layout == LAYOUT_ALEMBIC &&
               database->dialect_evidence == DIALECT_FROM_TEXT) {
        return;
    } else if (dialect_in_text(d, database, &dialect)) {
        evidence = DIALECT_FROM_TEXT;
    } else if (database->layout == LAYOUT_ALEMBIC && dialect_in_stack(d, &dialect)) {
        evidence = DIALECT_FROM_LAYOUT;
    }
    database->dialect = dialect;
    database->dialect_evidence = evidence;
}
