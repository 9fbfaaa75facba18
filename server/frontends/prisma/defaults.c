/* @default: what the database fills in, as the SQL that Prisma Migrate writes for it; and what
 * Prisma's client makes itself, of which the database hears nothing. */
#include "frontends/prisma/link.h"
#include "model/identifier.h"

enum { ITEMS_MAX = 256 }; /* of a default list, or of a condition: more is no schema */

static const PrismaValue *default_value(const LinkedField *field, const PrismaAttribute **attribute)
{
    *attribute = prisma_attribute(field->entry, STR("default"));
    return *attribute ? prisma_argument(&(*attribute)->arguments, STR("value"), 0) : NULL;
}

static bool is_call(const PrismaValue *value, const char *function)
{
    return value && value->kind == PRISMA_CALL && str_equal(value->text, str_from(function));
}

/* The SQL of a dbgenerated("…") or raw("…"), as it was read. They stand in the order of the
 * text, so a binary search finds it. */
static const Expression *read_sql(const PrismaFile *file, const PrismaValue *call)
{
    if (call->arguments.n == 0)
        return NULL;
    const PrismaValue *string = call->arguments.items[0].value;
    uint32_t low = 0, high = file->sql.n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const PrismaSql *sql = &file->sql.items[middle];
        if (sql->string == string)
            return sql->expression;
        if (sql->string->range.start < string->range.start)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* ---- constants ---- */

static bool is_boolean(const PrismaValue *value)
{
    return value->kind == PRISMA_NAME &&
           (str_equal(value->text, STR("true")) || str_equal(value->text, STR("false")));
}

/* The label that a value of the enum has in the database. */
static Str enum_label(const LinkedField *field, Str value)
{
    const Name *label = map_get(&field->enumeration->labels_by_value, value);
    return label ? label->text : value;
}

static Str boolean_sql(const Link *link, Str word)
{
    if (link->dialect != DIALECT_SQLSERVER)
        return word;
    return str_equal(word, STR("true")) ? STR("1") : STR("0");
}

/* Fills kind, text and constant; false for what is no constant of such a field. */
static bool constant(Link *link, const LinkedField *field, const PrismaValue *value, Expression *e)
{
    e->constant = value->text;
    if (value->kind == PRISMA_NUMBER) {
        e->kind = EXPRESSION_NUMBER;
        e->text = value->text;
        return true;
    }
    if (is_boolean(value) && field->kind != FIELD_ENUM) {
        e->kind = EXPRESSION_BOOLEAN;
        e->text = boolean_sql(link, value->text);
        return true;
    }
    bool is_label = value->kind == PRISMA_NAME && field->kind == FIELD_ENUM;
    if (!is_label && value->kind != PRISMA_STRING)
        return false;
    if (is_label)
        e->constant = enum_label(field, value->text);
    e->kind = EXPRESSION_STRING;
    e->text = sql_string(link->out, link->dialect, e->constant);
    return true;
}

/* ---- bytes: base64 in the schema, hexadecimal in SQL ---- */

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static Str hexadecimal_of_base64(Arena *out, Str text)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = arena_alloc_raw(out, (size_t)text.length * 2 + 1);
    uint32_t n = 0, bits = 0, n_bits = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        int digit = base64_digit(text.data[i]);
        if (digit < 0)
            break;
        bits = (bits << 6 | (uint32_t)digit) & 0xFFFF;
        n_bits += 6;
        if (n_bits < 8)
            continue;
        n_bits -= 8;
        hex[n++] = digits[bits >> (n_bits + 4) & 0xF];
        hex[n++] = digits[bits >> n_bits & 0xF];
    }
    return str_of(hex, n);
}

static void spell_bytes(Link *link, Expression *e)
{
    Str hex = hexadecimal_of_base64(link->out, e->constant);
    switch (link->dialect) {
    case DIALECT_POSTGRESQL:
        e->constant = str_format(link->out, "\\x" STR_FMT, STR_ARG(hex));
        e->text = str_format(link->out, "'" STR_FMT "'", STR_ARG(e->constant));
        return;
    case DIALECT_SQLITE: /* the digits themselves: that is what Prisma writes there */
        e->constant = hex;
        e->text = str_format(link->out, "'" STR_FMT "'", STR_ARG(hex));
        return;
    case DIALECT_MYSQL:
    case DIALECT_SQLSERVER:
        e->text = str_format(link->out, "0x" STR_FMT, STR_ARG(hex));
        break;
    }
    e->kind = EXPRESSION_OTHER;
    e->constant = (Str){0};
}

/* "2020-01-01T00:00:00Z" becomes "2020-01-01 00:00:00 +00:00". */
static void spell_time(Link *link, Expression *e)
{
    Str text = e->constant;
    uint32_t t = str_find(text, STR("T"), 0);
    if (t == UINT32_MAX)
        return;
    uint32_t zone = text.length;
    Str zone_text = STR("+00:00");
    for (uint32_t i = t; i < text.length; i++) {
        char c = text.data[i];
        if (c == 'Z' || c == '+' || c == '-') {
            zone = i;
            if (c != 'Z')
                zone_text = str_slice(text, i, text.length);
            break;
        }
    }
    Str parts[] = {str_slice(text, 0, t), str_slice(text, t + 1, zone), zone_text};
    e->constant = str_join(link->out, parts, 3, STR(" "));
    e->text = sql_string(link->out, link->dialect, e->constant);
}

/* ---- lists ---- */

/* ARRAY['a','b']::TEXT[], as PostgreSQL has it. */
static Expression *list_default(Link *link, const LinkedField *field, const PrismaValue *value)
{
    Str items[ITEMS_MAX];
    uint32_t n = 0;
    for (uint32_t i = 0; i < value->arguments.n && n < ITEMS_MAX; i++) {
        Expression item = {0};
        if (constant(link, field, value->arguments.items[i].value, &item))
            items[n++] = item.text;
    }
    Str list = str_join(link->scratch, items, n, STR(", "));
    Expression *e = ARENA_NEW(link->out, Expression);
    e->kind = EXPRESSION_OTHER;
    e->cast_type = str_lower(link->out, field->type.written);
    e->text = str_format(link->out, "ARRAY[" STR_FMT "]::" STR_FMT, STR_ARG(list),
                         STR_ARG(field->type.written));
    return e;
}

/* ---- functions ---- */

static Expression *call_expression(Link *link, ExpressionKind kind, const char *function, Str text)
{
    Expression *e = ARENA_NEW(link->out, Expression);
    e->kind = kind;
    e->text = text;
    FunctionCall call = {.name = {.text = str_from(function)}};
    VEC_PUSH(link->out, &e->functions, call);
    return e;
}

/* MySQL wants the precision of the column repeated. */
static Expression *current_time(Link *link, const LinkedField *field)
{
    Str text = STR("CURRENT_TIMESTAMP");
    const ColumnType *type = &field->type;
    if (link->dialect == DIALECT_MYSQL) {
        unsigned precision = type->has_precision ? type->precision : 0;
        text = str_format(link->out, "CURRENT_TIMESTAMP(%u)", precision);
    }
    return call_expression(link, EXPRESSION_CURRENT, "current_timestamp", text);
}

static void set_autoincrement(Link *link, ColumnDef *column)
{
    switch (link->provider) {
    case PROVIDER_POSTGRESQL: /* the type says it: serial */
        return;
    case PROVIDER_COCKROACHDB:
        column->default_value =
            call_expression(link, EXPRESSION_CALL, "unique_rowid", STR("unique_rowid()"));
        return;
    case PROVIDER_MYSQL:
    case PROVIDER_SQLITE:
    case PROVIDER_SQLSERVER:
        column->auto_increment = true;
        return;
    }
}

static Expression *constant_default(Link *link, const LinkedField *field, const PrismaValue *value)
{
    Expression *e = ARENA_NEW(link->out, Expression);
    if (!constant(link, field, value, e))
        return NULL;
    bool is_string = field->kind == FIELD_SCALAR && e->kind == EXPRESSION_STRING;
    if (is_string && field->scalar == SCALAR_BYTES)
        spell_bytes(link, e);
    else if (is_string && field->scalar == SCALAR_DATE_TIME)
        spell_time(link, e);
    return e;
}

/* MySQL has no constant defaults for these, and Prisma writes none. */
static bool takes_constants(const Link *link, const LinkedField *field)
{
    if (link->dialect != DIALECT_MYSQL)
        return true;
    return field->type.family != TYPE_JSON && field->type.family != TYPE_BLOB &&
           field->type.family != TYPE_BINARY && field->type.family != TYPE_VARBINARY;
}

/* NULL for uuid(), cuid(), nanoid() and ulid() too: they are the client's. */
static Expression *default_expression(Link *link, const LinkedField *field,
                                      const PrismaValue *value)
{
    if (value->kind == PRISMA_CALL)
        return is_call(value, "now") ? current_time(link, field) : NULL;
    if (value->kind == PRISMA_ARRAY)
        return field->entry->is_list ? list_default(link, field, value) : NULL;
    return takes_constants(link, field) ? constant_default(link, field, value) : NULL;
}

void link_set_default(Link *link, const LinkedField *field, ColumnDef *column)
{
    const PrismaAttribute *attribute;
    const PrismaValue *value = default_value(field, &attribute);
    if (!value)
        return;
    const Fragment *fragment = field->model->fragment;
    Place place = link_place(fragment, attribute->range);
    if (is_call(value, "autoincrement")) {
        set_autoincrement(link, column);
    } else if (is_call(value, "sequence")) { /* CockroachDB's */
        column->identity = IDENTITY_BY_DEFAULT;
        column->identity_place = place;
    } else if (is_call(value, "dbgenerated")) {
        column->default_value = read_sql(field->model->file, value);
    } else {
        Expression *e = default_expression(link, field, value);
        if (e)
            e->place = link_place(fragment, value->range);
        column->default_value = e;
    }
    if (column->default_value)
        column->default_place = place;
}

/* ---- what the client makes ---- */

static bool is_client_function(Str name)
{
    static const Str names[] = {STR_INIT("uuid"), STR_INIT("cuid"), STR_INIT("nanoid"),
                                STR_INIT("ulid")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal(name, names[i]))
            return true;
    }
    return false;
}

static ClientValue client_value(const LinkedField *field, Range range, Str function)
{
    const Fragment *fragment = field->model->fragment;
    return (ClientValue){.kind = CLIENT_VALUE_GENERATED,
                         .text = str_slice(fragment->text, range.start, range.end),
                         .function = function,
                         .place = link_place(fragment, range)};
}

void link_client_values(const LinkedField *field, OrmField *orm)
{
    const PrismaAttribute *attribute;
    const PrismaValue *value = default_value(field, &attribute);
    if (value && value->kind == PRISMA_CALL && is_client_function(value->text))
        orm->default_value = client_value(field, value->range, value->text);
    const PrismaAttribute *updated = prisma_attribute(field->entry, STR("updatedAt"));
    if (!updated)
        return;
    orm->on_update = client_value(field, updated->range, updated->name.text);
    if (!value) /* a new row gets the time as well */
        orm->default_value = orm->on_update;
}

/* ---- conditions of partial indexes ---- */

/* One field of { field: value }, where value may be { not: value }; absent where it is neither. */
static Str condition_sql(Link *link, const LinkedModel *model, const PrismaArgument *argument)
{
    const LinkedField *field = link_field(model, argument->label.text);
    const PrismaValue *value = argument->value;
    bool is_negated = value->kind == PRISMA_OBJECT;
    if (is_negated)
        value = prisma_argument(&value->arguments, STR("not"), UINT32_MAX);
    if (!field || !value || str_is_absent(field->column.text))
        return (Str){0};
    Str column = sql_identifier(link->scratch, link->dialect, field->column.text);
    if (value->kind == PRISMA_NAME && str_equal(value->text, STR("null")))
        return str_format(link->scratch, STR_FMT " IS %sNULL", STR_ARG(column),
                          is_negated ? "NOT " : "");
    Expression e = {0};
    if (!constant(link, field, value, &e))
        return (Str){0};
    return str_format(link->scratch, STR_FMT " %s " STR_FMT, STR_ARG(column),
                      is_negated ? "<>" : "=", STR_ARG(e.text));
}

static const Expression *condition(Link *link, const LinkedModel *model, const PrismaValue *object)
{
    Str parts[ITEMS_MAX];
    uint32_t n = 0;
    Expression *e = ARENA_NEW(link->out, Expression);
    for (uint32_t i = 0; i < object->arguments.n && n < ITEMS_MAX; i++) {
        const PrismaArgument *argument = &object->arguments.items[i];
        Str sql = condition_sql(link, model, argument);
        if (str_is_absent(sql))
            return NULL;
        parts[n++] = sql;
        ColumnReference column = {.column = link_field(model, argument->label.text)->column};
        VEC_PUSH(link->out, &e->columns, column);
    }
    if (n == 0)
        return NULL;
    e->kind = EXPRESSION_OTHER;
    e->text = str_join(link->out, parts, n, STR(" AND "));
    e->place = link_place(model->fragment, object->range);
    return e;
}

const Expression *link_where(Link *link, const LinkedModel *model,
                             const PrismaArgumentVec *arguments)
{
    const PrismaValue *value = prisma_argument(arguments, STR("where"), UINT32_MAX);
    if (is_call(value, "raw"))
        return read_sql(model->file, value);
    return value && value->kind == PRISMA_OBJECT ? condition(link, model, value) : NULL;
}
