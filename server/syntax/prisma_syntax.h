/* prisma_syntax.h — a Prisma schema as blocks with their entries.
 *
 * The parser is our own and follows the language, which is one of lines: what is wrong in a line
 * costs that line, or what is behind the mistake in it, and a block that is not closed ends where
 * the next begins. Everything has its range in the text. Never fails; linear in the text.
 * Plain immutable data in the arena given. Texts point into the source, or into that arena.
 * Not here: what a name means (frontends/prisma). */
#ifndef SYNTAX_PRISMA_SYNTAX_H
#define SYNTAX_PRISMA_SYNTAX_H

#include "base/str.h"
#include "base/vec.h"
#include "text/range.h"

typedef struct PrismaValue PrismaValue;

/* Something that was written, without its quotes; absent where it was not. */
typedef struct {
    Str text;
    Range range;
} PrismaWord;

typedef struct {
    PrismaWord label; /* of a named argument; absent otherwise */
    const PrismaValue *value;
} PrismaArgument;
typedef Vec(PrismaArgument) PrismaArgumentVec;

typedef enum {
    PRISMA_STRING,
    PRISMA_NUMBER,
    PRISMA_NAME,   /* true, null, a constant, a field; dotted ones too */
    PRISMA_CALL,   /* now(), env("X"), and a field with its options: name(sort: Desc) */
    PRISMA_ARRAY,  /* its items are arguments without labels */
    PRISMA_OBJECT, /* { field: value }: its fields are arguments with labels */
} PrismaValueKind;

struct PrismaValue {
    PrismaValueKind kind;
    Str text; /* a string's value; a name or number as written; a call's function */
    PrismaArgumentVec arguments;
    Range range;
};

typedef struct {
    PrismaWord name; /* without @: "id", "db.VarChar" */
    PrismaArgumentVec arguments;
    Range range;
} PrismaAttribute;
typedef Vec(PrismaAttribute) PrismaAttributeVec;

typedef enum {
    PRISMA_FIELD,           /* of a model, view or type; a value of an enum */
    PRISMA_PROPERTY,        /* key = value */
    PRISMA_BLOCK_ATTRIBUTE, /* @@id([…]): its one attribute */
} PrismaEntryKind;

typedef struct {
    PrismaEntryKind kind;
    PrismaWord name;
    PrismaWord type;               /* a field's; absent for an enum's value and while being typed */
    PrismaWord unsupported;        /* Unsupported("…"): what it says; `type` is the whole */
    bool is_optional, is_list;     /* ? and [] */
    PrismaAttributeVec attributes; /* of a field; the one of a block attribute */
    const PrismaValue *value;      /* a property's, or NULL */
    Str documentation;             /* its comments' lines, joined; absent where there are none */
    Range range;                   /* without comments */
} PrismaEntry;
typedef Vec(PrismaEntry) PrismaEntryVec;

typedef enum {
    PRISMA_DATASOURCE,
    PRISMA_GENERATOR,
    PRISMA_MODEL,
    PRISMA_VIEW,
    PRISMA_ENUM,
    PRISMA_TYPE,
} PrismaBlockKind;

typedef struct {
    PrismaBlockKind kind;
    PrismaWord name;
    PrismaEntryVec entries;
    Str documentation;
    Range range; /* from the keyword to the brace, or to the last entry where it is missing */
    bool is_closed;
    uint32_t insert_at; /* where "\n", an indent and a line can be added at the body's end */
    Str indent;         /* of the last entry, else of the block and two spaces more */
} PrismaBlock;
typedef Vec(PrismaBlock) PrismaBlockVec;

typedef struct {
    PrismaBlockVec blocks; /* in the order of the text */
} PrismaSyntax;

/* `text` must outlive the result; `scratch` need not. */
PrismaSyntax prisma_parse(Arena *out, Arena *scratch, Str text);

/* The argument with that label, else (`position` not UINT32_MAX) the one without a label at that
 * position among those without; NULL where there is none. */
const PrismaValue *prisma_argument(const PrismaArgumentVec *arguments, Str label,
                                   uint32_t position);
/* The first with that name; NULL where there is none. */
const PrismaAttribute *prisma_attribute(const PrismaEntry *entry, Str name);
const PrismaEntry *prisma_property(const PrismaBlock *block, Str name);

#endif
