/* link.h — what the files that link modules share: classes, tables, and the state of linking.
 *
 * The way through (link.c): find classes and say what each is (classes.c); read the columns and
 * relations of each mapped class, of its mixins and abstract bases (attributes.c), and of each
 * Table() (tables.c); name what SQLAlchemy names (naming.c); then write operations (emit.c) and
 * connect relations (relations.c). */
#ifndef FRONTENDS_PYTHON_LINK_H
#define FRONTENDS_PYTHON_LINK_H

#include "frontends/python/lower.h"
#include "frontends/python/python.h"

typedef struct LinkedTable LinkedTable;
typedef struct LinkedClass LinkedClass;

typedef enum {
    CLASS_OTHER, /* no mapped class; may be a mixin */
    CLASS_BASE,  /* a declarative base: its subclasses are mapped */
    CLASS_ABSTRACT,
    CLASS_MAPPED,
} ClassKind;

typedef Vec(LinkedClass *) LinkedClassVec;

/* A class of the project, with what its bases say. */
struct LinkedClass {
    const PythonDefinition *definition;
    ClassKind kind;
    bool is_declarative; /* descends from a declarative base */
    bool is_flask, is_sqlmodel;
    bool has_unknown_base;      /* there may be more attributes than we see */
    bool is_known, in_progress; /* of finding all this out */
    bool is_due;                /* its attributes are not read yet */
    LinkedClassVec order;       /* itself and its bases as Python looks names up */
    LinkedClass *parent;        /* the nearest mapped class that it inherits from, or NULL */
    const PythonTerm *metadata; /* MetaData(…) that its base was given, or NULL */
    const PythonTerm *type_map; /* type_annotation_map, or NULL */
    LinkedTable *table;         /* its own, or its parent's; NULL: not known */
    bool shares_table;          /* with its parent, or with another class */
    OrmModel *model;
};

typedef struct {
    Name attribute; /* or the variable */
    PythonColumn column;
    Written optional; /* Optional[…] in the annotation */
    bool has_annotation, is_mapped_column, is_inherited;
    Place place; /* the whole line */
    Place type_place;
    bool is_pydantic; /* SQLModel: Field(…) or a plain value, not a Column */
    const PythonTerm *client_default, *on_update; /* as written, or NULL */
    const PythonTerm *field_call; /* SQLModel: Field(…) in place of a column's call */
} LinkedColumn;
typedef Vec(LinkedColumn) LinkedColumnVec;

struct LinkedTable {
    Str schema; /* absent: none */
    Name name;
    LinkedColumnVec columns;
    StrMap attributes;            /* attribute or key -> Name of the column */
    StrMap column_names;          /* those there are */
    ConstraintDefVec constraints; /* of __table_args__ and Table(), with those of columns */
    IndexDefVec indexes;
    Str comment, engine, character_set, collation, partition_by;
    bool sqlite_autoincrement, is_partial, without_rowid;
    const PythonTerm *metadata;     /* its MetaData(…), or NULL */
    const PythonDefinition *class;  /* NULL: a Table() */
    const PythonTerm *call;         /* Table(…), or NULL */
    const PythonDefinition *inside; /* the class whose body that stands in, or NULL */
    OrmModel *model;
    uint32_t operation_index; /* of its OP_CREATE_TABLE in declared->operations */
    Place place;
    LinkedTable *next_same_name; /* of another schema */
    uint32_t visit, next_key;    /* of sorting, see emit.c */
};
typedef Vec(LinkedTable *) LinkedTableVec;

typedef struct {
    PythonScope scope;
    Arena *out;
    PythonProject *project;
    StrMap classes; /* definition's address -> LinkedClass */
    LinkedClassVec class_list;
    LinkedTableVec tables;
    StrMap by_name;       /* table name -> LinkedTable, then next_same_name */
    StrMap by_statement;  /* address of the Table(…) term -> LinkedTable */
    StrMap conventions;   /* address of a MetaData(…) term -> NamingConvention (naming.c) */
    StrMap class_names;   /* "User" -> LinkedClass, the first mapped one of that name */
    StrMap twin_names;    /* names that several mapped classes have: "User" -> any of them, and for
                           * each, its fragment and "User" (orm_key) -> LinkedClass */
    uint32_t class_depth; /* of orm_class in progress */
    StrMap created;       /* types and sequences that an operation creates */
    OperationVec late;    /* foreign keys that close a circle */
    Declared *declared;
} Link;

/* --- classes.c --- */
/* The class with its kind, bases and order found; NULL for NULL. */
LinkedClass *orm_class(Link *link, const PythonDefinition *definition);
/* All classes of all modules, in order. */
void orm_find_classes(Link *link);
/* The table's name that the class has of its own: written, or made as Flask-SQLAlchemy and SQLModel
 * make it. Absent: it has none (it shares its parent's), or *is_unknown. */
Name orm_table_name(Link *link, LinkedClass *class, bool *is_unknown);
/* What a class's body, or those of the bases that are no mapped classes, binds to a name: the
 * statement, and where it was found. NULL: nothing. */
const PythonStatement *orm_class_attribute(LinkedClass *class, const char *name,
                                           LinkedClass **found_in);

/* --- attributes.c --- */
/* Adds the columns and relations of the class to its table and model. */
void orm_attributes(Link *link, LinkedClass *class);
/* One attribute: `value` may be NULL (a bare annotation). False where it is neither column nor
 * relation. */
bool orm_attribute(Link *link, LinkedClass *class, LinkedClass *found_in,
                   const PythonStatement *statement, const PythonTerm *value);
/* A Column(…) behind functools.partial, deferred(…), a function of the project that only returns
 * it, or a name; NULL: none. */
const PythonTerm *orm_column_call(Link *link, const PythonTerm *term);

/* --- annotations.c --- */
typedef struct {
    bool is_mapped;     /* Mapped[…] and its kin */
    bool is_list;       /* of classes: List["Child"] */
    bool is_dynamic;    /* DynamicMapped, WriteOnlyMapped */
    bool is_write_only; /* the latter */
    Written optional;
    const PythonTerm *inner; /* without Mapped, Optional, Annotated, lists; may be NULL */
    const PythonTerm *whole; /* within Mapped[…], without Optional: a key of type_annotation_map */
    const PythonTerm *columns[4]; /* mapped_column(…) among Annotated's, outermost first */
    uint32_t n_columns;
} Annotation;
Annotation orm_annotation(Link *link, const PythonTerm *term);
/* The type that the class's map, or SQLAlchemy itself, gives for it. */
PythonType orm_annotated_type(Link *link, const LinkedClass *class, const Annotation *annotation);

/* --- sqlmodel.c --- */
/* A field of an SQLModel class, with what its annotation says; false where it is none of the
 * table's. */
bool orm_sqlmodel_field(Link *link, const PythonStatement *statement, const Annotation *annotation,
                        LinkedColumn *column);

/* --- relations.c --- */
bool orm_relation(Link *link, LinkedClass *class, const PythonStatement *statement,
                  const PythonTerm *value, const Annotation *annotation, bool is_inherited);
/* Behind the last argument of a call, where one more can be written; unset where that is not plain
 * to see. */
Place orm_insertion(const PythonTerm *call, bool *has_arguments);
/* The class it leads to; NULL: not known. */
LinkedClass *orm_relation_target(Link *link, const OrmRelation *relation);
/* The next foreign key of the one table to the other; `previous` NULL: the first one. NULL: no
 * more. Either table may be NULL. */
const ConstraintDef *orm_key_to(const LinkedTable *from, const LinkedTable *to,
                                const ConstraintDef *previous);
/* Targets and inverses, when all classes are known. */
void orm_relations(Link *link);

/* --- fields.c --- */
OrmField orm_field(Link *link, const LinkedColumn *column);

/* --- tables.c --- */
/* Absent schema: any, the one without first. NULL: none. */
LinkedTable *orm_find_table(const Link *link, Str schema, Str name);
/* Of `metadata`, a MetaData(…), or absent. */
Str orm_metadata_schema(Link *link, const PythonTerm *metadata);
void orm_add_column(Link *link, LinkedTable *table, LinkedColumn *column);
/* The Table(…)s of a module's own statements, without what is in them. */
void orm_core_tables(Link *link, const PythonModule *module);
/* The columns and constraints of one of them. */
void orm_core_columns(Link *link, LinkedTable *table);
/* When all tables are there: indexes and columns that are added to them from outside. */
void orm_core_statements(Link *link, const PythonModule *module);
/* The table of a class that has one of its own. */
void orm_class_table(Link *link, LinkedClass *class);
void orm_table_args(Link *link, LinkedClass *class);
LinkedTable *orm_table_of_term(Link *link, const PythonTerm *term);
bool orm_reference_of(void *link, const PythonTerm *term, QualifiedName *table, Name *column);
/* The MetaData(…) a term stands for; NULL: a plain one, or not known. */
const PythonTerm *orm_metadata(Link *link, const PythonTerm *term);

/* --- naming.c --- */
/* Fills in the names that a naming convention gives, and those of index=True. */
void orm_name_parts(Link *link, LinkedTable *table);

/* --- emit.c --- */
void orm_emit(Link *link);

/* Keys for maps by address, and by address and name. */
Str orm_address(Link *link, const void *pointer);
Str orm_key(Arena *out, const void *pointer, Str name);

#endif
