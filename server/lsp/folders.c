#include "lsp/folders.h"

#include "base/json.h"
#include "base/log.h"
#include "loop/job.h"
#include "lsp/handlers.h"
#include "lsp/hints.h"
#include "lsp/settings.h"
#include "lsp/uri.h"
#include "lsp/views.h"
#include "project/path.h"

struct OpenJob {
    Job job;
    Arena arena;
    Folder *folder;
    ProjectOptions options;
    OpenTextVec open; /* texts held */
    SettingVec settings;
    Project *project; /* the result, or NULL */
    Error err;
};

/* ---- opening ---- */

static void run(Job *base)
{
    OpenJob *job = (OpenJob *)base;
    job->project = project_open(&job->options, &base->is_cancelled, &job->err);
}

static void release_job(Job *base)
{
    OpenJob *job = (OpenJob *)base;
    for (uint32_t i = 0; i < job->open.n; i++)
        text_release(job->open.items[i].text);
    project_release(job->project);
    Arena arena = job->arena;
    arena_release(&arena);
}

static void remove_databases(ServedDatabase *served)
{
    while (served) {
        ServedDatabase *next = served->next;
        served_remove(served);
        served = next;
    }
}

static void free_folder(Folder *folder)
{
    remove_databases(folder->databases);
    project_release(folder->project);
    arena_owner_free(&folder->arena);
}

static ServedDatabase *take_by_name(ServedDatabase **list, Str name)
{
    for (; *list; list = &(*list)->next) {
        ServedDatabase *served = *list;
        if (str_equal(served->database->name, name)) {
            *list = served->next;
            served->next = NULL;
            return served;
        }
    }
    return NULL;
}

static void take_project(Folder *folder, Project *project)
{
    ServedDatabase *old = folder->databases;
    ServedDatabase **end = &folder->databases;
    *end = NULL;
    for (uint32_t i = 0; i < project->databases.n; i++) {
        const ProjectDatabase *database = &project->databases.items[i];
        ServedDatabase *served = take_by_name(&old, database->name);
        if (served)
            served_adopt(served, project, database);
        else
            served = served_new(folder->server, project, database);
        *end = served;
        end = &served->next;
    }
    remove_databases(old);
    project_release(folder->project);
    folder->project = project_retain(project);
}

/* False where the folder went away while the job ran. */
static bool come_back(OpenJob *job)
{
    job->folder->job = NULL;
    if (!job->folder->is_removed)
        return true;
    free_folder(job->folder);
    return false;
}

static void drop(Job *base)
{
    come_back((OpenJob *)base);
    release_job(base);
}

static void done(Job *base)
{
    OpenJob *job = (OpenJob *)base;
    Folder *folder = job->folder;
    Server *server = folder->server;
    arena_reset(&server->scratch);
    if (!come_back(job)) {
        release_job(base);
        return;
    }
    folder->has_failed = !job->project;
    if (job->project) {
        LOG_INFO("lsp", "opened " STR_FMT ": %u databases", STR_ARG(folder->options.root),
                 job->project->databases.n);
        for (uint32_t i = 0; i < job->project->problems.n; i++)
            LOG_WARN("lsp", STR_FMT, STR_ARG(job->project->problems.items[i].message));
        take_project(folder, job->project);
    } else if (job->err.code != ERR_CANCELLED) {
        LOG_WARN("lsp", "%s", job->err.text);
    }
    release_job(base);
    server_moved_on(server);
}

static void start(Folder *folder)
{
    Arena arena = {0};
    OpenJob *job = ARENA_NEW(&arena, OpenJob);
    *job = (OpenJob){
        .job = {.run = run, .done = done, .drop = drop, .is_background = true},
        .folder = folder,
        .options = {.root = str_copy(&arena, folder->options.root),
                    .focus = str_copy(&arena, folder->options.focus),
                    .max_depth = folder->options.max_depth,
                    .open = &job->open,
                    .settings = &job->settings},
        .settings = settings_copy(folder->server, &arena),
    };
    for (Document *document = folder->server->documents.first; document;
         document = document->next) {
        if (!str_is_absent(document->path)) {
            OpenText open = {.path = str_copy(&arena, document->path),
                             .text = text_retain(document->text)};
            VEC_PUSH(&arena, &job->open, open);
            document->was_sought = true;
        }
    }
    job->arena = arena;
    folder->job = job;
    folder->must_open = false;
    loop_submit(folder->server->loop, &job->job);
}

void folders_start(Server *server)
{
    for (Folder *folder = server->folders; folder; folder = folder->next) {
        if (folder->must_open && !folder->job)
            start(folder);
    }
}

bool folder_is_being_opened(const Folder *folder)
{
    return folder && (folder->must_open || folder->job);
}

bool file_is_being_opened(Server *server, Str uri)
{
    Str path = uri_to_path(&server->scratch, uri);
    return !str_is_absent(path) && folder_is_being_opened(folders_around(server, path));
}

void folders_reopen(Folder *folder)
{
    folder->must_open = true; /* after the job on its way, which may have looked too early */
}

void folders_reopen_all(Server *server)
{
    for (Folder *folder = server->folders; folder; folder = folder->next)
        folders_reopen(folder);
}

void folders_reopen_project(Server *server, const Project *project)
{
    for (Folder *folder = server->folders; folder; folder = folder->next) {
        if (folder->project == project)
            folders_reopen(folder);
    }
}

/* ---- which folders there are ---- */

static Folder *add(Server *server, Str uri, const ProjectOptions *options)
{
    Folder *folder = ARENA_OWNER_NEW(Folder);
    folder->server = server;
    folder->uri = str_copy(&folder->arena, uri);
    folder->options.root = str_copy(&folder->arena, options->root);
    folder->options.focus = str_copy(&folder->arena, options->focus);
    folder->options.max_depth = options->max_depth;
    folder->must_open = true;
    folder->next = server->folders;
    server->folders = folder;
    return folder;
}

static void remove_folder(Server *server, Folder *folder)
{
    Folder **link = &server->folders;
    while (*link != folder)
        link = &(*link)->next;
    *link = folder->next;
    if (folder->job) {
        job_cancel(&folder->job->job);
        folder->is_removed = true;
        return;
    }
    free_folder(folder);
}

static Folder *find_uri(const Server *server, Str uri)
{
    for (Folder *folder = server->folders; folder; folder = folder->next) {
        if (!str_is_absent(folder->uri) && str_equal(folder->uri, uri))
            return folder;
    }
    return NULL;
}

void folders_add(Server *server, Str uri)
{
    Str path = uri_to_path(&server->scratch, uri);
    if (str_is_absent(path) || find_uri(server, uri))
        return;
    add(server, uri, &(ProjectOptions){.root = path});
}

static bool is_below(Str path, Str folder)
{
    Str rest;
    return path_is_below(folder, path, &rest);
}

static Str reach(const Folder *folder)
{
    return str_is_empty(folder->options.focus) ? folder->options.root : folder->options.focus;
}

Folder *folders_around(const Server *server, Str path)
{
    Folder *best = NULL;
    for (Folder *folder = server->folders; folder; folder = folder->next) {
        if (is_below(path, reach(folder)) && (!best || reach(folder).length > reach(best).length))
            best = folder;
    }
    return best;
}

Folder *folders_for(Server *server, Str path)
{
    Folder *folder = folders_around(server, path);
    if (folder)
        return folder;
    ProjectOptions options = project_options_for(&server->scratch, path, false);
    return add(server, (Str){0}, &options);
}

void folders_let_go(Server *server, Str path)
{
    Folder *folder = folders_around(server, path);
    if (!folder || !str_is_absent(folder->uri))
        return;
    for (const Document *document = server->documents.first; document; document = document->next) {
        if (!str_is_absent(document->path) && folders_around(server, document->path) == folder)
            return;
    }
    remove_folder(server, folder);
}

void folders_free(Server *server)
{
    while (server->folders)
        remove_folder(server, server->folders);
}

ServedDatabase *folder_database(const Folder *folder, uint32_t index)
{
    ServedDatabase *served = folder->databases;
    while (index-- > 0)
        served = served->next;
    return served;
}

/* ---- all of them ---- */

static void ask_for(ServedDatabase *served)
{
    for (; served; served = served->next) {
        if (!served_is_current(served))
            served_ask(served);
    }
}

static bool are_current(const ServedDatabase *served)
{
    for (; served; served = served->next) {
        if (!served_is_current(served))
            return false;
    }
    return true;
}

bool folders_are_known(Server *server)
{
    bool is_known = are_current(server->loose);
    ask_for(server->loose);
    for (Folder *folder = server->folders; folder; folder = folder->next) {
        is_known &= !folder_is_being_opened(folder) && are_current(folder->databases);
        ask_for(folder->databases);
    }
    return is_known;
}

/* ---- what happens in them ---- */

void folders_file_event(Server *server, Str path, FileEvent event)
{
    for (Folder *folder = server->folders; folder; folder = folder->next) {
        if (!is_below(path, folder->options.root))
            continue;
        if (!folder->project) {
            folders_reopen(folder);
            continue;
        }
        ProjectUse use = {0};
        bool is_open = documents_find_path(&server->documents, path) != NULL;
        while (!is_open && project_find(folder->project, path, &use))
            served_source_changed(folder_database(folder, use.database), use.source);
        if (project_is_affected(folder->project, path, event))
            folders_reopen(folder);
    }
}

void handle_watched_files(Server *server, const cJSON *params)
{
    enum { CREATED = 1, CHANGED = 2, DELETED = 3 };
    const cJSON *change;
    cJSON_ArrayForEach(change, json_get(params, "changes"))
    {
        Str path = uri_to_path(&server->scratch, json_str(change, "uri"));
        int32_t type;
        if (str_is_absent(path) || !json_int(change, "type", &type) || type < CREATED ||
            type > DELETED)
            continue;
        if (str_ends_with(path, STR("/HEAD")) && str_contains(path, STR("/.git/")))
            hints_expire(server);
        folders_file_event(server, path,
                           type == CREATED   ? FILE_CREATED
                           : type == CHANGED ? FILE_CHANGED
                                             : FILE_DELETED);
    }
    server_moved_on(server);
}

void handle_folders_changed(Server *server, const cJSON *params)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, json_path(params, "event", "removed", NULL))
    {
        Folder *folder = find_uri(server, json_str(item, "uri"));
        if (folder)
            remove_folder(server, folder);
    }
    cJSON_ArrayForEach(item, json_path(params, "event", "added", NULL))
    {
        folders_add(server, json_str(item, "uri"));
    }
    server_moved_on(server);
}
