#include "cli/consult_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "consult/online/online.h"
#include "consult/online/service.h"
#include "consult/redact.h"

bool model_begin(ModelConsultant *model, Arena *arena, const Arguments *arguments,
                 const Config *config, const Agent *agent, Error *err)
{
    *model = (ModelConsultant){.shows_notes = isatty(STDERR_FILENO)};
    EndpointWish wish = {.provider = argument(arguments, "--provider"),
                         .base_url = argument(arguments, "--base-url"),
                         .model = argument(arguments, "--model"),
                         .project_model = config ? config->consult_project.model : (Str){0},
                         .agent_model = agent->model};
    if (!endpoint_find(arena, &wish, &model->endpoint, err) ||
        !endpoint_unlock(arena, &model->endpoint, NULL, err))
        return false;
    model->http = http_new();
    model->cancel = interrupt_listen();
    return true;
}

void model_end(ModelConsultant *model)
{
    offer_close(model->mcp, model->cancel && atomic_load(model->cancel));
    http_free(model->http);
    endpoint_wipe(&model->endpoint);
    if (model->cancel)
        interrupt_end();
}

/* ---- MCP servers ---- */

static void on_note(void *context, Str text);

/* Asks on the terminal; whatever is not a yes is a no. */
static bool approve(void *context, const McpQuestion *question)
{
    char answer[16] = "";
    Arena scratch = {0};
    (void)context;
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return false;
    fprintf(stderr, "\n" STR_FMT "\n\nApprove it? [y/N] ",
            STR_ARG(plain_text(&scratch, question_text(&scratch, question))));
    arena_release(&scratch);
    bool is_read = fgets(answer, sizeof answer, stdin) != NULL;
    Str said = str_trim(str_from(answer));
    return is_read &&
           (str_equal_ignore_case(said, STR("y")) || str_equal_ignore_case(said, STR("yes")));
}

void model_offer_tools(ModelConsultant *model, Str folder, const AgentCandidate *agent)
{
    McpWish wish = {.places = {.folder = folder,
                               .home = str_from(getenv("HOME")),
                               .agent = &agent->agent,
                               .agent_path = agent->path},
                    .patience = {.cancel = model->cancel},
                    .approve = approve,
                    .on_note = on_note,
                    .context = model};
    model->mcp = offer_open(&wish);
    StrVec remarks = offer_remarks(model->mcp);
    for (uint32_t i = 0; !model->shows_notes && i < remarks.n; i++)
        fprintf(stderr, "lintel: " STR_FMT "\n", STR_ARG(remarks.items[i]));
}

/* ---- one report ---- */

static void on_note(void *context, Str text)
{
    const ModelConsultant *model = context;
    if (model->shows_notes)
        fprintf(stderr, "  " STR_FMT "\n", STR_ARG(text));
}

Report *model_consult(ModelConsultant *model, Arena *out, const LoadedDatabase *loaded,
                      const Consultation *consultation, Error *err)
{
    const Endpoint *endpoint = &model->endpoint;
    /* Its paths are what the model's tools know. */
    Consultation computed = *consultation;
    computed.show_path = NULL;
    computed.progress = NULL;
    Report *offline = consult(out, &computed, err);
    if (!offline)
        return NULL;
    fprintf(stderr,
            "lintel: " STR_FMT ": asking " STR_FMT " at " STR_FMT
            "%s; schema, findings, the project's "
            "rules and the files that it asks for are sent there\n",
            STR_ARG(loaded->about->name), STR_ARG(endpoint->model), STR_ARG(endpoint->host),
            endpoint->is_local ? " (this machine)" : "");
    Online online = {.consultation = &computed,
                     .offline = offline,
                     .endpoint = endpoint,
                     .http = model->http,
                     .folder = loaded->project->root,
                     .limits = service_limits(consultation->config),
                     .search = search_backend(),
                     .mcp = model->mcp,
                     .cancel = model->cancel,
                     .date = service_date(out),
                     .on_note = on_note,
                     .context = model};
    return consult_checked(out, &online, err);
}
