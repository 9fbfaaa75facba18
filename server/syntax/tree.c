#include "syntax/tree.h"

NodeIndex tree_first_child(const Tree *tree, NodeIndex node)
{
    if (node == NO_NODE || node + 1 >= tree->nodes[node].next)
        return NO_NODE;
    return node + 1;
}

NodeIndex tree_next_sibling(const Tree *tree, NodeIndex node)
{
    NodeIndex next = tree->nodes[node].next;
    if (next >= tree->n_nodes || tree->nodes[next].parent != tree->nodes[node].parent)
        return NO_NODE;
    return next;
}

NodeIndex tree_field(const Tree *tree, NodeIndex node, uint16_t field)
{
    for (NodeIndex c = tree_first_child(tree, node); c != NO_NODE; c = tree_next_sibling(tree, c)) {
        if (tree->nodes[c].field == field)
            return c;
    }
    return NO_NODE;
}

NodeIndex tree_child_of_kind(const Tree *tree, NodeIndex node, uint16_t kind)
{
    for (NodeIndex c = tree_first_child(tree, node); c != NO_NODE; c = tree_next_sibling(tree, c)) {
        if (tree->nodes[c].kind == kind)
            return c;
    }
    return NO_NODE;
}

bool tree_has_child(const Tree *tree, NodeIndex node, uint16_t kind)
{
    return tree_child_of_kind(tree, node, kind) != NO_NODE;
}

Str tree_text(const Tree *tree, NodeIndex node)
{
    if (node == NO_NODE)
        return STR("");
    return str_slice(tree->text, tree->nodes[node].start, tree->nodes[node].end);
}

Range tree_range(const Tree *tree, NodeIndex node)
{
    if (node == NO_NODE)
        return (Range){0};
    return (Range){.start = tree->nodes[node].start, .end = tree->nodes[node].end};
}
