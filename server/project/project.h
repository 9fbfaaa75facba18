/* project.h — which files below a folder belong to which database.
 *
 * A Project is the result of looking at a folder once: its databases, each with its sources
 * in replay order, dialect and configuration. Immutable and counted by reference; any thread
 * may hold one. Opening walks folders and reads the heads of files, so it is worker's work.
 * Texts are read separately, one by one, when the caller wants them. Open texts of an editor
 * win over the disk everywhere.
 *
 * How a language server uses it:
 *   opened a folder     project_open on the worker; then for each database and source
 *                       project_read, lower_file, and analyse with engine/input.h
 *   a document changed  project_find says which databases hold it; source_text gives what to
 *                       lower; analyse these. If !project_fits, open the project again.
 *   files came or went  project_is_affected says whether to open the project again; the lowered
 *                       files are kept by path, so only what is new is read
 *   a file outside      project_options_for gives the folder to open; what no folder's project
 *                       holds is a database of its own: project_open_file
 *
 * Not here: lowering, analysis (engine/), anything that keeps state between two openings. */
#ifndef PROJECT_PROJECT_H
#define PROJECT_PROJECT_H

#include <stdatomic.h>

#include "base/error.h"
#include "config/config.h"
#include "model/transaction.h"
#include "project/source.h"
#include "project/stack.h"

typedef Vec(Str) PathVec;

/* A text that an editor holds. */
typedef struct {
    Str path; /* absolute */
    Text *text;
} OpenText;
typedef Vec(OpenText) OpenTextVec;

typedef enum {
    LAYOUT_FILE, /* a file by itself */
    LAYOUT_CONFIGURED,
    LAYOUT_PRISMA,
    LAYOUT_SUPABASE,
    LAYOUT_FLYWAY,
    LAYOUT_GOLANG_MIGRATE, /* 1_x.up.sql, 1_x.down.sql: sqlx and node-pg-migrate too */
    LAYOUT_DBMATE,
    LAYOUT_GOOSE,
    LAYOUT_DIESEL,
    LAYOUT_ATLAS,
    LAYOUT_LIQUIBASE,
    LAYOUT_DRIZZLE,
    LAYOUT_SQLX,
    LAYOUT_ALEMBIC,    /* Flask-Migrate too */
    LAYOUT_SQLALCHEMY, /* models without migrations */
    LAYOUT_VERSIONED,  /* folders named by versions, each with numbered files */
    LAYOUT_NUMBERED,   /* plain numbered or dated files */
} Layout;

/* "Prisma", "golang-migrate", …; for people. */
Str layout_title(Layout layout);

/* Which part of a file is run when migrating upwards. */
typedef enum { PARTS_ALL, PARTS_DBMATE, PARTS_GOOSE, PARTS_NODE_PG_MIGRATE } MigrationParts;

/* Why a database has its dialect. */
typedef enum {
    DIALECT_FROM_CONFIG,
    DIALECT_FROM_LAYOUT, /* a lock file, a provider, a folder's name */
    DIALECT_FROM_TEXT,
    DIALECT_ASSUMED,
} DialectEvidence;

typedef struct {
    Str path; /* relative to the project's root, with '/' */
    SourceRole role;
    MigrationParts parts;
    TransactionMode transactions; /* TRANSACTION_UNKNOWN outside migrations */
    uint64_t revision;            /* Alembic: its place in the history; 0 elsewhere */
    uint64_t shape; /* of a model file: what decides which files its database has; 0 elsewhere */
} ProjectSource;
typedef Vec(ProjectSource) ProjectSourceVec;

typedef struct {
    Str name;   /* unique in the project: "prisma", "packages/db", "schema.sql" */
    Str folder; /* of its sources, relative to the root; empty: the root */
    Layout layout;
    Dialect dialect;
    DialectEvidence dialect_evidence;
    bool is_supabase, has_migrations;
    const Config *config;     /* lives as long as the project */
    ProjectSourceVec sources; /* in replay order; queries last */
} ProjectDatabase;
typedef Vec(ProjectDatabase) ProjectDatabaseVec;

/* Something that could not be looked at. */
typedef struct {
    Str path;    /* relative to the root */
    Str message; /* one sentence that names the path */
} ProjectProblem;
typedef Vec(ProjectProblem) ProjectProblemVec;

typedef Vec(Config *) ConfigVec;

typedef struct {
    Arena arena;
    Str root;                     /* absolute, without a '/' at the end (but "/" itself) */
    ProjectDatabaseVec databases; /* by name */
    ConfigVec
        configs;     /* every configuration in force below the root, the root's first; each held */
    Stack stack;     /* what the project is built with */
    PathVec skipped; /* schema files that are known and not read: down and undo migrations */
    PathVec foreign; /* SQL of products that we do not read: ClickHouse, Oracle, ... */
    ProjectProblemVec problems;
    atomic_uint references;
} Project;

typedef struct {
    Str root;  /* absolute folder */
    Str focus; /* absolute: walk only this folder and look at those above it; absent: all */
    uint32_t max_depth;         /* below focus (or root); 0: no limit but the walk's own */
    const OpenTextVec *open;    /* may be NULL */
    const SettingVec *settings; /* the editor's; may be NULL */
} ProjectOptions;

/* NULL where the root is not a readable folder, or `*cancel` became true (ERR_CANCELLED).
 * `cancel` may be NULL. */
Project *project_open(const ProjectOptions *options, const atomic_bool *cancel,
                      Error *err) WARN_UNUSED;
Project *project_retain(Project *project);
void project_release(Project *project); /* NULL is allowed */

/* The project of one file (absolute) that no folder's project holds: an ignored file, one outside
 * of the workspace, standard input. Nothing is walked; the file need not exist when it is
 * open. Never NULL. */
Project *project_open_file(Str path, const OpenTextVec *open, const SettingVec *settings);

/* The options to open the project of one file or folder (absolute, it need not exist): the
 * root is the nearest folder upwards with a lintel.yaml or a .git. A file without such a
 * folder gets its own folder (and that of the layout around it). */
ProjectOptions project_options_for(Arena *out, Str path, bool is_folder);

/* Where a file (absolute) is used. Start with {0}; true for each use. A file can belong to
 * several databases. */
typedef struct {
    uint32_t database, source; /* valid after true */
    uint32_t next;             /* private */
} ProjectUse;
bool project_find(const Project *project, Str path, ProjectUse *use);

/* True for a file (absolute) that is deliberately not read: see `skipped`. */
bool project_skips(const Project *project, Str path);
/* True for a file (absolute) in the SQL of a product that we do not read: see `foreign`. */
bool project_is_foreign(const Project *project, Str path);

/* True for a file (absolute) that a configuration's `ignore` names, or a folder above it. */
bool project_ignores(const Project *project, Str path);

/* The absolute path of a source. */
Str project_path(Arena *out, const Project *project, const ProjectSource *source);

/* The text to lower: the open text or the file, without the parts that migrating upwards
 * does not run. NULL where it cannot be read. The caller releases it. */
Text *project_read(const Project *project, const ProjectSource *source, const OpenTextVec *open,
                   Error *err) WARN_UNUSED;
/* The same from a text at hand: the text itself (retained) where all of it counts, else a
 * copy of the same length with blanks in place of what does not run. */
Text *source_text(const ProjectSource *source, Text *document);

/* Reads a file that is no source (at most `max_bytes`), the open text first. NULL: cannot. */
Text *project_read_file(Str path, const OpenTextVec *open, size_t max_bytes,
                        Error *err) WARN_UNUSED;

/* False where `text` would now be something else to the project: a file of queries has got a
 * CREATE TABLE, markers of a migration tool came or went. Cheap: looks at the text once. */
bool project_fits(const Project *project, const ProjectSource *source, Str text);

/* True where a file (absolute) that was created, changed or deleted may change which
 * databases there are: configurations, lock files, schema files coming and going. A change
 * inside a known source does not. */
typedef enum { FILE_CREATED, FILE_CHANGED, FILE_DELETED } FileEvent;
bool project_is_affected(const Project *project, Str path, FileEvent event);

#endif
