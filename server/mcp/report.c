/* report: a consultation, computed and not written by a model. */
#include "base/json.h"
#include "base/version.h"
#include "cli/consulting.h"
#include "mcp/tools.h"
#include "report/json.h"
#include "report/markdown.h"

typedef struct {
    Str path, table, question; /* absent: not given */
} Wanted;

/* The reports as they are made. */
typedef struct {
    const Consulting *consulting;
    Buf *markdown;
    cJSON *reports;
} Reporting;

static bool add_report(const Reporting *reporting, Consulted *about, const Wanted *wanted,
                       Error *err)
{
    Arena arena = {0};
    ConsultScope scope =
        consulted_scope(about, consulted_source(about, wanted->path), wanted->table);
    Consultation consultation = consultation_about(about, reporting->consulting, scope);
    consultation.question = wanted->question;
    Report *report = consult(&arena, &consultation, err);
    if (report) {
        Buf json = buf_with_max(ANSWER_MAX_JSON_BYTES);
        if (reporting->markdown->length > 0)
            buf_add(reporting->markdown, STR("\n\n"));
        report_markdown(reporting->markdown, report);
        report_json(&json, report, STR(LINTEL_VERSION));
        cJSON *structure = answer_structure(&json);
        if (structure)
            json_push(reporting->reports, structure);
        buf_free(&json);
    }
    arena_release(&arena);
    return report != NULL;
}

static bool report_all(Workspace *workspace, const Wanted *wanted, ToolAnswer *answer, Error *err)
{
    Consulting consulting;
    if (!consulting_prepare(workspace, wanted->path, (Str){0}, &consulting, err))
        return false;
    Reporting reporting = {
        .consulting = &consulting, .markdown = &answer->text, .reports = cJSON_CreateArray()};
    uint32_t n_done = 0;
    for (uint32_t i = 0; i < workspace->databases.n; i++) {
        Consulted about = {.workspace = workspace, .loaded = &workspace->databases.items[i]};
        if (consulted_has_tables(about.loaded))
            n_done += add_report(&reporting, &about, wanted, err);
    }
    answer->structure = cJSON_CreateObject();
    json_add(answer->structure, "reports", reporting.reports);
    if (n_done == 0 && err->code == ERR_NONE)
        error_set(err, ERR_NOT_FOUND, "there is no table in these files");
    return n_done > 0;
}

static bool run(const cJSON *arguments, ToolAnswer *answer, Error *err)
{
    Arena scratch = {0};
    Workspace workspace = {0};
    Wanted wanted = {0};
    OperandVec paths = {0};
    bool is_good = answer_paths(&scratch, arguments, "path", &paths, err) &&
                   answer_word(&scratch, arguments, "table", &wanted.table, err) &&
                   answer_word(&scratch, arguments, "question", &wanted.question, err);
    if (is_good && paths.n > 1)
        is_good = error_set(err, ERR_FAILED, "path is one file or folder");
    if (is_good && paths.n == 1)
        wanted.path = paths.items[0];
    is_good = is_good &&
              workspace_load(&workspace,
                             &(WorkspaceRequest){
                                 .paths = paths.items, .n_paths = paths.n, .all_findings = true},
                             err);
    is_good = is_good && report_all(&workspace, &wanted, answer, err);
    workspace_free(&workspace);
    arena_release(&scratch);
    return is_good;
}

const ServedTool tool_report = {
    .name = "report",
    .title = "Consult the database architect",
    .description =
        "The Database Architecture Analysis Report: current state, data model, performance, "
        "scaling, "
        "migration strategy, a roadmap of steps with statements, locks, verification and undo, "
        "backup, monitoring. Computed from the replayed schema and its queries, without a model; "
        "every statement of the roadmap was replayed and checked. The project's .claude/rules.md "
        "is "
        "obeyed. Its last section, suggestions, is for people to weigh: do not act on it unasked. "
        "Long for a large schema: name a table, or a file, to get what concerns it.",
    .input =
        "{\"type\":\"object\",\"properties\":{"
        "\"path\":{\"type\":\"string\","
        "\"description\":\"a file or folder below the working folder; all of it without one\"},"
        "\"table\":{\"type\":\"string\",\"description\":\"only this one: a name, or schema.name\"},"
        "\"question\":{\"type\":\"string\","
        "\"description\":\"what is to be decided; the tables it names count\"}},"
        "\"additionalProperties\":false}",
    .output = "{\"type\":\"object\",\"properties\":{\"reports\":{\"type\":\"array\","
              "\"items\":{\"type\":\"object\"}}},\"required\":[\"reports\"]}",
    .run = run,
};
