/* lintel consult: a report for each database that the paths hold. */
#include <stdio.h>
#include <unistd.h>

#include "base/version.h"
#include "cli/consult_model.h"
#include "cli/consulting.h"
#include "cli/output.h"
#include "report/json.h"
#include "report/markdown.h"

/* ---- PATH[:LINE[-LINE]] ---- */

typedef struct {
    Str path;
    uint32_t first, last; /* 1-based lines; 0: not given */
} Target;

static bool read_lines(Str text, uint32_t *first, uint32_t *last)
{
    uint32_t values[2] = {0}, n = 0;
    bool has_digit = false;
    for (uint32_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '-' && n == 0 && has_digit) {
            n = 1;
            has_digit = false;
        } else if (c >= '0' && c <= '9' && values[n] < 100000000) {
            values[n] = values[n] * 10 + (uint32_t)(c - '0');
            has_digit = true;
        } else {
            return false;
        }
    }
    *first = values[0];
    *last = n == 1 ? values[1] : values[0];
    return has_digit && *first > 0 && *last >= *first;
}

static Target target_of(Str operand)
{
    uint32_t colon = operand.length;
    while (colon > 0 && operand.data[colon - 1] != ':')
        colon--;
    Target target = {.path = operand};
    if (colon > 1 &&
        read_lines(str_slice(operand, colon, operand.length), &target.first, &target.last))
        target.path = str_slice(operand, 0, colon - 1);
    return target;
}

/* ---- one database ---- */

typedef struct {
    Consulted about;
    const Consulting *consulting;
    const Arguments *arguments;
    const Target *target; /* NULL: no path given */
    bool shows_progress;
} Job;

static void show_progress(void *data, Str message, uint32_t percent)
{
    const Job *job = data;
    if (job->shows_progress)
        fprintf(stderr, "%3u %% " STR_FMT ": " STR_FMT "\n", percent,
                STR_ARG(job->about.loaded->about->name), STR_ARG(message));
}

static ConsultScope scope_of(const Job *job)
{
    const Target *target = job->target;
    Str table = argument(job->arguments, "--table");
    uint32_t source = target ? consulted_source(&job->about, target->path) : UINT32_MAX;
    if (!str_is_absent(table) || source == UINT32_MAX || target->first == 0)
        return consulted_scope(&job->about, source, table);
    const Text *text = job->about.loaded->snapshot->sources.items[source].file->text;
    return (ConsultScope){.kind = SCOPE_SELECTION,
                          .source = source,
                          .range = {.start = text_line_range(text, target->first - 1).start,
                                    .end = text_line_range(text, target->last - 1).end}};
}

static Consultation consultation_of(Job *job)
{
    Consultation consultation = consultation_about(&job->about, job->consulting, scope_of(job));
    consultation.question = argument(job->arguments, "--question");
    consultation.progress = show_progress;
    consultation.progress_data = job;
    return consultation;
}

/* ---- all of them ---- */

static bool write_result(const Arguments *arguments, const Buf *buf, Error *err)
{
    Str path = argument(arguments, "--output");
    if (str_is_absent(path))
        return output_print(buf, EXIT_FINE) == EXIT_FINE;
    Arena scratch = {0};
    FILE *file = fopen(str_to_c(&scratch, path), "w");
    arena_release(&scratch);
    bool is_written = file && fwrite(buf->data, 1, buf->length, file) == buf->length;
    if (file && fclose(file) != 0)
        is_written = false;
    return is_written || error_set(err, ERR_FAILED, "cannot write " STR_FMT, STR_ARG(path));
}

static void print_report(Buf *out, const Report *report, bool is_json, uint32_t n_before,
                         bool is_one)
{
    if (!is_json) {
        if (n_before > 0)
            buf_add(out, STR("\n\n"));
        report_markdown(out, report);
        return;
    }
    if (!is_one)
        buf_add(out, n_before == 0 ? STR("[\n") : STR(",\n"));
    report_json(out, report, STR(LINTEL_VERSION));
}

/* Adds the report of one database; `model` is NULL offline. False: `err` says why. */
static bool add_one(Job *job, ModelConsultant *model, Buf *out, uint32_t n_before, bool is_one,
                    Error *err)
{
    Arena arena = {0};
    Consultation consultation = consultation_of(job);
    Report *report = model ? model_consult(model, &arena, job->about.loaded, &consultation, err)
                           : consult(&arena, &consultation, err);
    if (report)
        print_report(out, report, str_equal(argument(job->arguments, "--format"), STR("json")),
                     n_before, is_one);
    arena_release(&arena);
    return report != NULL;
}

static bool is_offline(const Arguments *arguments)
{
    return str_equal(argument(arguments, "--provider"), STR("offline"));
}

static bool consult_all(Workspace *workspace, const Arguments *arguments, const Target *target,
                        Error *err)
{
    Consulting consulting;
    if (!consulting_prepare(workspace, target ? target->path : (Str){0},
                            argument(arguments, "--agent"), &consulting, err))
        return false;

    ModelConsultant model = {0};
    bool has_model = !is_offline(arguments), is_broken = false;
    const Config *config =
        workspace->databases.n > 0 ? workspace->databases.items[0].about->config : NULL;
    if (has_model &&
        !model_begin(&model, &workspace->arena, arguments, config, &consulting.agent->agent, err))
        return false;
    if (has_model)
        model_offer_tools(&model, consulting.folder, consulting.agent);
    bool is_json = str_equal(argument(arguments, "--format"), STR("json"));
    uint32_t n_wanted = 0, n_done = 0;
    for (uint32_t i = 0; i < workspace->databases.n; i++)
        n_wanted += consulted_has_tables(&workspace->databases.items[i]);
    Buf out = buf_with_max(OUTPUT_MAX_BYTES);
    Error problem = {0};
    for (uint32_t i = 0; i < workspace->databases.n && !is_broken; i++) {
        if (!consulted_has_tables(&workspace->databases.items[i]) && n_wanted > 0)
            continue;
        Job job = {.about = {.workspace = workspace, .loaded = &workspace->databases.items[i]},
                   .consulting = &consulting,
                   .arguments = arguments,
                   .target = target,
                   .shows_progress = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO)};
        if (add_one(&job, has_model ? &model : NULL, &out, n_done, n_wanted <= 1, &problem))
            n_done++;
        else if (has_model && problem.code != ERR_NOT_FOUND)
            is_broken = true; /* the next would fare no better */
    }
    model_end(&model);
    if (is_json && n_wanted > 1 && n_done > 0)
        buf_add(&out, STR("]\n"));
    bool is_good = n_done > 0 && !is_broken && write_result(arguments, &out, err);
    if (n_done == 0 ||
        is_broken) /* a table that is in none of them; a model that does not answer */
        *err = problem;
    buf_free(&out);
    return is_good;
}

static int run(const Arguments *arguments)
{
    Target target = {0};
    if (arguments->operands.n > 1)
        return command_fail("consult takes one path at a time");
    if (arguments->operands.n == 1)
        target = target_of(arguments->operands.items[0]);
    WorkspaceRequest request = {
        .paths = &target.path, .n_paths = arguments->operands.n, .all_findings = true};
    Workspace workspace;
    Error err = {0};
    bool is_good =
        workspace_load(&workspace, &request, &err) &&
        consult_all(&workspace, arguments, arguments->operands.n == 1 ? &target : NULL, &err);
    int status =
        is_good ? workspace.is_incomplete ? EXIT_TROUBLE : EXIT_FINE : command_fail("%s", err.text);
    workspace_free(&workspace);
    return status;
}

static const CommandOption options[] = {
    {.name = "--table", .value = "NAME", .help = "consult about one table"},
    {.name = "--question",
     .value = "TEXT",
     .help = "what is to be decided; offline, the tables it names count"},
    {.name = "--agent", .value = "NAME", .help = "an agent's name, or a file that ends in .md"},
    {.name = "--provider",
     .value = "PROVIDER",
     .choices = "offline anthropic openai",
     .fallback = "offline",
     .help = "who writes the report; with a model, what it needs of the project goes there"},
    {.name = "--model", .value = "MODEL", .help = "the model, where a provider is named"},
    {.name = "--base-url",
     .value = "URL",
     .help = "another server that speaks the provider's API, such as a local one"},
    {.name = "--format",
     .value = "FORMAT",
     .choices = "markdown json",
     .fallback = "markdown",
     .help = "how to print it"},
    {.name = "--output", .value = "FILE", .help = "write it there instead of printing it"},
};

extern const Command command_consult;
const Command command_consult = {
    .name = "consult",
    .operands = "[PATH[:LINE[-LINE]]]",
    .summary = "Consult the database architect about a schema.",
    .about =
        "Prints a report for each database that PATH holds: a folder, a file, or lines of a file. "
        "Several\n"
        "reports as JSON are an array. The project's .claude/rules.md is read first and obeyed.\n"
        "With --provider anthropic or openai a language model writes it, with the key of "
        "ANTHROPIC_API_KEY,\n"
        "OPENAI_API_KEY, or what LINTEL_API_KEY_COMMAND prints; what it names and recommends is "
        "checked\n"
        "against the schema before it is printed.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
