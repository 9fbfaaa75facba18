/* orm.h — what model files say beyond the schema: classes, fields, relations, client-side values.
 *
 * The tables, columns, keys and indexes that a Prisma model or a SQLAlchemy class declares are
 * operations like any other. What the database never hears of is here: the class behind a
 * table, the attribute behind a column, relations between classes, defaults that the program
 * fills in. Rules of the orm group, hovers and jumps between files read it.
 *
 * Plain immutable data in the arena that linking was given. Absent names have text.data == NULL. */
#ifndef MODEL_ORM_H
#define MODEL_ORM_H

#include "model/fragment.h"

typedef struct OrmModel OrmModel;

typedef enum { ORM_PRISMA, ORM_SQLALCHEMY } OrmKind;

/* Written somewhere, or not: what is not written must not be taken for its default. */
typedef enum { WRITTEN_NOT, WRITTEN_TRUE, WRITTEN_FALSE } Written;

/* A value that the program, not the database, puts into a new or a changed row. */
typedef enum {
    CLIENT_VALUE_NONE,
    CLIENT_VALUE_CONSTANT,    /* default=0 */
    CLIENT_VALUE_CALLABLE,    /* default=datetime.utcnow, a lambda: called for each row */
    CLIENT_VALUE_CALLED_ONCE, /* default=datetime.utcnow(): called when the file is read */
    CLIENT_VALUE_MUTABLE,     /* default=[] or {}: one object shared by all rows */
    CLIENT_VALUE_SQL,         /* default=func.now(): sent as SQL with the row */
    CLIENT_VALUE_GENERATED,   /* Prisma's cuid(), uuid(), @updatedAt: made by the client's engine */
    CLIENT_VALUE_UNKNOWN,     /* there is one, and only the running program knows it */
} ClientValueKind;

typedef struct {
    ClientValueKind kind;
    Str text;     /* as written */
    Str function; /* the function's dotted name as imported ("datetime.datetime.utcnow"), or absent
                   */
    Place place;
} ClientValue;

typedef struct {
    Name name;        /* the attribute: "createdAt", "created_at" */
    Name column;      /* the database column, always present; its place is the attribute where it
                       * is not named apart */
    Place type;       /* the type as written */
    Written optional; /* Optional[] or ? in the annotation; WRITTEN_NOT: no annotation */
    Written nullable; /* nullable=…, written apart from the annotation */
    Place nullable_place;
    ClientValue default_value, on_update;
    bool is_list, is_ignored; /* Prisma's String[], @ignore */
    bool is_inherited;        /* from a mixin or an abstract base: `place` is there */
    bool has_annotation;      /* SQLAlchemy 2: Mapped[…] */
    bool is_mapped_column;    /* SQLAlchemy 2: made by mapped_column(), not Column() */
    bool is_pydantic;         /* SQLModel: a default is copied for each object, and a function that
                               * makes one is default_factory= */
    /* Empty: where one more can be added, right behind the last argument of Column(…) or the last
     * attribute of a Prisma field. Unset: nowhere (a bare annotation). */
    Place insertion;
    bool has_arguments; /* SQLAlchemy: there are arguments, so what is added needs a comma */
    Place place;
} OrmField;
typedef Vec(OrmField) OrmFieldVec;

typedef struct OrmRelation {
    Name name;                    /* the attribute */
    Name target;                  /* the other class, as written; absent where nothing says it */
    const OrmModel *target_model; /* NULL: not among the files at hand */
    bool is_list, is_optional;
    Name relation_name; /* Prisma's @relation("…") */
    NameVec fields;     /* Prisma: the own fields that hold the key; SQLAlchemy: foreign_keys= */
    NameVec references; /* Prisma: the other side's fields */
    Name back_populates, backref;
    const struct OrmRelation *inverse; /* the attribute on the other class, where it is known */
    Name secondary;                    /* the association table, by its name in the database */
    ReferentialAction on_delete, on_update; /* Prisma: ACTION_UNSPECIFIED where not written */
    Str cascade;                            /* as written: "all, delete-orphan" */
    Str lazy; /* "select", "dynamic", "raise", …; DynamicMapped says "dynamic"; absent where not
               * written */
    Written passive_deletes, single_parent, uselist, viewonly; /* passive_deletes="all" is true */
    Place cascade_place, lazy_place, passive_deletes_place;
    bool has_own_join; /* primaryjoin, secondaryjoin or remote_side is written: the foreign keys
                        * alone do not say which side is which */
    bool has_backref_options; /* backref(…): what it makes is not as usual */
    bool is_partial; /* an argument could not be read: what is absent may be written there */
    Place insertion; /* as OrmField's, in relationship(…) or @relation(…) */
    bool has_arguments;
    bool is_inherited;
    Place place;
} OrmRelation;
typedef Vec(OrmRelation) OrmRelationVec;

struct OrmModel {
    OrmKind kind;
    Name name;  /* the model or class; absent for a Core Table() */
    Str schema; /* of the table, or absent */
    Name table; /* its name in the database; place: where it is written, else the class name */
    OrmFieldVec fields;
    OrmRelationVec relations;
    bool is_view, is_ignored;
    bool is_partial; /* a base or mixin could not be read: there may be more columns */
    Place place;     /* the whole model */
    Place insertion; /* empty: behind the text of the body's last line. To add one, put in an end of
                      * line, `indent` and the line */
    Str indent;      /* of the lines there */
    const Operation *operation; /* the OP_CREATE_TABLE, or NULL: shares another class's table */
    /* SQLAlchemy: the mapped class it inherits from, or NULL. What that one has is not repeated
     * here, unlike what comes from mixins and abstract bases. */
    const OrmModel *parent;
};
typedef Vec(OrmModel *) OrmModelVec;

/* What it is called: the table's name where it has none of its own. */
static inline Name orm_model_name(const OrmModel *model)
{
    return name_is_absent(model->name) ? model->table : model->name;
}

/* How a migration file is written, beside what it does: Alembic's revisions. */
typedef struct MigrationFile {
    Name revision;
    NameVec down_revisions; /* several: a merge */
    NameVec depends_on, branch_labels;
    /* A name is written there that could not be read: a constant of another module. */
    bool has_unread_down_revision, has_unread_label;
    Str message;              /* the first line of the doc string */
    Place upgrade, downgrade; /* the functions' names; unset: there is none */
    bool upgrade_is_empty, downgrade_is_empty;
    bool downgrade_raises;      /* it says on purpose that there is no way back */
    bool downgrade_has_comment; /* somebody wrote a remark into it; generated ones do not count */
    Place autogenerate_comment; /* "please adjust!", left behind; unset: none */
    OperationVec downgrade_operations; /* what `downgrade` does: never replayed */
    const Fragment *fragment;
} MigrationFile;
typedef Vec(const MigrationFile *) MigrationFileVec;

/* What a program does with models, sessions and their queries, as far as a rule may ask. */
typedef enum {
    PROGRAM_LAZY_LOAD,      /* in a loop over rows: a relation that the query did not bring along */
    PROGRAM_QUERY_IN_LOOP,  /* in a loop over rows: a query by a value of the row */
    PROGRAM_COMMIT_IN_LOOP, /* in a loop over rows: the session that gave them commits */
    PROGRAM_SHARED_SESSION, /* one session of a module serves every request */
    PROGRAM_FAILED_SESSION, /* in a loop: a failed commit or flush is not rolled back */
} ProgramUseKind;

typedef struct {
    ProgramUseKind kind;
    Place place;           /* the attribute, the query, the call */
    Place related;         /* what the loop goes over; the function that serves requests */
    Str name;              /* of the session as written, or of the row's variable; may be absent */
    const OrmModel *model; /* of the rows; NULL: not known */
    const OrmRelation *relation; /* of PROGRAM_LAZY_LOAD */
    bool is_shared_target;       /* likewise: several rows may refer to the same object, which is
                                  * loaded once */
    const Query *query;          /* of PROGRAM_QUERY_IN_LOOP */
} ProgramUse;
typedef Vec(ProgramUse) ProgramUseVec;

/* One file to link: its read fragment, and its path from the workspace's root with '/'. */
typedef struct {
    const Fragment *fragment;
    Str path;
    bool is_program; /* it declares nothing: only what it asks the database is read */
} ModelFile;

/* What the model files of a database say together. */
typedef struct {
    OperationVec operations; /* in an order in which a database could run them */
    OrmModelVec models;
    QueryPointerVec queries; /* the program's */
    ProgramUseVec uses;
    TextProblemVec problems;
} Declared;

#endif
