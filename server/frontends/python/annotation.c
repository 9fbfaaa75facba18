/* Types in quotes: Mapped["List[Child]"]. Names, attributes, subscripts, unions, lists: what
 * occurs in annotations, and nothing else. */
#include "frontends/python/read.h"

typedef struct {
    Reading *reading;
    Str text;
    uint32_t at, base;
    uint32_t depth;
    bool failed;
} Annotation;

static PythonTerm *new_term(Annotation *a, PythonTermKind kind, uint32_t start)
{
    PythonTerm *term = ARENA_NEW(a->reading->out, PythonTerm);
    term->kind = kind;
    term->place = (Place){a->reading->fragment, {a->base + start, a->base + a->at}};
    return term;
}

static char peek(Annotation *a)
{
    while (a->at < a->text.length && (unsigned char)a->text.data[a->at] <= ' ')
        a->at++;
    return a->at < a->text.length ? a->text.data[a->at] : '\0';
}

static bool take(Annotation *a, char c)
{
    if (peek(a) != c)
        return false;
    a->at++;
    return true;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static Str take_name(Annotation *a)
{
    (void)peek(a);
    uint32_t start = a->at;
    while (a->at < a->text.length && is_name_byte(a->text.data[a->at]))
        a->at++;
    return str_slice(a->text, start, a->at);
}

static const PythonTerm *parse_union(Annotation *a);

static void parse_items(Annotation *a, char close, PythonTermVec *items)
{
    while (!a->failed && !take(a, close)) {
        const PythonTerm *item = parse_union(a);
        VEC_PUSH(a->reading->out, items, item);
        if (!take(a, ',') && peek(a) != close)
            a->failed = true;
    }
}

static const PythonTerm *parse_quoted(Annotation *a, char quote)
{
    uint32_t start = a->at;
    a->at++;
    uint32_t end = str_find(a->text, str_of(&quote, 1), a->at);
    if (end == UINT32_MAX) {
        a->failed = true;
        return new_term(a, TERM_OTHER, start);
    }
    Str inner = str_slice(a->text, a->at, end);
    uint32_t inner_base = a->base + a->at;
    a->at = end + 1;
    if (++a->depth > PYTHON_BLOCK_DEPTH_MAX || str_is_empty(inner))
        return new_term(a, TERM_OTHER, start);
    return annotation_parse(a->reading, inner, inner_base);
}

static const PythonTerm *parse_primary(Annotation *a)
{
    char c = peek(a);
    uint32_t start = a->at;
    if (c == '\'' || c == '"')
        return parse_quoted(a, c);
    if (c == '[') {
        a->at++;
        PythonTermVec items = {0};
        parse_items(a, ']', &items);
        PythonTerm *list = new_term(a, TERM_LIST, start);
        list->items = items;
        return list;
    }
    Str name = take_name(a);
    if (str_is_empty(name)) {
        a->failed = true;
        return new_term(a, TERM_OTHER, start);
    }
    bool is_none = str_equal(name, STR("None"));
    bool is_number = name.data[0] >= '0' && name.data[0] <= '9';
    PythonTerm *term = new_term(a,
                                is_none     ? TERM_NONE
                                : is_number ? TERM_NUMBER
                                            : TERM_NAME,
                                start);
    term->text = name;
    for (uint32_t n_links = 0; n_links < PYTHON_BLOCK_DEPTH_MAX; n_links++) {
        PythonTerm *outer = NULL;
        if (take(a, '.')) {
            Str attribute = take_name(a);
            a->failed |= str_is_empty(attribute);
            outer = new_term(a, TERM_ATTRIBUTE, start);
            outer->text = attribute;
            outer->text_place = outer->place;
            outer->text_place.range.start = outer->place.range.end - attribute.length;
        } else if (take(a, '[')) {
            PythonTermVec items = {0};
            parse_items(a, ']', &items);
            outer = new_term(a, TERM_SUBSCRIPT, start);
            outer->items = items;
        } else {
            return term;
        }
        outer->left = term;
        term = outer;
    }
    a->failed = true;
    return term;
}

static const PythonTerm *parse_union(Annotation *a)
{
    uint32_t start = a->at;
    if (++a->depth > PYTHON_BLOCK_DEPTH_MAX) {
        a->failed = true;
        return new_term(a, TERM_OTHER, start);
    }
    const PythonTerm *left = parse_primary(a);
    uint32_t n_parts = 1;
    while (!a->failed && take(a, '|')) {
        const PythonTerm *right = parse_primary(a);
        PythonTerm *both = new_term(a, TERM_BINARY, start);
        both->text = STR("|");
        both->left = left;
        both->right = right;
        left = both;
        a->failed |= ++n_parts > PYTHON_BLOCK_DEPTH_MAX;
    }
    a->depth--;
    return left;
}

const PythonTerm *annotation_parse(Reading *r, Str text, uint32_t base)
{
    Annotation a = {.reading = r, .text = text, .base = base};
    if (++r->block_depth > PYTHON_BLOCK_DEPTH_MAX)
        a.failed = true;
    const PythonTerm *term = a.failed ? NULL : parse_union(&a);
    r->block_depth--;
    if (term && !a.failed && peek(&a) == '\0')
        return term;
    a.at = text.length;
    return new_term(&a, TERM_OTHER, 0);
}
