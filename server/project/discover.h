/* discover.h — from found files to databases. Inside project/ only.
 *
 *     files of the walk
 *       -> listed databases take theirs              (discover.c)
 *       -> Alembic's environments                    (alembic.c)
 *       -> folders that a migration tool would know  (layout.c)
 *       -> Prisma's schemas, SQLAlchemy's models     (prisma_files.c, python_models.c)
 *       -> what is left: definitions of their own; queries and data go to the
 *          nearest database                          (loose.c)
 *       -> dialect and name of each                  (discover.c) */
#ifndef PROJECT_DISCOVER_H
#define PROJECT_DISCOVER_H

#include "project/evidence.h"
#include "project/files.h"

/* What the beginning of a file shows. */
typedef struct {
    Evidence evidence;
    MigrationParts parts;
    bool is_liquibase;
    bool runs_without_transaction; /* a marker of its tool says so */
    bool is_concurrent;            /* CONCURRENTLY stands in it */
} FileFacts;

/* A schema file while databases are being found. */
typedef struct {
    FoundFile found;
    Str name;      /* the last part of its path */
    bool is_taken; /* by a database, or deliberately left out */
    bool is_read;  /* facts were asked for */
    FileFacts facts;
} Candidate;

typedef struct {
    Str path;          /* relative to the root */
    uint32_t first, n; /* its candidates: files directly in it */
} Folder;
typedef Vec(Folder) FolderVec;

typedef struct {
    Project *project;
    const ProjectOptions *options;
    const atomic_bool *cancel;
    Arena *scratch;
    Candidate *candidates; /* sorted by folder and name */
    uint32_t n_candidates;
    FolderVec folders;   /* those that hold schema files, sorted */
    Candidate *programs; /* Python files, sorted likewise */
    uint32_t n_programs;
    FolderVec program_folders;
    Candidate *prisma; /* *.prisma, sorted likewise */
    uint32_t n_prisma;
    FoundFileVec others;
} Discovery;

/* Finds the databases of a walked project. False where it was cancelled. */
bool discover(Project *project, const ProjectOptions *options, const Found *found,
              const atomic_bool *cancel, Arena *scratch);

/* The same for files that are asked for by name: ignored or listed nowhere, but wanted. */
void discover_alone(Project *project, const ProjectOptions *options, const Found *found,
                    Arena *scratch);

/* Reads the file's beginning when it is asked for the first time; a file that cannot be read
 * shows nothing, and a problem is noted. */
const FileFacts *candidate_facts(Discovery *d, Candidate *candidate);
/* The same of a text. */
FileFacts file_facts(Str text);
/* The caller wants no result any more. */
bool discover_is_cancelled(const Discovery *d);

/* A new database for `folder`; its pointer is valid until the next one. */
ProjectDatabase *discover_add(Discovery *d, Layout layout, Str folder, const Config *config);
/* Appends a source and takes the candidate. */
void discover_take(Discovery *d, ProjectDatabase *database, Candidate *candidate, SourceRole role);

/* The candidate of a path; NULL: there is none. */
Candidate *discover_candidate(const Discovery *d, Str path);

/* A marker file directly in `folder`; NULL: there is none. */
const FoundFile *discover_marker(const Discovery *d, Str folder, Str name);
/* Its content; absent where it cannot be read. In scratch. */
Str discover_marker_text(Discovery *d, const FoundFile *file);

/* layout.c: takes the files of folders that are migration layouts. */
void discover_layouts(Discovery *d);
/* For a database that is listed as migrations: puts the files in order and takes them. */
void discover_as_migrations(Discovery *d, ProjectDatabase *database, Candidate **files, uint32_t n);

/* loose.c: what no layout took. */
void discover_loose(Discovery *d);
/* What a file that is not a migration holds. */
SourceRole discover_role(const FileFacts *facts);

/* dialect.c: sets dialect and evidence of a database, where the configuration did not. */
void discover_dialect(Discovery *d, ProjectDatabase *database);
/* The database is of a product whose SQL we do not read, by its path's name or by its text, and
 * nothing says otherwise. Advice on it would be about another product: it is left out. */
bool discover_is_foreign(Discovery *d, const ProjectDatabase *database);

#endif
