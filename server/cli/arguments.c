#include "cli/arguments.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/nearest.h"

enum { MAX_CHOICES = 16 };

int command_fail(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fflush(stdout);
    fputs("lintel: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    return EXIT_TROUBLE;
}

Str argument(const Arguments *arguments, const char *name)
{
    Str value = {0};
    for (uint32_t i = 0; i < arguments->command->n_options; i++) {
        if (strcmp(arguments->command->options[i].name, name) == 0)
            value = str_from(arguments->command->options[i].fallback);
    }
    for (uint32_t i = 0; i < arguments->options.n; i++) {
        if (strcmp(arguments->options.items[i].option->name, name) == 0)
            value = arguments->options.items[i].value;
    }
    return value;
}

bool argument_is_given(const Arguments *arguments, const char *name)
{
    for (uint32_t i = 0; i < arguments->options.n; i++) {
        if (strcmp(arguments->options.items[i].option->name, name) == 0)
            return true;
    }
    return false;
}

static const CommandOption *find_option(const Command *command, Str name)
{
    for (uint32_t i = 0; i < command->n_options; i++) {
        if (str_equal(str_from(command->options[i].name), name))
            return &command->options[i];
    }
    return NULL;
}

static ArgumentsResult unknown_option(const Command *command, Str name, Error *err)
{
    Str names[MAX_CHOICES];
    uint32_t n = 0;
    while (n < command->n_options && n < MAX_CHOICES) {
        names[n] = str_from(command->options[n].name);
        n++;
    }
    Str nearest = nearest_name(name, names, n);
    if (str_is_absent(nearest))
        error_set(err, ERR_FAILED, "%s has no option " STR_FMT, command->name, STR_ARG(name));
    else
        error_set(err, ERR_FAILED, "%s has no option " STR_FMT "; did you mean " STR_FMT,
                  command->name, STR_ARG(name), STR_ARG(nearest));
    return ARGUMENTS_WRONG;
}

static bool is_choice(const CommandOption *option, Str value, Error *err)
{
    Str rest = str_from(option->choices);
    Str names[MAX_CHOICES];
    uint32_t n = 0;
    while (n < MAX_CHOICES && str_next_word(&rest, &names[n])) {
        if (str_equal(names[n++], value))
            return true;
    }
    if (n == 0)
        return true;
    Arena scratch = {0};
    error_set(err, ERR_FAILED, "%s " STR_FMT ": it is one of " STR_FMT, option->name,
              STR_ARG(value), STR_ARG(str_join(&scratch, names, n, STR(", "))));
    arena_release(&scratch);
    return false;
}

ArgumentsResult arguments_read(Arguments *arguments, const Command *command, char **words,
                               int n_words, Error *err)
{
    *arguments = (Arguments){.command = command};
    bool only_operands = false;
    for (int i = 0; i < n_words; i++) {
        Str word = str_from(words[i]);
        if (only_operands || word.length < 2 || word.data[0] != '-') {
            VEC_PUSH(&arguments->arena, &arguments->operands, word);
            continue;
        }
        if (str_equal(word, STR("--"))) {
            only_operands = true;
            continue;
        }
        if (str_equal(word, STR("--help")) || str_equal(word, STR("-h")))
            return ARGUMENTS_HELP;
        uint32_t equals = str_find(word, STR("="), 0);
        Str name = str_slice(word, 0, equals == UINT32_MAX ? word.length : equals);
        const CommandOption *option = find_option(command, name);
        if (!option)
            return unknown_option(command, name, err);
        GivenOption given = {.option = option};
        if (option->value && equals != UINT32_MAX) {
            given.value = str_slice(word, equals + 1, word.length);
        } else if (option->value) {
            if (i + 1 >= n_words) {
                error_set(err, ERR_FAILED, "%s wants %s behind it", option->name, option->value);
                return ARGUMENTS_WRONG;
            }
            given.value = str_from(words[++i]);
        } else if (equals != UINT32_MAX) {
            error_set(err, ERR_FAILED, "%s takes no value", option->name);
            return ARGUMENTS_WRONG;
        }
        if (option->value && !is_choice(option, given.value, err))
            return ARGUMENTS_WRONG;
        VEC_PUSH(&arguments->arena, &arguments->options, given);
    }
    if (!command->operands && arguments->operands.n) {
        error_set(err, ERR_FAILED, "%s takes no argument such as " STR_FMT, command->name,
                  STR_ARG(arguments->operands.items[0]));
        return ARGUMENTS_WRONG;
    }
    return ARGUMENTS_GOOD;
}

void arguments_free(Arguments *arguments)
{
    arena_release(&arguments->arena);
}

void arguments_help(Buf *out, const Command *command)
{
    buf_format(out, "lintel %s%s%s%s\n\n%s\n", command->name,
               command->n_options ? " [OPTION...]" : "", command->operands ? " " : "",
               command->operands ? command->operands : "", command->summary);
    if (command->about)
        buf_format(out, "\n%s\n", command->about);
    if (command->n_options)
        buf_add(out, STR("\nOptions:\n"));
    for (uint32_t i = 0; i < command->n_options; i++) {
        const CommandOption *option = &command->options[i];
        Arena scratch = {0};
        Str left = str_format(&scratch, "%s%s%s", option->name, option->value ? " " : "",
                              option->value ? option->value : "");
        buf_format(out, "  %-24.*s %s", STR_ARG(left), option->help);
        if (option->choices)
            buf_format(out, ": %s", option->choices);
        if (option->fallback)
            buf_format(out, " (default: %s)", option->fallback);
        buf_add_char(out, '\n');
        arena_release(&scratch);
    }
}
