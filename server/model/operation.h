/* operation.h — schema operations: the vocabulary that every frontend lowers to.
 *
 * One Operation is one thing that a statement does: an ALTER TABLE with three actions is
 * three operations. Each part remembers where it was written. Plain immutable data in the
 * arena of its fragment. Frontends never judge: an operation says what the text declares.
 *
 * Absent names have text.data == NULL, absent expressions are NULL, unset places have no
 * fragment. */
#ifndef MODEL_OPERATION_H
#define MODEL_OPERATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "model/expression.h"
#include "model/type.h"
#include "text/dialect.h"
#include "text/place.h"

struct Query; /* model/query.h */

typedef struct {
    Name schema; /* absent where not written */
    Name name;
    Place place; /* both */
} QualifiedName;
typedef Vec(QualifiedName) QualifiedNameVec;

typedef enum SMALL {
    OP_UNKNOWN, /* a statement that nothing is known about */
    OP_OPAQUE,  /* a known statement with nothing to model */
    OP_QUERY,   /* SELECT, INSERT, UPDATE, DELETE, MERGE: see `as.query` */
    /* tables */
    OP_CREATE_TABLE,
    OP_DROP_TABLE,
    OP_RENAME_TABLE,
    OP_SET_TABLE_SCHEMA,
    OP_SET_TABLE_OPTIONS,
    OP_SET_OWNER,
    OP_ATTACH_PARTITION,
    OP_DETACH_PARTITION,
    OP_SET_INHERIT,
    OP_TRUNCATE,
    OP_SET_ROW_SECURITY,
    /* columns */
    OP_ADD_COLUMN,
    OP_DROP_COLUMN,
    OP_RENAME_COLUMN,
    OP_REPLACE_COLUMN, /* MySQL MODIFY and CHANGE: the whole definition anew */
    OP_SET_COLUMN_TYPE,
    OP_SET_COLUMN_DEFAULT, /* value NULL: DROP DEFAULT */
    OP_SET_NOT_NULL,
    OP_DROP_NOT_NULL,
    OP_SET_IDENTITY, /* kind IDENTITY_NONE: DROP IDENTITY */
    OP_DROP_EXPRESSION,
    /* constraints and indexes */
    OP_ADD_CONSTRAINT,
    OP_DROP_CONSTRAINT,
    OP_RENAME_CONSTRAINT,
    OP_VALIDATE_CONSTRAINT,
    OP_ALTER_CONSTRAINT, /* deferrability */
    OP_CREATE_INDEX,
    OP_DROP_INDEX,
    OP_RENAME_INDEX,
    OP_REINDEX,
    OP_ATTACH_INDEX, /* the target takes as.partition.partition, an index, as its part */
    /* types and sequences */
    OP_CREATE_TYPE, /* enum, composite, range, domain, shell */
    OP_DROP_TYPE,
    OP_RENAME_TYPE,
    OP_SET_TYPE_SCHEMA,
    OP_ADD_ENUM_VALUE,
    OP_RENAME_ENUM_VALUE,
    OP_ALTER_DOMAIN,
    OP_ALTER_COMPOSITE, /* ADD / DROP / ALTER / RENAME ATTRIBUTE */
    OP_CREATE_SEQUENCE,
    OP_ALTER_SEQUENCE,
    OP_DROP_SEQUENCE,
    OP_RENAME_SEQUENCE,
    /* views, code, access */
    OP_CREATE_VIEW,
    OP_DROP_VIEW,
    OP_RENAME_VIEW,
    OP_REFRESH_VIEW,
    OP_CREATE_FUNCTION,
    OP_DROP_FUNCTION,
    OP_RENAME_FUNCTION,
    OP_CREATE_TRIGGER,
    OP_DROP_TRIGGER,
    OP_SET_TRIGGER_ENABLED,
    OP_CREATE_POLICY,
    OP_ALTER_POLICY,
    OP_DROP_POLICY,
    OP_GRANT,
    OP_REVOKE,
    OP_COMMENT,
    OP_CREATE_SCHEMA,
    OP_DROP_SCHEMA,
    OP_RENAME_SCHEMA,
    OP_CREATE_EXTENSION,
    OP_DROP_EXTENSION,
    /* sessions */
    OP_SET, /* SET name = value; RESET has no value */
    OP_USE, /* MySQL, SQL Server: the current database */
    OP_BEGIN,
    OP_COMMIT,
    OP_ROLLBACK,
    OP_SAVEPOINT, /* also RELEASE and ROLLBACK TO */
} OperationKind;

typedef enum SMALL {
    ACTION_UNSPECIFIED, /* not written: NO ACTION */
    ACTION_NO_ACTION,
    ACTION_RESTRICT,
    ACTION_CASCADE,
    ACTION_SET_NULL,
    ACTION_SET_DEFAULT,
} ReferentialAction;

typedef enum SMALL {
    CONSTRAINT_PRIMARY_KEY,
    CONSTRAINT_UNIQUE,
    CONSTRAINT_FOREIGN_KEY,
    CONSTRAINT_CHECK,
    CONSTRAINT_EXCLUDE,
    CONSTRAINT_NOT_NULL, /* a named or table-level NOT NULL */
} ConstraintKind;

typedef enum SMALL { ORDER_UNSPECIFIED, ORDER_ASCENDING, ORDER_DESCENDING } SortOrder;
typedef enum SMALL { NULLS_UNSPECIFIED, NULLS_FIRST, NULLS_LAST } NullsOrder;
typedef enum SMALL { IDENTITY_NONE, IDENTITY_ALWAYS, IDENTITY_BY_DEFAULT } IdentityKind;
typedef enum SMALL { GENERATED_NONE, GENERATED_STORED, GENERATED_VIRTUAL } GeneratedKind;

/* An element of an index, key, or exclusion: a column or an expression. */
typedef struct {
    Name column;                  /* absent for an expression */
    const Expression *expression; /* NULL for a column */
    Str opclass, collation;
    Str exclude_operator; /* EXCLUDE: the operator after WITH */
    Place place;
    uint32_t prefix_length; /* MySQL key prefix; 0: the whole column */
    SortOrder order;
    NullsOrder nulls;
} IndexPart;
typedef Vec(IndexPart) IndexPartVec;

typedef struct {
    Name name;          /* absent where the database picks one */
    IndexPartVec parts; /* columns of the key, or of the foreign key */
    QualifiedName references;
    NameVec references_columns; /* empty: the target's primary key */
    NameVec on_delete_columns;  /* SET NULL (a, b) */
    const Expression *check;    /* CHECK */
    const Expression *where;    /* EXCLUDE */
    Str method;                 /* EXCLUDE USING, or MySQL USING BTREE */
    NameVec include;
    Name using_index; /* ADD … USING INDEX name */
    Str conflict;     /* SQLite ON CONFLICT: "ignore", … */
    Place place;      /* from CONSTRAINT or the keyword to the end */
    Place kind_place; /* the keywords: PRIMARY KEY, UNIQUE, REFERENCES, CHECK … */
    ConstraintKind kind;
    ReferentialAction on_delete, on_update;
    bool match_full;
    bool deferrable, initially_deferred, not_valid, no_inherit, nulls_not_distinct, not_enforced;
    bool is_inline;          /* written within a column definition */
    bool has_auto_increment; /* SQLite: INTEGER PRIMARY KEY AUTOINCREMENT */
    bool is_clustered;       /* SQL Server */
} ConstraintDef;
typedef Vec(ConstraintDef) ConstraintDefVec;

typedef enum SMALL { INDEX_NORMAL, INDEX_FULLTEXT, INDEX_SPATIAL } IndexKind;

typedef struct {
    Name name;   /* absent where the database picks one */
    Str method;  /* lower case; absent: the dialect's default (btree) */
    Str storage; /* "WITH (fillfactor = 90)", as written; absent where it is not */
    IndexPartVec parts;
    NameVec include;
    const Expression *where;
    Place place;              /* the whole definition */
    Place index_keyword;      /* INDEX (or KEY): a fix inserts CONCURRENTLY after it */
    Place concurrently_place; /* CONCURRENTLY, where written */
    IndexKind kind;
    bool unique, concurrently, if_not_exists, only, nulls_not_distinct, is_clustered, is_invisible;
} IndexDef;
typedef Vec(IndexDef) IndexDefVec;

typedef struct {
    Name name;
    ColumnType type;
    Place not_null_place;
    Name not_null_name; /* CONSTRAINT n NOT NULL */
    const Expression *default_value;
    Place default_place; /* from DEFAULT to the end of the expression */
    Place identity_place;
    const Expression *generated_expression;
    const Expression *on_update; /* MySQL ON UPDATE CURRENT_TIMESTAMP */
    Str collation, character_set, comment;
    ConstraintDefVec constraints; /* inline keys, foreign keys, checks */
    IndexDefVec indexes;          /* MySQL: inline KEY */
    Name after;                   /* MySQL AFTER column */
    Place place;
    bool not_null;           /* NOT NULL is written */
    bool explicit_null;      /* NULL is written */
    bool default_is_unknown; /* there is one, but only the running program could tell it */
    IdentityKind identity;
    bool auto_increment; /* MySQL AUTO_INCREMENT, SQLite AUTOINCREMENT, SQL Server IDENTITY */
    GeneratedKind generated;
    bool is_first; /* MySQL FIRST */
} ColumnDef;
typedef Vec(ColumnDef) ColumnDefVec;

typedef struct {
    QualifiedName table;
    bool defaults, constraints, indexes, identity, generated, comments, storage, statistics;
} LikeClause; /* each true where INCLUDING it holds; MySQL's LIKE includes all but foreign keys */
typedef Vec(LikeClause) LikeClauseVec;

typedef struct {
    Str strategy; /* "range", "list", "hash", "key"; absent: not partitioned */
    IndexPartVec parts;
    Str text; /* what follows PARTITION BY, as written */
    Place place;
} PartitionBy;

typedef struct {
    bool temporary, unlogged, if_not_exists, is_foreign;
    ColumnDefVec columns;
    ConstraintDefVec constraints;
    IndexDefVec indexes; /* MySQL KEY, INDEX, FULLTEXT */
    LikeClauseVec likes;
    QualifiedNameVec inherits;
    PartitionBy partition_by;
    QualifiedName partition_of;
    Str partition_bound;          /* "FOR VALUES …" or "DEFAULT", as written */
    const struct Query *as_query; /* CREATE TABLE AS, or NULL */
    bool with_no_data;
    /* Nobody wrote it: Prisma makes it for a many-to-many relation. What keeps its pairs of A and B
     * apart is a primary key or a unique index, by the version of Prisma that made the table. */
    bool is_implicit;
    bool without_rowid, strict;                    /* SQLite */
    Str engine, character_set, collation, comment; /* MySQL */
    bool is_partial; /* of a program whose base classes or arguments are not all at hand: there may
                      * be more columns, keys and indexes */
    Place body;      /* the parentheses with the columns */
} TableDef;

typedef enum SMALL {
    TYPE_DEF_ENUM,
    TYPE_DEF_COMPOSITE,
    TYPE_DEF_RANGE,
    TYPE_DEF_DOMAIN,
    TYPE_DEF_SHELL
} TypeDefKind;

typedef struct {
    TypeDefKind kind;
    NameVec labels;          /* enum, in order */
    ColumnDefVec attributes; /* composite */
    ColumnType base;         /* domain; range: the subtype */
    bool not_null;           /* domain */
    const Expression *default_value;
    ConstraintDefVec constraints; /* domain checks */
    Str collation;
} TypeDef;

typedef struct {
    ColumnType type; /* family TYPE_UNKNOWN: not written */
    const Expression *start, *increment, *minimum, *maximum, *cache;
    bool cycle;
    bool is_temporary, if_not_exists;
    QualifiedName owned_by_table; /* OWNED BY table.column */
    Name owned_by_column;
    bool owned_by_none;
} SequenceDef;

typedef struct {
    bool or_replace, is_materialized, is_temporary, recursive, if_not_exists;
    bool security_invoker, security_barrier, check_option, with_no_data;
    NameVec columns; /* written list, else empty */
    const struct Query *query;
    Str text; /* the query as written */
} ViewDef;

typedef enum SMALL {
    PARAMETER_IN,
    PARAMETER_OUT,
    PARAMETER_INOUT,
    PARAMETER_VARIADIC,
    PARAMETER_TABLE
} ParameterMode;

typedef struct {
    ParameterMode mode;
    Name name; /* may be absent */
    ColumnType type;
    const Expression *default_value;
} Parameter;
typedef Vec(Parameter) ParameterVec;

typedef struct {
    bool is_procedure, or_replace, is_aggregate;
    ParameterVec parameters; /* RETURNS TABLE columns have mode PARAMETER_TABLE */
    ColumnType returns;
    bool returns_set, returns_trigger;
    Str language; /* lower case */
    bool security_definer;
    Place security_place;
    bool has_search_path; /* SET search_path … */
    Str search_path;
    Str volatility; /* "immutable", "stable", "volatile"; absent: volatile */
    bool is_strict;
    Str body; /* as written, without its quotes */
    Place body_place;
} FunctionDef;

typedef enum {
    TRIGGER_INSERT = 1,
    TRIGGER_UPDATE = 2,
    TRIGGER_DELETE = 4,
    TRIGGER_TRUNCATE = 8,
} TriggerEvent;

typedef struct {
    Name name;
    QualifiedName table;
    Str timing;      /* "before", "after", "instead of" */
    unsigned events; /* TriggerEvent bits */
    NameVec update_columns;
    bool for_each_row, is_constraint, or_replace;
    QualifiedName function;
    const Expression *when;
} TriggerDef;

typedef enum SMALL {
    POLICY_ALL,
    POLICY_SELECT,
    POLICY_INSERT,
    POLICY_UPDATE,
    POLICY_DELETE
} PolicyCommand;

typedef struct {
    Name name;
    Name new_name; /* ALTER POLICY … RENAME TO; else absent */
    bool is_restrictive;
    PolicyCommand command;
    NameVec roles; /* empty: public */
    const Expression *using_expression, *check_expression;
    Place roles_place;
} PolicyDef;

typedef enum SMALL {
    OBJECT_TABLE,
    OBJECT_COLUMN,
    OBJECT_VIEW,
    OBJECT_MATERIALIZED_VIEW,
    OBJECT_INDEX,
    OBJECT_SEQUENCE,
    OBJECT_TYPE,
    OBJECT_DOMAIN,
    OBJECT_SCHEMA,
    OBJECT_FUNCTION,
    OBJECT_PROCEDURE,
    OBJECT_TRIGGER,
    OBJECT_POLICY,
    OBJECT_CONSTRAINT,
    OBJECT_EXTENSION,
    OBJECT_DATABASE,
    OBJECT_ROLE,
    OBJECT_OTHER,
} ObjectKind;

typedef struct {
    StrVec privileges; /* lower case; "all" */
    ObjectKind object;
    bool all_in_schema; /* ALL TABLES IN SCHEMA: names are schemas */
    QualifiedNameVec names;
    NameVec grantees;
    bool with_grant_option, is_default_privileges;
} GrantDef;

typedef enum SMALL { SAVEPOINT_SET, SAVEPOINT_RELEASE, SAVEPOINT_ROLLBACK } SavepointAction;

typedef struct Operation {
    OperationKind kind;
    Dialect dialect;
    uint32_t statement_index; /* operations of one statement share it; counts in the fragment */
    Place place;          /* this action: what a finding underlines when it has nothing smaller */
    Place statement;      /* the whole statement, without its terminator */
    QualifiedName target; /* the table, type, view, function … it acts on */
    QualifiedNameVec targets; /* all names of DROP a, b and TRUNCATE a, b, of which one operation
                               * each is made: b may hold on to a, as both go */
    /* flags, where the statement has them */
    bool if_exists, if_not_exists, cascade, is_restrict, concurrently, only, is_temporary;
    bool is_conditional; /* inside IF … in a DO block: may or may not run */
    bool in_do_block;
    bool is_batch; /* Alembic's batch mode: SQLite copies the table, so any change is possible */
    Place keyword; /* the word a fix goes after: INDEX in DROP INDEX, CONSTRAINT, … */
    union {
        TableDef create_table;
        ColumnDef add_column; /* target: the table; also as the new half of replace_column */
        struct {
            Name column;
        } drop_column; /* also set_not_null, drop_not_null, drop_expression */
        struct {
            Name from, to;
        } rename; /* column, constraint; tables, views, types: `to` only, `from` absent.
                   * an enum value: from and to are labels. An index: ALTER INDEX has it as the
                   * target, ALTER TABLE t RENAME INDEX (MySQL) in `from` with t as the target */
        struct {
            Name old_name;
            ColumnDef column;
        } replace_column;
        struct {
            Name column;
            ColumnType type;
            const Expression *using_expression;
            Str collation;
        } set_type;
        struct {
            Name column;
            const Expression *value;
        } set_default;
        struct {
            Name column;
            IdentityKind kind;
        } set_identity;
        ConstraintDef add_constraint;
        struct {
            Name name;           /* absent: DROP PRIMARY KEY */
            ConstraintKind kind; /* MySQL says which; else CONSTRAINT_CHECK with is_any */
            bool is_any;
            bool deferrable, initially_deferred; /* OP_ALTER_CONSTRAINT */
        } constraint;                            /* drop, validate, alter constraint */
        IndexDef create_index;                   /* target: the table */
        struct {
            QualifiedName table; /* MySQL and SQL Server: DROP INDEX i ON t; else absent */
        } drop_index;            /* target: the index */
        TypeDef create_type;
        struct {
            Name label, neighbour;
            bool is_before, is_after;
        } add_enum_value;
        struct {
            bool set_not_null, drop_not_null, drop_default;
            const Expression *default_value;
            bool has_constraint;
            ConstraintDef constraint;
            Name drop_constraint;
        } alter_domain;
        struct {
            const ColumnDef *add; /* or NULL; a pointer, because it would be the largest of all */
            Name drop, rename_from, rename_to, alter;
            ColumnType type;
        } alter_composite;
        SequenceDef sequence;
        ViewDef create_view;
        FunctionDef create_function;
        struct {
            StrVec argument_types;
            bool has_arguments, is_procedure;
        } drop_function;
        TriggerDef create_trigger; /* target: the table */
        struct {
            Name name;
            bool enable, all;
        } trigger; /* drop, enable, disable; target: the table (may be absent in MySQL) */
        PolicyDef create_policy; /* target: the table; alter_policy too */
        struct {
            Name name;
        } drop_policy;
        struct {
            bool sets_enabled, enabled, sets_forced, forced;
        } row_security;
        GrantDef grant;
        struct {
            ObjectKind object;
            Name column; /* OBJECT_COLUMN; trigger, policy, constraint: the name on target */
            bool is_null;
            Str text;
        } comment;
        struct {
            Name name;    /* lower case */
            Str value;    /* as written; absent: RESET / DEFAULT */
            StrVec items; /* a list's items, unquoted: search_path */
            bool is_local;
        } set;
        struct {
            QualifiedName partition;
            Str bound;
            bool is_finalize;
        } partition; /* target: the parent; attach_index too */
        struct {
            QualifiedName parent;
            bool add;
        } inherit;
        struct {
            Str schema;
        } set_schema;
        struct {
            ObjectKind object;
        } owner;
        struct {
            Str engine, character_set, collation, comment;
        } table_options;
        struct {
            SavepointAction action;
        } savepoint; /* target: its name */
        const struct Query *query;
    } as;
} Operation;
typedef Vec(Operation) OperationVec;

/* "add-column", …: for logs and JSON. */
Str operation_kind_name(OperationKind kind);
/* The key of `*operation` itself in a map; `operation` must stay where it is as long as the map. */
Str operation_key(const Operation *const *operation);
/* "CASCADE", "SET NULL" …; unspecified is "NO ACTION". */
Str referential_action_name(ReferentialAction action);

#endif
