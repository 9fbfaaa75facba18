/* arguments.h — reading a command line by its command's declaration. */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include "base/buf.h"
#include "cli/command.h"

typedef enum { ARGUMENTS_GOOD, ARGUMENTS_HELP, ARGUMENTS_WRONG } ArgumentsResult;

/* `words` are those behind the command's name. On ARGUMENTS_WRONG, `err` says what is wrong.
 * arguments_free in any case. */
ArgumentsResult arguments_read(Arguments *arguments, const Command *command, char **words,
                               int n_words, Error *err);
void arguments_free(Arguments *arguments);

/* The help page of one command. */
void arguments_help(Buf *out, const Command *command);

#endif
