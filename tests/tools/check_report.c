/* check_report — holds a report against a project as a model's would be, without a model.
 *
 *     check_report [-j | -p | -o] PATH < report.md
 *     check_report -n < report.md
 *
 * Prints the checked report as Markdown; -j as JSON; -p what a model would be asked to correct; -o
 * checks the report that is computed for PATH itself, in place of what comes in. The first database
 * of PATH counts. -n only writes the texts anew that come in, each ended by a NUL. For tests and
 * for looking. */
#include <stdio.h>
#include <unistd.h>

#include "cli/workspace.h"
#include "consult/check/check.h"
#include "consult/check/document.h"
#include "report/json.h"
#include "report/markdown.h"

enum { MAX_BYTES = 64 << 20 };

static Str read_input(Arena *arena)
{
    Buf buf = buf_with_max(MAX_BYTES);
    char bytes[4096];
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, stdin)) > 0;)
        buf_add(&buf, str_of(bytes, n));
    Str text = str_copy(arena, buf_str(&buf));
    buf_free(&buf);
    return text;
}

static void print(const CheckResult *result, char how)
{
    Buf out = buf_with_max(MAX_BYTES);
    if (how == 'j')
        report_json(&out, result->report, STR("test"));
    else if (how != 'p')
        report_markdown(&out, result->report);
    for (uint32_t i = 0; how == 'p' && i < result->problems.n; i++)
        buf_format(&out, STR_FMT "\n", STR_ARG(result->problems.items[i]));
    fwrite(out.data, 1, out.length, stdout);
    buf_free(&out);
}

static int neutralise(void)
{
    Arena arena = {0};
    Str all = read_input(&arena);
    for (uint32_t start = 0; start < all.length;) {
        uint32_t end = start;
        while (end < all.length && all.data[end] != '\0')
            end++;
        Str text = document_neutralise(&arena, str_slice(all, start, end));
        fwrite(text.data, 1, text.length, stdout);
        fputc('\0', stdout);
        start = end + 1;
    }
    arena_release(&arena);
    return 0;
}

int main(int argc, char **argv)
{
    char how = 'm';
    for (int option; (option = getopt(argc, argv, "jpon")) != -1;)
        how = (char)option;
    if (how == 'n')
        return neutralise();
    if (how == '?' || optind + 1 != argc)
        return 2;
    Str path = str_from(argv[optind]);
    WorkspaceRequest request = {.paths = &path, .n_paths = 1, .all_findings = true};
    Workspace workspace;
    Error err = {0};
    Arena arena = {0};
    if (!workspace_load(&workspace, &request, &err) || workspace.databases.n == 0) {
        fprintf(stderr, "check_report: %s\n", err.text);
        return 2;
    }
    const LoadedDatabase *loaded = &workspace.databases.items[0];
    Consultation consultation = {.snapshot = loaded->snapshot,
                                 .database = loaded->about,
                                 .stack = &loaded->project->stack,
                                 .config = loaded->about->config};
    Report *offline = consult(&arena, &consultation, &err);
    if (!offline) {
        fprintf(stderr, "check_report: %s\n", err.text);
        return 2;
    }
    Str text;
    if (how == 'o') {
        Buf computed = buf_with_max(MAX_BYTES);
        report_markdown(&computed, offline);
        text = str_copy(&arena, buf_str(&computed));
        buf_free(&computed);
    } else {
        text = read_input(&arena);
    }
    CheckInput input = {.consultation = &consultation,
                        .offline = offline,
                        .text = text,
                        .folder = loaded->project->root};
    CheckResult result = check_report(&arena, &input);
    print(&result, how);
    arena_release(&arena);
    workspace_free(&workspace);
    return 0;
}
