#include "model/diff_column.h"

/* ---- expressions ---- */

/* Behind a string constant that starts at `at`. */
static uint32_t skip_string(Str text, uint32_t at)
{
    for (at++; at < text.length; at++) {
        if (text.data[at] == '\'' && at + 1 < text.length && text.data[at + 1] == '\'')
            at++;
        else if (text.data[at] == '\'')
            return at + 1;
    }
    return text.length;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

/* Behind the type of a cast that starts at `at`: words, a length, array marks. */
static uint32_t skip_type(Str text, uint32_t at)
{
    for (;;) {
        uint32_t before = at;
        while (at < text.length && (is_word(text.data[at]) || strchr(".\"", text.data[at])))
            at++;
        if (at < text.length && (text.data[at] == '(' || text.data[at] == '[')) {
            char close = text.data[at] == '(' ? ')' : ']';
            while (at < text.length && text.data[at] != close)
                at++;
            at += at < text.length;
        }
        if (at == before)
            return at;
    }
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

Str diff_expression_key(Arena *out, const Expression *expression)
{
    Str text = expression->text;
    char *bytes = arena_alloc(out, (size_t)text.length + 1);
    uint32_t n = 0;
    for (uint32_t at = 0; at < text.length;) {
        char c = text.data[at];
        if (c == '\'') {
            uint32_t end = skip_string(text, at);
            memcpy(bytes + n, text.data + at, end - at);
            n += end - at;
            at = end;
        } else if (c == ':' && at + 1 < text.length && text.data[at + 1] == ':') {
            at += 2;
            while (at < text.length && text.data[at] == ' ')
                at++;
            at = skip_type(text, at);
        } else {
            if (!strchr(" \t\r\n\"`()[]", c))
                bytes[n++] = lower(c);
            at++;
        }
    }
    return str_of(bytes, n);
}

/* ---- defaults ---- */

bool column_is_numbered(const Column *column)
{
    const Expression *value = column->default_value;
    bool is_sequence = false;
    for (uint32_t i = 0; value && i < value->functions.n; i++)
        is_sequence |= str_equal(value->functions.items[i].name.text, STR("nextval"));
    return column->is_serial || column->identity != IDENTITY_NONE || column->auto_increment ||
           is_sequence;
}

static bool has_default(const Column *column)
{
    const Expression *value = column->default_value;
    return value && value->kind != EXPRESSION_NONE && value->kind != EXPRESSION_NULL;
}

static bool is_true(Str constant)
{
    return str_equal_ignore_case(constant, STR("true")) || str_equal(constant, STR("1")) ||
           str_equal_ignore_case(constant, STR("t")) ||
           str_equal_ignore_case(constant, STR("b'1'"));
}

/* "1.50" and "1.5", "007" and "7". */
static Str number_key(Str constant)
{
    while (constant.length > 1 && constant.data[0] == '0' && constant.data[1] != '.')
        constant = str_slice(constant, 1, constant.length);
    if (str_contains(constant, STR("."))) {
        while (str_ends_with(constant, STR("0")))
            constant = str_slice(constant, 0, constant.length - 1);
        if (str_ends_with(constant, STR(".")))
            constant = str_slice(constant, 0, constant.length - 1);
    }
    return constant;
}

static bool is_number_type(TypeFamily family)
{
    return type_is_integer(family) || type_is_float(family) || family == TYPE_NUMERIC ||
           family == TYPE_MONEY;
}

static bool is_constant(const Expression *value)
{
    return value->kind == EXPRESSION_NUMBER || value->kind == EXPRESSION_STRING ||
           value->kind == EXPRESSION_BOOLEAN;
}

static bool same_constant(const ColumnType *type, const Expression *a, const Expression *b)
{
    /* MySQL's boolean is a tinyint(1). */
    bool is_boolean = type->family == TYPE_BOOLEAN || a->kind == EXPRESSION_BOOLEAN ||
                      b->kind == EXPRESSION_BOOLEAN;
    if (is_boolean)
        return is_true(a->constant) == is_true(b->constant);
    if (is_number_type(type->family))
        return str_equal(number_key(a->constant), number_key(b->constant));
    if (type->family == TYPE_JSON || type->family == TYPE_JSONB || type->array_dims > 0) {
        Arena scratch = {0};
        Expression left = {.text = a->constant}, right = {.text = b->constant};
        bool is_same =
            str_equal(diff_expression_key(&scratch, &left), diff_expression_key(&scratch, &right));
        arena_release(&scratch);
        return is_same;
    }
    return str_equal(a->constant, b->constant);
}

bool column_same_default(const Column *a, const Column *b)
{
    if (column_is_numbered(a) || column_is_numbered(b))
        return column_is_numbered(a) == column_is_numbered(b);
    if (a->generated || b->generated || a->default_is_unknown || b->default_is_unknown)
        return true;
    if (!has_default(a) || !has_default(b))
        return has_default(a) == has_default(b);
    const Expression *left = a->default_value, *right = b->default_value;
    if (is_constant(left) && is_constant(right))
        return same_constant(&b->type, left, right);
    if (left->kind == EXPRESSION_CURRENT && right->kind == EXPRESSION_CURRENT)
        return true;
    Arena scratch = {0};
    bool is_same =
        str_equal(diff_expression_key(&scratch, left), diff_expression_key(&scratch, right));
    arena_release(&scratch);
    /* Two calls of different functions differ; of other expressions nobody can tell. */
    bool is_sure = left->kind != EXPRESSION_OTHER && right->kind != EXPRESSION_OTHER &&
                   left->kind != EXPRESSION_COLUMN && right->kind != EXPRESSION_COLUMN;
    bool has_other_function = left->kind == EXPRESSION_CALL && right->kind == EXPRESSION_CALL &&
                              left->functions.n == 1 && right->functions.n == 1 &&
                              str_equal_ignore_case(left->functions.items[0].name.text,
                                                    right->functions.items[0].name.text);
    return is_same || !is_sure || has_other_function;
}

/* ---- types ---- */

/* An enum or domain by its name: where it stands is not the column's matter. */
static bool same_user_type(const Column *a, const Column *b)
{
    return str_equal(a->type.name, b->type.name) && a->type.array_dims == b->type.array_dims;
}

static bool is_known(const Column *column)
{
    return column->is_type_exact && column->type.family != TYPE_UNKNOWN &&
           column->generated == GENERATED_NONE;
}

static bool same_type(const Column *a, const Column *b)
{
    if (!is_known(a) || !is_known(b))
        return true;
    if (str_equal_ignore_case(a->type.canonical, b->type.canonical) ||
        type_equal(&a->type, &b->type))
        return true;
    bool is_named = a->user_type || b->user_type || a->type.family == TYPE_OTHER ||
                    b->type.family == TYPE_OTHER;
    return is_named && same_user_type(a, b);
}

/* ---- all of a column ---- */

static void add(Arena *out, DifferenceVec *differences, Difference difference, DifferenceKind kind,
                const Column *from, const Column *to)
{
    difference.kind = kind;
    difference.way = DIFFERENCE_CHANGED;
    difference.from.column = from;
    difference.to.column = to;
    VEC_PUSH(out, differences, difference);
}

static bool is_in_key(const Column *column)
{
    const Key *key = column->table->primary_key;
    for (uint32_t i = 0; key && i < key->columns.n; i++) {
        if (key->columns.items[i] == column)
            return true;
    }
    return false;
}

void diff_column(Arena *out, DifferenceVec *differences, const Difference *base, const Column *from,
                 const Column *to)
{
    if (!same_type(from, to))
        add(out, differences, *base, DIFFERENCE_TYPE, from, to);
    /* A key's column is never null, whatever it says. */
    if (from->is_nullable != to->is_nullable && !is_in_key(from) && !is_in_key(to))
        add(out, differences, *base, DIFFERENCE_NULLABILITY, from, to);
    if (!column_same_default(from, to))
        add(out, differences, *base, DIFFERENCE_DEFAULT, from, to);
}
