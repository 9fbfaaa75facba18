#include "engine/suppression.h"

#include "syntax/comments.h"

typedef struct {
    Str word;
    bool is_file, is_next, is_squawk;
} Directive;

/* Longer words first: each begins with the plain one. */
static const Directive directives[] = {
    {.word = STR_INIT("lintel-ignore-file"), .is_file = true},
    {.word = STR_INIT("lintel-ignore-next"), .is_next = true},
    {.word = STR_INIT("lintel-ignore")},
    {.word = STR_INIT("squawk-ignore-file"), .is_file = true, .is_squawk = true},
    {.word = STR_INIT("squawk-ignore"), .is_next = true, .is_squawk = true},
};

static bool is_rule_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '/';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The directive that a comment starts with, and where its list of rules begins. A comment
 * that only mentions the word in a sentence is not one. */
static const Directive *directive_of(Str comment, uint32_t *after)
{
    uint32_t at = 0;
    while (at < comment.length && (is_blank(comment.data[at]) || strchr("-#/*!", comment.data[at])))
        at++;
    Str rest = str_slice(comment, at, comment.length);
    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++) {
        const Directive *d = &directives[i];
        if (!str_starts_with(rest, d->word))
            continue;
        if (rest.length > d->word.length && is_rule_char(rest.data[d->word.length]))
            continue; /* lintel-ignored */
        *after = at + d->word.length;
        return d;
    }
    return NULL;
}

/* The list of rules from `at` on; leaves `at` behind it. */
static StrVec read_rules(Arena *out, Str comment, uint32_t *at, Range *range)
{
    StrVec rules = {0};
    uint32_t i = *at;
    *range = (Range){.start = i, .end = i};
    for (;;) {
        while (i < comment.length && (is_blank(comment.data[i]) || comment.data[i] == ','))
            i++;
        uint32_t start = i;
        while (i < comment.length && is_rule_char(comment.data[i]))
            i++;
        Str word = str_slice(comment, start, i);
        /* "-- lintel-ignore --" and the end of a block comment are no rules. */
        if (word.length == 0 || word.data[0] == '-' || word.data[0] == '/')
            break;
        if (rules.n == 0)
            range->start = start;
        range->end = i;
        VEC_PUSH(out, &rules, str_lower(out, word));
        uint32_t next = i;
        while (next < comment.length && is_blank(comment.data[next]))
            next++;
        if (next >= comment.length || comment.data[next] != ',')
            break;
        i = next;
    }
    *at = i;
    return rules;
}

static Str read_reason(Str comment, uint32_t at)
{
    while (at < comment.length && (is_blank(comment.data[at]) || strchr(":-", comment.data[at])))
        at++;
    Str reason = str_trim(str_slice(comment, at, comment.length));
    if (str_ends_with(reason, STR("*/")))
        reason = str_trim(str_slice(reason, 0, reason.length - 2));
    return reason;
}

/* The first fragment that ends behind `at`; fragments->n where there is none. */
static uint32_t fragment_after(const PlacedFragmentVec *fragments, uint32_t at)
{
    uint32_t low = 0, high = fragments->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const PlacedFragment *f = &fragments->items[middle];
        if (f->start + f->fragment->text.length <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static Str line_content(const Text *text, uint32_t line)
{
    Range range = text_line_range(text, line);
    return str_trim(str_slice(text_bytes(text), range.start, range.end));
}

static bool is_comment_line(Str content, FileLanguage language)
{
    if (language == FILE_PRISMA)
        return str_starts_with(content, STR("//"));
    if (language == FILE_PYTHON)
        return str_starts_with(content, STR("#"));
    return str_starts_with(content, STR("--")) || str_starts_with(content, STR("#")) ||
           (str_starts_with(content, STR("/*")) && str_ends_with(content, STR("*/")));
}

/* The next line with code; UINT32_MAX: none. Lines of comments between them are passed over, so
 * that several directives can be stacked. */
static uint32_t next_code_line(const Text *text, uint32_t line, FileLanguage language)
{
    uint32_t n_lines = text_line_count(text);
    for (uint32_t i = line + 1; i < n_lines; i++) {
        Str content = line_content(text, i);
        if (content.length > 0 && !is_comment_line(content, language))
            return i;
    }
    return UINT32_MAX;
}

static uint32_t indent_of(const Text *text, uint32_t line)
{
    Range range = text_line_range(text, line);
    Str bytes = text_bytes(text);
    uint32_t n = 0;
    while (range.start + n < range.end && strchr(" \t", bytes.data[range.start + n]))
        n++;
    return n;
}

/* What begins at a line of a model file: the lines below that stand deeper, and the bracket that
 * closes them. A model, a class, a field over several lines. */
static Range block_at(const Text *text, uint32_t line)
{
    Range block = text_line_range(text, line);
    uint32_t indent = indent_of(text, line), n_lines = text_line_count(text);
    for (uint32_t i = line + 1; i < n_lines; i++) {
        Str content = line_content(text, i);
        if (content.length == 0)
            continue;
        bool is_deeper = indent_of(text, i) > indent;
        bool is_end =
            !is_deeper && indent_of(text, i) == indent && strchr(")]}", content.data[0]) != NULL;
        if (!is_deeper && !is_end)
            break;
        block.end = text_line_range(text, i).end;
        if (is_end)
            break;
    }
    return block;
}

static Range covered_by_next(const Text *text, Range comment, FileLanguage language,
                             const PlacedFragmentVec *fragments)
{
    Range nothing = {.start = comment.start, .end = comment.start};
    if (language != FILE_SQL) {
        uint32_t line = next_code_line(text, text_line_at(text, comment.end), language);
        return line == UINT32_MAX ? nothing : block_at(text, line);
    }
    uint32_t i = fragment_after(fragments, comment.end);
    if (i == fragments->n)
        return nothing;
    const PlacedFragment *f = &fragments->items[i];
    return (Range){.start = f->start, .end = f->start + f->fragment->text.length};
}

static Range covered(const Text *text, const Directive *directive, Range comment,
                     FileLanguage language, const PlacedFragmentVec *fragments)
{
    Str bytes = text_bytes(text);
    if (directive->is_file)
        return (Range){.start = 0, .end = bytes.length};
    uint32_t first = text_line_at(text, comment.start);
    uint32_t last = text_line_at(text, comment.end);
    Range line = text_line_range(text, first);
    bool has_code_before = !str_is_empty(str_trim(str_slice(bytes, line.start, comment.start)));
    if (directive->is_next)
        return covered_by_next(text, comment, language, fragments);
    Range last_line = text_line_range(text, last);
    bool has_code_after = !str_is_empty(str_trim(str_slice(bytes, comment.end, last_line.end)));
    if (has_code_before || has_code_after)
        return (Range){.start = line.start, .end = last_line.end};
    uint32_t next = next_code_line(text, last, language);
    return next == UINT32_MAX ? (Range){0} : text_line_range(text, next);
}

SuppressionVec suppressions_find(Arena *out, const Text *text, FileLanguage language,
                                 Dialect dialect, const PlacedFragmentVec *fragments)
{
    SuppressionVec result = {0};
    Str bytes = text_bytes(text);
    if (str_find(bytes, STR("-ignore"), 0) == UINT32_MAX)
        return result;
    RangeVec comments = language == FILE_SQL
                            ? sql_comments_with(out, bytes, dialect, STR("-ignore"))
                            : comments_with(out, bytes, language, STR("-ignore"));
    for (uint32_t i = 0; i < comments.n; i++) {
        Range comment = comments.items[i];
        Str words = str_slice(bytes, comment.start, comment.end);
        uint32_t at = 0;
        const Directive *directive = directive_of(words, &at);
        if (!directive)
            continue;
        Suppression s = {
            .comment = comment, .is_file = directive->is_file, .is_squawk = directive->is_squawk};
        Range rules_range;
        s.rules = read_rules(out, words, &at, &rules_range);
        s.rules_range = (Range){.start = comment.start + rules_range.start,
                                .end = comment.start + rules_range.end};
        s.reason = read_reason(words, at);
        s.lines = covered(text, directive, comment, language, fragments);
        VEC_PUSH(out, &result, s);
    }
    return result;
}

bool suppression_covers(const Suppression *suppression, uint32_t at)
{
    return suppression->is_file || (suppression->lines.start <= at && at < suppression->lines.end);
}
