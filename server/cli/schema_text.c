/* A schema for people: one block for each table, columns in aligned lines. */
#include "base/utf8.h"
#include "cli/schema.h"

enum { MAX_NAME_WIDTH = 32, MAX_TYPE_WIDTH = 32 };

/* Left-aligned in `width` code points. */
static void add_padded(Buf *out, Str text, uint32_t width)
{
    buf_add(out, text);
    for (uint32_t n = utf8_count(text); n < width; n++)
        buf_add_char(out, ' ');
}

static void add_columns(Buf *out, const ColumnVec *columns)
{
    buf_add_char(out, '(');
    for (uint32_t i = 0; i < columns->n; i++) {
        buf_add(out, i ? STR(", ") : STR(""));
        buf_add(out, columns->items[i]->name.text);
    }
    buf_add_char(out, ')');
}

static uint32_t wider(uint32_t width, Str text, uint32_t max)
{
    uint32_t n = utf8_count(text);
    return n > width && n <= max ? n : width;
}

static void add_column(Buf *out, const Column *column, uint32_t name_width, uint32_t type_width)
{
    Buf line = buf_with_max(1 << 20);
    buf_add(&line, STR("  "));
    add_padded(&line, column->name.text, name_width + 2);
    add_padded(&line, column->type.canonical, type_width + 2);
    buf_add(&line, column->is_nullable ? STR("") : STR("not null  "));
    if (column->identity != IDENTITY_NONE)
        buf_add(&line, column->identity == IDENTITY_ALWAYS ? STR("identity  ")
                                                           : STR("identity by default  "));
    if (column->is_serial || column->auto_increment)
        buf_add(&line, column->is_serial ? STR("serial  ") : STR("auto increment  "));
    else if (column->default_value)
        buf_format(&line, "default " STR_FMT "  ", STR_ARG(column->default_value->text));
    if (column->generated_expression)
        buf_format(&line, "generated " STR_FMT "  ", STR_ARG(column->generated_expression->text));
    /* The comment may hold line breaks: only its first line fits here. */
    Str comment = column->comment, first;
    if (str_next_line(&comment, &first) && !str_is_empty(first))
        buf_format(&line, "-- " STR_FMT, STR_ARG(first));
    Str text = buf_str(&line);
    while (text.length && text.data[text.length - 1] == ' ')
        text.length--;
    buf_add(out, text);
    buf_add_char(out, '\n');
    buf_free(&line);
}

static void add_key(Buf *out, const char *title, const Key *key)
{
    buf_format(out, "  %s ", title);
    add_columns(out, &key->columns);
    buf_add_char(out, '\n');
}

static void add_foreign_key(Buf *out, const ForeignKey *key)
{
    buf_add(out, STR("  foreign key "));
    add_columns(out, &key->columns);
    buf_format(out, " to " STR_FMT,
               STR_ARG(key->target ? key->target->name.text : key->target_name.name.text));
    if (key->target_columns.n) {
        buf_add_char(out, ' ');
        add_columns(out, &key->target_columns);
    }
    if (!key->target)
        buf_add(out, STR(", which is not here"));
    if (key->on_delete != ACTION_UNSPECIFIED && key->on_delete != ACTION_NO_ACTION)
        buf_format(out, ", on delete " STR_FMT, STR_ARG(referential_action_name(key->on_delete)));
    if (!key->is_validated)
        buf_add(out, STR(", not validated"));
    buf_add_char(out, '\n');
}

static void add_index(Buf *out, const Index *index)
{
    if (index->constraint)
        return;
    buf_format(out, "  %sindex " STR_FMT " (", index->unique ? "unique " : "",
               STR_ARG(index->name.text));
    for (uint32_t i = 0; i < index->parts.n; i++) {
        const KeyPart *part = &index->parts.items[i];
        buf_add(out, i ? STR(", ") : STR(""));
        if (part->column)
            buf_add(out, part->column->name.text);
        else if (part->part && part->part->expression)
            buf_add(out, part->part->expression->text);
        if (part->part && part->part->order == ORDER_DESCENDING)
            buf_add(out, STR(" desc"));
    }
    buf_add_char(out, ')');
    if (!str_is_empty(index->method) && !str_equal(index->method, STR("btree")))
        buf_format(out, " using " STR_FMT, STR_ARG(index->method));
    if (index->include.n) {
        buf_add(out, STR(" include "));
        add_columns(out, &index->include);
    }
    if (index->where)
        buf_format(out, " where " STR_FMT, STR_ARG(index->where->text));
    buf_add_char(out, '\n');
}

static const char *kind_title(TableKind kind)
{
    switch (kind) {
    case TABLE_TABLE:
        return "table";
    case TABLE_VIEW:
        return "view";
    case TABLE_MATERIALIZED_VIEW:
        return "materialized view";
    case TABLE_FOREIGN:
        return "foreign table";
    }
    return "table";
}

static void add_table(Buf *out, Workspace *workspace, const LoadedDatabase *database,
                      const Table *table, bool colour)
{
    const Schema *schema = database->snapshot->database.schema;
    buf_format(out, "\n%s" STR_FMT "%s %s%s", output_bold(colour),
               STR_ARG(table_title(&workspace->arena, schema, table)), output_reset(colour),
               output_dim(colour), kind_title(table->kind));
    Str file;
    uint32_t line;
    if (schema_place(workspace, database, table->place, &file, &line))
        buf_format(out, "  " STR_FMT ":%u", STR_ARG(file), line);
    buf_format(out, "%s\n", output_reset(colour));
    uint32_t name_width = 8, type_width = 8;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        name_width = wider(name_width, table->columns.items[i]->name.text, MAX_NAME_WIDTH);
        type_width = wider(type_width, table->columns.items[i]->type.canonical, MAX_TYPE_WIDTH);
    }
    for (uint32_t i = 0; i < table->columns.n; i++)
        add_column(out, table->columns.items[i], name_width, type_width);
    if (table->primary_key)
        add_key(out, "primary key", table->primary_key);
    for (uint32_t i = 0; i < table->uniques.n; i++)
        add_key(out, "unique", table->uniques.items[i]);
    for (uint32_t i = 0; i < table->foreign_keys.n; i++)
        add_foreign_key(out, table->foreign_keys.items[i]);
    for (uint32_t i = 0; i < table->checks.n; i++) {
        if (table->checks.items[i]->expression)
            buf_format(out, "  check (" STR_FMT ")\n",
                       STR_ARG(table->checks.items[i]->expression->text));
    }
    for (uint32_t i = 0; i < table->indexes.n; i++)
        add_index(out, table->indexes.items[i]);
    if (!str_is_empty(table->partition_by.text))
        buf_format(out, "  partition by " STR_FMT "\n", STR_ARG(table->partition_by.text));
    if (table->partition_of)
        buf_format(out, "  partition of " STR_FMT "\n", STR_ARG(table->partition_of->name.text));
    if (table->row_security)
        buf_format(out, "  row level security, %u %s\n", table->policies.n,
                   table->policies.n == 1 ? "policy" : "policies");
}

/* The other side: how much it declares, and where the two have drifted apart. */
static void add_declared(Buf *out, Workspace *workspace, const LoadedDatabase *database,
                         bool colour)
{
    const Snapshot *snapshot = database->snapshot;
    if (!snapshot->database.migrated || !snapshot->database.declared)
        return;
    uint32_t n_tables = schema_tables(&workspace->arena, snapshot->database.declared).n;
    uint32_t n_drifts = 0;
    for (uint32_t i = 0; i < snapshot->findings.n; i++)
        n_drifts += str_equal(snapshot->findings.items[i].group, STR("drift"));
    buf_format(out, "\n%sDeclared%s  %u %s, ", output_bold(colour), output_reset(colour), n_tables,
               n_tables == 1 ? "table or view" : "tables and views");
    if (n_drifts == 0)
        buf_add(out, STR("in step with the migrations\n"));
    else
        buf_format(out, "%u %s from the migrations:\n", n_drifts,
                   n_drifts == 1 ? "difference" : "differences");
    for (uint32_t i = 0; i < snapshot->findings.n; i++) {
        const Finding *finding = &snapshot->findings.items[i];
        if (!str_equal(finding->group, STR("drift")))
            continue;
        buf_format(out, "  " STR_FMT, STR_ARG(finding->message));
        Str file;
        uint32_t line;
        if (schema_place(workspace, database, finding->place, &file, &line))
            buf_format(out, "  %s" STR_FMT ":%u%s", output_dim(colour), STR_ARG(file), line,
                       output_reset(colour));
        buf_add_char(out, '\n');
    }
}

void schema_print_text(Buf *out, Workspace *workspace, const LoadedDatabase *database, bool colour)
{
    const Schema *schema = database->snapshot->database.schema;
    TableVec tables = schema_tables(&workspace->arena, schema);
    uint32_t n_sources = database->snapshot->sources.n;
    buf_format(out, "%s" STR_FMT "%s  " STR_FMT ", %u %s, %u %s", output_bold(colour),
               STR_ARG(database->about->name), output_reset(colour),
               STR_ARG(dialect_title(database->about->dialect)), tables.n,
               tables.n == 1 ? "table or view" : "tables and views", n_sources,
               n_sources == 1 ? "file" : "files");
    if (database->about->layout != LAYOUT_FILE)
        buf_format(out, " (" STR_FMT ")", STR_ARG(layout_title(database->about->layout)));
    buf_add_char(out, '\n');
    for (uint32_t i = 0; i < tables.n; i++)
        add_table(out, workspace, database, tables.items[i], colour);
    for (MapEntry *e = map_next(&schema->types, NULL); e; e = map_next(&schema->types, e)) {
        const Type *type = e->value;
        if (type->kind != TYPE_DEF_ENUM)
            continue;
        buf_format(out, "\n%s" STR_FMT "%s %senum%s  ", output_bold(colour),
                   STR_ARG(type->name.text), output_reset(colour), output_dim(colour),
                   output_reset(colour));
        for (uint32_t i = 0; i < type->labels.n; i++)
            buf_format(out, "%s" STR_FMT, i ? ", " : "", STR_ARG(type->labels.items[i].text));
        buf_add_char(out, '\n');
    }
    add_declared(out, workspace, database, colour);
}
