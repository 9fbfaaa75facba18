#include "lsp/consultations.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/version.h"
#include "consult/consult.h"
#include "loop/job.h"
#include "lsp/folders.h"
#include "lsp/handlers.h"
#include "lsp/names.h"
#include "lsp/pages.h"
#include "lsp/progress.h"
#include "consult/state_files.h"
#include "lsp/uri.h"
#include "report/json.h"
#include "report/markdown.h"

enum {
    MAX_REPORT_BYTES = 16 * 1024 * 1024,
    MAX_REPORTS = 20, /* kept in memory */
    ID_LENGTH = 12,   /* hex digits: enough to tell a user's reports apart */
};

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
    StoredReport *newest;
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

static Str rendered(Arena *out, Buf *buf)
{
    Str text = str_copy(out, buf_str(buf));
    buf_free(buf);
    return text;
}

static void render(StoredReport *stored)
{
    Buf buf = buf_with_max(MAX_REPORT_BYTES);
    report_markdown(&buf, stored->report);
    stored->markdown = rendered(&stored->arena, &buf);
    buf = buf_with_max(MAX_REPORT_BYTES);
    report_json(&buf, stored->report, STR(LINTEL_VERSION));
    stored->json = rendered(&stored->arena, &buf);
    stored->id = str_slice(sha256_hex(&stored->arena, stored->markdown), 0, ID_LENGTH);
}

static void write_files(StoredReport *stored)
{
    Arena scratch = {0};
    Error err;
    Str path;
    Str markdown_name = str_format(&scratch, "reports/" STR_FMT ".md", STR_ARG(stored->id));
    Str json_name = str_format(&scratch, "reports/" STR_FMT ".json", STR_ARG(stored->id));
    if (state_file_write(&scratch, markdown_name, stored->markdown, &path, &err) &&
        state_file_write(&scratch, json_name, stored->json, &path, &err))
        stored->markdown_path =
            str_format(&stored->arena, STR_FMT "md",
                       STR_ARG(str_slice(path, 0, path.length - (uint32_t)strlen("json"))));
    else
        LOG_WARN("lsp", "%s", err.text);
    arena_release(&scratch);
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
    StoredReport *stored = ARENA_OWNER_NEW(StoredReport);
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
    stored->report = consult(&stored->arena, &consultation, &job->err);
    if (!stored->report || atomic_load(&base->is_cancelled)) {
        arena_owner_free(&stored->arena);
        return;
    }
    render(stored);
    write_files(stored);
    job->stored = stored;
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
    if (job->stored)
        arena_owner_free(&job->stored->arena);
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

static void store(Server *server, ConsultJob *job)
{
    StoredReport *stored = job->stored;
    job->stored = NULL;
    stored->root = str_copy(&stored->arena, job->root);
    stored->database = str_copy(&stored->arena, job->database_name);
    stored->made_at_ms = loop_now_ms();
    /* The same report again: only the newest of the two stays. */
    StoredReport **link = &server->consultations->newest;
    for (unsigned n = 1; *link; n++) {
        StoredReport *old = *link;
        if (!str_equal(old->id, stored->id) && n < MAX_REPORTS) {
            link = &old->older;
            continue;
        }
        *link = old->older;
        arena_owner_free(&old->arena);
    }
    stored->older = server->consultations->newest;
    server->consultations->newest = stored;
}

static Str report_uri(Server *server, Str id, const char *suffix)
{
    return str_format(&server->scratch, PAGE_SCHEME ":/reports/" STR_FMT ".%s", STR_ARG(id),
                      suffix);
}

static void answer(Server *server, const cJSON *id, const StoredReport *stored)
{
    cJSON *result = cJSON_CreateObject();
    json_add_str(result, "id", stored->id);
    json_add_str(result, "uri", report_uri(server, stored->id, "md"));
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
        store(server, job);
        const StoredReport *stored = server->consultations->newest;
        answer(server, job->id, stored);
        page_changed(server, report_uri(server, STR("latest"), "md"));
        page_changed(server, report_uri(server, STR("latest"), "json"));
        page_show(server, report_uri(server, stored->id, "md"));
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

/* The view of a file that need not be open. */
static ViewState find_view(Server *server, Str uri, const Document *document, DocumentView *view)
{
    if (document)
        return document_view(server, document, false, view);
    Str path = uri_to_path(&server->scratch, uri);
    const Folder *folder = str_is_absent(path) ? NULL : folders_around(server, path);
    if (!folder)
        return VIEW_NONE;
    if (!folder->project)
        return folder->has_failed ? VIEW_NONE : VIEW_LATER;
    ProjectUse use = {0};
    if (!project_find(folder->project, path, &use))
        return VIEW_NONE;
    ServedDatabase *served = folder_database(folder, use.database);
    if (!served_is_current(served)) {
        served_ask(served);
        return VIEW_LATER;
    }
    uint32_t source = served_snapshot_source(served, use.source);
    *view = (DocumentView){.served = served, .snapshot = served->snapshot, .source = source};
    return source == UINT32_MAX ? VIEW_NONE : VIEW_READY;
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
    switch (find_view(server, uri, document, &view)) {
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

/* ---- cancelling and finding ---- */

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

const StoredReport *consultations_find(const Server *server, Str id)
{
    const StoredReport *stored = server->consultations ? server->consultations->newest : NULL;
    if (str_is_absent(id) || str_equal(id, STR("latest")))
        return stored;
    while (stored && !str_equal(stored->id, id))
        stored = stored->older;
    return stored;
}

const StoredReport *consultations_about(const Server *server, const ServedDatabase *served)
{
    Str root = served->project ? served->project->root : (Str){0};
    const StoredReport *stored = server->consultations ? server->consultations->newest : NULL;
    while (stored &&
           !(str_equal(stored->root, root) && str_equal(stored->database, served->database->name)))
        stored = stored->older;
    return stored;
}

void consultations_free(Server *server)
{
    if (!server->consultations)
        return;
    while (server->consultations->newest) {
        StoredReport *stored = server->consultations->newest;
        server->consultations->newest = stored->older;
        arena_owner_free(&stored->arena);
    }
    arena_owner_free(&server->consultations->arena);
}
