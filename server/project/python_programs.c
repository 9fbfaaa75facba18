/* Which Python files ask a group's models: those that import one of its modules, themselves or
 * through a package that hands it on, and hold a word without which nothing is asked. */
#include "project/path.h"
#include "project/python_group.h"

enum { MAX_PROGRAMS = 2000 }; /* of one group */

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
    Str folder = from->candidate->found.folder;
    if (import->level) {
        for (uint32_t i = 1; i < import->level; i++)
            folder = path_folder(folder);
        return reached_in(m, folder, import, name, depth);
    }
    Str first = str_slice(import->module, 0, str_find(import->module, STR("."), 0));
    if (import_is_library(first))
        return NULL;
    for (;; folder = path_folder(folder)) { /* where the path to search may begin */
        Str package = path_join(m->d->scratch, folder, first);
        if (module_at(m, folder, first) || map_get(&m->packages, package) ||
            module_at(m, folder, import->module))
            return reached_in(m, folder, import, name, depth);
        if (folder.length == 0)
            return NULL;
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
}
