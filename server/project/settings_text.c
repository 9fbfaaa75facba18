#include "project/settings_text.h"

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

/* "key = value" or "key: value": the rest of the line; absent for any other line. */
static Str value_on_line(Str line, Str key)
{
    uint32_t at = is_quote(line.length ? line.data[0] : ' ') ? 1 : 0; /* TOML quotes dotted keys */
    if (!str_starts_with(str_slice(line, at, line.length), key))
        return (Str){0};
    at += key.length;
    while (at < line.length && (is_quote(line.data[at]) || strchr(" \t", line.data[at])))
        at++;
    if (at >= line.length || (line.data[at] != '=' && line.data[at] != ':'))
        return (Str){0};
    return str_trim(str_slice(line, at + 1, line.length));
}

/* The value without quotes, and without the comment after it. */
static Str bare(Str value)
{
    if (value.length && is_quote(value.data[0])) {
        uint32_t end = 1;
        while (end < value.length && value.data[end] != value.data[0])
            end++;
        return str_slice(value, 1, end);
    }
    for (uint32_t i = 1; i < value.length; i++) {
        if ((value.data[i] == '#' || value.data[i] == ';') && strchr(" \t", value.data[i - 1]))
            return str_trim(str_slice(value, 0, i));
    }
    return value;
}

static void add_strings(Arena *out, SettingLineVec *items, Str line)
{
    for (uint32_t i = 0; i < line.length && line.data[i] != '#'; i++) {
        if (!is_quote(line.data[i]))
            continue;
        Str inside = bare(str_slice(line, i, line.length));
        VEC_PUSH(out, items, inside);
        i += inside.length + 1;
    }
}

/* The lines after the key's own: a list's until its bracket closes, else those that are indented.
 */
static void add_continued(Arena *out, SettingLineVec *items, Str first, Str rest)
{
    bool is_list = str_starts_with(first, STR("["));
    bool is_closed = str_contains(first, STR("]"));
    Str line;
    while (!(is_list && is_closed) && str_next_line(&rest, &line)) {
        Str words = str_trim(line);
        if (!is_list && !(words.length && strchr(" \t", line.data[0])))
            return;
        is_closed = str_contains(words, STR("]"));
        if (is_list)
            add_strings(out, items, words);
        else if (words.data[0] != '#' && words.data[0] != ';')
            VEC_PUSH(out, items, bare(words));
    }
}

SettingLineVec settings_values(Arena *out, Str text, Str section, Str key)
{
    SettingLineVec items = {0};
    bool is_inside = false;
    Str line;
    while (str_next_line(&text, &line)) {
        Str words = str_trim(line);
        if (str_starts_with(words, STR("[")))
            is_inside = str_equal(bare(words), section);
        Str value = is_inside ? value_on_line(words, key) : (Str){0};
        if (str_is_absent(value))
            continue;
        if (str_starts_with(value, STR("[")))
            add_strings(out, &items, value);
        else
            VEC_PUSH(out, &items, bare(value));
        add_continued(out, &items, value, text);
        break;
    }
    return items;
}

Str settings_value(Arena *out, Str text, Str section, Str key)
{
    SettingLineVec items = settings_values(out, text, section, key);
    return items.n ? items.items[0] : (Str){0};
}
