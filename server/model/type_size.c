#include "model/type.h"

#include "base/panic.h"

/* What a value without a fixed size is taken to be, where nothing better is known. Averages of
 * what such columns usually hold, with the length byte. */
enum {
    TEXT_GUESS = 32,
    JSON_GUESS = 128,
    BLOB_GUESS = 256,
    ARRAY_GUESS = 48,
    OTHER_GUESS = 32,
};

typedef struct {
    uint32_t size, alignment;
    bool is_estimate;
} Size;

/* A variable-length value of so many characters. Short values (the usual case) have a header of one
 * byte and no alignment. */
static Size variable(uint32_t limit, uint32_t guess)
{
    uint32_t size = limit > 0 && limit / 2 + 1 < guess ? limit / 2 + 1 : guess;
    return (Size){.size = size, .alignment = 1, .is_estimate = true};
}

static Size fixed(uint32_t size, uint32_t alignment)
{
    return (Size){.size = size, .alignment = alignment};
}

/* numeric: a byte of header, two of weight and sign, two for four digits. */
static Size numeric_size(const ColumnType *type)
{
    uint32_t digits = type->has_precision ? type->precision : 12u;
    /* Half of the digits that are allowed are there, in groups of four. */
    uint32_t groups = (digits / 2 + 3) / 4 + (type->scale > 0 ? 1u : 0u);
    return (Size){.size = 3 + 2 * groups, .alignment = 1, .is_estimate = true};
}

static Size postgresql_other(const ColumnType *type)
{
    static const struct {
        const char *name;
        uint32_t size, alignment;
    } known[] = {
        {"name", 64, 1},        {"oid", 4, 4},          {"xid", 4, 4},     {"xid8", 8, 8},
        {"cid", 4, 4},          {"tid", 6, 2},          {"pg_lsn", 8, 8},  {"regclass", 4, 4},
        {"regtype", 4, 4},      {"regproc", 4, 4},      {"regrole", 4, 4}, {"regconfig", 4, 4},
        {"regnamespace", 4, 4}, {"regprocedure", 4, 4}, {"point", 16, 8},  {"line", 24, 8},
        {"lseg", 32, 8},        {"box", 32, 8},         {"circle", 24, 8}, {"regoper", 4, 4},
    };
    for (uint32_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_equal(type->name, str_from(known[i].name)))
            return fixed(known[i].size, known[i].alignment);
    }
    if (type->family == TYPE_VECTOR && type->length > 0)
        return (Size){.size = 8 + 4 * type->length, .alignment = 4};
    return variable(0, type->family == TYPE_GEOMETRY ? JSON_GUESS : OTHER_GUESS);
}

static Size postgresql_size(const ColumnType *type)
{
    if (type->array_dims > 0)
        return (Size){.size = ARRAY_GUESS, .alignment = 4, .is_estimate = true};
    switch (type->family) {
    case TYPE_BOOLEAN:
    case TYPE_TINYINT:
        return fixed(1, 1);
    case TYPE_SMALLINT:
        return fixed(2, 2);
    case TYPE_MEDIUMINT:
    case TYPE_INTEGER:
    case TYPE_REAL:
    case TYPE_DATE:
    case TYPE_ENUM:
        return fixed(4, 4);
    case TYPE_BIGINT:
    case TYPE_DOUBLE:
    case TYPE_MONEY:
    case TYPE_TIMESTAMP:
        return fixed(8, 8);
    case TYPE_TIME:
        return type->with_time_zone ? fixed(12, 8) : fixed(8, 8);
    case TYPE_INTERVAL:
        return fixed(16, 8);
    case TYPE_UUID:
        return fixed(16, 1);
    case TYPE_MACADDR:
        return str_equal(type->name, STR("macaddr8")) ? fixed(8, 4) : fixed(6, 4);
    case TYPE_NUMERIC:
        return numeric_size(type);
    case TYPE_CHAR:
        if (str_equal(type->canonical, STR("\"char\"")))
            return fixed(1, 1);
        /* Padded with blanks to its length; a header of four bytes from 127 characters on. */
        if (type->length > 0)
            return type->length < 127 ? fixed(type->length + 1, 1) : fixed(type->length + 4, 4);
        return variable(0, TEXT_GUESS);
    case TYPE_BIT:
        return fixed(5 + (type->length + 7) / 8, 1);
    case TYPE_INET:
    case TYPE_CIDR:
        return (Size){.size = 7, .alignment = 1, .is_estimate = true};
    case TYPE_VARCHAR:
    case TYPE_VARBIT:
    case TYPE_TEXT:
    case TYPE_DOMAIN:
    case TYPE_BINARY:
    case TYPE_VARBINARY:
        return variable(type->length, TEXT_GUESS);
    case TYPE_JSON:
    case TYPE_JSONB:
    case TYPE_XML:
    case TYPE_TSVECTOR:
        return variable(0, JSON_GUESS);
    case TYPE_BLOB:
        return variable(0, BLOB_GUESS);
    case TYPE_RANGE:
        return variable(0, 22);
    case TYPE_OTHER:
    case TYPE_GEOMETRY:
    case TYPE_VECTOR:
        return postgresql_other(type);
    case TYPE_UNKNOWN:
    case TYPE_YEAR:
    case TYPE_TSQUERY:
    case TYPE_SET:
    case TYPE_COMPOSITE:
        return variable(0, OTHER_GUESS);
    }
    UNREACHABLE();
}

/* InnoDB, SQL Server and SQLite pack without alignment. */
static Size packed_size(const ColumnType *type, Dialect dialect)
{
    bool is_mysql = dialect == DIALECT_MYSQL;
    switch (type->family) {
    case TYPE_BOOLEAN:
    case TYPE_TINYINT:
    case TYPE_YEAR:
        return fixed(1, 1);
    case TYPE_SMALLINT:
        return fixed(2, 1);
    case TYPE_MEDIUMINT:
    case TYPE_DATE:
        return fixed(3, 1);
    case TYPE_INTEGER:
    case TYPE_REAL:
        return fixed(4, 1);
    case TYPE_BIGINT:
        /* SQLite stores an integer in as many bytes as its value needs. */
        return dialect == DIALECT_SQLITE ? variable(0, 4) : fixed(8, 1);
    case TYPE_DOUBLE:
    case TYPE_MONEY:
        return fixed(8, 1);
    case TYPE_TIMESTAMP:
        if (!is_mysql)
            return fixed(8, 1);
        return fixed((type->with_time_zone ? 4u : 5u) + (type->precision + 1u) / 2u, 1);
    case TYPE_TIME:
        return fixed(3u + (type->precision + 1u) / 2u, 1);
    case TYPE_NUMERIC:
        return fixed(type->has_precision ? (type->precision * 4u + 8u) / 9u + 1u : 8u, 1);
    case TYPE_UUID:
        return dialect == DIALECT_SQLITE ? fixed(36, 1) : fixed(16, 1);
    case TYPE_ENUM:
        return fixed(type->values.n > 255 ? 2 : 1, 1);
    case TYPE_SET:
        return fixed((type->values.n + 7) / 8 > 0 ? (type->values.n + 7) / 8 : 1, 1);
    case TYPE_CHAR:
    case TYPE_BINARY:
        return fixed(type->length > 0 ? type->length : 1, 1);
    case TYPE_BIT:
        return fixed((type->length + 7) / 8 > 0 ? (type->length + 7) / 8 : 1, 1);
    case TYPE_VARCHAR:
    case TYPE_VARBINARY:
    case TYPE_TEXT:
    case TYPE_VARBIT:
        return variable(type->length, TEXT_GUESS);
    case TYPE_JSON:
    case TYPE_JSONB:
    case TYPE_XML:
        return variable(0, JSON_GUESS);
    case TYPE_BLOB:
        return variable(0, BLOB_GUESS);
    case TYPE_UNKNOWN:
    case TYPE_INTERVAL:
    case TYPE_INET:
    case TYPE_CIDR:
    case TYPE_MACADDR:
    case TYPE_TSVECTOR:
    case TYPE_TSQUERY:
    case TYPE_RANGE:
    case TYPE_GEOMETRY:
    case TYPE_VECTOR:
    case TYPE_DOMAIN:
    case TYPE_COMPOSITE:
    case TYPE_OTHER:
        return variable(0, OTHER_GUESS);
    }
    UNREACHABLE();
}

uint32_t type_size(const ColumnType *type, Dialect dialect, uint32_t *alignment, bool *is_estimate)
{
    Size size = dialect == DIALECT_POSTGRESQL ? postgresql_size(type) : packed_size(type, dialect);
    *alignment = size.alignment;
    *is_estimate = size.is_estimate;
    return size.size;
}
