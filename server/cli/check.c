#include "cli/check.h"

#include <stdlib.h>

#include "rules/rule.h"

/* ---- collecting ---- */

static int compare_checked(const void *left, const void *right)
{
    const Checked *a = left, *b = right;
    int order = str_compare(a->file, b->file);
    uint32_t start_a = a->finding->location.range.start, start_b = b->finding->location.range.start;
    if (order == 0)
        order = start_a < start_b ? -1 : start_a > start_b;
    if (order == 0)
        order = str_compare(a->finding->rule, b->finding->rule);
    uint32_t end_a = a->finding->location.range.end, end_b = b->finding->location.range.end;
    if (order == 0)
        order = end_a < end_b ? -1 : end_a > end_b;
    return order ? order : str_compare(a->finding->message, b->finding->message);
}

Str checked_file(Workspace *workspace, const Checked *checked, Location location, const Text **text)
{
    if (!checked->database) {
        *text = checked->text;
        return checked->file;
    }
    const Source *source = &checked->database->snapshot->sources.items[location.source];
    *text = source->file->text;
    return workspace_show(workspace, checked->database->project, source->path);
}

static void collect_config(Workspace *workspace, CheckedVec *all)
{
    for (uint32_t i = 0; i < workspace->projects.n; i++) {
        const ConfigVec *configs = &workspace->projects.items[i]->configs;
        for (uint32_t j = 0; j < configs->n; j++) {
            const Config *config = configs->items[j];
            if (!config->text)
                continue;
            FindingVec *findings = ARENA_NEW(&workspace->arena, FindingVec);
            *findings = config_findings(&workspace->arena, config);
            for (uint32_t k = 0; k < findings->n; k++)
                VEC_PUSH(&workspace->arena, all,
                         ((Checked){.file = workspace_show_absolute(workspace, config->path),
                                    .text = config->text,
                                    .finding = &findings->items[k]}));
        }
    }
}

static void collect_database(Workspace *workspace, const LoadedDatabase *database, CheckedVec *all)
{
    const FindingVec *findings = &database->snapshot->findings;
    Str *files = ARENA_ARRAY(&workspace->arena, Str, database->snapshot->sources.n + 1);
    for (uint32_t i = 0; i < findings->n; i++) {
        Checked checked = {.finding = &findings->items[i], .database = database};
        Location location = checked.finding->location;
        if (!database->wanted[location.source] || checked.finding->is_repeated)
            continue;
        Str *file = &files[location.source];
        if (str_is_absent(*file))
            *file = checked_file(workspace, &checked, location, &checked.text);
        checked.text = database->snapshot->sources.items[location.source].file->text;
        checked.file = *file;
        VEC_PUSH(&workspace->arena, all, checked);
    }
}

/* Sorted by file and position. A file that two databases share is judged in each; what both
 * say is said once. */
static CheckedVec collect(Workspace *workspace)
{
    CheckedVec all = {0};
    collect_config(workspace, &all);
    for (uint32_t i = 0; i < workspace->databases.n; i++)
        collect_database(workspace, &workspace->databases.items[i], &all);
    if (all.n == 0)
        return all;
    qsort(all.items, all.n, sizeof(Checked), compare_checked);
    uint32_t n = 1;
    for (uint32_t i = 1; i < all.n; i++) {
        if (compare_checked(&all.items[n - 1], &all.items[i]) != 0)
            all.items[n++] = all.items[i];
    }
    all.n = n;
    return all;
}

CheckedVec check_collect(Workspace *workspace, Summary *summary)
{
    CheckedVec findings = collect(workspace);
    *summary = (Summary){.files = workspace->n_files};
    for (uint32_t i = 0; i < findings.n; i++)
        summary->by_severity[findings.items[i].finding->severity]++;
    return findings;
}

/* ---- the command ---- */

static bool read_fail_on(Str word, Severity *severity)
{
    /* Above every severity: no finding reaches it. */
    *severity = (Severity)(SEVERITY_ERROR + 1);
    return str_equal(word, STR("never")) || severity_from_name(word, severity);
}

static int check(Workspace *workspace, const Arguments *arguments)
{
    Summary summary;
    CheckedVec findings = check_collect(workspace, &summary);
    Severity fail_on;
    if (!read_fail_on(argument(arguments, "--fail-on"), &fail_on))
        fail_on = SEVERITY_WARNING;
    bool has_failed = false;
    for (uint32_t i = 0; i < findings.n && !has_failed; i++)
        has_failed = findings.items[i].finding->severity >= fail_on;
    Buf out = buf_with_max(OUTPUT_MAX_BYTES);
    if (str_equal(argument(arguments, "--format"), STR("json")))
        check_print_json(&out, workspace, &findings, &summary);
    else if (argument_is_given(arguments, "--brief"))
        check_print_brief(&out, &findings, output_has_colour());
    else
        check_print_text(&out, workspace, &findings, &summary, output_has_colour());
    int status = has_failed ? EXIT_FINDINGS : EXIT_FINE;
    status = output_print(&out, workspace->is_incomplete ? EXIT_TROUBLE : status);
    buf_free(&out);
    return status;
}

/* "-" is standard input, under the name of --stdin-filename. */
static bool make_request(const Arguments *arguments, WorkspaceRequest *request, Error *err)
{
    *request =
        (WorkspaceRequest){.paths = arguments->operands.items, .n_paths = arguments->operands.n};
    Str name = argument(arguments, "--stdin-filename");
    for (uint32_t i = 0; i < request->n_paths; i++) {
        if (!str_equal(request->paths[i], STR("-")))
            continue;
        if (request->n_paths > 1)
            return error_set(err, ERR_FAILED, "- (standard input) stands alone");
        request->n_paths = 0;
        request->stdin_name = str_is_absent(name) ? STR("stdin.sql") : name;
        return true;
    }
    if (!str_is_absent(name))
        return error_set(err, ERR_FAILED, "--stdin-filename wants - as the path");
    return true;
}

static int run(const Arguments *arguments)
{
    WorkspaceRequest request;
    Error err = {0};
    if (!make_request(arguments, &request, &err))
        return command_fail("%s", err.text);
    Workspace workspace;
    int status = workspace_load(&workspace, &request, &err) ? check(&workspace, arguments)
                                                            : command_fail("%s", err.text);
    workspace_free(&workspace);
    return status;
}

static const CommandOption options[] = {
    {.name = "--format",
     .value = "FORMAT",
     .choices = "text json",
     .fallback = "text",
     .help = "how to print"},
    {.name = "--brief", .help = "one line for each finding, without the text around it"},
    {.name = "--fail-on",
     .value = "SEVERITY",
     .choices = "error warning info hint never",
     .fallback = "warning",
     .help = "exit with 1 from this severity on"},
    {.name = "--stdin-filename",
     .value = "NAME",
     .help = "what to call standard input, given as -: it stands in for that file"},
};

extern const Command command_check;
const Command command_check = {
    .name = "check",
    .operands = "[PATH...]",
    .summary = "Print what is wrong or risky in schemas and migrations.",
    .about = "A PATH is a file or a folder; without one, the working folder. A migration is judged "
             "with\n"
             "the tables that the migrations before it made. Findings outside the PATHs are not "
             "printed.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
