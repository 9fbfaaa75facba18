#include "cli/workspace.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loop/parallel.h"
#include "project/path.h"

enum {
    MAX_FOLDER_BYTES = 4096,
    MAX_STDIN_BYTES = 64 << 20,
};

typedef struct {
    Str absolute;
    bool is_folder;
    ProjectOptions options;
} Wanted;
typedef Vec(Wanted) WantedVec;

/* ---- paths ---- */

bool workspace_start(Workspace *workspace, Error *err)
{
    *workspace = (Workspace){0};
    char *folder = arena_alloc(&workspace->arena, MAX_FOLDER_BYTES);
    if (!getcwd(folder, MAX_FOLDER_BYTES))
        return error_set(err, ERR_FAILED, "cannot tell the working folder: %s", strerror(errno));
    workspace->folder = str_from(folder);
    return true;
}

Str workspace_absolute(Workspace *workspace, Str path)
{
    return path_normal(&workspace->arena, path_join(&workspace->arena, workspace->folder, path));
}

Str workspace_show_absolute(Workspace *workspace, Str path)
{
    Str rest;
    if (path_is_below(workspace->folder, path, &rest) && !str_is_empty(rest))
        return rest;
    /* Beside the working folder: ../x, as long as that stays short. */
    Str above = path_folder(workspace->folder);
    if (above.length > 1 && path_is_below(above, path, &rest) && !str_is_empty(rest))
        return path_join(&workspace->arena, STR(".."), rest);
    return path;
}

Str workspace_show(Workspace *workspace, const Project *project, Str path)
{
    return workspace_show_absolute(workspace, path_join(&workspace->arena, project->root, path));
}

/* ---- standard input ---- */

static bool read_stdin(Workspace *workspace, const WorkspaceRequest *request, OpenTextVec *open,
                       Error *err)
{
    Buf buf = buf_with_max(MAX_STDIN_BYTES);
    char chunk[1 << 14];
    size_t n;
    bool is_given = !str_is_absent(request->stdin_text);
    buf_add(&buf, request->stdin_text);
    while (!is_given && (n = fread(chunk, 1, sizeof chunk, stdin)) > 0 && !buf.overflowed)
        buf_add(&buf, str_of(chunk, n));
    bool is_read = (is_given || !ferror(stdin)) && !buf.overflowed;
    if (is_read)
        VEC_PUSH(&workspace->arena, open,
                 ((OpenText){.path = workspace_absolute(workspace, request->stdin_name),
                             .text = text_new(buf_str(&buf))}));
    else
        error_set(err, ERR_FAILED,
                  buf.overflowed ? "standard input is too large" : "cannot read standard input");
    buf_free(&buf);
    return is_read;
}

/* ---- which projects ---- */

static bool add_wanted(Workspace *workspace, WantedVec *wanted, Str path, bool must_exist,
                       Error *err)
{
    Wanted w = {.absolute = workspace_absolute(workspace, path)};
    struct stat info;
    char *name = str_to_c(&workspace->arena, w.absolute);
    if (stat(name, &info) == 0)
        w.is_folder = S_ISDIR(info.st_mode);
    else if (must_exist && errno == ENOENT)
        return error_set(err, ERR_NOT_FOUND,
                         "cannot read " STR_FMT ": there is no such file or folder", STR_ARG(path));
    else if (must_exist)
        return error_set(err, ERR_FAILED, "cannot read " STR_FMT ": %s", STR_ARG(path),
                         strerror(errno));
    if (must_exist && !w.is_folder && !S_ISREG(info.st_mode))
        return error_set(err, ERR_FAILED, "cannot read " STR_FMT ": it is not a regular file",
                         STR_ARG(path));
    if (must_exist && access(name, w.is_folder ? R_OK | X_OK : R_OK) != 0)
        return error_set(err, ERR_FAILED, "cannot read " STR_FMT ": %s", STR_ARG(path),
                         strerror(errno));
    w.options = project_options_for(&workspace->arena, w.absolute, w.is_folder);
    VEC_PUSH(&workspace->arena, wanted, w);
    return true;
}

/* True where opening `b` finds all that opening `a` would. */
static bool is_covered(const ProjectOptions *a, const ProjectOptions *b)
{
    Str rest;
    return str_equal(a->root, b->root) &&
           (str_is_absent(b->focus) ||
            (!str_is_absent(a->focus) && path_is_below(b->focus, a->focus, &rest) &&
             (b->max_depth == 0 || str_equal(a->focus, b->focus))));
}

static bool open_projects(Workspace *workspace, const WantedVec *wanted, const OpenTextVec *open,
                          Error *err)
{
    for (uint32_t i = 0; i < wanted->n; i++) {
        const ProjectOptions *options = &wanted->items[i].options;
        bool is_needed = true;
        for (uint32_t j = 0; j < wanted->n && is_needed; j++) {
            const ProjectOptions *other = &wanted->items[j].options;
            is_needed =
                j == i || !is_covered(options, other) || (j > i && is_covered(other, options));
        }
        if (!is_needed)
            continue;
        ProjectOptions all = *options;
        all.open = open;
        Project *project = project_open(&all, NULL, err);
        if (!project)
            return false;
        VEC_PUSH(&workspace->arena, &workspace->projects, project);
    }
    return true;
}

/* Files that are named but that no project holds (they are ignored, say) are opened alone. */
static void open_left_out(Workspace *workspace, const WantedVec *wanted, const OpenTextVec *open)
{
    uint32_t n_projects = workspace->projects.n;
    for (uint32_t i = 0; i < wanted->n; i++) {
        if (wanted->items[i].is_folder)
            continue;
        bool is_held = false;
        for (uint32_t j = 0; j < n_projects && !is_held; j++) {
            ProjectUse use = {0};
            is_held = project_find(workspace->projects.items[j], wanted->items[i].absolute, &use) ||
                      project_skips(workspace->projects.items[j], wanted->items[i].absolute);
        }
        if (!is_held)
            VEC_PUSH(&workspace->arena, &workspace->projects,
                     project_open_file(wanted->items[i].absolute, open, NULL));
    }
}

/* ---- loading ---- */

static bool is_wanted(const WantedVec *wanted, Str path)
{
    for (uint32_t i = 0; i < wanted->n; i++) {
        Str rest;
        if (str_equal(wanted->items[i].absolute, path) ||
            (wanted->items[i].is_folder && path_is_below(wanted->items[i].absolute, path, &rest)))
            return true;
    }
    return false;
}

/* A database on its way: which of its sources are named, and what became of them. */
typedef struct {
    Project *project;
    const ProjectDatabase *about;
    bool *is_named;      /* parallel to about->sources */
    LoweredFile **files; /* the same; NULL: cannot be read */
    AnalysisInput *input;
    Snapshot *snapshot;
} Loading;
typedef Vec(Loading) LoadingVec;

typedef struct {
    uint32_t loading, source;
    Error err;
} ReadTask;
typedef Vec(ReadTask) ReadTaskVec;

typedef struct {
    LoadingVec databases;
    ReadTaskVec reads; /* of every source of every database */
    const OpenTextVec *open;
} Load;

/* From several threads: touches its own task and its own place in `files` only. */
static void read_source(void *context, uint32_t index)
{
    Load *load = context;
    ReadTask *task = &load->reads.items[index];
    const Loading *loading = &load->databases.items[task->loading];
    const ProjectSource *source = &loading->about->sources.items[task->source];
    Text *text = project_read(loading->project, source, load->open, &task->err);
    if (text)
        loading->files[task->source] =
            lower_file(text, file_language(source->path), loading->about->dialect, NULL);
    text_release(text);
}

static void analyse_database(void *context, uint32_t index)
{
    Load *load = context;
    load->databases.items[index].snapshot = analyse(load->databases.items[index].input, NULL);
}

/* Only databases that hold a named source. */
static void plan_database(Workspace *workspace, Project *project, const ProjectDatabase *about,
                          const WantedVec *wanted, Load *load)
{
    Arena *arena = &workspace->arena;
    Loading loading = {.project = project, .about = about};
    loading.is_named = ARENA_ARRAY(arena, bool, about->sources.n + 1);
    bool is_any_named = false;
    for (uint32_t i = 0; i < about->sources.n; i++) {
        Str path = project_path(arena, project, &about->sources.items[i]);
        loading.is_named[i] = is_wanted(wanted, path);
        is_any_named = is_any_named || loading.is_named[i];
    }
    if (!is_any_named)
        return;
    loading.files = ARENA_ARRAY(arena, LoweredFile *, about->sources.n + 1);
    for (uint32_t i = 0; i < about->sources.n; i++)
        VEC_PUSH(arena, &load->reads, ((ReadTask){.loading = load->databases.n, .source = i}));
    VEC_PUSH(arena, &load->databases, loading);
}

/* Sources that could not be read are not the snapshot's: what is parallel to the one is made
 * parallel to the other. */
static void plan_analysis(Workspace *workspace, Loading *loading, bool all_findings)
{
    loading->input = analysis_input(&workspace->arena, loading->about, loading->files);
    loading->input->without_remedies = !all_findings;
    loading->input->run = parallel_for;
    uint32_t n = 0;
    bool is_all_named = true;
    for (uint32_t i = 0; i < loading->about->sources.n; i++) {
        is_all_named = is_all_named && loading->is_named[i];
        if (!loading->files[i])
            continue;
        loading->is_named[n++] = loading->is_named[i];
        workspace->n_files += loading->is_named[n - 1];
    }
    if (!all_findings && !is_all_named)
        loading->input->wanted = loading->is_named;
}

static void load_databases(Workspace *workspace, const WantedVec *wanted, const OpenTextVec *open,
                           bool all_findings)
{
    Load load = {.open = open};
    for (uint32_t i = 0; i < workspace->projects.n; i++) {
        Project *project = workspace->projects.items[i];
        for (uint32_t j = 0; j < project->problems.n; j++) {
            command_fail(STR_FMT, STR_ARG(project->problems.items[j].message));
            workspace->is_incomplete = true;
        }
        for (uint32_t j = 0; j < project->databases.n; j++)
            plan_database(workspace, project, &project->databases.items[j], wanted, &load);
    }
    parallel_for(load.reads.n, read_source, &load);
    for (uint32_t i = 0; i < load.reads.n; i++) {
        if (load.reads.items[i].err.code == ERR_NONE)
            continue;
        command_fail("%s", load.reads.items[i].err.text);
        workspace->is_incomplete = true;
    }
    for (uint32_t i = 0; i < load.databases.n; i++)
        plan_analysis(workspace, &load.databases.items[i], all_findings);
    parallel_for(load.databases.n, analyse_database, &load);
    for (uint32_t i = 0; i < load.databases.n; i++) {
        const Loading *loading = &load.databases.items[i];
        VEC_PUSH(&workspace->arena, &workspace->databases,
                 ((LoadedDatabase){.project = loading->project,
                                   .about = loading->about,
                                   .snapshot = loading->snapshot,
                                   .wanted = loading->is_named}));
        for (uint32_t j = 0; j < loading->about->sources.n; j++)
            lowered_file_release(loading->files[j]);
    }
}

static bool is_foreign(const Workspace *workspace, Str path)
{
    for (uint32_t i = 0; i < workspace->projects.n; i++) {
        if (project_is_foreign(workspace->projects.items[i], path))
            return true;
    }
    return false;
}

/* Every path must have led to something: a folder without a schema is a mistake. */
static bool check_found(const Workspace *workspace, const WorkspaceRequest *request,
                        const WantedVec *wanted, Error *err)
{
    for (uint32_t i = 0; i < wanted->n && !workspace->is_incomplete; i++) {
        const Wanted *w = &wanted->items[i];
        bool is_found = !w->is_folder && !is_foreign(workspace, w->absolute);
        for (uint32_t j = 0; j < workspace->databases.n && !is_found; j++) {
            const LoadedDatabase *loaded = &workspace->databases.items[j];
            for (uint32_t k = 0; k < loaded->about->sources.n && !is_found; k++) {
                Arena scratch = {0};
                Str rest;
                is_found = path_is_below(
                    w->absolute,
                    project_path(&scratch, loaded->project, &loaded->about->sources.items[k]),
                    &rest);
                arena_release(&scratch);
            }
        }
        if (!is_found)
            return error_set(err, ERR_NOT_FOUND,
                             w->is_folder ? "there is no schema in " STR_FMT
                                          : STR_FMT
                                 " seems to be SQL of a product that Lintel does not "
                                 "read; `dialect` in lintel.yaml can say which dialect "
                                 "it is",
                             STR_ARG(request->n_paths ? request->paths[i] : w->absolute));
    }
    return true;
}

bool workspace_load(Workspace *workspace, const WorkspaceRequest *request, Error *err)
{
    enum { EXPECTED_BYTES = 128 * 1024 * 1024 }; /* of a megabyte of SQL a third is used */
    arena_expect(EXPECTED_BYTES);
    OpenTextVec open = {0};
    WantedVec wanted = {0};
    bool is_good = workspace_start(workspace, err);
    for (uint32_t i = 0; i < request->n_paths && is_good; i++)
        is_good = add_wanted(workspace, &wanted, request->paths[i], true, err);
    if (is_good && !str_is_absent(request->stdin_name))
        is_good = read_stdin(workspace, request, &open, err) &&
                  add_wanted(workspace, &wanted, request->stdin_name, false, err);
    else if (is_good && request->n_paths == 0)
        is_good = add_wanted(workspace, &wanted, STR("."), true, err);
    is_good = is_good && open_projects(workspace, &wanted, &open, err);
    if (is_good) {
        open_left_out(workspace, &wanted, &open);
        load_databases(workspace, &wanted, &open, request->all_findings);
        is_good = check_found(workspace, request, &wanted, err);
    }
    for (uint32_t i = 0; i < open.n; i++)
        text_release(open.items[i].text);
    return is_good;
}

void workspace_free(Workspace *workspace)
{
    for (uint32_t i = 0; i < workspace->databases.n; i++)
        snapshot_release(workspace->databases.items[i].snapshot);
    for (uint32_t i = 0; i < workspace->projects.n; i++)
        project_release(workspace->projects.items[i]);
    arena_release(&workspace->arena);
}
