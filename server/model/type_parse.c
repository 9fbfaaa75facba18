#include "model/type.h"

/* Reads: [schema .] words [( list )] words [[]…] | ARRAY. Words before and after the list make the
 * name: "timestamp (3) with time zone" is "timestamp with time zone" with the argument 3. */
typedef struct {
    Arena *out;
    Str text;
    uint32_t at;
    StrVec words;
    StrVec arguments;
    Str schema;
    uint8_t array_dims;
    bool is_unsigned, is_quoted;
    Dialect dialect;
} Reader;

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

/* The end of the quoted piece that starts at `at`, after its closing quote. */
static uint32_t skip_quoted(Str text, uint32_t at, char close)
{
    for (at++; at < text.length; at++) {
        if (text.data[at] != close)
            continue;
        if (at + 1 < text.length && text.data[at + 1] == close && close != ']')
            at++;
        else
            return at + 1;
    }
    return text.length;
}

static void read_arguments(Reader *r)
{
    uint32_t start = ++r->at, depth = 1;
    while (r->at < r->text.length) {
        char c = r->text.data[r->at];
        if (c == '\'' || c == '"' || c == '`') {
            r->at = skip_quoted(r->text, r->at, c);
            continue;
        }
        if (c == '(')
            depth++;
        else if (c == ')')
            depth--;
        if ((c == ',' && depth == 1) || depth == 0) {
            Str item = str_trim(str_slice(r->text, start, r->at));
            VEC_PUSH(r->out, &r->arguments, item);
            start = r->at + 1;
        }
        r->at++;
        if (depth == 0)
            return;
    }
}

static void add_word(Reader *r, Str word)
{
    Str lower = str_lower(r->out, word);
    if (str_equal(lower, STR("array"))) {
        r->array_dims = r->array_dims ? r->array_dims : 1;
        return;
    }
    if (r->dialect == DIALECT_MYSQL && str_equal(lower, STR("unsigned"))) {
        r->is_unsigned = true;
        return;
    }
    VEC_PUSH(r->out, &r->words, r->dialect == DIALECT_SQLITE ? word : lower);
}

static void read_bracket(Reader *r)
{
    uint32_t close = str_find(r->text, STR("]"), r->at);
    bool is_identifier = r->dialect == DIALECT_SQLSERVER || r->dialect == DIALECT_SQLITE;
    uint32_t end = close == UINT32_MAX ? r->text.length : close;
    if (is_identifier) {
        VEC_PUSH(r->out, &r->words, str_slice(r->text, r->at + 1, end));
    } else if (r->array_dims < 6) {
        r->array_dims++;
    }
    r->at = end < r->text.length ? end + 1 : end;
}

ColumnType type_parse(Arena *out, Dialect dialect, Str text)
{
    Reader r = {.out = out, .text = str_trim(text), .dialect = dialect};
    while (r.at < r.text.length) {
        char c = r.text.data[r.at];
        if (c == '(') {
            read_arguments(&r);
        } else if (c == '[') {
            read_bracket(&r);
        } else if (c == '"' || c == '`') {
            uint32_t end = skip_quoted(r.text, r.at, c);
            Str word = str_slice(r.text, r.at, end);
            bool keeps_quotes = dialect == DIALECT_POSTGRESQL && str_equal(word, STR("\"char\""));
            if (!keeps_quotes && word.length >= 2)
                word = str_slice(word, 1, word.length - 1);
            VEC_PUSH(out, &r.words, word);
            r.at = end;
        } else if (c == '.') {
            if (r.words.n > 0)
                r.schema = r.words.items[--r.words.n];
            r.at++;
        } else if (is_word_char(c)) {
            uint32_t start = r.at;
            while (r.at < r.text.length && is_word_char(r.text.data[r.at]))
                r.at++;
            add_word(&r, str_slice(r.text, start, r.at));
        } else {
            r.at++;
        }
    }
    Str name = str_join(out, r.words.items, r.words.n, STR(" "));
    return type_make(out, dialect, r.schema, name, r.arguments.items, r.arguments.n, r.array_dims,
                     r.is_unsigned);
}
