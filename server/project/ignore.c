#include "project/ignore.h"

#include "project/path.h"

/* "[a-z]" at `at` against c; false and *end = at + 1 where it is not a class (a bare '['). */
static bool class_fits(Str glob, uint32_t at, char c, uint32_t *end)
{
    uint32_t i = at + 1;
    bool is_negated = i < glob.length && (glob.data[i] == '!' || glob.data[i] == '^');
    i += is_negated;
    bool fits = false;
    for (uint32_t first = i; i < glob.length && (glob.data[i] != ']' || i == first); i++) {
        char low = glob.data[i], high = low;
        if (i + 2 < glob.length && glob.data[i + 1] == '-' && glob.data[i + 2] != ']') {
            high = glob.data[i + 2];
            i += 2;
        }
        fits = fits ||
               ((unsigned char)low <= (unsigned char)c && (unsigned char)c <= (unsigned char)high);
    }
    if (i >= glob.length) { /* never closed: a plain bracket */
        *end = at + 1;
        return c == '[';
    }
    *end = i + 1;
    return fits != is_negated && c != '/';
}

static bool one_fits(Str glob, uint32_t at, char c, uint32_t *end)
{
    *end = at + 1;
    switch (glob.data[at]) {
    case '?':
        return c != '/';
    case '[':
        return class_fits(glob, at, c, end);
    case '\\':
        if (at + 1 < glob.length) {
            *end = at + 2;
            return glob.data[at + 1] == c;
        }
        return c == '\\';
    default:
        return glob.data[at] == c;
    }
}

/* Greedy with two memories: the last "*" (which stops at '/') and the last "**" (which does
 * not). When a "*" is used up, the "**" before it takes one more byte. */
bool glob_fits(Str glob, Str path)
{
    uint32_t g = 0, p = 0;
    uint32_t star_g = UINT32_MAX, star_p = 0, deep_g = UINT32_MAX, deep_p = 0;
    bool deep_is_whole = false; /* "**" with its '/': stands for whole parts */
    for (;;) {
        if (g < glob.length && glob.data[g] == '*') {
            if (g + 1 < glob.length && glob.data[g + 1] == '*') {
                while (g < glob.length && glob.data[g] == '*')
                    g++;
                deep_is_whole =
                    g < glob.length && glob.data[g] == '/' && (p == 0 || path.data[p - 1] == '/');
                if (deep_is_whole)
                    g++; /* "**" and its '/' may both be nothing */
                deep_g = g;
                deep_p = p;
                star_g = UINT32_MAX;
            } else {
                star_g = ++g;
                star_p = p;
            }
            continue;
        }
        uint32_t next;
        if (p < path.length && g < glob.length && one_fits(glob, g, path.data[p], &next)) {
            g = next;
            p++;
            continue;
        }
        if (p == path.length && g == glob.length)
            return true;
        if (star_g != UINT32_MAX && star_p < path.length && path.data[star_p] != '/') {
            g = star_g;
            p = ++star_p;
        } else if (deep_g != UINT32_MAX && deep_p < path.length) {
            g = deep_g;
            deep_p++;
            while (deep_is_whole && deep_p < path.length && path.data[deep_p - 1] != '/')
                deep_p++;
            p = deep_p;
            star_g = UINT32_MAX;
        } else {
            return false;
        }
    }
}

void ignore_add(Arena *out, IgnorePatternVec *patterns, Str folder, Str line)
{
    while (line.length && (line.data[line.length - 1] == ' ' || line.data[line.length - 1] == '\t'))
        line.length--;
    if (str_is_empty(line) || line.data[0] == '#')
        return;
    IgnorePattern pattern = {.folder = folder};
    if (line.data[0] == '!') {
        pattern.takes_back = true;
        line = str_slice(line, 1, line.length);
    }
    if (str_ends_with(line, STR("/"))) {
        pattern.is_folder_only = true;
        line = str_slice(line, 0, line.length - 1);
    }
    pattern.is_tied = str_find(line, STR("/"), 0) != UINT32_MAX;
    while (str_starts_with(line, STR("/")) || str_starts_with(line, STR("./")))
        line = str_slice(line, line.data[0] == '/' ? 1 : 2, line.length);
    pattern.glob = line;
    if (!str_is_empty(line))
        VEC_PUSH(out, patterns, pattern);
}

void ignore_add_lines(Arena *out, IgnorePatternVec *patterns, Str folder, Str lines)
{
    Str line;
    while (str_next_line(&lines, &line))
        ignore_add(out, patterns, folder, line);
}

static bool pattern_fits(const IgnorePattern *pattern, Str path, bool is_folder)
{
    Str rest;
    if ((pattern->is_folder_only && !is_folder) || !path_is_below(pattern->folder, path, &rest) ||
        str_is_empty(rest))
        return false;
    return glob_fits(pattern->glob, pattern->is_tied ? rest : path_name(rest));
}

bool ignore_fits(const IgnorePatternVec *patterns, Str path, bool is_folder)
{
    for (uint32_t i = patterns->n; i > 0; i--) {
        if (pattern_fits(&patterns->items[i - 1], path, is_folder))
            return !patterns->items[i - 1].takes_back;
    }
    return false;
}
