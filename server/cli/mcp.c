/* lintel mcp: the words of the server, which main.c starts; and a look at the servers of others. */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/workspace.h"
#include "consult/mcp/approvals.h"
#include "consult/mcp/connection.h"
#include "consult/mcp/result.h"
#include "consult/redact.h"

static bool is_url(Str text)
{
    return str_starts_with(text, STR("http://")) || str_starts_with(text, STR("https://"));
}

/* A URL is consented to by writing it; a configured server must be approved. */
static bool find_server(Workspace *workspace, Str where, McpServer *server, Error *err)
{
    Arena *arena = &workspace->arena;
    StrVec problems = {0};
    if (is_url(where)) {
        *server = server_at_url(arena, where);
    } else {
        McpPlaces places = {.folder = workspace->folder, .home = str_from(getenv("HOME"))};
        McpServerVec servers = servers_find(arena, &places, &problems);
        const McpServer *found = servers_named(&servers, where);
        if (!found)
            return error_set(err, ERR_NOT_FOUND,
                             "no MCP server is called " STR_FMT "; lintel agents lists them",
                             STR_ARG(plain_text(arena, where)));
        *server = *found;
        if (str_is_absent(server->problem) && !approval_find(arena, server).is_given)
            return error_set(err, ERR_FAILED,
                             "the MCP server " STR_FMT
                             " is not approved: `lintel agents --approve " STR_FMT
                             "` shows what it runs, and approves it",
                             STR_ARG(where), STR_ARG(where));
    }
    return str_is_absent(server->problem) || error_set(err, ERR_FAILED, STR_FMT ": " STR_FMT,
                                                       STR_ARG(where), STR_ARG(server->problem));
}

static void print_tools(Buf *out, Arena *arena, const McpToolVec *tools, bool is_json)
{
    cJSON *list = cJSON_CreateArray();
    for (uint32_t i = 0; i < tools->n; i++) {
        const McpTool *tool = &tools->items[i];
        Str about = plain_text(arena, tool->description), line = {0};
        str_next_line(&about, &line);
        if (!is_json) {
            buf_format(out, STR_FMT "  " STR_FMT "\n", STR_ARG(plain_text(arena, tool->name)),
                       STR_ARG(line));
            continue;
        }
        cJSON *entry = cJSON_CreateObject();
        json_add_str(entry, "name", tool->name);
        json_add_str(entry, "description", tool->description);
        json_add(entry, "inputSchema", json_read(tool->schema));
        json_push(list, entry);
    }
    if (is_json) {
        json_print(list, out);
        buf_add_char(out, '\n');
    }
    cJSON_Delete(list);
}

/* Prints the result; false where the tool failed. */
static bool print_result(Buf *out, Arena *arena, const cJSON *result, bool is_json)
{
    ToolResult read = result_read(arena, result);
    if (is_json)
        json_print(result, out);
    else
        buf_add(out, plain_text(arena, read.text));
    buf_add_char(out, '\n');
    return !read.is_error;
}

static bool call(McpConnection *connection, Arena *arena, const McpToolVec *tools,
                 const OperandVec *words, Buf *out, bool is_json, bool *has_failed, Error *err)
{
    Str name = words->items[2], input = words->n > 3 ? words->items[3] : STR("{}");
    const McpTool *tool = tool_list_find(tools, name);
    if (!tool)
        return error_set(err, ERR_NOT_FOUND, "it has no tool " STR_FMT,
                         STR_ARG(plain_text(arena, name)));
    cJSON *arguments = json_read(input), *result = NULL;
    if (cJSON_IsObject(arguments))
        result = mcp_call(connection, tool, arguments, tools, err);
    else
        error_set(err, ERR_FAILED, "the arguments are not a JSON object");
    if (result)
        *has_failed = !print_result(out, arena, result, is_json);
    cJSON_Delete(arguments);
    cJSON_Delete(result);
    return result != NULL;
}

static void on_progress(void *context, Str message)
{
    Arena scratch = {0};
    (void)context;
    fprintf(stderr, "  " STR_FMT "\n", STR_ARG(plain_text(&scratch, message)));
    arena_release(&scratch);
}

static bool ask(Workspace *workspace, const Arguments *arguments, int *status, Error *err)
{
    Arena *arena = &workspace->arena;
    const OperandVec *words = &arguments->operands;
    bool is_json = str_equal(argument(arguments, "--format"), STR("json"));
    bool has_failed = false;
    McpServer server;
    McpToolVec tools = {0};
    if (!find_server(workspace, words->items[1], &server, err))
        return false;
    McpPatience patience = {.cancel = interrupt_listen(), .on_progress = on_progress};
    McpConnection *connection = mcp_connect(&server, &patience, err);
    Buf out = buf_with_max(OUTPUT_MAX_BYTES);
    bool is_good = connection && mcp_list_tools(connection, arena, &tools, err);
    if (is_good && str_equal(words->items[0], STR("tools"))) {
        fprintf(stderr, STR_FMT " speaks revision " STR_FMT "\n",
                STR_ARG(plain_text(arena, words->items[1])), STR_ARG(mcp_version(connection)));
        print_tools(&out, arena, &tools, is_json);
    } else if (is_good) {
        is_good = call(connection, arena, &tools, words, &out, is_json, &has_failed, err);
    }
    mcp_disconnect(connection, atomic_load(patience.cancel));
    interrupt_end();
    if (is_good)
        *status = output_print(&out, has_failed ? EXIT_FINDINGS : EXIT_FINE);
    buf_free(&out);
    return is_good;
}

static int run(const Arguments *arguments)
{
    const OperandVec *words = &arguments->operands;
    bool is_list = words->n == 2 && str_equal(words->items[0], STR("tools"));
    bool is_call = (words->n == 3 || words->n == 4) && str_equal(words->items[0], STR("call"));
    if (!is_list && !is_call)
        return command_fail("it is lintel mcp, lintel mcp tools SERVER, or lintel mcp call SERVER "
                            "TOOL [ARGUMENTS]");
    Workspace workspace = {0};
    Error err = {0};
    int status = EXIT_FINE;
    if (!workspace_start(&workspace, &err) || !ask(&workspace, arguments, &status, &err))
        status = command_fail("%s", err.text);
    workspace_free(&workspace);
    return status;
}

static const CommandOption options[] = {
    {.name = "--format",
     .value = "FORMAT",
     .choices = "text json",
     .fallback = "text",
     .help = "how tools and results are printed"},
};

extern const Command command_mcp;
const Command command_mcp = {
    .name = "mcp",
    .operands = "[tools SERVER | call SERVER TOOL [ARGUMENTS]]",
    .summary = "Run as an MCP server, or look at another.",
    .about = "Alone it serves lint, schema, explain and report of the working folder on standard "
             "input and output; a\n"
             "coding agent starts it. `tools` and `call` speak to a SERVER of .mcp.json that is "
             "approved, or to one at a\n"
             "URL, and print what it has and answers; ARGUMENTS are a JSON object.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
