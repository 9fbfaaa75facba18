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
    [PROVIDER_POSTGRESQL] = {"text", "boolean", "integer", "bigint", "double precision",
                             "decimal(65,30)", "timestamp(3)", "jsonb", "bytea"},
    [PROVIDER_COCKROACHDB] = {"string", "bool", "int4", "int8", "float8", "decimal(65,30)",
                              "timestamp(3)", "jsonb", "bytes"},
    [PROVIDER_MYSQL] = {"varchar(191)", "boolean", "integer", "bigint", "double", "decimal(65,30)",
                        "datetime(3)", "json", "longblob"},
    [PROVIDER_SQLITE] = {"TEXT", "BOOLEAN", "INTEGER", "BIGINT", "REAL", "DECIMAL", "DATETIME",
                         "JSONB", "BLOB"},
    [PROVIDER_SQLSERVER] = {"nvarchar(1000)", "bit", "int", "bigint", "float(53)", "decimal(32,16)",
                            "datetime2", "nvarchar(max)", "varbinary(max)"},
};

static const NativeType postgresql_types[] = {
    {"BigInt", "bigint"},
    {"Bit", "bit"},
    {"Boolean", "boolean"},
    {"ByteA", "bytea"},
    {"Char", "char"},
    {"Citext", "citext"},
    {"Date", "date"},
    {"Decimal", "decimal"},
    {"DoublePrecision", "double precision"},
    {"Inet", "inet"},
    {"Integer", "integer"},
    {"Json", "json"},
    {"JsonB", "jsonb"},
    {"Money", "money"},
    {"Oid", "oid"},
    {"Real", "real"},
    {"SmallInt", "smallint"},
    {"Text", "text"},
    {"Time", "time"},
    {"Timestamp", "timestamp"},
    {"Timestamptz", "timestamptz"},
    {"Timetz", "timetz"},
    {"Uuid", "uuid"},
    {"VarBit", "varbit"},
    {"VarChar", "varchar"},
    {"Xml", "xml"},
    {NULL, NULL},
};

static const NativeType cockroachdb_types[] = {
    {"Bit", "bit"},
    {"Bool", "bool"},
    {"Bytes", "bytes"},
    {"CatalogSingleChar", "\"char\""},
    {"Char", "char"},
    {"Date", "date"},
    {"Decimal", "decimal"},
    {"Float4", "float4"},
    {"Float8", "float8"},
    {"Inet", "inet"},
    {"Int2", "int2"},
    {"Int4", "int4"},
    {"Int8", "int8"},
    {"JsonB", "jsonb"},
    {"Oid", "oid"},
    {"String", "string"},
    {"Time", "time"},
    {"Timestamp", "timestamp"},
    {"Timestamptz", "timestamptz"},
    {"Timetz", "timetz"},
    {"Uuid", "uuid"},
    {"VarBit", "varbit"},
    {NULL, NULL},
};

static const NativeType mysql_types[] = {
    {"BigInt", "bigint"},
    {"Binary", "binary"},
    {"Bit", "bit"},
    {"Blob", "blob"},
    {"Char", "char"},
    {"Date", "date"},
    {"DateTime", "datetime"},
    {"Decimal", "decimal"},
    {"Double", "double"},
    {"Float", "float"},
    {"Int", "integer"},
    {"Json", "json"},
    {"LongBlob", "longblob"},
    {"LongText", "longtext"},
    {"MediumBlob", "mediumblob"},
    {"MediumInt", "mediumint"},
    {"MediumText", "mediumtext"},
    {"SmallInt", "smallint"},
    {"Text", "text"},
    {"Time", "time"},
    {"Timestamp", "timestamp"},
    {"TinyBlob", "tinyblob"},
    {"TinyInt", "tinyint"},
    {"TinyText", "tinytext"},
    {"UnsignedBigInt", "bigint unsigned"},
    {"UnsignedInt", "integer unsigned"},
    {"UnsignedMediumInt", "mediumint unsigned"},
    {"UnsignedSmallInt", "smallint unsigned"},
    {"UnsignedTinyInt", "tinyint unsigned"},
    {"VarBinary", "varbinary"},
    {"VarChar", "varchar"},
    {"Year", "year"},
    {NULL, NULL},
};

static const NativeType sqlserver_types[] = {
    {"BigInt", "bigint"},
    {"Binary", "binary"},
    {"Bit", "bit"},
    {"Char", "char"},
    {"Date", "date"},
    {"DateTime", "datetime"},
    {"DateTime2", "datetime2"},
    {"DateTimeOffset", "datetimeoffset"},
    {"Decimal", "decimal"},
    {"Float", "float"},
    {"Image", "image"},
    {"Int", "int"},
    {"Money", "money"},
    {"NChar", "nchar"},
    {"NText", "ntext"},
    {"NVarChar", "nvarchar"},
    {"Real", "real"},
    {"SmallDateTime", "smalldatetime"},
    {"SmallInt", "smallint"},
    {"SmallMoney", "smallmoney"},
    {"Text", "text"},
    {"Time", "time"},
    {"TinyInt", "tinyint"},
    {"UniqueIdentifier", "uniqueidentifier"},
    {"VarBinary", "varbinary"},
    {"VarChar", "varchar"},
    {"Xml", "xml"},
    {NULL, NULL},
};

static const NativeType no_types[] = {{NULL, NULL}};

void link_scalar_types(Link *link)
{
    for (uint32_t i = 0; i < N_SCALARS; i++)
        link->scalar_types[i] =
            type_parse(link->out, link->dialect, str_from(default_types[link->provider][i]));
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

/* "varchar" and 20 -> "varchar(20)"; the arguments stand before "unsigned". */
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
        return STR("boolean");
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

/* "serial" and its kin; PostgreSQL's other integers have no such word. */
static Str serial_of(const ColumnType *type)
{
    if (type->family == TYPE_BIGINT)
        return STR("bigserial");
    if (type->family == TYPE_SMALLINT)
        return STR("smallserial");
    return STR("serial");
}

static ColumnType scalar_type(Link *link, const LinkedField *field)
{
    Str native = native_sql(link, field);
    bool is_list = field->entry->is_list;
    ColumnType type = link->scalar_types[field->scalar];
    if (!str_is_absent(native))
        type = type_parse(link->out, link->dialect, native);
    if (link->provider == PROVIDER_POSTGRESQL && !is_list && type_is_integer(type.family) &&
        link_is_autoincrement(field))
        return type_parse(link->out, link->dialect, serial_of(&type));
    if (!is_list)
        return type;
    Str array = str_join(link->out, (const Str[]){type.written, STR("[]")}, 2, STR(""));
    return type_parse(link->out, link->dialect, array);
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
    return type_parse(link->out, link->dialect, text);
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
