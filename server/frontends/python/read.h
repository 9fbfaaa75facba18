/* read.h — from the syntax tree to a module: what the files read*.c, string.c and annotation.c
 * share. Nothing else of this folder sees a syntax tree. */
#ifndef FRONTENDS_PYTHON_READ_H
#define FRONTENDS_PYTHON_READ_H

#include "frontends/python/module.h"
#include "syntax/parser.h"

typedef struct {
    Fragment *fragment;
    Arena *out; /* the fragment's */
    const Tree *tree;
    PythonModule *module;
    bool reads_whole;
    uint32_t depth, block_depth;
    PythonTermVec sql_strings; /* to be parsed when the tree is no longer needed */
    PythonTermVec executed;    /* the same of execute("…"), which may be no SQL at all */
} Reading;

/* Parses the fragment's text. All functions' bodies are read where `whole`, else those that can
 * matter to models. In the fragment's arena; uses and resets the parser's scratch. */
const PythonModule *python_module_read(Fragment *fragment, Parser *parser, Dialect dialect,
                                       bool whole);

Place read_place(const Reading *r, NodeIndex node);
const PythonTerm *read_term(Reading *r, NodeIndex node);       /* NULL for NO_NODE */
const PythonTerm *read_annotation(Reading *r, NodeIndex node); /* strings are read as types */
PythonTermVec read_arguments(Reading *r, NodeIndex argument_list);

/* Parses the strings that were noted: expressions, and the queries of a program. Resets the
 * parser's scratch. */
void read_sql_strings(Reading *r, Parser *parser, Dialect dialect);

/* The value of a `string` node; false where it has holes. `inside`: what its quotes hold. */
bool read_string(Reading *r, NodeIndex node, Str *value, Range *inside);
/* The text of an annotation in quotes, which stands at `base`: TERM_OTHER where it is no type. */
const PythonTerm *annotation_parse(Reading *r, Str text, uint32_t base);

#endif
