/* served.h — a database that the server keeps analysed.
 *
 * Loop thread. Owns the newest snapshot, and the lowered files it was made from, which the
 * next analysis takes its unchanged statements from. Each change of a source counts
 * `revision` up; the snapshot is of the revision `analysed`. One job at most is on its way:
 * a change cancels it, and the next one starts when it has come back. What it had lowered
 * is kept all the same. */
#ifndef LSP_SERVED_H
#define LSP_SERVED_H

#include "engine/analyse.h"
#include "lsp/server.h"
#include "project/project.h"

typedef struct AnalyseJob AnalyseJob;

typedef struct {
    LoweredFile *lowered; /* held; NULL: not read, or unreadable */
    Text *document;       /* the open text it was lowered from, held; NULL: the file on disk */
    uint64_t changed_at, lowered_at; /* revisions; lowered_at 0: never */
} ServedFile;

typedef struct ServedDatabase ServedDatabase;
struct ServedDatabase {
    Arena arena;
    Server *server;
    Project *project;     /* held; NULL for a loose document */
    Str loose_uri;        /* of that document; with its database and configuration in `names` */
    Config *loose_config; /* held, or NULL */
    Arena names;
    const ProjectDatabase *database;
    ServedFile *files; /* parallel to database->sources */
    Arena files_arena;
    uint64_t revision, analysed;
    Snapshot *snapshot;                   /* held; NULL until the first analysis */
    uint64_t n_snapshots;                 /* it has had */
    uint64_t generation;                  /* counts the projects it has had */
    uint64_t fingerprint, fingerprint_of; /* of the snapshot of that number; 0: not asked for */
    bool is_wanted;                       /* an open document is part of it */
    bool is_asked_for;                    /* a request waits for it; cleared by the next analysis */
    bool is_removed;                      /* waits for its job to come back, to be freed */
    bool was_complete;                    /* has had a snapshot: what comes later is quick */
    uint32_t n_lowered, n_to_lower;       /* of the job on its way, for progress */
    AnalyseJob *job;
    struct DatabaseHints *hints; /* hints.c; NULL: none yet */
    uint64_t n_hint_lists;       /* it has had, as far as they differed */
    ServedDatabase *next;        /* in its folder, or among the loose */
};

/* Retains the project. */
ServedDatabase *served_new(Server *server, Project *project, const ProjectDatabase *database);
/* The same database after its project was opened anew: keeps what was lowered. */
void served_adopt(ServedDatabase *served, Project *project, const ProjectDatabase *database);
/* Frees it, now or when its job is back. */
void served_remove(ServedDatabase *served);

/* One of its sources has changed; on disk, or in the editor. */
void served_source_changed(ServedDatabase *served, uint32_t source);

bool served_is_current(const ServedDatabase *served);
/* Starts the analysis that is due, if any; cancels one that is out of date. */
void served_update(ServedDatabase *served);
/* schema_fingerprint (reports.h) of its snapshot, which must be there. */
uint64_t served_fingerprint(ServedDatabase *served);
/* Where a source stands in the snapshot; UINT32_MAX: nowhere. */
uint32_t served_snapshot_source(const ServedDatabase *served, uint32_t source);

#endif
