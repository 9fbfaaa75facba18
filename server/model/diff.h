/* diff.h — the differences of two schemas, as data.
 *
 * `from` is what there is (the migrated side), `to` what is meant (the declared side): MISSING is
 * in `to` only, EXTRA in `from` only. Compared is what a database does, not how it was written:
 * keys, indexes and foreign keys by shape and not by name, defaults by value, a unique constraint
 * and a unique index alike. What cannot be compared for sure (expressions that the two sides wrote
 * differently, columns of unknown type, views) is left out. Pure; linear but for the parts of one
 * table, of which there is a maximum. */
#ifndef MODEL_DIFF_H
#define MODEL_DIFF_H

#include "model/schema.h"

typedef enum {
    DIFFERENCE_TABLE,
    DIFFERENCE_COLUMN,
    DIFFERENCE_TYPE, /* of a column: also its length and precision */
    DIFFERENCE_NULLABILITY,
    DIFFERENCE_DEFAULT,
    DIFFERENCE_PRIMARY_KEY,
    DIFFERENCE_UNIQUE, /* a unique constraint or a whole unique index */
    DIFFERENCE_INDEX,
    DIFFERENCE_FOREIGN_KEY,
    DIFFERENCE_ACTIONS, /* ON DELETE or ON UPDATE of a foreign key that both have */
    DIFFERENCE_CHECK,
    DIFFERENCE_ENUM,
    DIFFERENCE_ENUM_VALUE,
} DifferenceKind;

typedef enum { DIFFERENCE_MISSING, DIFFERENCE_EXTRA, DIFFERENCE_CHANGED } DifferenceWay;

/* What is not on a side, or has nothing to do with the kind, is NULL. */
typedef struct {
    const Table *table;
    const Column *column;
    const Key *key; /* a primary key; a unique one may be in `index` instead */
    const Index *index;
    const ForeignKey *foreign_key;
    const Check *check;
    const Type *type;
    Name label; /* of an enum */
} DifferencePart;

typedef struct {
    DifferenceKind kind;
    DifferenceWay way;
    DifferencePart from, to;
} Difference;
typedef Vec(Difference) DifferenceVec;

/* By table in the order of `to`, then what only `from` has. Tables that both have are in both
 * parts, also where only something in them is missing. */
DifferenceVec schema_diff(Arena *out, const Schema *from, const Schema *to);

/* True where the database numbers the rows: serial, identity, AUTO_INCREMENT, a sequence. */
bool column_is_numbered(const Column *column);

/* True where both columns have the same default, however it is written, and where that cannot be
 * told. */
bool column_same_default(const Column *a, const Column *b);

#endif
