/* How secrets are found
 *
 * One walk over the text. At each place where a word begins, a table of prefixes of known keys is
 * asked; at '=' and ':' the word before is looked at; at "://" the user and password of a URL;
 * at "-----BEGIN" a PEM block. Each looks a bounded way back and only forward otherwise, so the
 * whole is linear. */
#include "consult/redact.h"

#include "base/buf.h"
#include "base/utf8.h"

enum {
    MIN_VALUE = 4,   /* "token: yes" is no secret */
    MAX_NAME = 64,   /* of a key before its value */
    MAX_USER = 256,  /* of a user and password in a URL */
    MAX_LOOK = 1024, /* of a value, to see whether it is one */
};

static const Str mark = STR_INIT("[redacted]");

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_key_char(char c)
{
    return is_word(c) || c == '-';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* ---- keys of known services ---- */

typedef struct {
    const char *prefix;
    uint32_t min_rest; /* characters behind the prefix, or it is something else */
} KnownKey;

static const KnownKey known_keys[] = {
    {"sk-", 16},      {"sbp_", 16},        {"sb_secret_", 12}, {"ghp_", 20}, {"gho_", 20},
    {"ghs_", 20},     {"github_pat_", 20}, {"glpat-", 16},     {"AKIA", 12}, {"ASIA", 12},
    {"xoxb-", 16},    {"xoxp-", 16},       {"AIza", 30},       {"npm_", 30}, {"sk_live_", 12},
    {"rk_live_", 12}, {"whsec_", 16},      {"SG.", 16},        {"hf_", 20},  {"gsk_", 20},
    {"dop_v1_", 20},  {"BSA", 24},
};

/* The end of a known key that starts at `at`, or `at`. */
static uint32_t known_key_end(Str text, uint32_t at)
{
    for (size_t i = 0; i < sizeof known_keys / sizeof *known_keys; i++) {
        Str prefix = str_from(known_keys[i].prefix);
        if (!str_starts_with(str_slice(text, at, text.length), prefix))
            continue;
        uint32_t end = at + prefix.length;
        bool has_digit = false;
        while (end < text.length && is_key_char(text.data[end])) {
            has_digit = has_digit || (text.data[end] >= '0' && text.data[end] <= '9');
            end++;
        }
        if (has_digit && end - at - prefix.length >= known_keys[i].min_rest)
            return end;
    }
    return at;
}

/* "eyJ….eyJ….…" */
static uint32_t token_end(Str text, uint32_t at)
{
    if (!str_starts_with(str_slice(text, at, text.length), STR("eyJ")))
        return at;
    uint32_t end = at, second = 0, n_dots = 0;
    while (end < text.length && (is_key_char(text.data[end]) || text.data[end] == '.')) {
        if (text.data[end] == '.' && ++n_dots == 1)
            second = end + 1;
        if (n_dots == 3) /* it has three parts */
            break;
        end++;
    }
    return n_dots >= 1 && str_starts_with(str_slice(text, second, end), STR("eyJ")) ? end : at;
}

/* ---- name = value ---- */

static bool names_secret(Str name)
{
    static const char *const words[] = {"password", "passwd", "secret",      "token",
                                        "api_key",  "apikey", "private_key", "access_key"};
    char lower[MAX_NAME];
    uint32_t length = 0;
    for (uint32_t i = 0; i < name.length && length < sizeof lower; i++) {
        char c = name.data[i];
        lower[length++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c == '-' ? '_' : c;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_ends_with(str_of(lower, length), str_from(words[i])))
            return true;
    return false;
}

/* The name that ends before `at`, quotes and white space aside. */
static Str name_before(Str text, uint32_t at)
{
    uint32_t end = at;
    while (
        end > 0 && at - end < 4 &&
        (is_space(text.data[end - 1]) || text.data[end - 1] == '"' || text.data[end - 1] == '\''))
        end--;
    uint32_t start = end;
    while (start > 0 && end - start < MAX_NAME && is_key_char(text.data[start - 1]))
        start--;
    return str_slice(text, start, end);
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'' || c == '`';
}

/* The range of the value that starts at or after `at` on the same line, at most `max` of it; false:
 * none. */
static bool value_at(Str text, uint32_t at, uint32_t max, uint32_t *start, uint32_t *end)
{
    while (at < text.length && is_space(text.data[at]))
        at++;
    if (at >= text.length)
        return false;
    char quote = is_quote(text.data[at]) ? text.data[at] : 0;
    uint32_t from = at + (quote != 0), to = from;
    while (to < text.length && to - from < max && text.data[to] != '\n' && text.data[to] != '\r' &&
           (quote ? text.data[to] != quote
                  : !is_space(text.data[to]) && !strchr(",;)}]&\"'`", text.data[to])))
        to++;
    *start = from;
    *end = to;
    return to - from >= MIN_VALUE;
}

/* A literal value: with a digit or in quotes. `token = request.token`, `password: string` and
 * `password TEXT` are code. */
static bool looks_literal(Str text, uint32_t start, uint32_t end)
{
    bool is_quoted = start > 0 && is_quote(text.data[start - 1]);
    bool has_digit = false, is_code = false;
    for (uint32_t i = start; i < end; i++) {
        char c = text.data[i];
        has_digit = has_digit || (c >= '0' && c <= '9');
        is_code = is_code || strchr("($<{[", c) != NULL || (is_quoted && c == ' ');
    }
    return !is_code && (is_quoted || has_digit);
}

/* Whether "name:" and "name =" at `at` (the sign) hold a secret, and where its value is. */
static bool secret_value(Str text, uint32_t at, uint32_t *start, uint32_t *end)
{
    uint32_t after = at + 1;
    if (text.data[at] == ':' && after < text.length && text.data[after] == '=')
        after++;
    return names_secret(name_before(text, at)) && value_at(text, after, MAX_LOOK, start, end) &&
           looks_literal(text, *start, *end) && value_at(text, after, UINT32_MAX, start, end);
}

/* PASSWORD 'x' and IDENTIFIED BY 'x', as SQL says them: a quote right behind the word. */
static bool sql_password(Str text, uint32_t at, uint32_t *start, uint32_t *end)
{
    if (text.data[at] != '\'' || at == 0 || !is_space(text.data[at - 1]))
        return false;
    Str before = str_slice(text, at > 24 ? at - 24 : 0, at);
    while (before.length > 0 && is_space(before.data[before.length - 1]))
        before.length--;
    Str word = str_slice(before, before.length > 8 ? before.length - 8 : 0, before.length);
    Str longer = str_slice(before, before.length > 13 ? before.length - 13 : 0, before.length);
    return (str_equal_ignore_case(word, STR("password")) ||
            str_equal_ignore_case(longer, STR("identified by"))) &&
           value_at(text, at, UINT32_MAX, start, end);
}

/* "://user:password@": the password. */
static bool url_password(Str text, uint32_t at, uint32_t *start, uint32_t *end)
{
    if (!str_starts_with(str_slice(text, at, text.length), STR("://")))
        return false;
    uint32_t colon = 0, i = at + 3;
    for (; i < text.length && i - at < MAX_USER; i++) {
        char c = text.data[i];
        if (c == ':' && colon == 0)
            colon = i;
        if (c == '@' || c == '/' || is_space(c) || c == '\n' || c == '"' || c == '\'')
            break;
    }
    *start = colon + 1;
    *end = i;
    return i < text.length && text.data[i] == '@' && colon > 0 && i > colon + 1 &&
           text.data[colon + 1] != '$' && text.data[colon + 1] != '{' &&
           text.data[colon + 1] != '<';
}

/* The end of a private key's block that starts at `at`, or `at`. */
static uint32_t pem_end(Str text, uint32_t at)
{
    Str rest = str_slice(text, at, text.length);
    if (!str_starts_with(rest, STR("-----BEGIN ")))
        return at;
    Str title = str_slice(rest, 0, 64);
    if (!str_contains(title, STR("PRIVATE KEY")))
        return at;
    uint32_t end = str_find(rest, STR("-----END "), 0);
    if (end == UINT32_MAX)
        return text.length;
    end = str_find(rest, STR("-----"), end + 9);
    return end == UINT32_MAX ? text.length : at + end + 5;
}

/* ---- the walk ---- */

/* The next secret at exactly `at`: [*start, *end) is what is replaced. */
static bool secret_at(Str text, uint32_t at, uint32_t *start, uint32_t *end)
{
    char c = text.data[at];
    if (c == '=' || c == ':') {
        return secret_value(text, at, start, end) || url_password(text, at, start, end);
    } else if (c == '\'') {
        return sql_password(text, at, start, end);
    }
    *start = at;
    *end = at;
    if (c == '-' && (at == 0 || text.data[at - 1] != '-'))
        *end = pem_end(text, at);
    else if (is_word(c) && (at == 0 || !is_key_char(text.data[at - 1]))) {
        *end = known_key_end(text, at);
        if (*end == at)
            *end = token_end(text, at);
    }
    return *end > at;
}

Str redact(Arena *out, Str text)
{
    Buf buf = buf_with_max((size_t)text.length * 4 + 64);
    uint32_t copied = 0;
    for (uint32_t at = 0; at < text.length; at++) {
        uint32_t start, end;
        if (!secret_at(text, at, &start, &end))
            continue;
        buf_add(&buf, str_slice(text, copied, start));
        buf_add(&buf, mark);
        copied = end;
        at = end > at ? end - 1 : at;
    }
    Str result = text;
    if (copied > 0) {
        buf_add(&buf, str_slice(text, copied, text.length));
        result = str_copy(out, buf_str(&buf));
    }
    buf_free(&buf);
    return result;
}

/* ---- characters that hide ---- */

static bool is_hidden(uint32_t c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || c == 0xAD ||
           c == 0x61C || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c >= 0xE0000 && c <= 0xE0FFF);
}

/* The end of a terminal's escape sequence that starts at `at`. */
static uint32_t escape_end(Str text, uint32_t at)
{
    uint32_t i = at + 1;
    if (i >= text.length)
        return i;
    if (text.data[i] == '[') { /* parameters, then a letter */
        for (i++; i < text.length && text.data[i] >= 0x20 && text.data[i] < 0x40;)
            i++;
        return i < text.length && text.data[i] >= 0x40 ? i + 1 : i;
    }
    if (text.data[i] == ']') { /* to BEL or ESC \ on the same line */
        while (i < text.length && text.data[i] != 7 && text.data[i] != 27 && text.data[i] != '\n')
            i++;
        if (i < text.length && text.data[i] == 27)
            return i + 1 < text.length && text.data[i + 1] == '\\' ? i + 2 : i;
        return i < text.length && text.data[i] == 7 ? i + 1 : i;
    }
    return i;
}

Str plain_text(Arena *out, Str text)
{
    Buf buf = buf_with_max((size_t)text.length * 3 + 16);
    uint32_t copied = 0;
    for (uint32_t at = 0; at < text.length;) {
        uint32_t n_bytes = 1, c = (unsigned char)text.data[at];
        if (c >= 0x80)
            c = utf8_decode(text, at, &n_bytes);
        bool is_malformed = n_bytes == 1 && c >= 0x80;
        if (!is_malformed && !is_hidden(c)) {
            at += n_bytes;
            continue;
        }
        buf_add(&buf, str_slice(text, copied, at));
        if (is_malformed)
            buf_add(&buf, STR("\xEF\xBF\xBD"));
        else if (c == '\r' && (at + 1 >= text.length || text.data[at + 1] != '\n'))
            buf_add_char(&buf, '\n');
        at = c == 27 ? escape_end(text, at) : at + n_bytes;
        copied = at;
    }
    Str result = text;
    if (copied > 0) {
        buf_add(&buf, str_slice(text, copied, text.length));
        result = str_copy(out, buf_str(&buf));
    }
    buf_free(&buf);
    return result;
}
