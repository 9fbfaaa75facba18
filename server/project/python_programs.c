/* Which Python files ask a group's models: those that import one of its modules, themselves or
 * through a package that hands it on, and hold a word without which nothing is asked. */
#include "project/path.h"
#include "project/python_group.h"
#include "project/python_models.h"

enum {
    MAX_PROGRAMS = 2000,   /* of one group */
    HEAD_BYTES = 16 << 10, /* imports stand here */
};

static void add_program(Models *m, Group *group, Module *module)
{
    if (module->is_program || module->group || module->candidate->is_taken ||
        group->programs.n >= MAX_PROGRAMS)
        return;
    module->is_program = true;
    VEC_PUSH(m->d->scratch, &group->programs, module);
}

static Group *reached_by(Models *m, const Module *from, const PythonImport *import, Str name,
                         uint32_t depth);

/* The group that a module leads to: its own, or, a package, that of what it hands on. */
static Group *group_behind(Models *m, Module *module, Str name, uint32_t depth)
{
    if (!module)
        return NULL;
    if (module->group)
        return m->groups.items[module->group - 1];
    if (depth >= MAX_IMPORT_LEVELS || !str_equal(module->candidate->name, STR("__init__.py")))
        return NULL;
    module_read(m, module);
    for (uint32_t i = 0; i < module->imports.n; i++) {
        const PythonImport *import = &module->imports.items[i];
        Group *group = str_is_absent(name) || import_hands_on(import, name)
                           ? reached_by(m, module, import, name, depth + 1)
                           : NULL;
        if (group) {
            add_program(m, group, module); /* it is on the way to the models' names */
            return group;
        }
    }
    return NULL;
}

static Group *reached_in(Models *m, Str folder, const PythonImport *import, Str name,
                         uint32_t depth)
{
    Module *module = module_at(m, folder, import->module);
    if (import->names.n == 0)
        return group_behind(m, module, name, depth);
    for (uint32_t i = 0; i < import->names.n; i++) {
        Str imported = import->names.items[i];
        if (!str_is_absent(name) && !str_equal(imported, name))
            continue;
        Str path = imported;
        if (import->module.length)
            path = str_format(m->d->scratch, STR_FMT "." STR_FMT, STR_ARG(import->module),
                              STR_ARG(imported));
        Module *below = module_at(m, folder, path);
        Group *group = below ? group_behind(m, below, (Str){0}, depth)
                             : group_behind(m, module, imported, depth);
        if (group)
            return group;
    }
    return NULL;
}

static Group *reached_by(Models *m, const Module *from, const PythonImport *import, Str name,
                         uint32_t depth)
{
    Str folder;
    return import_folder(m, from, import, &folder) ? reached_in(m, folder, import, name, depth)
                                                   : NULL;
}

/* The module that makes a program's sessions says what they are like. */
static void add_imported(Models *m, Group *group, const Module *program)
{
    for (uint32_t i = 0; i < program->imports.n; i++) {
        Str folder;
        if (!import_folder(m, program, &program->imports.items[i], &folder))
            continue;
        Module *module = module_at(m, folder, program->imports.items[i].module);
        if (!module || module_is_left_out(module->candidate->found.path))
            continue;
        module_read(m, module);
        if (module->may_query)
            add_program(m, group, module);
    }
}

void find_programs(Models *m)
{
    for (uint32_t i = 0; i < m->d->n_programs && m->groups.n; i++) {
        Module *module = &m->modules[i];
        if (module->group || module->candidate->is_taken ||
            module_is_left_out(module->candidate->found.path))
            continue;
        module_read(m, module);
        Group *group = NULL;
        for (uint32_t j = 0; j < module->imports.n && module->may_query && !group; j++)
            group = reached_by(m, module, &module->imports.items[j], (Str){0}, 0);
        if (group)
            add_program(m, group, module);
    }
    for (uint32_t i = 0; i < m->groups.n; i++) {
        Group *group = m->groups.items[i];
        uint32_t n_programs = group->programs.n; /* theirs, not those of what they bring along */
        for (uint32_t j = 0; j < n_programs; j++)
            add_imported(m, group, group->programs.items[j]);
    }
}

/* ---- one file ---- */

/* "app/models" of "src/app/models/__init__.py". */
static bool is_module(Str path, Str module)
{
    if (str_ends_with(path, STR("/__init__.py")))
        path.length -= (uint32_t)sizeof "/__init__.py" - 1;
    else if (str_ends_with(path, STR(".py")))
        path.length -= (uint32_t)sizeof ".py" - 1;
    else
        return false;
    bool is_end = module.length > 0 && str_ends_with(path, module);
    return is_end &&
           (path.length == module.length || path.data[path.length - module.length - 1] == '/');
}

static bool is_source(const Project *project, Str module)
{
    for (uint32_t i = 0; i < project->databases.n; i++) {
        const ProjectSourceVec *sources = &project->databases.items[i].sources;
        for (uint32_t j = 0; j < sources->n; j++) {
            SourceRole role = sources->items[j].role;
            if ((role == SOURCE_MODEL || role == SOURCE_QUERIES) &&
                is_module(sources->items[j].path, module))
                return true;
        }
    }
    return false;
}

static Str as_path(Arena *scratch, Str dotted)
{
    char *path = arena_alloc_raw(scratch, (size_t)dotted.length + 1);
    for (uint32_t i = 0; i < dotted.length; i++)
        path[i] = dotted.data[i] == '.' ? '/' : dotted.data[i];
    return str_of(path, dotted.length);
}

static bool imports_source(Arena *scratch, const Project *project, Str folder,
                           const PythonImport *import)
{
    Str module = as_path(scratch, import->module);
    for (uint32_t i = 1; i < import->level; i++)
        folder = path_folder(folder);
    if (import->level)
        module = path_join(scratch, folder, module);
    if (is_source(project, module))
        return true;
    for (uint32_t i = 0; i < import->names.n; i++) {
        if (is_source(project, path_join(scratch, module, import->names.items[i])))
            return true;
    }
    return false;
}

bool python_file_at(const Project *project, Str path)
{
    if (module_is_left_out(path))
        return false;
    Arena scratch = {0};
    Str whole = path_join(&scratch, project->root, path);
    Text *text = files_read_head(whole, NULL, HEAD_BYTES, NULL);
    bool result = text && python_facts(text_bytes(text)).has_tables;
    if (text && !result && python_may_query(text_bytes(text))) {
        PythonImportVec imports = python_imports(&scratch, text_bytes(text));
        for (uint32_t i = 0; i < imports.n && !result; i++)
            result = imports_source(&scratch, project, path_folder(path), &imports.items[i]);
    }
    text_release(text);
    arena_release(&scratch);
    return result;
}
