/* Which Python files are a database's models
 *
 *     every file's head     does it name SQLAlchemy and something like a table?   (python_scan.h)
 *     groups                the nearest Alembic environment; else the outermost package, or the
 *                           folder of the project around the file
 *     imports               what a group's files import from the project comes along, level by
 *                           level: bases, mixins, enumerations, types, and the packages'
 *                           __init__.py that hand them on
 *
 * Tests, installed packages and the environments' own programs are left out. A module that is
 * imported by two groups is in both. Programs that import a group's models and may query them come
 * last, for their queries only (python_programs.c). Only heads are read, and a file that does not
 * name a library in its first few thousand bytes is looked at no further. */
#include "project/python_models.h"

#include <stdlib.h>

#include "project/path.h"
#include "project/python_group.h"

enum {
    FIRST_LOOK_BYTES = 16 << 10, /* imports stand here, below a licence and a doc string */
    HEAD_BYTES = 256 << 10,
    MAX_GROUP_FILES = 4000,
};

/* ---- reading ---- */

static Text *read_head(Discovery *d, const Candidate *candidate, size_t max_bytes)
{
    Arena scratch = {0};
    Str path = path_join(&scratch, d->project->root, candidate->found.path);
    Text *text = files_read_head(path, d->options->open, max_bytes, NULL);
    arena_release(&scratch);
    return text;
}

void module_read(Models *m, Module *module)
{
    if (module->is_read)
        return;
    module->is_read = true;
    Text *text = read_head(m->d, module->candidate, FIRST_LOOK_BYTES);
    PythonFacts first = text ? python_facts(text_bytes(text)) : (PythonFacts){0};
    bool is_cut = text && text_bytes(text).length == FIRST_LOOK_BYTES;
    if (first.may_help && is_cut) {
        text_release(text);
        text = read_head(m->d, module->candidate, HEAD_BYTES);
    }
    bool is_package = str_equal(module->candidate->name, STR("__init__.py"));
    /* A package may hand on what others make; a program asks for what others declare. */
    module->may_query = text && !first.has_tables && (is_cut || python_may_query(text_bytes(text)));
    if (text && (first.may_help || module->may_query || is_package)) {
        Str bytes = str_copy(m->d->scratch, text_bytes(text));
        module->facts = first.may_help ? python_facts(bytes) : first;
        module->imports = python_imports(m->d->scratch, bytes);
        module->fingerprint = python_fingerprint(bytes);
    }
    text_release(text);
}

/* ---- what is left out ---- */

bool import_is_library(Str name)
{
    static const char *const names[] = {"sqlalchemy", "sqlmodel", "flask_sqlalchemy", "alembic",
                                        "flask"};
    return str_is_among(name, names, sizeof names / sizeof *names);
}

bool module_is_left_out(Str path)
{
    static const char *const folders[] = {"tests",      "test",     "testing",
                                          "migrations", "versions", "fixtures"};
    Str rest = path, part;
    for (bool is_first = true; path_next_part(&rest, &part); is_first = false) {
        bool is_file = rest.length == 0;
        if (is_file)
            return str_starts_with(part, STR("test_")) || str_ends_with(part, STR("_test.py")) ||
                   str_equal(part, STR("conftest.py")) || str_equal(part, STR("setup.py"));
        if (str_is_among(part, folders, sizeof folders / sizeof *folders))
            return true;
        /* The library itself, but not a program that is kept in a folder "flask". */
        if (is_first && import_is_library(part) && !str_equal(part, STR("flask")))
            return true;
    }
    return false;
}

/* ---- groups ---- */

/* The outermost folder of the file's package; its folder where it is in none. */
static Str package_around(const Models *m, Str folder)
{
    while (folder.length && map_get(&m->packages, folder) &&
           map_get(&m->packages, path_folder(folder)))
        folder = path_folder(folder);
    return folder;
}

/* A package by itself; a file outside of packages goes with its project. */
static Str folder_of_group(const Models *m, Str folder)
{
    if (map_get(&m->packages, folder))
        return package_around(m, folder);
    for (Str above = folder;; above = path_folder(above)) {
        if (map_get(&m->projects, above))
            return above;
        if (above.length == 0)
            return folder;
    }
}

static uint32_t common_parts(Str a, Str b)
{
    uint32_t n = 0;
    Str part_a, part_b;
    while (path_next_part(&a, &part_a) && path_next_part(&b, &part_b) && str_equal(part_a, part_b))
        n++;
    return n;
}

static uint32_t count_parts(Str path)
{
    uint32_t n = 0;
    for (Str part; path_next_part(&path, &part);)
        n++;
    return n;
}

/* The Alembic environment that shares the longest way with the folder: it stands beside the
 * models, above them, or elsewhere in their package. UINT32_MAX: none, or two are as near. */
static uint32_t nearest_environment(const Models *m, Str folder, Str package)
{
    uint32_t best = UINT32_MAX, best_common = 0;
    for (uint32_t i = 0; i < m->d->project->databases.n; i++) {
        const ProjectDatabase *database = &m->d->project->databases.items[i];
        if (database->layout != LAYOUT_ALEMBIC)
            continue;
        Str above = path_folder(database->folder);
        uint32_t common = common_parts(above, folder) + 1;
        Str rest;
        bool is_reached = common == count_parts(above) + 1 ||
                          (package.length && path_is_below(package, database->folder, &rest));
        if (!is_reached || common < best_common)
            continue;
        best = common == best_common ? UINT32_MAX : i;
        best_common = common;
    }
    return best;
}

static Group *group_of(Models *m, const Module *module)
{
    Str folder = module->candidate->found.folder;
    Str key = folder_of_group(m, folder);
    uint32_t database = nearest_environment(m, folder, package_around(m, folder));
    if (database != UINT32_MAX)
        key = str_format(m->d->scratch, "\x01%u", database);
    Group *group = map_get(&m->by_folder, key);
    if (group)
        return group;
    group = ARENA_NEW(m->d->scratch, Group);
    *group =
        (Group){.folder = key, .config = module->candidate->found.config, .database = database};
    VEC_PUSH(m->d->scratch, &m->groups, group);
    map_set(m->d->scratch, &m->by_folder, key, group);
    return group;
}

static void put(Models *m, Group *group, uint32_t number, Module *module)
{
    if (module->group == number + 1 || group->modules.n >= MAX_GROUP_FILES)
        return;
    module->group = number + 1;
    VEC_PUSH(m->d->scratch, &group->modules, module);
}

/* ---- imports ---- */

Module *module_at(const Models *m, Str folder, Str name)
{
    char path[1024];
    if (folder.length + name.length + 16 > sizeof path)
        return NULL;
    uint32_t n = 0;
    if (folder.length) {
        memcpy(path, folder.data, folder.length);
        n = folder.length;
    }
    if (n && name.length)
        path[n++] = '/';
    for (uint32_t i = 0; i < name.length; i++)
        path[n++] = name.data[i] == '.' ? '/' : name.data[i];
    static const char package[] = "/__init__.py", file[] = ".py";
    memcpy(path + n, file, sizeof file - 1);
    Module *module = map_get(&m->by_path, str_of(path, n + sizeof file - 1));
    if (module)
        return module;
    uint32_t skip = n == 0 ? 1 : 0; /* the root's own __init__.py */
    memcpy(path + n, package + skip, sizeof package - 1 - skip);
    return map_get(&m->by_path, str_of(path, n + sizeof package - 1 - skip));
}

bool import_folder(const Models *m, const Module *from, const PythonImport *import, Str *folder)
{
    *folder = from->candidate->found.folder;
    for (uint32_t i = 1; i < import->level; i++)
        *folder = path_folder(*folder);
    if (import->level)
        return true;
    Str first = str_slice(import->module, 0, str_find(import->module, STR("."), 0));
    if (import_is_library(first))
        return false;
    for (;; *folder = path_folder(*folder)) { /* where the path to search may begin */
        Str package = path_join(m->d->scratch, *folder, first);
        if (module_at(m, *folder, first) || map_get(&m->packages, package) ||
            module_at(m, *folder, import->module))
            return true;
        if (folder->length == 0)
            return false;
    }
}

bool import_hands_on(const PythonImport *import, Str name)
{
    for (uint32_t i = 0; i < import->names.n; i++) {
        if (str_equal(import->names.items[i], name))
            return true;
    }
    return import->names.n == 0; /* a star */
}

typedef struct {
    Models *models;
    Group *group;
    uint32_t number; /* of the group */
} Following;

static bool follow(const Following *f, const Module *from, const PythonImport *import, Str name,
                   uint32_t depth);

/* Puts the module into the group where it helps: by what it declares, or, a package, by what it
 * hands on under `name` (absent: all). True where it did. */
static bool put_module(const Following *f, Module *module, Str name, uint32_t depth)
{
    module_read(f->models, module);
    bool helps = module->facts.may_help;
    bool is_package = str_equal(module->candidate->name, STR("__init__.py"));
    for (uint32_t i = 0; is_package && i < module->imports.n && depth < MAX_IMPORT_LEVELS; i++) {
        const PythonImport *import = &module->imports.items[i];
        if (str_is_absent(name) || import_hands_on(import, name))
            helps |= follow(f, module, import, name, depth + 1);
    }
    if (helps)
        put(f->models, f->group, f->number, module);
    return helps;
}

/* What stands in `folder` under the import's name; `name` absent: all that it names. */
static bool follow_in(const Following *f, Str folder, const PythonImport *import, Str name,
                      uint32_t depth)
{
    bool is_put = false;
    Module *module = module_at(f->models, folder, import->module);
    if (import->names.n == 0)
        return module && put_module(f, module, name, depth);
    for (uint32_t i = 0; i < import->names.n; i++) {
        Str imported = import->names.items[i];
        if (!str_is_absent(name) && !str_equal(imported, name))
            continue;
        Str path = imported;
        if (import->module.length)
            path = str_format(f->models->d->scratch, STR_FMT "." STR_FMT, STR_ARG(import->module),
                              STR_ARG(imported));
        Module *below = module_at(f->models, folder, path);
        if (below)
            is_put |= put_module(f, below, (Str){0}, depth);
        else if (module)
            is_put |= put_module(f, module, imported, depth);
    }
    return is_put;
}

static bool follow(const Following *f, const Module *from, const PythonImport *import, Str name,
                   uint32_t depth)
{
    Str folder;
    return import_folder(f->models, from, import, &folder) &&
           follow_in(f, folder, import, name, depth);
}

/* Modules that come along are looked through in their turn; the vector grows meanwhile. */
static void follow_imports(Models *m, Group *group, uint32_t number)
{
    Following f = {.models = m, .group = group, .number = number};
    uint32_t level_end = group->modules.n, level = 0;
    for (uint32_t i = 0; i < group->modules.n && level < MAX_IMPORT_LEVELS; i++) {
        const Module *module = group->modules.items[i];
        bool is_package = str_equal(module->candidate->name, STR("__init__.py"));
        for (uint32_t j = 0; j < module->imports.n && (!is_package || module->facts.may_help); j++)
            follow(&f, module, &module->imports.items[j], (Str){0}, 0);
        if (i + 1 == level_end) {
            level_end = group->modules.n;
            level++;
        }
    }
}

/* ---- databases ---- */

static int compare_modules(const void *left, const void *right)
{
    const Module *a = *(Module *const *)left, *b = *(Module *const *)right;
    return str_compare(a->candidate->found.path, b->candidate->found.path);
}

static void take(Discovery *d, ProjectDatabase *database, Group *group)
{
    qsort(group->modules.items, group->modules.n, sizeof(Module *), compare_modules);
    for (uint32_t i = 0; i < group->modules.n; i++) {
        const Module *module = group->modules.items[i];
        discover_take(d, database, module->candidate, SOURCE_MODEL);
        VEC_LAST(&database->sources)->shape = module->fingerprint;
    }
    if (group->programs.n)
        qsort(group->programs.items, group->programs.n, sizeof(Module *), compare_modules);
    for (uint32_t i = 0; i < group->programs.n; i++) {
        const Module *module = group->programs.items[i];
        discover_take(d, database, module->candidate, SOURCE_QUERIES);
        VEC_LAST(&database->sources)->shape = module->fingerprint;
    }
}

static Models models_of(Discovery *d)
{
    Models m = {.d = d, .modules = ARENA_ARRAY(d->scratch, Module, d->n_programs + 1)};
    for (uint32_t i = 0; i < d->n_programs; i++) {
        Candidate *candidate = &d->programs[i];
        m.modules[i].candidate = candidate;
        map_set(d->scratch, &m.by_path, candidate->found.path, &m.modules[i]);
        if (str_equal(candidate->name, STR("__init__.py")))
            map_set(d->scratch, &m.packages, candidate->found.folder, candidate);
    }
    for (uint32_t i = 0; i < d->others.n; i++) {
        FoundFile *file = &d->others.items[i];
        Str name = path_name(file->path);
        if (str_equal(name, STR("pyproject.toml")) || str_equal(name, STR("Pipfile")) ||
            str_equal(name, STR("alembic.ini")) || str_starts_with(name, STR("requirements")))
            map_set(d->scratch, &m.projects, file->folder, file);
    }
    return m;
}

void discover_python_models(Discovery *d)
{
    Models m = models_of(d);
    for (uint32_t i = 0; i < d->n_programs && !discover_is_cancelled(d); i++) {
        Module *module = &m.modules[i];
        if (module->candidate->is_taken || module_is_left_out(module->candidate->found.path))
            continue;
        module_read(&m, module);
        if (module->facts.has_tables) {
            Group *group = group_of(&m, module);
            VEC_PUSH(d->scratch, &group->modules, module);
        }
    }
    for (uint32_t i = 0; i < m.groups.n && !discover_is_cancelled(d); i++) {
        Group *group = m.groups.items[i];
        for (uint32_t j = 0; j < group->modules.n; j++)
            group->modules.items[j]->group = i + 1;
        follow_imports(&m, group, i);
    }
    find_programs(&m);
    for (uint32_t i = 0; i < m.groups.n && !discover_is_cancelled(d); i++) {
        Group *group = m.groups.items[i];
        ProjectDatabase *database =
            group->database != UINT32_MAX
                ? &d->project->databases.items[group->database]
                : discover_add(d, LAYOUT_SQLALCHEMY, group->folder, group->config);
        take(d, database, group);
    }
}

void discover_python_model_file(Discovery *d)
{
    Models m = models_of(d);
    for (uint32_t i = 0; i < d->n_programs; i++) {
        Module *module = &m.modules[i];
        module_read(&m, module);
        if (module->candidate->is_taken || !module->facts.has_tables)
            continue;
        const FoundFile *found = &module->candidate->found;
        Group group = {0};
        VEC_PUSH(d->scratch, &group.modules, module);
        take(d, discover_add(d, LAYOUT_SQLALCHEMY, found->folder, found->config), &group);
    }
}

void python_models_take_listed(Discovery *d, ProjectDatabase *database, Candidate **files,
                               uint32_t n, Candidate **programs, uint32_t n_programs)
{
    Models m = models_of(d);
    Group group = {0};
    for (uint32_t i = 0; i < n; i++) {
        Module *module = map_get(&m.by_path, files[i]->found.path);
        module_read(&m, module);
        put(&m, &group, 0, module);
    }
    follow_imports(&m, &group, 0);
    for (uint32_t i = 0; i < n_programs; i++) {
        Module *module = map_get(&m.by_path, programs[i]->found.path);
        module_read(&m, module);
        if (!module->group && module->may_query)
            VEC_PUSH(d->scratch, &group.programs, module);
    }
    if (group.modules.n || group.programs.n)
        take(d, database, &group);
}
