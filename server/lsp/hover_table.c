#include "lsp/diagnostics.h"
#include "lsp/hover.h"
#include "model/row_size.h"
#include "project/path.h"

enum { MAX_LISTED = 8 }; /* of any one kind: a hover is read at a glance */

/* ---- words ---- */

static const char *plural(uint32_t n)
{
    return n == 1 ? "" : "s";
}

static Str title(Hover *hover, const Table *table)
{
    return table_title(&hover->server->scratch, hover->view->snapshot->database.schema, table);
}

static void name_list(Hover *hover, const ColumnVec *columns)
{
    buf_add(hover->out, STR("("));
    for (uint32_t i = 0; i < columns->n; i++) {
        if (i > 0)
            buf_add(hover->out, STR(", "));
        hover_name(hover, columns->items[i]->name.text);
    }
    buf_add(hover->out, STR(")"));
}

static Str kind_name(const Table *table)
{
    switch (table->kind) {
    case TABLE_TABLE:
        if (table->partition_of)
            return STR("partition");
        if (!str_is_empty(table->partition_by.strategy))
            return STR("partitioned table");
        return table->is_temporary ? STR("temporary table") : STR("table");
    case TABLE_VIEW:
        return STR("view");
    case TABLE_MATERIALIZED_VIEW:
        return STR("materialized view");
    case TABLE_FOREIGN:
        return STR("foreign table");
    }
    return STR("table");
}

static void and_more(Hover *hover, uint32_t n)
{
    if (n > MAX_LISTED)
        buf_format(hover->out, " and %u more", n - MAX_LISTED);
}

/* ---- references ---- */

static void on_delete(Hover *hover, const ForeignKey *key)
{
    if (key->on_delete == ACTION_UNSPECIFIED || key->on_delete == ACTION_NO_ACTION)
        buf_add(hover->out, STR(", no action on delete"));
    else
        buf_format(
            hover->out, ", " STR_FMT " on delete",
            STR_ARG(str_lower(&hover->server->scratch, referential_action_name(key->on_delete))));
}

static void reference_out(Hover *hover, const ForeignKey *key)
{
    buf_add(hover->out, STR("→ "));
    hover_name(hover, key->target ? title(hover, key->target) : key->target_name.name.text);
    buf_add(hover->out, STR(" "));
    name_list(hover, &key->columns);
    on_delete(hover, key);
    const Index *index = table_index_covering(key->table, &key->columns);
    buf_add(hover->out, STR(", "));
    if (index) {
        buf_add(hover->out, STR("index "));
        hover_name(hover, index->name.text);
    } else {
        hover_emphasis(hover, STR("no index"));
    }
    if (!key->is_validated)
        buf_add(hover->out, STR(", not validated"));
}

static void reference_in(Hover *hover, const ForeignKey *key)
{
    buf_add(hover->out, STR("← "));
    hover_name(hover, title(hover, key->table));
    buf_add(hover->out, STR(" "));
    name_list(hover, &key->columns);
    on_delete(hover, key);
}

void hover_foreign_key(Hover *hover, const ForeignKey *key, bool is_own)
{
    hover_line(hover);
    if (is_own)
        reference_out(hover, key);
    else
        reference_in(hover, key);
}

static void references(Hover *hover, const Table *table)
{
    for (uint32_t i = 0; i < table->foreign_keys.n && i < MAX_LISTED; i++) {
        hover_line(hover);
        reference_out(hover, table->foreign_keys.items[i]);
    }
    and_more(hover, table->foreign_keys.n);
    for (uint32_t i = 0; i < table->referenced_by.n && i < MAX_LISTED; i++) {
        hover_line(hover);
        reference_in(hover, table->referenced_by.items[i]);
    }
    and_more(hover, table->referenced_by.n);
}

/* ---- indexes ---- */

static void index_text(Hover *hover, const Index *index)
{
    hover_name(hover, index->name.text);
    buf_add(hover->out, STR(" ("));
    for (uint32_t i = 0; i < index->parts.n; i++) {
        const KeyPart *part = &index->parts.items[i];
        if (i > 0)
            buf_add(hover->out, STR(", "));
        if (part->column)
            hover_name(hover, part->column->name.text);
        else if (part->part && part->part->expression)
            hover_name(hover, part->part->expression->text);
        if (part->part && part->part->order == ORDER_DESCENDING)
            buf_add(hover->out, STR(" desc"));
    }
    buf_add(hover->out, STR(")"));
    if (index->unique)
        buf_add(hover->out, STR(" unique"));
    if (!str_is_empty(index->method) && !str_equal_ignore_case(index->method, STR("btree")))
        buf_format(hover->out, " " STR_FMT, STR_ARG(index->method));
    if (index->where)
        buf_add(hover->out, STR(" partial"));
}

static bool index_has(const Index *index, const Column *column)
{
    for (uint32_t i = 0; i < index->parts.n; i++) {
        if (index->parts.items[i].column == column)
            return true;
    }
    return false;
}

/* Those that hold `column`, or all of them where it is NULL. */
static void indexes(Hover *hover, const Table *table, const Column *column)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        if (column && !index_has(index, column))
            continue;
        if (n == 0) {
            hover_line(hover);
            buf_add(hover->out, STR("Indexes: "));
        } else if (n < MAX_LISTED) {
            buf_add(hover->out, STR(", "));
        }
        if (n++ < MAX_LISTED)
            index_text(hover, index);
    }
    and_more(hover, n);
    if (n == 0 && table_is_base(table)) {
        hover_line(hover);
        buf_add(hover->out, column ? STR("In no index") : STR("No index"));
    }
}

/* ---- queries ---- */

static uint32_t use_of(Hover *hover, const Query *query, const Table *table)
{
    const Schema *schema = hover->view->snapshot->database.schema;
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const TableUse *use = &query->tables.items[i];
        if (use->kind == TABLE_USE_TABLE && !use->is_cte &&
            schema_find_table(schema, &use->table) == table)
            return i;
    }
    return UINT32_MAX;
}

/* "by customer_id, status, newest first": the columns of one use in filters and joins. */
static void query_columns(Hover *hover, const Query *query, uint32_t use)
{
    const ColumnUseVec *lists[] = {&query->filters, &query->joins};
    StrVec named = {0};
    for (unsigned k = 0; k < 2; k++) {
        for (uint32_t i = 0; i < lists[k]->n; i++) {
            const ColumnUse *column = &lists[k]->items[i];
            Str name = column->table == use         ? column->column.text
                       : column->other_table == use ? column->other_column.text
                                                    : (Str){0};
            bool is_named = str_is_empty(name);
            for (uint32_t j = 0; j < named.n; j++)
                is_named |= str_equal(named.items[j], name);
            if (is_named || named.n == MAX_LISTED)
                continue;
            buf_add(hover->out, named.n == 0 ? STR(" by ") : STR(", "));
            hover_name(hover, name);
            VEC_PUSH(&hover->server->scratch, &named, name);
        }
    }
    for (uint32_t i = 0; i < query->orders.n; i++) {
        const ColumnUse *order = &query->orders.items[i];
        if (order->table != use || name_is_absent(order->column))
            continue;
        buf_add(hover->out, STR(", ordered by "));
        hover_name(hover, order->column.text);
        if (order->order == ORDER_DESCENDING)
            buf_add(hover->out, STR(" desc"));
        break;
    }
}

static void queries(Hover *hover, const Table *table)
{
    const QueryPointerVec *all = &hover->view->snapshot->database.queries;
    uint32_t n = 0;
    for (uint32_t i = 0; i < all->n; i++) {
        const Query *query = all->items[i];
        uint32_t use = use_of(hover, query, table);
        if (use == UINT32_MAX || query->kind == QUERY_INSERT)
            continue;
        Str cite = snapshot_cite(&hover->server->scratch, hover->view->snapshot, query->place);
        if (str_is_empty(cite) || n++ >= MAX_LISTED)
            continue;
        hover_line(hover);
        buf_format(hover->out, "Queried at " STR_FMT, STR_ARG(cite));
        query_columns(hover, query, use);
    }
    and_more(hover, n);
}

/* ---- findings ---- */

static bool concerns(const Finding *finding, Str key, const Column *column,
                     const DocumentView *view)
{
    return str_equal(finding->table, key) &&
           (!column || str_equal(finding->column, column->name.text)) &&
           !finding_is_squawks(view, finding);
}

static void findings(Hover *hover, const Table *table, const Column *column)
{
    if (hover->view->is_partial)
        return;
    Arena *scratch = &hover->server->scratch;
    const FindingVec *all = &hover->view->snapshot->findings;
    Str key = table_full_name(scratch, table);
    uint32_t n = 0;
    for (uint32_t i = 0; i < all->n; i++)
        n += concerns(&all->items[i], key, column, hover->view);
    if (n == 0)
        return;
    hover_line(hover);
    buf_format(hover->out, "%u finding%s: ", n, plural(n));
    uint32_t shown = 0;
    for (uint32_t i = 0; i < all->n && shown < MAX_LISTED; i++) {
        const Finding *finding = &all->items[i];
        if (!concerns(finding, key, column, hover->view))
            continue;
        const Source *source = &hover->view->snapshot->sources.items[finding->location.source];
        TextPosition position = text_position(source->file->text, finding->location.range.start);
        buf_format(hover->out, "%s" STR_FMT " (", shown++ ? ", " : "", STR_ARG(finding->rule));
        if (finding->location.source != hover->view->source)
            buf_format(hover->out, STR_FMT ":", STR_ARG(path_name(source->path)));
        buf_format(hover->out, "%u)", position.line);
    }
    and_more(hover, n);
}

/* ---- the two hovers ---- */

/* What COMMENT ON says. */
static void comment(Hover *hover, Str text)
{
    if (str_is_empty(text))
        return;
    buf_add(hover->out, STR("\n\n"));
    hover_prose(hover, text);
}

static void row_bytes(Hover *hover, const Table *table)
{
    if (!table_is_base(table) || table->columns.n == 0)
        return;
    RowSize size = row_size(table, hover->view->snapshot->database.dialect);
    buf_format(hover->out, " · %s%u bytes a row", size.is_estimate ? "about " : "", size.bytes);
    if (size.padding > 0)
        buf_format(hover->out, " (%u padding)", size.padding);
}

void hover_table(Hover *hover, const Table *table)
{
    hover_strong(hover, title(hover, table));
    buf_format(hover->out, " " STR_FMT " · %u column%s", STR_ARG(kind_name(table)),
               table->columns.n, plural(table->columns.n));
    if (table->primary_key) {
        buf_add(hover->out, STR(" · primary key "));
        name_list(hover, &table->primary_key->columns);
    } else if (table_is_base(table)) {
        buf_add(hover->out, STR(" · "));
        hover_emphasis(hover, STR("no primary key"));
    }
    row_bytes(hover, table);
    if (table->row_security)
        buf_format(hover->out, " · row security, %u polic%s", table->policies.n,
                   table->policies.n == 1 ? "y" : "ies");
    references(hover, table);
    indexes(hover, table, NULL);
    queries(hover, table);
    findings(hover, table, NULL);
    comment(hover, table->comment);
}

static void column_value(Hover *hover, const Column *column)
{
    if (column->identity != IDENTITY_NONE)
        buf_add(hover->out, STR(" · identity"));
    if (column->is_serial)
        buf_add(hover->out, STR(" · serial"));
    if (column->auto_increment)
        buf_add(hover->out, STR(" · auto increment"));
    if (column->generated != GENERATED_NONE && column->generated_expression) {
        buf_add(hover->out, STR(" · generated as "));
        hover_name(hover, column->generated_expression->text);
    }
    if (column->default_value && expression_is_set(column->default_value)) {
        buf_add(hover->out, STR(" · default "));
        hover_name(hover, column->default_value->text);
    }
}

static bool list_has(const ColumnVec *columns, const Column *column)
{
    for (uint32_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column)
            return true;
    }
    return false;
}

static void column_references(Hover *hover, const Table *table, const Column *column)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        if (list_has(&table->foreign_keys.items[i]->columns, column) && n++ < MAX_LISTED) {
            hover_line(hover);
            reference_out(hover, table->foreign_keys.items[i]);
        }
    }
    n = 0;
    for (uint32_t i = 0; i < table->referenced_by.n; i++) {
        if (list_has(&table->referenced_by.items[i]->target_columns, column) && n++ < MAX_LISTED) {
            hover_line(hover);
            reference_in(hover, table->referenced_by.items[i]);
        }
    }
    and_more(hover, n);
}

void hover_column(Hover *hover, const Table *table, const Column *column)
{
    Str full = str_format(&hover->server->scratch, STR_FMT "." STR_FMT,
                          STR_ARG(title(hover, table)), STR_ARG(column->name.text));
    hover_strong(hover, full);
    if (!str_is_empty(column->type.canonical)) {
        buf_add(hover->out, STR(" "));
        hover_name(hover, column->type.canonical);
    }
    bool is_base = table_is_base(table);
    if (is_base)
        buf_add(hover->out, column->is_nullable ? STR(" · null allowed") : STR(" · not null"));
    if (table->primary_key && list_has(&table->primary_key->columns, column))
        buf_add(hover->out, table->primary_key->columns.n > 1 ? STR(" · in the primary key")
                                                              : STR(" · primary key"));
    column_value(hover, column);
    column_references(hover, table, column);
    if (is_base)
        indexes(hover, table, column);
    findings(hover, table, column);
    comment(hover, column->comment);
}
