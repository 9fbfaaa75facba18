#include "syntax/parser.h"

#include <stdatomic.h>

#include <tree_sitter/api.h>

#include "base/panic.h"
#include "base/vec.h"
#include "syntax/direct.h"
#include "syntax/sql_lex.h"

const TSLanguage *tree_sitter_sql(void); /* grammars/sql/src/parser.c */
const TSLanguage *tree_sitter_python(void);

enum {
    /* tree-sitter asks every 100 steps whether to go on. A well-formed text takes about one
     * step for each two bytes; recovery from errors, up to ten for each byte. */
    BUDGET_START = 200,
    BUDGET_BYTES_PER_CALL = 6,
    STEPS_PER_CALL = 100,
    RECOVERED_MAX_BYTES = 8 * 1024, /* recovery takes the square of that: a tenth of a second */
    N_LANGUAGES = LANGUAGE_PYTHON + 1,
};

/* Of each symbol of a language: asked once, not for each node. */
typedef struct {
    bool *is_named; /* NULL: not asked yet */
    uint32_t n;
} Symbols;

struct Parser {
    Arena arena; /* holds this struct and the symbols */
    Arena scratch;
    DirectParser *direct[N_LANGUAGES]; /* NULL until it is needed, as what follows */
    TSParser *parser;
    Language language; /* that `parser` is set to */
    Symbols symbols[N_LANGUAGES];
};

typedef struct {
    Str text;
    uint32_t calls_left;
} ParseJob;

static const TSLanguage *language_of(Language language)
{
    switch (language) {
    case LANGUAGE_SQL:
        return tree_sitter_sql();
    case LANGUAGE_PYTHON:
        return tree_sitter_python();
    }
    UNREACHABLE();
}

static void set_language(Parser *parser, Language name)
{
    const TSLanguage *language = language_of(name);
    Symbols *symbols = &parser->symbols[name];
    parser->language = name;
    if (!symbols->is_named) {
        symbols->n = ts_language_symbol_count(language);
        symbols->is_named = ARENA_ARRAY(&parser->arena, bool, symbols->n);
        for (uint32_t i = 0; i < symbols->n; i++)
            symbols->is_named[i] =
                ts_language_symbol_type(language, (TSSymbol)i) == TSSymbolTypeRegular;
    }
    CHECK(ts_parser_set_language(parser->parser, language));
}

/* A parser learns its way through the tables, and has its memory. One that is free waits here for
 * who needs one next: a project's files are read one by one, each with a parser of its own. */
static _Atomic(Parser *) spare[2];

static Parser *take_spare(void)
{
    for (size_t i = 0; i < sizeof spare / sizeof *spare; i++) {
        Parser *parser = atomic_exchange(&spare[i], NULL);
        if (parser)
            return parser;
    }
    return NULL;
}

static bool keep_spare(Parser *parser)
{
    enum { MOST_KEPT_BYTES = 1024 * 1024 };
    if (parser->scratch.total > MOST_KEPT_BYTES)
        return false;
    for (size_t i = 0; i < N_LANGUAGES; i++) {
        if (parser->direct[i] && direct_size(parser->direct[i]) > MOST_KEPT_BYTES)
            return false;
    }
    for (size_t i = 0; i < sizeof spare / sizeof *spare; i++) {
        Parser *none = NULL;
        if (atomic_compare_exchange_strong(&spare[i], &none, parser))
            return true;
    }
    return false;
}

Parser *parser_new(void)
{
    Parser *parser = take_spare();
    return parser ? parser : ARENA_OWNER_NEW(Parser);
}

void parser_free(Parser *parser)
{
    if (!parser || keep_spare(parser))
        return;
    ts_parser_delete(parser->parser);
    for (size_t i = 0; i < N_LANGUAGES; i++)
        direct_free(parser->direct[i]);
    arena_release(&parser->scratch);
    arena_owner_free(&parser->arena);
}

Arena *parser_scratch(Parser *parser)
{
    return &parser->scratch;
}

static const char *read_text(void *payload, uint32_t at, TSPoint position, uint32_t *length)
{
    (void)position;
    const ParseJob *job = payload;
    *length = at < job->text.length ? job->text.length - at : 0;
    return *length > 0 ? job->text.data + at : "";
}

static bool is_budget_spent(TSParseState *state)
{
    ParseJob *job = state->payload;
    if (job->calls_left == 0)
        return true;
    job->calls_left--;
    return false;
}

typedef Vec(Node) NodeVec;

/* `may_have_error` is false where the root already said that there is none. */
static Node node_under_cursor(const Symbols *symbols, const TSTreeCursor *cursor, NodeIndex parent,
                              bool may_have_error)
{
    TSNode node = ts_tree_cursor_current_node(cursor);
    TSSymbol kind = ts_node_symbol(node);
    Node result = {
        .kind = kind,
        .field = ts_tree_cursor_current_field_id(cursor),
        .start = ts_node_start_byte(node),
        .end = ts_node_end_byte(node),
        .parent = parent,
        .is_named = kind >= symbols->n || symbols->is_named[kind],
    };
    if (may_have_error) {
        result.is_named = ts_node_is_named(node);
        result.is_error = ts_node_is_error(node);
        result.is_missing = ts_node_is_missing(node);
        result.has_error = ts_node_has_error(node);
    }
    return result;
}

/* One walk of the cursor in preorder; `next` of a node is known when it is left. */
static NodeVec copy_nodes(const Symbols *symbols, TSNode root, Arena *out)
{
    bool may_have_error = ts_node_has_error(root);
    NodeVec nodes = {.capacity = ts_node_descendant_count(root)};
    nodes.items = ARENA_ARRAY(out, Node, nodes.capacity);
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    NodeIndex parent = NO_NODE;
    for (;;) {
        NodeIndex index = nodes.n;
        VEC_PUSH(out, &nodes, node_under_cursor(symbols, &cursor, parent, may_have_error));
        if (ts_tree_cursor_goto_first_child(&cursor)) {
            parent = index;
            continue;
        }
        nodes.items[index].next = nodes.n;
        while (parent != NO_NODE && !ts_tree_cursor_goto_next_sibling(&cursor)) {
            ts_tree_cursor_goto_parent(&cursor);
            nodes.items[parent].next = nodes.n;
            parent = nodes.items[parent].parent;
        }
        if (parent == NO_NODE)
            break;
    }
    ts_tree_cursor_delete(&cursor);
    return nodes;
}

static Tree error_tree(Str text, Arena *out)
{
    Node *node = ARENA_NEW(out, Node);
    *node = (Node){.kind = UINT16_MAX,
                   .end = text.length,
                   .next = 1,
                   .parent = NO_NODE,
                   .is_named = true,
                   .is_error = true,
                   .has_error = true};
    return (Tree){.text = text, .nodes = node, .n_nodes = 1};
}

static uint32_t calls_for(Str text)
{
    return BUDGET_START + text.length / BUDGET_BYTES_PER_CALL;
}

/* NULL where it takes too long. */
static TSTree *parse_by_tree_sitter(Parser *parser, Language language, Str text)
{
    if (!parser->parser) {
        parser->parser = ts_parser_new();
        CHECK(parser->parser);
        set_language(parser, language);
    }
    if (language != parser->language)
        set_language(parser, language);
    ParseJob job = {.text = text, .calls_left = calls_for(text)};
    TSInput input = {.payload = &job, .read = read_text, .encoding = TSInputEncodingUTF8};
    TSParseOptions options = {.payload = &job, .progress_callback = is_budget_spent};
    TSTree *parsed = ts_parser_parse_with_options(parser->parser, NULL, input, options);
    if (!parsed)
        ts_parser_reset(parser->parser);
    return parsed;
}

static Tree take_tree(Parser *parser, Language language, Str text, TSTree *parsed, Arena *out)
{
    NodeVec nodes = copy_nodes(&parser->symbols[language], ts_tree_root_node(parsed), out);
    ts_tree_delete(parsed);
    return (Tree){.text = text, .nodes = nodes.items, .n_nodes = nodes.n};
}

Tree parser_parse_any(Parser *parser, Language language, Str text, Arena *out)
{
    TSTree *parsed = parse_by_tree_sitter(parser, language, text);
    return parsed ? take_tree(parser, language, text, parsed, out) : error_tree(text, out);
}

/* tree-sitter remembers hundreds of bytes for each parenthesis that is open: 400 KB of them would
 * cost 150 MB. Nobody nests so deep; where the text stops making sense before, the direct parser
 * has not seen it. Quotes and comments are read as PostgreSQL has them: close enough for a limit.
 */
static bool is_too_deep(Str text)
{
    enum { NESTED_MAX = 1000 };
    uint32_t depth = 0;
    SqlToken token = sql_lex(text, 0, DIALECT_POSTGRESQL);
    for (; token.kind != SQL_TOKEN_END && depth <= NESTED_MAX;
         token = sql_lex(text, token.end, DIALECT_POSTGRESQL)) {
        if (sql_token_is_symbol(text, token, '(') || sql_token_is(text, token, "CASE"))
            depth++;
        else if (depth > 0 &&
                 (sql_token_is_symbol(text, token, ')') || sql_token_is(text, token, "END")))
            depth--;
    }
    return depth > NESTED_MAX;
}

static bool parse_directly(Parser *parser, Language language, Str text, Arena *out, Tree *tree)
{
    DirectParser **direct = &parser->direct[language];
    if (!*direct)
        *direct = direct_new(language_of(language));
    return direct_parse(*direct, text, calls_for(text) * STEPS_PER_CALL, out, tree);
}

Tree parser_parse(Parser *parser, Language language, Str text, Arena *out)
{
    Tree tree;
    if (parse_directly(parser, language, text, out, &tree))
        return tree;
    if (direct_was_too_deep(parser->direct[language]) ||
        (language == LANGUAGE_SQL && is_too_deep(text)))
        return error_tree(text, out);
    return parser_parse_any(parser, language, text, out);
}

bool parser_parse_well_formed(Parser *parser, Language language, Str text, Arena *out, Tree *tree)
{
    if (parse_directly(parser, language, text, out, tree))
        return true;
    if (text.length > RECOVERED_MAX_BYTES || direct_was_too_deep(parser->direct[language]))
        return false;
    TSTree *parsed = parse_by_tree_sitter(parser, language, text);
    bool has_error = !parsed || ts_node_has_error(ts_tree_root_node(parsed));
    if (!has_error)
        *tree = take_tree(parser, language, text, parsed, out);
    else
        ts_tree_delete(parsed);
    return !has_error;
}

const char *language_kind_name(Language language, uint16_t kind)
{
    return ts_language_symbol_name(language_of(language), kind);
}

const char *language_field_name(Language language, uint16_t field)
{
    return ts_language_field_name_for_id(language_of(language), field);
}

uint32_t language_abi(Language language)
{
    return ts_language_abi_version(language_of(language));
}

bool language_fits(Language language)
{
    uint32_t abi = language_abi(language);
    return abi >= TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION &&
           abi <= TREE_SITTER_LANGUAGE_VERSION;
}
