/* warm_up.h — the first analysis, before anybody asks for one.
 *
 * The first statement that a process reads costs ten times the second: its tables and code are
 * still on the disk, its threads not started, its memory not got. None of that needs to wait for
 * the client's first document. */
#ifndef LSP_WARM_UP_H
#define LSP_WARM_UP_H

#include "lsp/server.h"

/* Loop thread, once, before the loop runs. A worker analyses a small text and forgets it. */
void warm_up(Server *server);

#endif
