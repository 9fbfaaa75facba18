#define _XOPEN_SOURCE 700 /* realpath */

#include "mcp/tools.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "project/path.h"

static const ServedTool *const all_tools[] = {&tool_lint, &tool_schema, &tool_explain,
                                              &tool_report};

enum {
    N_TOOLS = sizeof all_tools / sizeof *all_tools,
    MAX_TEXT_BYTES = 400 * 1024, /* more than any model's client takes */
    MAX_PATHS = 1000,
};

static const ServedTool *find(Str name)
{
    for (size_t i = 0; i < N_TOOLS; i++)
        if (str_equal(name, str_from(all_tools[i]->name)))
            return all_tools[i];
    return NULL;
}

bool tools_have(Str name)
{
    return find(name) != NULL;
}

/* ---- lists ---- */

cJSON *tools_list(void)
{
    cJSON *result = cJSON_CreateObject(), *list = cJSON_CreateArray();
    for (size_t i = 0; i < N_TOOLS; i++) {
        const ServedTool *served = all_tools[i];
        cJSON *tool = cJSON_CreateObject(), *notes = cJSON_CreateObject();
        json_add_str(tool, "name", str_from(served->name));
        json_add_str(tool, "title", str_from(served->title));
        json_add_str(tool, "description", str_from(served->description));
        json_add(tool, "inputSchema", json_read(str_from(served->input)));
        if (served->output)
            json_add(tool, "outputSchema", json_read(str_from(served->output)));
        json_add(notes, "readOnlyHint", cJSON_CreateBool(true));
        json_add(notes, "destructiveHint", cJSON_CreateBool(false));
        json_add(notes, "idempotentHint", cJSON_CreateBool(true));
        json_add(notes, "openWorldHint", cJSON_CreateBool(false));
        json_add(tool, "annotations", notes);
        json_push(list, tool);
    }
    json_add(result, "tools", list);
    return result;
}

/* ---- calls ---- */

static cJSON *result_of(Str text, cJSON *structure, bool is_error)
{
    cJSON *result = cJSON_CreateObject(), *content = cJSON_CreateArray();
    cJSON *part = cJSON_CreateObject();
    json_add_str(part, "type", STR("text"));
    json_add_str(part, "text", text);
    json_push(content, part);
    json_add(result, "content", content);
    if (structure)
        json_add(result, "structuredContent", structure);
    if (is_error)
        json_add(result, "isError", cJSON_CreateBool(true));
    return result;
}

cJSON *tools_call(Str name, const cJSON *arguments, bool has_structure)
{
    Arena scratch = {0};
    Error err = {0};
    ToolAnswer answer = {.text = buf_with_max(MAX_TEXT_BYTES)};
    bool is_good = find(name)->run(arguments, &answer, &err);
    Str text = is_good ? buf_str(&answer.text) : str_from(err.text);
    if (is_good && answer.text.overflowed) {
        while (text.length > 0 && text.data[text.length - 1] != '\n')
            text.length--;
        text = str_format(&scratch,
                          STR_FMT "[cut here: it is longer; ask for fewer files, or for one table]",
                          STR_ARG(text));
    }
    if (!is_good || !has_structure) {
        cJSON_Delete(answer.structure);
        answer.structure = NULL;
    }
    cJSON *result = result_of(text, answer.structure, !is_good);
    buf_free(&answer.text);
    arena_release(&scratch);
    return result;
}

/* ---- for tools ---- */

cJSON *answer_structure(const Buf *json)
{
    return json->overflowed ? NULL : json_read(buf_str(json));
}

bool answer_word(Arena *out, const cJSON *arguments, const char *key, Str *word, Error *err)
{
    const cJSON *value = json_get(arguments, key);
    if (value && !cJSON_IsString(value) && !cJSON_IsNull(value))
        return error_set(err, ERR_FAILED, "%s is not a text", key);
    *word = cJSON_IsString(value) ? json_text(out, value) : (Str){0};
    return true;
}

/* The nearest folder above a path that is there: what is not there yet has no links. */
static bool real_path(Arena *out, Str path, char *real)
{
    while (!realpath(str_to_c(out, path), real)) {
        if (errno != ENOENT || str_equal(path, STR("/")))
            return false;
        path = path_folder(path);
    }
    return true;
}

static bool add_path(Arena *out, Str path, OperandVec *paths, Error *err)
{
    char folder[PATH_MAX], real_folder[PATH_MAX], real[PATH_MAX];
    Str rest;
    if (str_is_empty(path) || memchr(path.data, 0, path.length))
        return error_set(err, ERR_FAILED, "a path is empty, or holds a NUL");
    if (!getcwd(folder, sizeof folder) || !realpath(folder, real_folder))
        return error_set(err, ERR_FAILED, "cannot tell the working folder");
    Str absolute = path_normal(out, path_join(out, str_from(folder), path));
    if (path_is_below(str_from(folder), absolute, &rest) && real_path(out, absolute, real) &&
        path_is_below(str_from(real_folder), str_from(real), &rest)) {
        VEC_PUSH(out, paths, str_copy(out, path));
        return true;
    }
    return error_set(err, ERR_FAILED, STR_FMT " is not in the working folder",
                     STR_ARG(str_slice(path, 0, 300)));
}

bool answer_paths(Arena *out, const cJSON *arguments, const char *key, OperandVec *paths,
                  Error *err)
{
    const cJSON *value = json_get(arguments, key), *item = NULL;
    if (!value || cJSON_IsNull(value))
        return true;
    if (cJSON_IsString(value))
        return add_path(out, json_text(out, value), paths, err);
    if (!cJSON_IsArray(value) || cJSON_GetArraySize(value) > MAX_PATHS)
        return error_set(err, ERR_FAILED, "%s is not a list of paths", key);
    cJSON_ArrayForEach(item, value)
    {
        if (!cJSON_IsString(item))
            return error_set(err, ERR_FAILED, "%s holds something that is not a path", key);
        if (!add_path(out, json_text(out, item), paths, err))
            return false;
    }
    return true;
}
