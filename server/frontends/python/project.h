/* project.h — the modules of a database by their dotted names.
 *
 * A file's name is its path: "backend/app/models/user.py" is "app.models.user" where the program
 * starts in backend/. Nobody says where that is, so a module is found by the end of its path; of
 * several, the one nearest to whoever imports it. */
#ifndef FRONTENDS_PYTHON_PROJECT_H
#define FRONTENDS_PYTHON_PROJECT_H

#include "frontends/python/module.h"
#include "model/orm.h"

typedef struct PythonFile PythonFile;
struct PythonFile {
    const PythonModule *module;
    Str dotted;      /* the whole path: "backend.app.models"; a package's is that of its folder */
    bool is_package; /* __init__.py */
    bool is_program; /* declares nothing of the database's */
};

typedef struct PythonProject {
    PythonFile *files; /* in the order given */
    uint32_t n_files;
    StrMap by_end;      /* "models.user", "user" … -> the candidates (private to project.c) */
    StrMap by_dotted;   /* whole path -> PythonFile */
    StrMap by_fragment; /* the fragment pointer's bytes -> PythonFile */
} PythonProject;

PythonProject *python_project_new(Arena *out, const ModelFile *files, uint32_t n_files);

/* The module that `name` ("app.models", "..extensions") is for an import in `from`; NULL: none of
 * the project's, or that of a library. */
const PythonModule *python_project_find(const PythonProject *project, const PythonModule *from,
                                        Str name);
/* The module `name` within the package `parent`: "user" in app/models/__init__.py. */
const PythonModule *python_project_child(const PythonProject *project, const PythonModule *parent,
                                         Str name);

#endif
