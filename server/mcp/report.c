/* report: a consultation, computed and not written by a model. */
#include <stdlib.h>

#include "base/json.h"
#include "base/version.h"
#include "consult/consult.h"
#include "mcp/tools.h"
#include "project/path.h"
#include "report/json.h"
#include "report/markdown.h"

typedef struct {
    OperandVec path; /* one or none */
    Str table, question;
} Wanted;

/* The reports as they are made. */
typedef struct {
    Workspace *workspace;
    const LoadedDatabase *loaded;
    Buf markdown;
    cJSON *reports;
} Reporting;

static Str show_path(void *data, Arena *out, Str path)
{
    const Reporting *reporting = data;
    return str_copy(out, workspace_show(reporting->workspace, reporting->loaded->project, path));
}

static bool has_tables(const Snapshot *snapshot)
{
    const StrMap *tables = &snapshot->database.schema->tables;
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e))
        if (table_is_base(e->value))
            return true;
    return false;
}

/* The source that the path names: then only it is looked at. */
static ConsultScope scope_of(const Reporting *reporting, const Wanted *wanted)
{
    const LoadedDatabase *loaded = reporting->loaded;
    const SourceVec *sources = &loaded->snapshot->sources;
    if (!str_is_absent(wanted->table))
        return (ConsultScope){.kind = SCOPE_TABLE, .table = wanted->table};
    for (uint32_t i = 0; wanted->path.n > 0 && sources->n > 1 && i < sources->n; i++)
        if (str_equal(workspace_absolute(reporting->workspace, wanted->path.items[0]),
                      path_join(&reporting->workspace->arena, loaded->project->root,
                                sources->items[i].path)))
            return (ConsultScope){.kind = SCOPE_FILE, .source = i};
    return (ConsultScope){.kind = SCOPE_DATABASE};
}

static bool add_report(Reporting *reporting, const Wanted *wanted, const AgentCandidate *agent,
                       const ProjectRules *rules, Error *err)
{
    Arena arena = {0};
    const LoadedDatabase *loaded = reporting->loaded;
    Consultation consultation = {.snapshot = loaded->snapshot,
                                 .scope = scope_of(reporting, wanted),
                                 .question = wanted->question,
                                 .database = loaded->about,
                                 .stack = &loaded->project->stack,
                                 .config = loaded->about->config,
                                 .agent = agent,
                                 .rules = rules,
                                 .show_path = show_path,
                                 .show_path_data = reporting};
    Report *report = consult(&arena, &consultation, err);
    if (report) {
        Buf json = buf_with_max(ANSWER_MAX_JSON_BYTES);
        if (reporting->markdown.length > 0)
            buf_add(&reporting->markdown, STR("\n\n"));
        report_markdown(&reporting->markdown, report);
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
    Arena *arena = &workspace->arena;
    /* The project's rules come before anything else. */
    ProjectRules rules = project_rules_read(arena, workspace->folder,
                                            wanted->path.n > 0 ? wanted->path.items[0] : (Str){0});
    AgentCandidateVec agents = {0};
    AgentSearch search = {.folder = workspace->folder,
                          .home = str_from(getenv("HOME")),
                          .installed = agent_installed_folder(arena)};
    if (!agent_search(arena, &search, &agents, err))
        return false;
    Reporting reporting = {
        .workspace = workspace, .markdown = answer->text, .reports = cJSON_CreateArray()};
    uint32_t n_done = 0;
    for (uint32_t i = 0; i < workspace->databases.n; i++) {
        reporting.loaded = &workspace->databases.items[i];
        if (has_tables(reporting.loaded->snapshot))
            n_done += add_report(&reporting, wanted, agent_used(&agents), &rules, err);
    }
    answer->text = reporting.markdown;
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
    bool is_good = answer_paths(&scratch, arguments, "path", &wanted.path, err) &&
                   answer_word(&scratch, arguments, "table", &wanted.table, err) &&
                   answer_word(&scratch, arguments, "question", &wanted.question, err);
    if (is_good && wanted.path.n > 1)
        is_good = error_set(err, ERR_FAILED, "path is one file or folder");
    is_good = is_good && workspace_load(&workspace,
                                        &(WorkspaceRequest){.paths = wanted.path.items,
                                                            .n_paths = wanted.path.n,
                                                            .all_findings = true},
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
