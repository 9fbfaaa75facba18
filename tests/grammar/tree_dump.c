/* tree_dump.c - parses SQL texts with the grammar and prints the trees, for rate.mjs.
 *
 * Reads frames from standard input: a decimal length, a newline, that many bytes. Prints one line
 * per frame: a tree as nested JSON arrays [kind, field or 0, start, end, flags, child...]
 * with named and unnamed nodes (flags: 1 named, 2 missing, 4 error); or, with --time, only the
 * nanoseconds that the parse took; or, with --sexp, the tree as an indented text. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_sql(void);

static void print_json(TSTreeCursor *cursor)
{
    TSNode node = ts_tree_cursor_current_node(cursor);
    const char *field = ts_tree_cursor_current_field_name(cursor);
    int flags = (ts_node_is_named(node) ? 1 : 0) | (ts_node_is_missing(node) ? 2 : 0) |
                (ts_node_is_error(node) ? 4 : 0);
    const char *type = ts_node_type(node);
    putchar('[');
    putchar('"');
    for (; *type != '\0'; type++) {
        if (*type == '"' || *type == '\\') {
            putchar('\\');
        }
        putchar(*type);
    }
    if (field != NULL) {
        printf("\",\"%s\",%u,%u,%d", field, ts_node_start_byte(node), ts_node_end_byte(node),
               flags);
    } else {
        printf("\",0,%u,%u,%d", ts_node_start_byte(node), ts_node_end_byte(node), flags);
    }
    if (ts_tree_cursor_goto_first_child(cursor)) {
        do {
            putchar(',');
            print_json(cursor);
        } while (ts_tree_cursor_goto_next_sibling(cursor));
        ts_tree_cursor_goto_parent(cursor);
    }
    putchar(']');
}

static void print_sexp(TSTreeCursor *cursor, const char *text, int depth)
{
    TSNode node = ts_tree_cursor_current_node(cursor);
    const char *field = ts_tree_cursor_current_field_name(cursor);
    if (ts_node_is_named(node) || ts_node_is_missing(node)) {
        printf("%*s", depth * 2, "");
        if (field != NULL) {
            printf("%s: ", field);
        }
        printf("%s%s", ts_node_is_missing(node) ? "MISSING " : "", ts_node_type(node));
        if (ts_node_child_count(node) == 0) {
            uint32_t start = ts_node_start_byte(node), end = ts_node_end_byte(node);
            printf(" «%.*s»", (int)(end - start > 60 ? 60 : end - start), text + start);
        }
        putchar('\n');
    }
    if (ts_tree_cursor_goto_first_child(cursor)) {
        do {
            print_sexp(cursor, text, depth + 1);
        } while (ts_tree_cursor_goto_next_sibling(cursor));
        ts_tree_cursor_goto_parent(cursor);
    }
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    TSParser *parser = ts_parser_new();
    if (!ts_parser_set_language(parser, tree_sitter_sql())) {
        fprintf(stderr, "tree_dump: the runtime does not take this grammar's ABI\n");
        return 2;
    }
    char line[32];
    while (fgets(line, sizeof line, stdin) != NULL) {
        size_t length = strtoul(line, NULL, 10);
        char *text = malloc(length + 1);
        if (text == NULL || fread(text, 1, length, stdin) != length) {
            fprintf(stderr, "tree_dump: short frame\n");
            return 2;
        }
        text[length] = '\0';
        struct timespec before, after;
        clock_gettime(CLOCK_MONOTONIC, &before);
        TSTree *tree = ts_parser_parse_string(parser, NULL, text, (uint32_t)length);
        clock_gettime(CLOCK_MONOTONIC, &after);
        if (strcmp(mode, "--time") == 0) {
            printf("%lld", (long long)(after.tv_sec - before.tv_sec) * 1000000000 +
                               (after.tv_nsec - before.tv_nsec));
        } else {
            TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
            if (strcmp(mode, "--sexp") == 0) {
                print_sexp(&cursor, text, 0);
            } else {
                print_json(&cursor);
            }
            ts_tree_cursor_delete(&cursor);
        }
        putchar('\n');
        ts_tree_delete(tree);
        free(text);
    }
    ts_parser_delete(parser);
    return 0;
}
