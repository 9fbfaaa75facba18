/* ignore.h — which files and folders are left out.
 *
 * The patterns of .gitignore: "*", "?", "[a-z]", "**", a leading or inner '/' ties a pattern
 * to its folder, a '/' at the end means folders only, "!" takes back; the last one that fits
 * decides. `ignore` of lintel.yaml has the same patterns. Pure; in the arena given. */
#ifndef PROJECT_IGNORE_H
#define PROJECT_IGNORE_H

#include "base/str.h"
#include "base/vec.h"

typedef struct {
    Str folder; /* where the pattern was written, relative to the root */
    Str glob;
    bool is_tied, is_folder_only, takes_back;
} IgnorePattern;
typedef Vec(IgnorePattern) IgnorePatternVec;

/* A file's content, one pattern a line. */
void ignore_add_lines(Arena *out, IgnorePatternVec *patterns, Str folder, Str lines);
void ignore_add(Arena *out, IgnorePatternVec *patterns, Str folder, Str line);

/* `path` relative to the root. Folders above it are asked about before. */
bool ignore_fits(const IgnorePatternVec *patterns, Str path, bool is_folder);

/* "**" crosses '/', "*" and "?" do not. Linear in practice: at most two places to come back
 * to are kept. */
bool glob_fits(Str glob, Str path);

#endif
