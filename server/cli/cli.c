#include "cli/cli.h"

#include <stdio.h>

#include "base/nearest.h"
#include "base/version.h"
#include "cli/arguments.h"
#include "cli/output.h"

extern const Command command_check, command_schema, command_consult, command_explain, command_rules,
    command_agents, command_config, command_root, command_mcp, command_lsp;

/* In the order in which help lists them. */
static const Command *const commands[] = {
    &command_check,  &command_schema, &command_consult, &command_explain, &command_rules,
    &command_agents, &command_config, &command_root,    &command_mcp,     &command_lsp,
};

enum { N_COMMANDS = sizeof commands / sizeof *commands };

static void print_help(Buf *out)
{
    buf_add(out, STR("lintel reads database schemas, migrations and models, and says what is wrong "
                     "or risky in\n"
                     "them: SQL, Prisma, SQLAlchemy, Alembic.\n\n"
                     "Usage: lintel COMMAND [OPTION...] [PATH...]\n\n"
                     "Commands:\n"));
    for (size_t i = 0; i < N_COMMANDS; i++)
        buf_format(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    buf_add(
        out,
        STR("\n"
            "lintel COMMAND --help says more of a command; lintel --version says what this is.\n"
            "Exit status: 0 nothing found, 1 findings, 2 wrong usage or something unreadable.\n"));
}

static int unknown_command(Str name)
{
    Str names[N_COMMANDS];
    for (size_t i = 0; i < N_COMMANDS; i++)
        names[i] = str_from(commands[i]->name);
    Str nearest = nearest_name(name, names, N_COMMANDS);
    if (str_is_absent(nearest))
        return command_fail("there is no command " STR_FMT "; lintel --help lists them",
                            STR_ARG(name));
    return command_fail("there is no command " STR_FMT "; did you mean " STR_FMT, STR_ARG(name),
                        STR_ARG(nearest));
}

static int print_page(void (*page)(Buf *out))
{
    Buf out = buf_with_max(OUTPUT_MAX_BYTES);
    page(&out);
    int status = output_print(&out, EXIT_FINE);
    buf_free(&out);
    return status;
}

static int run(const Command *command, char **words, int n_words)
{
    Arguments arguments;
    Error err = {0};
    int status = EXIT_FINE;
    switch (arguments_read(&arguments, command, words, n_words, &err)) {
    case ARGUMENTS_GOOD:
        status = command->run(&arguments);
        break;
    case ARGUMENTS_HELP: {
        Buf out = buf_with_max(OUTPUT_MAX_BYTES);
        arguments_help(&out, command);
        status = output_print(&out, EXIT_FINE);
        buf_free(&out);
        break;
    }
    case ARGUMENTS_WRONG:
        command_fail("%s", err.text);
        fprintf(stderr, "lintel %s --help lists the options\n", command->name);
        status = EXIT_TROUBLE;
        break;
    }
    arguments_free(&arguments);
    return status;
}

int cli_main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("lintel: which command? lintel --help lists them\n", stderr);
        return EXIT_TROUBLE;
    }
    Str name = str_from(argv[1]);
    if (str_equal(name, STR("--help")) || str_equal(name, STR("-h")) ||
        str_equal(name, STR("help")))
        return print_page(print_help);
    if (str_equal(name, STR("--version")) || str_equal(name, STR("-V")))
        return print_page(output_version);
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (str_equal(name, str_from(commands[i]->name)))
            return run(commands[i], argv + 2, argc - 2);
    }
    return unknown_command(name);
}
