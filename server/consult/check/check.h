/* check.h — what a model wrote, held against the database before anybody sees it.
 *
 * Each name of a table, column, index, enum or place is looked up; each statement is replayed on
 * the schema in the report's order, judged by the migration rules, and its lock compared with what
 * the report says; snippets of Prisma and Python are read by their frontends. What fails is marked
 * where it stands; nothing in the text stays active (document.h). Precision before all: what is
 * perhaps not meant as a name of this schema is not marked.
 *
 * No network. Reads files of the project only to see whether a cited line exists. Any thread. */
#ifndef CONSULT_CHECK_CHECK_H
#define CONSULT_CHECK_CHECK_H

#include "consult/consult.h"
#include "project/project.h"

typedef struct {
    const Consultation *consultation;
    const Report *offline; /* the computed report: its head, and what fills missing sections */
    Str text;              /* Markdown, as the model wrote it */
    Str folder; /* absolute: where cited files lie; absent: the sources alone are known */
    const OpenTextVec *open; /* unsaved texts of files; may be NULL */
} CheckInput;

typedef struct {
    Report *report;  /* whole: all eight sections, with marks; `text` is set */
    StrVec problems; /* what the model is asked to correct, one sentence each; empty: nothing */
    /* The sections that `problems` are about, for a shorter question. */
    bool is_wrong[N_SECTIONS];
} CheckResult;

/* The result lives in `out` and needs nothing of the input. */
CheckResult check_report(Arena *out, const CheckInput *input);

/* The model's text with the sections of `correction` in place of its own: what comes of asking the
 * model to write some of them again. */
Str check_merge(Arena *out, Str text, Str correction);

#endif
