/* prisma_lex.h — the tokens of a Prisma schema.
 *
 * The language is one of lines, so ends of lines are tokens. Plain and block comments give
 * none; documentation comments do. Any text gives tokens, in one pass. Owns nothing: tokens are
 * ranges of the text. */
#ifndef SYNTAX_PRISMA_LEX_H
#define SYNTAX_PRISMA_LEX_H

#include "base/str.h"
#include "base/vec.h"
#include "text/range.h"

typedef enum {
    PRISMA_TOKEN_END, /* once, at the end of the text */
    PRISMA_TOKEN_LINE_END,
    PRISMA_TOKEN_DOCUMENTATION, /* from the three slashes to the end of the line */
    PRISMA_TOKEN_NAME,
    PRISMA_TOKEN_NUMBER, /* 1, -1, 0.5 */
    PRISMA_TOKEN_STRING, /* with its quotes; ends with its line where it is not closed */
    PRISMA_TOKEN_AT,     /* @ */
    PRISMA_TOKEN_AT_AT,  /* @@ */
    PRISMA_TOKEN_OTHER,  /* one byte: punctuation, or what the language does not have */
} PrismaTokenKind;

typedef struct {
    PrismaTokenKind kind;
    Range range;
} PrismaToken;
typedef Vec(PrismaToken) PrismaTokenVec;

/* All tokens of the text, in `out`; never empty. */
PrismaTokenVec prisma_lex(Arena *out, Str text);

/* The value of a string token given with its quotes. Lives in the text where nothing in it is
 * escaped, else in `out`. */
Str prisma_string_value(Arena *out, Str token);

#endif
