/* reserved_words.h — the words that each dialect does not take as a bare name. */
#ifndef MODEL_RESERVED_WORDS_H
#define MODEL_RESERVED_WORDS_H

#include <stdbool.h>

#include "base/str.h"
#include "text/dialect.h"

/* Whatever its case. */
bool reserved_word_is(Dialect dialect, Str word);

#endif
