/* files.h — reading the few files a consultation is given beside the schema: agents and rules.
 *
 * Border code: regular files only, with a maximum size; folders are walked in byte order of
 * their names, to a maximum depth and number. Strings live in the arena given. */
#ifndef CONSULT_FILES_H
#define CONSULT_FILES_H

#include "base/error.h"
#include "base/str.h"
#include "model/type.h" /* StrVec */

enum {
    FILES_MAX_DEPTH = 8, /* of folders below the one given */
    FILES_MAX_LISTED = 256,
};

/* ERR_NOT_FOUND where there is no such file. */
WARN_UNUSED bool file_read(Arena *out, Str path, uint32_t max_bytes, Str *text, Error *err);

/* The same for a file that a project has brought along: fails where a link leads out of `root`, or
 * to a file of secrets (tools/confine.h). What is read here may be sent to a model. */
WARN_UNUSED bool file_read_inside(Arena *out, Str root, Str path, uint32_t max_bytes, Str *text,
                                  Error *err);

/* Adds the paths of all files below `folder` that end in `suffix`; a missing folder adds none. */
void files_list(Arena *out, Str folder, Str suffix, StrVec *paths);

/* `folder` and each folder above it, closest first, ending with the one that holds .git; only
 * `folder` itself where none does. */
StrVec files_up_to_root(Arena *out, Str folder);

#endif
