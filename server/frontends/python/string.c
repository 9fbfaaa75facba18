/* The value of a string literal. Most hold no escape: then the value is a piece of the text. */
#include "base/utf8.h"
#include "frontends/python/read.h"
#include "python/symbols.h"

typedef struct {
    bool is_raw, is_formatted;
    Range inside;
} Quoting;

static bool is_prefix_letter(char c)
{
    return (c | 0x20) == 'r' || (c | 0x20) == 'f' || (c | 0x20) == 'b' || (c | 0x20) == 'u' ||
           (c | 0x20) == 't';
}

/* Prefix letters and quotes at both ends; an open string ends with its text. */
static Quoting quoting_of(Str text)
{
    Quoting quoting = {0};
    uint32_t at = 0;
    for (; at < text.length && is_prefix_letter(text.data[at]); at++) {
        char letter = (char)(text.data[at] | 0x20);
        quoting.is_raw |= letter == 'r';
        quoting.is_formatted |= letter == 'f' || letter == 't';
    }
    if (at >= text.length) {
        quoting.inside = (Range){at, at};
        return quoting;
    }
    Str quote = str_slice(text, at, at + 1);
    Str three = str_slice(text, at, at + 3);
    if (three.length == 3 && three.data[1] == quote.data[0] && three.data[2] == quote.data[0])
        quote = three;
    quoting.inside = (Range){at + quote.length, text.length};
    Str rest = str_slice(text, quoting.inside.start, text.length);
    if (str_ends_with(rest, quote))
        quoting.inside.end -= quote.length;
    return quoting;
}

/* The escape behind the backslash at `at`: writes its bytes and returns how many of the text it
 * took, the backslash too. No escape is shorter than what it stands for. */
static uint32_t put_escape(Str text, uint32_t at, char *out, uint32_t *n_out)
{
    static const char letters[] = "abfnrtv\\'\"";
    static const char values[] = "\a\b\f\n\r\t\v\\'\"";
    char c = text.data[at + 1];
    *n_out = 0;
    if (c == '\n')
        return 2;
    if (c == '\r')
        return at + 2 < text.length && text.data[at + 2] == '\n' ? 3 : 2;
    const char *letter = memchr(letters, c, sizeof letters - 1);
    if (letter) {
        out[(*n_out)++] = values[letter - letters];
        return 2;
    }
    if (c >= '0' && c <= '7') {
        uint32_t value = 0, n = 1;
        while (n < 4 && at + n < text.length && text.data[at + n] >= '0' &&
               text.data[at + n] <= '7')
            value = value * 8 + (uint32_t)(text.data[at + n++] - '0');
        *n_out = utf8_encode(value, out);
        return n;
    }
    uint32_t n_digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    uint32_t code;
    if (n_digits > 0 && str_hex(text, at + 2, n_digits, &code) && code <= 0x10FFFF) {
        *n_out = utf8_encode(code, out);
        return 2 + n_digits;
    }
    out[(*n_out)++] = '\\'; /* no escape: the backslash stays */
    return 1;
}

static Str unescape(Arena *out, Str text, Quoting quoting)
{
    bool has_escape = !quoting.is_raw && str_find(text, STR("\\"), 0) != UINT32_MAX;
    bool has_brace = quoting.is_formatted && (str_find(text, STR("{{"), 0) != UINT32_MAX ||
                                              str_find(text, STR("}}"), 0) != UINT32_MAX);
    if (!has_escape && !has_brace)
        return text;
    char *value = arena_alloc_raw(out, (size_t)text.length + 4);
    uint32_t n = 0;
    for (uint32_t at = 0; at < text.length;) {
        char c = text.data[at];
        bool has_next = at + 1 < text.length;
        if (c == '\\' && has_escape && has_next) {
            uint32_t n_written;
            at += put_escape(text, at, value + n, &n_written);
            n += n_written;
            continue;
        }
        value[n++] = c;
        at += has_brace && has_next && (c == '{' || c == '}') && text.data[at + 1] == c ? 2 : 1;
    }
    return str_of(value, n);
}

bool read_string(Reading *r, NodeIndex node, Str *value, Range *inside)
{
    Str text = tree_text(r->tree, node);
    Quoting quoting = quoting_of(text);
    uint32_t start = r->tree->nodes[node].start;
    *inside = (Range){start + quoting.inside.start, start + quoting.inside.end};
    if (tree_has_child(r->tree, node, PYTHON_INTERPOLATION))
        return false;
    *value = unescape(r->out, str_slice(text, quoting.inside.start, quoting.inside.end), quoting);
    return true;
}
