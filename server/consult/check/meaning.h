/* meaning.h — whether a word in a report is meant as a name of this database.
 *
 * By the words around it: "the table `x`", "`x` has no primary key", "index on `x`". And whether it
 * is meant as something to be made: "add a column `x`". Where neither is plain, nothing is said of
 * the word. Texts are lower case. */
#ifndef CONSULT_CHECK_MEANING_H
#define CONSULT_CHECK_MEANING_H

#include "base/str.h"

typedef enum {
    MEANS_NOTHING, /* known of it */
    MEANS_TABLE,
    MEANS_COLUMN,
    MEANS_THING, /* an index, a constraint, an enum: something of the schema */
} Meaning;

/* What the text right before, and right behind a name says that it is. */
Meaning meaning_before(Str text);
Meaning meaning_behind(Str text);
/* A name between two such texts is one of a list with the name before or behind it. */
bool meaning_is_list(Str between);
/* What the header of a table's column says of its cells. */
Meaning meaning_of_header(Str title);

/* True where the clause before a name speaks of making it, or of what is not there; of what may be,
 * too, unless `is_plain`: the name itself says that it is meant to be there. */
bool meaning_is_made(Str clause, Str behind, bool is_plain);
/* The beginning of the clause that ends at the end of the text. */
uint32_t meaning_clause_start(Str text);

#endif
