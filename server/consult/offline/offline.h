/* offline.h — what the parts of the offline consultant share while a report is made.
 *
 * Each section is one file; a section looks at the snapshot, adds item drafts, and gives
 * those that can be carried out step drafts. When all have spoken, consult.c drops what the
 * project's rules forbid, puts the steps in order, has each statement replayed, and writes
 * the report. An item without a place, a number or a name from this schema is a mistake.
 *
 * Everything is in two arenas: `out` (the report's) and `scratch` (gone when it is made). Texts
 * that end in the report are copied into `out`. One thread. */
#ifndef CONSULT_OFFLINE_OFFLINE_H
#define CONSULT_OFFLINE_OFFLINE_H

#include "consult/consult.h"

typedef Vec(const Finding *) FindingPointerVec;

typedef enum {
    SHAPE_ENTITY, /* nothing special */
    SHAPE_LINK,   /* joins others: foreign keys and little else */
    SHAPE_LOOKUP, /* small by nature: few columns, referenced, references nothing */
    SHAPE_EVENT,  /* by name and a timestamp: rows are added for ever */
} TableShape;

/* A base table and what the sections ask about it. */
typedef struct {
    const Table *table;
    Str key;   /* as in Finding.table */
    Str title; /* plain: "orders", "sales.orders" */
    Str code;  /* the same as a code span */
    bool is_consulted;
    TableShape shape;
    const Column *time;         /* of an event: the timestamp it is written with */
    const Assumption *assumed;  /* or NULL */
    FindingPointerVec findings; /* those about it that may be used */
    ColumnVec planned_key;      /* the key that the roadmap gives it; empty: none */
    struct StepDraft *key_step; /* the step that does */
} TableFacts;
typedef Vec(TableFacts *) TableFactsVec;

/* One table in one query that is run again and again. */
typedef struct {
    const Query *query;
    const TableFacts *table;
    ColumnVec equal;           /* filtered by equality or IN, or joined by */
    ColumnVec ranged;          /* filtered by < > BETWEEN, LIKE 'x%' */
    ColumnVec ordered;         /* ORDER BY, where all of it is this table's */
    Vec(SortOrder) directions; /* parallel to `ordered` */
    ColumnVec wrapped;         /* inside a function: lower(email) */
    ColumnVec pattern;         /* LIKE '%x%' and other searches */
    bool has_limit, is_from_policy;
    bool is_joined; /* `equal` is what other tables of the query join by */
    Place place;    /* the query, or the policy */
} Access;
typedef Vec(Access) AccessVec;

/* What a step is about: the order of the roadmap, first to last. */
typedef enum {
    CLASS_SECURITY,   /* who may see what */
    CLASS_KEY,        /* rows that can be told apart */
    CLASS_TYPE,       /* types: before the indexes on them are built */
    CLASS_CONSTRAINT, /* what must hold */
    CLASS_INDEX,
    CLASS_DROP, /* what another step has made redundant */
} StepClass;

typedef struct {
    Str sql;
    bool outside_transaction;
    FindingPointerVec answers;
} StatementDraft;

typedef struct StepDraft {
    StepClass kind;
    Priority priority;
    Str title;
    Vec(StatementDraft) statements;
    Str action;
    Str verify, undo, risk;
    StrVec tables;
    uint32_t number; /* set when the roadmap is made; 0: left out */
} StepDraft;
typedef Vec(StepDraft *) StepDraftVec;

typedef struct {
    SectionKind section;
    Item item;
    Str topics; /* more words that a rule of the project may forbid it by */
    StepDraftVec steps;
} ItemDraft;
typedef Vec(ItemDraft *) ItemDraftVec;

typedef struct {
    ItemDraft *item;
    const Finding *finding;
} TypeChange;
typedef Vec(TypeChange) TypeChangeVec;

/* What a rule of the project kept out of the report. */
typedef struct {
    const Directive *by;
    Str what; /* "item …", "finding …" */
    uint32_t times;
} Withheld;

typedef struct {
    Arena *out;
    Arena *scratch;
    const Consultation *input;
    const Snapshot *snapshot;
    const Schema *schema;
    Report *report;
    TableFactsVec tables; /* base tables in the order of their creation; partitions are not in it */
    StrMap by_key;        /* Finding.table -> TableFacts */
    StrMap by_pointer;    /* the bytes of a Table pointer -> TableFacts */
    uint32_t n_consulted;
    bool is_one_schema;         /* all tables: titles go without it */
    FindingPointerVec findings; /* of the scope, and not forbidden */
    StrMap by_rule;             /* rule -> FindingPointerVec, as far as asked for */
    AccessVec accesses;
    uint32_t n_queries; /* known queries of the scope that run again and again */
    ItemDraftVec items;
    StepDraftVec steps;
    TypeChangeVec type_changes;
    Vec(const Column *) lowered; /* the roadmap indexes lower() of them */
    Vec(Withheld) withheld;
} Offline;

/* ---- the sections, in the order in which they speak ---- */

void offline_collect(Offline *o);         /* tables, findings, accesses */
void offline_collect_queries(Offline *o); /* accesses of live queries; their tables are consulted */
void offline_collect_policies(Offline *o); /* accesses of policies */
void offline_data_model(Offline *o);       /* 2 */
void offline_models(Offline *o);           /* of 2, 3 and 5 */
void offline_drift(Offline *o);            /* of 5: before the roadmap, which takes its steps */
void offline_performance(Offline *o);      /* 3 */
void offline_scaling(Offline *o);          /* 4 */
void offline_migration(Offline *o);        /* 5 */
void offline_backup(Offline *o);           /* 7 */
void offline_technology(Offline *o);       /* 8 */
void offline_current_state(Offline *o);    /* 1: knows what the others found */
void offline_assessment(Offline *o);
void offline_roadmap(Offline *o); /* 6: orders and checks the steps */

/* ---- items ---- */

/* A new item; `title` absent and PRIORITY_NONE: a remark. */
ItemDraft *item_new(Offline *o, SectionKind section, Priority priority, Str title);
/* Adds a sentence (with its full stop) to the body. */
void item_say(Offline *o, ItemDraft *draft, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Rests on the place: its file and line are cited. Unset places are left out. */
void item_cite(Offline *o, ItemDraft *draft, Place place);
void item_cite_finding(Offline *o, ItemDraft *draft, const Finding *finding);
void item_about(Offline *o, ItemDraft *draft, const TableFacts *facts);

/* ---- steps ---- */

StepDraft *step_new(Offline *o, ItemDraft *item, StepClass kind, Str title);
/* Adds a statement; `finding` (or NULL) is what it answers. */
StatementDraft *step_run(Offline *o, StepDraft *step, Str sql, bool outside_transaction,
                         const Finding *finding);
/* Carries out a finding's remedies: all of them, with their verify, undo and risk. */
void step_apply(Offline *o, StepDraft *step, const Finding *finding);
void step_about(Offline *o, StepDraft *step, const TableFacts *facts);

/* A change of a column's type, to be carried out with all others of its table in one rewrite. */
void type_change_add(Offline *o, ItemDraft *item, const Finding *finding);
/* Makes the steps of all type changes: one statement for each table. */
void type_change_steps(Offline *o);

/* ---- looking things up ---- */

const TableFacts *facts_of(const Offline *o, const Table *table);
const TableFacts *facts_of_key(const Offline *o, Str key);
/* The table of a key as a code span, also where it is a partition; absent for an absent key. */
Str code_of_key(Offline *o, Str key);
/* "orders", "sales.orders" where tables are in several schemas. */
Str title_of(const Offline *o, const Table *table);
/* "path:line", and the reference noted in the assessment or item that holds it. */
bool offline_reference(Offline *o, Place place, Reference *reference);
/* True where the place is in what was selected; always for a whole database, never for a table. */
bool place_in_scope(const Offline *o, Place place);
/* A path of the project as the reader knows it. */
Str shown_path(Offline *o, Str path);
/* A shown path as prose, without the folder that the report names in its head. */
Str short_path(Offline *o, Str path);
/* "path:line" as prose. */
Str cited_place(Offline *o, Place place);
/* The findings of a rule, in the scope; only after offline_collect. */
FindingPointerVec findings_of(Offline *o, const char *rule);
uint32_t count_sources(const Offline *o, SourceRole role);
bool is_migration_source(const Offline *o, uint32_t source);

/* Notes that a rule of the project withheld a thing, named by a phrase. */
void withhold(Offline *o, const Directive *by, Str what);

/* ---- words ---- */

/* A column as a code span: `orders.total`. */
Str column_code(Offline *o, const Column *column);
/* "`a`, `b` and 3 more": at most `shown`. */
Str list_codes(Offline *o, const StrVec *names, uint32_t shown);
/* "a and b for c; d for e": for phrases that are lists themselves. */
Str list_phrases(Offline *o, const StrVec *phrases, uint32_t shown);
/* "1 table", "2 tables": `plural` NULL adds an s. */
Str count_of(Offline *o, uint64_t n, const char *singular, const char *plural);
/* "`a`, `b` and 3 more tables": those consulted. */
Str consulted_tables(Offline *o);
Str these_tables(Offline *o); /* "this table", "these 12 tables" */
/* "`a` and 3 other keys"; one alone: "`a`". */
Str first_and_others(Offline *o, const StrVec *names, const char *others);
/* A text with each {} replaced by `names` and each {n} by `n`. */
Str fill(Offline *o, const char *text, Str names, uint32_t n);
/* A finding's message as Markdown, with a full stop. */
Str message_of(Offline *o, const Finding *finding);
/* "1.2 GB", "60 MB". */
Str size_text(Arena *out, uint64_t bytes);
/* "1 M", "300 k", "12". */
Str number_text(Arena *out, uint64_t n);
/* The words of an identifier, lower case: "createdAt" -> created, at. */
StrVec name_words(Arena *out, Str name);
bool has_word(const StrVec *words, const char *word);

#endif
