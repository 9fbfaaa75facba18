#include "lsp/consultations.h"

#include <stdlib.h>

#include "base/json.h"
#include "consult/consult.h"
#include "loop/job.h"
#include "lsp/handlers.h"
#include "lsp/pages.h"
#include "lsp/progress.h"
#include "lsp/reports.h"

typedef struct ConsultJob ConsultJob;
struct ConsultJob {
    Job job;
    Arena arena; /* of the job's own things */
    Server *server;
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
    Str consulted_path; /* relative to root; absent: the whole database */
    ConsultScope scope;
    Str question;
    /* The result. */
    StoredReport *stored; /* NULL: failed or cancelled */
    Error err;
    ConsultJob *next;
};

struct Consultations {
    Arena arena;
    ConsultJob *running;
};

typedef struct {
    JobNote note;
    Arena arena;
    ConsultJob *job;
    Str message;
    uint32_t percent;
} ConsultNote;

/* ---- on the worker ---- */

static void drop_note(JobNote *base)
{
    Arena arena = ((ConsultNote *)base)->arena;
    arena_release(&arena);
}

static void deliver_note(JobNote *base)
{
    ConsultNote *note = (ConsultNote *)base;
    progress_report(note->job->progress, note->message, note->percent);
    drop_note(base);
}

static void on_progress(void *data, Str message, uint32_t percent)
{
    ConsultJob *job = data;
    Arena arena = arena_with_capacity(sizeof(ConsultNote) + message.length + 64);
    ConsultNote *note = ARENA_NEW(&arena, ConsultNote);
    note->note = (JobNote){.deliver = deliver_note, .drop = drop_note};
    note->job = job;
    note->message = str_copy(&arena, message);
    note->percent = percent;
    note->arena = arena;
    job_notify(&job->job, &note->note);
}

static const AgentCandidate *choose_agent(ConsultJob *job, AgentCandidateVec *found)
{
    AgentSearch search = {
        .folder = job->root,
        .home = str_from(getenv("HOME")),
        .name = job->config ? job->config->consult_agent : (Str){0},
    };
    return agent_search(&job->arena, &search, found, &job->err) ? agent_used(found) : NULL;
}

static void run(Job *base)
{
    ConsultJob *job = (ConsultJob *)base;
    /* The project's rules come before anything else. */
    on_progress(job, STR("reading .claude/rules.md"), 0);
    ProjectRules rules = {0};
    if (!str_is_absent(job->root))
        rules = project_rules_read(&job->arena, job->root, job->consulted_path);
    AgentCandidateVec found = {0};
    const AgentCandidate *agent = choose_agent(job, &found);
    if (!agent)
        return;
    Consultation consultation = {.snapshot = job->snapshot,
                                 .scope = job->scope,
                                 .question = job->question,
                                 .database = job->database,
                                 .stack = job->project ? &job->project->stack : NULL,
                                 .config = job->config,
                                 .agent = agent,
                                 .rules = str_is_absent(job->root) ? NULL : &rules,
                                 .progress = on_progress,
                                 .progress_data = job,
                                 .cancel = &base->is_cancelled};
    const Report *report = consult(&job->arena, &consultation, &job->err);
    if (!report || atomic_load(&base->is_cancelled))
        return;
    job->stored =
        stored_report_new(&(FinishedConsultation){.root = job->root,
                                                  .database = job->database_name,
                                                  .is_whole = job->scope.kind == SCOPE_DATABASE,
                                                  .snapshot = job->snapshot,
                                                  .report = report});
}

/* ---- on the loop ---- */

static void unlink_job(ConsultJob *job)
{
    ConsultJob **link = &job->server->consultations->running;
    while (*link != job)
        link = &(*link)->next;
    *link = job->next;
}

static void release_job(ConsultJob *job)
{
    cJSON_Delete(job->id);
    snapshot_release(job->snapshot);
    project_release(job->project);
    config_release(job->loose_config);
    stored_report_free(job->stored);
    Arena arena = job->arena;
    arena_release(&arena);
}

static void drop(Job *base)
{
    ConsultJob *job = (ConsultJob *)base;
    unlink_job(job);
    progress_end(job->progress, (Str){0});
    release_job(job);
}

static void answer(Server *server, const cJSON *id, const StoredReport *stored)
{
    cJSON *result = cJSON_CreateObject();
    json_add_str(result, "id", stored->id);
    json_add_str(result, "uri", report_uri(&server->scratch, stored->id, "md"));
    if (!str_is_absent(stored->markdown_path))
        json_add_str(result, "path", stored->markdown_path);
    rpc_answer(server->rpc, id, result);
}

static void done(Job *base)
{
    ConsultJob *job = (ConsultJob *)base;
    Server *server = job->server;
    arena_reset(&server->scratch);
    unlink_job(job);
    bool is_cancelled = atomic_load(&base->is_cancelled) || job->err.code == ERR_CANCELLED;
    bool is_done = job->stored && !is_cancelled;
    progress_end(job->progress, is_done        ? STR("done")
                                : is_cancelled ? STR("cancelled")
                                               : STR("failed"));
    if (is_done) {
        const StoredReport *stored = reports_add(server, job->stored);
        job->stored = NULL;
        answer(server, job->id, stored);
        page_changed(server, report_uri(&server->scratch, STR("latest"), "md"));
        page_changed(server, report_uri(&server->scratch, STR("latest"), "json"));
        page_changed(server, report_uri(&server->scratch, STR("index"), "md"));
        page_show(server, report_uri(&server->scratch, stored->id, "md"));
    } else if (is_cancelled) {
        rpc_refuse(server->rpc, job->id, RPC_REQUEST_CANCELLED, STR("cancelled"));
    } else {
        rpc_refuse(server->rpc, job->id, RPC_REQUEST_FAILED,
                   job->err.code ? str_from(job->err.text) : STR("there is no agent to consult"));
    }
    release_job(job);
    server_moved_on(server);
}

/* ---- starting ---- */

static bool read_scope(Server *server, const cJSON *argument, const Document *document,
                       const DocumentView *view, ConsultScope *scope)
{
    Str kind = json_str(argument, "scope");
    Str table = json_str(argument, "table");
    const cJSON *json_range = json_get(argument, "range");
    *scope = (ConsultScope){.kind = SCOPE_FILE, .source = view->source};
    bool has_range = false;
    if (json_range && document) {
        PositionMapper mapper =
            position_mapper(document->text, server->client.encoding, &server->scratch);
        has_range = position_range_from_json(&mapper, json_range, &scope->range);
        if (!has_range)
            return false;
    }
    if (str_equal(kind, STR("database"))) {
        scope->kind = SCOPE_DATABASE;
    } else if (str_equal(kind, STR("table")) || (str_is_absent(kind) && !str_is_absent(table))) {
        Subject subject;
        if (str_is_absent(table) && has_range &&
            snapshot_subject_at(view->snapshot, view->source, scope->range.start, &subject) &&
            subject.table)
            table = subject.table->name.text;
        if (str_is_absent(table))
            return false;
        scope->kind = SCOPE_TABLE;
        scope->table = table;
    } else if (str_equal(kind, STR("selection")) || (str_is_absent(kind) && has_range)) {
        if (!has_range)
            return false;
        scope->kind = SCOPE_SELECTION;
    } else if (!str_is_absent(kind) && !str_equal(kind, STR("file"))) {
        return false;
    }
    return true;
}

static void start(Server *server, const Request *request, const cJSON *argument,
                  const DocumentView *view, const ConsultScope *scope)
{
    const ServedDatabase *served = view->served;
    Arena arena = {0};
    ConsultJob *job = ARENA_NEW(&arena, ConsultJob);
    *job = (ConsultJob){
        .job = {.run = run, .done = done, .drop = drop, .is_background = true},
        .server = server,
        .id = cJSON_Duplicate(request->id, 0),
        .progress = progress_start(server, json_get(request->params, "workDoneToken"),
                                   STR("Consulting the database architect"), true),
        .snapshot = snapshot_retain(served->snapshot),
        .project = served->project ? project_retain(served->project) : NULL,
        .database = served->project ? served->database : NULL,
        .database_name = str_copy(&arena, served->database->name),
        .scope = *scope,
        .question = str_copy(&arena, json_str(argument, "question")),
    };
    job->config = served->database->config;
    if (served->loose_config)
        job->loose_config = config_retain(served->loose_config);
    if (served->project)
        job->root = str_copy(&arena, served->project->root);
    if (scope->kind == SCOPE_FILE || scope->kind == SCOPE_SELECTION)
        job->consulted_path = str_copy(&arena, served->snapshot->sources.items[scope->source].path);
    job->scope.table = str_copy(&arena, scope->table);
    job->arena = arena;
    job->next = server->consultations->running;
    server->consultations->running = job;
    loop_submit(server->loop, &job->job);
}

Reply consultations_run(Server *server, const Request *request, const cJSON *argument)
{
    Str uri = json_str(argument, "uri");
    if (str_is_absent(uri))
        return reply_invalid(STR("uri is missing"));
    const Document *document = documents_find(&server->documents, uri);
    DocumentView view;
    switch (file_view(server, uri, &view)) {
    case VIEW_LATER:
        return reply_later();
    case VIEW_NONE:
        return reply_error(RPC_REQUEST_FAILED, STR("the document is part of no database"));
    case VIEW_READY:
        break;
    }
    ConsultScope scope;
    if (!read_scope(server, argument, document, &view, &scope))
        return reply_invalid(STR("scope, range or table make no sense together"));
    if (!server->consultations)
        server->consultations = ARENA_OWNER_NEW(Consultations);
    start(server, request, argument, &view, &scope);
    return reply_taken();
}

/* ---- cancelling ---- */

bool consultations_cancel_all(Server *server)
{
    bool any = false;
    for (ConsultJob *job = server->consultations ? server->consultations->running : NULL; job;
         job = job->next) {
        job_cancel(&job->job);
        any = true;
    }
    return any;
}

void consultations_cancel_request(Server *server, const cJSON *id)
{
    for (ConsultJob *job = server->consultations ? server->consultations->running : NULL; job;
         job = job->next) {
        if (cJSON_Compare(job->id, id, 1))
            job_cancel(&job->job);
    }
}

void handle_progress_cancel(Server *server, const cJSON *params)
{
    const cJSON *token = json_get(params, "token");
    for (ConsultJob *job = server->consultations ? server->consultations->running : NULL; job;
         job = job->next) {
        if (progress_has_token(job->progress, token))
            job_cancel(&job->job);
    }
}

void consultations_free(Server *server)
{
    if (server->consultations)
        arena_owner_free(&server->consultations->arena);
}
