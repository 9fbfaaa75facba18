/* server.h — the language server's state, and how its parts find each other.
 *
 * One Server per process, on the loop's thread. Each part has a file of its own, named by the
 * comment behind its field; only that file writes the field. Anything in `scratch` is gone after
 * the message or result that is being served. */
#ifndef LSP_SERVER_H
#define LSP_SERVER_H

#include "config/config.h"
#include "lsp/capabilities.h"
#include "lsp/documents.h"
#include "lsp/framing.h"
#include "lsp/rpc.h"

typedef struct Folder Folder;
typedef struct Consultations Consultations;
typedef struct Reports Reports;
typedef struct ReadPages ReadPages;
typedef struct WaitingRequest WaitingRequest;

typedef struct {
    bool is_noticed, is_long;
    TimerId timer; /* 0: none */
    struct Progress *progress;
} Indexing;

typedef enum { SERVER_NEW, SERVER_RUNNING, SERVER_SHUT_DOWN } ServerState;

typedef struct Server Server;
struct Server {
    Arena arena;
    Arena scratch;
    Loop *loop;
    Framing framing;
    Rpc *rpc;
    ServerState state;             /* lifecycle.c */
    int exit_status;               /* lifecycle.c */
    ClientAbilities client;        /* lifecycle.c */
    bool is_untrusted;             /* lifecycle.c: the editor does not trust the workspace */
    Documents documents;           /* sync.c */
    WaitingRequest *waiting;       /* dispatch.c */
    Folder *folders;               /* folders.c */
    struct ServedDatabase *loose;  /* views.c: documents by themselves */
    Arena settings_arena;          /* settings.c */
    SettingVec settings;           /* settings.c */
    Consultations *consultations;  /* consultations.c; NULL until the first */
    Reports *reports;              /* reports.c; NULL until initialized */
    Indexing indexing;             /* indexing.c */
    ReadPages *read_pages;         /* pages.c; NULL until the first */
    bool must_refresh_diagnostics; /* diagnostics.c */
    TimerId refresh_timer;         /* diagnostics.c; 0: none */
    TimerId lens_timer;            /* lens.c; 0: none */
    uint32_t next_token;           /* progress.c */
    uint64_t told_workspace;       /* workspace_diagnostics.c */
};

/* For the client behind two descriptors; loop_run(server->loop) then serves it. */
Server *server_new(int input, int output, unsigned n_workers);
void server_free(Server *server);

/* Called whenever an analysis, a project or a document has moved on: starts what has to be
 * analysed, tells the client what is new, and asks waiting requests again. */
void server_moved_on(Server *server);

#endif
