#include "frontends/sql/lower.h"

#include "base/utf8.h"

enum {
    POSTGRESQL_NAME_MAX_BYTES = 63, /* NAMEDATALEN - 1: longer names are cut, not refused */
};

Place node_place(const Lowering *l, NodeIndex node)
{
    return span_place(l, node, node);
}

Place span_place(const Lowering *l, NodeIndex first, NodeIndex last)
{
    if (first == NO_NODE || last == NO_NODE)
        return (Place){0};
    uint32_t length = written_length(l);
    uint32_t start = l->tree->nodes[first].start;
    uint32_t end = l->tree->nodes[last].end;
    return (Place){.fragment = l->fragment,
                   .range = {.start = l->base + (start < length ? start : length),
                             .end = l->base + (end < length ? end : length)}};
}

Place token_place(const Lowering *l, NodeIndex node, uint16_t kind)
{
    return node_place(l, child_of_kind(l, node, kind));
}

bool is_broken(const Lowering *l, NodeIndex node)
{
    const Node *n = &l->tree->nodes[node];
    return n->is_error || n->is_missing || n->kind == SQL_UNPARSED_ITEM;
}

static bool has_capitals(Str text)
{
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.data[i] >= 'A' && text.data[i] <= 'Z')
            return true;
    }
    return false;
}

Str lower_case(Lowering *l, Str text)
{
    return has_capitals(text) ? str_lower(l->out, text) : text;
}

static Str cut_name(Str name)
{
    if (name.length <= POSTGRESQL_NAME_MAX_BYTES)
        return name;
    uint32_t end = POSTGRESQL_NAME_MAX_BYTES;
    while (end > 0 && ((unsigned char)name.data[end] & 0xC0) == 0x80)
        end--; /* not within a character */
    return str_slice(name, 0, end);
}

Str fold_name(Lowering *l, Str written)
{
    if (l->dialect != DIALECT_POSTGRESQL)
        return written;
    return cut_name(lower_case(l, written));
}

/* U&"d\0061ta": \XXXX and \+XXXXXX. The result is never longer than what is written. */
static Str decode_unicode(Lowering *l, Str text)
{
    char *out = arena_alloc_raw(l->out, text.length + 1u);
    uint32_t n = 0;
    for (uint32_t i = 0; i < text.length;) {
        uint32_t code_point = 0;
        bool is_long = i + 1 < text.length && text.data[i + 1] == '+';
        if (text.data[i] == '\\' &&
            str_hex(text, i + (is_long ? 2 : 1), is_long ? 6 : 4, &code_point) && code_point > 0 &&
            code_point < 0x110000) {
            n += utf8_encode(code_point, out + n);
            i += is_long ? 8 : 5;
        } else {
            out[n++] = text.data[i++];
        }
    }
    return str_of(out, n);
}

static char escaped_char(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    default:
        return c;
    }
}

/* Doubled quotes, and backslashes where they count, resolved; a slice where there are none. */
static Str unescape(Lowering *l, Str inside, char quote, bool backslashes)
{
    bool is_plain = true;
    for (uint32_t i = 0; i < inside.length && is_plain; i++)
        is_plain = inside.data[i] != quote && !(backslashes && inside.data[i] == '\\');
    if (is_plain)
        return inside;
    char *out = arena_alloc_raw(l->out, inside.length + 1u);
    uint32_t n = 0;
    for (uint32_t i = 0; i < inside.length; i++) {
        char c = inside.data[i];
        bool has_next = i + 1 < inside.length;
        if (c == quote && has_next && inside.data[i + 1] == quote)
            i++;
        else if (backslashes && c == '\\' && has_next)
            c = escaped_char(inside.data[++i]);
        out[n++] = c;
    }
    return str_of(out, n);
}

/* What stands between the quotes of 'text', "text", `text`, [text]. An unfinished one
 * lacks its closing quote. */
static Str between_quotes(Str quoted, uint32_t quote_at)
{
    char open = quoted.data[quote_at];
    char close = open == '[' ? ']' : open;
    uint32_t start = quote_at + 1;
    uint32_t end = quoted.length;
    if (end > start && quoted.data[end - 1] == close)
        end--;
    return str_slice(quoted, start, end);
}

static Str quoted_text(Lowering *l, Str quoted)
{
    uint32_t at = 0;
    while (at < quoted.length && quoted.data[at] != '\'' && quoted.data[at] != '"' &&
           quoted.data[at] != '`' && quoted.data[at] != '[')
        at++;
    if (at >= quoted.length)
        return quoted;
    char quote = quoted.data[at];
    bool is_escape = at == 1 && (quoted.data[0] == 'E' || quoted.data[0] == 'e');
    bool is_unicode = at >= 2 && quoted.data[at - 1] == '&';
    bool backslashes =
        is_escape || (l->dialect == DIALECT_MYSQL && (quote == '\'' || quote == '"'));
    Str value = unescape(l, between_quotes(quoted, at), quote == '[' ? ']' : quote, backslashes);
    return is_unicode ? decode_unicode(l, value) : value;
}

static Str dollar_text(Str quoted)
{
    uint32_t tag = str_find(quoted, STR("$"), 1);
    if (tag == UINT32_MAX)
        return quoted;
    tag++;
    Str mark = str_slice(quoted, 0, tag);
    bool is_closed = quoted.length >= 2 * tag && str_ends_with(quoted, mark);
    return str_slice(quoted, tag, is_closed ? quoted.length - tag : quoted.length);
}

Str literal_text(Lowering *l, NodeIndex node)
{
    switch (node_kind(l, node)) {
    case SQL_STRING:
    case SQL_QUOTED_IDENTIFIER:
        return quoted_text(l, node_text(l, node));
    case SQL_DOLLAR_STRING:
        return dollar_text(node_text(l, node));
    case SQL_CONCATENATED_STRING: {
        StrVec parts = {0};
        FOR_EACH_CHILD(l, part, node) {
            if (node_kind(l, part) == SQL_STRING)
                VEC_PUSH(l->scratch, &parts, quoted_text(l, node_text(l, part)));
        }
        return str_join(l->out, parts.items, parts.n, STR(""));
    }
    default:
        return node_text(l, node);
    }
}

/* A template or parameter as it is, but {{x }} and {{ x }} are one name. */
static Str template_text(Lowering *l, Str text)
{
    if (!str_starts_with(text, STR("{{")) || !str_ends_with(text, STR("}}")) || text.length < 4)
        return text;
    Str inside = str_trim(str_slice(text, 2, text.length - 2));
    Str spaced = str_format(l->scratch, "{{ " STR_FMT " }}", STR_ARG(inside));
    return str_equal(spaced, text) ? text : str_copy(l->out, spaced);
}

Name lower_name(Lowering *l, NodeIndex node)
{
    if (node == NO_NODE || l->tree->nodes[node].is_missing)
        return (Name){0};
    Name name = {.place = node_place(l, node)};
    switch (node_kind(l, node)) {
    case SQL_QUOTED_IDENTIFIER:
        name.text = quoted_text(l, node_text(l, node));
        if (l->dialect == DIALECT_POSTGRESQL)
            name.text = cut_name(name.text);
        break;
    case SQL_STRING:
        name.text = quoted_text(l, node_text(l, node));
        break;
    case SQL_IDENTIFIER:
        name.text = fold_name(l, node_text(l, node));
        break;
    default: /* a template or parameter */
        name.text = template_text(l, node_text(l, node));
        break;
    }
    return name;
}

Name lower_label(Lowering *l, NodeIndex string)
{
    if (string == NO_NODE)
        return (Name){0};
    return (Name){.text = literal_text(l, string), .place = node_place(l, string)};
}

QualifiedName lower_object_name(Lowering *l, NodeIndex object_name)
{
    QualifiedName result = {0};
    if (object_name == NO_NODE)
        return result;
    result.place = node_place(l, object_name);
    FOR_EACH_CHILD(l, child, object_name) {
        if (node_field(l, child) == SQL_FIELD_QUALIFIER)
            result.schema = lower_name(l, child);
        else if (node_field(l, child) == SQL_FIELD_NAME)
            result.name = lower_name(l, child);
    }
    if (tree_first_child(l->tree, object_name) == NO_NODE) /* a plain name in its place */
        result.name = lower_name(l, object_name);
    return result;
}

NameVec lower_names(Lowering *l, NodeIndex node, uint16_t role)
{
    NameVec names = {0};
    if (node == NO_NODE)
        return names;
    FOR_EACH_CHILD(l, child, node) {
        if (node_field(l, child) == role && !is_broken(l, child))
            VEC_PUSH(l->out, &names, lower_name(l, child));
    }
    return names;
}

NameVec lower_column_list(Lowering *l, NodeIndex list)
{
    return lower_names(l, list, SQL_FIELD_COLUMN);
}
