#include "syntax/comments.h"

static uint32_t end_of_line(Str text, uint32_t at)
{
    while (at < text.length && text.data[at] != '\n' && text.data[at] != '\r')
        at++;
    return at;
}

static bool is_triple(Str text, uint32_t at, char quote)
{
    return at + 2 < text.length && text.data[at + 1] == quote && text.data[at + 2] == quote;
}

/* Behind the string that starts at `at`. One that its line does not close ends there, so that a
 * half-typed quote swallows no more than a line; a triple one runs to its end. */
static uint32_t skip_string(Str text, uint32_t at)
{
    char quote = text.data[at];
    bool is_long = is_triple(text, at, quote);
    at += is_long ? 3 : 1;
    while (at < text.length) {
        char c = text.data[at];
        if (c == '\\') {
            at += 2;
        } else if (c == quote && (!is_long || is_triple(text, at, quote))) {
            return at + (is_long ? 3 : 1);
        } else if (c == '\n' && !is_long) {
            return at;
        } else {
            at++;
        }
    }
    return text.length;
}

static bool is_comment(Str text, uint32_t at, FileLanguage language)
{
    if (language == FILE_PYTHON)
        return text.data[at] == '#';
    return text.data[at] == '/' && at + 1 < text.length && text.data[at + 1] == '/';
}

RangeVec comments_with(Arena *out, Str text, FileLanguage language, Str word)
{
    RangeVec found = {0};
    uint32_t at = 0;
    while (at < text.length) {
        char c = text.data[at];
        if (c == '"' || (c == '\'' && language == FILE_PYTHON)) {
            at = skip_string(text, at);
        } else if (is_comment(text, at, language)) {
            uint32_t end = end_of_line(text, at);
            if (str_contains(str_slice(text, at, end), word))
                VEC_PUSH(out, &found, ((Range){.start = at, .end = end}));
            at = end;
        } else {
            at++;
        }
    }
    return found;
}
