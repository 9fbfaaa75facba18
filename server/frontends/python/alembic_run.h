/* alembic_run.h — what the files that read a revision's functions share. Private to them.
 *
 * A revision is a program that calls op.*. It is walked as Python would run it, as far as the text
 * alone says what happens: statements in order, loops over what is written out, functions of the
 * same file, conditions on the dialect. Before a statement is looked at, its terms are *folded*:
 * local names and loop variables are put in, strings are put together. What is left of names is
 * then resolved as anywhere else. */
#ifndef FRONTENDS_PYTHON_ALEMBIC_RUN_H
#define FRONTENDS_PYTHON_ALEMBIC_RUN_H

#include "frontends/python/lower.h"
#include "syntax/parser.h"

/* A local name that was bound anew, and what it stood for before. */
typedef struct {
    Str name;
    const PythonTerm *before; /* NULL: nothing */
} AlembicBinding;

typedef struct {
    Parser *parser;
    Fragment *fragment;
    Arena *out; /* the fragment's */
    PythonScope scope;
    StrMap *names;             /* local name -> PythonTerm, folded; TERM_OTHER: not known */
    Vec(AlembicBinding) bound; /* within `names`, in order */
    bool is_conditional;       /* may or may not run */
    bool is_guarded;           /* runs where a look at the database says that it is needed */
    bool has_returned;         /* the function at hand, or the round of a loop, is done */
    bool leaves_round;         /* the latter */
    uint32_t call_depth;       /* functions of the file that are being run */
    uint32_t n_statements;     /* that the database gets */
    uint32_t steps;            /* terms and statements looked at */
} AlembicRun;

/* True where the file has cost enough: the rest of it is left out. */
bool alembic_is_spent(const AlembicRun *run);

/* --- terms (alembic_fold.c) --- */

/* The term with what is known put in; the term itself where nothing is. NULL for NULL. */
const PythonTerm *alembic_fold(AlembicRun *run, const PythonTerm *term);
/* The library's dotted name that a call or attribute reaches through objects of Alembic:
 * "alembic.op.get_bind.execute". Absent where it is nothing of a library. */
Str alembic_dotted(AlembicRun *run, const PythonTerm *function);
/* The names that a function's parameters get in a call. */
StrMap *alembic_bind_arguments(AlembicRun *run, const PythonDefinition *function,
                               const PythonTerm *call);
/* What a loop goes over, where it is written out; false where it is not. */
bool alembic_iterate(AlembicRun *run, const PythonTerm *folded, PythonTermVec *items);
/* Binds a target (a name, a tuple of names) to a value; NULL: it is not known. */
void alembic_bind(AlembicRun *run, const PythonTerm *target, const PythonTerm *value);

/* --- statements (alembic_walk.c, alembic_condition.c) --- */

void alembic_walk(AlembicRun *run, const PythonStatementVec *body);

typedef enum { TRUTH_UNKNOWN, TRUTH_TRUE, TRUTH_FALSE } Truth;
/* Of a folded condition: the dialect is known, and that a database is connected. `looks` (may be
 * NULL) is set where the condition asks what is in the database. */
Truth alembic_condition(AlembicRun *run, const PythonTerm *condition, bool *looks);

/* --- operations --- */

/* One op.x(…) or batch_op.x(…). A batch operation is called without the table: it is that of the
 * batch. */
typedef struct {
    AlembicRun *run;
    const PythonTerm *call;
    const PythonTerm *batch; /* batch_alter_table(…), or NULL */
    uint32_t table_position; /* among the arguments of the op.* form; NO_POSITION: it has none */
} AlembicCall;

/* An argument by its position in the op.* form, or by its keyword. */
const PythonTerm *alembic_argument(const AlembicCall *c, uint32_t position, const char *name);
/* The table that it acts on, with its schema. */
QualifiedName alembic_table(const AlembicCall *c);
/* A new operation, one statement of the database; the pointer is valid until the next one. */
Operation *alembic_emit(AlembicRun *run, OperationKind kind, Place place);

/* True where `dotted` is something that is done to the database (alembic_operations.c). */
bool alembic_operation(AlembicRun *run, const PythonTerm *call, Str dotted);

/* Each one operation of Alembic's; nothing is emitted where a name is not known. */
void alembic_create_table(const AlembicCall *c); /* alembic_table.c */
void alembic_add_column(const AlembicCall *c);
/* Table(…).create(): a call of Table that is no operation itself. */
void alembic_create_table_object(AlembicRun *run, const PythonTerm *table, const PythonTerm *call);
void alembic_create_type(AlembicRun *run, const PythonType *type, const QualifiedName *table,
                         bool if_not_exists, Place place);
void alembic_alter_column(const AlembicCall *c);                        /* alembic_alter.c */
void alembic_add_constraint(const AlembicCall *c, ConstraintKind kind); /* alembic_constraint.c */
void alembic_drop_constraint(const AlembicCall *c);
void alembic_create_index(const AlembicCall *c);
void alembic_drop_index(const AlembicCall *c);

/* A condition or value that may be a plain string of SQL. NULL where it is not known. */
const Expression *alembic_expression(AlembicRun *run, const PythonTerm *term);
/* Runs SQL that `sql` (folded) holds: a string, text(…) (sql_text.c). `place`: the statement. */
void alembic_execute(AlembicRun *run, const PythonTerm *sql, Place place);

#endif
