/* redact.h — what must not leave the machine, or be shown: secrets, and characters that hide.
 *
 * Applied to everything that a model is given (the brief, what tools return) and to texts of
 * servers that are shown. By shape, not by knowledge: a secret that looks like a word passes.
 * Pure, linear in the text. */
#ifndef CONSULT_REDACT_H
#define CONSULT_REDACT_H

#include "base/str.h"

/* The text with secrets replaced by "[redacted]": credentials in URLs, PASSWORD '…', values of keys
 * named password, secret, token or api_key, keys of known services, JSON Web Tokens, PEM
 * private keys. The text itself where there is none. */
Str redact(Arena *out, Str text);

/* The text without control characters (line ends and tabs stay), terminal escapes, bidirectional
 * controls, zero-width characters and tags; malformed bytes become U+FFFD. */
Str plain_text(Arena *out, Str text);

#endif
