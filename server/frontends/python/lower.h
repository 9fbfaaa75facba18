/* lower.h — what the files of the Python frontend share. Private to this folder.
 *
 * A PythonScope says what can be seen while names are resolved: a module alone (an Alembic
 * revision), or all modules of a database (link). Terms carry their module, so a term is resolved
 * where it was written, whoever asks. Reading is in read.h. */
#ifndef FRONTENDS_PYTHON_LOWER_H
#define FRONTENDS_PYTHON_LOWER_H

#include "frontends/python/module.h"
#include "frontends/python/project.h"
#include "model/orm.h"

typedef struct {
    const PythonProject *project; /* NULL: each module alone */
    Dialect dialect;
    Arena *out;                     /* what is made lives here */
    const PythonDefinition *inside; /* a class whose body's names are seen too, or NULL */
    const StrMap *attributes; /* of the table at hand: attribute or variable -> Name of its column;
                               * NULL: they are called the same */
    /* For foreign keys to columns that are no strings, `User.id`, `users.c.id`: link knows; NULL
     * elsewhere. */
    bool (*reference_of)(void *link, const PythonTerm *term, QualifiedName *table, Name *column);
    void *link;
    StrMap *known; /* what names of modules have turned out to be (resolve.c); NULL: not kept */
    uint32_t depth, steps;  /* of resolving in progress; start with 0 */
    uint32_t n_cut, n_tied; /* answers so far that were cut short, or that hang on `inside` */
    uint32_t type_depth;    /* of types within types; start with 0 */
} PythonScope;

/* --- names (resolve.c) --- */

typedef enum {
    RESOLVED_NOTHING,  /* only the running program could tell, or the file is not at hand */
    RESOLVED_EXTERNAL, /* of a library: `dotted` is "sqlalchemy.dialects.postgresql.UUID" */
    RESOLVED_CLASS,    /* of the project: `definition` */
    RESOLVED_FUNCTION, /* likewise */
    RESOLVED_VALUE,    /* what is assigned to a name: `value`, which is no alias of the others */
    RESOLVED_MODULE,   /* a file of the project: `module` */
} ResolvedKind;

typedef struct {
    ResolvedKind kind;
    Str dotted; /* of RESOLVED_EXTERNAL */
    const PythonDefinition *definition;
    const PythonTerm *value;
    const PythonModule *module;
} Resolved;

/* What a name or a chain of attributes stands for. Follows imports, re-exports, aliases (`Text =
 * sa.Text`) and what a class's body binds (`Status.ACTIVE`, a nested class). A dotted name goes on
 * behind a call: with db = SQLAlchemy() of Flask-SQLAlchemy, db.Column is
 * "flask_sqlalchemy.SQLAlchemy.Column". */
Resolved python_resolve(PythonScope *scope, const PythonTerm *term);
/* The same for a plain name as it is seen at the top of a module. */
Resolved python_resolve_name(PythonScope *scope, const PythonModule *module, Str name);

/* The last part of a library's name, where the library is SQLAlchemy or speaks for it
 * (Flask-SQLAlchemy's db., SQLModel, alembic.op's sa): "String", "Column", "relationship"; absent
 * for everything else. `dialect_name` (may be NULL) gets "postgresql" … where it is one dialect's
 * own, else absent. */
Str sqlalchemy_name(Str dotted, Str *dialect_name);
/* Both in one: absent where the term is no name of SQLAlchemy's. */
Str python_sqlalchemy_name(PythonScope *scope, const PythonTerm *term);
/* True where the term is a call of SQLAlchemy's function or class of that name. */
bool call_is(PythonScope *scope, const PythonTerm *term, const char *name);

/* The term behind names: SIZE -> 255. The term itself where nothing more is known. */
const PythonTerm *python_value(PythonScope *scope, const PythonTerm *term);

/* --- calls and constants (value.c) --- */

enum { NO_POSITION = 255 };

/* The keyword's value, else positional argument `position` (from 0; NO_POSITION: none); NULL where
 * it is not there. `name` may be NULL. Positions behind a splat are not known. */
const PythonTerm *call_argument(const PythonTerm *call, uint32_t position, const char *name);
/* The keyword with its value, for its place; NULL where it is not written. */
const PythonTerm *call_keyword(const PythonTerm *call, const char *name);
/* What the call gives to the parameter: the keyword of its name, else positional argument
 * `position`; NULL where it gives nothing. */
const PythonTerm *call_given(const PythonTerm *call, uint32_t position,
                             const PythonParameter *parameter);
uint32_t call_n_positional(const PythonTerm *call); /* before a splat */
bool call_has_splat(const PythonTerm *call);        /* *args or **kwargs: there may be more */

/* Constants, seen through names; strings also through "+" and parentheses. False where
 * the term is NULL or no such constant. */
bool term_string(PythonScope *scope, const PythonTerm *term, Str *value);
bool term_unsigned(PythonScope *scope, const PythonTerm *term, uint32_t *value);
bool term_boolean(PythonScope *scope, const PythonTerm *term, bool *value);
bool term_is_none(const PythonTerm *term); /* written None, or NULL */
/* A string with its place, seen through quoted_name() and op.f(); absent where it is none. */
Name term_name(PythonScope *scope, const PythonTerm *term);
/* The items of a list, tuple or set that is written out, also behind a name and in sums of them;
 * false where it is none. */
bool term_items(PythonScope *scope, const PythonTerm *term, PythonTermVec *items);
/* True only where the keyword is written and is True. */
bool call_flag(PythonScope *scope, const PythonTerm *call, const char *name);
Written call_written(PythonScope *scope, const PythonTerm *call, const char *name);

/* --- types (types.c and its tables) --- */

typedef struct {
    ColumnType type;
    bool is_null;    /* NullType, or nothing written: a foreign key's column takes its target's */
    bool is_integer; /* its affinity: may be a key that counts by itself */
    bool is_enum;    /* a named enum type of PostgreSQL */
    bool is_created_apart; /* create_type=False: somebody else creates it */
    Name enum_name;
    Name enum_schema;
    bool inherits_schema; /* the enum's schema is the table's, or MetaData's */
    NameVec labels;       /* of any Enum, whatever the dialect; empty where they are not known */
    bool has_check;       /* create_constraint=True on Boolean or Enum, without a native type */
    Name check_name;
    Place place;
} PythonType;

/* A type (`sa.String(50)`, `postgresql.UUID`, a TypeDecorator) as the dialect's compiler of
 * SQLAlchemy 2.0 writes it. Family TYPE_UNKNOWN where only the running program could tell. NULL
 * gives is_null. */
PythonType python_type(PythonScope *scope, const PythonTerm *term);
/* What SQLAlchemy makes of a Python type in Mapped[…]: int, str, datetime.datetime, uuid.UUID,
 * decimal.Decimal, an enum class, Literal["a"]. is_null where it is none of them. */
PythonType python_annotated_type(PythonScope *scope, const PythonTerm *annotation);

/* The same by the library's name alone: "sqlalchemy.String" with a call's arguments, or NULL. */
PythonType python_library_type(PythonScope *scope, Str dotted, const PythonTerm *call);
/* Of a class of the project (class_types.c). */
PythonType python_class_type(PythonScope *scope, const PythonDefinition *class,
                             const PythonTerm *call);
PythonType python_unknown_type(void);
/* As SQLAlchemy calls it: "postgresql", "mysql", "sqlite", "mssql". */
Str python_dialect_name(Dialect dialect);
/* An SQL type's text as that type: "varchar(20)". */
PythonType python_written_type(PythonScope *scope, Str text);
/* Enum(…), ENUM(…): the labels and the name of the type (enum.c). */
PythonType python_enum_type(PythonScope *scope, const PythonTerm *call, Str dialect_name);
/* Enum(Status) without a call: of a class alone. */
PythonType python_enum_class_type(PythonScope *scope, const PythonDefinition *class);
bool python_is_enum_class(PythonScope *scope, const PythonDefinition *class);

/* --- SQL values (sql_value.c) --- */

/* server_default=…: a string is a constant that is quoted, text("…") is SQL, func.now(), true(),
 * FetchedValue and the like are compiled for the dialect. NULL where it is None or not known;
 * `is_unknown` (may be NULL) tells the latter. */
const Expression *python_server_default(PythonScope *scope, const PythonTerm *term,
                                        bool *is_unknown);
/* An SQL condition or value: "x > 0", text("lower(name)"), func.lower(t.c.name), comparisons of
 * columns. NULL where that is not sure. */
const Expression *python_sql_expression(PythonScope *scope, const PythonTerm *term);
/* The column that a term names: a string, `Model.attribute`, `table.c.name`, an attribute of the
 * class at hand (scope->attributes), a Column(…). Absent where that is not known. */
Name python_column_name(PythonScope *scope, const PythonTerm *term);

/* --- parts of tables that models and migrations write alike (columns.c, constraints.c) --- */

typedef struct {
    ColumnDef column; /* name absent where the call has none; inline foreign keys and checks are in
                       * column.constraints, without names of a naming convention */
    PythonType type;
    const PythonTerm *call;      /* Column(…) */
    const PythonTerm *type_term; /* or NULL */
    const PythonTerm *sequence;  /* Sequence("…"), or NULL */
    bool is_primary_key;
    Written nullable, autoincrement; /* as written; autoincrement="auto" is WRITTEN_NOT */
    Place nullable_place;
    bool is_unique, is_index; /* unique=True, index=True */
    Place unique_place, index_place;
    bool has_sequence;
    bool has_default;        /* default=…: the client's, or a Sequence */
    bool default_is_unknown; /* there is a server_default that could not be read */
    bool is_partial;         /* something in the call could not be read */
} PythonColumn;

/* Column("name", type, …), mapped_column(…), Field(…) not. column.not_null is set for primary keys
 * and nullable=False. False where the term is no call. */
bool python_column(PythonScope *scope, const PythonTerm *call, PythonColumn *column);

/* PrimaryKeyConstraint, UniqueConstraint, ForeignKeyConstraint, CheckConstraint,
 * postgresql.ExcludeConstraint. Columns are named by strings; a column given as a term is looked up
 * by its last name (`t.c.id`, `user_id`). False where it is none of these, or its columns are not
 * known. */
bool python_constraint(PythonScope *scope, const PythonTerm *call, ConstraintDef *constraint);
/* The elements and options of an ExcludeConstraint, of a call that has nothing before them. */
bool python_exclude_constraint(PythonScope *scope, const PythonTerm *call,
                               ConstraintDef *constraint);
/* Index("name", *columns, unique=True, postgresql_where=…): columns from positional argument
 * `first` on. False where a column is not known. */
bool python_index(PythonScope *scope, const PythonTerm *call, uint32_t first, IndexDef *index);
/* ondelete=, onupdate=, deferrable=, initially=, match= of a foreign key or constraint. */
void python_constraint_options(PythonScope *scope, const PythonTerm *call,
                               ConstraintDef *constraint);
/* "schema.table.column", "table.column" or, without column, "table". False for no string. */
bool python_reference(PythonScope *scope, const PythonTerm *term, QualifiedName *table,
                      Name *column);
ReferentialAction python_action(PythonScope *scope, const PythonTerm *term);

#endif
