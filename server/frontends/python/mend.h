/* mend.h — a Python text with errors as a tree that has lost no more than the broken statements. */
#ifndef FRONTENDS_PYTHON_MEND_H
#define FRONTENDS_PYTHON_MEND_H

#include "syntax/parser.h"

/* As parser_parse for a text of Python. Where it has errors, each statement that cannot be read
 * counts for itself: a line of a class costs that line. What is left out is a `0` in the tree.
 * Ranges are those of `text`. The tree is in `out`. */
Tree mend_parse(Parser *parser, Str text, Arena *out);

#endif
