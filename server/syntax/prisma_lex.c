#include "syntax/prisma_lex.h"

#include "base/utf8.h"

enum {
    BYTES_FOR_A_TOKEN = 5
}; /* less than in real schemas, so that the array grows at most once */

typedef struct {
    Str text;
    uint32_t at;
    bool no_comment_ends; /* there is no "*" "/" ahead: it is looked for only once */
} Lexer;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           (unsigned char)c >= 0x80;
}

static char char_at(const Lexer *lexer, uint32_t at)
{
    return at < lexer->text.length ? lexer->text.data[at] : '\0';
}

static uint32_t line_end(const Lexer *lexer, uint32_t at)
{
    while (at < lexer->text.length && lexer->text.data[at] != '\n' && lexer->text.data[at] != '\r')
        at++;
    return at;
}

static uint32_t string_end(const Lexer *lexer)
{
    for (uint32_t at = lexer->at + 1; at < lexer->text.length; at++) {
        char c = lexer->text.data[at];
        if (c == '"')
            return at + 1;
        if (c == '\n' || c == '\r')
            return at;
        if (c == '\\' && char_at(lexer, at + 1) != '\n' && char_at(lexer, at + 1) != '\r')
            at++;
    }
    return lexer->text.length;
}

static uint32_t number_end(const Lexer *lexer)
{
    uint32_t at = lexer->at + 1;
    while (is_digit(char_at(lexer, at)))
        at++;
    if (char_at(lexer, at) == '.' && is_digit(char_at(lexer, at + 1))) {
        at++;
        while (is_digit(char_at(lexer, at)))
            at++;
    }
    return at;
}

/* An open block comment costs its line, like anything else that is half-typed. */
static uint32_t block_comment_end(Lexer *lexer)
{
    if (!lexer->no_comment_ends) {
        uint32_t close = str_find(lexer->text, STR("*/"), lexer->at + 2);
        if (close != UINT32_MAX)
            return close + 2;
        lexer->no_comment_ends = true;
    }
    return line_end(lexer, lexer->at);
}

/* Behind white space and the comments that give no token. */
static void skip_trivia(Lexer *lexer)
{
    for (;;) {
        char c = char_at(lexer, lexer->at);
        char next = char_at(lexer, lexer->at + 1);
        if (c == ' ' || c == '\t' || c == '\f' || c == '\v')
            lexer->at++;
        else if (c == '/' && next == '/' && char_at(lexer, lexer->at + 2) != '/')
            lexer->at = line_end(lexer, lexer->at);
        else if (c == '/' && next == '*')
            lexer->at = block_comment_end(lexer);
        else
            return;
    }
}

static PrismaToken token_to(const Lexer *lexer, PrismaTokenKind kind, uint32_t end)
{
    return (PrismaToken){.kind = kind, .range = {.start = lexer->at, .end = end}};
}

static PrismaToken name_or_number(const Lexer *lexer)
{
    uint32_t end = lexer->at;
    bool has_letter = false;
    for (; is_name_char(char_at(lexer, end)); end++)
        has_letter |= !is_digit(lexer->text.data[end]);
    if (!has_letter)
        return token_to(lexer, PRISMA_TOKEN_NUMBER, number_end(lexer));
    return token_to(lexer, PRISMA_TOKEN_NAME, end);
}

static PrismaToken next_token(const Lexer *lexer)
{
    uint32_t at = lexer->at;
    if (at >= lexer->text.length)
        return token_to(lexer, PRISMA_TOKEN_END, at);
    char c = lexer->text.data[at];
    if (c == '\r' && char_at(lexer, at + 1) == '\n')
        return token_to(lexer, PRISMA_TOKEN_LINE_END, at + 2);
    if (c == '\n' || c == '\r')
        return token_to(lexer, PRISMA_TOKEN_LINE_END, at + 1);
    if (c == '/' && char_at(lexer, at + 1) == '/')
        return token_to(lexer, PRISMA_TOKEN_DOCUMENTATION, line_end(lexer, at));
    if (c == '"')
        return token_to(lexer, PRISMA_TOKEN_STRING, string_end(lexer));
    if (c == '@' && char_at(lexer, at + 1) == '@')
        return token_to(lexer, PRISMA_TOKEN_AT_AT, at + 2);
    if (c == '@')
        return token_to(lexer, PRISMA_TOKEN_AT, at + 1);
    if (c == '-' && is_digit(char_at(lexer, at + 1)))
        return token_to(lexer, PRISMA_TOKEN_NUMBER, number_end(lexer));
    if (is_name_char(c))
        return name_or_number(lexer);
    return token_to(lexer, PRISMA_TOKEN_OTHER, at + 1);
}

PrismaTokenVec prisma_lex(Arena *out, Str text)
{
    Lexer lexer = {.text = text};
    PrismaTokenVec tokens = {.capacity = text.length / BYTES_FOR_A_TOKEN + 8};
    tokens.items = arena_alloc_raw(out, tokens.capacity * sizeof *tokens.items);
    for (;;) {
        skip_trivia(&lexer);
        PrismaToken token = next_token(&lexer);
        VEC_PUSH(out, &tokens, token);
        if (token.kind == PRISMA_TOKEN_END)
            return tokens;
        lexer.at = token.range.end;
    }
}

/* ---- strings ---- */

/* \uXXXX, or a pair of them above the basic plane; *at is behind the u, and gets behind the digits.
 * Six bytes of text give at most three, so `out` never overtakes it. */
static uint32_t write_escaped_unit(char *out, Str text, uint32_t *at)
{
    uint32_t unit = 0, low = 0;
    if (!str_hex(text, *at, 4, &unit))
        return 0;
    *at += 4;
    if (unit >= 0xD800 && unit < 0xDC00 && *at + 1 < text.length && text.data[*at] == '\\' &&
        text.data[*at + 1] == 'u' && str_hex(text, *at + 2, 4, &low) && low >= 0xDC00 &&
        low < 0xE000) {
        *at += 6;
        return utf8_encode(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), out);
    }
    bool is_half = unit >= 0xD800 && unit < 0xE000;
    return utf8_encode(is_half || unit == 0 ? 0xFFFD : unit, out);
}

Str prisma_string_value(Arena *out, Str token)
{
    uint32_t end = token.length;
    Str inside = str_slice(token, 1, end);
    /* The closing quote, unless the line ended before it. */
    for (uint32_t at = 0; at < inside.length; at++) {
        if (inside.data[at] == '\\')
            at++;
        else if (inside.data[at] == '"')
            inside.length = at;
    }
    if (!str_contains(inside, STR("\\")))
        return inside;
    char *value = arena_alloc_raw(out, inside.length + 1u);
    uint32_t n = 0;
    for (uint32_t at = 0; at < inside.length;) {
        char c = inside.data[at++];
        if (c != '\\' || at == inside.length) {
            value[n++] = c;
            continue;
        }
        c = inside.data[at++];
        if (c == 'u')
            n += write_escaped_unit(value + n, inside, &at);
        else
            value[n++] = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
    }
    return str_of(value, n);
}
