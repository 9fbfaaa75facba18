/* lintel agents: who can be consulted, and who is. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/consulting.h"
#include "cli/json_out.h"
#include "cli/output.h"
#include "consult/mcp/approvals.h"
#include "consult/mcp/grants.h"
#include "consult/redact.h"

typedef struct {
    AgentCandidateVec agents;
    McpServerVec servers;
    StrVec problems; /* of the files that configure them */
} Listing;

static Str shown(Workspace *workspace, const AgentCandidate *candidate)
{
    return str_is_absent(candidate->path) ? STR("(in the binary)")
                                          : workspace_show_absolute(workspace, candidate->path);
}

static void print_agents(Buf *out, Workspace *workspace, const AgentCandidateVec *found)
{
    for (uint32_t i = 0; i < found->n; i++) {
        const AgentCandidate *candidate = &found->items[i];
        const Agent *agent = &candidate->agent;
        buf_format(
            out, "%s " STR_FMT "  " STR_FMT "  [" STR_FMT "]\n", candidate->is_used ? "*" : " ",
            STR_ARG(agent->is_usable ? agent->name : STR("(unusable)")),
            STR_ARG(shown(workspace, candidate)), STR_ARG(agent_origin_name(candidate->origin)));
        buf_format(out, "    %s: " STR_FMT "\n", candidate->is_used ? "used" : "not used",
                   STR_ARG(candidate->why));
        if (agent->is_usable && !str_is_empty(agent->problem))
            buf_format(out, "    line %u is not strict YAML (" STR_FMT "): read line by line\n",
                       agent->problem_line, STR_ARG(agent->problem));
        for (uint32_t k = 0; k < agent->ignored.n; k++)
            buf_format(out, "    the key " STR_FMT " means nothing here\n",
                       STR_ARG(agent->ignored.items[k]));
    }
}

/* ---- MCP servers ---- */

/* The file that configures it; a folder's name may hold anything. */
static Str place_of(Workspace *workspace, const McpServer *server)
{
    return plain_text(&workspace->arena, workspace_show_absolute(workspace, server->from));
}

/* Why it is used or not; what the file says of it may be hostile. */
static Str state_of(Workspace *workspace, const Listing *listing, const McpServer *server)
{
    const AgentCandidate *used = agent_used(&listing->agents);
    if (!str_is_absent(server->problem))
        return str_format(&workspace->arena, "cannot be used: " STR_FMT, STR_ARG(server->problem));
    if (!approval_find(&workspace->arena, server).is_given)
        return STR("not approved");
    return grants_server(&used->agent, server->name) ? STR("approved, and named by the agent")
                                                     : STR("approved, but not named by the agent");
}

static void print_servers(Buf *out, Workspace *workspace, const Listing *listing)
{
    Arena *arena = &workspace->arena;
    for (uint32_t i = 0; i < listing->servers.n; i++) {
        const McpServer *server = &listing->servers.items[i];
        buf_format(out, "%sMCP server " STR_FMT "  " STR_FMT "\n    " STR_FMT "\n",
                   i == 0 ? "\n" : "", STR_ARG(plain_text(arena, server->name)),
                   STR_ARG(place_of(workspace, server)),
                   STR_ARG(state_of(workspace, listing, server)));
        if (!str_is_empty(server->shown))
            buf_format(out, "    %s: " STR_FMT "\n", str_is_absent(server->url) ? "runs" : "asks",
                       STR_ARG(server->shown));
    }
    for (uint32_t i = 0; i < listing->problems.n; i++)
        buf_format(out, "\n" STR_FMT "\n", STR_ARG(plain_text(arena, listing->problems.items[i])));
}

static bool is_configured(const Listing *listing, Str entry)
{
    for (uint32_t i = 0; i < listing->servers.n; i++)
        if (grant_names(entry, listing->servers.items[i].name))
            return true;
    return false;
}

/* "context7, consult7": what the agent names and nothing configures. */
static Str unknown_servers(Arena *out, const Listing *listing)
{
    const Agent *agent = &agent_used(&listing->agents)->agent;
    StrVec names = {0};
    for (uint32_t i = 0; i < agent->tools.n; i++) {
        Str entry = agent->tools.items[i];
        bool is_known = !str_starts_with(entry, STR("mcp__")) || is_configured(listing, entry);
        Str name = str_slice(entry, 5, str_find(entry, STR("__"), 5));
        for (uint32_t k = 0; k < names.n && !is_known; k++)
            is_known = str_equal(names.items[k], name);
        if (!is_known)
            VEC_PUSH(out, &names, name);
    }
    return plain_text(out, str_join(out, names.items, names.n, STR(", ")));
}

static void print_text(Buf *out, Workspace *workspace, const Listing *listing)
{
    print_agents(out, workspace, &listing->agents);
    print_servers(out, workspace, listing);
    Str unknown = unknown_servers(&workspace->arena, listing);
    if (!str_is_empty(unknown))
        buf_format(out, "\nThe agent names MCP servers that are not configured: " STR_FMT "\n",
                   STR_ARG(unknown));
}

static void print_servers_json(JsonOut *json, Workspace *workspace, const Listing *listing)
{
    jsonout_open(json, "mcp_servers", '[');
    for (uint32_t i = 0; i < listing->servers.n; i++) {
        const McpServer *server = &listing->servers.items[i];
        jsonout_open(json, NULL, '{');
        jsonout_text(json, "name", server->name);
        jsonout_text(json, "file", workspace_show_absolute(workspace, server->from));
        jsonout_text(json, "runs", server->shown);
        jsonout_bool(json, "approved", approval_find(&workspace->arena, server).is_given);
        jsonout_bool(json, "named",
                     grants_server(&agent_used(&listing->agents)->agent, server->name));
        jsonout_text_or_null(json, "problem", server->problem);
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
}

/* Approves a server, or takes that back. */
static bool decide(Workspace *workspace, const Listing *listing, Str name, bool is_approved,
                   Error *err)
{
    const McpServer *server = servers_named(&listing->servers, name);
    Str shown = plain_text(&workspace->arena, name);
    if (!server)
        return error_set(err, ERR_NOT_FOUND, "no MCP server is called " STR_FMT, STR_ARG(shown));
    if (is_approved && !str_is_absent(server->problem))
        return error_set(err, ERR_FAILED, "the MCP server " STR_FMT " cannot be used: " STR_FMT,
                         STR_ARG(shown), STR_ARG(server->problem));
    if (!(is_approved ? approval_keep(server, NULL, err) : approval_forget(server, err)))
        return false;
    printf("%s: " STR_FMT " of " STR_FMT ", which %s " STR_FMT "\n",
           is_approved ? "approved" : "no longer approved", STR_ARG(shown),
           STR_ARG(place_of(workspace, server)), str_is_absent(server->url) ? "runs" : "asks",
           STR_ARG(server->shown));
    return true;
}

/* ---- all of it ---- */

static void print_json(Buf *out, Workspace *workspace, const Listing *listing)
{
    const AgentCandidateVec *found = &listing->agents;
    JsonOut json = {.out = out};
    jsonout_open(&json, NULL, '{');
    jsonout_open(&json, "agents", '[');
    for (uint32_t i = 0; i < found->n; i++) {
        const AgentCandidate *candidate = &found->items[i];
        const Agent *agent = &candidate->agent;
        jsonout_open(&json, NULL, '{');
        jsonout_text_or_null(&json, "name", agent->name);
        jsonout_text_or_null(&json, "description", agent->description);
        jsonout_text_or_null(
            &json, "file", str_is_absent(candidate->path) ? (Str){0} : shown(workspace, candidate));
        jsonout_text(&json, "origin", agent_origin_name(candidate->origin));
        jsonout_bool(&json, "used", candidate->is_used);
        jsonout_text(&json, "why", candidate->why);
        jsonout_text_or_null(&json, "problem", agent->problem);
        if (agent->has_tools) {
            jsonout_open(&json, "tools", '[');
            for (uint32_t k = 0; k < agent->tools.n; k++)
                jsonout_text(&json, NULL, agent->tools.items[k]);
            jsonout_close(&json, ']');
        } else {
            jsonout_null(&json, "tools");
        }
        jsonout_close(&json, '}');
    }
    jsonout_close(&json, ']');
    print_servers_json(&json, workspace, listing);
    jsonout_close(&json, '}');
    buf_add_char(out, '\n');
}

static bool list_all(Workspace *workspace, const Arguments *arguments, Listing *listing, Error *err)
{
    Str folder = workspace_absolute(
        workspace, arguments->operands.n > 0 ? arguments->operands.items[0] : STR("."));
    if (!consulting_agents(workspace, folder, argument(arguments, "--agent"), &listing->agents,
                           err))
        return false;
    const AgentCandidate *used = agent_used(&listing->agents);
    McpPlaces places = {.folder = folder,
                        .home = str_from(getenv("HOME")),
                        .agent = &used->agent,
                        .agent_path = used->path};
    listing->servers = servers_find(&workspace->arena, &places, &listing->problems);
    return true;
}

static int print_listing(Workspace *workspace, const Arguments *arguments, const Listing *listing)
{
    Buf out = buf_with_max(OUTPUT_MAX_BYTES);
    if (str_equal(argument(arguments, "--format"), STR("json")))
        print_json(&out, workspace, listing);
    else
        print_text(&out, workspace, listing);
    int status = output_print(&out, EXIT_FINE);
    buf_free(&out);
    return status;
}

static int run(const Arguments *arguments)
{
    Workspace workspace = {0};
    Listing listing = {0};
    Error err = {0};
    Str approved = argument(arguments, "--approve"), revoked = argument(arguments, "--revoke");
    bool is_decision = !str_is_absent(approved) || !str_is_absent(revoked);
    bool is_good =
        workspace_start(&workspace, &err) && list_all(&workspace, arguments, &listing, &err) &&
        (str_is_absent(approved) || decide(&workspace, &listing, approved, true, &err)) &&
        (str_is_absent(revoked) || decide(&workspace, &listing, revoked, false, &err));
    int status = !is_good      ? command_fail("%s", err.text)
                 : is_decision ? EXIT_FINE
                               : print_listing(&workspace, arguments, &listing);
    workspace_free(&workspace);
    return status;
}

static const CommandOption options[] = {
    {.name = "--agent",
     .value = "NAME",
     .help = "who is looked for, or a file that ends in .md; else database-architect"},
    {.name = "--approve",
     .value = "NAME",
     .help = "let this MCP server be used, as it is configured now and with the tools it has"},
    {.name = "--revoke", .value = "NAME", .help = "take that back"},
    {.name = "--format",
     .value = "FORMAT",
     .choices = "text json",
     .fallback = "text",
     .help = "how to print"},
};

extern const Command command_agents;
const Command command_agents = {
    .name = "agents",
    .operands = "[FOLDER]",
    .summary = "List agents and MCP servers, and which are used.",
    .about = "Agents come from .claude/agents of the folder and those above it, from the home "
             "folder, and from\n"
             "the program itself; the first of a name is used. MCP servers come from .mcp.json and "
             "the home folder's\n"
             ".claude.json; a consultation with a model starts those that the agent names and "
             "that are approved.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
