/* tree.h — a syntax tree as an array, whatever parser made it.
 *
 * Nodes stand in preorder: node 0 is the root, a node's first child follows it, its next
 * sibling stands at `next`. Kinds and fields are numbers of the language's generated
 * symbols.h (SQL_…, SQL_FIELD_…). Byte ranges count from the start of the parsed text.
 * Immutable, in the arena given to the parser; holds no parser's memory. */
#ifndef SYNTAX_TREE_H
#define SYNTAX_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "text/range.h"

typedef uint32_t NodeIndex;

#define NO_NODE UINT32_MAX

typedef struct {
    uint16_t kind;
    uint16_t field; /* its role in the parent; 0: none */
    uint32_t start, end;
    NodeIndex next;   /* the node after this one's subtree: its sibling, if it has that parent */
    NodeIndex parent; /* NO_NODE for the root */
    bool is_named, is_error, is_missing; /* is_error: this node is an ERROR */
    bool has_error;                      /* this node or one below it is an ERROR or missing */
} Node;

typedef struct {
    Str text;
    const Node *nodes;
    uint32_t n_nodes;
} Tree;

NodeIndex tree_first_child(const Tree *tree, NodeIndex node); /* NO_NODE: a leaf */
NodeIndex tree_next_sibling(const Tree *tree, NodeIndex node);
/* The first child in that role; NO_NODE: none (also for node == NO_NODE). */
NodeIndex tree_field(const Tree *tree, NodeIndex node, uint16_t field);
/* The first child of that kind. */
NodeIndex tree_child_of_kind(const Tree *tree, NodeIndex node, uint16_t kind);
bool tree_has_child(const Tree *tree, NodeIndex node, uint16_t kind);
Str tree_text(const Tree *tree, NodeIndex node); /* empty for NO_NODE */
Range tree_range(const Tree *tree, NodeIndex node);

/* for (NodeIndex c = tree_first_child(t, n); c != NO_NODE; c = tree_next_sibling(t, c)) */

#endif
