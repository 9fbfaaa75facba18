/* indexing.h — the first reading of a workspace, when it takes long enough to be told of. */
#ifndef LSP_INDEXING_H
#define LSP_INDEXING_H

#include "lsp/server.h"

/* Looks whether something is being read for the first time, and shows it. */
void indexing_update(Server *server);
/* It takes longer than a request may wait that needs no more than its file. */
bool indexing_is_noticed(const Server *server);
/* It has been going on for longer than a person waits without wondering. */
bool indexing_is_long(const Server *server);

#endif
