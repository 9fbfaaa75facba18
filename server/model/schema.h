/* schema.h — the state of a database: the fold of its operations.
 *
 * Built by replay (model/replay.h) in one arena; every part remembers the operation that
 * made it and the last one that changed it. Parts point at each other: a renamed column
 * needs no other change, a dropped part is unlinked from all that pointed to it. Read it
 * freely from any thread once replay is over; during replay it belongs to the replayer.
 *
 * Names are as the database stores them. Lookups fold case where the dialect ignores it. */
#ifndef MODEL_SCHEMA_H
#define MODEL_SCHEMA_H

#include "base/map.h"
#include "model/identifier.h"
#include "model/query.h"

typedef struct Table Table;
typedef struct Column Column;
typedef struct Index Index;
typedef struct Type Type;

typedef Vec(Column *) ColumnVec;

struct Column {
    Name name;
    Table *table;
    ColumnType type;
    Type *user_type;                 /* the enum, domain or composite that `type` names, or NULL */
    const Expression *default_value; /* NULL: none; a serial column's is in `is_serial` */
    const Expression *generated_expression;
    const Expression *on_update;
    Str collation, character_set, comment;
    struct Sequence *sequence; /* serial, identity, or OWNED BY it; NULL otherwise */
    Place place;               /* its definition */
    const Operation *origin, *changed;
    IdentityKind identity;
    GeneratedKind generated;
    bool is_nullable;
    bool default_is_unknown; /* there is one, but only a program could tell it */
    bool is_serial;
    bool auto_increment;
    bool is_inherited;     /* from a parent or partitioned table, not written here */
    bool lost_foreign_key; /* one on it was dropped by name: on purpose */
    bool is_type_exact;    /* false where a view's or CREATE TABLE AS column could not be typed */
};

typedef struct {
    Column *column;        /* NULL for an expression, or where the column does not exist */
    const IndexPart *part; /* as written; for a name, use column->name: it may be renamed */
} KeyPart;
typedef Vec(KeyPart) KeyPartVec;

/* A primary key or unique constraint. */
typedef struct {
    Name name; /* also where the database picked it */
    bool is_name_generated;
    bool is_primary, nulls_not_distinct, deferrable, initially_deferred, is_clustered;
    ColumnVec columns;
    ColumnVec include;
    StrVec prefix_lengths; /* unused outside MySQL */
    Index *index;          /* the index that enforces it; NULL for a SQLite rowid key */
    const Index *rowid;    /* SQLite: stands for the table itself where that is the key */
    Table *table;
    Place place;
    const Operation *origin;
} Key;
typedef Vec(Key *) KeyVec;

struct Index {
    Name name;
    bool is_name_generated;
    Str schema;
    Table *table;
    IndexKind kind;
    bool unique, nulls_not_distinct, is_clustered;
    bool is_concurrent; /* it was made CONCURRENTLY */
    Str method;         /* never absent */
    Str storage;        /* "WITH (…)", as written, or absent */
    KeyPartVec parts;
    ColumnVec include;
    const Expression *where;
    Key *constraint;       /* the key that it enforces, or NULL */
    bool is_implicit;      /* MySQL made it for a foreign key and drops it when another covers */
    Index *inherited_from; /* the partitioned table's index that this is a part of, or NULL */
    Place place;
    Place name_place;
    const Operation *origin;
};
typedef Vec(Index *) IndexVec;

typedef struct ForeignKey {
    Name name;
    bool is_name_generated;
    Table *table;
    ColumnVec columns;
    NameVec column_names; /* as written: also those that do not exist */
    QualifiedName target_name;
    Table *target;               /* NULL where it is not in the schema */
    ColumnVec target_columns;    /* resolved; empty where one could not be */
    NameVec target_column_names; /* as written; empty: the primary key */
    ReferentialAction on_delete, on_update;
    bool deferrable, initially_deferred, is_validated, match_full;
    Place place;                       /* the constraint */
    struct ForeignKey *inherited_from; /* the partitioned table's, or NULL */
    NameVec on_delete_columns;         /* ON DELETE SET NULL (a, b) */
    Place references;                  /* the target's name */
    const Operation *origin;
} ForeignKey;
typedef Vec(ForeignKey *) ForeignKeyVec;

typedef struct {
    Name name;
    bool is_name_generated;
    const Expression *expression;
    bool is_validated, no_inherit, not_enforced;
    bool is_inherited; /* from a parent or partitioned table */
    Column *column;    /* of a column constraint, or NULL */
    Place place;
    const Operation *origin;
} Check;
typedef Vec(Check *) CheckVec;

typedef struct {
    Name name;
    Str method;
    KeyPartVec parts;
    const ConstraintDef *definition;
    Place place;
    const Operation *origin;
} Exclusion;
typedef Vec(Exclusion *) ExclusionVec;

typedef struct {
    Name name;
    PolicyCommand command;
    bool is_restrictive;
    NameVec roles; /* empty: public */
    const Expression *using_expression, *check_expression;
    Place place;
    Place roles_place;
    const Operation *origin;
} Policy;
typedef Vec(Policy *) PolicyVec;

typedef struct {
    Name name;
    const TriggerDef *definition;
    bool is_enabled;
    Place place;
    const Operation *origin;
} Trigger;
typedef Vec(Trigger *) TriggerVec;

typedef struct {
    Str grantee;
    StrVec privileges; /* lower case */
    const Operation *origin;
} Grant;
typedef Vec(Grant) GrantVec;

typedef enum { TABLE_TABLE, TABLE_VIEW, TABLE_MATERIALIZED_VIEW, TABLE_FOREIGN } TableKind;

typedef Vec(Table *) TableVec;

struct Table {
    Str schema; /* "public", "dbo"; empty in MySQL and SQLite unless written */
    Name name;
    TableKind kind;
    bool is_temporary, is_unlogged;
    ColumnVec columns;
    Key *primary_key; /* or NULL */
    KeyVec uniques;
    IndexVec indexes; /* all, those behind keys too */
    ForeignKeyVec foreign_keys;
    ForeignKeyVec referenced_by; /* self references too */
    CheckVec checks;
    ExclusionVec exclusions;
    PolicyVec policies;
    TriggerVec triggers;
    GrantVec grants;
    bool row_security, row_security_forced;
    PartitionBy partition_by;
    Table *partition_of; /* or NULL */
    Str partition_bound;
    TableVec partitions;
    TableVec inherits, children; /* INHERITS; partitions are not in here */
    TableVec depends_on;         /* a view's tables and views, where known */
    TableVec dependents;         /* the views that read this one */
    bool has_unknown_columns;    /* a query's star over something unknown: `columns` is not all */
    const Query *view_query;     /* of a view; NULL otherwise */
    const ViewDef *view;         /* NULL otherwise */
    bool without_rowid, is_strict;
    Str engine, character_set, collation, comment;
    bool ignores_case;      /* of its columns' names: the dialect's */
    StrMap columns_by_name; /* kept for wide tables only: use table_column */
    Place place;            /* the CREATE statement */
    const Operation *origin, *changed;
    uint32_t origin_migration; /* ordinal of the migration that created it */
    uint32_t n_statements;     /* statements that touched it, for the assessment */
};

struct Type {
    Str schema;
    Name name;
    TypeDefKind kind;
    NameVec labels;
    ColumnVec attributes;
    ColumnType base; /* of a domain, range */
    bool is_not_null;
    const Expression *default_value;
    CheckVec checks;
    Str comment;
    Place place;
    const Operation *origin;
};

typedef struct Sequence {
    Str schema;
    Name name;
    ColumnType type;
    const SequenceDef *definition; /* NULL for a serial's or identity's */
    Column *owner;                 /* OWNED BY, or NULL */
    bool is_generated;             /* a serial's or identity's: its column says all */
    Str comment;
    const Operation *origin;
} Sequence;

typedef struct {
    Str schema;
    Name name;
    Str arguments; /* the input types, comma separated: overloads differ by it */
    const FunctionDef *definition;
    GrantVec grants;
    Place place;
    const Operation *origin;
} Function;
typedef Vec(Function *) FunctionVec;

typedef struct {
    Str name;
    const Operation *origin;
} Extension;
typedef Vec(Extension) ExtensionVec;

typedef struct {
    Dialect dialect;
    Arena *arena;     /* holds everything here */
    StrMap tables;    /* "schema.name" (folded) -> Table: views too */
    StrMap types;     /* -> Type */
    StrMap sequences; /* -> Sequence */
    StrMap indexes;   /* "schema.name" -> Index; MySQL: "table.name" */
    StrMap schemas;   /* name -> Name */
    FunctionVec functions;
    ExtensionVec extensions;
    StrVec search_path;         /* as it stands now; never empty for PostgreSQL */
    Str database;               /* USE name, or absent */
    uint32_t migration;         /* ordinal of the source being replayed */
    const Operation *replaying; /* the operation being applied, or NULL */

    /* For replay alone. */
    StrMap constraint_names;     /* PostgreSQL: which are taken, so that picked names are free */
    StrMap awaited;              /* a missing table's key -> the foreign keys that point at it */
    Str home_database;           /* MySQL: the database whose tables have the empty schema */
    bool foreign_keys_unchecked; /* MySQL: FOREIGN_KEY_CHECKS = 0 */
    bool has_temporary;          /* a temporary table was made: look there first */
    bool search_path_is_local;   /* by SET LOCAL: ends with the transaction */
    StrVec session_search_path;  /* what it goes back to then */
    uint32_t n_copied; /* columns and indexes that came by inheritance, LIKE or SELECT * */
} Schema;

Table *schema_find_table(const Schema *schema, const QualifiedName *name);
/* By the parts of its name; `table_schema` absent: along the search path. */
Table *schema_table(const Schema *schema, Str table_schema, Str name);
Type *schema_find_type(const Schema *schema, Str type_schema, Str name);
/* What stands in `other` for a table or a type of another schema of the dialect: by what it is
 * called there, wherever a search path or USE leads. NULL: there is none, or no such schema. */
Table *schema_counterpart(const Schema *other, const Table *table);
Type *schema_type_counterpart(const Schema *other, const Type *type);
Index *schema_find_index(const Schema *schema, const QualifiedName *name, const Table *table);
Column *table_column(const Table *table, Str name);
/* PostgreSQL: view, index and sequence names share one space with the tables'. */
bool schema_relation_exists(const Schema *schema, Str table_schema, Str name);
Sequence *schema_find_sequence(const Schema *schema, const QualifiedName *name);
/* The first function of that name, whatever its arguments; NULL where there is none. */
Function *schema_find_function(const Schema *schema, const QualifiedName *name);
/* "public", "dbo", or "": the schema of names that are written without one. */
Str schema_default_namespace(const Schema *schema);
/* 0-based position, or UINT32_MAX. */
uint32_t table_column_position(const Table *table, const Column *column);
/* The named key, foreign key or check; NULL where there is none. */
Key *table_key(const Table *table, Str name);
ForeignKey *table_foreign_key(const Table *table, Str name);
Check *table_check(const Table *table, Str name);
Policy *table_policy(const Table *table, Str name);

/* The first index whose leading columns are exactly `columns` as a set (in any order for a
 * foreign key's use), is not partial, and can search by equality; NULL where there is none. */
const Index *table_index_covering(const Table *table, const ColumnVec *columns);
/* True where a key or a full unique index holds exactly these columns. */
bool table_is_unique_on(const Table *table, const ColumnVec *columns);

/* True where `table` was created by the migration that is being replayed: it is empty, and
 * nobody waits for its locks. */
bool table_is_new(const Schema *schema, const Table *table);

/* True for tables that hold data: not views. */
bool table_is_base(const Table *table);
/* "orders", or "sales.orders" outside the dialect's default schema and one that is a template
 * (identifier_is_template): for messages. */
Str table_title(Arena *out, const Schema *schema, const Table *table);
/* "sales.orders"; "orders" where its schema has no name: what findings and reports call it by. */
Str table_full_name(Arena *out, const Table *table);
/* "orders" or "sales.orders", each part quoted where it must be (sql_identifier). */
Str sql_table_name(Arena *out, const Schema *schema, const Table *table);
/* "a, b" with quoting. */
Str sql_column_list(Arena *out, Dialect dialect, const ColumnVec *columns);

#endif
