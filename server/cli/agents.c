/* lintel agents: who can be consulted, and who is. */
#include <stdlib.h>
#include <unistd.h>

#include "cli/json_out.h"
#include "cli/output.h"
#include "cli/workspace.h"
#include "consult/agent.h"

static Str shown(Workspace *workspace, const AgentCandidate *candidate)
{
    return str_is_absent(candidate->path) ? STR("(in the binary)")
                                          : workspace_show_absolute(workspace, candidate->path);
}

static void print_text(Buf *out, Workspace *workspace, const AgentCandidateVec *found)
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

static void print_json(Buf *out, Workspace *workspace, const AgentCandidateVec *found)
{
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
    jsonout_close(&json, '}');
    buf_add_char(out, '\n');
}

static int run(const Arguments *arguments)
{
    Workspace workspace = {0};
    Arena *arena = &workspace.arena;
    char folder[4096];
    if (getcwd(folder, sizeof folder))
        workspace.folder = str_copy(arena, str_from(folder));
    Error err = {0};
    AgentSearch search = {.folder =
                              arguments->operands.n > 0 ? arguments->operands.items[0] : STR("."),
                          .home = str_from(getenv("HOME")),
                          .installed = agent_installed_folder(arena),
                          .name = argument(arguments, "--agent")};
    AgentCandidateVec found = {0};
    int status = EXIT_FINE;
    if (!agent_search(arena, &search, &found, &err)) {
        status = command_fail("%s", err.text);
    } else {
        Buf out = buf_with_max(OUTPUT_MAX_BYTES);
        if (str_equal(argument(arguments, "--format"), STR("json")))
            print_json(&out, &workspace, &found);
        else
            print_text(&out, &workspace, &found);
        status = output_print(&out, EXIT_FINE);
        buf_free(&out);
    }
    workspace_free(&workspace);
    return status;
}

static const CommandOption options[] = {
    {.name = "--agent",
     .value = "NAME",
     .help = "who is looked for; database-architect where it is not given"},
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
    .summary = "List the agents that can be consulted, and which one is used.",
    .about = "Agents come from .claude/agents of the folder and those above it, from the home "
             "folder, and from\n"
             "the program itself; the first of a name is used.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
