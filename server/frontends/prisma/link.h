/* link.h — what the files of the Prisma frontend share. Private to this folder.
 *
 * A PrismaFile is what reading one file gives and lives with its fragment. A Link is the state of
 * linking the files of a schema: first every model and enum gets its entry, then fields get their
 * kinds, then operations are made. A name that is declared twice means its first declaration, as
 * Prisma reports the second. */
#ifndef FRONTENDS_PRISMA_LINK_H
#define FRONTENDS_PRISMA_LINK_H

#include "base/map.h"
#include "frontends/prisma/prisma.h"
#include "syntax/prisma_syntax.h"

/* ---- reading ---- */

/* The SQL within dbgenerated("…") and raw("…"). */
typedef struct {
    const PrismaValue *string;
    const Expression *expression;
} PrismaSql;
typedef Vec(PrismaSql) PrismaSqlVec;

typedef struct PrismaFile {
    PrismaSyntax syntax;
    PrismaSqlVec sql; /* in the order of the text */
} PrismaFile;

/* ---- linking ---- */

typedef enum {
    PROVIDER_POSTGRESQL,
    PROVIDER_COCKROACHDB,
    PROVIDER_MYSQL,
    PROVIDER_SQLITE,
    PROVIDER_SQLSERVER,
} Provider;

typedef enum {
    SCALAR_STRING,
    SCALAR_BOOLEAN,
    SCALAR_INT,
    SCALAR_BIG_INT,
    SCALAR_FLOAT,
    SCALAR_DECIMAL,
    SCALAR_DATE_TIME,
    SCALAR_JSON,
    SCALAR_BYTES,
} Scalar;
enum { N_SCALARS = SCALAR_BYTES + 1 };

typedef enum {
    FIELD_UNKNOWN, /* half-typed, misspelt, or of a composite type, which SQL databases lack */
    FIELD_SCALAR,
    FIELD_ENUM,
    FIELD_UNSUPPORTED,
    FIELD_RELATION,
} FieldKind;

typedef struct LinkedModel LinkedModel;

typedef struct {
    const PrismaBlock *block;
    const Fragment *fragment;
    Str schema; /* or absent */
    Name name;  /* in the database */
    NameVec labels;
    StrMap labels_by_value; /* value as in the schema -> Name among labels */
} LinkedEnum;

typedef struct {
    const PrismaEntry *entry;
    LinkedModel *model;
    FieldKind kind;
    Scalar scalar;
    const LinkedEnum *enumeration;
    LinkedModel *target;
    Name column;     /* of all but relations */
    ColumnType type; /* of all but relations; family TYPE_UNKNOWN: the database has no such type */
    uint32_t orm_index; /* among the model's relations, for a relation */
} LinkedField;

struct LinkedModel {
    const PrismaBlock *block;
    const Fragment *fragment;
    const PrismaFile *file;
    Str schema; /* or absent */
    Name table;
    uint32_t index; /* among the models */
    LinkedField *fields;
    uint32_t n_fields;
    StrMap fields_by_name;
    OrmModel *orm;
    uint32_t operation; /* index of its CREATE TABLE; UINT32_MAX: none */
};

typedef Vec(LinkedModel *) LinkedModelVec;
typedef Vec(LinkedEnum *) LinkedEnumVec;

typedef struct {
    Arena *out;
    Arena *scratch;
    Dialect dialect;
    Provider provider;
    Str datasource;        /* its name, which native types begin with: "db" */
    bool has_foreign_keys; /* false for relationMode = "prisma" */
    LinkedModelVec models; /* views too */
    LinkedEnumVec enums;
    StrMap models_by_name, enums_by_name;
    ColumnType scalar_types[N_SCALARS];
    Declared *declared;
} Link;

static inline Place link_place(const Fragment *fragment, Range range)
{
    return (Place){.fragment = fragment, .range = range};
}

static inline Name link_name(const Fragment *fragment, PrismaWord word)
{
    return (Name){.text = word.text, .place = link_place(fragment, word.range)};
}

/* The text of a string argument, by label or first without one; absent where there is none. */
Name link_string(const Fragment *fragment, const PrismaAttribute *attribute, const char *label,
                 uint32_t position);
/* NULL where the block has no such attribute. */
const PrismaAttribute *link_block_attribute(const PrismaBlock *block, const char *name);
LinkedField *link_field(const LinkedModel *model, Str name);

/* An operation with its dialect, place and target; the last of the declared ones. */
Operation *link_operation(Link *link, OperationKind kind, Place place);
QualifiedName link_table_name(const LinkedModel *model);

/* --- types.c --- */

/* A type as Migrate writes it, "DECIMAL(65,30)": so messages name it as its migrations do. */
ColumnType link_type(Link *link, Str sql);

/* Fills link->scalar_types. */
void link_scalar_types(Link *link);
bool scalar_from_name(Str name, Scalar *scalar);
/* The type that Prisma Migrate gives the column of a field; not of a relation. */
ColumnType link_column_type(Link *link, const LinkedField *field);
/* Is it made by the database, one more for each row? */
bool link_is_autoincrement(const LinkedField *field);

/* --- defaults.c --- */

void link_set_default(Link *link, const LinkedField *field, ColumnDef *column);
/* What the client, not the database, fills in. */
void link_client_values(const LinkedField *field, OrmField *orm);
/* An expression over the table's columns: a partial index's `where`. NULL where there is none. */
const Expression *link_where(Link *link, const LinkedModel *model,
                             const PrismaArgumentVec *arguments);

/* --- names.c --- */

/* "table_column_column" cut so that it fits with `suffix`, and the suffix ("_key"). */
Str link_constraint_name(const Link *link, Str table, const NameVec *columns, Str suffix);
/* The limit of the database for a name, in bytes. */
uint32_t link_name_max(const Link *link);

/* --- tables.c --- */

/* Types, tables with their keys, then indexes. */
void link_tables(Link *link);
/* Where the database has a column for it. */
bool link_has_column(const LinkedField *field);
/* Fields that are no relations: room for their columns. */
uint32_t link_n_scalars(const LinkedModel *model);

/* --- keys.c --- */

void link_primary_key(Link *link, const LinkedModel *model, TableDef *table);
/* SQL Server has unique constraints, which stand in the table. */
void link_unique_constraints(Link *link, const LinkedModel *model, TableDef *table);
/* Elsewhere they are indexes, which, like all others, are operations of their own. */
void link_indexes(Link *link, const LinkedModel *model);
/* The single field of the primary key; NULL where there is none or more than one. */
const LinkedField *link_single_key(const LinkedModel *model);

/* --- relations.c --- */

/* Pairs the two fields of each relation; makes the relations of the OrmModels and the foreign
 * keys. */
void link_relations(Link *link);

/* --- join_table.c --- */

/* The table of an implicit many-to-many relation between two lists. */
void link_join_table(Link *link, const LinkedField *first, const LinkedField *second,
                     Str relation_name);

#endif
