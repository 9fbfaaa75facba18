/* command.h — what a command is: its words, its options, and what runs it.
 *
 * One file per command exports one `const Command command_<name>`; cli.c lists them. Help is
 * printed from the declaration, so it cannot disagree with what is accepted. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

enum {
    EXIT_FINE = 0,
    EXIT_FINDINGS = 1,
    EXIT_TROUBLE = 2, /* wrong usage, or something could not be read */
};

typedef struct {
    const char *name;     /* "--format" */
    const char *value;    /* what help calls its value: "FORMAT"; NULL: it takes none */
    const char *choices;  /* the values it may have, space-separated; NULL: any */
    const char *fallback; /* the value where it is not given; NULL: none */
    const char *help;
} CommandOption;

typedef struct {
    const CommandOption *option;
    Str value; /* absent for an option without one */
} GivenOption;
typedef Vec(GivenOption) GivenOptionVec;
typedef Vec(Str) OperandVec;

typedef struct Command Command;

/* A command line that fits its command. Strings are those of argv. */
typedef struct {
    Arena arena;
    const Command *command;
    GivenOptionVec options; /* in the order given */
    OperandVec operands;
} Arguments;

struct Command {
    const char *name;
    const char *operands; /* for help: "[PATH...]"; NULL: it takes none */
    const char *summary;  /* one line */
    const char *about;    /* further lines; NULL: none */
    const CommandOption *options;
    uint32_t n_options;
    int (*run)(const Arguments *arguments); /* returns the exit status; NULL: main.c runs it */
};

/* The value of an option: given last, else its fallback, else absent. */
Str argument(const Arguments *arguments, const char *name);
bool argument_is_given(const Arguments *arguments, const char *name);

/* "lintel: " and the text on stderr; returns EXIT_TROUBLE. */
int command_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
