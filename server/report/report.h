/* report.h — a consultation's result as data: the Database Architecture Analysis Report.
 *
 * Plain data in one arena, independent of the analysis it was made from: it may be kept when
 * the snapshot is gone. Markdown (markdown.h) and JSON (json.h) are renderings of it. Texts
 * are Markdown; names from the user's schema are in code spans (report_code), so that a
 * hostile name is only text. The same input gives the same bytes. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "findings/finding.h"
#include "model/lock.h"

typedef enum { PRIORITY_NONE, PRIORITY_LOW, PRIORITY_MEDIUM, PRIORITY_HIGH } Priority;

/* A file and line that the report rests on, and the name that stands there. */
typedef struct {
    Str path;
    uint32_t line; /* 1-based */
    Str name;      /* a part of the line, as written */
    bool is_found; /* looked up: the line is there and holds the name */
} Reference;
typedef Vec(Reference) ReferenceVec;

/* A finding that something answers. */
typedef struct {
    Str rule, path;
    uint32_t line;
    bool is_gone; /* with the statements of the roadmap added as a migration */
    bool is_checked;
} Answer;
typedef Vec(Answer) AnswerVec;

typedef struct {
    Str rule, message;
    Severity severity;
} StatementFinding;
typedef Vec(StatementFinding) StatementFindingVec;

typedef struct {
    Str sql; /* with its semicolon */
    Dialect dialect;
    LockLevel lock;
    Str cost;                     /* lock and what it does meanwhile, one phrase */
    bool applies;                 /* after the schema and the statements before it */
    Str problem;                  /* why it does not, or absent */
    StatementFindingVec findings; /* what our own migration rules say of it */
    bool outside_transaction;     /* must not run inside one */
    AnswerVec answers;
} Statement;
typedef Vec(Statement) StatementVec;

typedef struct {
    uint32_t number; /* 1-based */
    Str title;       /* imperative */
    Priority priority;
    StatementVec statements;
    Str action;             /* what to do where no statement can say it; absent otherwise */
    Str verify, undo, risk; /* may be absent */
    StrVec tables;          /* keys "schema.name" of the tables it is about */
} Step;
typedef Vec(Step) StepVec;

typedef struct {
    Str title; /* may be absent: a remark */
    Str body;
    Priority priority;
    ReferenceVec evidence;
    Str rule;            /* of the findings it is made from, or absent */
    StrVec tables;       /* keys of the tables it is about */
    Vec(uint32_t) steps; /* the steps that carry it out */
} Item;
typedef Vec(Item) ItemVec;

typedef Vec(StrVec) RowVec;

typedef struct {
    Str caption; /* may be absent */
    StrVec header;
    RowVec rows;
} Grid;
typedef Vec(Grid) GridVec;

typedef struct {
    Str title;
    ItemVec items;
    GridVec grids;
    Str diagram; /* Mermaid, or absent */
    Str diagram_note;
} Section;

/* In the order of the report. */
typedef enum {
    SECTION_CURRENT_STATE,
    SECTION_DATA_MODEL,
    SECTION_PERFORMANCE,
    SECTION_SCALING,
    SECTION_MIGRATION,
    SECTION_ROADMAP,
    SECTION_BACKUP,
    SECTION_TECHNOLOGY,
} SectionKind;
enum { N_SECTIONS = 8 };

typedef enum {
    ASSESSMENT_SIZE,
    ASSESSMENT_SCOPE,
    ASSESSMENT_COMPLEXITY,
    ASSESSMENT_CONTEXT,
    ASSESSMENT_STAGE,
} AssessmentKind;
enum { N_ASSESSMENTS = 5 };

typedef struct {
    Str value, evidence;
    ReferenceVec references;
} Assessment;

typedef struct {
    Str path;
    uint32_t n_lines;
    Str sha256;
} ReportRules;

typedef struct {
    uint32_t n_references, n_references_found;
    uint32_t n_statements, n_statements_applying;
    uint32_t n_answers, n_answers_gone; /* findings that the roadmap is to make go away */
    LockLevel strongest_lock;
    StrVec strongest_steps; /* numbers of the steps that take it */
    /* Of a report that a model wrote: */
    uint32_t n_strongest; /* statements that take the strongest lock */
    uint32_t n_unchecked; /* statements that could not be replayed: abbreviated, another dialect */
    StrVec filled;        /* titles of the sections that the model left out */
    bool was_out_of_order;
} Checks;

/* What the check says of a place in a text that a model wrote. */
typedef struct {
    Str section; /* its title; absent: before the first one */
    Str about;   /* the name, link or statement; may be absent */
    Str reason;
} ReportMark;
typedef Vec(ReportMark) ReportMarkVec;

typedef struct {
    Arena *arena;
    Str scope;      /* what was consulted, one phrase */
    Str folder;     /* "db/migrations/": left out of the places in texts; empty: none */
    Str question;   /* as asked, or absent */
    Str consultant; /* "database-architect, offline" */
    Dialect dialect;
    Vec(ReportRules) rules; /* the project's rules that were read */
    StrVec rules_applied;   /* one line for each directive that changed something */
    Assessment assessment[N_ASSESSMENTS];
    Section sections[N_SECTIONS];
    StepVec roadmap;
    StrVec roadmap_notes; /* risks and tests beyond single steps */
    StrVec suggestions;   /* solely for humans */
    Checks checks;
    /* Of a report that a model wrote; absent where it was computed. The sections and the roadmap
     * are then what the text says, for those who read data. */
    Str text;              /* Markdown from the first section on, with the marks of its check */
    Str footer;            /* what the consultation took: one line or more of Markdown */
    ReportMarkVec marks;   /* all that are in the text, in its order */
    AnswerVec unmentioned; /* findings of weight that the text does not speak of */
} Report;

/* The eight headings, fixed. */
Str section_title(SectionKind kind);
/* "size", "scope", "complexity", "context", "stage". */
Str assessment_title(AssessmentKind kind);
/* "high", "medium", "low"; absent for none. */
Str priority_name(Priority priority);

/* A report with its headings and nothing else. */
Report *report_new(Arena *out);

/* Fills `checks` from what the report holds. */
void report_count(Report *report);

/* The items and steps about a table ("schema.name"), as a short Markdown text for a hover;
 * absent where the report says nothing of it. */
Str report_about(Arena *out, const Report *report, Str table);

/* ---- for those who write Markdown ---- */

/* `text` as a code span, whatever is in it. */
Str report_code(Arena *out, Str text);
/* `text` as prose in which nothing is markup or a link; code spans in it are kept. */
Str report_prose(Arena *out, Str text);
/* "a.sql:11, 13, b.sql:4", at most `shown` references, then "and 3 more". Paths are shown as
 * seen from `folder`, where they lie in it. */
Str report_cite(Arena *out, const ReferenceVec *references, Str folder, uint32_t shown);
/* What a statement costs on a running server, in a phrase: "ACCESS EXCLUSIVE, rewrites the table".
 * Lock levels are named where the dialect has them. */
Str report_cost(Arena *out, const OperationCost *cost, Dialect dialect);
/* The path without `folder`, where it lies in it. */
Str report_path(Str path, Str folder);

/* The sentence that closes each report. */
extern const char suggestions_sentence[];

#endif
