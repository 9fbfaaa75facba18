/* Glob: the files whose paths fit a pattern, newest first. */
#include <stdlib.h>

#include "base/json.h"
#include "consult/project_rules.h"
#include "consult/tools/tools.h"
#include "loop/loop.h"

enum { MAX_SHOWN = 100, TIME_MS = 20 * 1000, MAX_PATTERN = 1000 };

typedef struct {
    Arena *scratch;
    Str pattern, folder;
    bool names_only; /* a pattern without '/' fits in every folder */
    uint64_t end_ms;
    bool is_late;
    Vec(WalkedFile) found;
} Search;

static bool visit(void *context, const WalkedFile *file)
{
    Search *search = context;
    Str seen = search->names_only ? file->name : file->path;
    if (!search->names_only && search->folder.length > 0)
        seen = str_slice(seen, search->folder.length + 1, seen.length);
    if (glob_matches(search->pattern, seen))
        VEC_PUSH(search->scratch, &search->found, *file);
    search->is_late = loop_now_ms() > search->end_ms;
    return !search->is_late;
}

static int compare(const void *left, const void *right)
{
    const WalkedFile *a = left, *b = right;
    if (a->changed != b->changed)
        return a->changed < b->changed ? 1 : -1;
    return str_compare(a->path, b->path);
}

static ToolResult print(Arena *out, Search *search)
{
    Buf buf = buf_with_max(TOOL_MAX_RESULT_BYTES * 4);
    if (search->found.n > 0)
        qsort(search->found.items, search->found.n, sizeof *search->found.items, compare);
    for (uint32_t i = 0; i < search->found.n && i < MAX_SHOWN; i++)
        buf_format(&buf, STR_FMT "\n", STR_ARG(search->found.items[i].path));
    if (search->found.n == 0)
        buf_add(&buf, STR("no files fit\n"));
    if (search->found.n > MAX_SHOWN)
        buf_format(&buf, "[%u more; narrow the pattern]\n", search->found.n - MAX_SHOWN);
    if (search->is_late)
        buf_add(&buf, STR("[it took too long: not all folders were looked at]\n"));
    ToolResult result = {.text = str_copy(out, buf_str(&buf))};
    buf_free(&buf);
    return result;
}

static ToolResult run(Toolbox *toolbox, Arena *out, const cJSON *input)
{
    Str pattern = json_str(input, "pattern"), folder;
    Error err = {0};
    if (str_is_empty(pattern) || pattern.length > MAX_PATTERN)
        return tool_error(out, "pattern is missing, or too long");
    if (str_starts_with(pattern, STR("./")))
        pattern = str_slice(pattern, 2, pattern.length);
    if (!confine_path(out, &toolbox->confine, json_str(input, "path"), &folder, &err))
        return tool_failed(out, &err);
    /* An absolute pattern of the project is one of its root. */
    Str root = str_format(out, STR_FMT "/", STR_ARG(toolbox->confine.root));
    if (str_starts_with(pattern, root)) {
        pattern = str_slice(pattern, root.length, pattern.length);
        folder = STR("");
    }
    Arena scratch = {0};
    Search search = {.scratch = &scratch,
                     .pattern = pattern,
                     .folder = folder,
                     .names_only =
                         !str_contains(pattern, STR("/")) && !str_equal(pattern, STR("**")),
                     .end_ms = loop_now_ms() + TIME_MS};
    ToolResult result = toolbox_walk(toolbox, &scratch, folder, visit, &search, &err)
                            ? print(out, &search)
                            : tool_failed(out, &err);
    arena_release(&scratch);
    return result;
}

extern const Tool tool_glob;
const Tool tool_glob = {
    .name = "Glob",
    .description =
        "Finds files of the project by a pattern: * and ? stay within a folder, ** crosses "
        "folders, "
        "{a,b} chooses; a pattern without / fits names in every folder. Newest first, at most 100. "
        "What .gitignore leaves out, and installed or built folders, are not looked at.",
    .schema = "{\"type\":\"object\",\"properties\":{"
              "\"pattern\":{\"type\":\"string\"},"
              "\"path\":{\"type\":\"string\",\"description\":\"the folder to look in; the "
              "project without it\"}},"
              "\"required\":[\"pattern\"],\"additionalProperties\":false}",
    .run = run,
};
