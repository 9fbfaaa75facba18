#include "cli/schema.h"

#include <stdlib.h>

#include "model/print_mermaid.h"
#include "model/print_sql.h"

static int compare_tables(const void *left, const void *right)
{
    const Table *a = *(Table *const *)left, *b = *(Table *const *)right;
    int order = str_compare(a->schema, b->schema);
    return order ? order : str_compare(a->name.text, b->name.text);
}

TableVec schema_tables(Arena *out, const Schema *schema)
{
    TableVec tables = {0};
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        Table *table = e->value;
        if (!table->is_temporary)
            VEC_PUSH(out, &tables, table);
    }
    if (tables.n)
        qsort(tables.items, tables.n, sizeof(Table *), compare_tables);
    return tables;
}

bool schema_place(Workspace *workspace, const LoadedDatabase *database, Place place, Str *file,
                  uint32_t *line)
{
    Location location;
    if (!snapshot_locate(database->snapshot, place, &location))
        return false;
    const Source *source = &database->snapshot->sources.items[location.source];
    *file = workspace_show(workspace, database->project, source->path);
    *line = text_line_at(source->file->text, location.range.start) + 1;
    return true;
}

/* SQL and diagrams are of one database each: a comment says which. */
static void print_heading(Buf *out, const Workspace *workspace, const LoadedDatabase *database,
                          const char *comment)
{
    if (workspace->databases.n > 1)
        buf_format(out, "%s" STR_FMT " (" STR_FMT ")\n", comment, STR_ARG(database->about->name),
                   STR_ARG(dialect_name(database->about->dialect)));
}

void schema_print(Buf *out, Workspace *workspace, Str format, bool colour)
{
    if (str_equal(format, STR("json"))) {
        schema_print_json(out, workspace);
        return;
    }
    for (uint32_t i = 0; i < workspace->databases.n; i++) {
        const LoadedDatabase *database = &workspace->databases.items[i];
        const Schema *schema = database->snapshot->database.schema;
        if (i > 0)
            buf_add_char(out, '\n');
        if (str_equal(format, STR("sql"))) {
            print_heading(out, workspace, database, "-- ");
            print_sql(out, schema, &workspace->arena);
        } else if (str_equal(format, STR("mermaid"))) {
            print_heading(out, workspace, database, "%% ");
            print_mermaid(out, schema, NULL, 0, MERMAID_ALL_COLUMNS);
        } else {
            schema_print_text(out, workspace, database, colour);
        }
    }
}

static int run(const Arguments *arguments)
{
    WorkspaceRequest request = {.paths = arguments->operands.items,
                                .n_paths = arguments->operands.n};
    Workspace workspace;
    Error err = {0};
    int status;
    if (workspace_load(&workspace, &request, &err)) {
        Buf out = buf_with_max(OUTPUT_MAX_BYTES);
        schema_print(&out, &workspace, argument(arguments, "--format"), output_has_colour());
        status = output_print(&out, workspace.is_incomplete ? EXIT_TROUBLE : EXIT_FINE);
        buf_free(&out);
    } else {
        status = command_fail("%s", err.text);
    }
    workspace_free(&workspace);
    return status;
}

static const CommandOption options[] = {
    {.name = "--format",
     .value = "FORMAT",
     .choices = "text json sql mermaid",
     .fallback = "text",
     .help = "how to print"},
};

extern const Command command_schema;
const Command command_schema = {
    .name = "schema",
    .operands = "[PATH...]",
    .summary = "Print the schema that the files make.",
    .about = "Migrations are replayed in the order in which their tool runs them.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
