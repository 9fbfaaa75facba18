/* python_group.h — Python files while the models of databases are being found: what the files
 * python_models.c and python_programs.c share. Private to them. */
#ifndef PROJECT_PYTHON_GROUP_H
#define PROJECT_PYTHON_GROUP_H

#include "base/map.h"
#include "project/discover.h"
#include "project/python_scan.h"

enum { MAX_IMPORT_LEVELS = 6 };

typedef struct {
    Candidate *candidate;
    PythonFacts facts;
    PythonImportVec imports;
    uint64_t fingerprint;
    uint32_t group;  /* the last one that it was put into, + 1 */
    bool may_query;  /* as python_may_query says; not asked of what declares tables */
    bool is_program; /* taken for its queries */
    bool is_read;
} Module;
typedef Vec(Module *) ModuleVec;

typedef struct {
    Str folder; /* what the group is called by: a package's, a project's */
    const Config *config;
    uint32_t database; /* UINT32_MAX: of its own */
    ModuleVec modules;
    ModuleVec programs; /* what asks them; not among `modules` */
} Group;
typedef Vec(Group *) GroupVec;

typedef struct {
    Discovery *d;
    Module *modules; /* parallel to d->programs */
    StrMap by_path;  /* path -> Module */
    StrMap packages; /* folders with an __init__.py */
    StrMap projects; /* folders with a manifest */
    GroupVec groups;
    StrMap by_folder; /* -> Group */
} Models;

/* Reads the file's head when it is asked for the first time. */
void module_read(Models *m, Module *module);
/* Tests, migrations, installed packages: nothing of them says what a database is like. */
bool module_is_left_out(Str path);
/* The file behind a dotted name that is looked up in `folder`; NULL: none of the project's. */
Module *module_at(const Models *m, Str folder, Str name);
/* Libraries are known to the frontend; their own files say nothing of this database. */
bool import_is_library(Str name);
/* Where an import of the module is looked up; false: it is none of the project's. */
bool import_folder(const Models *m, const Module *from, const PythonImport *import, Str *folder);
/* True where the import brings the name, or all names. */
bool import_hands_on(const PythonImport *import, Str name);

/* Puts the programs that ask a group's models with it; the groups are complete. */
void find_programs(Models *m);

#endif
