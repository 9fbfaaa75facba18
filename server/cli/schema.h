/* schema.h — what `lintel schema` prints. For cli/ and mcp/. */
#ifndef CLI_SCHEMA_H
#define CLI_SCHEMA_H

#include "cli/json_out.h"
#include "cli/output.h"
#include "cli/workspace.h"

/* Tables that are printed: all but temporary ones, by schema and name. */
TableVec schema_tables(Arena *out, const Schema *schema);

/* file and line of a place; false where it has none. */
bool schema_place(Workspace *workspace, const LoadedDatabase *database, Place place, Str *file,
                  uint32_t *line);

/* In one of the command's formats, "text", "json", "sql" or "mermaid". */
void schema_print(Buf *out, Workspace *workspace, Str format, bool colour);
void schema_print_text(Buf *out, Workspace *workspace, const LoadedDatabase *database, bool colour);
void schema_print_json(Buf *out, Workspace *workspace);

#endif
