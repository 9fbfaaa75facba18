#include "project/version.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static uint32_t digits_at(Str s, uint32_t at)
{
    uint32_t end = at;
    while (end < s.length && is_digit(s.data[end]))
        end++;
    return end - at;
}

/* Runs of digits without their leading zeros: the longer one is greater. */
int version_compare(Str a, Str b)
{
    uint32_t i = 0, j = 0;
    while (i < a.length && j < b.length) {
        if (!is_digit(a.data[i]) || !is_digit(b.data[j])) {
            if (a.data[i] != b.data[j])
                return (unsigned char)a.data[i] < (unsigned char)b.data[j] ? -1 : 1;
            i++;
            j++;
            continue;
        }
        uint32_t a_end = i + digits_at(a, i), b_end = j + digits_at(b, j);
        while (i + 1 < a_end && a.data[i] == '0')
            i++;
        while (j + 1 < b_end && b.data[j] == '0')
            j++;
        if (a_end - i != b_end - j)
            return a_end - i < b_end - j ? -1 : 1;
        int order = memcmp(a.data + i, b.data + j, a_end - i);
        if (order)
            return order;
        i = a_end;
        j = b_end;
    }
    if (i < a.length || j < b.length)
        return i < a.length ? 1 : -1;
    return str_compare(a, b); /* 01 and 1: some order, but always the same */
}

bool version_is_numbered(Str name)
{
    uint32_t n = digits_at(name, 0);
    if (n == 0 && name.length > 1 && (name.data[0] == 'v' || name.data[0] == 'V'))
        n = 1 + digits_at(name, 1);
    if (n == 0 || (n == 1 && !is_digit(name.data[0])))
        return false;
    return n == name.length || strchr("_-. ", name.data[n]) != NULL;
}

bool version_is_whole(Str name)
{
    uint32_t i = name.length && (name.data[0] == 'v' || name.data[0] == 'V') ? 1 : 0;
    for (;;) {
        uint32_t n = digits_at(name, i);
        if (n == 0)
            return false;
        i += n;
        if (i == name.length)
            return true;
        if (name.data[i++] != '.')
            return false;
    }
}

char version_flyway(Str name)
{
    if (name.length < 4 || !strchr("VRBU", name.data[0]))
        return '\0';
    uint32_t i = 1;
    while (i < name.length &&
           (is_digit(name.data[i]) || name.data[i] == '.' ||
            (name.data[i] == '_' && i + 1 < name.length && is_digit(name.data[i + 1]))))
        i++;
    bool has_version = i > 1;
    if (i + 1 >= name.length || name.data[i] != '_' || name.data[i + 1] != '_')
        return '\0';
    return has_version == (name.data[0] != 'R') ? name.data[0] : '\0';
}

Direction version_direction(Str name)
{
    static const struct {
        const char *ending;
        Direction direction;
    } endings[] = {{".up.sql", DIRECTION_UP},     {"-up.sql", DIRECTION_UP},
                   {".do.sql", DIRECTION_UP},     {".down.sql", DIRECTION_DOWN},
                   {"-down.sql", DIRECTION_DOWN}, {".undo.sql", DIRECTION_DOWN}};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (str_ends_with(name, str_from(endings[i].ending)))
            return endings[i].direction;
    }
    return DIRECTION_NONE;
}
