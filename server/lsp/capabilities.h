/* capabilities.h — what the client can, and what we announce to it. */
#ifndef LSP_CAPABILITIES_H
#define LSP_CAPABILITIES_H

#include <cjson/cJSON.h>

#include "lsp/position.h"

/* What a client shows of a diagnostic. */
typedef struct {
    bool related_information, tags, code_description, data;
} DiagnosticAbilities;

typedef struct {
    PositionEncoding encoding; /* what we chose among what it offers */
    bool pulls_diagnostics, refreshes_diagnostics, refreshes_lenses;
    DiagnosticAbilities pushed, pulled;
    bool versions_in_push;
    bool hover_markdown;
    bool action_literals, action_is_preferred, action_data;
    bool definition_links, symbol_trees, shows_references;
    bool document_changes, inlay_hints, completion;
    bool configuration, registers_configuration;
    bool registers_watched_files;
    bool workspace_folders;
    bool progress, show_document;
    bool text_document_content, document_links;
} ClientAbilities;

/* `capabilities` may be NULL or anything. */
ClientAbilities client_abilities(const cJSON *capabilities);
/* The result of `initialize`. */
cJSON *server_capabilities(const ClientAbilities *client);

#endif
