/* SQLite, which keeps what was declared, and SQL Server. */
#include "model/type_names.h"

/* ---- SQLite ---- */

static const TypeName sqlite_names[] = {
    {"boolean", TYPE_BOOLEAN, NULL},
    {"bool", TYPE_BOOLEAN, NULL},
    {"tinyint", TYPE_TINYINT, NULL},
    {"smallint", TYPE_SMALLINT, NULL},
    {"mediumint", TYPE_MEDIUMINT, NULL},
    /* Every integer is stored in up to 8 bytes, whatever its name. */
    {"int", TYPE_BIGINT, NULL},
    {"integer", TYPE_BIGINT, NULL},
    {"bigint", TYPE_BIGINT, NULL},
    {"numeric", TYPE_NUMERIC, NULL},
    {"decimal", TYPE_NUMERIC, NULL},
    {"money", TYPE_MONEY, NULL},
    {"real", TYPE_DOUBLE, NULL},
    {"float", TYPE_DOUBLE, NULL},
    {"double", TYPE_DOUBLE, NULL},
    {"double precision", TYPE_DOUBLE, NULL},
    {"character", TYPE_CHAR, NULL},
    {"char", TYPE_CHAR, NULL},
    {"nchar", TYPE_CHAR, NULL},
    {"varchar", TYPE_VARCHAR, NULL},
    {"nvarchar", TYPE_VARCHAR, NULL},
    {"character varying", TYPE_VARCHAR, NULL},
    {"text", TYPE_TEXT, NULL},
    {"clob", TYPE_TEXT, NULL},
    {"blob", TYPE_BLOB, NULL},
    {"date", TYPE_DATE, NULL},
    {"time", TYPE_TIME, NULL},
    {"datetime", TYPE_TIMESTAMP, NULL},
    {"timestamp", TYPE_TIMESTAMP, NULL},
    {"uuid", TYPE_UUID, NULL},
    {"json", TYPE_JSON, NULL},
    {"jsonb", TYPE_JSONB, NULL},
};

enum { N_SQLITE_NAMES = sizeof sqlite_names / sizeof *sqlite_names };

/* SQLite's rules of affinity, for names that mean nothing to us. */
static TypeFamily family_by_affinity(Str name)
{
    if (str_contains(name, STR("int")))
        return TYPE_BIGINT;
    if (str_contains(name, STR("char")) || str_contains(name, STR("clob")) ||
        str_contains(name, STR("text")))
        return TYPE_TEXT;
    if (str_contains(name, STR("blob")))
        return TYPE_BLOB;
    if (str_contains(name, STR("real")) || str_contains(name, STR("floa")) ||
        str_contains(name, STR("doub")))
        return TYPE_DOUBLE;
    return TYPE_OTHER;
}

void type_make_sqlite(TypeRequest *request)
{
    ColumnType *type = request->type;
    type->canonical = type->written;
    if (request->name.length == 0) {
        type->family = TYPE_UNKNOWN;
        return;
    }
    const TypeName *entry = type_name_find(sqlite_names, N_SQLITE_NAMES, request->name);
    type->family = entry ? entry->family : family_by_affinity(request->name);
    uint32_t first = 0, second = 0;
    if (!type_argument(request, 0, &first))
        return;
    if (type->family == TYPE_NUMERIC) {
        (void)type_argument(request, 1, &second);
        type->has_precision = true;
        type->precision = (uint16_t)(first < UINT16_MAX ? first : UINT16_MAX);
        type->scale = (uint16_t)(second < UINT16_MAX ? second : UINT16_MAX);
    } else {
        type->length = first;
    }
}

/* ---- SQL Server ---- */

static const TypeName sqlserver_names[] = {
    {"bit", TYPE_BOOLEAN, NULL},
    {"tinyint", TYPE_TINYINT, NULL},
    {"smallint", TYPE_SMALLINT, NULL},
    {"int", TYPE_INTEGER, NULL},
    {"integer", TYPE_INTEGER, "int"},
    {"bigint", TYPE_BIGINT, NULL},
    {"decimal", TYPE_NUMERIC, NULL},
    {"dec", TYPE_NUMERIC, "decimal"},
    {"numeric", TYPE_NUMERIC, NULL},
    {"money", TYPE_MONEY, NULL},
    {"smallmoney", TYPE_MONEY, NULL},
    {"real", TYPE_REAL, NULL},
    {"float", TYPE_DOUBLE, NULL},
    {"double precision", TYPE_DOUBLE, "float"},
    {"char", TYPE_CHAR, NULL},
    {"character", TYPE_CHAR, "char"},
    {"nchar", TYPE_CHAR, NULL},
    {"varchar", TYPE_VARCHAR, NULL},
    {"character varying", TYPE_VARCHAR, "varchar"},
    {"nvarchar", TYPE_VARCHAR, NULL},
    {"sysname", TYPE_VARCHAR, "nvarchar"},
    {"text", TYPE_TEXT, NULL},
    {"ntext", TYPE_TEXT, NULL},
    {"binary", TYPE_BINARY, NULL},
    {"varbinary", TYPE_VARBINARY, NULL},
    {"image", TYPE_BLOB, NULL},
    {"rowversion", TYPE_BINARY, "timestamp"},
    {"timestamp", TYPE_BINARY, NULL},
    {"date", TYPE_DATE, NULL},
    {"time", TYPE_TIME, NULL},
    {"datetime", TYPE_TIMESTAMP, NULL},
    {"datetime2", TYPE_TIMESTAMP, NULL},
    {"smalldatetime", TYPE_TIMESTAMP, NULL},
    {"datetimeoffset", TYPE_TIMESTAMP, NULL},
    {"uniqueidentifier", TYPE_UUID, NULL},
    {"xml", TYPE_XML, NULL},
    {"json", TYPE_JSON, NULL},
    {"geometry", TYPE_GEOMETRY, NULL},
    {"geography", TYPE_GEOMETRY, NULL},
};

enum { N_SQLSERVER_NAMES = sizeof sqlserver_names / sizeof *sqlserver_names };

static Str sqlserver_sized(const TypeRequest *request, Str base)
{
    ColumnType *type = request->type;
    bool is_max = request->n_arguments > 0 &&
                  str_equal_ignore_case(str_trim(request->arguments[0]), STR("max"));
    if (is_max) {
        if (type->family == TYPE_VARCHAR)
            type->family = TYPE_TEXT;
        else if (type->family == TYPE_VARBINARY)
            type->family = TYPE_BLOB;
        return str_format(request->out, STR_FMT "(max)", STR_ARG(base));
    }
    if (!type_argument(request, 0, &type->length))
        type->length = str_equal(request->name, STR("sysname")) ? 128 : 1;
    return str_format(request->out, STR_FMT "(%u)", STR_ARG(base), type->length);
}

void type_make_sqlserver(TypeRequest *request)
{
    ColumnType *type = request->type;
    const TypeName *entry = type_name_find(sqlserver_names, N_SQLSERVER_NAMES, request->name);
    if (!entry) {
        type->family = TYPE_OTHER;
        type->canonical = type->written;
        return;
    }
    type->family = entry->family;
    Str base = str_from(entry->canonical ? entry->canonical : entry->name);
    uint32_t first = 0, second = 0;
    bool has_first = type_argument(request, 0, &first);
    type->canonical = base;
    if (type->family == TYPE_NUMERIC) {
        (void)type_argument(request, 1, &second);
        type->has_precision = true;
        type->precision = (uint16_t)(has_first && first <= 38 ? first : 18);
        type->scale = (uint16_t)(second <= 38 ? second : 0);
        type->canonical = str_format(request->out, STR_FMT "(%u,%u)", STR_ARG(base),
                                     (unsigned)type->precision, (unsigned)type->scale);
    } else if (type->family == TYPE_DOUBLE) {
        if (has_first && first <= 24) {
            type->family = TYPE_REAL;
            type->canonical = STR("real");
        }
    } else if (str_equal(base, STR("timestamp"))) {
        type->length = 8;
    } else if (type_is_text(type->family) || type->family == TYPE_BINARY ||
               type->family == TYPE_VARBINARY) {
        if (type->family != TYPE_TEXT)
            type->canonical = sqlserver_sized(request, base);
    } else if (str_equal(base, STR("time")) || str_equal(base, STR("datetime2")) ||
               str_equal(base, STR("datetimeoffset"))) {
        type->has_precision = true;
        type->precision = (uint16_t)(has_first && first <= 7 ? first : 7);
        type->with_time_zone = str_equal(base, STR("datetimeoffset"));
        type->canonical =
            str_format(request->out, STR_FMT "(%u)", STR_ARG(base), (unsigned)type->precision);
    }
}
