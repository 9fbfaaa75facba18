/* Expressions of the syntax tree as terms. */
#include "frontends/python/read.h"
#include "python/symbols.h"

Place read_place(const Reading *r, NodeIndex node)
{
    if (node == NO_NODE)
        return (Place){0};
    return (Place){r->fragment, tree_range(r->tree, node)};
}

static uint16_t kind_of(const Reading *r, NodeIndex node)
{
    return node == NO_NODE ? 0 : r->tree->nodes[node].kind;
}

static NodeIndex field_of(const Reading *r, NodeIndex node, uint16_t field)
{
    return tree_field(r->tree, node, field);
}

static bool is_content(const Reading *r, NodeIndex node)
{
    const Node *n = &r->tree->nodes[node];
    return n->is_named && n->kind != PYTHON_COMMENT && n->kind != PYTHON_LINE_CONTINUATION;
}

/* The named child at `index`, comments not counted. */
static NodeIndex content_child(const Reading *r, NodeIndex node, uint32_t index)
{
    for (NodeIndex c = tree_first_child(r->tree, node); c != NO_NODE;
         c = tree_next_sibling(r->tree, c)) {
        if (is_content(r, c) && index-- == 0)
            return c;
    }
    return NO_NODE;
}

static PythonTerm *new_term(Reading *r, PythonTermKind kind, NodeIndex node)
{
    PythonTerm *term = ARENA_NEW(r->out, PythonTerm);
    term->kind = kind;
    term->place = read_place(r, node);
    return term;
}

/* Parentheses, await and the wrapper around annotations off. */
static NodeIndex bare(const Reading *r, NodeIndex node)
{
    for (;;) {
        uint16_t kind = kind_of(r, node);
        if (kind != PYTHON_PARENTHESIZED_EXPRESSION && kind != PYTHON_AWAIT && kind != PYTHON_TYPE)
            return node;
        NodeIndex inner = content_child(r, node, 0);
        if (inner == NO_NODE)
            return node;
        node = inner;
    }
}

static PythonTermVec read_children(Reading *r, NodeIndex node)
{
    PythonTermVec items = {0};
    for (NodeIndex c = tree_first_child(r->tree, node); c != NO_NODE;
         c = tree_next_sibling(r->tree, c)) {
        if (is_content(r, c)) {
            const PythonTerm *item = read_term(r, c);
            VEC_PUSH(r->out, &items, item);
        }
    }
    return items;
}

PythonTermVec read_arguments(Reading *r, NodeIndex argument_list)
{
    PythonTermVec items = {0};
    if (argument_list == NO_NODE)
        return items;
    if (kind_of(r, argument_list) != PYTHON_ARGUMENT_LIST) { /* f(x for x in y) */
        const PythonTerm *only = read_term(r, argument_list);
        VEC_PUSH(r->out, &items, only);
        return items;
    }
    return read_children(r, argument_list);
}

/* By the function's name as written: what it really is, is known at link, where nothing is
 * parsed. */
static bool takes_sql(Str function)
{
    static const Str names[] = {STR_INIT("CheckConstraint"), STR_INIT("Computed"),
                                STR_INIT("literal_column"), STR_INIT("create_check_constraint")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal(function, names[i]))
            return true;
    }
    return str_ends_with(function, STR("text")) && !str_ends_with(function, STR("gettext"));
}

/* Notes the strings of a call that are SQL by where they stand. */
static void note_sql_strings(Reading *r, const PythonTerm *call)
{
    bool is_named =
        call->left && (call->left->kind == TERM_NAME || call->left->kind == TERM_ATTRIBUTE);
    const PythonTerm *first = call->items.n > 0 ? call->items.items[0] : NULL;
    if (is_named && first && first->kind == TERM_STRING &&
        str_equal(call->left->text, STR("execute")))
        VEC_PUSH(r->out, &r->executed, first);
    if (!is_named || !takes_sql(call->left->text))
        return;
    for (uint32_t i = 0; i < call->items.n && i < 3; i++) {
        const PythonTerm *item = call->items.items[i];
        if (item->kind == TERM_KEYWORD)
            item = item->left;
        if (item && item->kind == TERM_STRING)
            VEC_PUSH(r->out, &r->sql_strings, item);
    }
}

static const PythonTerm *read_list_of(Reading *r, PythonTermKind kind, NodeIndex node)
{
    PythonTerm *term = new_term(r, kind, node);
    term->items = read_children(r, node);
    return term;
}

/* What stands between the holes of an f-string: {{ is a brace; with an escape it is not known. */
static const PythonTerm *read_piece(Reading *r, Range range)
{
    PythonTerm *piece = ARENA_NEW(r->out, PythonTerm);
    piece->kind = TERM_STRING;
    piece->place = piece->text_place = (Place){r->fragment, range};
    piece->sql = ARENA_NEW(r->out, PythonSql);
    Str written = str_slice(r->tree->text, range.start, range.end);
    if (str_contains(written, STR("\\")))
        piece->kind = TERM_OTHER;
    char *text = arena_alloc_raw(r->out, written.length);
    uint32_t n = 0;
    for (uint32_t i = 0; i < written.length; i++) {
        char c = written.data[i];
        text[n++] = c;
        i += (c == '{' || c == '}') && i + 1 < written.length && written.data[i + 1] == c;
    }
    piece->text = str_of(text, n);
    return piece;
}

/* f"{cls.__name__}_id": a string and a term for each hole. */
static void read_pieces(Reading *r, NodeIndex node, Range inside, PythonTermVec *items)
{
    uint32_t at = inside.start;
    for (NodeIndex c = tree_first_child(r->tree, node); c != NO_NODE;
         c = tree_next_sibling(r->tree, c)) {
        bool is_hole = kind_of(r, c) == PYTHON_INTERPOLATION;
        uint32_t end = is_hole ? r->tree->nodes[c].start : inside.end;
        bool is_last = tree_next_sibling(r->tree, c) == NO_NODE;
        if ((is_hole || is_last) && end > at) {
            const PythonTerm *piece = read_piece(r, (Range){at, end});
            VEC_PUSH(r->out, items, piece);
        }
        if (is_hole) {
            const PythonTerm *hole = read_term(r, field_of(r, c, PYTHON_FIELD_EXPRESSION));
            if (!hole || tree_has_child(r->tree, c, PYTHON_FORMAT_SPECIFIER) ||
                tree_has_child(r->tree, c, PYTHON_TYPE_CONVERSION))
                hole = new_term(r, TERM_OTHER, c);
            VEC_PUSH(r->out, items, hole);
            at = r->tree->nodes[c].end;
        }
    }
}

static const PythonTerm *read_string_term(Reading *r, NodeIndex node)
{
    PythonTerm *term = new_term(r, TERM_STRING, node);
    term->sql = ARENA_NEW(r->out, PythonSql);
    Range inside;
    if (!read_string(r, node, &term->text, &inside)) {
        term->kind = TERM_FORMATTED;
        read_pieces(r, node, inside, &term->items);
    }
    term->text_place = (Place){r->fragment, inside};
    return term;
}

static const PythonTerm *read_concatenated(Reading *r, NodeIndex node)
{
    PythonTerm *term = new_term(r, TERM_STRING, node);
    term->sql = ARENA_NEW(r->out, PythonSql);
    term->text_place = term->place;
    StrVec pieces = {0};
    for (NodeIndex c = tree_first_child(r->tree, node); c != NO_NODE;
         c = tree_next_sibling(r->tree, c)) {
        if (kind_of(r, c) != PYTHON_STRING)
            continue;
        Str piece = {0};
        Range inside;
        if (!read_string(r, c, &piece, &inside))
            term->kind = TERM_FORMATTED;
        VEC_PUSH(r->out, &pieces, piece);
    }
    if (term->kind == TERM_STRING)
        term->text = str_join(r->out, pieces.items, pieces.n, STR(""));
    return term;
}

static Str number_text(Reading *r, NodeIndex node)
{
    Str text = tree_text(r->tree, node);
    if (str_find(text, STR("_"), 0) == UINT32_MAX)
        return text;
    char *digits = arena_alloc_raw(r->out, text.length);
    uint32_t n = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.data[i] != '_')
            digits[n++] = text.data[i];
    }
    return str_of(digits, n);
}

static const PythonTerm *read_two(Reading *r, PythonTermKind kind, NodeIndex node, Str operator,
                                  NodeIndex left, NodeIndex right)
{
    PythonTerm *term = new_term(r, kind, node);
    term->text = operator;
    term->left = read_term(r, left);
    term->right = read_term(r, right);
    return term;
}

/* a == b; of a < b < c nothing is said. */
static const PythonTerm *read_comparison(Reading *r, NodeIndex node)
{
    NodeIndex left = NO_NODE, right = NO_NODE;
    uint32_t n_operands = 0;
    Range between = {0};
    for (NodeIndex c = tree_first_child(r->tree, node); c != NO_NODE;
         c = tree_next_sibling(r->tree, c)) {
        if (r->tree->nodes[c].field == PYTHON_FIELD_OPERATORS) {
            Range range = tree_range(r->tree, c);
            between = range_is_empty(between) ? range : range_join(between, range);
        } else if (is_content(r, c)) {
            (n_operands++ == 0) ? (left = c) : (right = c);
        }
    }
    if (n_operands != 2 || range_is_empty(between))
        return new_term(r, TERM_OTHER, node);
    return read_two(r, TERM_COMPARISON, node, str_slice(r->tree->text, between.start, between.end),
                    left, right);
}

static const PythonTerm *read_conditional(Reading *r, NodeIndex node)
{
    NodeIndex condition = content_child(r, node, 1), other = content_child(r, node, 2);
    if (other == NO_NODE)
        return new_term(r, TERM_OTHER, node);
    PythonTerm *term = new_term(r, TERM_CONDITIONAL, node);
    const PythonTerm *asked = read_term(r, condition);
    VEC_PUSH(r->out, &term->items, asked);
    term->left = read_term(r, content_child(r, node, 0));
    term->right = read_term(r, other);
    return term;
}

static const PythonTerm *read_subscript(Reading *r, NodeIndex node)
{
    PythonTerm *term = new_term(r, TERM_SUBSCRIPT, node);
    term->left = read_term(r, field_of(r, node, PYTHON_FIELD_VALUE));
    for (NodeIndex c = tree_first_child(r->tree, node); c != NO_NODE;
         c = tree_next_sibling(r->tree, c)) {
        if (r->tree->nodes[c].field == PYTHON_FIELD_SUBSCRIPT) {
            const PythonTerm *item = read_term(r, c);
            VEC_PUSH(r->out, &term->items, item);
        }
    }
    return term;
}

static const PythonTerm *read_comprehension(Reading *r, NodeIndex node)
{
    PythonTerm *term = new_term(r, TERM_COMPREHENSION, node);
    term->left = read_term(r, field_of(r, node, PYTHON_FIELD_BODY));
    for (NodeIndex c = tree_first_child(r->tree, node); c != NO_NODE;
         c = tree_next_sibling(r->tree, c)) {
        const PythonTerm *clause = NULL;
        if (kind_of(r, c) == PYTHON_FOR_IN_CLAUSE) {
            clause = read_two(r, TERM_PAIR, c, (Str){0}, field_of(r, c, PYTHON_FIELD_LEFT),
                              field_of(r, c, PYTHON_FIELD_RIGHT));
        } else if (kind_of(r, c) == PYTHON_IF_CLAUSE) {
            clause = read_two(r, TERM_UNARY, c, STR("if"), content_child(r, c, 0), NO_NODE);
        }
        if (clause)
            VEC_PUSH(r->out, &term->items, clause);
    }
    return term;
}

/* Annotations have nodes of their own for what elsewhere is a subscript, a union, an attribute. */
static const PythonTerm *read_generic_type(Reading *r, NodeIndex node)
{
    PythonTerm *term = new_term(r, TERM_SUBSCRIPT, node);
    term->left = read_term(r, content_child(r, node, 0));
    NodeIndex parameters = tree_child_of_kind(r->tree, node, PYTHON_TYPE_PARAMETER);
    if (parameters != NO_NODE)
        term->items = read_children(r, parameters);
    return term;
}

static const PythonTerm *read_named(Reading *r, PythonTermKind kind, NodeIndex node, NodeIndex left,
                                    NodeIndex name)
{
    PythonTerm *term = new_term(r, kind, node);
    term->left = read_term(r, left);
    term->text = tree_text(r->tree, name);
    term->text_place = read_place(r, name);
    return term;
}

static const PythonTerm *read_kind(Reading *r, NodeIndex node)
{
    PythonTerm *term;
    switch (kind_of(r, node)) {
    case PYTHON_IDENTIFIER:
        term = new_term(r, TERM_NAME, node);
        term->text = tree_text(r->tree, node);
        return term;
    case PYTHON_ATTRIBUTE:
        return read_named(r, TERM_ATTRIBUTE, node, field_of(r, node, PYTHON_FIELD_OBJECT),
                          field_of(r, node, PYTHON_FIELD_ATTRIBUTE));
    case PYTHON_MEMBER_TYPE:
        return read_named(r, TERM_ATTRIBUTE, node, content_child(r, node, 0),
                          content_child(r, node, 1));
    case PYTHON_KEYWORD_ARGUMENT:
        return read_named(r, TERM_KEYWORD, node, field_of(r, node, PYTHON_FIELD_VALUE),
                          field_of(r, node, PYTHON_FIELD_NAME));
    case PYTHON_CALL:
        term = new_term(r, TERM_CALL, node);
        term->left = read_term(r, field_of(r, node, PYTHON_FIELD_FUNCTION));
        term->items = read_arguments(r, field_of(r, node, PYTHON_FIELD_ARGUMENTS));
        note_sql_strings(r, term);
        return term;
    case PYTHON_SUBSCRIPT:
        return read_subscript(r, node);
    case PYTHON_GENERIC_TYPE:
        return read_generic_type(r, node);
    case PYTHON_LIST_SPLAT:
    case PYTHON_LIST_SPLAT_PATTERN:
        term = new_term(r, TERM_SPLAT, node);
        term->left = read_term(r, content_child(r, node, 0));
        return term;
    case PYTHON_DICTIONARY_SPLAT:
        term = new_term(r, TERM_DOUBLE_SPLAT, node);
        term->left = read_term(r, content_child(r, node, 0));
        return term;
    case PYTHON_STRING:
        return read_string_term(r, node);
    case PYTHON_CONCATENATED_STRING:
        return read_concatenated(r, node);
    case PYTHON_INTEGER:
    case PYTHON_FLOAT:
        term = new_term(r, TERM_NUMBER, node);
        term->text = number_text(r, node);
        return term;
    case PYTHON_TRUE:
        return new_term(r, TERM_TRUE, node);
    case PYTHON_FALSE:
        return new_term(r, TERM_FALSE, node);
    case PYTHON_NONE:
        return new_term(r, TERM_NONE, node);
    case PYTHON_LIST:
    case PYTHON_LIST_PATTERN:
        return read_list_of(r, TERM_LIST, node);
    case PYTHON_TUPLE:
    case PYTHON_TUPLE_PATTERN:
    case PYTHON_EXPRESSION_LIST:
    case PYTHON_PATTERN_LIST:
        return read_list_of(r, TERM_TUPLE, node);
    case PYTHON_SET:
        return read_list_of(r, TERM_SET, node);
    case PYTHON_DICTIONARY:
        return read_list_of(r, TERM_DICT, node);
    case PYTHON_PAIR:
        return read_two(r, TERM_PAIR, node, (Str){0}, field_of(r, node, PYTHON_FIELD_KEY),
                        field_of(r, node, PYTHON_FIELD_VALUE));
    case PYTHON_UNARY_OPERATOR:
        term = new_term(r, TERM_UNARY, node);
        term->text = tree_text(r->tree, field_of(r, node, PYTHON_FIELD_OPERATOR));
        term->left = read_term(r, field_of(r, node, PYTHON_FIELD_ARGUMENT));
        return term;
    case PYTHON_NOT_OPERATOR:
        term = new_term(r, TERM_UNARY, node);
        term->text = STR("not");
        term->left = read_term(r, field_of(r, node, PYTHON_FIELD_ARGUMENT));
        return term;
    case PYTHON_BINARY_OPERATOR:
    case PYTHON_BOOLEAN_OPERATOR:
        return read_two(
            r, TERM_BINARY, node, tree_text(r->tree, field_of(r, node, PYTHON_FIELD_OPERATOR)),
            field_of(r, node, PYTHON_FIELD_LEFT), field_of(r, node, PYTHON_FIELD_RIGHT));
    case PYTHON_UNION_TYPE:
        return read_two(r, TERM_BINARY, node, STR("|"), content_child(r, node, 0),
                        content_child(r, node, 1));
    case PYTHON_COMPARISON_OPERATOR:
        return read_comparison(r, node);
    case PYTHON_CONDITIONAL_EXPRESSION:
        return read_conditional(r, node);
    case PYTHON_LAMBDA:
        term = new_term(r, TERM_LAMBDA, node);
        term->left = read_term(r, field_of(r, node, PYTHON_FIELD_BODY));
        return term;
    case PYTHON_LIST_COMPREHENSION:
    case PYTHON_SET_COMPREHENSION:
    case PYTHON_DICTIONARY_COMPREHENSION:
    case PYTHON_GENERATOR_EXPRESSION:
        return read_comprehension(r, node);
    case PYTHON_YIELD:
        term = new_term(r, TERM_OTHER, node);
        term->left = read_term(r, content_child(r, node, 0));
        return term;
    default:
        return new_term(r, TERM_OTHER, node);
    }
}

const PythonTerm *read_term(Reading *r, NodeIndex node)
{
    if (node == NO_NODE)
        return NULL;
    node = bare(r, node);
    if (r->depth >= PYTHON_DEPTH_MAX)
        return new_term(r, TERM_OTHER, node);
    r->depth++;
    const PythonTerm *term = read_kind(r, node);
    r->depth--;
    return term;
}

/* Strings in an annotation are types that are not defined yet; those in Literal["a"] are not. */
static const PythonTerm *with_strings_parsed(Reading *r, const PythonTerm *term)
{
    if (!term)
        return NULL;
    if (term->kind == TERM_STRING) {
        bool is_plain = term->text.data == r->tree->text.data + term->text_place.range.start;
        if (!is_plain)
            return term;
        return annotation_parse(r, term->text, term->text_place.range.start);
    }
    bool is_literal = term->kind == TERM_SUBSCRIPT && term->left &&
                      (term->left->kind == TERM_NAME || term->left->kind == TERM_ATTRIBUTE) &&
                      str_equal(term->left->text, STR("Literal"));
    if (is_literal ||
        (term->kind != TERM_SUBSCRIPT && term->kind != TERM_BINARY && term->kind != TERM_LIST))
        return term;
    PythonTerm *copy = ARENA_NEW(r->out, PythonTerm);
    *copy = *term;
    copy->left = with_strings_parsed(r, term->left);
    copy->right = with_strings_parsed(r, term->right);
    copy->items = (PythonTermVec){0};
    for (uint32_t i = 0; i < term->items.n; i++) {
        const PythonTerm *item = with_strings_parsed(r, term->items.items[i]);
        VEC_PUSH(r->out, &copy->items, item);
    }
    return copy;
}

const PythonTerm *read_annotation(Reading *r, NodeIndex node)
{
    return with_strings_parsed(r, read_term(r, node));
}
