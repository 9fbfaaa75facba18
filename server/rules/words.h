/* words.h — the words of an identifier, for rules that go by names.
 *
 * "unitPrice", "UNIT_PRICE" and "unit price" are unit and price. Pure; results are in the
 * arena given. English only, and only as far as it is safe. */
#ifndef RULES_WORDS_H
#define RULES_WORDS_H

#include "base/vec.h"
#include "model/type.h"

/* Lower-case words, cut at _, space, - and where a capital follows a small letter. A number at
 * the end of a word stays with it. */
StrVec words_of(Arena *out, Str identifier);
/* True where one of them is in `list`, a space-separated list of words. */
bool words_have(const StrVec *words, const char *list);
bool word_is_in(Str word, const char *list);
/* "category" of "categories"; the word itself where it is no plural that we know. */
Str word_singular(Arena *out, Str word);
/* The words with the last one in the singular, joined by _: what a table's name and a reference
 * to it have in common. */
Str words_key(Arena *out, const StrVec *words);

#endif
