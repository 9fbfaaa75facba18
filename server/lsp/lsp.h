/* lsp.h — the language server, over stdin and stdout. */
#ifndef LSP_LSP_H
#define LSP_LSP_H

/* `arguments` are those after `lsp`, NULL-terminated: --stdio (the only way there is), --log LEVEL,
 * --workers N (0: no thread, for tests). What editors add and we do not know is
 * ignored. Returns the exit status. */
int lsp_main(char **arguments);

#endif
