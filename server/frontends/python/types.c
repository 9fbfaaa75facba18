/* A type of SQLAlchemy is an object of a class, and what a dialect writes for it depends on the
 * class's name, its arguments and the dialect: a table says which of a few recipes a name follows.
 * The project's own classes are in class_types.c. */
#include "frontends/python/lower.h"

#include "model/identifier.h"

enum { TYPE_DEPTH_MAX = 12, ARGUMENTS_MAX = 64 };

typedef enum {
    RECIPE_WORD,    /* the word for each dialect, as it stands in the table */
    RECIPE_LENGTH,  /* word(length) where there is one */
    RECIPE_NUMERIC, /* word(precision, scale) */
    RECIPE_FLOAT,
    RECIPE_INTEGER,   /* MySQL: (width), UNSIGNED */
    RECIPE_DATETIME,  /* timezone=, MySQL's fsp */
    RECIPE_TIMESTAMP, /* timezone=, precision=, fsp= */
    RECIPE_TIME,
    RECIPE_INTERVAL,
    RECIPE_BINARY,
    RECIPE_UUID,
    RECIPE_ARRAY,
    RECIPE_ENUM,
    RECIPE_SET,
    RECIPE_BIT,
    RECIPE_NULL,
} Recipe;

typedef struct {
    const char *name;
    Recipe recipe;
    const char *postgresql, *mysql, *sqlite, *sqlserver; /* NULL: that dialect cannot write it */
} TypeRow;

#define SAME(word) word, word, word, word

static const TypeRow rows[] = {
    {"String", RECIPE_LENGTH, SAME("VARCHAR")},
    {"VARCHAR", RECIPE_LENGTH, SAME("VARCHAR")},
    {"AutoString", RECIPE_LENGTH, SAME("VARCHAR")},
    {"Unicode", RECIPE_LENGTH, "VARCHAR", "VARCHAR", "VARCHAR", "NVARCHAR"},
    {"NVARCHAR", RECIPE_LENGTH, "NVARCHAR", "NATIONAL VARCHAR", "NVARCHAR", "NVARCHAR"},
    {"CHAR", RECIPE_LENGTH, SAME("CHAR")},
    {"NCHAR", RECIPE_LENGTH, "NCHAR", "NATIONAL CHAR", "NCHAR", "NCHAR"},
    {"Text", RECIPE_LENGTH, "TEXT", "TEXT", "TEXT", "VARCHAR(max)"},
    {"TEXT", RECIPE_LENGTH, SAME("TEXT")},
    {"UnicodeText", RECIPE_LENGTH, "TEXT", "TEXT", "TEXT", "NVARCHAR(max)"},
    {"Integer", RECIPE_INTEGER, SAME("INTEGER")},
    {"INTEGER", RECIPE_INTEGER, SAME("INTEGER")},
    {"INT", RECIPE_INTEGER, SAME("INTEGER")},
    {"SmallInteger", RECIPE_INTEGER, SAME("SMALLINT")},
    {"SMALLINT", RECIPE_INTEGER, SAME("SMALLINT")},
    {"BigInteger", RECIPE_INTEGER, SAME("BIGINT")},
    {"BIGINT", RECIPE_INTEGER, SAME("BIGINT")},
    {"TINYINT", RECIPE_INTEGER, NULL, "TINYINT", NULL, "TINYINT"},
    {"MEDIUMINT", RECIPE_INTEGER, NULL, "MEDIUMINT", NULL, NULL},
    {"Boolean", RECIPE_WORD, "BOOLEAN", "BOOL", "BOOLEAN", "BIT"},
    {"BOOLEAN", RECIPE_WORD, "BOOLEAN", "BOOL", "BOOLEAN", "BIT"},
    {"Float", RECIPE_FLOAT, SAME("FLOAT")},
    {"FLOAT", RECIPE_FLOAT, SAME("FLOAT")},
    {"REAL", RECIPE_WORD, SAME("REAL")},
    {"Double", RECIPE_WORD, "DOUBLE PRECISION", "DOUBLE", "DOUBLE", "DOUBLE PRECISION"},
    {"DOUBLE", RECIPE_NUMERIC, "DOUBLE PRECISION", "DOUBLE", "DOUBLE", "DOUBLE PRECISION"},
    {"DOUBLE_PRECISION", RECIPE_WORD, "DOUBLE PRECISION", "DOUBLE PRECISION", "DOUBLE PRECISION",
     "DOUBLE PRECISION"},
    {"Numeric", RECIPE_NUMERIC, SAME("NUMERIC")},
    {"NUMERIC", RECIPE_NUMERIC, SAME("NUMERIC")},
    {"DECIMAL", RECIPE_NUMERIC, SAME("DECIMAL")},
    {"DateTime", RECIPE_DATETIME, "TIMESTAMP", "DATETIME", "DATETIME", "DATETIME"},
    {"DATETIME", RECIPE_DATETIME, NULL, "DATETIME", "DATETIME", "DATETIME"},
    {"TIMESTAMP", RECIPE_TIMESTAMP, SAME("TIMESTAMP")},
    {"Date", RECIPE_WORD, SAME("DATE")},
    {"DATE", RECIPE_WORD, SAME("DATE")},
    {"Time", RECIPE_TIME, SAME("TIME")},
    {"TIME", RECIPE_TIME, SAME("TIME")},
    {"Interval", RECIPE_INTERVAL, "INTERVAL", "DATETIME", "DATETIME", "DATETIME"},
    {"INTERVAL", RECIPE_INTERVAL, "INTERVAL", NULL, NULL, NULL},
    {"LargeBinary", RECIPE_BINARY, "BYTEA", "BLOB", "BLOB", "VARBINARY(max)"},
    {"PickleType", RECIPE_WORD, "BYTEA", "BLOB", "BLOB", "VARBINARY(max)"},
    {"BLOB", RECIPE_BINARY, NULL, "BLOB", "BLOB", NULL},
    {"BYTEA", RECIPE_WORD, "BYTEA", NULL, NULL, NULL},
    {"BINARY", RECIPE_LENGTH, NULL, "BINARY", "BINARY", "BINARY"},
    {"VARBINARY", RECIPE_LENGTH, NULL, "VARBINARY", "VARBINARY", "VARBINARY"},
    {"JSON", RECIPE_WORD, "JSON", "JSON", "JSON", "NVARCHAR(max)"},
    {"JSONB", RECIPE_WORD, "JSONB", NULL, NULL, NULL},
    {"JSONPATH", RECIPE_WORD, "JSONPATH", NULL, NULL, NULL},
    {"Uuid", RECIPE_UUID, "UUID", "CHAR(32)", "CHAR(32)", "UNIQUEIDENTIFIER"},
    {"UUID", RECIPE_WORD, "UUID", "UUID", "UUID", "UNIQUEIDENTIFIER"},
    {"ARRAY", RECIPE_ARRAY, "", NULL, NULL, NULL},
    {"Enum", RECIPE_ENUM, SAME("")},
    {"ENUM", RECIPE_ENUM, SAME("")},
    {"SET", RECIPE_SET, NULL, "SET", NULL, NULL},
    {"BIT", RECIPE_BIT, "BIT", "BIT", NULL, "BIT"},
    {"NullType", RECIPE_NULL, SAME("")},
    {"NULLTYPE", RECIPE_NULL, SAME("")},
    {"TINYTEXT", RECIPE_WORD, NULL, "TINYTEXT", NULL, NULL},
    {"MEDIUMTEXT", RECIPE_WORD, NULL, "MEDIUMTEXT", NULL, NULL},
    {"LONGTEXT", RECIPE_WORD, NULL, "LONGTEXT", NULL, NULL},
    {"TINYBLOB", RECIPE_WORD, NULL, "TINYBLOB", NULL, NULL},
    {"MEDIUMBLOB", RECIPE_WORD, NULL, "MEDIUMBLOB", NULL, NULL},
    {"LONGBLOB", RECIPE_WORD, NULL, "LONGBLOB", NULL, NULL},
    {"YEAR", RECIPE_WORD, NULL, "YEAR", NULL, NULL},
    {"HSTORE", RECIPE_WORD, "HSTORE", NULL, NULL, NULL},
    {"INET", RECIPE_WORD, "INET", NULL, NULL, NULL},
    {"CIDR", RECIPE_WORD, "CIDR", NULL, NULL, NULL},
    {"CITEXT", RECIPE_WORD, "CITEXT", NULL, NULL, NULL},
    {"MACADDR", RECIPE_WORD, "MACADDR", NULL, NULL, NULL},
    {"MACADDR8", RECIPE_WORD, "MACADDR8", NULL, NULL, NULL},
    {"MONEY", RECIPE_WORD, "MONEY", NULL, NULL, "MONEY"},
    {"OID", RECIPE_WORD, "OID", NULL, NULL, NULL},
    {"REGCLASS", RECIPE_WORD, "REGCLASS", NULL, NULL, NULL},
    {"REGCONFIG", RECIPE_WORD, "REGCONFIG", NULL, NULL, NULL},
    {"TSVECTOR", RECIPE_WORD, "TSVECTOR", NULL, NULL, NULL},
    {"TSQUERY", RECIPE_WORD, "TSQUERY", NULL, NULL, NULL},
    {"INT4RANGE", RECIPE_WORD, "INT4RANGE", NULL, NULL, NULL},
    {"INT8RANGE", RECIPE_WORD, "INT8RANGE", NULL, NULL, NULL},
    {"NUMRANGE", RECIPE_WORD, "NUMRANGE", NULL, NULL, NULL},
    {"DATERANGE", RECIPE_WORD, "DATERANGE", NULL, NULL, NULL},
    {"TSRANGE", RECIPE_WORD, "TSRANGE", NULL, NULL, NULL},
    {"TSTZRANGE", RECIPE_WORD, "TSTZRANGE", NULL, NULL, NULL},
    {"INT4MULTIRANGE", RECIPE_WORD, "INT4MULTIRANGE", NULL, NULL, NULL},
    {"INT8MULTIRANGE", RECIPE_WORD, "INT8MULTIRANGE", NULL, NULL, NULL},
    {"NUMMULTIRANGE", RECIPE_WORD, "NUMMULTIRANGE", NULL, NULL, NULL},
    {"DATEMULTIRANGE", RECIPE_WORD, "DATEMULTIRANGE", NULL, NULL, NULL},
    {"TSMULTIRANGE", RECIPE_WORD, "TSMULTIRANGE", NULL, NULL, NULL},
    {"TSTZMULTIRANGE", RECIPE_WORD, "TSTZMULTIRANGE", NULL, NULL, NULL},
};

/* Types of other libraries, by their whole names' ends. "sqlalchemy_utils.EmailType" is one that
 * an application writes; the module within the library differs. */
static const struct {
    const char *library, *name;
    const char *postgresql, *mysql, *sqlite, *sqlserver;
} foreign_rows[] = {
    {"sqlalchemy_utils", "EmailType", SAME("VARCHAR(255)")},
    {"sqlalchemy_utils", "URLType", SAME("TEXT")},
    {"sqlalchemy_utils", "TimezoneType", SAME("VARCHAR(50)")},
    {"sqlalchemy_utils", "IPAddressType", SAME("VARCHAR(50)")},
    {"sqlalchemy_utils", "CountryType", SAME("VARCHAR(2)")},
    {"sqlalchemy_utils", "CurrencyType", SAME("VARCHAR(3)")},
    {"sqlalchemy_utils", "LocaleType", SAME("VARCHAR(10)")},
    {"sqlalchemy_utils", "ColorType", SAME("VARCHAR(20)")},
    {"sqlalchemy_utils", "ArrowType", "TIMESTAMP WITHOUT TIME ZONE", "DATETIME", "DATETIME",
     "DATETIME"},
    {"sqlalchemy_utils", "TSVectorType", "TSVECTOR", NULL, NULL, NULL},
    {"sqlalchemy_utils", "LtreeType", "LTREE", NULL, NULL, NULL},
    {"sqlalchemy_utils", "JSONType", "JSON", "TEXT", "TEXT", "TEXT"},
    {"fastapi_users_db_sqlalchemy", "GUID", "UUID", "CHAR(36)", "CHAR(36)", "CHAR(36)"},
    {"fastapi_users", "GUID", "UUID", "CHAR(36)", "CHAR(36)", "CHAR(36)"},
    {"oslo_db", "JsonEncodedDict", SAME("TEXT")},
    {"oslo_db", "JsonEncodedList", SAME("TEXT")},
    {"oslo_db", "SoftDeleteInteger", SAME("INTEGER")},
};

enum { N_ROWS = sizeof rows / sizeof *rows };
enum { N_FOREIGN_ROWS = sizeof foreign_rows / sizeof *foreign_rows };

static const char *word_of(Dialect dialect, const char *postgresql, const char *mysql,
                           const char *sqlite, const char *sqlserver)
{
    switch (dialect) {
    case DIALECT_POSTGRESQL:
        return postgresql;
    case DIALECT_MYSQL:
        return mysql;
    case DIALECT_SQLITE:
        return sqlite;
    case DIALECT_SQLSERVER:
        return sqlserver;
    }
    return NULL;
}

/* --- recipes --- */

PythonType python_unknown_type(void)
{
    return (PythonType){.type = {.family = TYPE_UNKNOWN}};
}

PythonType python_written_type(PythonScope *scope, Str text)
{
    return (PythonType){.type = type_parse(scope->out, scope->dialect, text)};
}

/* An argument that is written but is no number we know: then nothing is sure. */
static bool number_argument(PythonScope *scope, const PythonTerm *call, uint32_t position,
                            const char *name, uint32_t *value, bool *is_unsure)
{
    const PythonTerm *term = call_argument(call, position, name);
    if (term_is_none(term))
        return false;
    if (term_unsigned(scope, term, value))
        return true;
    *is_unsure = true;
    return false;
}

static Str with_length(PythonScope *scope, const PythonTerm *call, const char *word,
                       bool *is_unsure)
{
    uint32_t length;
    if (str_ends_with(str_from(word), STR(")"))) /* the dialect has no length here */
        return str_from(word);
    if (!number_argument(scope, call, 0, "length", &length, is_unsure))
        return str_from(word);
    return str_format(scope->out, "%s(%u)", word, length);
}

static Str numeric_text(PythonScope *scope, const PythonTerm *call, const char *word,
                        bool *is_unsure)
{
    uint32_t precision, scale;
    if (!number_argument(scope, call, 0, "precision", &precision, is_unsure))
        return str_from(word);
    if (!number_argument(scope, call, 1, "scale", &scale, is_unsure))
        return str_format(scope->out, "%s(%u)", word, precision);
    return str_format(scope->out, "%s(%u, %u)", word, precision, scale);
}

static Str float_text(PythonScope *scope, const PythonTerm *call, const char *word,
                      Str dialect_name, bool *is_unsure)
{
    uint32_t precision, scale;
    if (scope->dialect == DIALECT_SQLITE ||
        !number_argument(scope, call, 0, "precision", &precision, is_unsure))
        return str_from(word);
    bool is_mysql = str_equal(dialect_name, STR("mysql")) && scope->dialect == DIALECT_MYSQL;
    if (is_mysql && number_argument(scope, call, 1, "scale", &scale, is_unsure))
        return str_format(scope->out, "%s(%u, %u)", word, precision, scale);
    return str_format(scope->out, "%s(%u)", word, precision);
}

static Str integer_text(PythonScope *scope, const PythonTerm *call, const char *word,
                        Str dialect_name, bool *is_unsure)
{
    if (!str_equal(dialect_name, STR("mysql")) || scope->dialect != DIALECT_MYSQL)
        return str_from(word);
    uint32_t width;
    Str text = str_from(word);
    if (number_argument(scope, call, 0, "display_width", &width, is_unsure))
        text = str_format(scope->out, "%s(%u)", word, width);
    if (call_flag(scope, call, "unsigned"))
        text = str_format(scope->out, STR_FMT " UNSIGNED", STR_ARG(text));
    return text;
}

/* TIMESTAMP(3) WITH TIME ZONE, DATETIME(6) */
static Str time_text(PythonScope *scope, const PythonTerm *call, const char *word, bool *is_unsure)
{
    uint32_t digits;
    if (scope->dialect == DIALECT_MYSQL) {
        if (!number_argument(scope, call, NO_POSITION, "fsp", &digits, is_unsure))
            return str_from(word);
        return str_format(scope->out, "%s(%u)", word, digits);
    }
    const PythonTerm *zone = call_argument(call, 0, "timezone");
    bool has_zone = false;
    if (!term_is_none(zone) && !term_boolean(scope, zone, &has_zone))
        *is_unsure = true;
    if (scope->dialect == DIALECT_SQLSERVER)
        return has_zone ? STR("DATETIMEOFFSET") : str_from(word);
    if (scope->dialect != DIALECT_POSTGRESQL)
        return str_from(word);
    const char *suffix = has_zone ? "WITH TIME ZONE" : "WITHOUT TIME ZONE";
    if (number_argument(scope, call, NO_POSITION, "precision", &digits, is_unsure))
        return str_format(scope->out, "%s(%u) %s", word, digits, suffix);
    return str_format(scope->out, "%s %s", word, suffix);
}

static Str interval_text(PythonScope *scope, const PythonTerm *call, const char *word,
                         bool *is_unsure)
{
    uint32_t digits;
    Str fields;
    Str text = str_from(word);
    if (scope->dialect != DIALECT_POSTGRESQL)
        return text;
    if (term_string(scope, call_argument(call, NO_POSITION, "fields"), &fields))
        text = str_format(scope->out, "%s " STR_FMT, word, STR_ARG(str_lower(scope->out, fields)));
    if (number_argument(scope, call, NO_POSITION, "precision", &digits, is_unsure) ||
        number_argument(scope, call, NO_POSITION, "second_precision", &digits, is_unsure))
        text = str_format(scope->out, STR_FMT "(%u)", STR_ARG(text), digits);
    return text;
}

static Str bit_text(PythonScope *scope, const PythonTerm *call, const char *word, bool *is_unsure)
{
    uint32_t length;
    bool has_length = number_argument(scope, call, 0, "length", &length, is_unsure);
    bool varying = false;
    const PythonTerm *argument = call_argument(call, 1, "varying");
    if (!term_is_none(argument) && !term_boolean(scope, argument, &varying))
        *is_unsure = true;
    const char *name = varying ? "BIT VARYING" : word;
    return has_length ? str_format(scope->out, "%s(%u)", name, length) : str_from(name);
}

static PythonType array_type(PythonScope *scope, const PythonTerm *call)
{
    PythonType item = python_type(scope, call_argument(call, 0, "item_type"));
    if (item.type.family == TYPE_UNKNOWN || item.type.array_dims > 0)
        return python_unknown_type();
    uint32_t dimensions = 1;
    bool is_unsure = false;
    (void)number_argument(scope, call, NO_POSITION, "dimensions", &dimensions, &is_unsure);
    if (is_unsure || dimensions == 0 || dimensions > 16)
        return python_unknown_type();
    ColumnType *type = &item.type;
    type->array_dims = (uint8_t)dimensions;
    type->canonical = str_format(scope->out, STR_FMT "[]", STR_ARG(type->canonical));
    for (uint32_t i = 0; i < dimensions; i++)
        type->written = str_format(scope->out, STR_FMT "[]", STR_ARG(type->written));
    item.is_integer = false;
    item.has_check = false;
    return item;
}

static PythonType set_type(PythonScope *scope, const PythonTerm *call)
{
    Vec(Str) labels = {0};
    uint32_t n = call_n_positional(call);
    for (uint32_t i = 0; i < n && i < ARGUMENTS_MAX; i++) {
        Str label;
        if (!term_string(scope, call_argument(call, i, NULL), &label))
            return python_unknown_type();
        Str quoted = sql_string(scope->out, scope->dialect, label);
        VEC_PUSH(scope->out, &labels, quoted);
    }
    return (PythonType){.type = type_make(scope->out, scope->dialect, (Str){0}, STR("set"),
                                          labels.items, labels.n, 0, false)};
}

static PythonType cook(PythonScope *scope, const TypeRow *row, const char *word,
                       const PythonTerm *call, Str dialect_name)
{
    bool is_unsure = call_has_splat(call) && row->recipe != RECIPE_WORD;
    Str text = str_from(word);
    switch (row->recipe) {
    case RECIPE_WORD:
        break;
    case RECIPE_LENGTH:
        text = with_length(scope, call, word, &is_unsure);
        break;
    case RECIPE_NUMERIC:
        if (str_equal(text, STR("DOUBLE")) || !str_contains(text, STR("DOUBLE")))
            text = numeric_text(scope, call, word, &is_unsure);
        break;
    case RECIPE_FLOAT:
        text = float_text(scope, call, word, dialect_name, &is_unsure);
        break;
    case RECIPE_INTEGER:
        text = integer_text(scope, call, word, dialect_name, &is_unsure);
        break;
    case RECIPE_DATETIME:
    case RECIPE_TIMESTAMP:
    case RECIPE_TIME:
        text = time_text(scope, call, word, &is_unsure);
        break;
    case RECIPE_INTERVAL:
        text = interval_text(scope, call, word, &is_unsure);
        break;
    case RECIPE_BINARY:
        if (scope->dialect == DIALECT_MYSQL)
            text = with_length(scope, call, word, &is_unsure);
        break;
    case RECIPE_UUID: {
        bool is_native = true;
        const PythonTerm *native = call_argument(call, NO_POSITION, "native_uuid");
        if (!term_is_none(native) && !term_boolean(scope, native, &is_native))
            is_unsure = true;
        if (!is_native)
            text = STR("CHAR(32)");
        break;
    }
    case RECIPE_ARRAY:
        return array_type(scope, call);
    case RECIPE_ENUM:
        return python_enum_type(scope, call, dialect_name);
    case RECIPE_SET:
        return set_type(scope, call);
    case RECIPE_BIT:
        text = bit_text(scope, call, word, &is_unsure);
        break;
    case RECIPE_NULL:
        return (PythonType){.is_null = true};
    }
    if (is_unsure)
        return python_unknown_type();
    PythonType result = python_written_type(scope, text);
    result.is_integer = row->recipe == RECIPE_INTEGER;
    bool is_boolean = str_equal(str_from(row->name), STR("Boolean"));
    if (is_boolean && scope->dialect != DIALECT_POSTGRESQL &&
        call_flag(scope, call, "create_constraint")) {
        result.has_check = true;
        result.check_name = term_name(scope, call_argument(call, NO_POSITION, "name"));
    }
    return result;
}

/* --- other libraries --- */

static Str last_part(Str dotted)
{
    uint32_t at = dotted.length;
    while (at > 0 && dotted.data[at - 1] != '.')
        at--;
    return str_slice(dotted, at, dotted.length);
}

/* sqlalchemy_utils.UUIDType(binary=True, native=True) */
static PythonType utils_uuid(PythonScope *scope, const PythonTerm *call)
{
    bool is_binary = true, is_native = true;
    const PythonTerm *binary = call_argument(call, 0, "binary");
    const PythonTerm *native = call_argument(call, 1, "native");
    if ((binary && !term_boolean(scope, binary, &is_binary)) ||
        (native && !term_boolean(scope, native, &is_native)))
        return python_unknown_type();
    if (is_native && scope->dialect == DIALECT_POSTGRESQL)
        return python_written_type(scope, STR("UUID"));
    if (is_native && scope->dialect == DIALECT_SQLSERVER)
        return python_written_type(scope, STR("UNIQUEIDENTIFIER"));
    if (is_binary && scope->dialect == DIALECT_POSTGRESQL)
        return python_unknown_type();
    return python_written_type(scope, is_binary ? STR("BINARY(16)") : STR("CHAR(32)"));
}

/* geometry(POINT,4326) */
static PythonType geoalchemy_type(PythonScope *scope, Str name, const PythonTerm *call)
{
    if (scope->dialect != DIALECT_POSTGRESQL)
        return python_unknown_type();
    Str shape = STR("GEOMETRY");
    uint32_t srid;
    bool is_unsure = false;
    const PythonTerm *first = call_argument(call, 0, "geometry_type");
    if (!term_is_none(first) && !term_string(scope, first, &shape))
        is_unsure = true;
    bool has_srid = number_argument(scope, call, 1, "srid", &srid, &is_unsure);
    Str word = str_lower(scope->out, name);
    if (is_unsure)
        return python_unknown_type();
    Str text = has_srid ? str_format(scope->out, STR_FMT "(" STR_FMT ",%u)", STR_ARG(word),
                                     STR_ARG(shape), srid)
                        : str_format(scope->out, STR_FMT "(" STR_FMT ",-1)", STR_ARG(word),
                                     STR_ARG(shape));
    return python_written_type(scope, text);
}

static PythonType foreign_type(PythonScope *scope, Str dotted, const PythonTerm *call)
{
    Str name = last_part(dotted);
    Str library = str_slice(dotted, 0, str_find(dotted, STR("."), 0));
    if (str_equal(library, STR("sqlalchemy_utils"))) {
        if (str_equal(name, STR("UUIDType")))
            return utils_uuid(scope, call);
        if (str_equal(name, STR("ChoiceType"))) {
            const PythonTerm *impl = call_argument(call, 1, "impl");
            return impl ? python_type(scope, impl)
                        : python_written_type(scope, STR("VARCHAR(255)"));
        }
        if (str_equal(name, STR("PhoneNumberType")) && !call_keyword(call, "max_length"))
            return python_written_type(scope, STR("VARCHAR(20)"));
    }
    if (str_equal(library, STR("geoalchemy2")) &&
        (str_equal(name, STR("Geometry")) || str_equal(name, STR("Geography"))))
        return geoalchemy_type(scope, name, call);
    if (str_equal(library, STR("pgvector")) && scope->dialect == DIALECT_POSTGRESQL) {
        bool is_unsure = false;
        uint32_t n;
        Str word = str_lower(scope->out, name);
        if (number_argument(scope, call, 0, "dim", &n, &is_unsure))
            word = str_format(scope->out, STR_FMT "(%u)", STR_ARG(word), n);
        return is_unsure ? python_unknown_type() : python_written_type(scope, word);
    }
    if (str_equal(library, STR("oslo_db")) && str_starts_with(name, STR("JsonEncoded")) &&
        scope->dialect == DIALECT_MYSQL) {
        bool is_long = call_flag(scope, call, "mysql_as_long");
        bool is_medium = call_flag(scope, call, "mysql_as_medium");
        return python_written_type(scope, is_long     ? STR("LONGTEXT")
                                          : is_medium ? STR("MEDIUMTEXT")
                                                      : STR("TEXT"));
    }
    if (str_equal(library, STR("oslo_db")) && str_equal(name, STR("String")))
        return python_library_type(scope, STR("sqlalchemy.String"), call);
    for (size_t i = 0; i < N_FOREIGN_ROWS; i++) {
        if (!str_equal(library, str_from(foreign_rows[i].library)) ||
            !str_equal(name, str_from(foreign_rows[i].name)))
            continue;
        const char *word =
            word_of(scope->dialect, foreign_rows[i].postgresql, foreign_rows[i].mysql,
                    foreign_rows[i].sqlite, foreign_rows[i].sqlserver);
        return word ? python_written_type(scope, str_from(word)) : python_unknown_type();
    }
    return python_unknown_type();
}

PythonType python_library_type(PythonScope *scope, Str dotted, const PythonTerm *call)
{
    Str dialect_name;
    Str name = sqlalchemy_name(dotted, &dialect_name);
    if (str_is_absent(name))
        return foreign_type(scope, dotted, call);
    for (size_t i = 0; i < N_ROWS; i++) {
        if (!str_equal(name, str_from(rows[i].name)))
            continue;
        const char *word = word_of(scope->dialect, rows[i].postgresql, rows[i].mysql,
                                   rows[i].sqlite, rows[i].sqlserver);
        return word ? cook(scope, &rows[i], word, call, dialect_name) : python_unknown_type();
    }
    if (str_equal(name, STR("as_mutable"))) /* MutableDict.as_mutable(JSONB) */
        return python_type(scope, call_argument(call, 0, NULL));
    return python_unknown_type();
}

/* --- types --- */

/* base.with_variant(type, "mysql", …): whoever's dialect is named takes that type. */
static PythonType variant_type(PythonScope *scope, const PythonTerm *call)
{
    Str mine = python_dialect_name(scope->dialect);
    uint32_t n = call_n_positional(call);
    for (uint32_t i = 1; i < n && i < ARGUMENTS_MAX; i++) {
        Str name;
        if (!term_string(scope, call_argument(call, i, NULL), &name))
            return python_unknown_type();
        if (str_equal(name, mine))
            return python_type(scope, call_argument(call, 0, NULL));
    }
    return python_type(scope, call->left->left);
}

static PythonType resolved_type(PythonScope *scope, const Resolved *resolved,
                                const PythonTerm *call)
{
    switch (resolved->kind) {
    case RESOLVED_EXTERNAL:
        return python_library_type(scope, resolved->dotted, call);
    case RESOLVED_CLASS:
        return python_class_type(scope, resolved->definition, call);
    case RESOLVED_FUNCTION: { /* def big_key(): return BigInteger().with_variant(…) */
        const PythonDefinition *function = resolved->definition;
        bool is_plain = call && function->parameters.n == 0 && python_only_returns(function);
        return is_plain ? python_type(scope, python_returned(function)) : python_unknown_type();
    }
    case RESOLVED_VALUE:
        return call ? python_unknown_type() : python_type(scope, resolved->value);
    case RESOLVED_NOTHING:
    case RESOLVED_MODULE:
        return python_unknown_type();
    }
    return python_unknown_type();
}

static PythonType type_of(PythonScope *scope, const PythonTerm *term)
{
    bool is_call = term->kind == TERM_CALL;
    if (!is_call && term->kind != TERM_NAME && term->kind != TERM_ATTRIBUTE)
        return python_unknown_type();
    if (is_call && term->left && term->left->kind == TERM_ATTRIBUTE) {
        Str method = term->left->text;
        if (str_equal(method, STR("with_variant")))
            return variant_type(scope, term);
        if (str_equal(method, STR("evaluates_none")))
            return python_type(scope, term->left->left);
        if (str_equal(method, STR("as_mutable")))
            return python_type(scope, call_argument(term, 0, NULL));
    }
    Resolved resolved = python_resolve(scope, is_call ? term->left : term);
    return resolved_type(scope, &resolved, is_call ? term : NULL);
}

PythonType python_type(PythonScope *scope, const PythonTerm *term)
{
    if (term_is_none(term))
        return (PythonType){.is_null = true};
    if (scope->type_depth >= TYPE_DEPTH_MAX)
        return python_unknown_type();
    scope->type_depth++;
    PythonType result = type_of(scope, term);
    scope->type_depth--;
    result.place = term->place;
    result.type.place = term->place;
    if (result.type.family == TYPE_UNKNOWN)
        result.type.written = (Str){0};
    return result;
}

/* --- Python's own types --- */

PythonType python_annotated_type(PythonScope *scope, const PythonTerm *annotation)
{
    static const struct {
        const char *name, *type;
    } table[] = {
        {"int", "sqlalchemy.Integer"},
        {"str", "sqlalchemy.String"},
        {"bool", "sqlalchemy.Boolean"},
        {"float", "sqlalchemy.Float"},
        {"bytes", "sqlalchemy.LargeBinary"},
        {"datetime.datetime", "sqlalchemy.DateTime"},
        {"datetime.date", "sqlalchemy.Date"},
        {"datetime.time", "sqlalchemy.Time"},
        {"datetime.timedelta", "sqlalchemy.Interval"},
        {"decimal.Decimal", "sqlalchemy.Numeric"},
        {"uuid.UUID", "sqlalchemy.Uuid"},
    };
    PythonType none = {.is_null = true};
    if (!annotation)
        return none;
    if (annotation->kind == TERM_SUBSCRIPT) {
        Resolved generic = python_resolve(scope, annotation->left);
        bool is_literal = generic.kind == RESOLVED_EXTERNAL &&
                          (str_equal(generic.dotted, STR("typing.Literal")) ||
                           str_equal(generic.dotted, STR("typing_extensions.Literal")));
        if (!is_literal)
            return none;
        PythonTerm *call = ARENA_NEW(scope->out, PythonTerm);
        *call = *annotation;
        call->kind = TERM_CALL;
        PythonType result = python_enum_type(scope, call, STR("literal"));
        result.place = result.type.place = annotation->place;
        return result;
    }
    Resolved resolved = python_resolve(scope, annotation);
    Str name = resolved.kind == RESOLVED_EXTERNAL ? resolved.dotted : (Str){0};
    if (resolved.kind == RESOLVED_NOTHING && annotation->kind == TERM_NAME)
        name = annotation->text; /* a builtin */
    PythonType result = none;
    if (resolved.kind == RESOLVED_CLASS && python_is_enum_class(scope, resolved.definition))
        result = python_enum_class_type(scope, resolved.definition);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (str_equal(name, str_from(table[i].name)))
            result = python_library_type(scope, str_from(table[i].type), NULL);
    }
    result.place = result.type.place = annotation->place;
    return result;
}
