/* How a half-typed schema is read
 *
 * Prisma's language is one of lines: a field, an attribute of a block and a property end with their
 * line. So does every mistake here. Two liberties are taken where a text is plainly meant so: what
 * stands in brackets may go on in the next line where that begins as an argument does, and a
 * field's attributes may. A line that could as well be a field of its own is taken for one:
 *
 *     id Int @default(        <- unfinished: the attribute has no arguments
 *     name String             <- a name and a type: a field, not an argument
 *
 * A block ends at a brace that begins a line, or on its own first line; one that is not closed
 * ends where a line has a block's keyword, a name and a brace. */
#include "syntax/prisma_syntax.h"

#include "syntax/prisma_lex.h"

enum {
    VALUE_DEPTH_MAX = 16, /* arrays in arrays; the language needs three */
};

typedef struct {
    Arena *out, *scratch;
    Str text;
    const PrismaToken *tokens;
    uint32_t at;    /* of the next token; the last is PRISMA_TOKEN_END */
    uint32_t depth; /* of values */
} Reader;

/* ---- tokens ---- */

static const PrismaToken *peek(const Reader *r)
{
    return &r->tokens[r->at];
}

static PrismaTokenKind kind_at(const Reader *r, uint32_t at)
{
    return r->tokens[at].kind;
}

static bool is_at(const Reader *r, PrismaTokenKind kind)
{
    return peek(r)->kind == kind;
}

static Str token_text(const Reader *r, uint32_t at)
{
    return str_slice(r->text, r->tokens[at].range.start, r->tokens[at].range.end);
}

static bool is_mark_at(const Reader *r, uint32_t at, char mark)
{
    return kind_at(r, at) == PRISMA_TOKEN_OTHER && r->text.data[r->tokens[at].range.start] == mark;
}

static bool is_mark(const Reader *r, char mark)
{
    return is_mark_at(r, r->at, mark);
}

static bool take_mark(Reader *r, char mark)
{
    if (!is_mark(r, mark))
        return false;
    r->at++;
    return true;
}

static bool is_line_over(const Reader *r)
{
    return is_at(r, PRISMA_TOKEN_LINE_END) || is_at(r, PRISMA_TOKEN_END);
}

static void skip_line(Reader *r)
{
    while (!is_line_over(r))
        r->at++;
}

/* The end of what was read last. */
static uint32_t last_end(const Reader *r)
{
    return r->at > 0 ? r->tokens[r->at - 1].range.end : 0;
}

/* Names joined by dots without space: "db.VarChar", "address.street". */
static PrismaWord take_path(Reader *r)
{
    Range range = peek(r)->range;
    r->at++;
    while (is_mark(r, '.') && peek(r)->range.start == range.end &&
           kind_at(r, r->at + 1) == PRISMA_TOKEN_NAME &&
           r->tokens[r->at + 1].range.start == peek(r)->range.end) {
        range.end = r->tokens[r->at + 1].range.end;
        r->at += 2;
    }
    return (PrismaWord){.text = str_slice(r->text, range.start, range.end), .range = range};
}

/* ---- values ---- */

/* True where the token at `at`, the first of a line, goes on with a list of arguments. */
static bool continues_list(const Reader *r, uint32_t at)
{
    switch (kind_at(r, at)) {
    case PRISMA_TOKEN_STRING:
    case PRISMA_TOKEN_NUMBER:
        return true;
    case PRISMA_TOKEN_OTHER:
        return is_mark_at(r, at, ')') || is_mark_at(r, at, ']') || is_mark_at(r, at, ',') ||
               is_mark_at(r, at, '[') || is_mark_at(r, at, '{');
    case PRISMA_TOKEN_NAME:
        break;
    case PRISMA_TOKEN_END:
    case PRISMA_TOKEN_LINE_END:
    case PRISMA_TOKEN_DOCUMENTATION:
    case PRISMA_TOKEN_AT:
    case PRISMA_TOKEN_AT_AT:
        return false;
    }
    uint32_t next = at + 1;
    bool is_last = kind_at(r, next) == PRISMA_TOKEN_LINE_END;
    next += is_last;
    if (is_mark_at(r, next, ')') || is_mark_at(r, next, ']'))
        return true;
    return !is_last && (is_mark_at(r, next, ',') || is_mark_at(r, next, '(') ||
                        is_mark_at(r, next, '.') || is_mark_at(r, next, ':'));
}

/* Passes over the ends of lines within brackets; false where the list ends unfinished. */
static bool skip_breaks(Reader *r)
{
    uint32_t at = r->at;
    while (kind_at(r, at) == PRISMA_TOKEN_LINE_END || kind_at(r, at) == PRISMA_TOKEN_DOCUMENTATION)
        at++;
    if (kind_at(r, at) == PRISMA_TOKEN_END || (at != r->at && !continues_list(r, at)))
        return false;
    r->at = at;
    return true;
}

static const PrismaValue *take_value(Reader *r);

/* Up to and with `close`, the opening bracket being read already. A label without a value, and
 * what is no value, are left out. */
static PrismaArgumentVec take_arguments(Reader *r, char close)
{
    PrismaArgumentVec arguments = {0};
    while (skip_breaks(r) && !take_mark(r, close)) {
        PrismaArgument argument = {0};
        if (is_at(r, PRISMA_TOKEN_NAME) && is_mark_at(r, r->at + 1, ':')) {
            argument.label = take_path(r);
            r->at++;
            if (!skip_breaks(r))
                break;
        }
        argument.value = take_value(r);
        if (argument.value)
            VEC_PUSH(r->out, &arguments, argument);
        else if (is_mark(r, ')') || is_mark(r, ']') || is_mark(r, '}') ||
                 is_at(r, PRISMA_TOKEN_AT) || is_at(r, PRISMA_TOKEN_AT_AT)) {
            if (!take_mark(r, close))
                break;
            return arguments;
        } else if (!is_mark(r, ',') && !is_line_over(r))
            r->at++;
        take_mark(r, ',');
    }
    return arguments;
}

static void take_list(Reader *r, PrismaValue *value, PrismaValueKind kind, char close)
{
    value->kind = kind;
    r->at++;
    value->arguments = take_arguments(r, close);
    value->range.end = last_end(r);
}

/* NULL, with nothing read, where there is none. */
static const PrismaValue *take_value(Reader *r)
{
    bool is_list = is_mark(r, '[') || is_mark(r, '{');
    bool is_word = is_at(r, PRISMA_TOKEN_STRING) || is_at(r, PRISMA_TOKEN_NUMBER) ||
                   is_at(r, PRISMA_TOKEN_NAME);
    if (!is_list && !is_word)
        return NULL;
    if (r->depth == VALUE_DEPTH_MAX) {
        skip_line(r);
        return NULL;
    }
    r->depth++;
    PrismaValue *value = ARENA_NEW(r->out, PrismaValue);
    value->range = peek(r)->range;
    if (is_list) {
        bool is_array = is_mark(r, '[');
        take_list(r, value, is_array ? PRISMA_ARRAY : PRISMA_OBJECT, is_array ? ']' : '}');
    } else if (is_at(r, PRISMA_TOKEN_NAME)) {
        PrismaWord name = take_path(r);
        value->kind = PRISMA_NAME;
        value->text = name.text;
        value->range = name.range;
        if (is_mark(r, '('))
            take_list(r, value, PRISMA_CALL, ')');
    } else {
        bool is_string = is_at(r, PRISMA_TOKEN_STRING);
        value->kind = is_string ? PRISMA_STRING : PRISMA_NUMBER;
        Str text = token_text(r, r->at);
        value->text = is_string ? prisma_string_value(r->out, text) : text;
        r->at++;
    }
    r->depth--;
    return value;
}

/* ---- attributes ---- */

/* At @ or @@; false where no name follows. */
static bool take_attribute(Reader *r, PrismaAttributeVec *attributes)
{
    uint32_t start = peek(r)->range.start;
    r->at++;
    if (!is_at(r, PRISMA_TOKEN_NAME))
        return false;
    PrismaAttribute *attribute = VEC_EXTEND(r->out, attributes);
    attribute->name = take_path(r);
    if (take_mark(r, '('))
        attribute->arguments = take_arguments(r, ')');
    attribute->range = (Range){.start = start, .end = last_end(r)};
    return true;
}

/* ---- documentation ---- */

typedef Vec(Str) LineVec;

static Str documentation_line(const Reader *r)
{
    Range range = peek(r)->range;
    return str_trim(str_slice(r->text, range.start + 3, range.end));
}

/* False where a plain comment stands before the end of the line at hand: those give no token. */
static bool is_blank_between(const Reader *r)
{
    Str before = str_slice(r->text, last_end(r), peek(r)->range.start);
    return str_find(before, STR("/"), 0) == UINT32_MAX;
}

/* Passes over ends of lines; gives the documentation that stands right before the next token. A
 * blank line cuts it off. */
static LineVec take_documentation(Reader *r)
{
    LineVec lines = {0};
    uint32_t n_breaks = 0;
    for (;; r->at++) {
        if (is_at(r, PRISMA_TOKEN_LINE_END)) {
            n_breaks += is_blank_between(r);
            if (n_breaks > 1)
                lines.n = 0;
        } else if (is_at(r, PRISMA_TOKEN_DOCUMENTATION)) {
            VEC_PUSH(r->scratch, &lines, documentation_line(r));
            n_breaks = 0;
        } else {
            return lines;
        }
    }
}

static Str joined_lines(Reader *r, const LineVec *lines)
{
    if (lines->n <= 1)
        return lines->n == 1 ? lines->items[0] : (Str){0};
    return str_join(r->out, lines->items, lines->n, STR("\n"));
}

/* ---- entries ---- */

static void take_type(Reader *r, PrismaEntry *entry)
{
    if (!is_at(r, PRISMA_TOKEN_NAME))
        return;
    Range range = peek(r)->range;
    bool is_unsupported = str_equal(token_text(r, r->at), STR("Unsupported"));
    r->at++;
    if (is_unsupported && is_mark(r, '(')) {
        if (kind_at(r, r->at + 1) != PRISMA_TOKEN_STRING)
            return;
        Range inside = r->tokens[r->at + 1].range;
        entry->unsupported.text = prisma_string_value(r->out, token_text(r, r->at + 1));
        entry->unsupported.range = inside;
        r->at += 2;
        take_mark(r, ')');
        range.end = last_end(r);
    }
    entry->type = (PrismaWord){.text = str_slice(r->text, range.start, range.end), .range = range};
    if (is_mark(r, '[') && is_mark_at(r, r->at + 1, ']')) {
        r->at += 2;
        entry->is_list = true;
    }
    if (take_mark(r, '?'))
        entry->is_optional = true;
    else
        take_mark(r, '!');
}

static void take_attributes(Reader *r, PrismaEntry *entry, LineVec *documentation)
{
    for (;;) {
        bool goes_on = is_at(r, PRISMA_TOKEN_LINE_END) && kind_at(r, r->at + 1) == PRISMA_TOKEN_AT;
        if (goes_on)
            r->at++;
        if (is_line_over(r) || is_mark(r, '}'))
            return;
        if (is_at(r, PRISMA_TOKEN_AT)) {
            if (take_attribute(r, &entry->attributes))
                entry->range.end = last_end(r);
        } else {
            if (is_at(r, PRISMA_TOKEN_DOCUMENTATION))
                VEC_PUSH(r->scratch, documentation, documentation_line(r));
            r->at++;
        }
    }
}

static void take_property(Reader *r, PrismaEntry *entry)
{
    entry->kind = PRISMA_PROPERTY;
    if (take_mark(r, '='))
        entry->value = take_value(r);
    entry->range.end = last_end(r);
}

static void take_field(Reader *r, PrismaEntry *entry, bool has_type, LineVec *documentation)
{
    take_mark(r, ':');
    if (has_type)
        take_type(r, entry);
    entry->range.end = last_end(r);
    take_attributes(r, entry, documentation);
}

/* One line of a block, at its first token; at least one token is read. */
static void take_entry(Reader *r, PrismaBlock *block, LineVec *documentation)
{
    bool is_attribute = is_at(r, PRISMA_TOKEN_AT_AT);
    if (!is_attribute && !is_at(r, PRISMA_TOKEN_NAME)) {
        r->at++;
        return;
    }
    PrismaEntry entry = {.range = peek(r)->range};
    if (is_attribute) {
        entry.kind = PRISMA_BLOCK_ATTRIBUTE;
        if (!take_attribute(r, &entry.attributes))
            return;
        entry.name = entry.attributes.items[0].name;
        entry.range = entry.attributes.items[0].range;
    } else {
        entry.name = (PrismaWord){.text = token_text(r, r->at), .range = entry.range};
        r->at++;
        if (block->kind == PRISMA_DATASOURCE || block->kind == PRISMA_GENERATOR)
            take_property(r, &entry);
        else
            take_field(r, &entry, block->kind != PRISMA_ENUM, documentation);
    }
    entry.documentation = joined_lines(r, documentation);
    VEC_PUSH(r->out, &block->entries, entry);
}

/* ---- blocks ---- */

static bool block_keyword(Str word, PrismaBlockKind *kind)
{
    static const Str words[] = {
        [PRISMA_DATASOURCE] = STR_INIT("datasource"),
        [PRISMA_GENERATOR] = STR_INIT("generator"),
        [PRISMA_MODEL] = STR_INIT("model"),
        [PRISMA_VIEW] = STR_INIT("view"),
        [PRISMA_ENUM] = STR_INIT("enum"),
        [PRISMA_TYPE] = STR_INIT("type"),
    };
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_equal(word, words[i])) {
            *kind = (PrismaBlockKind)i;
            return true;
        }
    }
    return false;
}

/* True at the head of a block: keyword, name and brace, which may stand in the next line. */
static bool is_block_start(const Reader *r, PrismaBlockKind *kind)
{
    if (!is_at(r, PRISMA_TOKEN_NAME) || kind_at(r, r->at + 1) != PRISMA_TOKEN_NAME)
        return false;
    uint32_t brace = r->at + 2;
    brace += kind_at(r, brace) == PRISMA_TOKEN_LINE_END;
    return is_mark_at(r, brace, '{') && block_keyword(token_text(r, r->at), kind);
}

static Str leading_space(Str text, uint32_t at)
{
    uint32_t start = at;
    while (start > 0 && (text.data[start - 1] == ' ' || text.data[start - 1] == '\t'))
        start--;
    return str_slice(text, start, at);
}

/* Where a line may be added: behind the line of the last entry, with what comment it has. */
static void find_insertion(Reader *r, PrismaBlock *block, uint32_t line_end)
{
    block->insert_at = line_end;
    if (block->entries.n > 0) {
        block->indent = leading_space(r->text, VEC_LAST(&block->entries)->range.start);
        return;
    }
    Str outer = leading_space(r->text, block->range.start);
    block->indent = str_join(r->out, (const Str[]){outer, STR("  ")}, 2, STR(""));
}

/* Behind the line in hand, where nothing but a comment or a brace follows. */
static uint32_t end_of_line(const Reader *r)
{
    return is_at(r, PRISMA_TOKEN_LINE_END) ? peek(r)->range.start : last_end(r);
}

static void take_body(Reader *r, PrismaBlock *block)
{
    bool is_first_line = true;
    uint32_t insert_at = is_at(r, PRISMA_TOKEN_LINE_END) ? end_of_line(r) : last_end(r);
    for (;;) {
        is_first_line &= !is_at(r, PRISMA_TOKEN_LINE_END);
        LineVec documentation = take_documentation(r);
        PrismaBlockKind next;
        if (is_at(r, PRISMA_TOKEN_END) || is_block_start(r, &next))
            break;
        if (take_mark(r, '}')) {
            block->is_closed = true;
            block->range.end = last_end(r);
            break;
        }
        uint32_t n_entries = block->entries.n;
        take_entry(r, block, &documentation);
        while (!is_line_over(r) && !(is_first_line && is_mark(r, '}')))
            r->at++;
        if (block->entries.n > n_entries) {
            block->range.end = VEC_LAST(&block->entries)->range.end;
            insert_at = end_of_line(r);
        }
    }
    find_insertion(r, block, insert_at);
}

static void take_block(Reader *r, PrismaSyntax *syntax, PrismaBlockKind kind,
                       const LineVec *documentation)
{
    PrismaBlock *block = VEC_EXTEND(r->out, &syntax->blocks);
    block->kind = kind;
    block->documentation = joined_lines(r, documentation);
    block->range = peek(r)->range;
    r->at++;
    block->name = (PrismaWord){.text = token_text(r, r->at), .range = peek(r)->range};
    r->at++;
    if (is_at(r, PRISMA_TOKEN_LINE_END))
        r->at++;
    r->at++;
    block->range.end = last_end(r);
    take_body(r, block);
}

PrismaSyntax prisma_parse(Arena *out, Arena *scratch, Str text)
{
    PrismaTokenVec tokens = prisma_lex(scratch, text);
    Reader r = {.out = out, .scratch = scratch, .text = text, .tokens = tokens.items};
    PrismaSyntax syntax = {0};
    for (;;) {
        LineVec documentation = take_documentation(&r);
        if (is_at(&r, PRISMA_TOKEN_END))
            return syntax;
        PrismaBlockKind kind;
        if (is_block_start(&r, &kind))
            take_block(&r, &syntax, kind, &documentation);
        else if (!take_mark(&r, '}'))
            skip_line(&r);
    }
}

/* ---- looking up ---- */

const PrismaValue *prisma_argument(const PrismaArgumentVec *arguments, Str label, uint32_t position)
{
    uint32_t n_unlabelled = 0;
    const PrismaValue *at_position = NULL;
    for (uint32_t i = 0; i < arguments->n; i++) {
        const PrismaArgument *argument = &arguments->items[i];
        if (str_equal(argument->label.text, label) && label.length > 0)
            return argument->value;
        if (str_is_absent(argument->label.text) && n_unlabelled++ == position)
            at_position = argument->value;
    }
    return at_position;
}

const PrismaAttribute *prisma_attribute(const PrismaEntry *entry, Str name)
{
    for (uint32_t i = 0; i < entry->attributes.n; i++) {
        if (str_equal(entry->attributes.items[i].name.text, name))
            return &entry->attributes.items[i];
    }
    return NULL;
}

const PrismaEntry *prisma_property(const PrismaBlock *block, Str name)
{
    for (uint32_t i = 0; i < block->entries.n; i++) {
        const PrismaEntry *entry = &block->entries.items[i];
        if (entry->kind == PRISMA_PROPERTY && str_equal(entry->name.text, name))
            return entry;
    }
    return NULL;
}
