/* hover.h — what a hover says: a Markdown text, or plain where the client shows no Markdown. */
#ifndef LSP_HOVER_H
#define LSP_HOVER_H

#include "engine/occurrences.h"
#include "lsp/views.h"

typedef struct {
    Server *server;
    const DocumentView *view;
    Buf *out;
    bool is_markdown;
} Hover;

/* What follows stands in a new line. */
void hover_line(Hover *hover);
/* A name from the user's schema: a code span, whatever is in it. */
void hover_name(Hover *hover, Str name);
void hover_strong(Hover *hover, Str name);
/* Text in which nothing is markup. */
void hover_prose(Hover *hover, Str text);
void hover_emphasis(Hover *hover, Str text);
/* "file.sql:12" of a place; nothing where it has none. */
void hover_cite(Hover *hover, Place place);

/* hover_table.c */
void hover_table(Hover *hover, const Table *table);
void hover_column(Hover *hover, const Table *table, const Column *column);
/* A line with the key, seen from the table that has it, or from the one it points at. */
void hover_foreign_key(Hover *hover, const ForeignKey *key, bool is_own);

/* hover_sides.c: how the two sides of the database differ in it; nothing where they do not. */
void hover_sides(Hover *hover, const Subject *subject);

/* hover_model.c: the models and fields behind a table or column; nothing where there are none. */
void hover_model(Hover *hover, const Subject *subject);
/* A relation: to what, and by which key. */
void hover_relation(Hover *hover, const Thing *thing);

#endif
