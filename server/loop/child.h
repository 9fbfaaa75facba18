/* child.h — another program, spoken to through its standard input and output.
 *
 * For a thread that may wait. The program is a process group of its own and gets only the
 * pipes. Every wait has a deadline and looks at `cancel` twenty times a second; while
 * something is written, what the program says is read too, so that neither waits for the other.
 * What it says on standard error is kept (the last part of it), never printed.
 *
 * Limits: CHILD_MAX_PENDING_BYTES of output that was not asked for yet; then it is taken for
 * broken. */
#ifndef LOOP_CHILD_H
#define LOOP_CHILD_H

#include <stdatomic.h>

#include "base/error.h"
#include "base/str.h"

typedef struct Child Child;

enum {
    CHILD_MAX_PENDING_BYTES = 16 * 1024 * 1024,
    CHILD_MAX_COMPLAINT_BYTES = 8 * 1024, /* of standard error: the newest */
};

/* `arguments` begin with the program (looked for in PATH) and end with NULL; `environment` is
 * "NAME=value" and ends with NULL; NULL: ours. NULL where it cannot be started (some
 * systems cannot tell: then it ends with 127). From then on the
 * process ignores SIGPIPE. */
Child *child_start(const char *const *arguments, const char *const *environment,
                   Error *err) WARN_UNUSED;

typedef struct {
    uint32_t timeout_ms;
    const atomic_bool *cancel; /* may be NULL */
} ChildWait;

/* False where it took too long, was cancelled (ERR_CANCELLED), or the program is gone. */
bool child_write(Child *child, Str bytes, ChildWait wait, Error *err) WARN_UNUSED;
/* No more will be written. */
void child_close_input(Child *child);

typedef enum { CHILD_SAID, CHILD_ENDED, CHILD_SILENT, CHILD_CANCELLED, CHILD_BROKEN } ChildEvent;

/* Waits for output; `*bytes` is what has come (CHILD_SAID only), until the next call with this
 * child. CHILD_ENDED: the output is over. CHILD_SILENT: nothing within the timeout. */
ChildEvent child_read(Child *child, ChildWait wait, Str *bytes);

/* What came on standard error, newest part. Until the next call with this child. */
Str child_complaints(const Child *child);

/* Closes its input; gives it `patience_ms` to end, as long again after SIGTERM to its group, then
 * kills the group. Frees. Returns the exit status, or -1 where a signal ended it. With 0 it is
 * over at once. */
int child_end(Child *child, uint32_t patience_ms);

#endif
