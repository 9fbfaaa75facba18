/* Read: a file's lines, with their numbers. */
#include "base/json.h"
#include "consult/tools/tools.h"

enum {
    MAX_FILE_BYTES = 1024 * 1024,
    LINES = 2000,          /* where no limit is given */
    MAX_LINE_BYTES = 2000, /* of a line that is shown */
    MAX_SHOWN_BYTES = 160 * 1024,
};

static void add_line(Buf *buf, uint32_t number, Str line)
{
    Str shown = str_slice(line, 0, MAX_LINE_BYTES);
    buf_format(buf, "%6u\t" STR_FMT "%s\n", number, STR_ARG(shown),
               line.length > MAX_LINE_BYTES ? " [line cut]" : "");
}

static ToolResult lines_of(Arena *out, Str path, Str text, bool is_cut, int32_t offset,
                           int32_t limit)
{
    Buf buf = buf_with_max(MAX_FILE_BYTES * 2);
    Str rest = text, line;
    uint32_t number = 0, shown = 0, first = offset > 0 ? (uint32_t)offset : 1;
    bool has_more = false;
    while (str_next_line(&rest, &line)) {
        number++;
        if (number < first)
            continue;
        if (shown >= (uint32_t)limit || buf.length > MAX_SHOWN_BYTES) {
            has_more = true;
            continue; /* goes on counting */
        }
        add_line(&buf, number, line);
        shown++;
    }
    if (number == 0)
        buf_format(&buf, STR_FMT " is empty\n", STR_ARG(path));
    else if (shown == 0)
        buf_format(&buf, STR_FMT " has %u lines; there is none from line %u on\n", STR_ARG(path),
                   number, first);
    else if (has_more || is_cut)
        buf_format(&buf, "[partial view: lines %u to %u of %s%u; go on with offset %u]\n", first,
                   first + shown - 1, is_cut ? "more than " : "", number, first + shown);
    ToolResult result = {.text = str_copy(out, buf_str(&buf))};
    buf_free(&buf);
    return result;
}

static ToolResult run(Toolbox *toolbox, Arena *out, const cJSON *input)
{
    Str path = json_str(input, "file_path"), relative, text;
    int32_t offset = 0, limit = LINES;
    bool is_cut = false;
    Error err = {0};
    if (str_is_empty(path))
        return tool_error(out, "file_path is missing");
    json_int(input, "offset", &offset);
    if (!json_int(input, "limit", &limit) || limit < 1 || limit > 100000)
        limit = LINES;
    if (!confine_path(out, &toolbox->confine, path, &relative, &err) ||
        !toolbox_text(toolbox, out, relative, MAX_FILE_BYTES, &text, &is_cut, &err))
        return tool_failed(out, &err);
    if (text_is_binary(text))
        return tool_error(out, STR_FMT " is not a text", STR_ARG(relative));
    return lines_of(out, relative, text, is_cut, offset, limit);
}

extern const Tool tool_read;
const Tool tool_read = {
    .name = "Read",
    .description =
        "Reads a file of the project and returns its lines with their numbers. Texts that are open "
        "and unsaved in the editor are read as they stand there. Of .env files only the names "
        "are shown; files with keys are not read.",
    .schema =
        "{\"type\":\"object\",\"properties\":{"
        "\"file_path\":{\"type\":\"string\",\"description\":\"relative to the project\"},"
        "\"offset\":{\"type\":\"integer\",\"description\":\"the first line, from 1\"},"
        "\"limit\":{\"type\":\"integer\",\"description\":\"how many lines; 2000 without it\"}},"
        "\"required\":[\"file_path\"],\"additionalProperties\":false}",
    .run = run,
};
