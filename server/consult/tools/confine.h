/* confine.h — files of one folder and nothing else: what the consultant's tools may open.
 *
 * The kernel itself refuses what leads out of the folder (openat2 with RESOLVE_BENEATH), so that no
 * link, no "..", and no race gets round a check of names. Without openat2, links are not followed
 * at all. Files that hold secrets by their name are refused inside as well, also behind a link.
 * Read only. */
#ifndef CONSULT_TOOLS_CONFINE_H
#define CONSULT_TOOLS_CONFINE_H

#include "base/error.h"
#include "base/str.h"

typedef struct {
    Str root;           /* absolute, without '/' at its end */
    Str real_root;      /* where that is when links are followed */
    int folder;         /* of it; -1: not open */
    bool without_links; /* the kernel cannot confine: links are not followed. Tests set it */
} Confine;

WARN_UNUSED bool confine_open(Arena *out, Str root, Confine *confine, Error *err);
void confine_close(Confine *confine);

/* The path relative to the root ("" is the root), of one that is relative to it or absolute and
 * below it. Fails where it leads out by its text alone, or holds a NUL. */
WARN_UNUSED bool confine_path(Arena *out, const Confine *confine, Str path, Str *relative,
                              Error *err);

typedef enum {
    SECRET_NOT,
    SECRET_VALUES, /* .env and its like: names may be seen, values not */
    SECRET_ALL,    /* keys, credentials, .git/ */
} Secrecy;

/* By the names in the path. */
Secrecy confine_secrecy(Str relative);

/* A descriptor to read a regular file or a folder; the caller closes it. -1: `err` says why. */
int confine_file(const Confine *confine, Str relative, Error *err);
int confine_folder(const Confine *confine, Str relative, Error *err);

/* The file's first `max_bytes`; *is_cut where there is more. */
WARN_UNUSED bool confine_read(Arena *out, const Confine *confine, Str relative, uint32_t max_bytes,
                              Str *bytes, bool *is_cut, Error *err);

#endif
