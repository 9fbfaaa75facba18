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

/* Where a text that was split once has changed since: what lies on either side of the change need
 * not be read again. */
typedef struct {
    uint32_t from; /* 0, or the start of a statement that ends SPLIT_LOOKAHEAD before the change */
    const uint32_t *stops; /* where statements began behind it, as they stand now; ascending */
    uint32_t n_stops;
} SplitPart;

enum { SPLIT_LOOKAHEAD = 300 }; /* more than a token may be looked ahead for: see template_run */

typedef struct {
    PieceVec pieces; /* those from `from` on, up to the stop */
    uint32_t stop;   /* the rest of the text is split as before, from this one on; n_stops: none */
    /* Whether what is behind a statement's start depends on nothing before it: false after a
     * DELIMITER, and where data or a body without an end was searched for one. */
    bool is_local;
} SplitResult;

/* `part` NULL: all of it. A part may be given where the earlier text's split was local, and what
 * comes of it is what splitting all would be. */
SplitResult sql_split_part(Arena *out, Str text, Dialect dialect, const SplitPart *part);

/* The comments of a text that contain `word`, in order: for suppressions. Their ranges
 * include the comment marks. */
typedef Vec(Range) RangeVec;
RangeVec sql_comments_with(Arena *out, Str text, Dialect dialect, Str word);

#endif
