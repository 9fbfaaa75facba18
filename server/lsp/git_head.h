/* git_head.h — the files of a folder as git's last commit has them.
 *
 * For a thread that may wait: git is asked, as a child process that only reads objects. It runs no
 * hook, filter or other program that a repository names, takes no lock and fetches nothing.
 * Where there is no git, no repository or no commit, there is nothing. */
#ifndef LSP_GIT_HEAD_H
#define LSP_GIT_HEAD_H

#include <stdatomic.h>

#include "base/str.h"

typedef struct GitHead GitHead;

/* NULL where there is none. `folder` is absolute, in a repository or not; `cancel` must outlive the
 * result. */
GitHead *git_head_open(Str folder, const atomic_bool *cancel);
/* The commit's name. */
Str git_head_commit(const GitHead *head);

typedef enum {
    GIT_FILE_READ,
    GIT_FILE_NONE,   /* it is not in the commit */
    GIT_FILE_BROKEN, /* git does not answer, or not within its time: nothing more will come */
} GitFile;

/* A file by its path, relative to the folder; the text lives in `out`. */
GitFile git_head_read(GitHead *head, Arena *out, Str path, Str *text);
void git_head_close(GitHead *head); /* NULL is allowed */

#endif
