/* A type's words may stand before and after its arguments, and some are no part of its name:
 * "timestamp(3) with time zone" is the type "timestamp with time zone" with the argument 3,
 * "int(10) unsigned zerofill" is an unsigned "int". */
#include "frontends/sql/lower.h"

enum { WRITTEN_MAX_BYTES = 200 }; /* longer ones are inline enums; a message shows the start */

typedef struct {
    StrVec words;
    StrVec arguments;
    Str schema;
    uint8_t array_dims;
    bool is_unsigned;
} TypeParts;

static void add_word(Lowering *l, TypeParts *parts, NodeIndex node)
{
    Str word = node_text(l, node);
    if (node_kind(l, node) == SQL_QUOTED_IDENTIFIER) {
        /* PostgreSQL: "char" is not char; type_make reads the quotes */
        VEC_PUSH(l->scratch, &parts->words,
                 l->dialect == DIALECT_POSTGRESQL ? word : literal_text(l, node));
        return;
    }
    if (l->dialect == DIALECT_MYSQL) {
        bool is_zerofill = str_equal_ignore_case(word, STR("zerofill"));
        if (is_zerofill || str_equal_ignore_case(word, STR("unsigned"))) {
            parts->is_unsigned = true;
            return;
        }
        if (str_equal_ignore_case(word, STR("signed")))
            return;
    }
    VEC_PUSH(l->scratch, &parts->words, l->dialect == DIALECT_SQLITE ? word : lower_case(l, word));
}

static void add_name(Lowering *l, TypeParts *parts, NodeIndex object_name)
{
    FOR_EACH_CHILD(l, child, object_name) {
        if (node_field(l, child) == SQL_FIELD_QUALIFIER)
            parts->schema = lower_name(l, child).text;
        else if (node_field(l, child) == SQL_FIELD_NAME)
            add_word(l, parts, child);
    }
}

static void add_arguments(Lowering *l, TypeParts *parts, NodeIndex type_arguments)
{
    FOR_EACH_CHILD(l, child, type_arguments) {
        if (l->tree->nodes[child].is_named && !is_broken(l, child) &&
            node_kind(l, child) != SQL_COMMENT)
            VEC_PUSH(l->scratch, &parts->arguments, node_text(l, child));
    }
}

static void add_time_zone(Lowering *l, TypeParts *parts, NodeIndex time_zone)
{
    bool is_with = has_token(l, time_zone, SQL_KW_WITH);
    Str words = is_with ? STR("with time zone") : STR("without time zone");
    VEC_PUSH(l->scratch, &parts->words, words);
}

/* As in the source with white space folded. */
static Str written_type(Lowering *l, Str source)
{
    bool is_folded = source.length <= WRITTEN_MAX_BYTES;
    for (uint32_t i = 0; i < source.length && is_folded; i++)
        is_folded =
            source.data[i] > ' ' || (source.data[i] == ' ' && i > 0 && source.data[i - 1] != ' ');
    if (is_folded)
        return source;
    char *out = arena_alloc_raw(l->out, WRITTEN_MAX_BYTES);
    uint32_t n = 0;
    for (uint32_t i = 0; i < source.length && n < WRITTEN_MAX_BYTES; i++) {
        char c = source.data[i];
        bool is_space = c >= 0 && c <= ' ';
        if (!is_space)
            out[n++] = c;
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    return str_of(out, n);
}

ColumnType lower_type(Lowering *l, NodeIndex type)
{
    if (type == NO_NODE)
        return (ColumnType){0};
    TypeParts parts = {0};
    FOR_EACH_CHILD(l, child, type) {
        switch (node_kind(l, child)) {
        case SQL_OBJECT_NAME:
            add_name(l, &parts, child);
            break;
        case SQL_TYPE_ARGUMENTS:
            add_arguments(l, &parts, child);
            break;
        case SQL_TIME_ZONE:
            add_time_zone(l, &parts, child);
            break;
        case SQL_ARRAY_DIMENSION:
            if (parts.array_dims < UINT8_MAX)
                parts.array_dims++;
            break;
        case SQL_PERCENT_TYPE: { /* table.column%TYPE: known at run time only */
            ColumnType unknown = {.written = written_type(l, node_text(l, type))};
            unknown.place = node_place(l, type);
            return unknown;
        }
        default:
            if (node_field(l, child) == SQL_FIELD_WORD)
                add_word(l, &parts, child);
            break;
        }
    }
    Str name = parts.words.n == 1 ? parts.words.items[0]
                                  : str_join(l->out, parts.words.items, parts.words.n, STR(" "));
    ColumnType result = type_make(l->out, l->dialect, parts.schema, name, parts.arguments.items,
                                  parts.arguments.n, parts.array_dims, parts.is_unsigned);
    result.written = written_type(l, node_text(l, type));
    result.place = node_place(l, type);
    return result;
}
