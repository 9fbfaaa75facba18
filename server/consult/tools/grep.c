/* Grep: lines that fit a regular expression (PCRE2), in the files of the project.
 *
 * A hostile pattern cannot run away: each match has limits, and the whole a deadline. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <unistd.h>

#include "base/json.h"
#include "consult/project_rules.h"
#include "consult/tools/tools.h"
#include "loop/loop.h"
#include "project/path.h"

enum {
    MAX_PATTERN = 1000,
    MAX_FILE_BYTES = 1024 * 1024,
    MAX_LINE_SHOWN = 500,
    MAX_CONTEXT = 20,
    HEAD_LIMIT = 250, /* entries, where no limit is given */
    MAX_HEAD_LIMIT = 5000,
    TIME_MS = 20 * 1000,
    MATCH_LIMIT = 200000,
    DEPTH_LIMIT = 5000,
    HEAP_LIMIT_KIB = 20000,
};

typedef enum { SHOW_FILES, SHOW_CONTENT, SHOW_COUNT } Show;

typedef struct {
    Toolbox *toolbox;
    Arena *scratch;
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    Str glob;
    const char *endings; /* of `type`: ".sql .ddl"; NULL: all */
    Show show;
    uint32_t before, after;
    bool has_numbers, only_matching, is_multiline;
    uint32_t skip, limit; /* entries */
    uint32_t n_entries;   /* found so far, the skipped ones too */
    uint64_t end_ms;
    bool is_late, is_too_hard;
    Buf shown;
} Search;

/* ---- options ---- */

static const struct {
    const char *type, *endings;
} types[] = {
    {"sql", ".sql .ddl .pgsql .psql"},
    {"prisma", ".prisma"},
    {"py", ".py .pyi"},
    {"js", ".js .mjs .cjs .jsx"},
    {"ts", ".ts .mts .cts .tsx"},
    {"json", ".json"},
    {"yaml", ".yaml .yml"},
    {"md", ".md .markdown"},
    {"toml", ".toml"},
};

static bool ends_with_one_of(Str name, const char *endings)
{
    Str rest = str_from(endings), ending;
    while (str_next_word(&rest, &ending)) {
        if (str_ends_with(name, ending))
            return true;
    }
    return false;
}

static uint32_t count_option(const cJSON *input, const char *key, uint32_t otherwise, uint32_t most)
{
    int32_t value = 0;
    if (!json_int(input, key, &value) || value < 0)
        return otherwise;
    return (uint32_t)value < most ? (uint32_t)value : most;
}

static bool read_options(Search *search, const cJSON *input, Error *err)
{
    Str mode = json_str(input, "output_mode"), type = json_str(input, "type");
    if (str_equal(mode, STR("content")))
        search->show = SHOW_CONTENT;
    else if (str_equal(mode, STR("count")))
        search->show = SHOW_COUNT;
    search->glob = json_str(input, "glob");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_equal(type, str_from(types[i].type)))
            search->endings = types[i].endings;
    if (!str_is_empty(type) && !search->endings)
        return error_set(err, ERR_FAILED, "no such type: use glob instead");
    uint32_t both = count_option(input, "-C", 0, MAX_CONTEXT);
    both = count_option(input, "context", both, MAX_CONTEXT);
    search->before = count_option(input, "-B", both, MAX_CONTEXT);
    search->after = count_option(input, "-A", both, MAX_CONTEXT);
    const cJSON *numbers = json_get(input, "-n");
    search->has_numbers = !numbers || !cJSON_IsFalse(numbers);
    search->only_matching = json_is_true(input, "-o");
    search->skip = count_option(input, "offset", 0, UINT32_MAX);
    search->limit = count_option(input, "head_limit", HEAD_LIMIT, MAX_HEAD_LIMIT);
    if (search->limit == 0)
        search->limit = MAX_HEAD_LIMIT;
    return true;
}

static bool compile(Search *search, const cJSON *input, Str pattern, Error *err)
{
    int failure = 0;
    PCRE2_SIZE at = 0;
    search->is_multiline = json_is_true(input, "multiline");
    uint32_t flags =
        PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_MULTILINE;
    if (json_is_true(input, "-i"))
        flags |= PCRE2_CASELESS;
    if (search->is_multiline)
        flags |= PCRE2_DOTALL;
    search->code =
        pcre2_compile((PCRE2_SPTR)pattern.data, pattern.length, flags, &failure, &at, NULL);
    if (!search->code) {
        PCRE2_UCHAR text[200];
        pcre2_get_error_message(failure, text, sizeof text);
        return error_set(err, ERR_FAILED, "the pattern is wrong at %u: %s", (unsigned)at,
                         (const char *)text);
    }
    search->limits = pcre2_match_context_create(NULL);
    search->data = pcre2_match_data_create_from_pattern(search->code, NULL);
    pcre2_set_match_limit(search->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(search->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(search->limits, HEAP_LIMIT_KIB);
    return true;
}

/* ---- one file ---- */

typedef struct {
    Str path, text;
    uint32_t n_matches;
    uint32_t line; /* 1-based number of the line that starts at `at` */
    uint32_t at;
    uint32_t next_free; /* the first line that was not shown yet, for contexts that overlap */
} File;

/* The next match at or after `from`; its range. */
static bool match(Search *search, Str text, uint32_t from, uint32_t *start, uint32_t *end)
{
    int found = pcre2_match(search->code, (PCRE2_SPTR)text.data, text.length, from, 0, search->data,
                            search->limits);
    if (found < 0) {
        search->is_too_hard = search->is_too_hard || found != PCRE2_ERROR_NOMATCH;
        return false;
    }
    const PCRE2_SIZE *range = pcre2_get_ovector_pointer(search->data);
    *start = (uint32_t)range[0];
    *end = range[1] < range[0] ? *start : (uint32_t)range[1]; /* \K can turn it round */
    return true;
}

/* True where an entry is to be shown; counts it. */
static bool takes_entry(Search *search)
{
    search->n_entries++;
    return search->n_entries > search->skip && search->n_entries - search->skip <= search->limit;
}

static void add_line(Search *search, const File *file, uint32_t number, Str line, char mark)
{
    buf_format(&search->shown, STR_FMT "%c", STR_ARG(file->path), mark);
    if (search->has_numbers)
        buf_format(&search->shown, "%u%c", number, mark);
    buf_format(&search->shown, STR_FMT "%s\n", STR_ARG(str_slice(line, 0, MAX_LINE_SHOWN)),
               line.length > MAX_LINE_SHOWN ? " [line cut]" : "");
}

static uint32_t line_end(Str text, uint32_t at)
{
    uint32_t end = str_find(text, STR("\n"), at);
    return end == UINT32_MAX ? text.length : end;
}

/* The lines around the one that starts at `start`, as far as they were not shown yet. */
static void show_lines(Search *search, File *file, uint32_t start, uint32_t end)
{
    uint32_t first = start, number = file->line;
    for (uint32_t i = 0; i < search->before && first > 0 && number > file->next_free; i++) {
        first--;
        while (first > 0 && file->text.data[first - 1] != '\n')
            first--;
        number--;
    }
    if (search->before + search->after > 0 && file->next_free > 0 && number > file->next_free)
        buf_add(&search->shown, STR("--\n"));
    uint32_t left = search->after;
    for (uint32_t at = first; at <= file->text.length;) {
        uint32_t stop = line_end(file->text, at);
        bool is_match = at >= start && at < (end > start ? end : start + 1);
        if (at > start && !is_match && left-- == 0)
            break;
        if (number >= file->next_free) {
            add_line(search, file, number, str_slice(file->text, at, stop), is_match ? ':' : '-');
            file->next_free = number + 1;
        }
        number++;
        if (stop == file->text.length)
            break;
        at = stop + 1;
    }
}

/* One match: [start, end) of the text. */
static void take_match(Search *search, File *file, uint32_t start, uint32_t end)
{
    for (; file->at < start; file->at++)
        file->line += file->text.data[file->at] == '\n';
    file->n_matches++;
    if (search->show != SHOW_CONTENT || !takes_entry(search))
        return;
    if (search->only_matching) {
        add_line(search, file, file->line, str_slice(file->text, start, end), ':');
        return;
    }
    uint32_t first = start;
    while (first > 0 && file->text.data[first - 1] != '\n')
        first--;
    show_lines(search, file, first, end);
}

static bool is_done(Search *search)
{
    search->is_late = loop_now_ms() > search->end_ms;
    return search->is_late || toolbox_is_cancelled(search->toolbox) ||
           search->shown.length > TOOL_MAX_RESULT_BYTES ||
           search->n_entries >= (uint64_t)search->skip + search->limit + 1;
}

/* Line by line, unless a match may cross lines: a pattern like [^x]+ would run through the file. */
static void search_lines(Search *search, File *file)
{
    for (uint32_t at = 0; at < file->text.length && !is_done(search);) {
        uint32_t stop = line_end(file->text, at), start, end;
        Str line = str_slice(file->text, at, stop);
        if (str_ends_with(line, STR("\r")))
            line.length--;
        for (uint32_t from = 0; from <= line.length && match(search, line, from, &start, &end);) {
            take_match(search, file, at + start, at + end);
            if (!search->only_matching || search->show != SHOW_CONTENT)
                break;
            from = end > from ? end : end + 1;
        }
        at = stop + 1;
        if (search->show == SHOW_FILES && file->n_matches > 0)
            break;
    }
}

static void search_whole(Search *search, File *file)
{
    uint32_t start, end;
    for (uint32_t from = 0; from <= file->text.length && !is_done(search) &&
                            match(search, file->text, from, &start, &end);) {
        take_match(search, file, start, end);
        from = end > from ? end : from + 1;
        if (search->show == SHOW_FILES)
            break;
    }
}

static void search_text(Search *search, Str path, Str text)
{
    File file = {.path = path, .text = text, .line = 1};
    (search->is_multiline ? search_whole : search_lines)(search, &file);
    if (file.n_matches == 0 || search->show == SHOW_CONTENT || !takes_entry(search))
        return;
    if (search->show == SHOW_COUNT)
        buf_format(&search->shown, STR_FMT ":%u\n", STR_ARG(path), file.n_matches);
    else
        buf_format(&search->shown, STR_FMT "\n", STR_ARG(path));
}

static bool visit(void *context, const WalkedFile *walked)
{
    Search *search = context;
    bool is_wanted = (str_is_empty(search->glob) || glob_matches(search->glob, walked->path) ||
                      glob_matches(search->glob, walked->name)) &&
                     (!search->endings || ends_with_one_of(walked->name, search->endings));
    if (!is_wanted)
        return !is_done(search);
    Arena scratch = {0};
    Str text;
    bool is_cut;
    Error err;
    if (toolbox_text(search->toolbox, &scratch, walked->path, MAX_FILE_BYTES, &text, &is_cut,
                     &err) &&
        !text_is_binary(text))
        search_text(search, walked->path, text);
    arena_release(&scratch);
    return !is_done(search);
}

/* ---- all of it ---- */

static ToolResult print(Search *search, Arena *out)
{
    if (search->n_entries > search->skip + search->limit)
        buf_format(&search->shown, "[more than %u entries; go on with offset %u]\n", search->limit,
                   search->skip + search->limit);
    else if (search->shown.length == 0)
        buf_add(&search->shown, search->n_entries > 0 ? STR("no entries at this offset\n")
                                                      : STR("nothing found\n"));
    if (search->is_late)
        buf_add(&search->shown, STR("[it took too long: not all files were looked at]\n"));
    if (search->is_too_hard)
        buf_add(&search->shown,
                STR("[the pattern was too hard for some lines, which were passed over]\n"));
    return (ToolResult){.text = str_copy(out, buf_str(&search->shown))};
}

/* `path` may be a file as well. */
static bool search_path(Search *search, Str path, Error *err)
{
    Error file_err;
    int file = confine_file(&search->toolbox->confine, path, &file_err);
    if (file < 0)
        return toolbox_walk(search->toolbox, search->scratch, path, visit, search, err);
    close(file);
    visit(search, &(WalkedFile){.path = path, .name = path_name(path)});
    return true;
}

static ToolResult run(Toolbox *toolbox, Arena *out, const cJSON *input)
{
    Str pattern = json_str(input, "pattern"), path;
    Error err = {0};
    if (str_is_empty(pattern) || pattern.length > MAX_PATTERN)
        return tool_error(out, "pattern is missing, or too long");
    Arena scratch = {0};
    Search search = {.toolbox = toolbox,
                     .scratch = &scratch,
                     .end_ms = loop_now_ms() + TIME_MS,
                     .shown = buf_with_max(TOOL_MAX_RESULT_BYTES * 8)};
    bool is_good = confine_path(out, &toolbox->confine, json_str(input, "path"), &path, &err) &&
                   read_options(&search, input, &err) && compile(&search, input, pattern, &err) &&
                   search_path(&search, path, &err);
    ToolResult result = is_good ? print(&search, out) : tool_failed(out, &err);
    pcre2_match_data_free(search.data);
    pcre2_match_context_free(search.limits);
    pcre2_code_free(search.code);
    buf_free(&search.shown);
    arena_release(&scratch);
    return result;
}

extern const Tool tool_grep;
const Tool tool_grep = {
    .name = "Grep",
    .description =
        "Searches the files of the project for a regular expression (PCRE2: Perl's syntax). Shows "
        "the "
        "files that have it, their lines (output_mode content), or how many (count). What "
        ".gitignore "
        "leaves out, installed or built folders, and files with secrets are not searched.",
    .schema =
        "{\"type\":\"object\",\"properties\":{"
        "\"pattern\":{\"type\":\"string\"},"
        "\"path\":{\"type\":\"string\",\"description\":\"a file or folder; the project without "
        "it\"},"
        "\"glob\":{\"type\":\"string\",\"description\":\"only files that fit, such as *.sql\"},"
        "\"type\":{\"type\":\"string\",\"enum\":[\"sql\",\"prisma\",\"py\",\"js\",\"ts\",\"json\","
        "\"yaml\",\"md\",\"toml\"]},"
        "\"output_mode\":{\"type\":\"string\",\"enum\":[\"content\",\"files_with_matches\","
        "\"count\"]},"
        "\"-A\":{\"type\":\"integer\"},\"-B\":{\"type\":\"integer\"},\"-C\":{\"type\":\"integer\"},"
        "\"-n\":{\"type\":\"boolean\"},\"-i\":{\"type\":\"boolean\"},\"-o\":{\"type\":\"boolean\"},"
        "\"multiline\":{\"type\":\"boolean\"},"
        "\"head_limit\":{\"type\":\"integer\",\"description\":\"250 without it\"},"
        "\"offset\":{\"type\":\"integer\"}},"
        "\"required\":[\"pattern\"],\"additionalProperties\":false}",
    .run = run,
};
