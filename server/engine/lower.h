/* lower.h — one document's text as fragments, reusing what did not change.
 *
 * Pure: the same text and dialect give the same operations. Any thread. */
#ifndef ENGINE_LOWER_H
#define ENGINE_LOWER_H

#include "model/fragment.h"
#include "text/language.h"
#include "text/text.h"

typedef struct {
    Fragment *fragment;
    uint32_t start; /* byte offset in the document */
} PlacedFragment;
typedef Vec(PlacedFragment) PlacedFragmentVec;

/* A comment that switches rules off. */
typedef struct {
    Range comment;
    Range lines;  /* the bytes it covers; the whole document for a file suppression */
    StrVec rules; /* ids as written */
    Range rules_range;
    Str reason; /* may be empty */
    bool is_file, is_squawk;
} Suppression;
typedef Vec(Suppression) SuppressionVec;

typedef struct {
    Str rule; /* "invalid-utf8", "binary-file" */
    Str message;
    Range range;
} FileProblem;
typedef Vec(FileProblem) FileProblemVec;

/* Immutable, counted by reference. */
typedef struct LoweredFile LoweredFile;
struct LoweredFile {
    Arena arena;
    Text *text; /* held */
    FileLanguage language;
    Dialect dialect;
    PlacedFragmentVec fragments; /* in text order; each holds one reference */
    SuppressionVec suppressions;
    FileProblemVec problems;
    uint32_t n_reused;   /* fragments taken from `previous` */
    bool is_split_local; /* SQL: a change is split again without the rest (SplitResult) */
    _Atomic unsigned references;
};

/* Lowers `text`: an SQL file to one fragment for each statement, taking equal ones from `previous`
 * (NULL: none); a model or program file to one fragment, read but not linked. Keeps a reference to
 * `text`. Binary text gives no fragments and a problem. */
LoweredFile *lower_file(Text *text, FileLanguage language, Dialect dialect,
                        const LoweredFile *previous);
LoweredFile *lowered_file_retain(LoweredFile *file);
void lowered_file_release(LoweredFile *file);

#endif
