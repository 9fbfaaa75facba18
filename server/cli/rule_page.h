/* rule_page.h — a rule's declaration as a page: everything is printed from the declaration. */
#ifndef CLI_RULE_PAGE_H
#define CLI_RULE_PAGE_H

#include "base/buf.h"
#include "rules/rule.h"

/* For a terminal. */
void rule_page_text(Buf *out, const Rule *rule, bool colour);
/* A section of a Markdown page. */
void rule_page_markdown(Buf *out, const Rule *rule);
/* The other names that it answers to, a space-separated list; NULL: none. */
const char *rule_aliases(const Rule *rule);
/* "postgresql, mysql". */
void rule_dialects(Buf *out, const Rule *rule);

#endif
