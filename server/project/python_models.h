/* python_models.h — the models of SQLAlchemy and what is built on it. Inside project/ only. */
#ifndef PROJECT_PYTHON_MODELS_H
#define PROJECT_PYTHON_MODELS_H

#include "project/discover.h"

/* Gives the Python files that declare tables, and the modules of the project that they import, to
 * the nearest Alembic database, or to one of their own. After Alembic's revisions are taken. */
void discover_python_models(Discovery *d);

/* The one Python file at hand, where it declares tables. */
void discover_python_model_file(Discovery *d);

/* True where a Python file (relative to the root) would be read, by its text: not a test, and it
 * declares tables, or it imports a Python source of the project and may ask something. Reads its
 * beginning. */
bool python_file_at(const Project *project, Str path);

/* Of Python files that the configuration names as models: takes them and what they import; and
 * those that it names as queries. */
void python_models_take_listed(Discovery *d, ProjectDatabase *database, Candidate **files,
                               uint32_t n, Candidate **programs, uint32_t n_programs);

#endif
