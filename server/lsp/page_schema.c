#include "lsp/pages.h"
#include "lsp/served.h"
#include "model/print_mermaid.h"
#include "report/report.h"

static const char *plural(uint32_t n)
{
    return n == 1 ? "" : "s";
}

/* ---- one table ---- */

static void cell(Buf *out, Arena *scratch, Str text)
{
    buf_add(out, STR(" "));
    if (!str_is_empty(text))
        buf_add(out, report_code(scratch, text));
    buf_add(out, STR(" |"));
}

static bool is_in(const ColumnVec *columns, const Column *column)
{
    for (uint32_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column)
            return true;
    }
    return false;
}

static void key_cell(Buf *out, Arena *scratch, const Schema *schema, const Table *table,
                     const Column *column)
{
    bool any = false;
    if (table->primary_key && is_in(&table->primary_key->columns, column)) {
        buf_add(out, STR(" primary key"));
        any = true;
    }
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        const ForeignKey *key = table->foreign_keys.items[i];
        if (!is_in(&key->columns, column))
            continue;
        buf_add(out, any ? STR(", → ") : STR(" → "));
        buf_add(out, report_code(scratch, key->target ? table_title(scratch, schema, key->target)
                                                      : key->target_name.name.text));
        any = true;
    }
    buf_add(out, STR(" |"));
}

static void table_section(Buf *out, Arena *scratch, const Snapshot *snapshot, const Table *table)
{
    const Schema *schema = snapshot->database.schema;
    buf_format(out, "\n## " STR_FMT "\n\n",
               STR_ARG(report_code(scratch, table_title(scratch, schema, table))));
    Str cite = snapshot_cite(scratch, snapshot, table->place);
    if (!str_is_empty(cite))
        buf_format(out, "Defined at " STR_FMT ".\n\n", STR_ARG(cite));
    if (table->columns.n == 0)
        return;
    buf_add(out, STR("| column | type | null | default | key |\n|---|---|---|---|---|\n"));
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        buf_add(out, STR("|"));
        cell(out, scratch, column->name.text);
        cell(out, scratch, column->type.canonical);
        buf_add(out, column->is_nullable ? STR(" yes |") : STR(" no |"));
        cell(out, scratch, column->default_value ? column->default_value->text : (Str){0});
        key_cell(out, scratch, schema, table, column);
        buf_add(out, STR("\n"));
    }
    if (table->indexes.n == 0)
        return;
    buf_add(out, STR("\nIndexes: "));
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        if (i > 0)
            buf_add(out, STR(", "));
        buf_add(out, report_code(scratch, table->indexes.items[i]->name.text));
    }
    buf_add(out, STR("\n"));
}

/* ---- the other side ---- */

/* The tables above are the migrated ones; here is where the models say something else. */
static void drift_section(Buf *out, Arena *scratch, const Snapshot *snapshot)
{
    const Database *database = &snapshot->database;
    if (!database->migrated || !database->declared)
        return;
    buf_add(out, STR("\n## Models and migrations\n\n"));
    uint32_t n = 0;
    for (uint32_t i = 0; i < snapshot->findings.n; i++) {
        const Finding *finding = &snapshot->findings.items[i];
        if (!str_equal(finding->group, rule_group_name(GROUP_DRIFT)))
            continue;
        Str cite = snapshot_cite(scratch, snapshot, finding->place);
        buf_format(out, "- " STR_FMT " (" STR_FMT ")\n",
                   STR_ARG(report_prose(scratch, finding->message)), STR_ARG(cite));
        n++;
    }
    if (n == 0)
        buf_add(out, STR("In step: what is declared is what the migrations make.\n"));
}

/* ---- the page ---- */

/* A diagram of hundreds of tables can neither be drawn nor read. */
static void diagram(Buf *out, const Schema *schema, const TableVec *tables)
{
    enum { MAX_TABLES = 60, MAX_TABLES_WITH_KEYS = 25 };
    if (tables->n == 0)
        return;
    if (tables->n > MAX_TABLES) {
        buf_format(out, "\nNo diagram: %u tables are too many for one.\n", tables->n);
        return;
    }
    buf_add(out, STR("\n```mermaid\n"));
    print_mermaid(out, schema, (const Table *const *)tables->items, tables->n,
                  tables->n > MAX_TABLES_WITH_KEYS ? MERMAID_RELATIONS_ONLY : MERMAID_KEYS);
    buf_add(out, STR("```\n"));
}

void page_schema(Server *server, const ServedDatabase *served, Buf *out)
{
    Arena *scratch = &server->scratch;
    const Snapshot *snapshot = served->snapshot;
    const Schema *schema = snapshot->database.schema;
    TableVec tables = {0};
    for (MapEntry *entry = map_next(&schema->tables, NULL); entry;
         entry = map_next(&schema->tables, entry)) {
        Table *table = entry->value;
        if (!table->is_temporary)
            VEC_PUSH(scratch, &tables, table);
    }
    buf_format(out, "# " STR_FMT "\n\n", STR_ARG(report_code(scratch, served->database->name)));
    uint32_t n_base = 0;
    for (uint32_t i = 0; i < tables.n; i++)
        n_base += table_is_base(tables.items[i]);
    buf_format(out, STR_FMT ": %u table%s, %u view%s, from %u file%s.\n",
               STR_ARG(dialect_title(snapshot->database.dialect)), n_base, plural(n_base),
               tables.n - n_base, plural(tables.n - n_base), snapshot->sources.n,
               plural(snapshot->sources.n));
    diagram(out, schema, &tables);
    drift_section(out, scratch, snapshot);
    for (uint32_t i = 0; i < tables.n; i++)
        table_section(out, scratch, snapshot, tables.items[i]);
}
