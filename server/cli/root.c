/* `lintel root FILE`: what an editor asks before it starts a language server. Quick where it can
 * be: SQL, Prisma and a Python file with tables of its own are known by themselves; for other
 * Python files the project around them is looked at. */
#include "cli/command.h"
#include "cli/output.h"
#include "cli/workspace.h"
#include "project/files.h"
#include "project/path.h"
#include "project/python_scan.h"
#include "text/language.h"

/* Only its head is read: imports and the first class tell. */
enum { MAX_LOOK_BYTES = 1 << 20 };

static bool has_tables(Str path)
{
    Error err = {0};
    Text *text = files_read_head(path, NULL, MAX_LOOK_BYTES, &err);
    bool has_any = text && python_facts(text_bytes(text)).has_tables;
    text_release(text);
    return has_any;
}

/* Queries alone make no schema. */
static bool defines_something(const ProjectDatabase *database)
{
    for (uint32_t i = 0; i < database->sources.n; i++) {
        if (database->sources.items[i].role != SOURCE_QUERIES)
            return true;
    }
    return false;
}

/* False: the project could not be looked at. */
static bool has_schema(const ProjectOptions *options, Str path, bool *has_any, Error *err)
{
    *has_any = file_language(path) != FILE_PYTHON || has_tables(path);
    if (*has_any)
        return true;
    Project *project = project_open(options, NULL, err);
    if (!project)
        return false;
    for (uint32_t i = 0; i < project->databases.n && !*has_any; i++)
        *has_any = defines_something(&project->databases.items[i]);
    project_release(project);
    return true;
}

static int print_root(Workspace *workspace, Str given)
{
    Str path = workspace_absolute(workspace, given);
    if (files_is_folder(path))
        return command_fail("root wants a file; " STR_FMT " is a folder", STR_ARG(given));
    ProjectOptions options = project_options_for(&workspace->arena, path, false);
    Error err = {0};
    bool has_any;
    if (!has_schema(&options, path, &has_any, &err))
        return err.code == ERR_NOT_FOUND ? EXIT_FINDINGS : command_fail("%s", err.text);
    if (!has_any)
        return EXIT_FINDINGS;
    Buf out = buf_with_max(OUTPUT_MAX_BYTES);
    /* With a focus it is the folder that happens to be around the file, and nothing says that
     * a project begins there: a server that were given it would read all that is below. */
    if (str_is_absent(options.focus))
        buf_format(&out, STR_FMT "\n", STR_ARG(options.root));
    int status = output_print(&out, EXIT_FINE);
    buf_free(&out);
    return status;
}

static int run(const Arguments *arguments)
{
    if (arguments->operands.n != 1)
        return command_fail("root wants one file");
    Workspace workspace;
    Error err = {0};
    int status = workspace_start(&workspace, &err)
                     ? print_root(&workspace, arguments->operands.items[0])
                     : command_fail("%s", err.text);
    workspace_free(&workspace);
    return status;
}

extern const Command command_root;
const Command command_root = {
    .name = "root",
    .operands = "FILE",
    .summary = "Print the folder of a file's project, for editors.",
    .about =
        "Exit status 1 where neither the file nor its project has a schema: then an editor has\n"
        "no need of the language server. Nothing is printed where no lintel.yaml and no .git\n"
        "says where the project begins. The file need not exist.",
    .run = run,
};
