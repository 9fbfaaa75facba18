#include "engine/suppress.h"

#include "engine/suppression.h"

/* The white space that the line begins with. */
static Str indent_of(Str bytes, Range line)
{
    uint32_t end = line.start;
    while (end < line.end && (bytes.data[end] == ' ' || bytes.data[end] == '\t'))
        end++;
    return str_slice(bytes, line.start, end);
}

static const char *line_end_of(Str bytes, Range line)
{
    return str_starts_with(str_slice(bytes, line.end, bytes.length), STR("\r\n")) ? "\r\n" : "\n";
}

static bool names(const Suppression *suppression, Str rule)
{
    for (uint32_t i = 0; i < suppression->rules.n; i++) {
        if (str_equal(suppression->rules.items[i], rule))
            return true;
    }
    return false;
}

/* A comment that speaks of the same line, and of some rules. */
static const Suppression *near(const LoweredFile *file, uint32_t at)
{
    for (uint32_t i = 0; i < file->suppressions.n; i++) {
        const Suppression *suppression = &file->suppressions.items[i];
        if (!suppression->is_file && !suppression->is_squawk && suppression->rules.n > 0 &&
            suppression_covers(suppression, at))
            return suppression;
    }
    return NULL;
}

/* Whether the comment would count, and leave the file as it is otherwise. */
static bool works(const LoweredFile *file, const TextEdit *edit, Str rule, uint32_t at)
{
    Text *text = text_replace(file->text, edit->location.range, edit->text);
    LoweredFile *changed = lower_file(text, file->language, file->dialect, file);
    text_release(text);
    bool is_suppressed = false;
    for (uint32_t i = 0; i < changed->suppressions.n && !is_suppressed; i++)
        is_suppressed = names(&changed->suppressions.items[i], rule) &&
                        suppression_covers(&changed->suppressions.items[i], at + edit->text.length);
    bool is_same = changed->fragments.n == file->fragments.n;
    lowered_file_release(changed);
    return is_suppressed && is_same;
}

bool suppress_edit(Arena *out, const Snapshot *snapshot, const Finding *finding, TextEdit *edit)
{
    const LoweredFile *file = snapshot->sources.items[finding->location.source].file;
    Str bytes = text_bytes(file->text);
    uint32_t at = finding->location.range.start;
    *edit = (TextEdit){.location = finding->location};
    const Suppression *suppression = near(file, at);
    if (suppression) {
        uint32_t end = suppression->rules_range.end;
        edit->location.range = (Range){end, end};
        edit->text = str_format(out, ", " STR_FMT, STR_ARG(finding->rule));
        return end <= at && works(file, edit, finding->rule, at);
    }
    Range line = text_line_range(file->text, text_line_at(file->text, at));
    edit->location.range = (Range){line.start, line.start};
    edit->text =
        str_format(out, STR_FMT STR_FMT " lintel-ignore " STR_FMT "%s",
                   STR_ARG(indent_of(bytes, line)), STR_ARG(file_comment_lead(file->language)),
                   STR_ARG(finding->rule), line_end_of(bytes, line));
    return works(file, edit, finding->rule, at);
}
