/* folders.h — the folders that the client works in, and the projects found in them.
 *
 * Loop thread; folders are opened by jobs. A document outside every workspace folder gets a
 * folder of its own, for as long as it is open. */
#ifndef LSP_FOLDERS_H
#define LSP_FOLDERS_H

#include "lsp/served.h"

typedef struct OpenJob OpenJob;

struct Folder {
    Arena arena;
    Server *server;
    Str uri;                /* as the client wrote it; absent for a folder of our own making */
    ProjectOptions options; /* root, focus, depth; strings in `arena` */
    Project *project;       /* held; NULL until it was opened once */
    bool must_open;         /* what is known is out of date */
    bool has_failed;        /* the last opening */
    bool is_removed;        /* waits for its job to come back, to be freed */
    OpenJob *job;
    ServedDatabase *databases;
    Folder *next;
};

void folders_add(Server *server, Str uri);
/* Opens what has to be opened. */
void folders_start(Server *server);
/* The innermost folder around a path, or NULL. */
Folder *folders_around(const Server *server, Str path);
/* The same, but makes one where there is none. */
Folder *folders_for(Server *server, Str path);
/* After a document was closed: lets go of a folder that was made for it. */
void folders_let_go(Server *server, Str path);
/* Its project, or its settings, may be others in a moment. `folder` may be NULL. */
bool folder_is_being_opened(const Folder *folder);
/* The same of the folder around a file. */
bool file_is_being_opened(Server *server, Str uri);
void folders_reopen(Folder *folder);
void folders_reopen_all(Server *server);
void folders_reopen_project(Server *server, const Project *project);
/* A file was created, changed or deleted on disk, or saved. */
void folders_file_event(Server *server, Str path, FileEvent event);
void folders_free(Server *server);

/* True where every database of the workspace, open documents by themselves included, is analysed as
 * it is now; what is not has been asked for then. */
bool folders_are_known(Server *server);

/* The database at `index` of the folder's project. */
ServedDatabase *folder_database(const Folder *folder, uint32_t index);

#endif
