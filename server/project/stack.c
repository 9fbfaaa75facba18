#include "project/stack.h"

#include "project/path.h"
#include "project/stack_read.h"

enum { MAX_FACTS = 1000 };

/* Packages and images that say something about how data is kept or reached. */
static const char *const known_packages[] = {
    /* JavaScript */
    "prisma",
    "@prisma/client",
    "typeorm",
    "sequelize",
    "knex",
    "kysely",
    "drizzle-orm",
    "drizzle-kit",
    "@mikro-orm/core",
    "objection",
    "pg",
    "postgres",
    "pg-promise",
    "pg-boss",
    "node-pg-migrate",
    "db-migrate",
    "mysql",
    "mysql2",
    "mariadb",
    "sqlite3",
    "better-sqlite3",
    "mongodb",
    "mongoose",
    "redis",
    "ioredis",
    "bull",
    "bullmq",
    "memcached",
    "tedious",
    "mssql",
    "@supabase/supabase-js",
    "@supabase/ssr",
    "supabase",
    "@neondatabase/serverless",
    "express",
    "fastify",
    "koa",
    "hono",
    "next",
    "@nestjs/core",
    "@nestjs/typeorm",
    "@nestjs/sequelize",
    /* Python */
    "sqlalchemy",
    "flask-sqlalchemy",
    "flask-migrate",
    "alembic",
    "sqlmodel",
    "peewee",
    "tortoise-orm",
    "django",
    "flask",
    "fastapi",
    "psycopg",
    "psycopg2",
    "psycopg2-binary",
    "asyncpg",
    "pymysql",
    "mysqlclient",
    "aiomysql",
    "aiosqlite",
    "celery",
    "pymongo",
    /* Rust and Go */
    "sqlx",
    "diesel",
    "sea-orm",
    "tokio-postgres",
    "github.com/jackc/pgx",
    "github.com/lib/pq",
    "gorm.io/gorm",
    "github.com/jmoiron/sqlx",
    "github.com/golang-migrate/migrate",
    "github.com/pressly/goose",
    "github.com/redis/go-redis",
    "github.com/go-sql-driver/mysql",
};

static const char *const known_images[] = {
    "postgres", "postgis",    "pgvector",   "timescale", "pgbouncer", "pgcat",
    "mysql",    "mariadb",    "redis",      "valkey",    "memcached", "mongo",
    "elastic",  "opensearch", "clickhouse", "kafka",     "redpanda",  "rabbitmq",
    "nats",     "minio",      "mssql",      "cockroach", "supabase",
};

static const char *const known_variables[] = {
    "DATABASE", "POSTGRES", "PGHOST", "PGUSER",   "PGDATABASE", "MYSQL", "MARIADB",
    "SQLITE",   "REDIS",    "MONGO",  "SUPABASE", "DB_",        "_DB",   "DIRECT_URL",
};

static bool is_listed(Str name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_equal_ignore_case(name, str_from(list[i])))
            return true;
    }
    return false;
}

static bool contains_any(Str name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_contains(name, str_from(list[i])))
            return true;
    }
    return false;
}

typedef struct {
    Arena *out;
    Stack *stack;
    Str path;
} Reader;

static void add(Reader *r, StackKind kind, Str name, Str version, uint32_t line,
                bool is_development)
{
    if (r->stack->facts.n >= MAX_FACTS)
        return;
    StackFact fact = {.kind = kind,
                      .name = kind == STACK_PACKAGE || kind == STACK_IMAGE ? str_lower(r->out, name)
                                                                           : str_copy(r->out, name),
                      .version = str_is_empty(version) ? (Str){0} : str_copy(r->out, version),
                      .path = r->path,
                      .line = line,
                      .is_development = is_development};
    VEC_PUSH(r->out, &r->stack->facts, fact);
}

static void add_package(Reader *r, Str name, Str version, uint32_t line, bool is_development)
{
    if (is_listed(name, known_packages, sizeof known_packages / sizeof *known_packages))
        add(r, STACK_PACKAGE, name, version, line, is_development);
}

/* ---- package.json: a scan over strings and braces, enough for its fixed shape ---- */

static uint32_t string_end(Str text, uint32_t at)
{
    for (at++; at < text.length && text.data[at] != '"'; at++)
        at += text.data[at] == '\\';
    return at < text.length ? at : text.length;
}

static void read_package_json(Reader *r, Str text)
{
    uint32_t depth = 0, line = 1;
    Str key = {0}, section = {0};
    bool is_value = false;
    for (uint32_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        line += c == '\n';
        if (c == '{' || c == '[') {
            if (depth == 1)
                section = key;
            depth++;
            is_value = false;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        } else if (c == ':') {
            is_value = true;
        } else if (c == ',') {
            is_value = false;
        } else if (c == '"') {
            uint32_t end = string_end(text, i);
            Str word = str_slice(text, i + 1, end);
            bool is_development = str_equal(section, STR("devDependencies"));
            if (!is_value)
                key = word;
            else if (depth == 2 && (is_development || str_equal(section, STR("dependencies"))))
                add_package(r, key, word, line, is_development);
            i = end;
        }
    }
}

/* ---- files that are read line by line ---- */

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '@' || c == '/';
}

static Str leading_name(Str line)
{
    uint32_t n = 0;
    while (n < line.length && is_name_char(line.data[n]))
        n++;
    return str_slice(line, 0, n);
}

/* The first version number in what follows a name: ">=2.0,<3", " = \"0.7\"", "==1.4.1". */
static Str version_in(Str rest)
{
    uint32_t start = 0;
    while (start < rest.length && !(rest.data[start] >= '0' && rest.data[start] <= '9'))
        start++;
    uint32_t end = start;
    while (end < rest.length && (is_name_char(rest.data[end]) || rest.data[end] == '*'))
        end++;
    return str_slice(rest, start, end);
}

/* requirements.txt, pyproject.toml, Pipfile, Cargo.toml: a name, then its version. */
static void read_dependency_lines(Reader *r, Str text)
{
    bool is_development = str_contains(path_name(r->path), STR("dev"));
    Str line;
    for (uint32_t number = 1; str_next_line(&text, &line); number++) {
        line = str_trim(line);
        while (line.length && strchr("\"'[", line.data[0]))
            line = str_slice(line, 1, line.length);
        Str name = leading_name(line);
        if (str_is_empty(name) || line.data[0] == '#')
            continue;
        add_package(r, name, version_in(str_slice(line, name.length, line.length)), number,
                    is_development);
    }
}

/* "github.com/jackc/pgx/v5 v5.5.0": the path without its major version. */
static void read_go_mod(Reader *r, Str text)
{
    Str line;
    for (uint32_t number = 1; str_next_line(&text, &line); number++) {
        line = str_trim(line);
        if (str_starts_with(line, STR("require ")))
            line = str_slice(line, 8, line.length);
        Str name = leading_name(line);
        Str version = version_in(str_slice(line, name.length, line.length));
        Str last = path_name(name);
        if (last.length > 1 && last.data[0] == 'v' && last.data[1] >= '0' && last.data[1] <= '9')
            name = path_folder(name);
        add_package(r, name, version, number, false);
    }
}

static void read_compose(Reader *r, Str text)
{
    Str line;
    for (uint32_t number = 1; str_next_line(&text, &line); number++) {
        line = str_trim(line);
        if (!str_starts_with(line, STR("image:")))
            continue;
        Str image = str_trim(str_slice(line, 6, line.length));
        if (image.length && strchr("\"'", image.data[0]))
            image = str_slice(image, 1, image.length - 1);
        uint32_t at = str_find(image, STR("@"), 0);
        image = str_slice(image, 0, at == UINT32_MAX ? image.length : at);
        Str name = path_name(image), version = {0};
        uint32_t colon = str_find(name, STR(":"), 0);
        if (colon != UINT32_MAX) {
            version = str_slice(name, colon + 1, name.length);
            name = str_slice(name, 0, colon);
        }
        if (contains_any(image, known_images, sizeof known_images / sizeof *known_images))
            add(r, STACK_IMAGE, name, version, number, false);
    }
}

/* The names only: what stands behind '=' is a secret. */
static void read_environment(Reader *r, Str text)
{
    Str line;
    for (uint32_t number = 1; str_next_line(&text, &line); number++) {
        line = str_trim(line);
        if (str_starts_with(line, STR("export ")))
            line = str_slice(line, 7, line.length);
        uint32_t equals = str_find(line, STR("="), 0);
        if (equals == UINT32_MAX || line.data[0] == '#')
            continue;
        Str name = str_trim(str_slice(line, 0, equals));
        if (contains_any(name, known_variables, sizeof known_variables / sizeof *known_variables))
            add(r, STACK_ENVIRONMENT, name, (Str){0}, number, false);
    }
}

/* "[section]" and "key = value" of the parts of Supabase that matter to a schema. */
static void read_supabase(Reader *r, Str text)
{
    static const char *const wanted[] = {"db.major_version", "realtime.enabled", "storage.enabled",
                                         "edge_runtime.enabled", "db.pooler.enabled"};
    add(r, STACK_FILE, STR("supabase"), (Str){0}, 1, false);
    Str line, section = {0};
    for (uint32_t number = 1; str_next_line(&text, &line); number++) {
        line = str_trim(line);
        if (str_starts_with(line, STR("[")) && str_ends_with(line, STR("]"))) {
            section = str_slice(line, 1, line.length - 1);
            continue;
        }
        uint32_t equals = str_find(line, STR("="), 0);
        if (equals == UINT32_MAX)
            continue;
        Arena scratch = {0};
        Str key = str_format(&scratch, STR_FMT "." STR_FMT, STR_ARG(section),
                             STR_ARG(str_trim(str_slice(line, 0, equals))));
        Str value = str_trim(str_slice(line, equals + 1, line.length));
        if (is_listed(key, wanted, sizeof wanted / sizeof *wanted))
            add(r, STACK_SETTING, str_format(&scratch, "supabase." STR_FMT, STR_ARG(key)), value,
                number, false);
        arena_release(&scratch);
    }
}

static void read_prisma(Reader *r, Str text)
{
    Str line;
    bool is_datasource = false;
    for (uint32_t number = 1; str_next_line(&text, &line); number++) {
        line = str_trim(line);
        if (str_starts_with(line, STR("datasource ")))
            is_datasource = true;
        else if (str_starts_with(line, STR("}")))
            is_datasource = false;
        uint32_t quote = str_find(line, STR("\""), 0);
        if (is_datasource && str_starts_with(line, STR("provider")) && quote != UINT32_MAX)
            add(r, STACK_SETTING, STR("prisma.provider"),
                str_slice(line, quote + 1, string_end(line, quote)), number, false);
    }
}

void stack_read(Arena *out, Stack *stack, Str path, Str text)
{
    Reader r = {.out = out, .stack = stack, .path = path};
    Str name = path_name(path);
    if (str_equal(name, STR("package.json")))
        read_package_json(&r, text);
    else if (str_starts_with(name, STR("requirements")) || str_equal(name, STR("pyproject.toml")) ||
             str_equal(name, STR("Pipfile")) || str_equal(name, STR("Cargo.toml")))
        read_dependency_lines(&r, text);
    else if (str_equal(name, STR("go.mod")))
        read_go_mod(&r, text);
    else if (str_starts_with(name, STR("docker-compose")) || str_starts_with(name, STR("compose")))
        read_compose(&r, text);
    else if (str_starts_with(name, STR(".env")))
        read_environment(&r, text);
    else if (str_equal(name, STR("config.toml")) &&
             str_equal(path_name(path_folder(path)), STR("supabase")))
        read_supabase(&r, text);
    else if (str_ends_with(name, STR(".prisma")))
        read_prisma(&r, text);
}

const StackFact *stack_find(const Stack *stack, Str name)
{
    for (uint32_t i = 0; i < stack->facts.n; i++) {
        if (str_equal(stack->facts.items[i].name, name))
            return &stack->facts.items[i];
    }
    return NULL;
}
