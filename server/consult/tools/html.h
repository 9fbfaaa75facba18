/* html.h — a web page as Markdown-like text for a model to read: headings, lists, links, code,
 * tables.
 *
 * Not a browser: no styles, no scripts, tags read as they stand. Any bytes give a text; linear. */
#ifndef CONSULT_TOOLS_HTML_H
#define CONSULT_TOOLS_HTML_H

#include "base/str.h"

/* Links are written out in full, as seen from `base`. */
Str html_text(Arena *out, Str html, Str base);

#endif
