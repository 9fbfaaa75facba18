/* path.h — paths as texts: '/' between parts, nothing looked up. */
#ifndef PROJECT_PATH_H
#define PROJECT_PATH_H

#include "base/str.h"

/* "a/b" of "a/b/c.sql"; "" of "c.sql"; "/" of "/a". */
Str path_folder(Str path);
/* "c.sql" of "a/b/c.sql". */
Str path_name(Str path);
/* `name` in `folder`; an empty folder is where we are. */
Str path_join(Arena *out, Str folder, Str name);
/* Without "." and ".." and doubled '/' (by the text alone). */
Str path_normal(Arena *out, Str path);
/* `path` seen from `folder`, both absolute: false where it is not below it; "" for itself. */
bool path_is_below(Str folder, Str path, Str *rest);
/* The first part of a relative path; the rest without its '/'. False at the end. */
bool path_next_part(Str *rest, Str *part);

#endif
