/* lower — prints what a file of SQL lowers to: for looking, and for measuring.
 *
 *     lower [-d DIALECT] [-t] [-q] [-u] [-c] FILE...
 *
 * -t trees, -q queries, -u only what is unknown or opaque, -c counts and time only. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "frontends/sql/sql.h"
#include "syntax/sql_split.h"
#include "tools/summary.h"
#include "tools/tool.h"

typedef struct {
    Dialect dialect;
    bool trees, queries, unknown_only, counts;
    uint32_t n_statements, n_operations, n_opaque, n_unknown, n_problems, n_queries, n_errors;
    uint64_t bytes, arena_bytes, split_us, lower_us;
} Tool;

static void print_node(const Tree *tree, NodeIndex node, int depth)
{
    const Node *n = &tree->nodes[node];
    const char *name = language_kind_name(LANGUAGE_SQL, n->kind);
    const char *role = n->field ? language_field_name(LANGUAGE_SQL, n->field) : NULL;
    printf("%*s%s%s%s%s", depth * 2, "", role ? role : "", role ? ": " : "", n->is_named ? "" : "'",
           name ? name : "?");
    printf("%s%s", n->is_named ? "" : "'", n->is_missing ? " MISSING" : "");
    if (tree_first_child(tree, node) == NO_NODE && n->is_named)
        printf(" " STR_FMT, STR_ARG(tree_text(tree, node)));
    printf("\n");
    for (NodeIndex c = tree_first_child(tree, node); c != NO_NODE; c = tree_next_sibling(tree, c))
        print_node(tree, c, depth + 1);
}

static void print_fragment(Tool *tool, const char *path, const Fragment *fragment)
{
    Arena arena = {0};
    for (uint32_t i = 0; i < fragment->operations.n; i++) {
        const Operation *op = &fragment->operations.items[i];
        bool is_odd = op->kind == OP_UNKNOWN || op->kind == OP_OPAQUE;
        tool->n_opaque += op->kind == OP_OPAQUE;
        tool->n_unknown += op->kind == OP_UNKNOWN;
        if (tool->counts || (tool->unknown_only && !is_odd))
            continue;
        Str text = str_slice(fragment->text, op->place.range.start, op->place.range.end);
        printf(STR_FMT, STR_ARG(operation_summary(&arena, op)));
        if (is_odd)
            printf(" (%s: %.*s)", path, (int)(text.length < 100 ? text.length : 100), text.data);
        printf("\n");
    }
    for (uint32_t i = 0; tool->queries && i < fragment->queries.n; i++)
        printf("    query " STR_FMT "\n",
               STR_ARG(query_summary(&arena, fragment->queries.items[i])));
    for (uint32_t i = 0; i < fragment->problems.n; i++)
        printf("    problem " STR_FMT ": " STR_FMT " (%s at %u: %.*s)\n",
               STR_ARG(fragment->problems.items[i].rule),
               STR_ARG(fragment->problems.items[i].message), path,
               fragment->problems.items[i].place.range.start,
               (int)(fragment->text.length < 80 ? fragment->text.length : 80), fragment->text.data);
    arena_release(&arena);
}

static void run(Tool *tool, const char *path)
{
    Arena arena = {0};
    Parser *parser = parser_new();
    Str text = must_read_file(&arena, path);
    uint64_t start = now_us();
    PieceVec pieces = sql_split(&arena, text, tool->dialect);
    tool->split_us += now_us() - start;
    tool->bytes += text.length;
    for (uint32_t i = 0; i < pieces.n; i++) {
        if (pieces.items[i].kind != PIECE_STATEMENT)
            continue;
        Str piece = str_slice(text, pieces.items[i].range.start, pieces.items[i].range.end);
        if (tool->trees) {
            Tree tree = parser_parse(parser, LANGUAGE_SQL, piece, &arena);
            print_node(&tree, 0, 0);
        }
        start = now_us();
        Fragment *fragment = sql_lower(parser, piece, tool->dialect);
        tool->lower_us += now_us() - start;
        tool->n_statements++;
        tool->n_operations += fragment->operations.n;
        tool->n_queries += fragment->queries.n;
        tool->n_problems += fragment->problems.n;
        tool->arena_bytes += fragment->arena.total;
        print_fragment(tool, path, fragment);
        fragment_release(fragment);
    }
    parser_free(parser);
    arena_release(&arena);
}

int main(int argc, char **argv)
{
    Tool tool = {.dialect = DIALECT_POSTGRESQL};
    int option;
    while ((option = getopt(argc, argv, "d:tquc")) != -1) {
        switch (option) {
        case 'd':
            if (!dialect_from_name(str_from(optarg), &tool.dialect))
                return 2;
            break;
        case 't':
            tool.trees = true;
            break;
        case 'q':
            tool.queries = true;
            break;
        case 'u':
            tool.unknown_only = true;
            break;
        case 'c':
            tool.counts = true;
            break;
        default:
            return 2;
        }
    }
    for (int i = optind; i < argc; i++)
        run(&tool, argv[i]);
    fprintf(stderr,
            "%u statements, %u operations (%u opaque, %u unknown), %u queries, %u problems; "
            "%" PRIu64 " bytes, %" PRIu64 " bytes of fragments, split %" PRIu64
            " us, lower %" PRIu64 " us\n",
            tool.n_statements, tool.n_operations, tool.n_opaque, tool.n_unknown, tool.n_queries,
            tool.n_problems, tool.bytes, tool.arena_bytes, tool.split_us, tool.lower_us);
    return 0;
}
