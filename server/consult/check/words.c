#include "consult/check/words.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_word_byte(char c)
{
    return is_letter(c) || is_digit(c);
}

void words_visit(Str text, WordVisitor *visit, void *context)
{
    for (uint32_t at = 0; at < text.length;) {
        uint32_t end = at;
        while (end < text.length &&
               (is_letter(text.data[end]) ||
                (end > at && (is_digit(text.data[end]) || text.data[end] == '$'))))
            end++;
        if (end > at)
            visit(context, str_slice(text, at, end));
        at = end > at ? end : at + 1;
    }
}

bool text_has_word(Str text, Str word)
{
    for (uint32_t at = str_find(text, word, 0); at != UINT32_MAX; at = str_find(text, word, at + 1))
        if ((at == 0 || !is_letter(text.data[at - 1])) &&
            (at + word.length >= text.length || !is_letter(text.data[at + word.length])))
            return true;
    return false;
}

bool text_has_any(Str lower, const char *const *phrases, size_t n_phrases)
{
    for (size_t i = 0; i < n_phrases; i++)
        if (str_contains(lower, str_from(phrases[i])))
            return true;
    return false;
}

Str text_clause_before(Str text, uint32_t at, uint32_t reach, const char *ends)
{
    uint32_t start = at, first = at > reach ? at - reach : 0;
    while (start > first && !strchr(ends, text.data[start - 1]))
        start--;
    return str_slice(text, start, at);
}
