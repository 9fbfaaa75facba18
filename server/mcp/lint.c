/* lint: what is wrong or risky, of files or of a text that is not saved yet. */
#include "base/json.h"
#include "cli/check.h"
#include "mcp/tools.h"

enum { SHOWN = 100, MAX_SHOWN = 1000 };

typedef struct {
    OperandVec paths;
    Str text, name; /* absent: files as they are */
    Severity least;
    uint32_t limit;
} Wanted;

static bool read_arguments(Arena *out, const cJSON *arguments, Wanted *wanted, Error *err)
{
    Str severity;
    OperandVec names = {0};
    int32_t limit = SHOWN;
    if (!answer_paths(out, arguments, "paths", &wanted->paths, err) ||
        !answer_word(out, arguments, "text", &wanted->text, err) ||
        !answer_word(out, arguments, "severity", &severity, err) ||
        !answer_paths(out, arguments, "file_name", &names, err))
        return false;
    if (!str_is_absent(severity) && !severity_from_name(severity, &wanted->least))
        return error_set(err, ERR_FAILED, "severity is error, warning, info or hint");
    if (json_get(arguments, "limit") &&
        (!json_int(arguments, "limit", &limit) || limit < 1 || limit > MAX_SHOWN))
        return error_set(err, ERR_FAILED, "limit is a number from 1 to %d", MAX_SHOWN);
    if (names.n > 1)
        return error_set(err, ERR_FAILED, "file_name is one path");
    if (!str_is_absent(wanted->text) && wanted->paths.n > 0)
        return error_set(err, ERR_FAILED, "either paths or text");
    if (str_is_absent(wanted->text) && names.n > 0)
        return error_set(err, ERR_FAILED, "file_name goes with text; paths names files");
    wanted->name = names.n > 0 ? names.items[0] : STR("unsaved.sql");
    wanted->limit = (uint32_t)limit;
    return true;
}

/* Keeps those that are severe enough, as many as are shown; returns how many were not. */
static uint32_t select_findings(CheckedVec *findings, const Wanted *wanted)
{
    uint32_t n = 0, n_left_out = 0;
    for (uint32_t i = 0; i < findings->n; i++) {
        if (findings->items[i].finding->severity < wanted->least)
            continue;
        if (n < wanted->limit)
            findings->items[n++] = findings->items[i];
        else
            n_left_out++;
    }
    findings->n = n;
    return n_left_out;
}

static cJSON *structure_of(Workspace *workspace, const CheckedVec *findings, const Summary *summary,
                           uint32_t n_left_out)
{
    Buf json = buf_with_max(ANSWER_MAX_JSON_BYTES);
    check_print_json(&json, workspace, findings, summary);
    cJSON *structure = answer_structure(&json);
    if (structure)
        json_add(structure, "left_out", cJSON_CreateNumber(n_left_out));
    buf_free(&json);
    return structure;
}

static void answer_findings(Workspace *workspace, const Wanted *wanted, ToolAnswer *answer)
{
    Summary summary;
    CheckedVec findings = check_collect(workspace, &summary);
    uint32_t n_left_out = select_findings(&findings, wanted);
    check_print_text(&answer->text, workspace, &findings, &summary, false);
    if (n_left_out > 0)
        buf_format(&answer->text,
                   "%u more are not shown: ask for fewer files or a higher severity\n", n_left_out);
    if (workspace->is_incomplete)
        buf_add(&answer->text, STR("Some files could not be read.\n"));
    answer->structure = structure_of(workspace, &findings, &summary, n_left_out);
}

static bool run(const cJSON *arguments, ToolAnswer *answer, Error *err)
{
    Arena scratch = {0};
    Workspace workspace = {0};
    Wanted wanted = {.least = SEVERITY_HINT};
    bool is_good = read_arguments(&scratch, arguments, &wanted, err);
    if (is_good) {
        WorkspaceRequest request = {.paths = wanted.paths.items, .n_paths = wanted.paths.n};
        if (!str_is_absent(wanted.text)) {
            request.stdin_name = wanted.name;
            request.stdin_text = wanted.text;
        }
        is_good = workspace_load(&workspace, &request, err);
    }
    if (is_good)
        answer_findings(&workspace, &wanted, answer);
    workspace_free(&workspace);
    arena_release(&scratch);
    return is_good;
}

const ServedTool tool_lint = {
    .name = "lint",
    .title = "Check schemas, migrations and queries",
    .description =
        "Checks SQL schemas and migrations, Prisma schemas, SQLAlchemy models and Alembic "
        "revisions "
        "for what is wrong or risky: locks and table rewrites of a migration, missing keys and "
        "indexes, type mistakes, slow queries, open row level security, drift between models and "
        "migrations. A migration is judged with the tables that the migrations before it made. "
        "With "
        "`text` a migration or query is checked before it is saved; give `file_name` the path "
        "that it will have, so that it is read at its place in the history.",
    .input =
        "{\"type\":\"object\",\"properties\":{"
        "\"paths\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
        "\"description\":\"files and folders below the working folder; all of it without them\"},"
        "\"text\":{\"type\":\"string\",\"description\":\"what to check instead of saved files\"},"
        "\"file_name\":{\"type\":\"string\","
        "\"description\":\"the path that the text has or will have\"},"
        "\"severity\":{\"type\":\"string\",\"enum\":[\"error\",\"warning\",\"info\",\"hint\"],"
        "\"description\":\"the least that is shown; hint without it\"},"
        "\"limit\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000,"
        "\"description\":\"the most findings that are shown; 100 without it\"}},"
        "\"additionalProperties\":false}",
    .output = "{\"type\":\"object\",\"properties\":{\"version\":{\"type\":\"string\"},"
              "\"findings\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
              "\"file\":{\"type\":\"string\"},\"rule\":{\"type\":\"string\"},"
              "\"severity\":{\"type\":\"string\"},\"message\":{\"type\":\"string\"},"
              "\"range\":{\"type\":\"object\"},\"fixes\":{\"type\":\"array\"}},"
              "\"required\":[\"file\",\"rule\",\"severity\",\"message\",\"range\"]}},"
              "\"summary\":{\"type\":\"object\"},\"left_out\":{\"type\":\"integer\"}},"
              "\"required\":[\"version\",\"findings\",\"summary\",\"left_out\"]}",
    .run = run,
};
