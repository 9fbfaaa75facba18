/* workspace.h — from the paths of a command line to analysed databases.
 *
 * What check, schema and consult have in common, and the tools of mcp/: finds the projects around
 * the paths, reads, lowers and analyses the databases that hold them. Border code: reads the disk.
 * Everything lives until workspace_free. */
#ifndef CLI_WORKSPACE_H
#define CLI_WORKSPACE_H

#include "cli/command.h"
#include "engine/input.h"

typedef struct {
    Project *project; /* held by the workspace */
    const ProjectDatabase *about;
    Snapshot *snapshot; /* held by the workspace */
    const bool *wanted; /* parallel to snapshot->sources: named by a path, or below one */
} LoadedDatabase;
typedef Vec(LoadedDatabase) LoadedDatabaseVec;

typedef Vec(Project *) ProjectVec;

typedef struct {
    Arena arena;
    Str folder; /* the working folder, absolute: what shown paths are relative to */
    ProjectVec projects;
    LoadedDatabaseVec databases; /* by project and name; only those that hold a wanted source */
    uint32_t n_files;            /* wanted sources that were read */
    bool is_incomplete;          /* something could not be read; it was said on stderr */
} Workspace;

typedef struct {
    const Str *paths; /* as given; none: the working folder */
    uint32_t n_paths;
    Str stdin_name;    /* read standard input as if it were this file; absent: do not */
    Str stdin_text;    /* take this instead of reading it; absent: read */
    bool all_findings; /* also those of sources that no path names; and their remedies */
} WorkspaceRequest;

/* Only the working folder, for commands that load nothing. False where there is none. */
bool workspace_start(Workspace *workspace, Error *err) WARN_UNUSED;
/* False where a path does not exist, cannot be read, or holds no schema. */
bool workspace_load(Workspace *workspace, const WorkspaceRequest *request, Error *err) WARN_UNUSED;
void workspace_free(Workspace *workspace);

/* A path of a project as the user would write it: relative to the working folder where it is
 * below it. In the workspace's arena. */
Str workspace_show(Workspace *workspace, const Project *project, Str path);
/* The same for an absolute path. */
Str workspace_show_absolute(Workspace *workspace, Str path);
/* An absolute path of what the user wrote. */
Str workspace_absolute(Workspace *workspace, Str path);

#endif
