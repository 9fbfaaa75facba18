#include "frontends/python/project.h"

enum { PARTS_MAX = 16 }; /* folders of a path, from its end, by which a module is found */

typedef Vec(const PythonFile *) PythonFileVec;

/* Never the project's, whatever its folders are called. */
static bool is_library(Str name)
{
    static const Str roots[] = {
        STR_INIT("sqlalchemy"),
        STR_INIT("sqlmodel"),
        STR_INIT("alembic"),
        STR_INIT("flask_sqlalchemy"),
        STR_INIT("enum"),
        STR_INIT("datetime"),
        STR_INIT("typing"),
        STR_INIT("uuid"),
        STR_INIT("decimal"),
        STR_INIT("sqlalchemy_utils"),
        STR_INIT("oslo_db"),
        STR_INIT("geoalchemy2"),
        STR_INIT("typing_extensions"),
        STR_INIT("flask"),
        STR_INIT("pydantic"),
    };
    Str root = str_slice(name, 0, str_find(name, STR("."), 0));
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        if (str_equal(root, roots[i]))
            return true;
    }
    return false;
}

static Str dotted_path(Arena *out, Str path, bool *is_package)
{
    if (str_ends_with(path, STR(".py")))
        path.length -= 3;
    *is_package = str_equal(path, STR("__init__")) || str_ends_with(path, STR("/__init__"));
    if (*is_package)
        path.length -= path.length > 8 ? 9 : 8;
    char *dotted = arena_alloc_raw(out, path.length + 1u);
    for (uint32_t i = 0; i < path.length; i++)
        dotted[i] = path.data[i] == '/' ? '.' : path.data[i];
    return str_of(dotted, path.length);
}

static Str fragment_key(Arena *out, const Fragment *fragment)
{
    const Fragment **key = ARENA_NEW(out, const Fragment *);
    *key = fragment;
    return str_of((const char *)key, sizeof *key);
}

static void add_ends(Arena *out, PythonProject *project, const PythonFile *file)
{
    uint32_t at = file->dotted.length;
    for (uint32_t n = 0; n < PARTS_MAX && at > 0; n++) {
        while (at > 0 && file->dotted.data[at - 1] != '.')
            at--;
        Str end = str_slice(file->dotted, at, file->dotted.length);
        PythonFileVec *candidates = map_get(&project->by_end, end);
        if (!candidates) {
            candidates = ARENA_NEW(out, PythonFileVec);
            map_set(out, &project->by_end, end, candidates);
        }
        VEC_PUSH(out, candidates, file);
        if (at > 0)
            at--; /* the dot */
    }
}

PythonProject *python_project_new(Arena *out, const ModelFile *files, uint32_t n_files)
{
    PythonProject *project = ARENA_NEW(out, PythonProject);
    project->files = ARENA_ARRAY(out, PythonFile, n_files + 1u);
    for (uint32_t i = 0; i < n_files; i++) {
        if (!files[i].fragment->python)
            continue;
        PythonFile *file = &project->files[project->n_files++];
        file->module = files[i].fragment->python;
        file->is_program = files[i].is_program;
        file->dotted = dotted_path(out, files[i].path, &file->is_package);
        map_set(out, &project->by_dotted, file->dotted, file);
        map_set(out, &project->by_fragment, fragment_key(out, files[i].fragment), file);
        add_ends(out, project, file);
    }
    return project;
}

static const PythonFile *file_of(const PythonProject *project, const PythonModule *module)
{
    if (!project || !module)
        return NULL;
    const Fragment *fragment = module->fragment;
    return map_get(&project->by_fragment, str_of((const char *)&fragment, sizeof fragment));
}

static uint32_t common_length(Str a, Str b)
{
    uint32_t n = 0;
    while (n < a.length && n < b.length && a.data[n] == b.data[n])
        n++;
    return n;
}

/* A name that does not begin at the root of a package is none that can be imported. */
static bool starts_in_package(const PythonProject *project, const PythonFile *file, Str name)
{
    if (file->dotted.length == name.length)
        return false;
    Str before = str_slice(file->dotted, 0, file->dotted.length - name.length - 1);
    const PythonFile *package = map_get(&project->by_dotted, before);
    return package && package->is_package;
}

static const PythonModule *find_by_end(const PythonProject *project, const PythonFile *from,
                                       Str name)
{
    const PythonFileVec *candidates = map_get(&project->by_end, name);
    const PythonFile *best = NULL;
    uint32_t best_common = 0;
    for (uint32_t i = 0; candidates && i < candidates->n && i < 64; i++) {
        const PythonFile *file = candidates->items[i];
        if (starts_in_package(project, file, name))
            continue;
        uint32_t common = from ? common_length(from->dotted, file->dotted) : 0;
        bool is_better = !best || common > best_common ||
                         (common == best_common && file->dotted.length < best->dotted.length);
        if (is_better) {
            best = file;
            best_common = common;
        }
    }
    return best ? best->module : NULL;
}

static Str parent_of(Str dotted)
{
    uint32_t at = dotted.length;
    while (at > 0 && dotted.data[at - 1] != '.')
        at--;
    return str_slice(dotted, 0, at > 0 ? at - 1 : 0);
}

static const PythonModule *find_joined(const PythonProject *project, Str package, Str name)
{
    char joined[1024];
    uint32_t n = package.length;
    if ((size_t)package.length + name.length + 2 > sizeof joined)
        return NULL;
    memcpy(joined, package.data ? package.data : "", n);
    if (name.length > 0) {
        if (n > 0)
            joined[n++] = '.';
        memcpy(joined + n, name.data, name.length);
        n += name.length;
    }
    const PythonFile *file = map_get(&project->by_dotted, str_of(joined, n));
    return file ? file->module : NULL;
}

const PythonModule *python_project_find(const PythonProject *project, const PythonModule *from,
                                        Str name)
{
    if (!project)
        return NULL;
    const PythonFile *file = file_of(project, from);
    if (!str_starts_with(name, STR(".")))
        return is_library(name) ? NULL : find_by_end(project, file, name);
    if (!file)
        return NULL;
    Str package = file->is_package ? file->dotted : parent_of(file->dotted);
    uint32_t at = 1;
    for (; at < name.length && name.data[at] == '.'; at++)
        package = parent_of(package);
    return find_joined(project, package, str_trim(str_slice(name, at, name.length)));
}

const PythonModule *python_project_child(const PythonProject *project, const PythonModule *parent,
                                         Str name)
{
    const PythonFile *file = file_of(project, parent);
    return file && file->is_package ? find_joined(project, file->dotted, name) : NULL;
}
