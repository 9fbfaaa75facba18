#include "lsp/views.h"

#include "base/hash.h"
#include "lsp/folders.h"
#include "lsp/settings.h"
#include "lsp/uri.h"
#include "project/evidence.h"
#include "project/path.h"
#include "project/python_scan.h"

/* Language ids of SQL in editors, and the dialect that some of them name. */
static const struct {
    Str id;
    bool has_dialect;
    Dialect dialect;
} languages[] = {
    {STR_INIT("sql"), false, DIALECT_POSTGRESQL},
    {STR_INIT("pgsql"), true, DIALECT_POSTGRESQL},
    {STR_INIT("postgres"), true, DIALECT_POSTGRESQL},
    {STR_INIT("postgresql"), true, DIALECT_POSTGRESQL},
    {STR_INIT("plpgsql"), true, DIALECT_POSTGRESQL},
    {STR_INIT("mysql"), true, DIALECT_MYSQL},
    {STR_INIT("mariadb"), true, DIALECT_MYSQL},
    {STR_INIT("sqlite"), true, DIALECT_SQLITE},
    {STR_INIT("tsql"), true, DIALECT_SQLSERVER},
    {STR_INIT("mssql"), true, DIALECT_SQLSERVER},
};
enum { N_LANGUAGES = sizeof languages / sizeof *languages };

bool document_is_sql(const Document *document)
{
    for (unsigned i = 0; i < N_LANGUAGES; i++) {
        if (str_equal_ignore_case(document->language, languages[i].id))
            return true;
    }
    return str_ends_with(document->uri, STR(".sql")) || str_ends_with(document->uri, STR(".ddl"));
}

bool view_is_beside_squawk(const DocumentView *view)
{
    const Config *config = view->served->database->config;
    return config && config->is_beside_squawk;
}

bool document_may_be_source(const Document *document)
{
    if (document_is_sql(document))
        return true;
    Str text = text_bytes(document->text);
    switch (file_language(document->uri)) {
    case FILE_PRISMA:
        return true;
    case FILE_PYTHON:
        return python_facts(text).has_tables || str_contains(text, STR("down_revision"));
    case FILE_SQL:
        return false;
    }
    return false;
}

/* A program's queries are judged once its project is known. */
static bool may_ask(const Document *document)
{
    return file_language(document->uri) == FILE_PYTHON &&
           python_may_query(text_bytes(document->text));
}

DocumentUseVec document_uses(Server *server, const Document *document)
{
    DocumentUseVec uses = {0};
    if (str_is_absent(document->path))
        return uses;
    const Folder *folder = folders_around(server, document->path);
    if (!folder || !folder->project)
        return uses;
    ProjectUse use = {0};
    while (project_find(folder->project, document->path, &use)) {
        DocumentUse found = {.served = folder_database(folder, use.database), .source = use.source};
        VEC_PUSH(&server->scratch, &uses, found);
    }
    return uses;
}

uint64_t document_snapshots(Server *server, const Document *document)
{
    DocumentUseVec uses = document_uses(server, document);
    uint64_t state = uses.n;
    for (uint32_t i = 0; i < uses.n; i++)
        state = hash_bytes(&uses.items[i].served->n_snapshots, sizeof(uint64_t), state);
    return state;
}

/* ---- loose documents ---- */

static ServedDatabase *find_loose(const Server *server, Str uri)
{
    for (ServedDatabase *served = server->loose; served; served = served->next) {
        if (str_equal(served->loose_uri, uri))
            return served;
    }
    return NULL;
}

/* "a.sql" of "file:///x/a.sql", "Untitled-1" of "untitled:Untitled-1". */
static Str last_part(Str uri)
{
    Str name = path_name(uri);
    uint32_t colon = str_find(name, STR(":"), 0);
    return colon == UINT32_MAX ? name : str_slice(name, colon + 1, name.length);
}

static Dialect loose_dialect(const Document *document, const Config *config)
{
    for (unsigned i = 0; i < N_LANGUAGES; i++) {
        if (languages[i].has_dialect && str_equal_ignore_case(document->language, languages[i].id))
            return languages[i].dialect;
    }
    if (config->has_dialect)
        return config->dialect;
    Evidence evidence = {0};
    Dialect dialect = DIALECT_POSTGRESQL;
    evidence_add(&evidence, text_bytes(document->text));
    evidence_dialect(&evidence, &dialect);
    return dialect;
}

static ServedDatabase *loose_for(Server *server, const Document *document)
{
    ServedDatabase *served = find_loose(server, document->uri);
    if (served)
        return served;
    Arena names = {0};
    Str uri = str_copy(&names, document->uri);
    ProjectDatabase *database = ARENA_NEW(&names, ProjectDatabase);
    SettingVec settings = settings_copy(server, &names);
    Config *config = config_new(STR("/"), NULL, &settings);
    *database = (ProjectDatabase){.name = last_part(uri),
                                  .layout = LAYOUT_FILE,
                                  .dialect = loose_dialect(document, config),
                                  .dialect_evidence = DIALECT_FROM_TEXT,
                                  .config = config};
    ProjectSource source = {.path = last_part(uri), .role = SOURCE_SCHEMA};
    VEC_PUSH(&names, &database->sources, source);
    served = served_new(server, NULL, database);
    served->names = names;
    served->loose_uri = uri;
    served->loose_config = config;
    served->next = server->loose;
    server->loose = served;
    return served;
}

void views_close(Server *server, Str uri)
{
    for (ServedDatabase **link = &server->loose; *link; link = &(*link)->next) {
        ServedDatabase *served = *link;
        if (str_equal(served->loose_uri, uri)) {
            *link = served->next;
            served_remove(served);
            return;
        }
    }
}

void views_free(Server *server)
{
    while (server->loose)
        views_close(server, server->loose->loose_uri);
}

/* ---- views ---- */

void views_document_changed(Server *server, const Document *document)
{
    DocumentUseVec uses = document_uses(server, document);
    for (uint32_t i = 0; i < uses.n; i++)
        served_source_changed(uses.items[i].served, uses.items[i].source);
    ServedDatabase *loose = find_loose(server, document->uri);
    if (loose)
        served_source_changed(loose, 0);
}

static bool add_view(Server *server, DocumentViewVec *views, ServedDatabase *served,
                     uint32_t source, bool is_partial)
{
    uint32_t found = served_snapshot_source(served, source);
    if (found == UINT32_MAX)
        return false;
    DocumentView view = {
        .served = served, .snapshot = served->snapshot, .source = found, .is_partial = is_partial};
    VEC_PUSH(&server->scratch, views, view);
    return true;
}

static ViewState loose_view(Server *server, const Document *document, bool is_partial,
                            DocumentViewVec *views)
{
    ServedDatabase *served = loose_for(server, document);
    if (!served_is_current(served)) {
        served_ask(served);
        return VIEW_LATER;
    }
    return add_view(server, views, served, 0, is_partial) ? VIEW_READY : VIEW_NONE;
}

ViewState document_views(Server *server, const Document *document, bool accepts_partial,
                         DocumentViewVec *views)
{
    *views = (DocumentViewVec){0};
    const Folder *folder =
        str_is_absent(document->path) ? NULL : folders_around(server, document->path);
    DocumentUseVec uses = document_uses(server, document);
    bool is_first_reading = uses.n == 0 && folder_is_being_opened(folder);
    for (uint32_t i = 0; i < uses.n; i++) {
        if (served_is_current(uses.items[i].served))
            continue;
        if (uses.items[i].served->was_complete || !accepts_partial)
            return VIEW_LATER;
        is_first_reading = true;
    }
    if (is_first_reading) {
        if (!document_is_sql(document))
            return uses.n > 0 || document_may_be_source(document) || may_ask(document) ? VIEW_LATER
                                                                                       : VIEW_NONE;
        return accepts_partial ? loose_view(server, document, true, views) : VIEW_LATER;
    }
    const Project *project = folder ? folder->project : NULL;
    if (uses.n == 0 && project &&
        (project_ignores(project, document->path) || project_skips(project, document->path) ||
         project_is_foreign(project, document->path)))
        return VIEW_NONE;
    if (uses.n == 0)
        return document_is_sql(document) ? loose_view(server, document, false, views) : VIEW_NONE;
    for (uint32_t i = 0; i < uses.n; i++)
        add_view(server, views, uses.items[i].served, uses.items[i].source, false);
    return views->n > 0 ? VIEW_READY : VIEW_NONE;
}

ViewState document_view(Server *server, const Document *document, bool accepts_partial,
                        DocumentView *view)
{
    DocumentViewVec views;
    ViewState state = document_views(server, document, accepts_partial, &views);
    if (state == VIEW_READY)
        *view = views.items[0];
    return state;
}

/* The first database that has a file below a folder. */
static bool find_below(const Folder *folder, Str path, ProjectUse *use)
{
    const Project *project = folder->project;
    Str relative, rest;
    if (!path_is_below(project->root, path, &relative))
        return false;
    for (uint32_t i = 0; i < project->databases.n; i++) {
        const ProjectSourceVec *sources = &project->databases.items[i].sources;
        for (uint32_t k = 0; k < sources->n; k++) {
            if (path_is_below(relative, sources->items[k].path, &rest)) {
                *use = (ProjectUse){.database = i, .source = k};
                return true;
            }
        }
    }
    return false;
}

ViewState file_view(Server *server, Str uri, DocumentView *view)
{
    const Document *document = documents_find(&server->documents, uri);
    if (document)
        return document_view(server, document, false, view);
    Str path = uri_to_path(&server->scratch, uri);
    const Folder *folder = str_is_absent(path) ? NULL : folders_around(server, path);
    if (!folder)
        return VIEW_NONE;
    if (!folder->project)
        return folder->has_failed ? VIEW_NONE : VIEW_LATER;
    ProjectUse use = {0};
    if (!project_find(folder->project, path, &use) && !find_below(folder, path, &use))
        return VIEW_NONE;
    ServedDatabase *served = folder_database(folder, use.database);
    if (!served_is_current(served)) {
        served_ask(served);
        return VIEW_LATER;
    }
    uint32_t source = served_snapshot_source(served, use.source);
    *view = (DocumentView){.served = served, .snapshot = served->snapshot, .source = source};
    return source == UINT32_MAX ? VIEW_NONE : VIEW_READY;
}

void served_ask(ServedDatabase *served)
{
    served->is_asked_for = true;
    served_update(served);
}

/* A document that was not there when its folder was opened may be a new file of a project. */
static void seek_projects(Server *server)
{
    for (Document *document = server->documents.first; document; document = document->next) {
        if (document->was_sought || document->is_no_source || str_is_absent(document->path))
            continue;
        Folder *folder = folders_around(server, document->path);
        if (!folder || folder->job || document_uses(server, document).n > 0)
            continue;
        if (document_may_be_source(document))
            folders_reopen(folder);
        else
            document->is_no_source = true; /* its text is not read with every message */
    }
}

void views_update(Server *server)
{
    seek_projects(server);
    folders_start(server);
    for (Folder *folder = server->folders; folder; folder = folder->next) {
        for (ServedDatabase *served = folder->databases; served; served = served->next)
            served->is_wanted = false;
    }
    for (const Document *document = server->documents.first; document; document = document->next) {
        DocumentUseVec uses = document_uses(server, document);
        for (uint32_t i = 0; i < uses.n; i++)
            uses.items[i].served->is_wanted = true;
    }
    for (Folder *folder = server->folders; folder; folder = folder->next) {
        for (ServedDatabase *served = folder->databases; served; served = served->next) {
            if (served->is_wanted || served->is_asked_for)
                served_update(served);
        }
    }
    for (ServedDatabase *served = server->loose; served; served = served->next) {
        if (served->is_asked_for || served->job)
            served_update(served);
    }
}
