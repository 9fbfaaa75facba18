/* direct.h — well-formed text to Tree, straight from a grammar's tables.
 *
 * tree-sitter's parser is made to recover from errors, to follow several readings at once and
 * to reparse a tree after an edit. A text that is well-formed under a grammar with little
 * ambiguity needs none of it: one stack, one table, and the tree is written as it will be read.
 * The tree is the one that tree-sitter gives, node for node (tests/unit/test_direct.c); where
 * the text has an error, or the table leaves more than a choice of two, there is none, and
 * tree-sitter is asked.
 *
 * Owned by one thread. */
#ifndef SYNTAX_DIRECT_H
#define SYNTAX_DIRECT_H

#include "syntax/tree.h"

struct TSLanguage;

typedef struct DirectParser DirectParser;

DirectParser *direct_new(const struct TSLanguage *language);
void direct_free(DirectParser *parser); /* NULL is allowed */
/* Bytes that it holds: they grow with the longest text it had. */
size_t direct_size(const DirectParser *parser);

/* False where tree-sitter has to do it; `tree` is then left alone. Takes at most `n_steps` steps:
 * a shift or a reduction each. `text` must outlive the tree, whose memory is in `out`. */
bool direct_parse(DirectParser *parser, Str text, uint32_t n_steps, Arena *out, Tree *tree);
/* True where the last text was nested deeper than anyone writes: no parser should try it. */
bool direct_was_too_deep(const DirectParser *parser);

#endif
