/* A walk from the heads
 *
 * A head is a revision that no other one names. From each head, in the order given, the walk goes
 * down to the parents first and writes a revision when all of its parents are written:
 *
 *     a <- b <- c <------ m        heads: m           m needs c and e: a b c, then d e, then m
 *     a <- d <- e <------ m
 *
 * The walk keeps its own stack: a history is as deep as it is long. A revision met while it is
 * still on the stack closes a circle; it is passed over there. */
#include "project/revision_order.h"

#include "base/map.h"

typedef Vec(uint32_t) IndexVec;

typedef struct {
    IndexVec parents;
    uint32_t next; /* parent to look at */
    bool is_included, is_seen, is_head;
} Node;

typedef struct {
    Arena *scratch;
    Node *nodes;
    uint32_t n;
    StrMap by_name; /* revision or branch label -> index + 1, within `indexes` */
    uint32_t *indexes;
} Graph;

static void name_node(Graph *graph, Str name, uint32_t index)
{
    if (!map_get(&graph->by_name, name))
        map_set(graph->scratch, &graph->by_name, name, &graph->indexes[index]);
}

static void add_parents(Graph *graph, uint32_t child, const RevisionNameVec *names)
{
    for (uint32_t i = 0; i < names->n; i++) {
        const uint32_t *parent = map_get(&graph->by_name, names->items[i]);
        if (parent && *parent != child)
            VEC_PUSH(graph->scratch, &graph->nodes[child].parents, *parent);
    }
}

static Graph graph_of(Arena *scratch, const Revision *revisions, const bool *is_sure, uint32_t n)
{
    Graph graph = {.scratch = scratch,
                   .nodes = ARENA_ARRAY(scratch, Node, n + 1),
                   .n = n,
                   .indexes = ARENA_ARRAY(scratch, uint32_t, n + 1)};
    for (uint32_t i = 0; i < n; i++)
        graph.indexes[i] = i;
    /* Of two files with one name the one that surely counts goes first. */
    for (int sure = 1; sure >= 0; sure--) {
        for (uint32_t i = 0; i < n; i++) {
            if (is_sure[i] == (sure == 1))
                name_node(&graph, revisions[i].revision, i);
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < revisions[i].branch_labels.n; j++)
            name_node(&graph, revisions[i].branch_labels.items[j], i);
    }
    for (uint32_t i = 0; i < n; i++) {
        add_parents(&graph, i, &revisions[i].down_revisions);
        add_parents(&graph, i, &revisions[i].depends_on);
    }
    return graph;
}

static uint32_t group_of(uint32_t *groups, uint32_t index)
{
    while (groups[index] != index) {
        groups[index] = groups[groups[index]];
        index = groups[index];
    }
    return index;
}

/* Marks what is connected, in any direction, with a revision that is sure. */
static void include(Graph *graph, const Revision *revisions, const bool *is_sure)
{
    uint32_t *groups = ARENA_ARRAY(graph->scratch, uint32_t, graph->n + 1);
    bool *is_wanted = ARENA_ARRAY(graph->scratch, bool, graph->n + 1);
    bool any_sure = false;
    for (uint32_t i = 0; i < graph->n; i++)
        groups[i] = i;
    for (uint32_t i = 0; i < graph->n; i++) {
        for (uint32_t j = 0; j < graph->nodes[i].parents.n; j++)
            groups[group_of(groups, i)] = group_of(groups, graph->nodes[i].parents.items[j]);
        any_sure = any_sure || is_sure[i];
    }
    for (uint32_t i = 0; i < graph->n; i++) {
        if (is_sure[i])
            is_wanted[group_of(groups, i)] = true;
    }
    for (uint32_t i = 0; i < graph->n; i++) {
        const uint32_t *named = map_get(&graph->by_name, revisions[i].revision);
        bool is_double = named && *named != i; /* a copy that was put away */
        graph->nodes[i].is_included =
            is_sure[i] || (!is_double && (!any_sure || is_wanted[group_of(groups, i)]));
    }
}

static uint32_t walk_from(Graph *graph, uint32_t start, uint32_t *order, uint32_t n_ordered)
{
    IndexVec stack = {0};
    VEC_PUSH(graph->scratch, &stack, start);
    graph->nodes[start].is_seen = true;
    while (stack.n > 0) {
        uint32_t index = *VEC_LAST(&stack);
        Node *node = &graph->nodes[index];
        if (node->next == node->parents.n) {
            order[n_ordered++] = index;
            stack.n--;
            continue;
        }
        uint32_t parent = node->parents.items[node->next++];
        if (graph->nodes[parent].is_seen || !graph->nodes[parent].is_included)
            continue;
        graph->nodes[parent].is_seen = true;
        VEC_PUSH(graph->scratch, &stack, parent);
    }
    return n_ordered;
}

uint32_t revision_order(Arena *scratch, const Revision *revisions, const bool *is_sure, uint32_t n,
                        uint32_t *order)
{
    Graph graph = graph_of(scratch, revisions, is_sure, n);
    include(&graph, revisions, is_sure);
    for (uint32_t i = 0; i < n; i++)
        graph.nodes[i].is_head = graph.nodes[i].is_included;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; graph.nodes[i].is_included && j < graph.nodes[i].parents.n; j++)
            graph.nodes[graph.nodes[i].parents.items[j]].is_head = false;
    }
    uint32_t n_ordered = 0;
    for (int heads = 1; heads >= 0; heads--) { /* then what only circles hold */
        for (uint32_t i = 0; i < n; i++) {
            const Node *node = &graph.nodes[i];
            if (node->is_included && !node->is_seen && (node->is_head || heads == 0))
                n_ordered = walk_from(&graph, i, order, n_ordered);
        }
    }
    return n_ordered;
}
