#include "report/excerpt.h"

#include "base/buf.h"
#include "report/report.h"

/* The level of a heading line, 0 where it is none. */
static uint32_t heading_level(Str line)
{
    uint32_t level = 0;
    while (level < line.length && line.data[level] == '#')
        level++;
    return level <= 6 && level < line.length && line.data[level] == ' ' ? level : 0;
}

/* Of a heading line. */
static bool names_roadmap(Str line)
{
    Str title = section_title(SECTION_ROADMAP);
    line = str_trim(line);
    return line.length > title.length &&
           str_equal_ignore_case(str_slice(line, line.length - title.length, line.length), title);
}

/* Lines between ``` or ~~~ are no headings, whatever they begin with. */
static bool is_fence(Str line)
{
    Str content = str_trim(line);
    return str_starts_with(content, STR("```")) || str_starts_with(content, STR("~~~"));
}

static bool is_rule(Str line)
{
    return str_equal(str_trim(line), STR("---"));
}

Str report_roadmap(Arena *out, Str markdown)
{
    Buf buf = buf_with_max(SIZE_MAX / 2);
    bool is_inside = false, in_fence = false;
    uint32_t own_level = 0;
    for (Str rest = markdown, line; str_next_line(&rest, &line);) {
        in_fence ^= is_fence(line);
        uint32_t level = in_fence ? 0 : heading_level(line);
        if (is_inside && ((level > 0 && level <= own_level) || (!in_fence && is_rule(line))))
            break;
        if (!is_inside && level > 0 && names_roadmap(line)) {
            is_inside = true;
            own_level = level;
        }
        bool is_head =
            !is_inside && !in_fence &&
            (str_starts_with(line, STR("**Scope**")) || str_starts_with(line, STR("**Places**")));
        if (is_inside || is_head)
            buf_format(&buf, STR_FMT "\n%s", STR_ARG(line), is_head ? "\n" : "");
    }
    Str text = is_inside ? str_trim(buf_str(&buf)) : (Str){0};
    if (is_inside)
        text = str_format(out, STR_FMT "\n", STR_ARG(text));
    buf_free(&buf);
    return text;
}
