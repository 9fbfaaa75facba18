/* input.h — from a database of a project to the input of an analysis.
 *
 * Pure. What both the command line and the language server need between project_open and
 * analyse. */
#ifndef ENGINE_INPUT_H
#define ENGINE_INPUT_H

#include "engine/analyse.h"
#include "project/project.h"

/* `files` is parallel to database->sources; a NULL is a source that could not be read and is
 * left out. The result and what it points to live in `out`; it holds no references. Set
 * `wanted` afterwards where not all findings are asked for: it is parallel to the result's
 * sources. */
AnalysisInput *analysis_input(Arena *out, const ProjectDatabase *database,
                              LoweredFile *const *files);

/* The levels of all rules under a configuration (NULL: the defaults), parallel to
 * all_rules[]. */
const Severity *rule_levels(Arena *out, const Config *config);

/* What is wrong in a configuration file: its own problems, and rules that do not exist. Each
 * finding's location has its range in config->text, and source 0. */
FindingVec config_findings(Arena *out, const Config *config);

/* The known name nearest to a misspelt one, or absent where none is near. */
Str rule_nearest(Str name);

#endif
