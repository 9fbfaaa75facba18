/* cli.h — the command line: every command but the servers of `lsp` and `mcp`, which main.c starts;
 * their help is here.
 *
 * One file per command; cli.c holds the table of commands. Commands print results on stdout
 * and problems on stderr. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

/* Runs `lintel argv[1] …`; returns the exit status: 0 fine, 1 findings, 2 usage or I/O. */
int cli_main(int argc, char **argv);

#endif
