#include "rules/words.h"

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_cut(char c)
{
    return c == '_' || c == ' ' || c == '-' || c == '.';
}

/* A capital starts a word after a small letter or digit (unitPrice) and before one (HTTPServer). */
static bool starts_word(Str name, uint32_t i)
{
    if (!is_upper(name.data[i]))
        return false;
    char before = name.data[i - 1];
    if (!is_upper(before))
        return true;
    return i + 1 < name.length && name.data[i + 1] >= 'a' && name.data[i + 1] <= 'z';
}

StrVec words_of(Arena *out, Str identifier)
{
    StrVec words = {0};
    uint32_t start = 0;
    for (uint32_t i = 0; i <= identifier.length; i++) {
        bool at_end = i == identifier.length || is_cut(identifier.data[i]);
        if (!at_end && !(i > start && starts_word(identifier, i)))
            continue;
        if (i > start)
            VEC_PUSH(out, &words, str_lower(out, str_slice(identifier, start, i)));
        start = at_end ? i + 1 : i;
    }
    return words;
}

bool word_is_in(Str word, const char *list)
{
    if (str_is_empty(word))
        return false;
    Str rest = str_from(list), one;
    while (str_next_word(&rest, &one)) {
        if (str_equal(word, one))
            return true;
    }
    return false;
}

bool words_have(const StrVec *words, const char *list)
{
    for (uint32_t i = 0; i < words->n; i++) {
        if (word_is_in(words->items[i], list))
            return true;
    }
    return false;
}

Str word_singular(Arena *out, Str word)
{
    static const struct {
        const char *plural, *singular;
    } irregular[] = {{"people", "person"},   {"children", "child"},   {"men", "man"},
                     {"women", "woman"},     {"mice", "mouse"},       {"indices", "index"},
                     {"statuses", "status"}, {"addresses", "address"}};
    for (size_t i = 0; i < sizeof irregular / sizeof irregular[0]; i++) {
        if (str_equal(word, str_from(irregular[i].plural)))
            return str_from(irregular[i].singular);
    }
    if (word.length > 4 && str_ends_with(word, STR("ies")))
        return str_format(out, STR_FMT "y", STR_ARG(str_slice(word, 0, word.length - 3)));
    if (word.length > 4 && (str_ends_with(word, STR("sses")) || str_ends_with(word, STR("xes")) ||
                            str_ends_with(word, STR("ches")) || str_ends_with(word, STR("shes"))))
        return str_slice(word, 0, word.length - 2);
    if (word.length > 3 && str_ends_with(word, STR("s")) && !str_ends_with(word, STR("ss")) &&
        !str_ends_with(word, STR("us")) && !str_ends_with(word, STR("is")))
        return str_slice(word, 0, word.length - 1);
    return word;
}

Str words_key(Arena *out, const StrVec *words)
{
    if (words->n == 0)
        return (Str){0};
    StrVec key = {0};
    for (uint32_t i = 0; i < words->n; i++)
        VEC_PUSH(out, &key,
                 i + 1 < words->n ? words->items[i] : word_singular(out, words->items[i]));
    return str_join(out, key.items, key.n, STR("_"));
}
