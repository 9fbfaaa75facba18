/* What a client sends, as bodies of messages, one in each line: whatever they are, the server takes
 * them, and gives all memory back. Jobs are queued but do not run: sessions test those. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "fuzz/fuzz.h"
#include "lsp/dispatch.h"

static const char first[] =
    "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"capabilities\":{"
    "\"workspace\":{\"textDocumentContent\":{}},\"window\":{\"workDoneProgress\":true}}}}";

static void send(Server *server, Str body)
{
    char *copy = arena_alloc(&server->arena, body.length + 1u);
    if (body.length > 0)
        memcpy(copy, body.data, body.length);
    dispatch_body(server, copy, body.length);
    arena_reset(&server->scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    log_set_level(LOG_LEVEL_ERROR);
    int nowhere = open("/dev/null", O_RDWR);
    Server *server = server_new(nowhere, nowhere, 0);
    send(server, str_from(first));
    Str rest = str_of((const char *)data, size);
    for (Str body; str_next_line(&rest, &body);)
        send(server, body);
    for (Document *document = server->documents.first; document; document = document->next)
        FUZZ_CHECK(documents_find(&server->documents, document->uri) == document);
    server_free(server);
    close(nowhere);
    return 0;
}
