/* queries.h — what a program asks the database through SQLAlchemy. Private to the files queries*.c.
 *
 * When all models are known, the functions of every module are walked in the order of their
 * statements (queries.c). A term has a *value* where that is plain: a query that is being put
 * together (a *draft*), the rows it gives, an object of a mapped class. A draft takes what its
 * methods say (queries_methods.c, queries_condition.c, queries_tables.c) and becomes a query fact
 * where it is run, or at the end of the function, when it may get more elsewhere (is_partial).
 *
 *     q = session.query(Order).filter(Order.customer_id == 7)     draft, bound to q
 *     if late:
 *         q = q.filter(Order.is_late)                             may or may not: partial
 *     for order in q:                                             run; order: an object of the rows
 *         order.items                                             a relation, for each row
 *
 * A draft that a name is bound to is never changed: whoever adds to it gets a copy. */
#ifndef FRONTENDS_PYTHON_QUERIES_H
#define FRONTENDS_PYTHON_QUERIES_H

#include "frontends/python/link.h"

/* A table of a draft: parallel to query.tables. */
typedef struct {
    LinkedTable *table;
    LinkedClass *class; /* NULL: a Table() */
    Str alias;          /* absent: itself */
} Subject;
typedef Vec(Subject) SubjectVec;

typedef struct QueryLoop QueryLoop;

typedef struct {
    Query query; /* not yet a fact: its vectors may still grow */
    SubjectVec subjects;
    LinkedClassVec selected; /* what a row holds, in order; NULL: something else than an object */
    uint32_t newest;         /* the subject that filter_by() means, or NO_TABLE_USE */
    StrVec loaded; /* names in options(…): relations that come along, as likely as not */
    bool is_loading_unknown; /* there may be more of them */
    bool is_selected_unknown;
    Str session;     /* what made it, as written: "db.session"; absent: Model.query */
    QueryLoop *loop; /* a value that it compares with is of a row of this loop */
    uint32_t limit;  /* the constant; 0: none, or not known */
    bool is_locking; /* with_for_update() */
    bool is_bound;   /* a name stands for it: it must not change */
    bool is_used;    /* it was run, or became a part of another */
} QueryDraft;
typedef Vec(QueryDraft *) QueryDraftVec;

typedef enum {
    VALUE_UNKNOWN,
    VALUE_QUERY,  /* draft */
    VALUE_ROWS,   /* of draft, or of a relation */
    VALUE_OBJECT, /* of class */
    VALUE_CLASS,  /* the class itself, or an alias of it */
} ValueKind;

typedef struct {
    ValueKind kind;
    QueryDraft *draft;           /* rows and objects: of the query that gave them, or NULL */
    LinkedClass *class;          /* of rows and objects; NULL: not known */
    Str alias;                   /* VALUE_CLASS */
    QueryLoop *loop;             /* it is made of a row of this loop */
    bool is_counted;             /* enumerate(rows) */
    bool is_shared;              /* several rows may refer to this one object */
    const OrmRelation *relation; /* rows of a relation: which */
    LinkedClass *owner;          /* and of which class's object */
} Value;

/* A loop over rows. */
struct QueryLoop {
    QueryLoop *outer;
    Value rows;
    Place place;        /* what it goes over */
    uint32_t condition; /* Queries.n_conditions at its start */
    bool is_once;       /* it is left in its first round */
    StrVec reported;    /* relations, so that each is told once */
};

typedef struct {
    Str name;
    Value *before; /* NULL: not bound */
} QueryBinding;

typedef struct {
    Link *link;
    Arena *out;
    StrMap *names;           /* local name -> Value */
    Vec(QueryBinding) bound; /* in order, to go back */
    QueryDraftVec drafts;    /* of the function at hand */
    LinkedClassVec known;    /* classes of which a query of the function has brought many */
    const PythonDefinition *function; /* NULL: the module's own statements */
    QueryLoop *loop;                  /* the innermost one over rows */
    const PythonStatement *around;    /* the innermost for or while of any kind, or NULL */
    StrMap *subjects;                 /* names of the module at hand -> Subject */
    StrMap *backrefs;                 /* class and name (query_relation) -> OrmRelation */
    StrMap *shared;                   /* sessions of modules that were told of, by address */
    uint32_t loop_depth;              /* of loops of any kind */
    uint32_t n_conditions;            /* ifs around */
    uint32_t function_depth, n_aliases, steps;
    bool is_handler; /* the function serves requests */
    bool keeps_rows; /* expire_on_commit is written somewhere */
} Queries;

/* What a file may cost; what takes more is left out. */
bool queries_are_spent(Queries *q);

/* --- values (queries_values.c) --- */

/* Evaluates the term and all that is in it. NULL gives VALUE_UNKNOWN. */
Value query_value(Queries *q, const PythonTerm *term);
/* The same of a call's arguments from `first` on, whose values do not matter. */
void query_arguments(Queries *q, const PythonTerm *call, uint32_t first);
/* Enters a loop: evaluates what it goes over and binds its target. */
QueryLoop *query_enter(Queries *q, const PythonTerm *target, const PythonTerm *over);
void query_leave(Queries *q, const QueryLoop *loop);
/* A local name hides what the module calls so. */
bool query_is_hidden(const Queries *q, const PythonTerm *term);
void query_bind(Queries *q, Str name, Value value);
void query_bind_unknown(Queries *q, const PythonTerm *target);
/* The names go back to what they were. */
void query_unbind(Queries *q, uint32_t n_bound);
/* The class that a term stands for where its names are seen: imported, cls, an alias. */
bool query_subject(Queries *q, const PythonTerm *term, Subject *subject);
/* What SQLAlchemy calls the function of a call: "select"; absent where a local name hides it. */
Str query_function(Queries *q, const PythonTerm *call);

/* --- drafts (queries_methods.c) --- */

QueryDraft *query_draft(Queries *q, QueryKind kind, Place place);
/* The draft itself where nothing is bound to it, else a copy. */
QueryDraft *query_derive(Queries *q, QueryDraft *draft, Place place);
/* draft.name(…) */
Value query_method(Queries *q, QueryDraft *draft, const PythonTerm *call);
/* It goes to the database now. `is_complete`: nothing can be added any more. */
void query_run(Queries *q, QueryDraft *draft, bool is_complete);
/* The draft by itself; the rows, or the one object, that it gives where it is run. */
Value query_itself(QueryDraft *draft);
Value query_rows(QueryDraft *draft);
Value query_object(QueryDraft *draft);
/* session.get(Model, key), Model.query.get(key) */
void query_by_key(Queries *q, QueryDraft *draft, const PythonTerm *key, Place place);
/* update().values(…): the columns that are written. */
void query_written(Queries *q, QueryDraft *draft, const PythonTerm *call);

/* --- conditions (queries_condition.c) --- */

/* One of filter()'s or where()'s arguments. */
void query_condition(Queries *q, QueryDraft *draft, const PythonTerm *term);
void query_filter_by(Queries *q, QueryDraft *draft, const PythonTerm *call);
void query_order_by(Queries *q, QueryDraft *draft, const PythonTerm *term);
void query_group_by(Queries *q, QueryDraft *draft, const PythonTerm *term);

/* --- tables (queries_tables.c) --- */

/* The table's number in the draft, which gets it where it has it not. */
uint32_t query_table(Queries *q, QueryDraft *draft, Subject subject, JoinKind join, Place place);
/* A column that a term is: its table (found or added) and name are filled in. */
bool query_column(Queries *q, QueryDraft *draft, const PythonTerm *term, ColumnUse *use);
/* The column behind an attribute of the draft's table; false where there is none. */
bool query_own_column(QueryDraft *draft, uint32_t table, Str attribute, Place place,
                      ColumnUse *use);
/* `Order.customer`, or `customer` of filter_by(), compared with an object: the column of its key.
 */
bool query_key_column(Queries *q, QueryDraft *draft, const PythonTerm *term, ColumnUse *use);
bool query_own_key_column(Queries *q, QueryDraft *draft, uint32_t table, Str attribute, Place place,
                          ColumnUse *use);
/* One of query()'s or select()'s arguments. */
void query_select(Queries *q, QueryDraft *draft, const PythonTerm *term);
void query_join(Queries *q, QueryDraft *draft, const PythonTerm *call, bool is_outer);
/* The class's relation of that name, its parents' and those that backref="…" of another class makes
 * too; NULL: none. */
const OrmRelation *query_relation(const Queries *q, const LinkedClass *class, Str name);
/* Fills q->backrefs. */
void query_find_backrefs(Queries *q);
LinkedClass *query_target(Queries *q, const OrmRelation *relation);

/* --- what a program does beside (queries_uses.c) --- */

/* object.name is read. */
Value query_read_attribute(Queries *q, Value object, const PythonTerm *attribute);
/* A query was run within a loop. */
void query_note_loop(Queries *q, const QueryDraft *draft, const Query *query);
/* A statement that may be session.commit(). */
void query_note_commit(Queries *q, const PythonStatement *statement);
void query_note_try(Queries *q, const PythonStatement *statement);
/* name.method(…), where a name may be a session of its module. */
void query_note_session(Queries *q, const PythonTerm *call);
/* True for a function that answers requests. */
bool query_is_handler(Queries *q, const PythonDefinition *function);

/* All modules' queries, in link->declared (queries.c). */
void orm_queries(Link *link);

#endif
