/* The types that Prisma Migrate gives columns: of each scalar, and of each native type attribute
 * (@db.VarChar(20)). Documented per provider in Prisma's reference of its schema language. */
#include "frontends/prisma/link.h"
#include "model/identifier.h"

typedef struct {
    const char *name, *sql;
} NativeType;

enum { ARGUMENTS_MAX = 2 }; /* of a native type */

static const char *const scalar_names[N_SCALARS] = {
    [SCALAR_STRING] = "String",      [SCALAR_BOOLEAN] = "Boolean", [SCALAR_INT] = "Int",
    [SCALAR_BIG_INT] = "BigInt",     [SCALAR_FLOAT] = "Float",     [SCALAR_DECIMAL] = "Decimal",
    [SCALAR_DATE_TIME] = "DateTime", [SCALAR_JSON] = "Json",       [SCALAR_BYTES] = "Bytes",
};

static const char *const default_types[][N_SCALARS] = {
    [PROVIDER_POSTGRESQL] = {"TEXT", "BOOLEAN", "INTEGER", "BIGINT", "DOUBLE PRECISION",
                             "DECIMAL(65,30)", "TIMESTAMP(3)", "JSONB", "BYTEA"},
    [PROVIDER_COCKROACHDB] = {"STRING", "BOOL", "INT4", "INT8", "FLOAT8", "DECIMAL(65,30)",
                              "TIMESTAMP(3)", "JSONB", "BYTES"},
    [PROVIDER_MYSQL] = {"VARCHAR(191)", "BOOLEAN", "INTEGER", "BIGINT", "DOUBLE", "DECIMAL(65,30)",
                        "DATETIME(3)", "JSON", "LONGBLOB"},
    [PROVIDER_SQLITE] = {"TEXT", "BOOLEAN", "INTEGER", "BIGINT", "REAL", "DECIMAL", "DATETIME",
                         "JSONB", "BLOB"},
    [PROVIDER_SQLSERVER] = {"NVARCHAR(1000)", "BIT", "INT", "BIGINT", "FLOAT(53)", "DECIMAL(32,16)",
                            "DATETIME2", "NVARCHAR(max)", "VARBINARY(max)"},
};

static const NativeType postgresql_types[] = {
    {"BigInt", "BIGINT"},
    {"Bit", "BIT"},
    {"Boolean", "BOOLEAN"},
    {"ByteA", "BYTEA"},
    {"Char", "CHAR"},
    {"Citext", "CITEXT"},
    {"Date", "DATE"},
    {"Decimal", "DECIMAL"},
    {"DoublePrecision", "DOUBLE PRECISION"},
    {"Inet", "INET"},
    {"Integer", "INTEGER"},
    {"Json", "JSON"},
    {"JsonB", "JSONB"},
    {"Money", "MONEY"},
    {"Oid", "OID"},
    {"Real", "REAL"},
    {"SmallInt", "SMALLINT"},
    {"Text", "TEXT"},
    {"Time", "TIME"},
    {"Timestamp", "TIMESTAMP"},
    {"Timestamptz", "TIMESTAMPTZ"},
    {"Timetz", "TIMETZ"},
    {"Uuid", "UUID"},
    {"VarBit", "VARBIT"},
    {"VarChar", "VARCHAR"},
    {"Xml", "XML"},
    {NULL, NULL},
};

static const NativeType cockroachdb_types[] = {
    {"Bit", "BIT"},
    {"Bool", "BOOL"},
    {"Bytes", "BYTES"},
    {"CatalogSingleChar", "\"char\""},
    {"Char", "CHAR"},
    {"Date", "DATE"},
    {"Decimal", "DECIMAL"},
    {"Float4", "FLOAT4"},
    {"Float8", "FLOAT8"},
    {"Inet", "INET"},
    {"Int2", "INT2"},
    {"Int4", "INT4"},
    {"Int8", "INT8"},
    {"JsonB", "JSONB"},
    {"Oid", "OID"},
    {"String", "STRING"},
    {"Time", "TIME"},
    {"Timestamp", "TIMESTAMP"},
    {"Timestamptz", "TIMESTAMPTZ"},
    {"Timetz", "TIMETZ"},
    {"Uuid", "UUID"},
    {"VarBit", "VARBIT"},
    {NULL, NULL},
};

static const NativeType mysql_types[] = {
    {"BigInt", "BIGINT"},
    {"Binary", "BINARY"},
    {"Bit", "BIT"},
    {"Blob", "BLOB"},
    {"Char", "CHAR"},
    {"Date", "DATE"},
    {"DateTime", "DATETIME"},
    {"Decimal", "DECIMAL"},
    {"Double", "DOUBLE"},
    {"Float", "FLOAT"},
    {"Int", "INTEGER"},
    {"Json", "JSON"},
    {"LongBlob", "LONGBLOB"},
    {"LongText", "LONGTEXT"},
    {"MediumBlob", "MEDIUMBLOB"},
    {"MediumInt", "MEDIUMINT"},
    {"MediumText", "MEDIUMTEXT"},
    {"SmallInt", "SMALLINT"},
    {"Text", "TEXT"},
    {"Time", "TIME"},
    {"Timestamp", "TIMESTAMP"},
    {"TinyBlob", "TINYBLOB"},
    {"TinyInt", "TINYINT"},
    {"TinyText", "TINYTEXT"},
    {"UnsignedBigInt", "BIGINT UNSIGNED"},
    {"UnsignedInt", "INTEGER UNSIGNED"},
    {"UnsignedMediumInt", "MEDIUMINT UNSIGNED"},
    {"UnsignedSmallInt", "SMALLINT UNSIGNED"},
    {"UnsignedTinyInt", "TINYINT UNSIGNED"},
    {"VarBinary", "VARBINARY"},
    {"VarChar", "VARCHAR"},
    {"Year", "YEAR"},
    {NULL, NULL},
};

static const NativeType sqlserver_types[] = {
    {"BigInt", "BIGINT"},
    {"Binary", "BINARY"},
    {"Bit", "BIT"},
    {"Char", "CHAR"},
    {"Date", "DATE"},
    {"DateTime", "DATETIME"},
    {"DateTime2", "DATETIME2"},
    {"DateTimeOffset", "DATETIMEOFFSET"},
    {"Decimal", "DECIMAL"},
    {"Float", "FLOAT"},
    {"Image", "IMAGE"},
    {"Int", "INT"},
    {"Money", "MONEY"},
    {"NChar", "NCHAR"},
    {"NText", "NTEXT"},
    {"NVarChar", "NVARCHAR"},
    {"Real", "REAL"},
    {"SmallDateTime", "SMALLDATETIME"},
    {"SmallInt", "SMALLINT"},
    {"SmallMoney", "SMALLMONEY"},
    {"Text", "TEXT"},
    {"Time", "TIME"},
    {"TinyInt", "TINYINT"},
    {"UniqueIdentifier", "UNIQUEIDENTIFIER"},
    {"VarBinary", "VARBINARY"},
    {"VarChar", "VARCHAR"},
    {"Xml", "XML"},
    {NULL, NULL},
};

static const NativeType no_types[] = {{NULL, NULL}};

ColumnType link_type(Link *link, Str sql)
{
    ColumnType type = type_parse(link->out, link->dialect, sql);
    type.written = str_copy(link->out, sql);
    return type;
}

void link_scalar_types(Link *link)
{
    for (uint32_t i = 0; i < N_SCALARS; i++)
        link->scalar_types[i] = link_type(link, str_from(default_types[link->provider][i]));
}

bool scalar_from_name(Str name, Scalar *scalar)
{
    for (uint32_t i = 0; i < N_SCALARS; i++) {
        if (str_equal(name, str_from(scalar_names[i]))) {
            *scalar = (Scalar)i;
            return true;
        }
    }
    return false;
}

bool link_is_autoincrement(const LinkedField *field)
{
    const PrismaAttribute *attribute = prisma_attribute(field->entry, STR("default"));
    const PrismaValue *value =
        attribute ? prisma_argument(&attribute->arguments, STR("value"), 0) : NULL;
    return value && value->kind == PRISMA_CALL && str_equal(value->text, STR("autoincrement"));
}

/* ---- native types ---- */

static const NativeType *native_types(Provider provider)
{
    switch (provider) {
    case PROVIDER_POSTGRESQL:
        return postgresql_types;
    case PROVIDER_COCKROACHDB:
        return cockroachdb_types;
    case PROVIDER_MYSQL:
        return mysql_types;
    case PROVIDER_SQLSERVER:
        return sqlserver_types;
    case PROVIDER_SQLITE:
        return no_types;
    }
    return no_types;
}

/* The attribute that begins with the datasource's name; NULL where there is none. */
static const PrismaAttribute *native_attribute(const Link *link, const PrismaEntry *entry,
                                               Str *native)
{
    for (uint32_t i = 0; i < entry->attributes.n; i++) {
        Str name = entry->attributes.items[i].name.text;
        uint32_t n = link->datasource.length;
        if (str_starts_with(name, link->datasource) && name.length > n + 1 && name.data[n] == '.') {
            *native = str_slice(name, n + 1, name.length);
            return &entry->attributes.items[i];
        }
    }
    return NULL;
}

/* "VARCHAR" and 20 -> "VARCHAR(20)". */
static Str with_arguments(Link *link, Str sql, const PrismaArgumentVec *arguments)
{
    Str parts[ARGUMENTS_MAX];
    uint32_t n = 0;
    for (uint32_t i = 0; i < arguments->n && n < ARGUMENTS_MAX; i++) {
        const PrismaValue *value = arguments->items[i].value;
        if (value->kind == PRISMA_NUMBER || value->kind == PRISMA_NAME) /* Max */
            parts[n++] = value->text;
    }
    if (n == 0)
        return sql;
    Str list = str_join(link->scratch, parts, n, STR(","));
    return str_format(link->scratch, STR_FMT "(" STR_FMT ")", STR_ARG(sql), STR_ARG(list));
}

/* The SQL of the field's native type; absent where it has none that is known. */
static Str native_sql(Link *link, const LinkedField *field)
{
    Str name = {0};
    const PrismaAttribute *attribute = native_attribute(link, field->entry, &name);
    if (!attribute)
        return (Str){0};
    bool is_boolean = field->kind == FIELD_SCALAR && field->scalar == SCALAR_BOOLEAN;
    if (link->provider == PROVIDER_MYSQL && is_boolean && str_equal(name, STR("TinyInt")))
        return STR("BOOLEAN");
    for (const NativeType *type = native_types(link->provider); type->name; type++) {
        if (str_equal(name, str_from(type->name)))
            return with_arguments(link, str_from(type->sql), &attribute->arguments);
    }
    return (Str){0};
}

/* ---- columns ---- */

static bool has_arrays(const Link *link)
{
    return link->dialect == DIALECT_POSTGRESQL;
}

/* SERIAL and its kin; PostgreSQL's other integers have no such word. */
static Str serial_of(const ColumnType *type)
{
    if (type->family == TYPE_BIGINT)
        return STR("BIGSERIAL");
    if (type->family == TYPE_SMALLINT)
        return STR("SMALLSERIAL");
    return STR("SERIAL");
}

static ColumnType scalar_type(Link *link, const LinkedField *field)
{
    Str native = native_sql(link, field);
    bool is_list = field->entry->is_list;
    ColumnType type = link->scalar_types[field->scalar];
    if (!str_is_absent(native))
        type = link_type(link, native);
    if (link->provider == PROVIDER_POSTGRESQL && !is_list && type_is_integer(type.family) &&
        link_is_autoincrement(field))
        return link_type(link, serial_of(&type));
    if (!is_list)
        return type;
    Str array = str_join(link->out, (const Str[]){type.written, STR("[]")}, 2, STR(""));
    return link_type(link, array);
}

static ColumnType named_enum_type(Link *link, const LinkedEnum *enumeration, bool is_list)
{
    Str quote = STR("\"");
    Str name = str_join(link->out, (const Str[]){quote, enumeration->name.text, quote}, 3, STR(""));
    return type_make(link->out, link->dialect, enumeration->schema, name, NULL, 0, is_list, false);
}

static ColumnType inline_enum_type(Link *link, const LinkedEnum *enumeration)
{
    uint32_t n = enumeration->labels.n;
    Str *labels = ARENA_ARRAY(link->out, Str, n + 1);
    for (uint32_t i = 0; i < n; i++)
        labels[i] = sql_string(link->out, link->dialect, enumeration->labels.items[i].text);
    return type_make(link->out, link->dialect, (Str){0}, STR("enum"), labels, n, 0, false);
}

static ColumnType enum_type(Link *link, const LinkedField *field)
{
    switch (link->dialect) {
    case DIALECT_POSTGRESQL:
        return named_enum_type(link, field->enumeration, field->entry->is_list);
    case DIALECT_MYSQL:
        return inline_enum_type(link, field->enumeration);
    case DIALECT_SQLITE:
    case DIALECT_SQLSERVER: /* neither has enums: Prisma checks the values itself */
        return link->scalar_types[SCALAR_STRING];
    }
    return (ColumnType){0};
}

static ColumnType unsupported_type(Link *link, const LinkedField *field)
{
    Str text = field->entry->unsupported.text;
    if (field->entry->is_list)
        text = str_join(link->out, (const Str[]){text, STR("[]")}, 2, STR(""));
    return link_type(link, text);
}

ColumnType link_column_type(Link *link, const LinkedField *field)
{
    ColumnType type = {0};
    if (field->entry->is_list && !has_arrays(link))
        return type;
    if (field->kind == FIELD_SCALAR)
        type = scalar_type(link, field);
    else if (field->kind == FIELD_ENUM)
        type = enum_type(link, field);
    else
        type = unsupported_type(link, field);
    type.place = link_place(field->model->fragment, field->entry->type.range);
    return type;
}
