/* consult.h — a consultation: one database looked at whole, and the report of it.
 *
 * Offline: the report is computed from the snapshot, deterministic, without network or model.
 * Pure but for what is given: reading agents and rules is the caller's first step (agent.h,
 * project_rules.h), so that nothing of a consultation happens before the rules were read.
 *
 *     ProjectRules rules = project_rules_read(&arena, root, folder, path);
 *     agent_search(&arena, &search, &agents, &err);
 *     Report *report = consult(&arena, &(Consultation){.snapshot = s, .rules = &rules, …});
 *     report_markdown(&buf, report);
 *
 * Any thread. The report lives in `out` and needs neither the snapshot nor the project. */
#ifndef CONSULT_CONSULT_H
#define CONSULT_CONSULT_H

#include "consult/agent.h"
#include "consult/project_rules.h"
#include "engine/analyse.h"
#include "project/project.h"
#include "report/report.h"

typedef enum {
    SCOPE_DATABASE,
    SCOPE_FILE,      /* the tables that `source` creates or changes, and its queries */
    SCOPE_SELECTION, /* the same for a range of it */
    SCOPE_TABLE,     /* one table, with its neighbours where they matter */
} ScopeKind;

typedef struct {
    ScopeKind kind;
    uint32_t source; /* of a file or selection: index into the snapshot's sources */
    Range range;     /* of a selection */
    Str table;       /* of a table: "name" or "schema.name" */
} ConsultScope;

typedef struct {
    const Snapshot *snapshot;
    ConsultScope scope;
    Str question;                    /* absent: none */
    const ProjectDatabase *database; /* its layout; NULL: a document by itself */
    const Stack *stack;              /* NULL: nothing is known of the project */
    const Config *config;            /* assumptions and levels; NULL: the defaults */
    const AgentCandidate *agent;     /* NULL: the one in the binary */
    const ProjectRules *rules;       /* NULL: none were looked for */
    /* How a path of the project is shown, in `out`; NULL: as it is, relative to the root. */
    Str (*show_path)(void *data, Arena *out, Str path);
    void *show_path_data;
    /* Called now and then; may be NULL. `percent` never goes back. */
    void (*progress)(void *data, Str message, uint32_t percent);
    void *progress_data;
    const atomic_bool *cancel; /* may be NULL */
} Consultation;

/* NULL where `cancel` became true, or where the scope is empty: no such table or source (then
 * `err` says so). */
Report *consult(Arena *out, const Consultation *consultation, Error *err) WARN_UNUSED;

#endif
