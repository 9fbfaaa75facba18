/* sql_lex.h — the tokens of SQL, exact for each dialect.
 *
 * A stateless function: give it an offset, get the token there. It knows quotes, comments,
 * words and nothing of grammar; splitting, bodies and checks of the text are built on it.
 * Never fails: a quote or comment without an end reaches to the end of the text and is
 * marked. Each call costs no more than the token's length, plus a constant. */
#ifndef SYNTAX_SQL_LEX_H
#define SYNTAX_SQL_LEX_H

#include <stdbool.h>

#include "base/str.h"
#include "text/dialect.h"
#include "text/range.h"

typedef enum {
    SQL_TOKEN_END,
    SQL_TOKEN_WORD,        /* a keyword or plain name */
    SQL_TOKEN_QUOTED_NAME, /* "a", `a`, [a] as the dialect has it */
    SQL_TOKEN_STRING,      /* with its E prefix; other prefixes are words before it */
    SQL_TOKEN_DOLLAR,      /* $tag$ … $tag$ */
    SQL_TOKEN_NUMBER,
    SQL_TOKEN_COMMENT,
    SQL_TOKEN_TEMPLATE, /* {{ … }}, ${ … }, #{ … } on one line: filled in by another program */
    SQL_TOKEN_SYMBOL,   /* any other single byte */
} SqlTokenKind;

typedef struct {
    SqlTokenKind kind;
    uint32_t start, end;
    bool is_open; /* a quote or comment that does not end */
} SqlToken;

/* The first token at or after `at`, white space skipped. Comments are tokens. */
SqlToken sql_lex(Str text, uint32_t at, Dialect dialect);
/* The same without comments. */
SqlToken sql_lex_code(Str text, uint32_t at, Dialect dialect);

/* Behind the words, numbers, white space and marks at `at` that in every dialect are what they
 * look like: no quote, comment, parenthesis, template or terminator is among them. `at` is
 * where a token may start. */
uint32_t sql_skip_plain(Str text, uint32_t at);

Str sql_token_text(Str text, SqlToken token);
/* True where the token is that word, in any case; `word` is in upper case. Most words differ in
 * their first letter, and most callers ask for several. */
bool sql_token_is_all(Str text, SqlToken token, const char *word);
static inline bool sql_token_is(Str text, SqlToken token, const char *word)
{
    return token.kind == SQL_TOKEN_WORD && ((text.data[token.start] ^ word[0]) & 0x5F) == 0 &&
           sql_token_is_all(text, token, word);
}
/* True where the token is one of the words of the list, " A B C " in upper case. */
bool sql_token_in(Str text, SqlToken token, const char *words);
bool sql_token_is_symbol(Str text, SqlToken token, char symbol);
/* What is between the quotes of a string, name or dollar quote, as written. */
Range sql_token_inside(Str text, SqlToken token);

#endif
