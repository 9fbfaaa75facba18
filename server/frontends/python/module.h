/* module.h — one Python file as data: statements and terms, with names unresolved.
 *
 * What read makes of the syntax tree, and all that the rest of this folder sees of it. A *term* is
 * an expression of Python (model/expression.h has those of SQL). Every term and statement knows its
 * place, and with it its module (python_module_of), so that it can be resolved wherever it ends up.
 * Lives in the fragment's arena; immutable once read. Nothing is nested deeper than
 * PYTHON_DEPTH_MAX: what is, is a TERM_OTHER. So recursion over these structures is safe. */
#ifndef FRONTENDS_PYTHON_MODULE_H
#define FRONTENDS_PYTHON_MODULE_H

#include "base/map.h"
#include "base/vec.h"
#include "model/fragment.h"
#include "text/place.h"

enum {
    PYTHON_DEPTH_MAX = 120,      /* nested terms; a chain of calls counts two a link */
    PYTHON_BLOCK_DEPTH_MAX = 24, /* nested blocks: class, def, if, with, for */
};

typedef enum {
    TERM_OTHER,        /* nothing that we read: a slice, an error; left: what a yield gives */
    TERM_NAME,         /* text */
    TERM_ATTRIBUTE,    /* left . text */
    TERM_CALL,         /* left ( items ) */
    TERM_SUBSCRIPT,    /* left [ items ]; also Mapped[…] in annotations */
    TERM_KEYWORD,      /* text = left: only among a call's items */
    TERM_SPLAT,        /* * left */
    TERM_DOUBLE_SPLAT, /* ** left */
    TERM_STRING,       /* text: the value, escapes resolved, pieces joined; bytes too */
    TERM_FORMATTED,    /* f"…" with holes; items: its pieces, strings (TERM_OTHER with an escape)
                        * and the terms in the holes; none where it is several strings */
    TERM_NUMBER,       /* text: as written, without underscores */
    TERM_TRUE,
    TERM_FALSE,
    TERM_NONE,
    TERM_LIST, /* items */
    TERM_TUPLE,
    TERM_SET,
    TERM_DICT,          /* items: TERM_PAIR or TERM_DOUBLE_SPLAT */
    TERM_PAIR,          /* left : right */
    TERM_UNARY,         /* text left: "-", "+", "~", "not" */
    TERM_BINARY,        /* left text right: "+", "|", "and", "or", "%", … */
    TERM_COMPARISON,    /* left text right: "==", "in", "is not", …; of one pair only */
    TERM_CONDITIONAL,   /* left if items[0] else right */
    TERM_LAMBDA,        /* left: its body */
    TERM_COMPREHENSION, /* [left for … in … if …], of all kinds; items: a TERM_PAIR for each
                         * `for left in right`, a TERM_UNARY "if" for each condition */
} PythonTermKind;

typedef struct PythonTerm PythonTerm;
typedef Vec(const PythonTerm *) PythonTermVec;

struct PythonTerm {
    PythonTermKind kind;
    Place place; /* the whole; parentheses around it do not count */
    Str text;
    Place text_place; /* attribute, keyword: the name; string: what is between the quotes where
                       * that is one piece, else the whole; unset for others */
    const PythonTerm *left, *right;
    PythonTermVec items;
    struct PythonSql *sql; /* of strings only */
};

/* What a string says as SQL, where SQL is expected: text("…"), CheckConstraint("…"). Filled when
 * all else is read. */
typedef struct PythonSql {
    const Expression *expression; /* NULL: not where SQL stands, or no expression of it */
} PythonSql;

typedef enum {
    STATEMENT_OTHER,
    STATEMENT_ASSIGNMENT, /* target [: annotation] [= value]; a = b = c are two */
    STATEMENT_AUGMENTED,  /* target += value */
    STATEMENT_TERM,       /* value */
    STATEMENT_CLASS,      /* definition */
    STATEMENT_FUNCTION,   /* definition */
    STATEMENT_RETURN,     /* value, or NULL */
    STATEMENT_RAISE,      /* value, or NULL */
    STATEMENT_PASS,
    STATEMENT_IF,    /* value: the condition; body, otherwise (an elif is an IF there) */
    STATEMENT_FOR,   /* target in value; body, otherwise */
    STATEMENT_WHILE, /* value; body, otherwise */
    STATEMENT_WITH,  /* items: each an assignment, target (or NULL) and value; body */
    STATEMENT_TRY,   /* body; otherwise: the except, else and finally blocks in a row; items: the
                      * same, each a STATEMENT_EXCEPT or STATEMENT_OTHER with its body */
    STATEMENT_EXCEPT,
} PythonStatementKind;

typedef struct PythonStatement PythonStatement;
typedef struct PythonDefinition PythonDefinition;
typedef Vec(const PythonStatement *) PythonStatementVec;

struct PythonStatement {
    PythonStatementKind kind;
    Place place;
    const PythonTerm *target, *annotation, *value;
    const PythonDefinition *definition;
    PythonStatementVec items, body, otherwise;
};

typedef struct {
    Name name;
    const PythonTerm *default_value; /* or NULL */
} PythonParameter;
typedef Vec(PythonParameter) PythonParameterVec;

/* What a name is bound to in a class's body, the last first. */
typedef struct PythonBinding {
    const PythonStatement *statement; /* assignment with a value, class or function */
    const struct PythonBinding *previous;
} PythonBinding;

/* A class or a function. */
struct PythonDefinition {
    Name name;
    bool is_class;
    bool has_body; /* false: a function whose body was of no interest and is not read */
    PythonTermVec decorators;
    PythonTermVec arguments;       /* class: bases and keywords, as a call's items */
    PythonParameterVec parameters; /* function: plain ones, without *args and **kwargs */
    PythonStatementVec body;       /* without the doc string */
    StrMap names;                  /* of a class: name -> PythonBinding, the last */
    Place body_place;
    Place place;                   /* with its decorators */
    const PythonDefinition *outer; /* the class it stands in, or NULL */
};

/* True for a function that does nothing but return. `function` may be NULL. */
static inline bool python_only_returns(const PythonDefinition *function)
{
    return function && function->has_body && function->body.n == 1 &&
           function->body.items[0]->kind == STATEMENT_RETURN;
}

/* What such a function returns; NULL where it does more, or returns nothing. */
static inline const PythonTerm *python_returned(const PythonDefinition *function)
{
    return python_only_returns(function) ? function->body.items[0]->value : NULL;
}

/* `import a.b as c`: c -> a.b;  `from ..m import n as k`: k -> module "..m", symbol "n". */
typedef struct {
    Str module; /* dotted, with leading dots where it is relative; `import a.b`: "a" */
    Str symbol; /* absent: the module itself */
    Place place;
} PythonImport;

typedef struct PythonModule {
    const Fragment *fragment;
    Str doc; /* the module's doc string, or absent */
    PythonStatementVec body;
    StrMap imports; /* local name -> PythonImport, wherever in the file it stands */
    StrVec stars;   /* modules of `from m import *` */
    StrMap names;   /* top-level name -> the last PythonStatement that binds it (assignment,
                     * class or function), also within if, try and with */
    bool may_query; /* words stand here without which nothing is queried (queries.h) */
} PythonModule;

static inline const PythonModule *python_module_of(Place place)
{
    return place.fragment ? place.fragment->python : NULL;
}

/* What is written there; the place is set. */
static inline Str python_text(Place place)
{
    return str_slice(place.fragment->text, place.range.start, place.range.end);
}

/* True for a statement of one word that has no kind of its own: "break", "continue". */
static inline bool python_is_word(const PythonStatement *statement, const char *word)
{
    return statement->kind == STATEMENT_OTHER &&
           str_equal(str_trim(python_text(statement->place)), str_from(word));
}

#endif
