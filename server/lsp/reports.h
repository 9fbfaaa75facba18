/* reports.h — the reports of consultations that are done, of this session and of earlier ones.
 *
 * Loop thread, but for what says "any thread". A report is three files below the user's state
 * folder: its Markdown, its JSON, and what else must be known of it (report_files.h). So reports
 * outlive the server; those of earlier sessions are found by a job, and their texts are read when
 * somebody looks. A report's id comes from its content and from what it is about: the same
 * consultation of the same schema is the same report. */
#ifndef LSP_REPORTS_H
#define LSP_REPORTS_H

#include "lsp/views.h"
#include "report/report.h"

/* What a report says of one table. */
typedef struct {
    Str text; /* Markdown, short: for a hover */
    uint64_t fingerprint;
} TableWord;

typedef struct StoredReport StoredReport;
struct StoredReport {
    Arena arena;
    Str id;
    Str title;       /* one line, no markup */
    int64_t made_at; /* seconds since 1970 */
    Str run;  /* "run-…": what its page was called while it grew, in this session; or absent */
    Str root; /* of the project it is about; absent for a loose document */
    Str database;  /* its name */
    bool is_whole; /* it is about the whole database */
    StrMap words;  /* a table's full name -> TableWord */
    /* Of the schema it was made from; those of another version of ours cannot be compared. */
    bool has_fingerprints;
    uint64_t fingerprint;
    Arena texts;        /* of the next two */
    Str markdown, json; /* absent: not read; of JSON also: there is none */
    Str markdown_path;  /* the file; absent where it could not be written */
    StoredReport *older;
};

/* A consultation that is done. Nothing of it is kept. */
typedef struct {
    Str root;     /* absent: a loose document */
    Str database; /* its name */
    bool is_whole;
    const Snapshot *snapshot;
    const Report *report;
    Str notice; /* Markdown before the report's own rendering, or absent */
    Str run;    /* or absent */
} FinishedConsultation;

/* The report as it will be kept, with its files written. Any thread. */
StoredReport *stored_report_new(const FinishedConsultation *finished);
void stored_report_free(StoredReport *stored);

/* Begins to look for the reports of earlier sessions. */
void reports_load(Server *server);
/* Takes it, and returns it; it is the newest then, and the only one with its id. */
const StoredReport *reports_add(Server *server, StoredReport *stored);
/* NULL where there is none. `id` may be that of a run; absent or "latest": the newest of what is
 * worked on here. */
StoredReport *reports_find(Server *server, Str id);
/* The newest first, of what is worked on here; `previous` NULL: the first. */
const StoredReport *reports_next(const Server *server, const StoredReport *previous);
/* True while those of earlier sessions are not known yet. */
bool reports_are_loading(const Server *server);
/* Its Markdown or JSON; absent where it has none any more. Valid until the loop goes on. */
Str reports_text(Server *server, StoredReport *stored, bool is_json);
/* The newest word on a table of this database, and the report that has it; NULL: none. */
const TableWord *reports_word(const Server *server, const ServedDatabase *served, Str table,
                              const StoredReport **stored);
void reports_free(Server *server);

/* What a table is on both sides, as a number that changes with it. Any thread; `scratch` for
 * names. */
uint64_t table_fingerprint(const Database *database, const Table *table, Arena *scratch);
/* The same of all tables. */
uint64_t schema_fingerprint(const Database *database, Arena *scratch);

/* When it was made: "2026-11-23T04:01:00Z". */
Str report_time(Arena *out, const StoredReport *stored);
/* "lintel:/reports/<id>.md" */
Str report_uri(Arena *out, Str id, const char *suffix);

#endif
