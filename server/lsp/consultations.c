#include "lsp/consultations.h"

#include "base/json.h"
#include "base/sha256.h"
#include "consult/consult.h"
#include "lsp/consult_job.h"
#include "lsp/folders.h"
#include "lsp/handlers.h"
#include "lsp/pages.h"

struct Consultations {
    Arena arena;
    ConsultJob *running;
    uint32_t last_number;
};

/* ---- on the loop ---- */

static void unlink_job(ConsultJob *job)
{
    ConsultJob **link = &job->server->consultations->running;
    while (*link != job)
        link = &(*link)->next;
    *link = job->next;
}

static void drop(Job *base)
{
    ConsultJob *job = (ConsultJob *)base;
    unlink_job(job);
    progress_end(job->progress, (Str){0});
    consult_job_release(job);
}

static void answer(Server *server, const cJSON *id, const StoredReport *stored)
{
    cJSON *result = cJSON_CreateObject();
    json_add_str(result, "id", stored->id);
    Str page = str_is_empty(stored->run) ? stored->id : stored->run;
    json_add_str(result, "uri", report_uri(&server->scratch, page, "md"));
    if (!str_is_absent(stored->markdown_path))
        json_add_str(result, "path", stored->markdown_path);
    rpc_answer(server->rpc, id, result);
}

static void show(Server *server, const StoredReport *stored, const Growing *growing)
{
    Arena *scratch = &server->scratch;
    page_changed(server, report_uri(scratch, STR("latest"), "md"));
    page_changed(server, report_uri(scratch, STR("latest"), "json"));
    page_changed(server, report_uri(scratch, STR("index"), "md"));
    if (growing_is_shown(growing))
        page_changed(server, growing_uri(growing, scratch));
    else
        page_show(server, report_uri(scratch, stored->id, "md"));
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
    /* Of one that was cancelled there is a report where its page is open already. */
    const StoredReport *stored = is_done || (job->stored && growing_is_shown(job->growing))
                                     ? reports_add(server, job->stored)
                                     : NULL;
    if (stored) {
        job->stored = NULL;
        show(server, stored, job->growing);
    }
    if (is_done) {
        answer(server, job->id, stored);
    } else if (is_cancelled) {
        rpc_refuse(server->rpc, job->id, RPC_REQUEST_CANCELLED, STR("cancelled"));
    } else {
        rpc_refuse(server->rpc, job->id, RPC_REQUEST_FAILED,
                   job->err.code ? str_from(job->err.text) : STR("there is no agent to consult"));
    }
    consult_job_release(job);
    server_moved_on(server);
}

/* ---- starting ---- */

/* The full name of the table at a place; absent where there is none. */
static Str table_at(Server *server, const DocumentView *view, uint32_t at)
{
    const Table *table = snapshot_table_at(view->snapshot, view->source, at);
    return table ? table_full_name(&server->scratch, table) : (Str){0};
}

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
        if (str_is_absent(table) && has_range)
            table = table_at(server, view, scope->range.start);
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

/* Its page's name, and what the editor has open: the texts that its tools see. */
static void give_to_model(ConsultJob *job, Arena *arena)
{
    Str seed = str_format(arena, "%p %llu %u " STR_FMT, (void *)job,
                          (unsigned long long)loop_now_ms(), job->number, STR_ARG(job->workspace));
    job->run =
        str_format(arena, "run-" STR_FMT, STR_ARG(str_slice(sha256_hex(arena, seed), 0, 12)));
    for (Document *document = job->server->documents.first; document; document = document->next) {
        if (str_is_absent(document->path))
            continue;
        VEC_PUSH(arena, &job->open,
                 ((OpenText){.path = str_copy(arena, document->path),
                             .text = text_retain(document->text)}));
    }
}

static void start(Server *server, const Request *request, const cJSON *argument,
                  const DocumentView *view, const ConsultScope *scope)
{
    const ServedDatabase *served = view->served;
    Arena arena = {0};
    ConsultJob *job = ARENA_NEW(&arena, ConsultJob);
    const Config *config = served->database->config;
    Service service = service_choose(config, !server->is_untrusted);
    bool has_model = service.writer == WRITER_MODEL;
    *job = (ConsultJob){
        .job = {.run = consult_job_run,
                .done = done,
                .drop = drop,
                .is_background = !has_model,
                .waits = has_model},
        .server = server,
        .number = ++server->consultations->last_number,
        .service = service,
        .is_trusted = !server->is_untrusted,
        .config = config,
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
    if (served->loose_config)
        job->loose_config = config_retain(served->loose_config);
    if (served->project)
        job->root = str_copy(&arena, served->project->root);
    if (scope->kind == SCOPE_FILE || scope->kind == SCOPE_SELECTION)
        job->consulted_path = str_copy(&arena, served->snapshot->sources.items[scope->source].path);
    job->workspace =
        str_is_absent(job->root) ? str_copy(&arena, json_str(argument, "uri")) : job->root;
    job->scope.table = str_copy(&arena, scope->table);
    if (has_model)
        give_to_model(job, &arena);
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
    if (file_is_being_opened(server, uri))
        return reply_later(); /* with the settings that it will have */
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

Str consultations_page(const Server *server, Str id, Arena *out)
{
    for (const ConsultJob *job = server->consultations ? server->consultations->running : NULL; job;
         job = job->next) {
        if (growing_is(job->growing, id) || (job->growing && str_equal(id, STR("latest"))))
            return growing_page(job->growing, out);
    }
    return (Str){0};
}

ConsultJob *consultations_running(const Server *server, uint32_t number)
{
    ConsultJob *job = server->consultations->running;
    while (job && job->number != number)
        job = job->next;
    return job;
}

Arena *consultations_arena(const Server *server)
{
    return &server->consultations->arena;
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
