/* parts.h — what the steps of the check share. Private to this folder. */
#ifndef CONSULT_CHECK_PARTS_H
#define CONSULT_CHECK_PARTS_H

#include "consult/check/check.h"
#include "consult/check/document.h"
#include "consult/check/names.h"
#include "consult/check/words.h"
#include "consult/tools/confine.h"

/* ---- sections ---- */

enum { PART_HEAD = -1, PART_SUGGESTIONS = N_SECTIONS };

/* Pieces of the document that belong to one section; one may come in several. */
typedef struct {
    int kind; /* a SectionKind, PART_HEAD, PART_SUGGESTIONS */
    uint32_t first, end;
} Part;
typedef Vec(Part) PartVec;

PartVec parts_find(Arena *out, const Document *document);
/* The section that the heading is of, or PART_HEAD: of none. */
int part_of_title(Str title);

/* ---- statements ---- */

typedef enum {
    USE_RECOMMENDED, /* to be run, in this order */
    USE_UNDO,        /* takes a recommended one back */
    USE_SHOWN,       /* what is there today, or must not be done */
} StatementUse;

typedef struct {
    uint32_t piece;
    int part;
    Str sql;
    Str key; /* equal for equal statements, however they are laid out */
    StatementUse use;
    const Fragment *fragment;
    bool is_schema_change; /* else a query, or nothing for the model */
    bool is_snippet;       /* of another language than SQL, which says the same */
    LoweredFile *file;     /* of a snippet that changes the schema: replayed instead of `sql` */
    bool in_transaction;
    bool is_checked, applies;
    Str problem;
    OperationCost cost;
    StatementFindingVec findings;
    bool is_on_new_table; /* that the report itself makes: nobody waits for its locks */
} CheckedStatement;
typedef Vec(CheckedStatement) CheckedStatementVec;

/* ---- the check ---- */

typedef struct {
    uint32_t piece;
    ReportMark mark;
} PlacedMark;

/* Lines that the report cites, and that are there. */
typedef struct {
    const Source *source;
    uint32_t first, last;
} CitedLines;

typedef struct {
    Arena *out, *scratch;
    const CheckInput *input;
    const Snapshot *snapshot;
    const Schema *schema;
    Document document;
    PartVec parts;
    int *part_of_piece;
    Names names;
    CheckedStatementVec statements;
    Vec(LoweredFile *) lowered; /* hold the statements' fragments */
    StrMap models;              /* OrmModels by their names in lower case */
    StrMap new_tables;          /* that the report makes; lower case */
    Confine confine;
    bool has_files;
    uint32_t n_references, n_found;
    uint32_t n_unchecked; /* statements that are abbreviated, or of another dialect */
    Vec(PlacedMark) marks;
    Vec(CitedLines) cited;
    StrVec source_keys; /* texts of the sources, without layout; made when first needed */
    CheckResult *result;
} ReportCheck;

void check_find_parts(ReportCheck *check);
/* Where a piece belongs. */
int check_part_of(const ReportCheck *check, uint32_t piece);

/* A mark behind the span, which also counts as a problem of its section; the first one stays. */
void check_mark(ReportCheck *check, uint32_t piece, Span *span, Str reason);
/* The same for a part of the span: of a line of prose. */
void check_mark_about(ReportCheck *check, uint32_t piece, Span *span, Str about, Str reason);
/* A line below the piece. `problem`: what the model is told; absent: it is only a remark. */
void check_note(ReportCheck *check, uint32_t piece, Str note, Str problem);

/* The steps, in this order. */
void check_read_statements(ReportCheck *check); /* also adds what they make to the names */
void check_read_snippets(ReportCheck *check);
void check_apply_statements(ReportCheck *check);
void check_queries(ReportCheck *check);
void check_locks(ReportCheck *check);
void check_references(ReportCheck *check);
void check_claims(ReportCheck *check);
void check_places(ReportCheck *check);
void check_echoes(ReportCheck *check);
void check_commands(ReportCheck *check);
void check_omissions(ReportCheck *check);
void check_fill_report(ReportCheck *check);

/* ---- for the steps ---- */

/* The class or model of that name, in any case; NULL: none. */
const OrmModel *check_model(const ReportCheck *check, Str name);

/* The words of pieces `first` to `end` that are prose, in lower case, one line each. */
Str check_prose(const ReportCheck *check, uint32_t first, uint32_t end);

/* Lowers a text; the check holds the result. */
LoweredFile *check_lower(ReportCheck *check, Str text, FileLanguage language);
/* Adds a statement of a code piece. */
CheckedStatement *check_add_statement(ReportCheck *check, uint32_t piece, Str sql,
                                      const Fragment *fragment, StatementUse use);
/* What the operations make may be named in the report, and is new. */
void check_propose(ReportCheck *check, const OperationVec *operations);
/* Marks a statement that does not apply, unless it only shows what is there. */
void check_settle_statement(ReportCheck *check, CheckedStatement *statement);
/* What a code piece is for, by the words before it. */
StatementUse check_use_of(const ReportCheck *check, uint32_t piece);
/* Equal for equal statements: without white space, comments of a line and the semicolon. */
Str statement_key(Arena *out, Str sql);
/* Its first line that is no comment, cut, as a code span. */
Str statement_title(Arena *out, Str sql);
/* Puts the statements into the order of the text, and finds those on tables that are new. */
void check_order_statements(ReportCheck *check);
/* What an operation names and nothing has, of what must be there; absent: nothing. */
Str operation_problem(const ReportCheck *check, const Operation *operation);
/* True for a text with something left out: "…", "<name>". */
bool text_is_abbreviated(Str text);

/* What the query names and nothing has: one phrase; absent: nothing. */
Str query_problem(ReportCheck *check, const Query *query);

#endif
