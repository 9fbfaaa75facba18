#include "consult/mcp/offer.h"

#include "base/json.h"
#include "base/log.h"
#include "consult/mcp/grants.h"
#include "consult/mcp/guard.h"
#include "consult/mcp/result.h"
#include "consult/redact.h"

enum {
    MAX_OFFERED = 64, /* tools of all servers together: a model's room is not for lists */
    MAX_DESCRIPTION_BYTES = 2048,
    MAX_PROGRESS_BYTES = 120,
};

/* A server that runs, and all its tools. */
typedef struct {
    McpOffer *offer;
    const McpServer *server;
    McpConnection *connection;
    McpToolVec tools;
} Running;
typedef Vec(Running *) RunningVec;

typedef struct {
    Running *running;
    const McpTool *tool;
    Str wire_name;
    Str named; /* what the agent calls it, where that is another name; else absent */
} Offered;
typedef Vec(Offered) OfferedVec;

struct McpOffer {
    Arena arena;
    McpWish wish;
    McpServerVec servers;
    RunningVec running;
    OfferedVec offered;
    ToolSpecVec specs;
    StrVec remarks;
};

/* ---- what is said ---- */

static void note(const McpOffer *offer, Str text)
{
    if (offer->wish.on_note)
        offer->wish.on_note(offer->wish.context, text);
}

__attribute__((format(printf, 2, 3))) static void remark(McpOffer *offer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    Str text = str_format_list(&offer->arena, format, arguments);
    va_end(arguments);
    VEC_PUSH(&offer->arena, &offer->remarks, plain_text(&offer->arena, text));
    note(offer, *VEC_LAST(&offer->remarks));
}

/* "context7: fetching the page", while a call runs. */
static void on_progress(void *context, Str message)
{
    const Running *running = context;
    Arena scratch = {0};
    Str text = str_slice(message, 0, MAX_PROGRESS_BYTES);
    text =
        str_format(&scratch, STR_FMT ": " STR_FMT, STR_ARG(running->server->name), STR_ARG(text));
    if (!str_is_empty(message))
        note(running->offer, plain_text(&scratch, redact(&scratch, text)));
    arena_release(&scratch);
}

Str question_text(Arena *out, const McpQuestion *question)
{
    const McpServer *server = question->server;
    bool is_program = str_is_absent(server->url);
    if (question->changed.n == 0)
        return str_format(out,
                          "%s wants to %s the MCP server " STR_FMT
                          ". What it is asked, and what it reads, it may send "
                          "anywhere.\n\n" STR_FMT,
                          str_to_c(out, server->from), is_program ? "run" : "ask",
                          STR_ARG(server->name), STR_ARG(server->shown));
    Str names = str_join(out, question->changed.items, question->changed.n, STR(", "));
    return str_format(out,
                      "The MCP server " STR_FMT
                      " has tools that are new, or not what they were when you approved "
                      "it: " STR_FMT ". What they say of themselves a model will read.\n\n" STR_FMT,
                      STR_ARG(server->name), STR_ARG(plain_text(out, names)),
                      STR_ARG(server->shown));
}

/* ---- approval ---- */

static bool is_approved(McpOffer *offer, const McpQuestion *question)
{
    return offer->wish.approve && offer->wish.approve(offer->wish.context, question);
}

static void keep_approval(McpOffer *offer, const McpServer *server, const McpToolVec *tools)
{
    Error err = {0};
    if (!approval_keep(server, tools, &err))
        remark(offer, "the approval of " STR_FMT " is not kept: %s", STR_ARG(server->name),
               err.text);
}

static bool may_run(McpOffer *offer, const McpServer *server, const Approval *approval)
{
    if (approval->is_given)
        return true;
    if (is_approved(offer, &(McpQuestion){.server = server})) {
        keep_approval(offer, server, NULL);
        return true;
    }
    remark(offer,
           "the MCP server " STR_FMT " of " STR_FMT
           " is not approved: `lintel agents --approve " STR_FMT "` shows what it runs, and "
           "approves it",
           STR_ARG(server->name), STR_ARG(server->from), STR_ARG(server->name));
    return false;
}

/* ---- one server ---- */

static ToolGrant grant_of(const McpOffer *offer, const Running *running, const McpTool *tool,
                          Str *named)
{
    ToolGrant grant =
        grants_tool(offer->wish.places.agent, running->server->name, tool, &running->tools, named);
    if (tool->says_writing || (grant == GRANT_ALL && !tool->says_reading))
        return GRANT_NONE; /* what is not named must say that it only reads */
    return grant;
}

/* The tools of this server that would be offered and are not what was approved. */
static StrVec changed_tools(McpOffer *offer, const Running *running, const Approval *approval)
{
    StrVec changed = {0};
    Str named;
    for (uint32_t i = 0; approval->has_tools && i < running->tools.n; i++) {
        const McpTool *tool = &running->tools.items[i];
        if (grant_of(offer, running, tool, &named) != GRANT_NONE && !approval_knows(approval, tool))
            VEC_PUSH(&offer->arena, &changed, tool->name);
    }
    return changed;
}

static bool may_be_used(McpOffer *offer, const Running *running, const Approval *approval)
{
    McpQuestion question = {.server = running->server,
                            .changed = changed_tools(offer, running, approval)};
    if (question.changed.n > 0 && !is_approved(offer, &question)) {
        Str names = str_join(&offer->arena, question.changed.items, question.changed.n, STR(", "));
        remark(offer,
               "the MCP server " STR_FMT " has changed its tools (" STR_FMT
               ") since it was approved and is not used: `lintel agents --approve " STR_FMT
               "` approves them",
               STR_ARG(running->server->name), STR_ARG(names), STR_ARG(running->server->name));
        return false;
    }
    if (question.changed.n > 0 || !approval->has_tools)
        keep_approval(offer, running->server, &running->tools);
    return true;
}

static void offer_tool(McpOffer *offer, Running *running, const McpTool *tool, ToolGrant grant,
                       Str named)
{
    Arena *arena = &offer->arena;
    Offered offered = {.running = running,
                       .tool = tool,
                       .wire_name = grant_wire_name(arena, running->server->name, tool->name),
                       .named = grant == GRANT_ALIAS ? named : (Str){0}};
    if (offer_has(offer, offered.wire_name))
        return;
    Str description = plain_text(arena, redact(arena, tool->description));
    if (str_is_empty(str_trim(description))) /* a provider wants one */
        description = str_format(arena, "a tool of " STR_FMT, STR_ARG(running->server->name));
    ToolSpec spec = {.name = offered.wire_name,
                     .description =
                         plain_text(arena, str_slice(description, 0, MAX_DESCRIPTION_BYTES)),
                     .schema = plain_text(arena, guard_schema(arena, tool))};
    VEC_PUSH(arena, &offer->offered, offered);
    VEC_PUSH(arena, &offer->specs, spec);
}

static uint32_t offer_tools_of(McpOffer *offer, Running *running)
{
    uint32_t n_before = offer->offered.n;
    for (uint32_t i = 0; i < running->tools.n && offer->offered.n < MAX_OFFERED; i++) {
        Str named = {0};
        ToolGrant grant = grant_of(offer, running, &running->tools.items[i], &named);
        if (grant != GRANT_NONE)
            offer_tool(offer, running, &running->tools.items[i], grant, named);
    }
    return offer->offered.n - n_before;
}

static bool start(McpOffer *offer, Running *running, Error *err)
{
    McpPatience patience = offer->wish.patience;
    patience.on_progress = on_progress;
    patience.context = running;
    note(offer, str_format(&offer->arena, "starting " STR_FMT, STR_ARG(running->server->name)));
    running->connection = mcp_connect(running->server, &patience, err);
    return running->connection &&
           mcp_list_tools(running->connection, &offer->arena, &running->tools, err);
}

static bool is_cancelled(const McpOffer *offer)
{
    const atomic_bool *cancel = offer->wish.patience.cancel;
    return cancel && atomic_load_explicit(cancel, memory_order_relaxed);
}

/* Does what is to be done for one server that the agent names. */
static void take_server(McpOffer *offer, const McpServer *server)
{
    Error err = {0};
    if (!str_is_absent(server->problem)) {
        remark(offer, "the MCP server " STR_FMT " of " STR_FMT " cannot be used: " STR_FMT,
               STR_ARG(server->name), STR_ARG(server->from), STR_ARG(server->problem));
        return;
    }
    Approval approval = approval_find(&offer->arena, server);
    if (!may_run(offer, server, &approval) || is_cancelled(offer))
        return;
    Running *running = ARENA_NEW(&offer->arena, Running);
    *running = (Running){.offer = offer, .server = server};
    if (!start(offer, running, &err)) {
        if (!is_cancelled(offer))
            remark(offer, "the MCP server " STR_FMT " cannot be used: %s", STR_ARG(server->name),
                   err.text);
    } else if (may_be_used(offer, running, &approval)) {
        if (offer_tools_of(offer, running) > 0) {
            VEC_PUSH(&offer->arena, &offer->running, running);
            return;
        }
        remark(offer, "the MCP server " STR_FMT " has no tool that this agent may use",
               STR_ARG(server->name));
    }
    mcp_disconnect(running->connection, true);
}

/* ---- all of them ---- */

McpOffer *offer_open(const McpWish *wish)
{
    McpOffer *offer = ARENA_OWNER_NEW(McpOffer);
    offer->wish = *wish;
    if (wish->is_untrusted || !wish->places.agent)
        return offer;
    StrVec problems = {0};
    offer->servers = servers_find(&offer->arena, &wish->places, &problems);
    for (uint32_t i = 0; i < problems.n; i++)
        remark(offer, STR_FMT, STR_ARG(problems.items[i]));
    for (uint32_t i = 0; i < offer->servers.n && !is_cancelled(offer); i++)
        if (grants_server(wish->places.agent, offer->servers.items[i].name))
            take_server(offer, &offer->servers.items[i]);
    return offer;
}

void offer_close(McpOffer *offer, bool is_hasty)
{
    if (!offer)
        return;
    for (uint32_t i = 0; i < offer->running.n; i++)
        mcp_disconnect(offer->running.items[i]->connection, is_hasty);
    arena_owner_free(&offer->arena);
}

ToolSpecVec offer_specs(const McpOffer *offer)
{
    return offer ? offer->specs : (ToolSpecVec){0};
}

StrVec offer_remarks(const McpOffer *offer)
{
    return offer ? offer->remarks : (StrVec){0};
}

Str offer_renamings(const McpOffer *offer, Arena *out)
{
    StrVec lines = {0};
    for (uint32_t i = 0; offer && i < offer->offered.n; i++) {
        const Offered *offered = &offer->offered.items[i];
        Str server = offered->running->server->name;
        if (!str_is_absent(offered->named))
            VEC_PUSH(out, &lines,
                     str_format(out, STR_FMT " is now " STR_FMT,
                                STR_ARG(grant_wire_name(out, server, offered->named)),
                                STR_ARG(offered->wire_name)));
    }
    return str_join(out, lines.items, lines.n, STR(", "));
}

bool offer_covers(const McpOffer *offer, Str entry)
{
    for (uint32_t i = 0; offer && i < offer->offered.n; i++) {
        const Offered *offered = &offer->offered.items[i];
        Str server = offered->running->server->name;
        if (grant_covers(entry, server, offered->tool->name) ||
            (!str_is_absent(offered->named) && grant_covers(entry, server, offered->named)))
            return true;
    }
    return false;
}

static const Offered *find(const McpOffer *offer, Str name)
{
    for (uint32_t i = 0; offer && i < offer->offered.n; i++)
        if (str_equal(offer->offered.items[i].wire_name, name))
            return &offer->offered.items[i];
    return NULL;
}

bool offer_has(const McpOffer *offer, Str name)
{
    return find(offer, name) != NULL;
}

ToolResult offer_call(McpOffer *offer, const Confine *confine, Arena *out, Str name, Str input)
{
    const Offered *offered = find(offer, name);
    Error err = {0};
    ToolResult result = {.is_error = true};
    if (!offered)
        return tool_error(out, "there is no such tool");
    cJSON *arguments = json_read(input), *answer = NULL;
    if (!cJSON_IsObject(arguments))
        result = tool_error(out, "the arguments were not a JSON object");
    else if (!guard_arguments(out, confine, offered->tool, arguments, &err))
        result = tool_failed(out, &err);
    else if (!(answer = mcp_call(offered->running->connection, offered->tool, arguments,
                                 &offered->running->tools, &err)))
        result = tool_error(out, STR_FMT ": %s", STR_ARG(offered->running->server->name), err.text);
    else
        result = result_read(out, answer);
    cJSON_Delete(answer);
    cJSON_Delete(arguments);
    result.text = tool_finished(out, result.text);
    return result;
}
