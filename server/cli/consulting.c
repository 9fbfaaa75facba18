#include "cli/consulting.h"

#include <stdlib.h>

#include "project/path.h"

/* ---- who, by which rules ---- */

bool consulting_agents(Workspace *workspace, Str folder, Str agent, AgentCandidateVec *found,
                       Error *err)
{
    bool is_file = str_ends_with(agent, STR(".md"));
    AgentSearch search = {.folder = folder,
                          .home = str_from(getenv("HOME")),
                          .installed = agent_installed_folder(&workspace->arena),
                          .file = is_file ? agent : (Str){0},
                          .name = is_file ? (Str){0} : agent};
    if (str_is_absent(agent) && workspace->databases.n > 0)
        search.name = workspace->databases.items[0].about->config->consult_agent;
    return agent_search(&workspace->arena, &search, found, err);
}

static bool is_source(Workspace *workspace, Str path)
{
    for (uint32_t i = 0; i < workspace->databases.n; i++)
        if (consulted_source(
                &(Consulted){.workspace = workspace, .loaded = &workspace->databases.items[i]},
                path) != UINT32_MAX)
            return true;
    return false;
}

/* Of each database: those where it stands, or the file that was named. */
static ProjectRules *rules_of_databases(Workspace *workspace, Str folder, Str file)
{
    Arena *out = &workspace->arena;
    ProjectRules *all = ARENA_ARRAY(out, ProjectRules, workspace->databases.n);
    for (uint32_t i = 0; i < workspace->databases.n; i++) {
        const LoadedDatabase *loaded = &workspace->databases.items[i];
        Str own = path_join(out, loaded->project->root, loaded->about->folder);
        all[i] = project_rules_read(out, folder, own, file);
    }
    return all;
}

bool consulting_prepare(Workspace *workspace, Str path, Str agent, Consulting *consulting,
                        Error *err)
{
    bool is_file = is_source(workspace, path);
    Str absolute = str_is_absent(path) ? workspace->folder : workspace_absolute(workspace, path);
    consulting->folder = is_file ? path_folder(absolute) : absolute;
    /* The project's rules come before anything else. */
    consulting->rules =
        rules_of_databases(workspace, consulting->folder, is_file ? absolute : (Str){0});
    AgentCandidateVec agents = {0};
    if (!consulting_agents(workspace, consulting->folder, agent, &agents, err))
        return false;
    consulting->agent = agent_used(&agents);
    return true;
}

/* ---- about what ---- */

bool consulted_has_tables(const LoadedDatabase *loaded)
{
    const StrMap *tables = &loaded->snapshot->database.schema->tables;
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e))
        if (table_is_base(e->value))
            return true;
    return false;
}

uint32_t consulted_source(const Consulted *consulted, Str path)
{
    const SourceVec *sources = &consulted->loaded->snapshot->sources;
    if (str_is_absent(path))
        return UINT32_MAX;
    Str wanted = workspace_absolute(consulted->workspace, path);
    for (uint32_t i = 0; i < sources->n; i++)
        if (str_equal(wanted, path_join(&consulted->workspace->arena,
                                        consulted->loaded->project->root, sources->items[i].path)))
            return i;
    return UINT32_MAX;
}

ConsultScope consulted_scope(const Consulted *consulted, uint32_t source, Str table)
{
    if (!str_is_absent(table))
        return (ConsultScope){.kind = SCOPE_TABLE, .table = table};
    if (source != UINT32_MAX && consulted->loaded->snapshot->sources.n > 1)
        return (ConsultScope){.kind = SCOPE_FILE, .source = source};
    return (ConsultScope){.kind = SCOPE_DATABASE};
}

static Str show_path(void *data, Arena *out, Str path)
{
    const Consulted *consulted = data;
    return str_copy(out, workspace_show(consulted->workspace, consulted->loaded->project, path));
}

Consultation consultation_about(Consulted *consulted, const Consulting *consulting,
                                ConsultScope scope)
{
    const LoadedDatabase *loaded = consulted->loaded;
    return (Consultation){
        .snapshot = loaded->snapshot,
        .scope = scope,
        .database = loaded->about,
        .stack = &loaded->project->stack,
        .config = loaded->about->config,
        .agent = consulting->agent,
        .rules = &consulting->rules[loaded - consulted->workspace->databases.items],
        .show_path = show_path,
        .show_path_data = consulted,
    };
}
