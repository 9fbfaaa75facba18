#include "model/type_names.h"

#include "model/identifier.h"

/* What is written -> the family and format_type's name. Arguments are added by family. */
static const TypeName names[] = {
    {"bool", TYPE_BOOLEAN, "boolean"},
    {"boolean", TYPE_BOOLEAN, NULL},
    {"int2", TYPE_SMALLINT, "smallint"},
    {"smallint", TYPE_SMALLINT, NULL},
    {"smallserial", TYPE_SMALLINT, "smallint"},
    {"serial2", TYPE_SMALLINT, "smallint"},
    {"int", TYPE_INTEGER, "integer"},
    {"int4", TYPE_INTEGER, "integer"},
    {"integer", TYPE_INTEGER, NULL},
    {"serial", TYPE_INTEGER, "integer"},
    {"serial4", TYPE_INTEGER, "integer"},
    {"int8", TYPE_BIGINT, "bigint"},
    {"bigint", TYPE_BIGINT, NULL},
    {"bigserial", TYPE_BIGINT, "bigint"},
    {"serial8", TYPE_BIGINT, "bigint"},
    {"numeric", TYPE_NUMERIC, NULL},
    {"decimal", TYPE_NUMERIC, "numeric"},
    {"dec", TYPE_NUMERIC, "numeric"},
    {"money", TYPE_MONEY, NULL},
    {"real", TYPE_REAL, NULL},
    {"float4", TYPE_REAL, "real"},
    {"float8", TYPE_DOUBLE, "double precision"},
    {"float", TYPE_DOUBLE, "double precision"},
    {"double precision", TYPE_DOUBLE, NULL},
    {"char", TYPE_CHAR, "character"},
    {"character", TYPE_CHAR, NULL},
    {"nchar", TYPE_CHAR, "character"},
    {"national char", TYPE_CHAR, "character"},
    {"national character", TYPE_CHAR, "character"},
    {"bpchar", TYPE_CHAR, NULL},
    {"varchar", TYPE_VARCHAR, "character varying"},
    {"character varying", TYPE_VARCHAR, NULL},
    {"char varying", TYPE_VARCHAR, "character varying"},
    {"nchar varying", TYPE_VARCHAR, "character varying"},
    {"national char varying", TYPE_VARCHAR, "character varying"},
    {"national character varying", TYPE_VARCHAR, "character varying"},
    {"text", TYPE_TEXT, NULL},
    {"bytea", TYPE_BLOB, NULL},
    {"bit", TYPE_BIT, NULL},
    {"bit varying", TYPE_VARBIT, NULL},
    {"varbit", TYPE_VARBIT, "bit varying"},
    {"date", TYPE_DATE, NULL},
    {"time", TYPE_TIME, NULL},
    {"time without time zone", TYPE_TIME, NULL},
    {"time with time zone", TYPE_TIME, NULL},
    {"timetz", TYPE_TIME, NULL},
    {"timestamp", TYPE_TIMESTAMP, NULL},
    {"timestamp without time zone", TYPE_TIMESTAMP, NULL},
    {"timestamp with time zone", TYPE_TIMESTAMP, NULL},
    {"timestamptz", TYPE_TIMESTAMP, NULL},
    {"interval", TYPE_INTERVAL, NULL},
    {"uuid", TYPE_UUID, NULL},
    {"json", TYPE_JSON, NULL},
    {"jsonb", TYPE_JSONB, NULL},
    {"jsonpath", TYPE_OTHER, NULL},
    {"xml", TYPE_XML, NULL},
    {"inet", TYPE_INET, NULL},
    {"cidr", TYPE_CIDR, NULL},
    {"macaddr", TYPE_MACADDR, NULL},
    {"macaddr8", TYPE_MACADDR, NULL},
    {"tsvector", TYPE_TSVECTOR, NULL},
    {"tsquery", TYPE_TSQUERY, NULL},
    {"int4range", TYPE_RANGE, NULL},
    {"int8range", TYPE_RANGE, NULL},
    {"numrange", TYPE_RANGE, NULL},
    {"tsrange", TYPE_RANGE, NULL},
    {"tstzrange", TYPE_RANGE, NULL},
    {"daterange", TYPE_RANGE, NULL},
    {"int4multirange", TYPE_RANGE, NULL},
    {"int8multirange", TYPE_RANGE, NULL},
    {"nummultirange", TYPE_RANGE, NULL},
    {"tsmultirange", TYPE_RANGE, NULL},
    {"tstzmultirange", TYPE_RANGE, NULL},
    {"datemultirange", TYPE_RANGE, NULL},
    {"name", TYPE_OTHER, NULL},
    {"oid", TYPE_OTHER, NULL},
    {"xid", TYPE_OTHER, NULL},
    {"xid8", TYPE_OTHER, NULL},
    {"cid", TYPE_OTHER, NULL},
    {"tid", TYPE_OTHER, NULL},
    {"pg_lsn", TYPE_OTHER, NULL},
    {"regclass", TYPE_OTHER, NULL},
    {"regtype", TYPE_OTHER, NULL},
    {"regproc", TYPE_OTHER, NULL},
    {"regprocedure", TYPE_OTHER, NULL},
    {"regrole", TYPE_OTHER, NULL},
    {"regnamespace", TYPE_OTHER, NULL},
    {"regconfig", TYPE_OTHER, NULL},
    {"regdictionary", TYPE_OTHER, NULL},
    {"regoper", TYPE_OTHER, NULL},
    {"regoperator", TYPE_OTHER, NULL},
    {"regcollation", TYPE_OTHER, NULL},
    {"point", TYPE_GEOMETRY, NULL},
    {"line", TYPE_GEOMETRY, NULL},
    {"lseg", TYPE_GEOMETRY, NULL},
    {"box", TYPE_GEOMETRY, NULL},
    {"path", TYPE_GEOMETRY, NULL},
    {"polygon", TYPE_GEOMETRY, NULL},
    {"circle", TYPE_GEOMETRY, NULL},
    {"void", TYPE_OTHER, NULL},
    {"trigger", TYPE_OTHER, NULL},
    {"event_trigger", TYPE_OTHER, NULL},
    {"record", TYPE_OTHER, NULL},
    {"cstring", TYPE_OTHER, NULL},
    {"internal", TYPE_OTHER, NULL},
    {"anyelement", TYPE_OTHER, NULL},
    {"anyarray", TYPE_OTHER, NULL},
};

/* Types of extensions that people use without creating them in the files that we see. They may
 * live in any schema. */
static const TypeName extension_names[] = {
    {"citext", TYPE_TEXT, NULL},        {"geometry", TYPE_GEOMETRY, NULL},
    {"geography", TYPE_GEOMETRY, NULL}, {"vector", TYPE_VECTOR, NULL},
    {"halfvec", TYPE_VECTOR, NULL},     {"sparsevec", TYPE_VECTOR, NULL},
};

enum { N_NAMES = sizeof names / sizeof *names };
enum { N_EXTENSION_NAMES = sizeof extension_names / sizeof *extension_names };

Str type_user_name(Arena *out, Str schema, Str name)
{
    Str quoted = sql_identifier(out, DIALECT_POSTGRESQL, name);
    if (schema.length == 0 || str_equal(schema, STR("public")))
        return quoted;
    return str_format(out, STR_FMT "." STR_FMT,
                      STR_ARG(sql_identifier(out, DIALECT_POSTGRESQL, schema)), STR_ARG(quoted));
}

/* "base(p)" or "base". */
static Str with_length(Arena *out, Str base, uint32_t length)
{
    return str_format(out, STR_FMT "(%u)", STR_ARG(base), length);
}

static Str timed(const TypeRequest *request, const char *base)
{
    ColumnType *type = request->type;
    uint32_t precision;
    const char *zone = type->with_time_zone ? "with time zone" : "without time zone";
    if (!type_argument(request, 0, &precision))
        return str_format(request->out, "%s %s", base, zone);
    type->precision = (uint16_t)(precision < 6 ? precision : 6);
    type->has_precision = true;
    return str_format(request->out, "%s(%u) %s", base, (unsigned)type->precision, zone);
}

static Str numeric(const TypeRequest *request)
{
    ColumnType *type = request->type;
    uint32_t precision, scale = 0;
    if (!type_argument(request, 0, &precision))
        return STR("numeric");
    bool is_negative =
        request->n_arguments > 1 && str_starts_with(str_trim(request->arguments[1]), STR("-"));
    if (is_negative) /* allowed since PostgreSQL 15; the scale is kept in the text alone */
        scale = 0;
    else
        (void)type_argument(request, 1, &scale);
    type->has_precision = true;
    type->precision = (uint16_t)(precision < UINT16_MAX ? precision : UINT16_MAX);
    type->scale = (uint16_t)(scale < UINT16_MAX ? scale : UINT16_MAX);
    if (is_negative)
        return str_format(request->out, "numeric(%u," STR_FMT ")", precision,
                          STR_ARG(str_trim(request->arguments[1])));
    return str_format(request->out, "numeric(%u,%u)", precision, scale);
}

static Str interval(const TypeRequest *request)
{
    uint32_t precision;
    Str name = request->name;
    if (!type_argument(request, 0, &precision))
        return name;
    request->type->has_precision = true;
    request->type->precision = (uint16_t)(precision < 6 ? precision : 6);
    return with_length(request->out, name, request->type->precision);
}

static Str text_family(const TypeRequest *request, Str base)
{
    ColumnType *type = request->type;
    bool has_length = type_argument(request, 0, &type->length);
    if (type->family == TYPE_CHAR && !has_length) {
        if (str_equal(base, STR("bpchar")))
            return base;
        type->length = 1;
        return STR("character(1)");
    }
    if (type->family == TYPE_CHAR)
        base = STR("character");
    return has_length ? with_length(request->out, base, type->length) : base;
}

static Str canonical_of(TypeRequest *request, const TypeName *entry)
{
    ColumnType *type = request->type;
    Str base = str_from(entry->canonical ? entry->canonical : entry->name);
    uint32_t n;
    if (type->family == TYPE_NUMERIC)
        return numeric(request);
    if (type->family == TYPE_CHAR || type->family == TYPE_VARCHAR)
        return text_family(request, base);
    if (type->family == TYPE_TIME || type->family == TYPE_TIMESTAMP) {
        type->with_time_zone =
            str_contains(request->name, STR("tz")) || str_contains(request->name, STR("with time"));
        return timed(request, type->family == TYPE_TIME ? "time" : "timestamp");
    }
    if (type->family == TYPE_BIT || type->family == TYPE_VARBIT) {
        if (type_argument(request, 0, &type->length))
            return with_length(request->out, base, type->length);
        if (type->family == TYPE_BIT) {
            type->length = 1;
            return STR("bit(1)");
        }
        return base;
    }
    if (str_equal(request->name, STR("float")) && type_argument(request, 0, &n) && n <= 24) {
        type->family = TYPE_REAL;
        return STR("real");
    }
    return base;
}

static void add_array(TypeRequest *request)
{
    ColumnType *type = request->type;
    if (type->array_dims > 0)
        type->canonical = str_format(request->out, STR_FMT "[]", STR_ARG(type->canonical));
}

void type_make_postgresql(TypeRequest *request)
{
    ColumnType *type = request->type;
    Str name = request->name;
    bool is_catalog = str_equal(type->schema, STR("pg_catalog"));
    bool is_builtin = type->schema.length == 0 || is_catalog;

    if (is_builtin && str_equal(name, STR("char")) && (request->is_quoted || is_catalog)) {
        type->family = TYPE_CHAR;
        type->length = 1;
        type->canonical = STR("\"char\"");
        add_array(request);
        return;
    }
    if (is_builtin && !request->is_quoted && str_starts_with(name, STR("interval"))) {
        type->family = TYPE_INTERVAL;
        type->canonical = interval(request);
        add_array(request);
        return;
    }
    /* A quoted word is a catalog name: "int4" is one, "integer" is a type of the user's. Telling
     * them apart is not worth a second table; "varchar" and "timestamptz" are what occurs. */
    const TypeName *entry = is_builtin ? type_name_find(names, N_NAMES, name) : NULL;
    if (entry) {
        type->family = entry->family;
        type->is_serial = str_contains(name, STR("serial"));
        type->canonical = canonical_of(request, entry);
        add_array(request);
        return;
    }
    entry = type_name_find(extension_names, N_EXTENSION_NAMES, name);
    type->family = entry ? entry->family : TYPE_OTHER;
    type->canonical = type_user_name(request->out, type->schema, type->name);
    if (entry && type_argument(request, 0, &type->length)) {
        type->canonical = with_length(request->out, type->canonical, type->length);
    } else if (request->n_arguments > 0) {
        Str list = str_join(request->out, request->arguments, request->n_arguments, STR(","));
        type->canonical = str_format(request->out, STR_FMT "(" STR_FMT ")",
                                     STR_ARG(type->canonical), STR_ARG(list));
    }
    add_array(request);
}
