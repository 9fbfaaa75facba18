/* pages.h — documents that the server itself writes, under the scheme lintel:
 *
 *     lintel:/reports/<id>.md, lintel:/reports/<id>.json, lintel:/reports/latest.md
 *     lintel:/reports/index.md
 *     lintel:/schema/<database>.md
 *     lintel:/rules/<rule>.md
 *
 * Clients that know workspace/textDocumentContent read them by that; for the others a page is
 * written to a file below the user's state folder before it is shown. */
#ifndef LSP_PAGES_H
#define LSP_PAGES_H

#include "lsp/server.h"

typedef enum {
    PAGE_READY,
    PAGE_LATER,   /* its database is being analysed */
    PAGE_UNKNOWN, /* there is no such page */
} PageState;

/* The text of a page, in scratch. */
PageState page_text(Server *server, Str uri, Str *text);
/* The folder that the files it names are in; absent where it names none. */
Str page_root(Server *server, Str uri);
/* Opens a page in the editor, as well as that can be. */
PageState page_show(Server *server, Str uri);
/* A page that the client may be looking at has changed. */
void page_changed(Server *server, Str uri);
/* Snapshots have changed: tells of the schema pages among those that were read. */
void pages_schema_changed(Server *server);
void pages_free(Server *server);

/* page_schema.c, page_rule.c, page_reports.c: into `out`. */
struct ServedDatabase;
void page_schema(Server *server, const struct ServedDatabase *served, Buf *out);
bool page_rule(Str id, Buf *out);
void page_reports(const Server *server, Buf *out);

#endif
