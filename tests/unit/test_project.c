#define _XOPEN_SOURCE 700 /* mkdtemp, symlink */

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "project/ignore.h"
#include "project/parts.h"
#include "project/path.h"
#include "project/version.h"
#include "unit/unit.h"

/* ---- a folder of files that a test describes ---- */

typedef struct {
    const char *path, *content;
} File;

static char root[64];

static void write_file(Arena *arena, Str path, const char *content)
{
    for (uint32_t i = 1; i < path.length; i++) {
        if (path.data[i] == '/')
            mkdir(str_to_c(arena, str_slice(path, 0, i)), 0755);
    }
    FILE *file = fopen(str_to_c(arena, path), "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static void make_folder(Arena *arena, const File *files, size_t n)
{
    snprintf(root, sizeof root, "/tmp/lintel-test-XXXXXX");
    assert_non_null(mkdtemp(root));
    for (size_t i = 0; i < n; i++)
        write_file(arena, path_join(arena, str_from(root), str_from(files[i].path)),
                   files[i].content);
}

static void remove_folder(void)
{
    char command[128];
    snprintf(command, sizeof command, "%s", root);
    /* Only what mkdtemp made. */
    assert_true(strncmp(command, "/tmp/lintel-test-", 17) == 0);
    pid_t child = fork();
    if (child == 0) {
        execlp("rm", "rm", "-rf", command, (char *)NULL);
        _exit(1);
    }

    waitpid(child, NULL, 0);
}

static const char *role_letter(SourceRole role)
{
    static const char *const letters[] = {"s", "o", "m", "d", "q"};
    return letters[role];
}

static const char *transaction_word(TransactionMode mode)
{
    static const char *const words[] = {"", "!none", "!file", "!multi"};
    return words[mode];
}

/* "name [layout] dialect: m:path!file q:path" per database, one a line. */
static Str describe(Arena *arena, const Project *project)
{
    Str all = STR("");
    for (uint32_t i = 0; i < project->databases.n; i++) {
        const ProjectDatabase *d = &project->databases.items[i];
        all = str_format(arena, STR_FMT STR_FMT " [" STR_FMT "] " STR_FMT ":", STR_ARG(all),
                         STR_ARG(d->name), STR_ARG(layout_title(d->layout)),
                         STR_ARG(dialect_name(d->dialect)));
        for (uint32_t j = 0; j < d->sources.n; j++) {
            const ProjectSource *s = &d->sources.items[j];
            all = str_format(arena, STR_FMT " %s:" STR_FMT "%s", STR_ARG(all), role_letter(s->role),
                             STR_ARG(s->path), transaction_word(s->transactions));
        }
        all = str_format(arena, STR_FMT "\n", STR_ARG(all));
    }
    return all;
}

static Project *open_root(Str focus)
{
    ProjectOptions options = {.root = str_from(root), .focus = focus};
    Error err = {0};
    Project *project = project_open(&options, NULL, &err);
    assert_non_null(project);
    return project;
}

#define T                "CREATE TABLE t (id int);"
#define PRISMA(provider) "datasource db {\n  provider = \"" provider "\" // x\n}\n"

typedef struct {
    const char *name;
    const char *expected;
    File files[12];
} Layouts;

static const Layouts layouts[] = {
    {"prisma, dialect from the lock file",
     "api/prisma [Prisma] mysql: m:api/prisma/migrations/20240101000000_a/migration.sql!multi "
     "m:api/prisma/migrations/20240102000000_b/migration.sql!multi\n",
     {{"api/prisma/migrations/20240102000000_b/migration.sql", T},
      {"api/prisma/migrations/20240101000000_a/migration.sql", T},
      {"api/prisma/migrations/migration_lock.toml", "provider = \"mysql\"\n"}}},
    {"prisma, dialect from the data source",
     "prisma [Prisma] sqlite: m:prisma/migrations/1_init/migration.sql!multi "
     "o:prisma/schema.prisma\n",
     {{"prisma/migrations/1_init/migration.sql", T},
      {"prisma/schema.prisma", "generator client {\n  provider = \"prisma-client-js\"\n}\n"
                               "datasource db {\n  provider = \"sqlite\"\n}\n"}}},
    {"prisma: a schema of several files; a stray one; one that is no SQL database",
     "svc/x [Prisma] mysql: m:svc/x/migrations/1_init/migration.sql!multi "
     "o:svc/x/schema/base.prisma "
     "o:svc/x/schema/order.prisma o:svc/x/schema/more/user.prisma\n",
     {{"svc/x/migrations/1_init/migration.sql", T},
      {"svc/x/schema/base.prisma", PRISMA("mysql")},
      {"svc/x/schema/order.prisma", "model Order {\n}\n"},
      {"svc/x/schema/more/user.prisma", "model User {\n}\n"},
      {"stray/x.prisma", "model X {\n}\n"},
      {"other/schema.prisma", PRISMA("mongodb")}}},
    {"prisma: a schema for each provider; one that the manifest names is alone",
     "api [Prisma] sqlite: o:api/db.prisma\n"
     "prisma [Prisma] postgresql: o:prisma/schema.prisma\n"
     "prisma-2 [Prisma] sqlite: o:prisma/schema.sqlite.prisma\n",
     {{"prisma/schema.prisma", PRISMA("postgresql")},
      {"prisma/schema.sqlite.prisma", PRISMA("sqlite")},
      {"prisma/old.prisma", "model X {\n}\n"},
      {"package.json", "{\"name\": \"x\", \"prisma\": {\"schema\": \"./api/db.prisma\"}}"},
      {"api/db.prisma", PRISMA("sqlite")},
      {"api/backup.prisma", "model X {\n}\n"}}},
    {"sqlalchemy: models belong to Alembic's database, with what they import",
     "web [Alembic] mysql: m:web/migrations/versions/1.py!none o:web/shop/__init__.py "
     "o:web/shop/extensions.py o:web/shop/models/__init__.py o:web/shop/models/base.py "
     "o:web/shop/models/order.py o:web/shop/status.py\n",
     {{"web/requirements.txt", "PyMySQL==1.1\n"},
      {"web/migrations/env.py", ""},
      {"web/migrations/versions/1.py", "revision = '1'\ndown_revision = None\n"},
      {"web/shop/__init__.py", "from .extensions import db\n"},
      {"web/shop/extensions.py", "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"},
      {"web/shop/status.py", "import enum\nclass Status(enum.Enum):\n    NEW = 1\n"},
      {"web/shop/helpers.py", "def f(): pass\n"},
      {"web/shop/models/__init__.py", "from .base import Timed\nfrom .order import Order\n"},
      {"web/shop/models/base.py", "from sqlalchemy import DateTime\nclass Timed:\n    pass\n"},
      {"web/shop/models/order.py",
       "from shop import db\nfrom . import Timed\nimport shop.helpers\n"
       "from ..status import (\n    # the states\n    Status as S,\n)\n"
       "class Order(Timed, db.Model):\n    id = db.Column(db.Integer)\n"},
      {"web/tests/models.py", "from sqlalchemy import Column\nx = Column(1)\n"}}},
    {"sqlalchemy: programs that import the models come for their queries",
     "shop [SQLAlchemy] postgresql: o:shop/db.py o:shop/models/user.py q:shop/jobs/old.py "
     "q:shop/models/__init__.py q:shop/sessions.py q:shop/views.py\n",
     {{"shop/__init__.py", ""},
      {"shop/db.py", "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"},
      {"shop/models/__init__.py", "from .user import User\n"},
      {"shop/models/user.py", "from shop.db import db\nclass User(db.Model):\n    pass\n"},
      {"shop/sessions.py", "Session = sessionmaker()\n"},
      {"shop/views.py",
       "from shop.models import User\nfrom shop.sessions import Session\nx = User.query.all()\n"},
      {"shop/jobs/__init__.py", ""},
      {"shop/jobs/old.py", "from ..db import db\ndb.session.execute('SELECT 1')\n"},
      {"shop/jobs/names.py", "from ..models.user import User\nprint(User.__name__)\n"},
      {"shop/jobs/other.py", "import requests\nsession = requests.Session()\n"},
      {"shop/tests/test_views.py", "from shop.models import User\nUser.query.all()\n"}}},
    {"sqlalchemy without migrations: a database for each package",
     "a [SQLAlchemy] postgresql: o:a/db.py o:a/deep/x.py\nb [SQLAlchemy] sqlite: o:b/m.py\n",
     {{"a/__init__.py", ""},
      {"a/db.py", "from sqlalchemy.orm import Mapped\nfrom sqlalchemy.dialects import postgresql\n"
                  "class A:\n    a: Mapped[int]\n"},
      {"a/deep/__init__.py", ""},
      {"a/deep/x.py", "import sqlalchemy as sa\nt = sa.Table('t', m)\n"},
      {"b/__init__.py", ""},
      {"b/m.py", "from sqlmodel import SQLModel\nclass B(SQLModel, table=True):\n    pass\n"
                 "# PRAGMA\n"},
      {"c.py", "class Column: pass\nBaseException()\n"}}},
    {"supabase, with seeds and declared schemas",
     "supabase [Supabase] postgresql: m:supabase/migrations/20240101_a.sql!file "
     "m:supabase/migrations/20240102_b.sql!file d:supabase/seed.sql "
     "s:supabase/schemas/01_a.sql\n",
     {{"supabase/migrations/20240102_b.sql", T},
      {"supabase/migrations/20240101_a.sql", T},
      {"supabase/schemas/01_a.sql", T},
      {"supabase/seed.sql", "INSERT INTO t VALUES (1);"}}},
    {"flyway: versions by number, repeatable last, undo not read",
     "svc/db [Flyway] postgresql: m:svc/db/migration/V1__a.sql!file "
     "m:svc/db/migration/V2__b.sql!none "
     "m:svc/db/migration/V10__c.sql!file m:svc/db/migration/R__views.sql!file\n",
     {{"svc/db/migration/V10__c.sql", T},
      {"svc/db/migration/V2__b.sql", "CREATE INDEX CONCURRENTLY i ON t (id);"},
      {"svc/db/migration/V1__a.sql", T},
      {"svc/db/migration/U1__a.sql", "DROP TABLE t;"},
      {"svc/db/migration/R__views.sql", "CREATE VIEW v AS SELECT 1;"}}},
    {"golang-migrate: up only, by number",
     "go [golang-migrate] postgresql: m:go/migrations/9_a.up.sql!multi "
     "m:go/migrations/10_b.up.sql!multi\n",
     {{"go/migrations/10_b.up.sql", T},
      {"go/migrations/10_b.down.sql", "DROP TABLE t;"},
      {"go/migrations/9_a.up.sql", T},
      {"go/migrations/9_a.down.sql", "DROP TABLE t;"}}},
    {"dbmate; a file without markers is being written",
     "svc/db [dbmate] postgresql: m:svc/db/migrations/20240101_a.sql!file "
     "m:svc/db/migrations/20240102_b.sql!none "
     "m:svc/db/migrations/20240103_c.sql!file\n",
     {{"svc/db/migrations/20240101_a.sql",
       "-- migrate:up\n" T "\n-- migrate:down\nDROP TABLE t;\n"},
      {"svc/db/migrations/20240102_b.sql",
       "-- migrate:up transaction:false\nCREATE INDEX i ON t (id);\n"
       "-- migrate:down\n"},
      {"svc/db/migrations/20240103_c.sql", ""}}},
    {"goose, a folder per dialect",
     "migrations/mysql [goose] mysql: m:migrations/mysql/001_a.sql!file\n"
     "migrations/postgres [goose] postgresql: m:migrations/postgres/001_a.sql!file\n",
     {{"migrations/mysql/001_a.sql", "-- +goose Up\n" T "\n-- +goose Down\nDROP TABLE t;"},
      {"migrations/postgres/001_a.sql", "-- +goose Up\n" T "\n"}}},
    {"diesel",
     "rs [Diesel] postgresql: m:rs/migrations/2024-01-01-000000_a/up.sql!file "
     "m:rs/migrations/2024-01-02-000000_b/up.sql!none\n",
     {{"rs/migrations/2024-01-01-000000_a/up.sql", T},
      {"rs/migrations/2024-01-01-000000_a/down.sql", "DROP TABLE t;"},
      {"rs/migrations/2024-01-02-000000_b/up.sql", T},
      {"rs/migrations/2024-01-02-000000_b/metadata.toml", "run_in_transaction = false\n"}}},
    {"drizzle: the journal's order",
     "drizzle [Drizzle] postgresql: m:drizzle/0001_z.sql!file m:drizzle/0000_a.sql!file\n",
     {{"drizzle/0000_a.sql", T},
      {"drizzle/0001_z.sql", T},
      {"drizzle/meta/_journal.json",
       "{\"entries\":[{\"idx\":0,\"tag\":\"0001_z\"},{\"idx\":1, \"tag\": \"0000_a\"}]}"}}},
    {"atlas, liquibase",
     "atlas [Atlas] postgresql: m:atlas/20240101_a.sql!none\n"
     "changes [Liquibase] postgresql: m:changes/users.sql!file\n",
     {{"atlas/20240101_a.sql", "-- atlas:txmode none\n\n" T},
      {"atlas/atlas.sum", "h1:\n"},
      {"changes/users.sql", "--liquibase formatted sql\n--changeset me:1\n" T}}},
    {"versioned folders, the newest definition stands alone",
     "store/sqlite [versioned folders] sqlite: m:store/sqlite/0.2/00__a.sql "
     "m:store/sqlite/0.10/00__b.sql\n"
     "store/sqlite/LATEST.sql [file] sqlite: s:store/sqlite/LATEST.sql\n",
     {{"store/sqlite/0.10/00__b.sql", T},
      {"store/sqlite/0.2/00__a.sql", T},
      {"store/sqlite/LATEST.sql", T}}},
    {"alembic: by down_revision, a branch and its merge; other folders are drawers",
     "api [Alembic] postgresql: m:api/migrations/versions/z_base.py!file "
     "m:api/migrations/versions/c_left.py!file m:api/migrations/versions/b_right.py!file "
     "m:api/migrations/versions/a_merge.py!file\n",
     {{"api/alembic.ini", "[alembic]\nscript_location = migrations\n"},
      {"api/migrations/env.py", "with context.begin_transaction():\n    pass\n"},
      {"api/migrations/versions/a_merge.py", "revision = 'm'\ndown_revision = ('l', 'r')\n"},
      {"api/migrations/versions/b_right.py", "revision = 'r'\ndown_revision = 'b'\n"},
      {"api/migrations/versions/c_left.py",
       "revision: str = 'l'\ndown_revision: Union[str, None] = 'b'\n"
       "from sqlalchemy.dialects import postgresql\n"},
      {"api/migrations/versions/z_base.py", "revision = 'b'\ndown_revision = None\n"},
      {"api/migrations/versions/__init__.py", ""},
      {"api/migrations/versions/old/a.py", "revision = 'x'\ndown_revision = None\n"},
      {"api/migrations/versions/old/b.py", "revision = 'b'\ndown_revision = 'x'\n"}}},
    {"alembic: its URL, a package's folder, folders that hang together, no transactions",
     "app/db [Alembic] mysql: m:app/db/migrations/versions/1.py!none "
     "m:app/db/migrations/versions/later/2.py!none m:extra/3.py!none\n",
     {{"alembic.ini", "[alembic]\nscript_location = app.db:migrations\n"
                      "sqlalchemy.url = mysql+pymysql://u@localhost/x ; local\n"
                      "version_locations = %(here)s/extra,\n"
                      "    app.db:migrations/versions\n"},
      {"app/db/migrations/env.py", "context.configure(transactional_ddl = False)\n"},
      {"app/db/migrations/versions/1.py", "revision = '1'\ndown_revision = None\n"},
      {"app/db/migrations/versions/later/2.py", "revision = '2'\ndown_revision = '1'\n"},
      {"app/db/migrations/versions/later/9.py", "revision = '9'\ndown_revision = '8'\n"},
      {"extra/3.py", "revision = '3'\ndown_revision = '2'\n"}}},
    {"alembic: a driver tells the dialect; a circle and a missing parent still give an order",
     "store [Alembic] mysql: m:store/alembic/versions/1.py!none m:store/alembic/versions/2.py!none "
     "m:store/alembic/versions/4.py!none m:store/alembic/versions/3.py!none\n",
     {{"requirements.txt", "PyMySQL==1.1\n"},
      {"store/alembic/env.py", ""},
      {"store/alembic/versions/1.py", "revision = '1'\ndown_revision = 'gone'\n"},
      {"store/alembic/versions/2.py", "revision = '2'\ndown_revision = '1'\n"},
      {"store/alembic/versions/3.py", "revision = '3'\ndown_revision = '4'\n"},
      {"store/alembic/versions/4.py", "revision = '4'\ndown_revision = '3'\n"}}},
    {"alembic: listed in a configuration",
     "shop [lintel.yaml] mysql: m:db/b.py!none m:db/a.py!none\n",
     {{"lintel.yaml", "databases:\n  - {name: shop, dialect: mysql, paths: [db]}\n"},
      {"db/a.py", "revision = '2'\ndown_revision = '1'\n"},
      {"db/b.py", "revision = '1'\ndown_revision = None\n"},
      {"db/models.py", "x = 1\n"}}},
    {"numbered files, and queries beside them",
     "data [numbered files] postgresql: m:data/1-a.sql m:data/2-b.sql m:data/10-c.sql "
     "q:app/reports.sql\n",
     {{"data/10-c.sql", T},
      {"data/2-b.sql", T},
      {"data/1-a.sql", T},
      {"app/reports.sql", "-- name: Sales\nSELECT * FROM t;"}}},
    {"numbered queries are no migrations",
     "schema.sql [file] postgresql: s:schema.sql q:q/01_a.sql q:q/02_b.sql\n",
     {{"schema.sql", T}, {"q/01_a.sql", "SELECT 1 FROM t;"}, {"q/02_b.sql", "SELECT 2 FROM t;"}}},
    {"loose files stand alone, dialects by their text; the query cannot tell whose it is",
     "a.sql [file] mysql: s:a.sql\nb.sql [file] sqlite: s:b.sql\nc.sql [file] sqlserver: s:c.sql\n"
     "d.sql [file] postgresql: s:d.sql\nq.sql [file] postgresql: q:q.sql\n",
     {{"a.sql", "CREATE TABLE `t` (id int AUTO_INCREMENT) ENGINE=InnoDB;"},
      {"b.sql", "PRAGMA foreign_keys=1; CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT);"},
      {"c.sql", "CREATE TABLE [dbo].[t] (a nvarchar(10))\nGO\n"},
      {"d.sql", "CREATE TABLE t (a jsonb DEFAULT '{}'::jsonb);"},
      {"q.sql", "SELECT 1;"}}},
    {"SQL of a product that nobody here reads is left out; one word of it is not enough",
     "b.sql [file] sqlite: s:b.sql\n"
     "clickhouse/mysql/001_a.sql [file] mysql: s:clickhouse/mysql/001_a.sql\n",
     {{"a.sql", "CREATE TABLE t (a LowCardinality(String)) ENGINE = MergeTree ORDER BY a;"},
      {"b.sql", "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, n NUMBER);"},
      {"o.sql", "CREATE TABLE t (a VARCHAR2(10), b NUMBER(10));"},
      {"clickhouse/001_a.sql", "ALTER TABLE t RENAME COLUMN a TO b;"},
      {"clickhouse/mysql/001_a.sql", T}}},
    {"installed, hidden and ignored files are not looked at",
     "schema.sql [file] postgresql: s:schema.sql\n",
     {{"schema.sql", T},
      {"node_modules/x/schema.sql", T},
      {".cache/schema.sql", T},
      {"out/a.sql", T},
      {"keep.tmp.sql", T},
      {"deep/er/gen.sql", T},
      {".gitignore", "# built\n/out/\n*.tmp.sql\n"},
      {"deep/.gitignore", "er/*.sql\n"}}},
    {"a configuration names models",
     "shop [lintel.yaml] mysql: m:db/1.sql o:app/schema.prisma o:app/models.py q:web/a.py "
     "q:web/b.sql\n"
     "two [lintel.yaml] postgresql: m:db2/1.sql s:db2.sql\n",
     {{"lintel.yaml",
       "databases:\n"
       "  - {name: shop, paths: db, kind: migrations, models: [app], queries: [app, web]}\n"
       "  - {name: two, paths: db2, kind: migrations, models: db2.sql}\n"},
      {"web/a.py", "import models\nmodels.A.query.all()\n"},
      {"web/b.sql", "SELECT 1;"},
      {"web/c.py", "print(1)\n"},
      {"db/1.sql", T},
      {"db2/1.sql", T},
      {"db2.sql", T},
      {"app/schema.prisma", PRISMA("mysql")},
      {"app/models.py", "import sqlalchemy\n"},
      {"unnamed.prisma", PRISMA("mysql")}}},
    {"a configuration lists its databases",
     "extra/reports [lintel.yaml] postgresql: q:extra/reports/r.sql\n"
     "shop [lintel.yaml] mysql: m:db/1.sql m:db/2.sql q:q.sql\n",
     {{"lintel.yaml", "databases:\n  - {name: shop, dialect: mysql, paths: db, queries: ['q.*']}\n"
                      "  - {paths: 'extra/**/*.sql', kind: queries}\nignore: [db/3.sql]\n"},
      {"db/1.sql", T},
      {"db/2.sql", T},
      {"db/3.sql", T},
      {"q.sql", "SELECT 1;"},
      {"extra/reports/r.sql", "SELECT 1;"},
      {"other.sql", T}}},
};

static void every_layout_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(layouts); i++) {
        Arena arena = {0};
        size_t n = 0;
        while (n < COUNT(layouts[i].files) && layouts[i].files[n].path)
            n++;
        make_folder(&arena, layouts[i].files, n);
        Project *project = open_root((Str){0});
        Str found = describe(&arena, project);
        if (!str_equal(found, str_from(layouts[i].expected)))
            print_error("%s\n", layouts[i].name);
        assert_int_equal(project->problems.n, 0);
        assert_str(found, layouts[i].expected);
        project_release(project);
        remove_folder();
        arena_release(&arena);
    }
}

static void a_file_opens_the_project_around_it(void **state)
{
    (void)state;
    static const File files[] = {{"lintel.yaml", ""},
                                 {"api/migrations/1_a.sql", T},
                                 {"api/migrations/2_b.sql", T},
                                 {"q/reports.sql", "SELECT 1 FROM t;"},
                                 {"x.down.sql", "DROP TABLE t;"}};
    Arena arena = {0};
    make_folder(&arena, files, COUNT(files));
    Str file = path_join(&arena, str_from(root), STR("api/migrations/2_b.sql"));
    ProjectOptions options = project_options_for(&arena, file, false);
    assert_true(str_equal(options.root, str_from(root)));
    Error err = {0};
    Project *project = project_open(&options, NULL, &err);
    assert_non_null(project);
    assert_str(describe(&arena, project),
               "api [numbered files] postgresql: m:api/migrations/1_a.sql m:api/migrations/2_b.sql "
               "q:q/reports.sql\n");
    ProjectUse use = {0};
    assert_true(project_find(project, file, &use));
    assert_int_equal(use.source, 1);
    assert_false(project_find(project, file, &use));
    assert_true(project_skips(project, path_join(&arena, str_from(root), STR("x.down.sql"))));
    project_release(project);

    /* A folder: only what is below it, under the same names. */
    Str folder = path_join(&arena, str_from(root), STR("api"));
    options = project_options_for(&arena, folder, true);
    project = project_open(&options, NULL, &err);
    assert_str(
        describe(&arena, project),
        "api [numbered files] postgresql: m:api/migrations/1_a.sql m:api/migrations/2_b.sql\n");
    project_release(project);

    /* Not there at all. */
    options = (ProjectOptions){.root = path_join(&arena, str_from(root), STR("nowhere"))};
    assert_null(project_open(&options, NULL, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    atomic_bool cancel = true;
    options.root = str_from(root);
    assert_null(project_open(&options, &cancel, &err));
    assert_int_equal(err.code, ERR_CANCELLED);
    remove_folder();
    arena_release(&arena);
}

static void open_texts_win(void **state)
{
    (void)state;
    static const File files[] = {{"a.sql", T}};
    Arena arena = {0};
    make_folder(&arena, files, COUNT(files));
    Text *changed = text_new(STR("SELECT 1;")), *unsaved = text_new(STR(T));
    OpenTextVec open = {0};
    VEC_PUSH(
        &arena, &open,
        ((OpenText){.path = path_join(&arena, str_from(root), STR("a.sql")), .text = changed}));
    VEC_PUSH(
        &arena, &open,
        ((OpenText){.path = path_join(&arena, str_from(root), STR("new.sql")), .text = unsaved}));
    ProjectOptions options = {.root = str_from(root), .open = &open};
    Project *project = project_open(&options, NULL, NULL);
    assert_str(describe(&arena, project), "new.sql [file] postgresql: s:new.sql q:a.sql\n");
    const ProjectSource *source = &project->databases.items[0].sources.items[1];
    Text *text = project_read(project, source, &open, NULL);
    assert_str(text_bytes(text), "SELECT 1;");
    text_release(text);
    text = project_read(project, source, NULL, NULL);
    assert_str(text_bytes(text), T);
    text_release(text);
    assert_true(project_fits(project, source, STR("UPDATE t SET a = 1")));
    assert_false(project_fits(project, source, STR(T)));
    Str path = path_join(&arena, str_from(root), STR("b.sql"));
    assert_true(project_is_affected(project, path, FILE_CREATED));
    assert_false(project_is_affected(project, path, FILE_CHANGED));
    assert_false(project_is_affected(project, path, FILE_DELETED));
    assert_true(project_is_affected(project, open.items[0].path, FILE_DELETED));
    assert_false(project_is_affected(project, open.items[0].path, FILE_CREATED));
    assert_true(project_is_affected(project, path_join(&arena, str_from(root), STR("lintel.yaml")),
                                    FILE_CHANGED));
    project_release(project);

    project = project_open_file(open.items[1].path, &open, NULL);
    assert_str(describe(&arena, project), "new.sql [file] postgresql: s:new.sql\n");
    project_release(project);
    text_release(changed);
    text_release(unsaved);
    remove_folder();
    arena_release(&arena);
}

static void a_revision_changes_the_history(void **state)
{
    (void)state;
    static const File files[] = {
        {"migrations/env.py", ""},
        {"migrations/versions/1.py", "revision = '1'\ndown_revision = None\n"},
        {"migrations/versions/2.py", "revision = '2'\ndown_revision = '1'\n"}};
    Arena arena = {0};
    make_folder(&arena, files, COUNT(files));
    Project *project = open_root((Str){0});
    const ProjectSource *second = &project->databases.items[0].sources.items[1];
    assert_str(second->path, "migrations/versions/2.py");
    assert_true(project_fits(
        project, second,
        STR("# more\nrevision = \"2\"\ndown_revision = ['1']\ndef upgrade(): op.x()\n")));
    assert_false(project_fits(project, second, STR("revision = '2'\ndown_revision = None\n")));
    assert_false(project_fits(project, second, STR("down_revision = '1'\n")));
    Str folder = path_join(&arena, str_from(root), STR("migrations/versions"));
    Str path = path_join(&arena, folder, STR("3.py"));
    assert_true(project_is_affected(project, path, FILE_CREATED));
    assert_false(project_is_affected(project, path, FILE_CHANGED));
    project_release(project);

    /* One folder of revisions to look at: what stands beside and above it is still known. */
    write_file(&arena, path_join(&arena, str_from(root), STR("alembic.ini")),
               "[alembic]\nscript_location = migrations\nsqlalchemy.url = mysql://x\n");
    ProjectOptions options = project_options_for(&arena, folder, true);
    Error err = {0};
    project = project_open(&options, NULL, &err);
    assert_non_null(project);
    Str found = describe(&arena, project);
    assert_true(str_ends_with(found, STR(" [Alembic] mysql: m:migrations/versions/1.py!none "
                                         "m:migrations/versions/2.py!none\n")));
    project_release(project);
    project = project_open_file(path_join(&arena, folder, STR("2.py")), NULL, NULL);
    assert_true(
        str_ends_with(describe(&arena, project), STR(" [Alembic] postgresql: m:2.py!file\n")));
    project_release(project);
    remove_folder();
    arena_release(&arena);
}

static void a_module_becomes_a_model(void **state)
{
    (void)state;
    static const File files[] = {{"lintel.yaml", ""},
                                 {"shop/a.py", "import sqlalchemy\nt = sqlalchemy.Table('t', m)\n"},
                                 {"shop/b.py", "x = 1\n"},
                                 {"db/schema.prisma", PRISMA("mysql")}};
    Arena arena = {0};
    make_folder(&arena, files, COUNT(files));
    Project *project = open_root((Str){0});
    Str known = path_join(&arena, str_from(root), STR("shop/a.py"));
    Str other = path_join(&arena, str_from(root), STR("shop/b.py"));
    Str test = path_join(&arena, str_from(root), STR("tests/c.py"));
    assert_false(project_is_affected(project, known, FILE_CHANGED));
    assert_true(project_is_affected(project, known, FILE_DELETED));
    assert_false(project_is_affected(project, other, FILE_CHANGED));
    write_file(&arena, other, "from sqlalchemy import Column\nid = Column()\n");
    assert_true(project_is_affected(project, other, FILE_CHANGED));
    write_file(&arena, test, "from sqlalchemy import Column\nid = Column()\n");
    assert_false(project_is_affected(project, test, FILE_CREATED));

    Str program = path_join(&arena, str_from(root), STR("shop/ask.py"));
    write_file(&arena, program, "from .a import t\nsession.execute(t.select())\n");
    assert_true(project_is_affected(project, program, FILE_CREATED));
    write_file(&arena, program, "from .a import t\n");
    assert_false(project_is_affected(project, program, FILE_CREATED));
    write_file(&arena, program, "from .else import t\nsession.execute(t.select())\n");
    assert_false(project_is_affected(project, program, FILE_CREATED));

    /* What decides about other files is what an edit is watched for. */
    ProjectUse use = {0};
    assert_true(project_find(project, known, &use));
    const ProjectSource *source = &project->databases.items[use.database].sources.items[use.source];
    assert_true(project_fits(project, source, str_from(files[1].content)));
    assert_true(project_fits(project, source,
                             STR("import sqlalchemy\nt = sqlalchemy.Table('longer', m)\n")));
    assert_false(
        project_fits(project, source, STR("import sqlalchemy, more\nsqlalchemy.Table()\n")));
    use = (ProjectUse){0};
    assert_true(
        project_find(project, path_join(&arena, str_from(root), STR("db/schema.prisma")), &use));
    source = &project->databases.items[use.database].sources.items[use.source];
    assert_true(project_fits(project, source, STR(PRISMA("mysql") "model A {\n}\n")));
    assert_false(project_fits(project, source, STR(PRISMA("sqlite"))));
    assert_false(project_fits(project, source, STR("model A {\n}\n")));
    project_release(project);
    remove_folder();
    arena_release(&arena);
}

static void links_do_not_lead_outside(void **state)
{
    (void)state;
    static const File files[] = {{"in/a.sql", T}, {"out/b.sql", T}};
    Arena arena = {0};
    make_folder(&arena, files, COUNT(files));
    char *in = str_to_c(&arena, path_join(&arena, str_from(root), STR("in")));
    char name[128];
    snprintf(name, sizeof name, "%s/loop", in);
    assert_int_equal(symlink(in, name), 0);
    snprintf(name, sizeof name, "%s/outside.sql", in);
    assert_int_equal(symlink("../out/b.sql", name), 0);
    snprintf(name, sizeof name, "%s/inside.sql", in);
    assert_int_equal(symlink("a.sql", name), 0);
    snprintf(name, sizeof name, "%s/pipe.sql", in);
    assert_int_equal(mkfifo(name, 0600), 0);
    ProjectOptions options = {.root = str_from(in)};
    Project *project = project_open(&options, NULL, NULL);
    assert_str(describe(&arena, project),
               "a.sql [file] postgresql: s:a.sql\ninside.sql [file] postgresql: s:inside.sql\n");
    project_release(project);
    Error err = {0};
    assert_null(
        project_read_file(str_from(name), NULL, 100, &err)); /* does not wait for a writer */
    assert_true(strstr(err.text, "not a regular file") != NULL);
    remove_folder();
    arena_release(&arena);
}

static void the_stack_is_read(void **state)
{
    (void)state;
    static const File files[] = {
        {"package.json", "{\"name\": \"pg\", \"dependencies\": {\n  \"pg\": \"^8.11.0\",\n"
                         "  \"left-pad\": \"1\"},\n\"devDependencies\": {\"prisma\": \"5.1\"}}"},
        {"requirements.txt", "# comment\nSQLAlchemy[asyncio]==2.0.1\nrequests\n"},
        {"docker-compose.yml", "services:\n  db:\n    image: \"postgis/postgis:15-3.4\"\n"},
        {".env", "DATABASE_URL=postgres://secret\nEDITOR=vi\n"},
        {"supabase/config.toml",
         "[db]\nmajor_version = 15\nport = 1\n[realtime]\nenabled = true\n"},
        {"go.mod", "require github.com/jackc/pgx/v5 v5.5.0\n"},
    };
    static const char *const expected[] = {
        ".env:1 4 DATABASE_URL ",
        "docker-compose.yml:3 1 postgis 15-3.4",
        "go.mod:1 0 github.com/jackc/pgx 5.5.0",
        "package.json:2 0 pg ^8.11.0",
        "package.json:4 0 prisma 5.1",
        "requirements.txt:2 0 sqlalchemy 2.0.1",
        "supabase/config.toml:1 2 supabase ",
        "supabase/config.toml:2 3 supabase.db.major_version 15",
        "supabase/config.toml:5 3 supabase.realtime.enabled true",
    };
    Arena arena = {0};
    make_folder(&arena, files, COUNT(files));
    Project *project = open_root((Str){0});
    assert_int_equal(project->stack.facts.n, COUNT(expected));
    for (uint32_t i = 0; i < project->stack.facts.n; i++) {
        const StackFact *f = &project->stack.facts.items[i];
        assert_str(str_format(&arena, STR_FMT ":%u %d " STR_FMT " " STR_FMT, STR_ARG(f->path),
                              f->line, (int)f->kind, STR_ARG(f->name), STR_ARG(f->version)),
                   expected[i]);
    }
    assert_true(stack_find(&project->stack, STR("prisma"))->is_development);
    project_release(project);
    remove_folder();
    arena_release(&arena);
}

/* ---- the pure parts ---- */

static void globs(void **state)
{
    (void)state;
    static const struct {
        const char *glob, *path;
        bool fits;
    } cases[] = {
        {"a.sql", "a.sql", true},
        {"a.sql", "b.sql", false},
        {"*.sql", "a.sql", true},
        {"*.sql", "a/b.sql", false},
        {"**/*.sql", "a/b.sql", true},
        {"**/*.sql", "b.sql", true},
        {"**/b", "ab", false},
        {"**/b", "a/b", true},
        {"a/**", "a/b/c", true},
        {"a/**/c", "a/c", true},
        {"a/**/c", "a/b/b/c", true},
        {"a/**/c", "a/bc", false},
        {"a?c", "abc", true},
        {"a?c", "a/c", false},
        {"[a-c]x", "bx", true},
        {"[!a-c]x", "bx", false},
        {"[", "[", true},
        {"*", "", true},
        {"", "", true},
        {"", "a", false},
        {"\\*", "*", true},
        {"\\*", "a", false},
        {"*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaa", false},
        {"**", "a/b/c", true},
        {"a*/b*c", "aa/bbc", true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (glob_fits(str_from(cases[i].glob), str_from(cases[i].path)) != cases[i].fits)
            print_error("%s against %s\n", cases[i].glob, cases[i].path);
        assert_int_equal(glob_fits(str_from(cases[i].glob), str_from(cases[i].path)),
                         cases[i].fits);
    }
}

static void ignore_patterns(void **state)
{
    (void)state;
    Arena arena = {0};
    IgnorePatternVec patterns = {0};
    ignore_add_lines(&arena, &patterns, STR(""),
                     STR("*.log\n!keep.log\n/top\nfolder/\na/b\n# no\n\n"));
    ignore_add_lines(&arena, &patterns, STR("sub"), STR("/x\n"));
    static const struct {
        const char *path;
        bool is_folder, fits;
    } cases[] = {
        {"x.log", false, true},   {"d/x.log", false, true}, {"keep.log", false, false},
        {"top", false, true},     {"d/top", false, false},  {"folder", true, true},
        {"folder", false, false}, {"d/folder", true, true}, {"a/b", false, true},
        {"d/a/b", false, false},  {"sub/x", false, true},   {"x", false, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(ignore_fits(&patterns, str_from(cases[i].path), cases[i].is_folder),
                         cases[i].fits);
    arena_release(&arena);
}

static void only_the_way_up_counts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
        MigrationParts parts;
    } cases[] = {
        {"CREATE TABLE t ();", NULL, PARTS_ALL},
        {"-- migrate:up\nA;\n-- migrate:down\nB\xc3\xa9;\r\n-- migrate:up\nC;",
         "-- migrate:up\nA;\n               \n    \r\n-- migrate:up\nC;", PARTS_DBMATE},
        {"-- +goose Up\nA;\n-- +goose Down\nB;", "-- +goose Up\nA;\n              \n  ",
         PARTS_GOOSE},
        {"--  +goose UP\nA;", NULL, PARTS_GOOSE},
        {"-- +migrate Up\nA;\n-- +migrate Down\n", "-- +migrate Up\nA;\n                \n",
         PARTS_GOOSE},
        {"-- Up Migration\nA;\n-- Down Migration\nB;", "-- Up Migration\nA;\n                 \n  ",
         PARTS_NODE_PG_MIGRATE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        Str text = str_from(cases[i].text);
        assert_int_equal(parts_detect(text), cases[i].parts);
        char *blanked = parts_blank(&arena, text, cases[i].parts);
        if (cases[i].expected)
            assert_str(str_of(blanked, text.length), cases[i].expected);
        else
            assert_null(blanked);
        arena_release(&arena);
    }
}

static void names_of_migrations(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool numbered, whole;
        char flyway;
    } cases[] = {
        {"1_a.sql", true, false, 0},
        {"20240101120000-a.sql", true, false, 0},
        {"2024-01-01.sql", true, false, 0},
        {"v2_a.sql", true, false, 0},
        {"a1.sql", false, false, 0},
        {"V1__a.sql", true, false, 'V'},
        {"V1.2__a.sql", true, false, 'V'},
        {"V1_2__a.sql", true, false, 'V'},
        {"R__a.sql", false, false, 'R'},
        {"U1__a.sql", false, false, 'U'},
        {"V__a.sql", false, false, 0},
        {"R1__a.sql", false, false, 0},
        {"0.21", true, true, 0},
        {"v1", true, true, 0},
        {"1.x", true, false, 0},
        {"", false, false, 0},
        {"v", false, false, 0},
        {"3d.sql", false, false, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Str name = str_from(cases[i].name);
        assert_int_equal(version_is_numbered(name), cases[i].numbered);
        assert_int_equal(version_is_whole(name), cases[i].whole);
        assert_int_equal(version_flyway(name), cases[i].flyway);
    }
    static const char *const ascending[] = {
        "0001", "1_a", "2", "009", "10", "1000000000000000000000", "a1.2", "a1.10", "b"};
    for (size_t i = 1; i < COUNT(ascending); i++)
        assert_true(version_compare(str_from(ascending[i - 1]), str_from(ascending[i])) < 0);
}

static void paths(void **state)
{
    (void)state;
    Arena arena = {0};
    assert_str(path_normal(&arena, STR("/a/./b//../c/")), "/a/c");
    assert_str(path_normal(&arena, STR("/../..")), "/");
    assert_str(path_normal(&arena, STR("../a/..")), "..");
    assert_str(path_normal(&arena, STR("./a")), "a");
    assert_str(path_normal(&arena, STR("a/../../b")), "../b");
    assert_str(path_folder(STR("/a")), "/");
    assert_str(path_folder(STR("a")), "");
    Str rest;
    assert_true(path_is_below(STR("/a"), STR("/a/b/c"), &rest));
    assert_str(rest, "b/c");
    assert_true(path_is_below(STR("/a"), STR("/a"), &rest));
    assert_false(path_is_below(STR("/a"), STR("/ab"), &rest));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layout_is_found),
        cmocka_unit_test(a_file_opens_the_project_around_it),
        cmocka_unit_test(open_texts_win),
        cmocka_unit_test(a_revision_changes_the_history),
        cmocka_unit_test(a_module_becomes_a_model),
        cmocka_unit_test(links_do_not_lead_outside),
        cmocka_unit_test(the_stack_is_read),
        cmocka_unit_test(globs),
        cmocka_unit_test(ignore_patterns),
        cmocka_unit_test(only_the_way_up_counts),
        cmocka_unit_test(names_of_migrations),
        cmocka_unit_test(paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
