/* files.h — reading files and folders: the one place that asks the disk.
 *
 * Only regular files are read: a pipe or a device would block. Links are followed only where
 * they stay below the root. Names that are not UTF-8 are passed through as bytes. */
#ifndef PROJECT_FILES_H
#define PROJECT_FILES_H

#include <stdatomic.h>

#include "project/ignore.h"
#include "project/project.h"

/* The largest text that is read. A dump of data above it is no schema. */
#define FILES_MAX_BYTES ((size_t)64 << 20)

/* The open text (retained), else the file. NULL: `err` says why. */
Text *files_read(Str path, const OpenTextVec *open, size_t max_bytes, Error *err) WARN_UNUSED;

/* The first `max_bytes` of a text: enough to see what it is. */
Text *files_read_head(Str path, const OpenTextVec *open, size_t max_bytes, Error *err) WARN_UNUSED;

bool files_is_folder(Str path);
bool files_exists(Str path);

typedef struct {
    Str path;       /* relative to the root */
    Str folder;     /* of it: "" is the root */
    Config *config; /* in force there; lives as long as the project */
} FoundFile;
typedef Vec(FoundFile) FoundFileVec;

typedef struct {
    FoundFileVec schemas;  /* *.sql and the like */
    FoundFileVec programs; /* *.py: revisions and models may be among them */
    FoundFileVec prisma;   /* *.prisma; beside the way to the focus too */
    FoundFileVec others;   /* marker files: lock files, manifests, compose files */
    bool is_cancelled;
} Found;

/* Where a file of that name is kept; NULL: it is none that may be a source. */
FoundFileVec *found_of(Found *found, Str name);

/* Walks project->root by `options`: every file of interest, sorted by folder and name. Fills
 * project->configs and problems. */
Found files_walk(Project *project, const ProjectOptions *options, const atomic_bool *cancel,
                 Arena *scratch);

/* The configuration in force at the root, put into project->configs: its own, the nearest
 * above it, or the defaults. */
Config *files_config_above(Project *project, const ProjectOptions *options, Arena *scratch);

/* True for names that the walk keeps. */
bool files_is_schema(Str name);
bool files_is_program(Str name);
bool files_is_prisma(Str name);
bool files_is_marker(Str name);

#endif
