/* schema: the tables as all migrations leave them. */
#include "cli/schema.h"

#include "base/json.h"
#include "mcp/tools.h"
#include "model/print_sql.h"

static bool is_named(const Table *table, Str name)
{
    Str schema = table->schema;
    if (str_equal_ignore_case(table->name.text, name))
        return true;
    return name.length == schema.length + 1 + table->name.text.length &&
           str_equal_ignore_case(str_slice(name, 0, schema.length), schema) &&
           name.data[schema.length] == '.' &&
           str_equal_ignore_case(str_slice(name, schema.length + 1, name.length), table->name.text);
}

/* The tables of that name in every database, as SQL. */
static bool print_one(Workspace *workspace, Str name, Buf *out, Error *err)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < workspace->databases.n; i++) {
        const LoadedDatabase *loaded = &workspace->databases.items[i];
        const Schema *schema = loaded->snapshot->database.schema;
        TableVec tables = schema_tables(&workspace->arena, schema);
        for (uint32_t k = 0; k < tables.n; k++) {
            if (!is_named(tables.items[k], name))
                continue;
            n++;
            buf_format(out, "-- " STR_FMT " (" STR_FMT ")\n", STR_ARG(loaded->about->name),
                       STR_ARG(dialect_name(loaded->about->dialect)));
            print_sql_table(out, schema, tables.items[k], &workspace->arena);
            buf_add_char(out, '\n');
        }
    }
    return n > 0 || error_set(err, ERR_NOT_FOUND, "there is no table " STR_FMT,
                              STR_ARG(str_slice(name, 0, 300)));
}

static bool print_all(Workspace *workspace, Str format, ToolAnswer *answer, Error *err)
{
    if (str_is_absent(format))
        format = STR("text");
    bool is_json = str_equal(format, STR("json"));
    if (!is_json && !str_equal(format, STR("text")) && !str_equal(format, STR("sql")) &&
        !str_equal(format, STR("mermaid")))
        return error_set(err, ERR_FAILED, "format is text, sql, mermaid or json");
    schema_print(&answer->text, workspace, format, false);
    if (is_json) {
        Buf json = buf_with_max(ANSWER_MAX_JSON_BYTES);
        schema_print(&json, workspace, format, false);
        answer->structure = answer_structure(&json);
        buf_free(&json);
    }
    return true;
}

static bool run(const cJSON *arguments, ToolAnswer *answer, Error *err)
{
    Arena scratch = {0};
    Workspace workspace = {0};
    OperandVec paths = {0};
    Str format, table;
    bool is_good =
        answer_paths(&scratch, arguments, "paths", &paths, err) &&
        answer_word(&scratch, arguments, "format", &format, err) &&
        answer_word(&scratch, arguments, "table", &table, err) &&
        workspace_load(&workspace, &(WorkspaceRequest){.paths = paths.items, .n_paths = paths.n},
                       err);
    if (is_good && !str_is_absent(table))
        is_good = print_one(&workspace, table, &answer->text, err);
    else if (is_good)
        is_good = print_all(&workspace, format, answer, err);
    workspace_free(&workspace);
    arena_release(&scratch);
    return is_good;
}

const ServedTool tool_schema = {
    .name = "schema",
    .title = "Show the schema",
    .description =
        "The tables, columns, keys, indexes and policies that the project's migrations and models "
        "make, as they are after all of them: migrations are replayed in the order in which their "
        "tool runs them. Of one `table` the SQL that makes it again.",
    .input =
        "{\"type\":\"object\",\"properties\":{"
        "\"paths\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
        "\"description\":\"files and folders below the working folder; all of it without them\"},"
        "\"table\":{\"type\":\"string\",\"description\":\"only this one: a name, or schema.name\"},"
        "\"format\":{\"type\":\"string\",\"enum\":[\"text\",\"sql\",\"mermaid\",\"json\"],"
        "\"description\":\"text without it; a diagram with mermaid\"}},"
        "\"additionalProperties\":false}",
    .run = run,
};
