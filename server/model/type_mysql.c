#include "model/type_names.h"

/* Names as COLUMN_TYPE of MySQL 8's information_schema prints them; display widths are gone
 * but for tinyint(1). */
static const TypeName names[] = {
    {"bool", TYPE_BOOLEAN, "tinyint(1)"},
    {"boolean", TYPE_BOOLEAN, "tinyint(1)"},
    {"tinyint", TYPE_TINYINT, NULL},
    {"int1", TYPE_TINYINT, "tinyint"},
    {"smallint", TYPE_SMALLINT, NULL},
    {"int2", TYPE_SMALLINT, "smallint"},
    {"mediumint", TYPE_MEDIUMINT, NULL},
    {"middleint", TYPE_MEDIUMINT, "mediumint"},
    {"int3", TYPE_MEDIUMINT, "mediumint"},
    {"int", TYPE_INTEGER, NULL},
    {"integer", TYPE_INTEGER, "int"},
    {"int4", TYPE_INTEGER, "int"},
    {"bigint", TYPE_BIGINT, NULL},
    {"int8", TYPE_BIGINT, "bigint"},
    {"serial", TYPE_BIGINT, "bigint"},
    {"decimal", TYPE_NUMERIC, NULL},
    {"numeric", TYPE_NUMERIC, "decimal"},
    {"dec", TYPE_NUMERIC, "decimal"},
    {"fixed", TYPE_NUMERIC, "decimal"},
    {"float", TYPE_REAL, NULL},
    {"float4", TYPE_REAL, "float"},
    {"float8", TYPE_DOUBLE, "double"},
    {"double", TYPE_DOUBLE, NULL},
    {"double precision", TYPE_DOUBLE, "double"},
    {"real", TYPE_DOUBLE, "double"},
    {"bit", TYPE_BIT, NULL},
    {"char", TYPE_CHAR, NULL},
    {"character", TYPE_CHAR, "char"},
    {"nchar", TYPE_CHAR, "char"},
    {"national char", TYPE_CHAR, "char"},
    {"national character", TYPE_CHAR, "char"},
    {"varchar", TYPE_VARCHAR, NULL},
    {"character varying", TYPE_VARCHAR, "varchar"},
    {"char varying", TYPE_VARCHAR, "varchar"},
    {"varcharacter", TYPE_VARCHAR, "varchar"},
    {"nvarchar", TYPE_VARCHAR, "varchar"},
    {"national varchar", TYPE_VARCHAR, "varchar"},
    {"tinytext", TYPE_TEXT, NULL},
    {"text", TYPE_TEXT, NULL},
    {"mediumtext", TYPE_TEXT, NULL},
    {"longtext", TYPE_TEXT, NULL},
    {"long", TYPE_TEXT, "mediumtext"},
    {"long varchar", TYPE_TEXT, "mediumtext"},
    {"binary", TYPE_BINARY, NULL},
    {"varbinary", TYPE_VARBINARY, NULL},
    {"long varbinary", TYPE_BLOB, "mediumblob"},
    {"tinyblob", TYPE_BLOB, NULL},
    {"blob", TYPE_BLOB, NULL},
    {"mediumblob", TYPE_BLOB, NULL},
    {"longblob", TYPE_BLOB, NULL},
    {"date", TYPE_DATE, NULL},
    {"time", TYPE_TIME, NULL},
    {"datetime", TYPE_TIMESTAMP, NULL},
    {"timestamp", TYPE_TIMESTAMP, NULL},
    {"year", TYPE_YEAR, NULL},
    {"json", TYPE_JSON, NULL},
    {"uuid", TYPE_UUID, NULL}, /* MariaDB, as the two below */
    {"inet4", TYPE_INET, NULL},
    {"inet6", TYPE_INET, NULL},
    {"enum", TYPE_ENUM, NULL},
    {"set", TYPE_SET, NULL},
    {"geometry", TYPE_GEOMETRY, NULL},
    {"point", TYPE_GEOMETRY, NULL},
    {"linestring", TYPE_GEOMETRY, NULL},
    {"polygon", TYPE_GEOMETRY, NULL},
    {"multipoint", TYPE_GEOMETRY, NULL},
    {"multilinestring", TYPE_GEOMETRY, NULL},
    {"multipolygon", TYPE_GEOMETRY, NULL},
    {"geometrycollection", TYPE_GEOMETRY, NULL},
    {"vector", TYPE_VECTOR, NULL},
};

enum { N_NAMES = sizeof names / sizeof *names };

/* A label without its quotes: '' and \' stand for a quote. */
static Str label_value(Arena *out, Str item)
{
    item = str_trim(item);
    if (item.length < 2 || (item.data[0] != '\'' && item.data[0] != '"'))
        return item;
    char quote = item.data[0];
    char *value = arena_alloc_raw(out, item.length);
    uint32_t n = 0;
    for (uint32_t i = 1; i + 1 < item.length; i++) {
        char c = item.data[i];
        if ((c == quote && item.data[i + 1] == quote && i + 2 < item.length) || c == '\\')
            i++;
        if (i + 1 < item.length)
            value[n++] = item.data[i];
    }
    return str_of(value, n);
}

static Str labelled(TypeRequest *request, Str base)
{
    ColumnType *type = request->type;
    Str *quoted = ARENA_ARRAY(request->out, Str, request->n_arguments + 1);
    for (uint32_t i = 0; i < request->n_arguments; i++) {
        Str value = label_value(request->out, request->arguments[i]);
        VEC_PUSH(request->out, &type->values, value);
        quoted[i] = str_format(request->out, "'" STR_FMT "'", STR_ARG(value));
    }
    Str list = str_join(request->out, quoted, request->n_arguments, STR(","));
    return str_format(request->out, STR_FMT "(" STR_FMT ")", STR_ARG(base), STR_ARG(list));
}

/* TEXT(n) and BLOB(n) become the smallest kind that holds n. */
static Str sized_lob(const TypeRequest *request, Str base)
{
    uint32_t n;
    bool is_text = request->type->family == TYPE_TEXT;
    if (!type_argument(request, 0, &n) ||
        (!str_equal(base, STR("text")) && !str_equal(base, STR("blob"))))
        return base;
    if (n <= 255)
        return is_text ? STR("tinytext") : STR("tinyblob");
    if (n <= 65535)
        return base;
    if (n <= 16777215)
        return is_text ? STR("mediumtext") : STR("mediumblob");
    return is_text ? STR("longtext") : STR("longblob");
}

static Str sized(const TypeRequest *request, Str base, uint32_t otherwise)
{
    ColumnType *type = request->type;
    if (!type_argument(request, 0, &type->length))
        type->length = otherwise;
    if (type->length == 0)
        return base;
    return str_format(request->out, STR_FMT "(%u)", STR_ARG(base), type->length);
}

static Str number(TypeRequest *request, Str base)
{
    ColumnType *type = request->type;
    uint32_t first = 0, second = 0;
    bool has_first = type_argument(request, 0, &first);
    bool has_second = type_argument(request, 1, &second);
    if (type->family == TYPE_NUMERIC) {
        type->has_precision = true;
        type->precision = (uint16_t)(has_first && first > 0 && first <= 65 ? first : 10);
        type->scale = (uint16_t)(has_second && second <= 30 ? second : 0);
        return str_format(request->out, "decimal(%u,%u)", (unsigned)type->precision,
                          (unsigned)type->scale);
    }
    if (has_first && has_second)
        return str_format(request->out, STR_FMT "(%u,%u)", STR_ARG(base), first, second);
    if (has_first && type->family == TYPE_REAL && first > 24) {
        type->family = TYPE_DOUBLE;
        return STR("double");
    }
    return base;
}

/* Words that may follow the name proper. */
static Str without_attributes(TypeRequest *request, bool *is_zerofill)
{
    static const char *const words[] = {" zerofill", " unsigned", " signed",
                                        " binary",   " ascii",    " unicode"};
    Str name = request->name;
    *is_zerofill = false;
    for (bool found = true; found;) {
        found = false;
        for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
            Str word = str_from(words[i]);
            if (!str_ends_with(name, word))
                continue;
            name = str_slice(name, 0, name.length - word.length);
            request->type->is_unsigned |= i <= 1;
            *is_zerofill |= i == 0;
            found = true;
        }
    }
    return name;
}

void type_make_mysql(TypeRequest *request)
{
    ColumnType *type = request->type;
    bool is_zerofill;
    request->name = without_attributes(request, &is_zerofill);
    const TypeName *entry = type_name_find(names, N_NAMES, request->name);
    if (!entry) {
        type->family = TYPE_OTHER;
        type->canonical = type->written;
        return;
    }
    type->family = entry->family;
    Str base = str_from(entry->canonical ? entry->canonical : entry->name);
    uint32_t width = 0;
    switch (type->family) {
    case TYPE_TINYINT:
        /* The one width that means something: it is how MySQL spells a boolean. */
        if (type_argument(request, 0, &width) && width == 1 && !type->is_unsigned) {
            type->family = TYPE_BOOLEAN;
            base = STR("tinyint(1)");
        }
        break;
    case TYPE_NUMERIC:
    case TYPE_REAL:
    case TYPE_DOUBLE:
        base = number(request, base);
        break;
    case TYPE_CHAR:
    case TYPE_BINARY:
    case TYPE_BIT:
        base = sized(request, base, 1);
        break;
    case TYPE_VARCHAR:
    case TYPE_VARBINARY:
    case TYPE_VECTOR:
        base = sized(request, base, 0);
        break;
    case TYPE_TEXT:
    case TYPE_BLOB:
        base = sized_lob(request, base);
        break;
    case TYPE_TIME:
    case TYPE_TIMESTAMP:
        /* TIMESTAMP is stored in UTC and shown in the session's zone; DATETIME is a wall clock. */
        type->with_time_zone = str_equal(base, STR("timestamp"));
        if (type_argument(request, 0, &width) && width > 0) {
            type->has_precision = true;
            type->precision = (uint16_t)(width < 6 ? width : 6);
            base =
                str_format(request->out, STR_FMT "(%u)", STR_ARG(base), (unsigned)type->precision);
        }
        break;
    case TYPE_ENUM:
    case TYPE_SET:
        base = labelled(request, base);
        break;
    case TYPE_BIGINT:
        type->is_serial = str_equal(request->name, STR("serial"));
        type->is_unsigned |= type->is_serial;
        break;
    case TYPE_UNKNOWN:
    case TYPE_BOOLEAN:
    case TYPE_SMALLINT:
    case TYPE_MEDIUMINT:
    case TYPE_INTEGER:
    case TYPE_MONEY:
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
    case TYPE_RANGE:
    case TYPE_GEOMETRY:
    case TYPE_DOMAIN:
    case TYPE_COMPOSITE:
    case TYPE_OTHER:
        break;
    }
    if (is_zerofill && type_is_integer(type->family) && type_argument(request, 0, &width))
        base = str_format(request->out, STR_FMT "(%u)", STR_ARG(base), width);
    if (type->is_unsigned)
        base = str_format(request->out, STR_FMT " unsigned", STR_ARG(base));
    if (is_zerofill)
        base = str_format(request->out, STR_FMT " zerofill", STR_ARG(base));
    type->canonical = base;
}
