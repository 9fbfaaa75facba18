/* shapes.h — what a word can be by its shape alone: table.column, a list in parentheses, a file, a
 * word of SQL or of an ORM. Pure. */
#ifndef CONSULT_CHECK_SHAPES_H
#define CONSULT_CHECK_SHAPES_H

#include "model/type.h"

/* Up to three identifiers with dots between them. */
typedef struct {
    Str parts[3];
    uint32_t n, end;
} Dotted;

/* Reads one at the beginning of the text, quoted or not; false where there is none. */
bool shape_dotted(Str text, Dotted *dotted);

/* The next item of a list, by its commas; false at its end. *at begins with 0. */
bool shape_next_item(Str list, uint32_t *at, Str *item);
/* "placed_at DESC NULLS LAST": the column; absent where the item is an expression. */
Str shape_item_column(Str item);

/* "sql", "py", "com": what ends the name of a file or a host. */
bool shape_is_file_ending(Str word);
/* Without a lower-case letter. */
bool shape_is_shouted(Str word);
/* A word of SQL: a type, a method of indexes, a keyword. */
bool shape_is_language(Arena *scratch, Dialect dialect, Str word);
/* What an ORM puts on each of its classes. */
bool shape_is_of_every_class(Str word);

#endif
