/* document.h — a model's Markdown, cut into lines, code and what stands in them; and written anew.
 *
 * The text is a stranger's. It is read the way CommonMark reads it, as far as the check needs, and
 * what is written is built so that every renderer reads it the same: code stands in fences of our
 * own at the margin, each code span ends in its line, and everything else that could become a
 * link, an image or HTML is escaped. What stays a link leads to a public page of the web.
 *
 * Pure, linear in the text. All strings live in the arena given, or in the text read. */
#ifndef CONSULT_CHECK_DOCUMENT_H
#define CONSULT_CHECK_DOCUMENT_H

#include "base/buf.h"
#include "model/type.h"

typedef enum {
    SPAN_TEXT,
    SPAN_CODE,
    SPAN_LINK,  /* to a public page */
    SPAN_IMAGE, /* never shown as one */
    SPAN_URL,   /* written plainly or in <>, to a public page */
    SPAN_DEAD,  /* a link that is none any more: of another scheme, to a private address, to a file
                 */
} SpanKind;

typedef struct {
    SpanKind kind;
    uint32_t start, end; /* in the line */
    Str text;   /* of code: what is in it; of a link or an image: its label; else as written */
    Str target; /* of a link, an image, a URL */
    Str mark;   /* what the check says of it; written behind it; absent: nothing */
    uint32_t mark_at; /* of text: behind so many bytes of it; 0: at its end */
} Span;
typedef Vec(Span) SpanVec;

typedef enum {
    PIECE_BLANK,
    PIECE_TEXT,    /* one line of prose, of a list or of a table */
    PIECE_HEADING, /* also a line that is bold as a whole */
    PIECE_RULE,    /* --- */
    PIECE_CODE,    /* a fenced block */
} PieceKind;

typedef struct {
    PieceKind kind;
    uint32_t number; /* of its line, 1-based; of code: of its fence */
    uint32_t group;  /* lines of one paragraph, one list item, one row of a table share it */
    Str line;        /* without its end; absent for code */
    bool in_table;   /* it may be a row of one */
    SpanVec spans;   /* of text and headings: the whole line */
    Str title;       /* of a heading: without its marks, its number and its colon */
    uint32_t level;  /* of a heading: 1 to 6; 7: bold */
    Str language;    /* of code: "sql"; lower case; may be empty */
    Str code;        /* its lines, without what they are indented by */
    StrVec notes;    /* what the check says of it; written below it */
} Piece;
typedef Vec(Piece) PieceVec;

typedef struct {
    PieceVec pieces;
} Document;

enum { DOCUMENT_MAX_BYTES = 2 * 1024 * 1024 }; /* what is behind that is not read */

Document document_read(Arena *out, Str markdown);

/* Writes pieces `first` to `end` (not included), with marks and notes. */
void document_write(Buf *out, const Document *document, uint32_t first, uint32_t end);

/* All of it at once, for a text that is still growing: nothing in it is active, nothing is checked.
 */
Str document_neutralise(Arena *out, Str markdown);

/* ---- parts ---- */

/* The line's spans, without gaps. */
SpanVec spans_read(Arena *out, Str line);
/* Adds a line, neutralised. */
void spans_write(Buf *out, Str line, const SpanVec *spans, bool in_table);

/* The longest run of backticks: a fence around the text has more. */
uint32_t longest_backticks(Str text);

/* Why a link to `target` must not be one; absent where it may: a public page of the web. */
Str link_problem(Arena *scratch, Str target);
/* True for a relative path, as a link to a file of the project has it. */
bool link_is_path(Str target);

/* Adds text so that nothing in it is markup that does anything. */
void text_write(Buf *out, Str text);
/* What a span says as plain text: without markup characters. */
Str span_words(const Span *span);

#endif
