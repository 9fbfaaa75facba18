/* sql.h — one SQL statement to operations and queries.
 *
 * Pure: the same text and dialect give the same fragment. The parser belongs to the calling
 * thread; the fragment may be shared. Never fails: what is not understood becomes
 * OP_UNKNOWN or OP_OPAQUE, and what is whole in a broken statement is kept.
 * Not here: cutting a file into statements (syntax/sql_split.h), judging what is declared. */
#ifndef FRONTENDS_SQL_SQL_H
#define FRONTENDS_SQL_SQL_H

#include "model/fragment.h"
#include "syntax/parser.h"

/* Lowers one piece of sql_split, given without its terminator. The result has one
 * reference, the caller's. Uses and resets the parser's scratch arena. */
Fragment *sql_lower(Parser *parser, Str text, Dialect dialect);

/* Lowers an expression that stands within another language's text at `base` in `fragment`, or,
 * where what is written there has escapes, its value (then its places only stand near). In the
 * fragment's arena, its places in the fragment; NULL where the text is none. Resets the parser's
 * scratch. */
const Expression *sql_expression(Parser *parser, Fragment *fragment, Str text, uint32_t base,
                                 Dialect dialect);

/* Lowers one statement that stands within another language's text at `base` in `fragment`; `text`
 * lives as long as the fragment. Adds to its operations and queries. Resets the parser's scratch.
 */
void sql_lower_within(Parser *parser, Fragment *fragment, Str text, uint32_t base, Dialect dialect);

/* The same of a statement that a program sends: adds to its queries only. */
void sql_lower_program_query(Parser *parser, Fragment *fragment, Str text, uint32_t base,
                             Dialect dialect);

/* CURRENT_TIMESTAMP, now and their kin, in any case: whose calls are EXPRESSION_CURRENT. */
bool sql_is_current_value(Str function);

#endif
