/* What expressions use, and expressions after a rename. */
#include "model/schema_edit.h"

bool expression_uses_column(const Expression *expression, const Table *table, Str column)
{
    if (!expression)
        return false;
    for (uint32_t i = 0; i < expression->columns.n; i++) {
        const ColumnReference *reference = &expression->columns.items[i];
        Str qualifier = reference->qualifier.text;
        if (!identifier_equal(table->ignores_case ? DIALECT_MYSQL : DIALECT_POSTGRESQL,
                              reference->column.text, column))
            continue;
        if (qualifier.length > 0) {
            if (str_equal_ignore_case(qualifier, table->name.text) ||
                str_equal(qualifier, STR("new")) || str_equal(qualifier, STR("old")))
                return true;
        } else if (!expression->has_subquery) {
            return true; /* in a subquery the name may be another table's */
        }
    }
    return false;
}

bool index_uses_column(const Index *index, const Column *column)
{
    for (uint32_t i = 0; i < index->parts.n; i++) {
        const KeyPart *part = &index->parts.items[i];
        if (part->column == column)
            return true;
        if (!part->column && part->part &&
            expression_uses_column(part->part->expression, index->table, column->name.text))
            return true;
    }
    for (uint32_t i = 0; i < index->include.n; i++) {
        if (index->include.items[i] == column)
            return true;
    }
    return expression_uses_column(index->where, index->table, column->name.text);
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

/* The end of the token at `at` that holds no names to replace: a string or a comment. */
static uint32_t skip_opaque(Str text, uint32_t at)
{
    char c = text.data[at];
    char next = at + 1 < text.length ? text.data[at + 1] : 0;
    Str close = {0};
    if (c == '\'')
        close = STR("'");
    else if (c == '-' && next == '-')
        close = STR("\n");
    else if (c == '/' && next == '*')
        close = STR("*/");
    else
        return at;
    uint32_t end = str_find(text, close, at + 1);
    return end == UINT32_MAX ? text.length : end + close.length;
}

/* One identifier: its bytes, and the name they mean. */
typedef struct {
    uint32_t end;
    Str name;
    bool is_quoted;
} Token;

static Token read_identifier(Str text, uint32_t at)
{
    char c = text.data[at];
    if (c == '"' || c == '`' || c == '[') {
        char close = c == '[' ? ']' : c;
        uint32_t end = str_find(text, str_of(&close, 1), at + 1);
        if (end == UINT32_MAX)
            return (Token){.end = text.length};
        return (Token){.end = end + 1, .name = str_slice(text, at + 1, end), .is_quoted = true};
    }
    uint32_t end = at;
    while (end < text.length && is_name_char(text.data[end]))
        end++;
    return (Token){.end = end, .name = str_slice(text, at, end)};
}

static bool is_followed_by_call(Str text, uint32_t at)
{
    while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\n'))
        at++;
    return at < text.length && text.data[at] == '(';
}

static bool token_is(Dialect dialect, const Token *token, Str name)
{
    if (token->is_quoted && dialect == DIALECT_POSTGRESQL)
        return str_equal(token->name, name);
    return str_equal_ignore_case(token->name, name);
}

Str text_rename(Arena *out, Dialect dialect, Str text, Str from, Str to)
{
    Str written = sql_identifier(out, dialect, to);
    StrVec pieces = {0};
    uint32_t kept = 0;
    for (uint32_t at = 0; at < text.length;) {
        uint32_t opaque_end = skip_opaque(text, at);
        if (opaque_end > at) {
            at = opaque_end;
            continue;
        }
        char c = text.data[at];
        bool is_bracket = c == '[' && dialect == DIALECT_SQLSERVER;
        if (!is_name_char(c) && c != '"' && c != '`' && !is_bracket) {
            at++;
            continue;
        }
        Token token = read_identifier(text, at);
        if (token_is(dialect, &token, from) && !is_followed_by_call(text, token.end)) {
            VEC_PUSH(out, &pieces, str_slice(text, kept, at));
            VEC_PUSH(out, &pieces, written);
            kept = token.end;
        }
        at = token.end;
    }
    if (pieces.n == 0)
        return text;
    VEC_PUSH(out, &pieces, str_slice(text, kept, text.length));
    return str_join(out, pieces.items, pieces.n, STR(""));
}

const Expression *expression_rename_column(Arena *out, Dialect dialect,
                                           const Expression *expression, const Table *table,
                                           Str from, Str to)
{
    if (!expression_uses_column(expression, table, from))
        return expression;
    Expression *changed = ARENA_NEW(out, Expression);
    *changed = *expression;
    changed->text = text_rename(out, dialect, expression->text, from, to);
    changed->columns = (ColumnReferenceVec){0};
    for (uint32_t i = 0; i < expression->columns.n; i++) {
        ColumnReference reference = expression->columns.items[i];
        if (identifier_equal(dialect, reference.column.text, from))
            reference.column.text = to;
        VEC_PUSH(out, &changed->columns, reference);
    }
    return changed;
}
