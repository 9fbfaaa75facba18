/* progress.h — work-done progress in the client's window.
 *
 * Loop thread. One that we start asks the client first and begins when it agrees; one for
 * which the client gave a token begins at once. Where the client cannot show progress,
 * progress_start gives NULL, and NULL may be passed to all the others. */
#ifndef LSP_PROGRESS_H
#define LSP_PROGRESS_H

#include "lsp/server.h"

typedef struct Progress Progress;

/* `token`: the client's workDoneToken, or NULL. */
Progress *progress_start(Server *server, const cJSON *token, Str title, bool is_cancellable);
void progress_report(Progress *progress, Str message, uint32_t percent);
/* Frees it. */
void progress_end(Progress *progress, Str message);
bool progress_has_token(const Progress *progress, const cJSON *token);

#endif
