/* One line: code spans, links, images, addresses, and the text between them.
 *
 * Code spans come first, as in CommonMark: a run of backticks ends at the next run of the same
 * length. One that does not end in its line is no code here, and its backticks are escaped when it
 * is written, so that a renderer cannot find the end elsewhere. A link is "[label](target)" within
 * the line; references to definitions are not resolved, because definitions are not written. */
#include "consult/check/document.h"
#include "consult/check/words.h"

enum {
    MAX_RUN = 32,      /* backticks in a row that can open code */
    MAX_TARGET = 4096, /* of a link, with its title: what is longer is none */
};

typedef struct {
    Arena *out;
    Str line;
    SpanVec spans;
    uint32_t text_start;      /* of the text that is not yet a span */
    uint32_t *code_end;       /* where code that opens here ends, 0: none opens */
    uint32_t open, open_text; /* behind the last "[", 0: none; where its "[" or "![" is */
    uint32_t close;           /* the last ")" that was looked for, or the end */
} Reader;

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_punctuation(char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

static uint32_t run_at(Str line, uint32_t at)
{
    uint32_t n = 0;
    while (at + n < line.length && line.data[at + n] == '`')
        n++;
    return n;
}

/* For each run, from behind, the next one of its length. A run that stands behind a backslash does
 * not open code, but may end it. */
static void find_code(Reader *r)
{
    uint32_t next[MAX_RUN + 1] = {0};
    r->code_end = ARENA_ARRAY(r->out, uint32_t, r->line.length + 1);
    for (uint32_t at = r->line.length; at > 0;) {
        if (r->line.data[at - 1] != '`') {
            at--;
            continue;
        }
        uint32_t end = at;
        while (at > 0 && r->line.data[at - 1] == '`')
            at--;
        uint32_t n = end - at;
        if (n > MAX_RUN)
            continue;
        r->code_end[at] = next[n];
        next[n] = end;
    }
}

static void add(Reader *r, Span span)
{
    if (span.start > r->text_start)
        VEC_PUSH(r->out, &r->spans,
                 ((Span){.kind = SPAN_TEXT,
                         .start = r->text_start,
                         .end = span.start,
                         .text = str_slice(r->line, r->text_start, span.start)}));
    VEC_PUSH(r->out, &r->spans, span);
    r->text_start = span.end;
    r->open = 0;
}

/* "\|" in a table is a bar. */
static Str code_text(Arena *out, Str inside)
{
    if (!str_contains(inside, STR("\\|")))
        return str_trim(inside);
    Buf buf = buf_with_max(inside.length + 1u);
    for (uint32_t i = 0; i < inside.length; i++)
        if (inside.data[i] != '\\' || i + 1 == inside.length || inside.data[i + 1] != '|')
            buf_add_char(&buf, inside.data[i]);
    Str text = str_copy(out, buf_str(&buf));
    buf_free(&buf);
    return str_trim(text);
}

static uint32_t take_code(Reader *r, uint32_t at)
{
    uint32_t n = run_at(r->line, at), end = r->code_end[at];
    if (end == 0)
        return at + n;
    Str inside = str_slice(r->line, at + n, end - n);
    add(r, (Span){.kind = SPAN_CODE,
                  .start = at,
                  .end = end,
                  .text = code_text(r->out, inside),
                  .target = inside});
    return end;
}

/* ---- links ---- */

static SpanKind kind_of(Reader *r, Str target, bool is_image, SpanKind otherwise, Str *mark)
{
    if (is_image) {
        *mark = STR("an image was left out");
        return SPAN_IMAGE;
    }
    if (link_is_path(target))
        return SPAN_DEAD; /* the check looks the file up */
    *mark = link_problem(r->out, target);
    return str_is_absent(*mark) ? otherwise : SPAN_DEAD;
}

/* At "](": the target, and the title that may follow it. False: this is no link. */
static bool take_target(Reader *r, uint32_t at, uint32_t *end, Str *target)
{
    Str line = str_slice(r->line, 0, at + MAX_TARGET);
    uint32_t i = at, depth = 0;
    while (i < line.length && line.data[i] == ' ')
        i++;
    uint32_t start = i;
    if (i < line.length && line.data[i] == '<') {
        while (i < line.length && line.data[i] != '>')
            i++;
        *target = str_slice(line, start + 1, i++);
    } else {
        for (; i < line.length && line.data[i] != ' '; i++) {
            depth += line.data[i] == '(';
            if (line.data[i] == ')' && depth-- == 0)
                break;
        }
        *target = str_slice(line, start, i);
    }
    while (i < line.length && line.data[i] != ')') /* a title */
        i++;
    *end = i + 1;
    return i < line.length;
}

/* Whether a ")" follows within the reach of a target. */
static bool has_close(Reader *r, uint32_t at)
{
    while (r->close < r->line.length && (r->close < at || r->line.data[r->close] != ')'))
        r->close++;
    return r->close < r->line.length && r->close - at < MAX_TARGET;
}

static uint32_t take_link(Reader *r, uint32_t at)
{
    uint32_t end;
    Str target;
    if (r->open == 0 || !has_close(r, at) || !take_target(r, at + 2, &end, &target))
        return at + 1;
    Span span = {.start = r->open_text,
                 .end = end,
                 .text = str_slice(r->line, r->open, at),
                 .target = target};
    span.kind = kind_of(r, target, span.start + 1 < r->open, SPAN_LINK, &span.mark);
    add(r, span);
    return end;
}

/* <https://…> */
static uint32_t take_autolink(Reader *r, uint32_t at)
{
    uint32_t i = at + 1;
    while (i < r->line.length && (is_word_byte(r->line.data[i]) || strchr("+.-", r->line.data[i])))
        i++;
    if (i == at + 1 || i == r->line.length || r->line.data[i] != ':')
        return at + 1;
    while (i < r->line.length && r->line.data[i] > ' ' && !strchr("<>", r->line.data[i]))
        i++;
    if (i == r->line.length || r->line.data[i] != '>')
        return at + 1;
    Str target = str_slice(r->line, at + 1, i);
    Span span = {.start = at, .end = i + 1, .text = target, .target = target};
    span.kind = kind_of(r, target, false, SPAN_URL, &span.mark);
    add(r, span);
    return i + 1;
}

/* "scheme://…", at its colon. Where it began is looked for backwards, in the text alone. */
static uint32_t take_url(Reader *r, uint32_t at)
{
    uint32_t start = at, end = at + 3;
    while (start > r->text_start &&
           (is_word_byte(r->line.data[start - 1]) || strchr("+.-", r->line.data[start - 1])) &&
           at - start < 20)
        start--;
    while (end < r->line.length && r->line.data[end] > ' ' && r->line.data[end] < 0x7f &&
           !strchr("<>`\"|*", r->line.data[end]))
        end++;
    while (end > at + 3 && strchr(".,;:!?)]'", r->line.data[end - 1]))
        end--;
    if (start == at || end == at + 3)
        return at + 3;
    Str target = str_slice(r->line, start, end);
    Span span = {.start = start, .end = end, .text = target, .target = target};
    bool is_web = str_starts_with(target, STR("http"));
    span.kind = kind_of(r, target, false, SPAN_URL, &span.mark);
    if (span.kind == SPAN_DEAD && !is_web)
        span.mark = (Str){0}; /* postgresql://host/db: an example, and no link afterwards */
    add(r, span);
    return end;
}

/* "//host/path", which some programs complete. */
static uint32_t take_bare(Reader *r, uint32_t at)
{
    uint32_t end = at + 2;
    while (end < r->line.length && (unsigned char)r->line.data[end] > ' ' &&
           !strchr("<>`|", r->line.data[end]))
        end++;
    Str target = str_slice(r->line, at, end);
    if (target.length < 4 ||
        (at > 0 && (is_word_byte(r->line.data[at - 1]) || r->line.data[at - 1] == ':')))
        return at + 2;
    add(r, (Span){.kind = SPAN_DEAD, .start = at, .end = end, .text = target, .target = target});
    return end;
}

SpanVec spans_read(Arena *out, Str line)
{
    Reader r = {.out = out, .line = line};
    find_code(&r);
    for (uint32_t at = 0; at < line.length;) {
        char c = line.data[at], next = at + 1 < line.length ? line.data[at + 1] : 0;
        if (c == '\\' && is_punctuation(next) && next != '`')
            at += 2;
        else if (c == '\\' && next == '`')
            at += 1 + run_at(line, at + 1);
        else if (c == '`')
            at = take_code(&r, at);
        else if (c == '!' && next == '[') {
            r.open = at + 2;
            r.open_text = at;
            at += 2;
        } else if (c == '[') {
            r.open_text = at;
            r.open = ++at;
        } else if (c == ']' && next == '(')
            at = take_link(&r, at);
        else if (c == '<')
            at = take_autolink(&r, at);
        else if (c == '/' && next == '/')
            at = take_bare(&r, at);
        else if (c == ':' && next == '/' && at + 2 < line.length && line.data[at + 2] == '/')
            at = take_url(&r, at);
        else
            at++;
    }
    if (r.text_start < line.length)
        VEC_PUSH(out, &r.spans,
                 ((Span){.kind = SPAN_TEXT,
                         .start = r.text_start,
                         .end = line.length,
                         .text = str_slice(line, r.text_start, line.length)}));
    return r.spans;
}

/* ---- writing ---- */

static bool is_line_break(Str text, uint32_t at, uint32_t *length)
{
    static const char *const breaks[] = {"<br>", "<br/>", "<br />"};
    for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++) {
        *length = (uint32_t)strlen(breaks[i]);
        if (str_equal_ignore_case(str_slice(text, at, at + *length), str_from(breaks[i])))
            return true;
    }
    return false;
}

void text_write(Buf *out, Str text)
{
    uint32_t length;
    for (uint32_t i = 0; i < text.length; i++) {
        char c = text.data[i], next = i + 1 < text.length ? text.data[i + 1] : 0;
        if (c == '\\' && is_punctuation(next)) {
            buf_add_char(out, c);
            buf_add_char(out, next);
            i++;
        } else if (c == '`') {
            buf_add(out, STR("\\`"));
        } else if (c == '<' && is_line_break(text, i, &length)) {
            buf_add(out, STR("<br>"));
            i += length - 1;
        } else if (c == '<' && (is_letter(next) || strchr("/!?", next))) {
            buf_add(out, STR("\\<"));
        } else if (c == ']' && (next == '(' || next == ':' || i + 1 == text.length)) {
            buf_add(out, next == '(' || next == ':' ? STR("]\\") : STR("\\]"));
        } else {
            buf_add_char(out, c);
        }
    }
}

/* "http:/ /10.0.0.1": no program takes it for an address, whatever becomes of the code around it.
 */
static bool begins_address(Str text, uint32_t at)
{
    return text.data[at] == '/' && at + 1 < text.length && text.data[at + 1] == '/';
}

uint32_t longest_backticks(Str text)
{
    uint32_t longest = 0, run = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        run = text.data[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* In a table, a bar that is not escaped would cut the code in two, and every other of its row. */
static void write_code(Buf *out, Str inside, bool in_table)
{
    uint32_t longest = longest_backticks(inside);
    if (out->length > 0 && out->data[out->length - 1] == '`')
        buf_add_char(out, ' '); /* or both runs would be one */
    for (uint32_t i = 0; i <= longest; i++)
        buf_add_char(out, '`');
    if (longest > 0)
        buf_add_char(out, ' ');
    Str shown = longest > 0 ? str_trim(inside) : inside;
    for (uint32_t i = 0; i < shown.length; i++) {
        if (in_table && shown.data[i] == '|' && (i == 0 || shown.data[i - 1] != '\\'))
            buf_add_char(out, '\\');
        buf_add_char(out, shown.data[i]);
    }
    if (longest > 0)
        buf_add_char(out, ' ');
    for (uint32_t i = 0; i <= longest; i++)
        buf_add_char(out, '`');
}

/* A label is text without brackets. */
static void write_label(Buf *out, Str label)
{
    for (uint32_t i = 0; i < label.length; i++) {
        char c = label.data[i];
        if (strchr("[]<>`\\", c))
            continue;
        buf_add_char(out, c);
    }
}

static void write_dead(Buf *out, const Span *span)
{
    bool is_plain = str_equal(span->text, span->target);
    if (!is_plain && span->text.length > 0) {
        write_label(out, span->text);
        buf_add_char(out, ' ');
    }
    if (!is_plain)
        buf_add_char(out, '(');
    Str target = str_slice(span->target, 0, 200);
    bool is_after_code = out->length > 0 && out->data[out->length - 1] == '`';
    buf_add(out, is_after_code ? STR(" `") : STR("`"));
    for (uint32_t i = 0; i < target.length; i++) {
        if (!strchr("`|", target.data[i]))
            buf_add_char(out, target.data[i]);
        if (begins_address(target, i))
            buf_add_char(out, ' ');
    }
    /* Two backticks would not be empty code, but one delimiter. */
    buf_add(out, target.length > 0 ? STR("`") : STR(" `"));
    if (!is_plain)
        buf_add_char(out, ')');
}

/* Only the host of an image is named: what its address carries is not repeated. */
static void write_image(Buf *out, const Span *span)
{
    write_label(out, span->text);
    uint32_t host = str_find(span->target, STR("://"), 0), end;
    if (host == UINT32_MAX)
        return;
    for (end = host += 3; end < span->target.length; end++)
        if (!is_word_byte(span->target.data[end]) && !strchr(".-:", span->target.data[end]))
            break;
    if (end > host)
        buf_format(out, "%s(`" STR_FMT "`)", span->text.length ? " " : "",
                   STR_ARG(str_slice(span->target, host, end < host + 100 ? end : host + 100)));
}

static void write_mark(Buf *out, const Span *span)
{
    if (!str_is_absent(span->mark))
        buf_format(out, " \xe2\x9a\xa0 (" STR_FMT ")", STR_ARG(span->mark));
}

static void write_text(Buf *out, const Span *span)
{
    uint32_t at = span->mark_at > 0 ? span->mark_at : span->text.length;
    text_write(out, str_slice(span->text, 0, at));
    write_mark(out, span);
    text_write(out, str_slice(span->text, at, span->text.length));
}

static void write_span(Buf *out, const Span *span, bool in_table)
{
    switch (span->kind) {
    case SPAN_TEXT:
        write_text(out, span);
        return;
    case SPAN_CODE:
        write_code(out, span->target, in_table);
        break;
    case SPAN_LINK:
        buf_add_char(out, '[');
        write_label(out, span->text);
        buf_format(out, "](" STR_FMT ")", STR_ARG(span->target));
        break;
    case SPAN_IMAGE:
        write_image(out, span);
        break;
    case SPAN_URL:
        buf_add_char(out, '<');
        buf_add(out, span->target);
        buf_add_char(out, '>');
        break;
    case SPAN_DEAD:
        write_dead(out, span);
        break;
    }
    write_mark(out, span);
}

void spans_write(Buf *out, Str line, const SpanVec *spans, bool in_table)
{
    uint32_t n_blank = 0;
    while (n_blank < line.length && (line.data[n_blank] == ' ' || line.data[n_blank] == '\t'))
        n_blank++;
    /* Backticks are escaped or in pairs; a fence of the other kind must not open either. */
    bool is_fence = str_starts_with(str_slice(line, n_blank, line.length), STR("~~~"));
    for (uint32_t i = 0; i < spans->n; i++) {
        const Span *span = &spans->items[i];
        if (i == 0 && is_fence && span->kind == SPAN_TEXT) {
            buf_add(out, STR("\\"));
            text_write(out, str_slice(span->text, n_blank, span->text.length));
            continue;
        }
        write_span(out, span, in_table);
    }
    buf_add_char(out, '\n');
}

Str span_words(const Span *span)
{
    return span->kind == SPAN_DEAD && str_equal(span->text, span->target) ? (Str){0} : span->text;
}
