/* finding.h — what a rule found: pure data.
 *
 * Strings live in the arena of the snapshot. A rule fills the places; the engine fills the
 * locations, drops what is suppressed and sorts (document, position, rule). */
#ifndef FINDINGS_FINDING_H
#define FINDINGS_FINDING_H

#include <stdbool.h>

#include "base/vec.h"
#include "text/language.h"
#include "text/place.h"

typedef enum {
    SEVERITY_OFF,
    SEVERITY_HINT,    /* taste, or unproven */
    SEVERITY_INFO,    /* a better way exists */
    SEVERITY_WARNING, /* will hurt in production */
    SEVERITY_ERROR,   /* will fail or lose data */
} Severity;

/* "error", "warning", "info", "hint", "off". */
Str severity_name(Severity severity);
bool severity_from_name(Str name, Severity *severity);

typedef struct {
    Place place; /* empty range: an insertion */
    Location location;
    Str text;
} TextEdit;
typedef Vec(TextEdit) TextEditVec;

typedef struct {
    Str title; /* imperative: "Build the index concurrently" */
    TextEditVec edits;
    FileLanguage language; /* of the text that it writes: it is for such files only */
    bool is_preferred;
} Fix;
typedef Vec(Fix) FixVec;

typedef struct {
    Place place;
    Location location;
    Str message;
} Related;
typedef Vec(Related) RelatedVec;

/* A statement to run on the database, as a later migration, that answers the finding. */
typedef struct {
    Str title;                /* imperative */
    Str sql;                  /* with its semicolon */
    Str verify;               /* how to see that it worked; may be absent */
    Str undo;                 /* SQL or a phrase; may be absent */
    Str risk;                 /* what can go wrong, naming the objects; may be absent */
    bool outside_transaction; /* must not run inside one (CONCURRENTLY) */
} Remedy;
typedef Vec(Remedy) RemedyVec;

typedef struct Finding {
    Str rule;  /* id */
    Str group; /* "migration", "design", … */
    Severity severity;
    Place place;
    Place twin; /* the same on the database's other side, whose suppressions count too; or unset */
    Location location;
    Str message; /* one sentence, no full stop, the user's own identifiers */
    Str table;   /* "schema.name" key of the table it is about, or absent */
    Str column;  /* the column it is about, or absent */
    RelatedVec related;
    FixVec fixes;
    RemedyVec remedies; /* in the order to run */
    bool is_repeated;   /* like the one before but for its table: a mixin's column is many tables'.
                         * Not shown; the one before says how many there are */
} Finding;
typedef Vec(Finding) FindingVec;

#endif
