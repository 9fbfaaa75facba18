/* python_scan.h — what a Python file may be to a database, by a look at its text.
 *
 * Not a parser: words and import lines. What a file declares is frontends/python's to say; here it
 * is only decided which files are read. A word too many costs a file that is read in vain. Pure. */
#ifndef PROJECT_PYTHON_SCAN_H
#define PROJECT_PYTHON_SCAN_H

#include "base/str.h"
#include "base/vec.h"

typedef Vec(Str) PythonNameVec;

/* `from ..a.b import c, d` has level 2, module "a.b", names c and d; `import a.b` has no names. */
typedef struct {
    uint32_t level;
    Str module;
    PythonNameVec names;
} PythonImport;
typedef Vec(PythonImport) PythonImportVec;

typedef struct {
    bool has_tables; /* classes or tables of SQLAlchemy, SQLModel or Flask-SQLAlchemy stand here */
    bool may_help;   /* bases, mixins, enumerations, types: of use where a model imports them */
} PythonFacts;

PythonFacts python_facts(Str text);

/* True where words stand without which nothing is asked of a database. */
bool python_may_query(Str text);

/* The import lines, in order; the texts point into `text`. */
PythonImportVec python_imports(Arena *out, Str text);

/* Changes where tables came or went, or imports: then the database may have other files. Never 0.
 */
uint64_t python_fingerprint(Str text);

#endif
