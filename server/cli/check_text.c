#include "base/utf8.h"
#include "cli/check.h"
#include "rules/rule.h"

enum {
    MAX_SHOWN = 110, /* code points of a source line: what fits a terminal beside its number */
    LEAD_SHOWN = 40, /* of them before the marked place, where the line is cut */
    TAB_WIDTH = 4,
};

/* ---- one line of the source with its marks ---- */

typedef struct {
    Str bytes;
    uint32_t start, end; /* of what is shown, in the text */
    bool is_cut_before, is_cut_after;
} Window;

/* Steps back over `n` code points, not beyond `first`. */
static uint32_t step_back(Str bytes, uint32_t at, uint32_t first, uint32_t n)
{
    while (at > first && n > 0) {
        at--;
        if (((unsigned char)bytes.data[at] & 0xC0) != 0x80)
            n--;
    }
    return at;
}

static uint32_t step_on(Str bytes, uint32_t at, uint32_t last, uint32_t n)
{
    while (at < last && n > 0) {
        uint32_t n_bytes;
        utf8_decode(bytes, at, &n_bytes);
        at += n_bytes;
        n--;
    }
    return at < last ? at : last;
}

/* A line of ordinary length is shown whole; of a longer one, what is around the mark. */
static Window window_around(Str bytes, Range line, uint32_t at)
{
    Window w = {.bytes = bytes, .start = line.start};
    w.end = step_on(bytes, line.start, line.end, MAX_SHOWN);
    if (at > w.end || (at == w.end && w.end < line.end)) {
        w.start = step_back(bytes, at, line.start, LEAD_SHOWN);
        w.end = step_on(bytes, w.start, line.end, MAX_SHOWN);
    }
    w.is_cut_before = w.start > line.start;
    w.is_cut_after = w.end < line.end;
    return w;
}

/* Printed as one space each: what a terminal would act upon. */
static bool is_control(unsigned char c)
{
    return c < 0x20 || c == 0x7F;
}

static void add_window(Buf *out, const Window *w)
{
    buf_add(out, w->is_cut_before ? STR("…") : STR(""));
    for (uint32_t i = w->start; i < w->end;) {
        uint32_t n_bytes;
        uint32_t point = utf8_decode(w->bytes, i, &n_bytes);
        unsigned char c = (unsigned char)w->bytes.data[i];
        if (c == '\t')
            buf_add(out, STR("    "));
        else if (is_control(c))
            buf_add_char(out, ' ');
        else if (point == 0xFFFD && n_bytes == 1)
            buf_add(out, STR("\xEF\xBF\xBD"));
        else
            buf_add(out, str_slice(w->bytes, i, i + n_bytes));
        i += n_bytes;
    }
    buf_add(out, w->is_cut_after ? STR("…") : STR(""));
}

static uint32_t width_between(Str bytes, uint32_t start, uint32_t end)
{
    uint32_t width = 0;
    for (uint32_t i = start; i < end;) {
        uint32_t n_bytes;
        utf8_decode(bytes, i, &n_bytes);
        width += bytes.data[i] == '\t' ? TAB_WIDTH : 1;
        i += n_bytes;
    }
    return width;
}

static void add_times(Buf *out, char c, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        buf_add_char(out, c);
}

/*    12 |     total double precision
 *       |           ^^^^^^^^^^^^^^^^          */
static void add_excerpt(Buf *out, const Text *text, Range range, Severity severity, bool colour)
{
    Str bytes = text_bytes(text);
    uint32_t line = text_line_at(text, range.start);
    Range whole = text_line_range(text, line);
    Window w = window_around(bytes, whole, range.start);
    const char *dim = output_dim(colour), *reset = output_reset(colour);
    buf_format(out, "%s%6u |%s ", dim, line + 1, reset);
    add_window(out, &w);
    uint32_t last = range.end < w.end ? range.end : w.end;
    uint32_t first = range.start < w.end ? range.start : w.end;
    uint32_t width = last > first ? width_between(bytes, first, last) : 0;
    buf_format(out, "\n%s       |%s ", dim, reset);
    add_times(out, ' ', (w.is_cut_before ? 1 : 0) + width_between(bytes, w.start, first));
    buf_add(out, str_from(output_severity_colour(severity, colour)));
    add_times(out, '^', width ? width : 1);
    buf_format(out, "%s\n", reset);
}

/* ---- findings ---- */

static void add_message(Buf *out, const Checked *checked, TextPosition position, bool colour)
{
    const Finding *f = checked->finding;
    const char *reset = output_reset(colour);
    buf_format(out, "%s" STR_FMT ":%u:%u:%s ", output_bold(colour), STR_ARG(checked->file),
               position.line, position.column, reset);
    buf_format(out, "%s" STR_FMT ":%s " STR_FMT " %s[" STR_FMT "]%s\n",
               output_severity_colour(f->severity, colour), STR_ARG(severity_name(f->severity)),
               reset, STR_ARG(f->message), output_dim(colour), STR_ARG(f->rule), reset);
}

static void add_related(Buf *out, Workspace *workspace, const Checked *checked,
                        PositionCursor *cursor, bool colour)
{
    const Finding *f = checked->finding;
    for (uint32_t i = 0; i < f->related.n; i++) {
        const Related *related = &f->related.items[i];
        const Text *text;
        Str file = checked_file(workspace, checked, related->location, &text);
        TextPosition position = position_at(cursor, text, related->location.range.start);
        buf_format(out, "%s       =%s " STR_FMT ":%u:%u: " STR_FMT "\n", output_dim(colour),
                   output_reset(colour), STR_ARG(file), position.line, position.column,
                   STR_ARG(related->message));
    }
}

/* What to do instead: said where a rule is met for the first time. */
static void add_help(Buf *out, const Finding *finding, bool *is_said, bool colour)
{
    for (unsigned i = 0; i < n_rules; i++) {
        if (is_said[i] || !str_equal(finding->rule, str_from(all_rules[i]->id)))
            continue;
        is_said[i] = true;
        if (all_rules[i]->instead && *all_rules[i]->instead)
            buf_format(out, "%s       =%s help: %s\n", output_dim(colour), output_reset(colour),
                       all_rules[i]->instead);
    }
}

static void add_count(Buf *out, uint32_t n, const char *one, const char *many, const char **between)
{
    if (n == 0)
        return;
    buf_format(out, "%s%u %s", *between, n, n == 1 ? one : many);
    *between = ", ";
}

static void add_summary(Buf *out, const CheckedVec *findings, const Summary *summary)
{
    const char *files = summary->files == 1 ? "file" : "files";
    if (findings->n == 0) {
        buf_format(out, "nothing found in %u %s\n", summary->files, files);
        return;
    }
    const char *between = "";
    add_count(out, summary->by_severity[SEVERITY_ERROR], "error", "errors", &between);
    add_count(out, summary->by_severity[SEVERITY_WARNING], "warning", "warnings", &between);
    add_count(out, summary->by_severity[SEVERITY_INFO], "info", "infos", &between);
    add_count(out, summary->by_severity[SEVERITY_HINT], "hint", "hints", &between);
    buf_format(out, " in %u %s; lintel explain RULE says more\n", summary->files, files);
}

void check_print_text(Buf *out, Workspace *workspace, const CheckedVec *findings,
                      const Summary *summary, bool colour)
{
    bool *is_said = ARENA_ARRAY(&workspace->arena, bool, n_rules);
    PositionCursor here = {0}, elsewhere = {0};
    for (uint32_t i = 0; i < findings->n; i++) {
        const Checked *checked = &findings->items[i];
        Range range = checked->finding->location.range;
        add_message(out, checked, position_at(&here, checked->text, range.start), colour);
        add_excerpt(out, checked->text, range, checked->finding->severity, colour);
        add_related(out, workspace, checked, &elsewhere, colour);
        add_help(out, checked->finding, is_said, colour);
        buf_add_char(out, '\n');
    }
    add_summary(out, findings, summary);
}

void check_print_brief(Buf *out, const CheckedVec *findings, bool colour)
{
    PositionCursor cursor = {0};
    for (uint32_t i = 0; i < findings->n; i++) {
        const Checked *checked = &findings->items[i];
        uint32_t start = checked->finding->location.range.start;
        add_message(out, checked, position_at(&cursor, checked->text, start), colour);
    }
}
