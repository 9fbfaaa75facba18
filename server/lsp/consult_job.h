/* consult_job.h — one consultation as a job: what it carries to its thread, and what it brings
 * back.
 *
 * Offline it is a background job. With a model it is a job that waits: it computes the report
 * first, asks for consent where that is needed, lets the model write, and falls back on the
 * computed report with one sentence that says why. It always ends with a report, an error, or
 * cancelled; every wait in it ends within a fraction of a second of job_cancel.
 *
 *     loop thread                          its thread
 *     consult_job_submit                   rules, agent, computed report
 *     page and progress     <- notes -     consult_online
 *     showMessageRequest    <- note --     consult_job_ask ... waits
 *     `answer`              -- atomic ->
 *     done                                 StoredReport */
#ifndef LSP_CONSULT_JOB_H
#define LSP_CONSULT_JOB_H

#include "consult/consult.h"
#include "consult/online/service.h"
#include "loop/job.h"
#include "lsp/growing.h"
#include "lsp/progress.h"
#include "lsp/reports.h"

typedef struct ConsultJob ConsultJob;
struct ConsultJob {
    Job job;
    Arena arena; /* of the job's own things */
    Server *server;
    uint32_t number;    /* of this consultation, in this session */
    cJSON *id;          /* owned: the request to answer */
    Progress *progress; /* or NULL */
    /* What is consulted; snapshot, project and loose_config are held. */
    Snapshot *snapshot;
    Project *project;                /* NULL: a loose document */
    Config *loose_config;            /* NULL: the project's */
    const Config *config;            /* of either; or NULL */
    const ProjectDatabase *database; /* of the project; NULL with it */
    Str database_name;
    Str root;           /* absent: a loose document */
    Str workspace;      /* what consent is given for: root, or the document's URI */
    Str consulted_path; /* relative to root; absent: the whole database */
    ConsultScope scope;
    Str question;
    Service service;
    bool is_trusted;
    OpenTextVec open; /* texts held: what the editor has open */
    Str run;          /* "run-…": the name of its page while it grows; with a model only */
    /* Of the question that the job's thread waits for: 0, or 1 + the index of the action, or
     * ANSWER_NONE. Written by the loop's thread, cleared by the job's. */
    atomic_uint answer;
    /* The loop's. */
    Growing *growing; /* NULL: none yet, or none at all */
    /* The result. */
    StoredReport *stored; /* NULL: failed or cancelled */
    Error err;
    ConsultJob *next;
};

enum { ANSWER_NONE = UINT16_MAX }; /* dismissed, or it could not be asked */

/* Job.run. */
void consult_job_run(Job *base);
/* On the loop: frees it with all it holds. */
void consult_job_release(ConsultJob *job);

/* From the job's thread: asks the person and waits. The index of the action that was chosen, or -1:
 * none, or cancelled. */
int consult_job_ask(ConsultJob *job, Str message, const Str *actions, uint32_t n_actions);

/* consultations.c: the running consultation of that number, or NULL. */
ConsultJob *consultations_running(const Server *server, uint32_t number);
/* Memory that lives as long as the server. */
Arena *consultations_arena(const Server *server);

#endif
