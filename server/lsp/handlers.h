/* handlers.h — every method we serve; the table in dispatch.c names each once.
 *
 * Each handler lives in the file named beside it. */
#ifndef LSP_HANDLERS_H
#define LSP_HANDLERS_H

#include "lsp/dispatch.h"

/* lifecycle.c */
RequestHandler handle_initialize, handle_shutdown;
NotificationHandler handle_initialized;
void lifecycle_exit(Server *server);

/* sync.c */
NotificationHandler handle_did_open, handle_did_change, handle_did_save, handle_did_close;

/* folders.c, settings.c */
NotificationHandler handle_folders_changed, handle_watched_files, handle_configuration;

/* diagnostics.c, hover.c, actions.c, commands.c, pages.c */
RequestHandler handle_diagnostic, handle_hover, handle_code_action, handle_execute_command,
    handle_text_document_content;

/* page_links.c */
RequestHandler handle_document_link;

/* definition.c, references.c, symbols.c, folding.c, lens.c */
RequestHandler handle_definition, handle_references, handle_document_highlight,
    handle_document_symbol, handle_workspace_symbol, handle_folding_range, handle_code_lens,
    handle_code_lens_resolve;
/* Asks a client that can to ask for lenses again, where they may say something else. */
void lenses_refresh(Server *server);

/* inlay.c, completion.c */
RequestHandler handle_inlay_hint, handle_completion;

/* workspace_diagnostics.c */
RequestHandler handle_workspace_diagnostic;

/* consultations.c */
NotificationHandler handle_progress_cancel;

#endif
