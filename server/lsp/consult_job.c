#include "lsp/consult_job.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/log.h"
#include "consult/consent.h"
#include "consult/online/online.h"
#include "consult/online/page.h"
#include "consult/redact.h"
#include "lsp/pages.h"
#include "report/markdown.h"

enum {
    TEXT_EVERY_MS = 250, /* what has come of the text goes to the loop */
    LOOK_EVERY_MS = 50,  /* whether a question was answered */
    MAX_TEXT_BYTES = 2 * 1024 * 1024,
    MAX_REPORT_BYTES = 16 * 1024 * 1024,
    COMPUTED_PERCENT =
        10, /* the computed report's share of the progress; the sections have the rest */
};

/* ---- notes to the loop ---- */

typedef struct {
    JobNote note;
    Arena arena;
    ConsultJob *job;
    Str message; /* absent: as before */
    uint32_t percent;
    bool has_text; /* it is the answer so far; else that is as before */
    Str text;
    Str model, host, computed; /* the page begins; absent: it has */
} ConsultNote;

static void drop_note(JobNote *base)
{
    Arena arena = ((ConsultNote *)base)->arena;
    arena_release(&arena);
}

static void deliver_note(JobNote *base)
{
    ConsultNote *note = (ConsultNote *)base;
    ConsultJob *job = note->job;
    if (!str_is_absent(note->computed) && !job->growing) {
        job->growing = growing_new(job->server, job->run, note->model, note->host, note->computed);
        if (growing_is_shown(job->growing))
            page_show(job->server, growing_uri(job->growing, &job->server->scratch));
    }
    if (!str_is_absent(note->message)) {
        progress_report(job->progress, note->message, note->percent);
        if (job->growing)
            growing_says(job->growing, note->message);
    }
    if (job->growing && note->has_text)
        growing_has(job->growing, note->text);
    drop_note(base);
}

/* Sends a copy of what the note says. */
static void send_note(ConsultJob *job, const ConsultNote *says)
{
    Arena arena = {0};
    ConsultNote *note = ARENA_NEW(&arena, ConsultNote);
    note->note = (JobNote){.deliver = deliver_note, .drop = drop_note};
    note->job = job;
    note->percent = says->percent;
    note->message = str_copy(&arena, says->message);
    note->has_text = says->has_text;
    note->text = str_copy(&arena, says->text);
    note->model = str_copy(&arena, says->model);
    note->host = str_copy(&arena, says->host);
    note->computed = str_copy(&arena, says->computed);
    note->arena = arena;
    job_notify(&job->job, &note->note);
}

static void on_progress(void *data, Str message, uint32_t percent)
{
    ConsultJob *job = data;
    bool is_all = job->service.writer != WRITER_MODEL;
    send_note(job, &(ConsultNote){.message = message,
                                  .percent = is_all ? percent : percent * COMPUTED_PERCENT / 100});
}

/* ---- questions ---- */

typedef struct {
    JobNote note;
    Arena arena;
    ConsultJob *job;
    Str message;
    Str *actions;
    uint32_t n_actions;
} QuestionNote;

/* What the client's answer is matched with: the job may be over by then. */
typedef struct {
    Server *server;
    uint32_t number;
    uint32_t n_actions;
    Str actions[];
} PendingQuestion;

static void take_answer(void *context, const cJSON *result)
{
    const PendingQuestion *pending = context;
    ConsultJob *job = consultations_running(pending->server, pending->number);
    if (!job)
        return;
    uint32_t answer = ANSWER_NONE;
    for (uint32_t i = 0; i < pending->n_actions; i++)
        if (str_equal(json_str(result, "title"), pending->actions[i]))
            answer = i + 1;
    atomic_store(&job->answer, answer);
}

static void drop_question(JobNote *base)
{
    Arena arena = ((QuestionNote *)base)->arena;
    arena_release(&arena);
}

static void deliver_question(JobNote *base)
{
    enum { WARNING = 2 };
    const QuestionNote *question = (QuestionNote *)base;
    Server *server = question->job->server;
    Arena *arena = consultations_arena(server);
    PendingQuestion *pending =
        arena_alloc(arena, sizeof *pending + question->n_actions * sizeof(Str));
    pending->server = server;
    pending->number = question->job->number;
    pending->n_actions = question->n_actions;
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "type", WARNING);
    json_add_str(params, "message", question->message);
    cJSON *actions = cJSON_AddArrayToObject(params, "actions");
    for (uint32_t i = 0; i < question->n_actions; i++) {
        pending->actions[i] = str_copy(arena, question->actions[i]);
        cJSON *action = cJSON_CreateObject();
        json_add_str(action, "title", question->actions[i]);
        json_push(actions, action);
    }
    rpc_request(server->rpc, "window/showMessageRequest", params, take_answer, pending);
    drop_question(base);
}

int consult_job_ask(ConsultJob *job, Str message, const Str *actions, uint32_t n_actions)
{
    if (job_is_inline(&job->job))
        return -1; /* the loop waits for this very job */
    atomic_store(&job->answer, 0);
    Arena arena = {0};
    QuestionNote *question = ARENA_NEW(&arena, QuestionNote);
    question->note = (JobNote){.deliver = deliver_question, .drop = drop_question};
    question->job = job;
    question->message = str_copy(&arena, message);
    question->actions = ARENA_ARRAY(&arena, Str, n_actions);
    question->n_actions = n_actions;
    for (uint32_t i = 0; i < n_actions; i++)
        question->actions[i] = str_copy(&arena, actions[i]);
    question->arena = arena;
    job_notify(&job->job, &question->note);
    while (atomic_load(&job->answer) == 0)
        if (!http_pause(LOOK_EVERY_MS, &job->job.is_cancelled))
            return -1;
    uint32_t answer = atomic_load(&job->answer);
    return answer == ANSWER_NONE ? -1 : (int)answer - 1;
}

/* ---- a consultation ---- */

typedef struct {
    ConsultJob *job;
    const Consultation *consultation;
    const Report *computed;
    Endpoint endpoint;
    /* Of the answer that grows. */
    Buf text;
    size_t turn_start;  /* in text: where this turn's began */
    size_t told_length; /* what the loop knows of it */
    uint64_t told_at_ms;
    uint32_t turn;
    uint64_t n_tokens; /* of the turns before */
} Writing;

static const AgentCandidate *choose_agent(ConsultJob *job, AgentCandidateVec *found)
{
    AgentSearch search = {
        .folder = job->is_trusted ? job->root : (Str){0},
        .home = str_from(getenv("HOME")),
        .name = job->config ? job->config->consult_agent : (Str){0},
    };
    return agent_search(&job->arena, &search, found, &job->err) ? agent_used(found) : NULL;
}

static void keep(ConsultJob *job, const Report *report, Str notice)
{
    job->stored =
        stored_report_new(&(FinishedConsultation){.root = job->root,
                                                  .database = job->database_name,
                                                  .is_whole = job->scope.kind == SCOPE_DATABASE,
                                                  .snapshot = job->snapshot,
                                                  .report = report,
                                                  .notice = notice,
                                                  .run = job->run});
}

static Str quote(Arena *out, const char *what, Str sentence)
{
    return str_format(out, "> **%s** " STR_FMT "\n\n", what, STR_ARG(sentence));
}

/* ---- while a model writes ---- */

/* How many of the report's headings are there: "writing section 3 of 8". */
static uint32_t sections_in(Str text)
{
    uint32_t n = 0;
    for (int i = 0; i < N_SECTIONS; i++)
        if (str_contains(text, section_title((SectionKind)i)))
            n = (uint32_t)i + 1;
    return n;
}

static void tell(Writing *writing, Str what)
{
    Arena scratch = {0};
    Str text = buf_str(&writing->text);
    uint32_t section = sections_in(text);
    if (str_is_absent(what))
        what = section > 0 ? str_format(&scratch, "writing section %u of %d", section, N_SECTIONS)
                           : STR("writing");
    Str message = writing->turn > 0
                      ? str_format(&scratch, "turn %u: " STR_FMT, writing->turn, STR_ARG(what))
                      : what;
    if (writing->n_tokens > 0)
        message = str_format(&scratch, STR_FMT "; %llu tokens", STR_ARG(message),
                             (unsigned long long)writing->n_tokens);
    uint32_t percent = COMPUTED_PERCENT + section * (90 - COMPUTED_PERCENT) / N_SECTIONS;
    Str shown = online_partial(&scratch, text);
    send_note(
        writing->job,
        &(ConsultNote){.message = message, .percent = percent, .has_text = true, .text = shown});
    writing->told_at_ms = loop_now_ms();
    writing->told_length = writing->text.length;
    arena_release(&scratch);
}

static void on_text(void *context, Str text)
{
    Writing *writing = context;
    buf_add(&writing->text, text);
    if (writing->text.length != writing->told_length &&
        loop_now_ms() - writing->told_at_ms >= TEXT_EVERY_MS)
        tell(writing, (Str){0});
}

static void on_restart(void *context)
{
    Writing *writing = context;
    writing->text.length = writing->turn_start;
    writing->text.overflowed = false;
}

static void on_note(void *context, Str note)
{
    tell(context, note);
}

static void on_turn(void *context, uint32_t turn, const Usage *so_far, bool goes_on)
{
    Writing *writing = context;
    writing->turn = turn;
    writing->n_tokens = so_far->input_tokens + so_far->cache_written_tokens + so_far->output_tokens;
    if (!goes_on) { /* what it said before it looked further is not the report */
        writing->text.length = 0;
        writing->text.overflowed = false;
    }
    writing->turn_start = writing->text.length;
    tell(writing, turn == 1 ? STR("waiting for the first words") : STR("reading what was found"));
}

/* Whether anything may be sent; else why not. */
static bool may_send(Writing *writing, Str *refusal)
{
    ConsultJob *job = writing->job;
    const Endpoint *endpoint = &writing->endpoint;
    if (!consent_is_needed(endpoint))
        return true;
    Consent known = consent_find(job->workspace, endpoint);
    if (known == CONSENT_GIVEN)
        return true;
    Str host = report_code(&job->arena, endpoint->host);
    if (known == CONSENT_REFUSED && job->service.is_automatic) {
        *refusal = str_format(&job->arena,
                              "You have decided not to send this workspace to " STR_FMT
                              ". To be asked again, name a provider in the setting "
                              "`consult.provider`.",
                              STR_ARG(host));
        return false;
    }
    Str send = STR("Send it"), stay = STR("Stay offline");
    send_note(job, &(ConsultNote){.message = STR("waiting for your consent"),
                                  .percent = COMPUTED_PERCENT});
    int choice = consult_job_ask(job, consent_question(&job->arena, job->workspace, endpoint),
                                 (const Str[]){send, stay}, 2);
    Error err;
    if (choice >= 0 && !consent_keep(job->workspace, endpoint,
                                     choice == 0 ? CONSENT_GIVEN : CONSENT_REFUSED, &err))
        LOG_WARN("lsp", "%s", err.text);
    *refusal = str_format(&job->arena,
                          "You did not agree to send this workspace to " STR_FMT
                          ", so no model was asked.",
                          STR_ARG(host));
    return choice == 0;
}

/* Whether an MCP server may run, or changed tools be used. */
static bool approve(void *context, const McpQuestion *question)
{
    Writing *writing = context;
    Arena scratch = {0};
    Str message = plain_text(&scratch, question_text(&scratch, question));
    tell(writing, STR("waiting for your approval of an MCP server"));
    int choice = consult_job_ask(writing->job, message,
                                 (const Str[]){STR("Approve"), STR("Leave it out")}, 2);
    arena_release(&scratch);
    return choice == 0;
}

static McpOffer *offer_tools(Writing *writing)
{
    ConsultJob *job = writing->job;
    const AgentCandidate *agent = writing->consultation->agent;
    return offer_open(&(McpWish){.places = {.folder = job->root,
                                            .home = str_from(getenv("HOME")),
                                            .agent = &agent->agent,
                                            .agent_path = agent->path},
                                 .patience = {.cancel = &job->job.is_cancelled},
                                 .is_untrusted = !job->is_trusted,
                                 .approve = approve,
                                 .on_note = on_note,
                                 .context = writing});
}

/* The report, checked; NULL: `refusal` or job->err says why. */
static const Report *let_write(Writing *writing, Str *refusal)
{
    ConsultJob *job = writing->job;
    if (!may_send(writing, refusal) || atomic_load(&job->job.is_cancelled) ||
        !endpoint_unlock(&job->arena, &writing->endpoint, &job->job.is_cancelled, &job->err))
        return NULL;
    *refusal = (Str){0};
    Http *http = http_new();
    McpOffer *mcp = offer_tools(writing);
    const Report *report =
        consult_checked(&job->arena,
                        &(Online){.consultation = writing->consultation,
                                  .offline = writing->computed,
                                  .endpoint = &writing->endpoint,
                                  .http = http,
                                  .folder = str_is_absent(job->root) ? STR("/") : job->root,
                                  .open = &job->open,
                                  .limits = service_limits(job->config),
                                  .search = search_backend(),
                                  .mcp = mcp,
                                  .date = service_date(&job->arena),
                                  .cancel = &job->job.is_cancelled,
                                  .on_text = on_text,
                                  .on_restart = on_restart,
                                  .on_note = on_note,
                                  .on_turn = on_turn,
                                  .context = writing},
                        &job->err);
    offer_close(mcp, atomic_load(&job->job.is_cancelled));
    http_free(http);
    return report;
}

#define BELOW "Below is the report that Lintel has computed."

/* Why there is the computed report instead of the model's. */
static Str reason(ConsultJob *job, const Endpoint *endpoint, Str refusal)
{
    Arena *out = &job->arena;
    if (atomic_load(&job->job.is_cancelled))
        return quote(out, "Cancelled.", STR(BELOW));
    if (!str_is_absent(refusal))
        return quote(out, "Offline.", refusal);
    Str who = str_is_absent(endpoint->model)
                  ? (Str){0}
                  : str_format(out, STR_FMT " could not write it: ",
                               STR_ARG(report_code(out, endpoint->model)));
    return quote(out, "Written without a model.",
                 str_format(out, STR_FMT STR_FMT ". " BELOW, STR_ARG(who),
                            STR_ARG(report_prose(out, str_from(job->err.text)))));
}

static Str computed_markdown(Arena *out, const Report *computed)
{
    Buf buf = buf_with_max(MAX_REPORT_BYTES);
    report_markdown(&buf, computed);
    Str text = str_copy(out, buf_str(&buf));
    buf_free(&buf);
    return text;
}

static void write_with_model(ConsultJob *job, const Consultation *consultation,
                             const Report *computed)
{
    Writing writing = {.job = job,
                       .consultation = consultation,
                       .computed = computed,
                       .text = buf_with_max(MAX_TEXT_BYTES)};
    EndpointWish wish = job->service.wish;
    wish.agent_model = consultation->agent->agent.model;
    Str refusal = {0};
    const Report *written = NULL;
    if (endpoint_find(&job->arena, &wish, &writing.endpoint, &job->err)) {
        send_note(job, &(ConsultNote){.model = writing.endpoint.model,
                                      .host = writing.endpoint.host,
                                      .computed = computed_markdown(&job->arena, computed)});
        written = let_write(&writing, &refusal);
    }
    Str notice = written ? (Str){0} : reason(job, &writing.endpoint, refusal);
    endpoint_wipe(&writing.endpoint);
    buf_free(&writing.text);
    keep(job, written ? written : computed, notice);
    job->err = (Error){0}; /* the report says it */
}

void consult_job_run(Job *base)
{
    ConsultJob *job = (ConsultJob *)base;
    /* The project's rules come before anything else. */
    on_progress(job, STR("reading .claude/rules.md"), 0);
    ProjectRules rules = {0};
    if (!str_is_absent(job->root))
        rules =
            project_rules_read(&job->arena, job->root, job->database->folder, job->consulted_path);
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
    switch (job->service.writer) {
    case WRITER_LINTEL:
        keep(job, report, (Str){0});
        return;
    case WRITER_UNTRUSTED:
        keep(job, report,
             quote(&job->arena, "Offline.",
                   STR("The editor does not trust this workspace: no model was asked, and no agent "
                       "of the project was read.")));
        return;
    case WRITER_MODEL:
        write_with_model(job, &consultation, report);
        return;
    }
}

void consult_job_release(ConsultJob *job)
{
    growing_free(job->growing);
    cJSON_Delete(job->id);
    snapshot_release(job->snapshot);
    project_release(job->project);
    config_release(job->loose_config);
    stored_report_free(job->stored);
    for (uint32_t i = 0; i < job->open.n; i++)
        text_release(job->open.items[i].text);
    Arena arena = job->arena;
    arena_release(&arena);
}
