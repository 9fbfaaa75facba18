#include "consult/mcp/approvals.h"

#include "base/json.h"
#include "consult/mcp/messages.h"
#include "consult/state_files.h"

enum { MAX_FILE_BYTES = 1024 * 1024 };

static Str file_name(Arena *out, const McpServer *server)
{
    return str_format(out, "mcp/" STR_FMT ".json", STR_ARG(server->sha256));
}

Approval approval_find(Arena *out, const McpServer *server)
{
    Approval approval = {0};
    Str text;
    Error err = {0};
    if (!state_file_read(out, file_name(out, server), MAX_FILE_BYTES, &text, &err))
        return approval;
    cJSON *tree = json_read(text);
    const cJSON *tools = json_get(tree, "tools"), *tool = NULL;
    approval.is_given = json_is_true(tree, "approved");
    approval.has_tools = cJSON_IsObject(tools);
    cJSON_ArrayForEach(tool, tools)
    {
        McpPair pair = {.name = str_copy(out, str_from(tool->string)),
                        .value = str_copy(out, json_as_str(tool))};
        VEC_PUSH(out, &approval.tools, pair);
    }
    cJSON_Delete(tree);
    return approval;
}

/* Takes `tree`. */
static bool write_file(const McpServer *server, cJSON *tree, Error *err)
{
    Arena scratch = {0};
    Str path;
    json_add_str(tree, "name", server->name); /* these three are for who looks into the file */
    json_add_str(tree, "from", server->from);
    json_add_str(tree, "runs", server->shown);
    bool is_written = state_file_write(&scratch, file_name(&scratch, server),
                                       message_text(&scratch, tree), &path, err);
    cJSON_Delete(tree);
    arena_release(&scratch);
    return is_written;
}

bool approval_keep(const McpServer *server, const McpToolVec *tools, Error *err)
{
    Arena scratch = {0};
    cJSON *tree = cJSON_CreateObject();
    json_add(tree, "approved", cJSON_CreateBool(true));
    if (tools) {
        cJSON *list = cJSON_CreateObject();
        for (uint32_t i = 0; i < tools->n; i++)
            json_add_str(list, str_to_c(&scratch, tools->items[i].name), tools->items[i].sha256);
        json_add(tree, "tools", list);
    }
    arena_release(&scratch);
    return write_file(server, tree, err);
}

bool approval_forget(const McpServer *server, Error *err)
{
    cJSON *tree = cJSON_CreateObject();
    json_add(tree, "approved", cJSON_CreateBool(false));
    return write_file(server, tree, err);
}

bool approval_knows(const Approval *approval, const McpTool *tool)
{
    for (uint32_t i = 0; i < approval->tools.n; i++)
        if (str_equal(approval->tools.items[i].name, tool->name))
            return str_equal(approval->tools.items[i].value, tool->sha256);
    return false;
}
