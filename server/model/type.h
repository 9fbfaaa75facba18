/* type.h — column types: families, canonical names, sizes.
 *
 * A ColumnType says what was written, what the database calls it, and the family that
 * rules compare. Plain data; strings live in the arena given to the maker. */
#ifndef MODEL_TYPE_H
#define MODEL_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "text/dialect.h"
#include "text/place.h"

/* There are many operations and columns: what is one of a few takes one byte, and flags stand
 * together behind what is larger. */
#define SMALL __attribute__((packed))

typedef enum SMALL {
    TYPE_UNKNOWN, /* not written (SQLite), or known only at run time */
    TYPE_BOOLEAN,
    TYPE_TINYINT,
    TYPE_SMALLINT,
    TYPE_MEDIUMINT,
    TYPE_INTEGER,
    TYPE_BIGINT,
    TYPE_NUMERIC,
    TYPE_MONEY,
    TYPE_REAL,   /* 4-byte float */
    TYPE_DOUBLE, /* 8-byte float */
    TYPE_CHAR,
    TYPE_VARCHAR,
    TYPE_TEXT,
    TYPE_BINARY,
    TYPE_VARBINARY,
    TYPE_BLOB, /* bytea, blob */
    TYPE_BIT,
    TYPE_VARBIT,
    TYPE_DATE,
    TYPE_TIME,
    TYPE_TIMESTAMP, /* also datetime; see with_time_zone */
    TYPE_INTERVAL,
    TYPE_YEAR,
    TYPE_UUID,
    TYPE_JSON,
    TYPE_JSONB,
    TYPE_XML,
    TYPE_INET,
    TYPE_CIDR,
    TYPE_MACADDR,
    TYPE_TSVECTOR,
    TYPE_TSQUERY,
    TYPE_RANGE,
    TYPE_GEOMETRY,
    TYPE_VECTOR,
    TYPE_SET,  /* MySQL */
    TYPE_ENUM, /* a MySQL inline enum, or a named enum type */
    TYPE_DOMAIN,
    TYPE_COMPOSITE,
    TYPE_OTHER, /* a name we know nothing about: an extension's or a missing type */
} TypeFamily;

typedef Vec(Str) StrVec;

typedef struct {
    Str written;   /* as in the source, white space folded */
    Str canonical; /* PostgreSQL: format_type's text; MySQL: COLUMN_TYPE; SQLite: as declared */
    Str schema;    /* of a user-defined type, where it was written; else absent */
    Str name;      /* base name without schema, arguments and array marks, folded */
    StrVec values; /* labels of an inline enum or set */
    Place place;
    uint32_t length;           /* characters, bytes or bits; 0 where none is given */
    uint16_t precision, scale; /* numeric; precision alone also of time types and intervals */
    TypeFamily family;
    bool has_precision;
    bool with_time_zone, is_unsigned;
    bool is_serial;     /* smallserial, serial, bigserial: family is the integer's */
    uint8_t array_dims; /* PostgreSQL stores any number alike */
} ColumnType;

/* Makes a type from its parts. `name` is the type's words with single spaces, lower case
 * unless quoted ("character varying"), without arguments; `arguments` the unparsed list
 * items. SQLite's names keep their case: it reports them as declared. A quoted name may be
 * given with its quotes, and must be where that makes a difference ("char" is not char).
 * Fills every field but place. */
ColumnType type_make(Arena *out, Dialect dialect, Str schema, Str name, const Str *arguments,
                     uint32_t n_arguments, uint8_t array_dims, bool is_unsigned);

/* Reads a type as SQL writes it: "numeric(10, 2)[]", "timestamp(3) with time zone",
 * "public.\"Role\"". Never fails: what it does not understand is of family TYPE_OTHER. */
ColumnType type_parse(Arena *out, Dialect dialect, Str text);

/* Same family and same canonical text. */
bool type_equal(const ColumnType *a, const ColumnType *b);
/* True where a foreign key from `from` to `to` compares like with like (int against bigint
 * is a difference, varchar(20) against text is not). */
bool type_matches_for_key(const ColumnType *from, const ColumnType *to);
bool type_is_integer(TypeFamily family);
bool type_is_text(TypeFamily family); /* char, varchar, text */
bool type_is_float(TypeFamily family);

/* True where PostgreSQL changes `from` to `to` without rewriting the table: the catalog
 * changes only. `scans` is set where it must still read every row. Source: ALTER TABLE
 * reference, section Notes, and pg_cast's binary-coercible pairs. */
bool type_change_is_free(const ColumnType *from, const ColumnType *to, bool *scans);

/* Bytes on disk: the fixed size, or the assumed average with *is_estimate set; `alignment`
 * is 1, 2, 4 or 8 (PostgreSQL's typalign). */
uint32_t type_size(const ColumnType *type, Dialect dialect, uint32_t *alignment, bool *is_estimate);

#endif
