#include "syntax/sql_lex.h"

#include <string.h>

enum { TEMPLATE_MAX_BYTES = 256 }; /* looked ahead for a template's end: bounded, so linear */

/* What a byte may be, from a table: a text is read byte by byte, several times over. */
enum { SPACE = 1, DIGIT = 2, START = 4 };

#define S  SPACE
#define D  DIGIT
#define L  START
#define LL L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L
/* clang-format off */
static const unsigned char classes[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, S, S, S, S, S, 0, 0, /* \t to \r */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    S, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    D, D, D, D, D, D, D, D, D, D, 0, 0, 0, 0, 0, 0,
    0, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, /* A to O */
    L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, L, /* P to Z, _ */
    0, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, 0,
    LL, LL, LL, LL, LL, LL, LL, LL, /* any character beyond ASCII is a letter */
};
/* clang-format on */
#undef S
#undef D
#undef L
#undef LL

static bool is_space(char c)
{
    return classes[(unsigned char)c] == SPACE;
}

static bool is_digit(char c)
{
    return classes[(unsigned char)c] == DIGIT;
}

static bool is_word_start(char c)
{
    return classes[(unsigned char)c] == START;
}

static bool is_word(char c)
{
    return classes[(unsigned char)c] > SPACE || c == '$';
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* The byte at `at`, or NUL past the end. */
static char byte_at(Str text, uint32_t at)
{
    return at < text.length ? text.data[at] : '\0';
}

/* A string or name from its opening quote; a doubled closing quote is a part of it. */
static SqlToken quoted(Str text, SqlToken token, uint32_t at, char close, bool backslashes)
{
    uint32_t i = at + 1;
    while (i < text.length) {
        char c = text.data[i];
        if (c == '\\' && backslashes) {
            i += 2;
        } else if (c != close) {
            i++;
        } else if (byte_at(text, i + 1) == close) {
            i += 2;
        } else {
            token.end = i + 1;
            return token;
        }
    }
    token.end = text.length;
    token.is_open = true;
    return token;
}

static SqlToken line_comment(Str text, SqlToken token)
{
    const char *end = memchr(text.data + token.start, '\n', text.length - token.start);
    token.kind = SQL_TOKEN_COMMENT;
    token.end = end ? (uint32_t)(end - text.data) : text.length;
    if (token.end > token.start && text.data[token.end - 1] == '\r')
        token.end--;
    return token;
}

static SqlToken block_comment(Str text, SqlToken token, bool nests)
{
    token.kind = SQL_TOKEN_COMMENT;
    uint32_t depth = 1;
    uint32_t i = token.start + 2;
    while (i < text.length) {
        const char *star_or_slash = text.data + i;
        if (*star_or_slash == '*' && byte_at(text, i + 1) == '/') {
            i += 2;
            if (--depth == 0) {
                token.end = i;
                return token;
            }
        } else if (nests && *star_or_slash == '/' && byte_at(text, i + 1) == '*') {
            i += 2;
            depth++;
        } else {
            i++;
        }
    }
    token.end = text.length;
    token.is_open = true;
    return token;
}

/* $tag$ … $tag$; where no tag stands, the dollar is a symbol. */
static SqlToken dollar_quote(Str text, SqlToken token)
{
    uint32_t tag_end = token.start + 1;
    if (is_word_start(byte_at(text, tag_end))) {
        while (is_word(byte_at(text, tag_end)) && text.data[tag_end] != '$')
            tag_end++;
    }
    if (byte_at(text, tag_end) != '$')
        return token;
    Str tag = str_slice(text, token.start, tag_end + 1);
    uint32_t close = str_find(text, tag, tag_end + 1);
    token.kind = SQL_TOKEN_DOLLAR;
    token.is_open = close == UINT32_MAX;
    token.end = token.is_open ? text.length : close + tag.length;
    return token;
}

static SqlToken template_run(Str text, SqlToken token, Str close)
{
    uint32_t limit = token.start + TEMPLATE_MAX_BYTES;
    Str window = str_slice(text, 0, limit);
    for (uint32_t i = token.start + 2; i + close.length <= window.length; i++) {
        if (window.data[i] == '\n')
            break;
        if (memcmp(window.data + i, close.data, close.length) == 0) {
            token.kind = SQL_TOKEN_TEMPLATE;
            token.end = i + close.length;
            break;
        }
    }
    return token;
}

static SqlToken number(Str text, SqlToken token)
{
    token.kind = SQL_TOKEN_NUMBER;
    uint32_t i = token.start;
    while (is_word(byte_at(text, i)) || byte_at(text, i) == '.') {
        /* 1..10 is a range of PL/pgSQL, not a number */
        if (text.data[i] == '.' && byte_at(text, i + 1) == '.')
            break;
        i++;
    }
    token.end = i;
    return token;
}

static SqlToken word(Str text, SqlToken token, Dialect dialect)
{
    uint32_t i = token.start + 1;
    if (byte_at(text, i) == text.data[token.start] && !is_word(text.data[i])) /* @@x, ##x */
        i++;
    while (i < text.length && is_word(text.data[i]))
        i++;
    token.kind = SQL_TOKEN_WORD;
    token.end = i;
    bool is_escape = i == token.start + 1 && upper(text.data[token.start]) == 'E';
    if (is_escape && dialect == DIALECT_POSTGRESQL && byte_at(text, i) == '\'') {
        token.kind = SQL_TOKEN_STRING;
        return quoted(text, token, i, '\'', true);
    }
    return token;
}

static uint32_t skip_space(Str text, uint32_t at)
{
    if (at == 0 && str_starts_with(text, STR("\xEF\xBB\xBF"))) /* the byte order mark */
        at = 3;
    while (at < text.length && is_space(text.data[at]))
        at++;
    return at;
}

static bool starts_dash_comment(Str text, uint32_t at, Dialect dialect)
{
    if (byte_at(text, at + 1) != '-')
        return false;
    /* MySQL wants white space after it: a--1 is arithmetic */
    return dialect != DIALECT_MYSQL || at + 2 >= text.length ||
           (unsigned char)text.data[at + 2] <= ' ';
}

SqlToken sql_lex(Str text, uint32_t at, Dialect dialect)
{
    at = skip_space(text, at);
    SqlToken token = {.kind = SQL_TOKEN_SYMBOL, .start = at, .end = at + 1};
    if (at >= text.length)
        return (SqlToken){.kind = SQL_TOKEN_END, .start = text.length, .end = text.length};
    char c = text.data[at];
    char next = byte_at(text, at + 1);
    bool is_mysql = dialect == DIALECT_MYSQL;
    bool is_postgresql = dialect == DIALECT_POSTGRESQL;
    if (is_word_start(c))
        return word(text, token, dialect);
    if (is_digit(c))
        return number(text, token);
    switch (c) {
    case '-':
        return starts_dash_comment(text, at, dialect) ? line_comment(text, token) : token;
    case '/':
        if (next != '*')
            return token;
        return block_comment(text, token, is_postgresql || dialect == DIALECT_SQLSERVER);
    case '\'':
        token.kind = SQL_TOKEN_STRING;
        return quoted(text, token, at, '\'', is_mysql);
    case '"':
        token.kind = is_mysql ? SQL_TOKEN_STRING : SQL_TOKEN_QUOTED_NAME;
        return quoted(text, token, at, '"', is_mysql);
    case '`':
        if (!is_mysql && dialect != DIALECT_SQLITE)
            return token;
        token.kind = SQL_TOKEN_QUOTED_NAME;
        return quoted(text, token, at, '`', false);
    case '[':
        if (dialect != DIALECT_SQLITE && dialect != DIALECT_SQLSERVER)
            return token;
        token.kind = SQL_TOKEN_QUOTED_NAME;
        return quoted(text, token, at, ']', false);
    case '$':
        if (next == '{')
            return template_run(text, token, STR("}"));
        return is_postgresql ? dollar_quote(text, token) : token;
    case '{':
        return next == '{' ? template_run(text, token, STR("}}")) : token;
    case '#':
        if (next == '{') {
            SqlToken run = template_run(text, token, STR("}"));
            if (run.kind == SQL_TOKEN_TEMPLATE)
                return run;
        }
        if (is_mysql)
            return line_comment(text, token);
        if (dialect == DIALECT_SQLSERVER && (is_word_start(next) || next == '#'))
            return word(text, token, dialect); /* #temporary, ##global */
        return token;
    case '@':
        if ((is_mysql || dialect == DIALECT_SQLSERVER) && (is_word_start(next) || next == '@'))
            return word(text, token, dialect);
        return token;
    default:
        return token;
    }
}

SqlToken sql_lex_code(Str text, uint32_t at, Dialect dialect)
{
    SqlToken token = sql_lex(text, at, dialect);
    while (token.kind == SQL_TOKEN_COMMENT)
        token = sql_lex(text, token.end, dialect);
    return token;
}

uint32_t sql_skip_plain(Str text, uint32_t at)
{
    while (at < text.length) {
        char c = text.data[at];
        if (classes[(unsigned char)c] == SPACE || c == ',' || c == '.' || c == '=' || c == '<' ||
            c == '>') {
            at++;
            continue;
        }
        if (classes[(unsigned char)c] < DIGIT)
            return at;
        uint32_t end = at + 1;
        while (end < text.length && is_word(text.data[end]))
            end++;
        if (byte_at(text, end) == '\'') /* E'\'' */
            return at;
        at = end;
    }
    return at;
}

Str sql_token_text(Str text, SqlToken token)
{
    return str_slice(text, token.start, token.end);
}

bool sql_token_is_all(Str text, SqlToken token, const char *word)
{
    if (token.kind != SQL_TOKEN_WORD)
        return false;
    uint32_t length = token.end - token.start;
    for (uint32_t i = 0; i < length; i++) {
        if (upper(text.data[token.start + i]) != word[i]) /* word's NUL differs from any byte */
            return false;
    }
    return word[length] == '\0';
}

bool sql_token_in(Str text, SqlToken token, const char *words)
{
    enum { LONGEST = 30 };
    uint32_t length = token.end - token.start;
    if (token.kind != SQL_TOKEN_WORD || length > LONGEST)
        return false;
    char key[LONGEST + 3] = {' '};
    for (uint32_t i = 0; i < length; i++)
        key[i + 1] = upper(text.data[token.start + i]);
    key[length + 1] = ' ';
    key[length + 2] = '\0';
    return strstr(words, key) != NULL;
}

bool sql_token_is_symbol(Str text, SqlToken token, char symbol)
{
    return token.kind == SQL_TOKEN_SYMBOL && text.data[token.start] == symbol;
}

Range sql_token_inside(Str text, SqlToken token)
{
    Range whole = {.start = token.start, .end = token.end};
    if (token.kind == SQL_TOKEN_DOLLAR) {
        uint32_t tag_length = 1;
        while (byte_at(text, token.start + tag_length) != '$')
            tag_length++;
        tag_length++;
        whole.start += tag_length;
        whole.end -= token.is_open ? 0 : tag_length;
        return whole;
    }
    if (token.kind != SQL_TOKEN_STRING && token.kind != SQL_TOKEN_QUOTED_NAME)
        return whole;
    if (is_word_start(text.data[whole.start])) /* E'…' */
        whole.start++;
    whole.start++;
    whole.end -= token.is_open ? 0 : 1;
    return whole;
}
