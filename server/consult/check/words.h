/* words.h — words and phrases in the texts of a report. Pure. Private to this folder. */
#ifndef CONSULT_CHECK_WORDS_H
#define CONSULT_CHECK_WORDS_H

#include "base/str.h"

/* A letter (ASCII), a digit or an underscore. */
bool is_word_byte(char c);

/* Calls `visit` for each word ([A-Za-z_][A-Za-z0-9_$]*) in the text. */
typedef void WordVisitor(void *context, Str word);
void words_visit(Str text, WordVisitor *visit, void *context);

/* True where the word stands in the text, with neither a letter nor an underscore beside it. Both
 * in the same case; the word is not empty. */
bool text_has_word(Str text, Str word);

/* True where one of the words or phrases stands in the text; both in lower case. */
bool text_has_any(Str lower, const char *const *phrases, size_t n_phrases);
#define HAS_ANY(lower, phrases)                                                                    \
    text_has_any((lower), (phrases), sizeof(phrases) / sizeof *(phrases))

/* At most `reach` bytes before `at`, behind the last of the bytes in `ends`. */
Str text_clause_before(Str text, uint32_t at, uint32_t reach, const char *ends);

#endif
