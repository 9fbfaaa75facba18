/* sql_split.h — an SQL text as a list of statements.
 *
 * Knows each dialect's quotes, comments and terminators: '…' "…" `…` […] $tag$…$tag$, E'…',
 * nested block comments, # comments (MySQL), psql meta commands, COPY … FROM STDIN data,
 * DELIMITER lines (MySQL), GO lines (SQL Server), BEGIN … END bodies of triggers and
 * routines. One pass, linear time, no memory but the result. Never fails: an unterminated
 * quote ends at the end of the text and is reported on the piece. */
#ifndef SYNTAX_SQL_SPLIT_H
#define SYNTAX_SQL_SPLIT_H

#include "base/vec.h"
#include "text/dialect.h"
#include "text/range.h"

typedef enum {
    PIECE_STATEMENT, /* from its first to its last token, comments inside included */
    PIECE_META,      /* a psql meta command line, a DELIMITER or GO line */
    PIECE_COPY_DATA, /* the lines after COPY … FROM STDIN, to \. */
} PieceKind;

typedef enum {
    UNTERMINATED_NONE,
    UNTERMINATED_STRING,
    UNTERMINATED_IDENTIFIER,
    UNTERMINATED_DOLLAR_QUOTE,
    UNTERMINATED_COMMENT,
} Unterminated;

typedef struct {
    PieceKind kind;
    Range range;       /* without the terminator */
    Unterminated open; /* what was still open at the end of the text */
    uint32_t open_at;  /* where that began */
} Piece;
typedef Vec(Piece) PieceVec;

PieceVec sql_split(Arena *out, Str text, Dialect dialect);

/* The comments of a text that contain `word`, in order: for suppressions. Their ranges
 * include the comment marks. */
typedef Vec(Range) RangeVec;
RangeVec sql_comments_with(Arena *out, Str text, Dialect dialect, Str word);

#endif
