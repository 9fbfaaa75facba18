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

static uint32_t hex_value(Str text, uint32_t at, uint32_t n)
{
    uint32_t value = 0;
    if (at + n > text.length)
        return UINT32_MAX;
    for (uint32_t i = at; i < at + n; i++) {
        char c = text.data[i];
        uint32_t digit;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (uint32_t)((c | 0x20) - 'a') + 10;
        else
            return UINT32_MAX;
        value = value << 4 | digit;
    }
    return value;
}

static uint32_t put_code_point(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
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
        *n_out = put_code_point(out, value);
        return n;
    }
    uint32_t n_digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    uint32_t code = n_digits ? hex_value(text, at + 2, n_digits) : UINT32_MAX;
    if (code <= 0x10FFFF) {
        *n_out = put_code_point(out, code);
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
