/* parser.h — text to Tree, by tree-sitter and by its tables alone (direct.h).
 *
 * A Parser is owned by one thread. Parsing never fails: broken input gives a tree with
 * error nodes. A text that costs more steps than its length can justify, or that nests deeper
 * than anyone writes, gives one error node over the whole; the budget is counted, not timed,
 * so the same text gives the same tree everywhere. Who includes this needs nothing of
 * tree-sitter. */
#ifndef SYNTAX_PARSER_H
#define SYNTAX_PARSER_H

#include "syntax/tree.h"

typedef enum { LANGUAGE_SQL, LANGUAGE_PYTHON } Language;

typedef struct Parser Parser;

/* Any thread may ask for one; two that were freed are kept for whoever asks next. */
Parser *parser_new(void);
void parser_free(Parser *parser); /* NULL is allowed */

/* `text` must outlive the tree. Memory of the tree is in `out`. */
Tree parser_parse(Parser *parser, Language language, Str text, Arena *out);
/* The same tree by tree-sitter alone, which parser_parse asks only for what direct.h leaves. */
Tree parser_parse_any(Parser *parser, Language language, Str text, Arena *out);

/* False where the text has errors; `tree` is then left alone. Takes time in proportion to the text,
 * as recovery does not: so a long text that direct.h leaves is refused, whatever it is. */
bool parser_parse_well_formed(Parser *parser, Language language, Str text, Arena *out, Tree *tree);

/* Working space of whoever uses the parser, between one document's pieces and the next:
 * the user resets it. parser_parse does not touch it unless it is given as `out`. */
Arena *parser_scratch(Parser *parser);

/* Name of a node kind, for tests and debugging ("create_table"); NULL: no such kind. */
const char *language_kind_name(Language language, uint16_t kind);
const char *language_field_name(Language language, uint16_t field);
/* The version of the interface between runtime and grammar. */
uint32_t language_abi(Language language);
/* True where the runtime can use the grammar that was built in. */
bool language_fits(Language language);

#endif
