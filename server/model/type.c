#include "model/type.h"

#include "base/panic.h"
#include "model/type_names.h"

const TypeName *type_name_find(const TypeName *names, uint32_t n_names, Str name)
{
    for (uint32_t i = 0; i < n_names; i++) {
        const char *candidate = names[i].name;
        size_t length = strlen(candidate);
        if (length == name.length && memcmp(candidate, name.data, length) == 0)
            return &names[i];
    }
    return NULL;
}

bool type_argument(const TypeRequest *request, uint32_t index, uint32_t *value)
{
    if (index >= request->n_arguments)
        return false;
    Str text = str_trim(request->arguments[index]);
    uint32_t number = 0;
    if (text.length == 0 || text.length > 9)
        return false;
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        number = number * 10 + (uint32_t)(text.data[i] - '0');
    }
    *value = number;
    return true;
}

static Str written_form(Arena *out, Str schema, Str name, const Str *arguments,
                        uint32_t n_arguments, uint8_t array_dims, bool is_unsigned)
{
    Str result = name;
    if (schema.length > 0)
        result = str_format(out, STR_FMT "." STR_FMT, STR_ARG(schema), STR_ARG(name));
    if (n_arguments > 0) {
        Str list = str_join(out, arguments, n_arguments, STR(","));
        result = str_format(out, STR_FMT "(" STR_FMT ")", STR_ARG(result), STR_ARG(list));
    }
    if (is_unsigned)
        result = str_format(out, STR_FMT " unsigned", STR_ARG(result));
    for (uint8_t i = 0; i < array_dims; i++)
        result = str_format(out, STR_FMT "[]", STR_ARG(result));
    return result;
}

static bool is_quoted(Str name)
{
    if (name.length < 2)
        return false;
    char first = name.data[0], last = name.data[name.length - 1];
    return (first == '"' && last == '"') || (first == '`' && last == '`') ||
           (first == '[' && last == ']');
}

ColumnType type_make(Arena *out, Dialect dialect, Str schema, Str name, const Str *arguments,
                     uint32_t n_arguments, uint8_t array_dims, bool is_unsigned)
{
    ColumnType type = {.schema = schema, .array_dims = array_dims, .is_unsigned = is_unsigned};
    type.written = written_form(out, schema, name, arguments, n_arguments, array_dims, is_unsigned);
    TypeRequest request = {
        .type = &type, .arguments = arguments, .n_arguments = n_arguments, .out = out};
    request.is_quoted = is_quoted(name);
    if (request.is_quoted) {
        type.name = str_slice(name, 1, name.length - 1);
        request.name = type.name;
    } else {
        type.name = name;
        request.name = name;
    }
    for (uint32_t i = 0; i < request.name.length; i++) {
        char c = request.name.data[i];
        if (c >= 'A' && c <= 'Z' && dialect != DIALECT_POSTGRESQL) {
            request.name = str_lower(out, request.name);
            break;
        }
    }
    switch (dialect) {
    case DIALECT_POSTGRESQL:
        type_make_postgresql(&request);
        break;
    case DIALECT_MYSQL:
        type_make_mysql(&request);
        break;
    case DIALECT_SQLITE:
        type_make_sqlite(&request);
        break;
    case DIALECT_SQLSERVER:
        type_make_sqlserver(&request);
        break;
    }
    return type;
}

bool type_equal(const ColumnType *a, const ColumnType *b)
{
    return a->family == b->family && str_equal(a->canonical, b->canonical);
}

bool type_is_integer(TypeFamily family)
{
    return family == TYPE_TINYINT || family == TYPE_SMALLINT || family == TYPE_MEDIUMINT ||
           family == TYPE_INTEGER || family == TYPE_BIGINT;
}

bool type_is_text(TypeFamily family)
{
    return family == TYPE_CHAR || family == TYPE_VARCHAR || family == TYPE_TEXT;
}

bool type_is_float(TypeFamily family)
{
    return family == TYPE_REAL || family == TYPE_DOUBLE;
}

bool type_matches_for_key(const ColumnType *from, const ColumnType *to)
{
    if (from->family == TYPE_UNKNOWN || to->family == TYPE_UNKNOWN)
        return true; /* nothing is known: nothing to say */
    if ((from->array_dims > 0) != (to->array_dims > 0))
        return false;
    if (type_is_text(from->family) && type_is_text(to->family))
        return true; /* compared as text, whatever their lengths */
    if (from->family != to->family)
        return false;
    if (from->is_unsigned != to->is_unsigned)
        return false;
    switch (from->family) {
    case TYPE_TIMESTAMP:
    case TYPE_TIME:
        return from->with_time_zone == to->with_time_zone;
    case TYPE_ENUM:
    case TYPE_DOMAIN:
    case TYPE_COMPOSITE:
    case TYPE_RANGE:
    case TYPE_OTHER:
    case TYPE_SET:
        return str_equal_ignore_case(from->canonical, to->canonical);
    case TYPE_UNKNOWN:
    case TYPE_BOOLEAN:
    case TYPE_TINYINT:
    case TYPE_SMALLINT:
    case TYPE_MEDIUMINT:
    case TYPE_INTEGER:
    case TYPE_BIGINT:
    case TYPE_NUMERIC:
    case TYPE_MONEY:
    case TYPE_REAL:
    case TYPE_DOUBLE:
    case TYPE_CHAR:
    case TYPE_VARCHAR:
    case TYPE_TEXT:
    case TYPE_BINARY:
    case TYPE_VARBINARY:
    case TYPE_BLOB:
    case TYPE_BIT:
    case TYPE_VARBIT:
    case TYPE_DATE:
    case TYPE_INTERVAL:
    case TYPE_YEAR:
    case TYPE_UUID:
    case TYPE_JSON:
    case TYPE_JSONB:
    case TYPE_XML:
    case TYPE_INET:
    case TYPE_CIDR:
    case TYPE_MACADDR:
    case TYPE_TSVECTOR:
    case TYPE_TSQUERY:
    case TYPE_GEOMETRY:
    case TYPE_VECTOR:
        return true;
    }
    UNREACHABLE();
}
