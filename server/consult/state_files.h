/* state_files.h — what is kept for a user between two runs: reports and other pages as files, and
 * what was answered to our questions.
 *
 * Below $XDG_STATE_HOME/lintel, else ~/.local/state/lintel: never in a project, so that no
 * repository can bring an answer along. Any thread. */
#ifndef CONSULT_STATE_FILES_H
#define CONSULT_STATE_FILES_H

#include "base/error.h"
#include "base/str.h"
#include "model/type.h" /* StrVec */

/* Reports are kept for those who go back to one; a file is some tens of kilobytes. */
enum { STATE_REPORTS_MAX = 600 }; /* files: each report is three */

/* Writes `text` as `name` ("reports/ab12.md"), whole or not at all; folders are made. `name`
 * is cleaned of whatever would lead out of the folder. The absolute path in `out`. A report
 * ("reports/…") that makes one too many removes the oldest. */
WARN_UNUSED bool state_file_write(Arena *out, Str name, Str text, Str *path, Error *err);
/* The absolute path that a name has; absent where there is no state folder. */
Str state_file_path(Arena *out, Str name);
/* The names ("ab12.md") of the regular files in one folder ("reports") that end in `suffix`, the
 * newest first; none where it cannot be read. */
StrVec state_files_list(Arena *out, Str folder, Str suffix);

/* The text of such a file; ERR_NOT_FOUND where there is none. */
WARN_UNUSED bool state_file_read(Arena *out, Str name, uint32_t max_bytes, Str *text, Error *err);

#endif
