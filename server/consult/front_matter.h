/* front_matter.h — the YAML head of a Markdown file: top-level keys with scalar or list values.
 *
 * Strict YAML first; where that fails, a line scanner takes each `key: rest of line` as it
 * stands, because many real agent files have an unquoted colon in their description. Nested
 * mappings are skipped. Never fails: what was wrong is in `problem`. Everything returned is
 * in the arena or in the text given. */
#ifndef CONSULT_FRONT_MATTER_H
#define CONSULT_FRONT_MATTER_H

#include "base/str.h"
#include "model/type.h" /* StrVec */

enum {
    FRONT_MATTER_MAX_BYTES = 256 * 1024, /* of the whole file */
    FRONT_MATTER_MAX_DEPTH = 8,          /* of nested lists and mappings */
    FRONT_MATTER_MAX_KEYS = 256,
};

typedef struct {
    Str key;
    Str value;   /* of a scalar */
    StrVec list; /* of a list's scalars */
    bool is_list;
    uint32_t line; /* 1-based in the file */
} FrontMatterEntry;
typedef Vec(FrontMatterEntry) FrontMatterEntryVec;

typedef struct {
    bool is_present; /* the file starts with --- and has an end */
    bool is_lenient; /* strict YAML failed: entries are the scanner's */
    FrontMatterEntryVec entries;
    Str head; /* the YAML between the two ---, as written */
    Str body;
    Str problem; /* one sentence, or absent */
    uint32_t problem_line;
} FrontMatter;

FrontMatter front_matter_parse(Arena *out, Str text);
/* NULL where the key is not there; the first of doubled keys. */
const FrontMatterEntry *front_matter_entry(const FrontMatter *matter, const char *key);
/* A list, or a scalar's comma-separated items; empty where there is neither. */
StrVec front_matter_list(Arena *out, const FrontMatter *matter, const char *key);

#endif
