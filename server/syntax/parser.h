/* parser.h — text to Tree, by tree-sitter.
 *
 * A Parser is owned by one thread. Parsing never fails: broken input gives a tree with
 * error nodes. It stops early when `cancel` becomes true or its step budget is spent; the
 * result is then an error node over the whole text. The only place that knows tree-sitter. */
#ifndef SYNTAX_PARSER_H
#define SYNTAX_PARSER_H

#include "syntax/tree.h"

typedef enum { LANGUAGE_SQL } Language;

typedef struct Parser Parser;

Parser *parser_new(void);
void parser_free(Parser *parser);

/* `text` must outlive the tree. Memory of the tree is in `out`. */
Tree parser_parse(Parser *parser, Language language, Str text, Arena *out);

/* Name of a node kind, for tests and debugging ("create_table"). */
const char *language_kind_name(Language language, uint16_t kind);
const char *language_field_name(Language language, uint16_t field);

#endif
