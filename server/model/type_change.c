/* Which changes of a column's type PostgreSQL makes in the catalog alone.
 *
 * ALTER TABLE rewrites unless the old values are valid as they are: the types are binary
 * coercible (pg_cast, castmethod 'b') or the conversion is a change of type modifier that
 * the type's support function knows to do nothing (varchar, varbit, numeric, the time types,
 * interval). Only then are values neither converted nor checked. A domain with constraints
 * is checked row by row, which is not a rewrite of the table but reads it. */
#include "model/type.h"

static bool is_unlimited_text(const ColumnType *type)
{
    return str_equal(type->canonical, STR("text")) ||
           (type->family == TYPE_VARCHAR && type->length == 0);
}

static bool is_citext(const ColumnType *type)
{
    return str_equal(type->name, STR("citext"));
}

/* text, varchar and citext have one representation; only a smaller length must look. */
static bool text_is_free(const ColumnType *from, const ColumnType *to)
{
    if (is_unlimited_text(to) || is_citext(to))
        return from->family != TYPE_CHAR;
    if (to->family != TYPE_VARCHAR || from->family != TYPE_VARCHAR)
        return false;
    return from->length > 0 && from->length <= to->length;
}

/* A precision that is absent is the largest one, 6. */
static uint32_t time_precision(const ColumnType *type)
{
    return type->has_precision ? type->precision : 6u;
}

static bool is_plain_interval(const ColumnType *type)
{
    return str_equal(type->name, STR("interval"));
}

static bool same_family_is_free(const ColumnType *from, const ColumnType *to)
{
    switch (to->family) {
    case TYPE_NUMERIC:
        if (!to->has_precision)
            return true;
        return from->has_precision && from->scale == to->scale && from->precision <= to->precision;
    case TYPE_VARBIT:
        return to->length == 0 || (from->length > 0 && from->length <= to->length);
    case TYPE_TIME:
    case TYPE_TIMESTAMP:
        return from->with_time_zone == to->with_time_zone &&
               time_precision(from) <= time_precision(to);
    case TYPE_INTERVAL:
        return is_plain_interval(to) && time_precision(from) <= time_precision(to);
    case TYPE_UNKNOWN:
    case TYPE_BOOLEAN:
    case TYPE_TINYINT:
    case TYPE_SMALLINT:
    case TYPE_MEDIUMINT:
    case TYPE_INTEGER:
    case TYPE_BIGINT:
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
    case TYPE_DATE:
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
    case TYPE_VECTOR:
    case TYPE_SET:
    case TYPE_ENUM:
    case TYPE_DOMAIN:
    case TYPE_COMPOSITE:
    case TYPE_OTHER:
        return false;
    }
    return false;
}

bool type_change_is_free(const ColumnType *from, const ColumnType *to, bool *scans)
{
    *scans = false;
    if (from->family == TYPE_UNKNOWN || to->family == TYPE_UNKNOWN)
        return false;
    if (type_equal(from, to))
        return true;
    if (from->array_dims > 0 || to->array_dims > 0)
        return false; /* coerced element by element, even where that changes nothing */
    if (type_is_text(from->family) && type_is_text(to->family))
        return text_is_free(from, to);
    if (from->family == to->family)
        return same_family_is_free(from, to);
    if (from->family == TYPE_CIDR && to->family == TYPE_INET)
        return true;
    if (from->family == TYPE_BIT && to->family == TYPE_VARBIT)
        return to->length == 0;
    if (from->family == TYPE_XML && type_is_text(to->family))
        return is_unlimited_text(to);
    if (to->family == TYPE_DOMAIN || from->family == TYPE_DOMAIN)
        return false; /* the base is not known here: see type_change_is_free's callers */
    if (from->family == TYPE_INTEGER && str_starts_with(to->name, STR("reg")))
        return true;
    return from->family == TYPE_INTEGER && str_equal(to->name, STR("oid"));
}
