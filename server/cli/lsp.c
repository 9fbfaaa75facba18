/* The words of `lsp`. The language server is no part of this room: main.c starts it, and sends only
 * who asks for help here. */
#include "cli/command.h"

static const CommandOption options[] = {
    {.name = "--log",
     .value = "LEVEL",
     .choices = "error warn info debug",
     .fallback = "warn",
     .help = "what is logged on standard error"},
    {.name = "--workers",
     .value = "N",
     .fallback = "2",
     .help = "threads that analyse; 0: none, for looking into a fault"},
    {.name = "--stdio", .help = "as without it: standard input and output are the only way"},
};

extern const Command command_lsp;
const Command command_lsp = {
    .name = "lsp",
    .summary = "Run the language server on standard input and output.",
    .about = "An editor starts it. Options that it does not know are ignored.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
};
