/* print_mermaid.h — tables as a Mermaid erDiagram. */
#ifndef MODEL_PRINT_MERMAID_H
#define MODEL_PRINT_MERMAID_H

#include "base/buf.h"
#include "model/schema.h"

typedef enum {
    MERMAID_RELATIONS_ONLY, /* tables without their columns */
    MERMAID_KEYS,           /* primary and foreign key columns */
    MERMAID_ALL_COLUMNS,
} MermaidDetail;

/* Writes "erDiagram" and what follows, for the given tables (NULL: every base table) and the
 * foreign keys between them. Ends with a line break. */
void print_mermaid(Buf *out, const Schema *schema, const Table *const *tables, uint32_t n_tables,
                   MermaidDetail detail);

#endif
