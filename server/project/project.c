#include "project/project.h"

#include "base/panic.h"
#include "project/discover.h"
#include "project/files.h"
#include "project/parts.h"
#include "project/path.h"
#include "project/prisma_files.h"
#include "project/python_models.h"
#include "project/python_scan.h"
#include "project/revision.h"
#include "project/stack_read.h"
#include "project/version.h"
#include "text/language.h"

enum { MAX_MARKER_BYTES = 1 << 20, MAX_STACK_FILES = 400 };

Str layout_title(Layout layout)
{
    switch (layout) {
    case LAYOUT_FILE:
        return STR("file");
    case LAYOUT_CONFIGURED:
        return STR("lintel.yaml");
    case LAYOUT_PRISMA:
        return STR("Prisma");
    case LAYOUT_SUPABASE:
        return STR("Supabase");
    case LAYOUT_FLYWAY:
        return STR("Flyway");
    case LAYOUT_GOLANG_MIGRATE:
        return STR("golang-migrate");
    case LAYOUT_DBMATE:
        return STR("dbmate");
    case LAYOUT_GOOSE:
        return STR("goose");
    case LAYOUT_DIESEL:
        return STR("Diesel");
    case LAYOUT_ATLAS:
        return STR("Atlas");
    case LAYOUT_LIQUIBASE:
        return STR("Liquibase");
    case LAYOUT_DRIZZLE:
        return STR("Drizzle");
    case LAYOUT_SQLX:
        return STR("sqlx");
    case LAYOUT_ALEMBIC:
        return STR("Alembic");
    case LAYOUT_SQLALCHEMY:
        return STR("SQLAlchemy");
    case LAYOUT_VERSIONED:
        return STR("versioned folders");
    case LAYOUT_NUMBERED:
        return STR("numbered files");
    }
    UNREACHABLE();
}

/* ---- opening ---- */

static Project *project_new(Str root)
{
    Arena arena = arena_with_capacity(1 << 14);
    Project *project = ARENA_NEW(&arena, Project);
    project->arena = arena;
    project->root = path_normal(&project->arena, root);
    atomic_init(&project->references, 1);
    return project;
}

static void read_stack_of(Project *project, const ProjectOptions *options,
                          const FoundFileVec *files)
{
    for (uint32_t i = 0; i < files->n && i < MAX_STACK_FILES; i++) {
        Arena scratch = {0};
        Str path = path_join(&scratch, project->root, files->items[i].path);
        Text *text = files_read(path, options->open, MAX_MARKER_BYTES, NULL);
        if (text)
            stack_read(&project->arena, &project->stack, files->items[i].path, text_bytes(text));
        text_release(text);
        arena_release(&scratch);
    }
}

static void read_stack(Project *project, const ProjectOptions *options, const Found *found)
{
    read_stack_of(project, options, &found->others);
    read_stack_of(project, options, &found->prisma);
}

Project *project_open(const ProjectOptions *options, const atomic_bool *cancel, Error *err)
{
    if (!files_is_folder(options->root)) {
        bool exists = files_exists(options->root);
        error_set(err, exists ? ERR_FAILED : ERR_NOT_FOUND, "cannot read " STR_FMT ": %s",
                  STR_ARG(options->root),
                  exists ? "it is not a folder" : "there is no such folder");
        return NULL;
    }
    Project *project = project_new(options->root);
    Arena scratch = {0};
    Found found = files_walk(project, options, cancel, &scratch);
    if (!found.is_cancelled)
        read_stack(project, options, &found); /* a driver may be all that tells the dialect */
    bool is_complete = !found.is_cancelled && discover(project, options, &found, cancel, &scratch);
    arena_release(&scratch);
    if (is_complete)
        return project;
    project_release(project);
    error_set(err, ERR_CANCELLED, "looking at " STR_FMT " was cancelled", STR_ARG(options->root));
    return NULL;
}

Project *project_open_file(Str path, const OpenTextVec *open, const SettingVec *settings)
{
    Project *project = project_new(path_folder(path));
    Arena scratch = {0};
    ProjectOptions options = {.root = project->root, .open = open, .settings = settings};
    Config *config = files_config_above(project, &options, &scratch);
    FoundFile file = {
        .path = str_copy(&project->arena, path_name(path)), .folder = STR(""), .config = config};
    Found found = {0};
    FoundFileVec *files = found_of(&found, path_name(path));
    VEC_PUSH(&scratch, files ? files : &found.schemas, file);
    discover_alone(project, &options, &found, &scratch);
    arena_release(&scratch);
    return project;
}

Project *project_retain(Project *project)
{
    atomic_fetch_add_explicit(&project->references, 1, memory_order_relaxed);
    return project;
}

void project_release(Project *project)
{
    if (!project || atomic_fetch_sub_explicit(&project->references, 1, memory_order_acq_rel) != 1)
        return;
    for (uint32_t i = 0; i < project->configs.n; i++)
        config_release(project->configs.items[i]);
    Arena arena = project->arena; /* the struct itself is in it */
    arena_release(&arena);
}

/* ---- where to look from ---- */

static bool is_marked(Arena *scratch, Str folder)
{
    return files_exists(path_join(scratch, folder, STR(CONFIG_FILE_NAME))) ||
           files_exists(path_join(scratch, folder, STR(".git")));
}

/* The folder around a file that a migration tool would look at as a whole. */
static Str layout_folder(Str file)
{
    static const char *const in_a_folder_each[] = {"migration.sql", "up.sql", "down.sql"};
    Str folder = path_folder(file);
    for (size_t i = 0; i < sizeof in_a_folder_each / sizeof *in_a_folder_each; i++) {
        if (str_equal(path_name(file), str_from(in_a_folder_each[i])))
            return path_folder(folder);
    }
    return version_is_whole(path_name(folder)) ? path_folder(folder) : folder;
}

ProjectOptions project_options_for(Arena *out, Str path, bool is_folder)
{
    path = path_normal(out, path);
    Str focus = is_folder ? path : layout_folder(path);
    if (is_folder && files_exists(path_join(out, path, STR("migration.sql"))))
        focus = path_folder(path); /* one migration of many */
    ProjectOptions options = {.root = focus, .focus = focus};
    for (Str folder = focus;; folder = path_folder(folder)) {
        if (is_marked(out, folder)) {
            options.root = folder;
            /* Of a file the whole project is opened: its queries may belong to any database. */
            if (!is_folder)
                options.focus = (Str){0};
            return options;
        }
        if (folder.length <= 1)
            break;
    }
    /* Nothing says where the project begins. Above a folder of migrations stands what names
     * them: "supabase", the provider's file, the application. */
    if (str_equal(path_name(focus), STR("versions")))
        options.root = path_folder(path_folder(focus)); /* env.py beside it, its settings above */
    if (str_contains(path_name(focus), STR("migrat")) ||
        str_equal(path_name(focus), STR("schemas")))
        options.root = path_folder(focus);
    if (!is_folder)
        options.max_depth = 1;
    return options;
}

/* ---- asking ---- */

bool project_find(const Project *project, Str path, ProjectUse *use)
{
    Str relative;
    if (!path_is_below(project->root, path, &relative))
        return false;
    uint32_t index = 0;
    for (uint32_t i = 0; i < project->databases.n; i++) {
        const ProjectSourceVec *sources = &project->databases.items[i].sources;
        if (index + sources->n <= use->next) {
            index += sources->n;
            continue;
        }
        for (uint32_t j = 0; j < sources->n; j++, index++) {
            if (index < use->next || !str_equal(sources->items[j].path, relative))
                continue;
            *use = (ProjectUse){.database = i, .source = j, .next = index + 1};
            return true;
        }
    }
    return false;
}

static bool has_path(const Project *project, const PathVec *paths, Str path)
{
    Str relative;
    if (!path_is_below(project->root, path, &relative))
        return false;
    for (uint32_t i = 0; i < paths->n; i++) {
        if (str_equal(paths->items[i], relative))
            return true;
    }
    return false;
}

bool project_skips(const Project *project, Str path)
{
    return has_path(project, &project->skipped, path);
}

bool project_is_foreign(const Project *project, Str path)
{
    return has_path(project, &project->foreign, path);
}

/* A file is left out with any folder that leads to it. */
static bool is_left_out(const IgnorePatternVec *patterns, Str path)
{
    for (uint32_t i = 0; i < path.length; i++) {
        if (path.data[i] == '/' && ignore_fits(patterns, str_slice(path, 0, i), true))
            return true;
    }
    return ignore_fits(patterns, path, false);
}

bool project_ignores(const Project *project, Str path)
{
    Arena scratch = {0};
    bool is_ignored = false;
    for (uint32_t i = 0; i < project->configs.n && !is_ignored; i++) {
        const Config *config = project->configs.items[i];
        Str folder = str_is_absent(config->folder) ? project->root : config->folder, relative;
        if (config->ignore.n == 0 || !path_is_below(folder, path, &relative))
            continue;
        IgnorePatternVec patterns = {0};
        for (uint32_t k = 0; k < config->ignore.n; k++)
            ignore_add(&scratch, &patterns, STR(""), config->ignore.items[k]);
        is_ignored = is_left_out(&patterns, relative);
    }
    arena_release(&scratch);
    return is_ignored;
}

Str project_path(Arena *out, const Project *project, const ProjectSource *source)
{
    return path_join(out, project->root, source->path);
}

Text *source_text(const ProjectSource *source, Text *document)
{
    if (source->parts == PARTS_ALL)
        return text_retain(document);
    Arena scratch = {0};
    Str bytes = text_bytes(document);
    char *blanked = parts_blank(&scratch, bytes, source->parts);
    Text *text = blanked ? text_new(str_of(blanked, bytes.length)) : text_retain(document);
    arena_release(&scratch);
    return text;
}

Text *project_read(const Project *project, const ProjectSource *source, const OpenTextVec *open,
                   Error *err)
{
    Arena scratch = {0};
    Text *document =
        files_read(project_path(&scratch, project, source), open, FILES_MAX_BYTES, err);
    Text *text = document ? source_text(source, document) : NULL;
    text_release(document);
    arena_release(&scratch);
    return text;
}

Text *project_read_file(Str path, const OpenTextVec *open, size_t max_bytes, Error *err)
{
    return files_read(path, open, max_bytes, err);
}

static bool fits_its_history(const ProjectSource *source, Str text)
{
    Arena scratch = {0};
    Revision revision = revision_scan(&scratch, text);
    bool fits = revision_hash(&revision) == source->revision;
    arena_release(&scratch);
    return fits;
}

bool project_fits(const Project *project, const ProjectSource *source, Str text)
{
    (void)project;
    if (source->revision)
        return fits_its_history(source, text);
    if (source->shape)
        return source->shape == (file_language(source->path) == FILE_PRISMA
                                     ? prisma_fingerprint(text)
                                     : python_fingerprint(text));
    FileFacts facts = file_facts(text);
    if (source->role != SOURCE_MIGRATION)
        return discover_role(&facts) == source->role;
    return facts.parts == source->parts &&
           (!facts.runs_without_transaction || source->transactions == TRANSACTION_NONE);
}

/* Beside the revisions of a database, or in a folder where the first one may come to be. */
static bool is_among_revisions(const Project *project, Str path)
{
    Str relative, folder = path_folder(path);
    if (!path_is_below(project->root, path, &relative))
        return false;
    if (str_equal(path_name(folder), STR("versions")))
        return true;
    for (uint32_t i = 0; i < project->databases.n; i++) {
        const ProjectSourceVec *sources = &project->databases.items[i].sources;
        for (uint32_t j = 0; j < sources->n; j++) {
            if (sources->items[j].revision &&
                str_equal(path_folder(sources->items[j].path), path_folder(relative)))
                return true;
        }
    }
    return false;
}

bool project_is_affected(const Project *project, Str path, FileEvent event)
{
    Str name = path_name(path), relative;
    bool is_structure = str_equal(name, STR(CONFIG_FILE_NAME)) ||
                        str_equal(name, STR(".gitignore")) || files_is_marker(name);
    if (is_structure)
        return true;
    ProjectUse use = {0};
    bool is_known = project_find(project, path, &use);
    /* A program becomes a model by what is written into it. */
    if (files_is_program(name) && event != FILE_DELETED && !is_known &&
        path_is_below(project->root, path, &relative) && python_file_at(project, relative))
        return true;
    if (event == FILE_CHANGED)
        return false;
    if (files_is_schema(name) || files_is_prisma(name))
        return is_known == (event == FILE_DELETED);
    if (files_is_program(name) && event == FILE_CREATED)
        return !is_known && is_among_revisions(project, path);
    if (event == FILE_CREATED || !path_is_below(project->root, path, &relative))
        return false;
    for (uint32_t i = 0; i < project->databases.n; i++) { /* a folder went, with what it held */
        const ProjectSourceVec *sources = &project->databases.items[i].sources;
        for (uint32_t j = 0; j < sources->n; j++) {
            Str rest;
            if (path_is_below(relative, sources->items[j].path, &rest))
                return true;
        }
    }
    return false;
}
