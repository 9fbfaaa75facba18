/* The order is the order of use: tables (consulted ones in full, then what they touch, then the
 * rest by name), what the other side says, what queries ask of each table, findings (the worst
 * first), queries, the computed report. Each part has a share of
 * the budget, and says what was left out, so that the model knows to look. */
#include "consult/live_query.h"
#include "consult/online/brief_parts.h"
#include "consult/redact.h"
#include "model/row_size.h"
#include "report/markdown.h"

enum {
    TABLES_BYTES = 70 * 1024,
    FINDINGS_BYTES = 20 * 1024,
    QUERIES_BYTES = 20 * 1024,
    /* The rest is for the report. */
    MAX_FINDINGS = 150,
    MAX_QUERIES = 150,
    MAX_TEXT = 300, /* of a comment or an expression */
};

/* ---- what is consulted ---- */

bool brief_is_consulted(const Brief *brief, const Table *table)
{
    const ConsultScope *scope = &brief->input->scope;
    Location at;
    switch (scope->kind) {
    case SCOPE_DATABASE:
        return true;
    case SCOPE_TABLE:
        return str_equal(scope->table, table->name.text) ||
               str_equal(scope->table, table_full_name(brief->scratch, table));
    case SCOPE_FILE:
        return snapshot_locate(brief->snapshot, table->place, &at) && at.source == scope->source;
    case SCOPE_SELECTION:
        return snapshot_locate(brief->snapshot, table->place, &at) && at.source == scope->source &&
               at.range.start < scope->range.end && at.range.end > scope->range.start;
    }
    return false;
}

static void name_consulted(Brief *brief)
{
    const StrMap *tables = &brief->schema->tables;
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e))
        if (brief_is_consulted(brief, e->value))
            map_set(brief->scratch, &brief->consulted, table_full_name(brief->scratch, e->value),
                    e->value);
}

/* One hop away along a foreign key. */
static bool is_neighbour(const Brief *brief, const Table *table)
{
    for (uint32_t i = 0; i < table->foreign_keys.n; i++)
        if (table->foreign_keys.items[i]->target &&
            brief_is_consulted(brief, table->foreign_keys.items[i]->target))
            return true;
    for (uint32_t i = 0; i < table->referenced_by.n; i++)
        if (brief_is_consulted(brief, table->referenced_by.items[i]->table))
            return true;
    return false;
}

/* ---- one table ---- */

Str brief_title(const Brief *brief, const Table *table)
{
    return table_title(brief->scratch, brief->schema, table);
}

static void add_names(Buf *out, const ColumnVec *columns)
{
    buf_add_char(out, '(');
    for (uint32_t i = 0; i < columns->n; i++)
        buf_format(out, "%s" STR_FMT, i ? ", " : "", STR_ARG(columns->items[i]->name.text));
    buf_add_char(out, ')');
}

/* A text of the user's on one line. */
Str brief_line(const Brief *brief, Str text)
{
    Str cut = str_slice(text, 0, MAX_TEXT);
    char *line = str_to_c(brief->scratch, cut);
    uint32_t length = (uint32_t)strlen(line);
    for (uint32_t i = 0; i < length; i++)
        if (line[i] == '\n' || line[i] == '\r' || line[i] == '\t')
            line[i] = ' ';
    return str_of(line, length);
}

bool brief_take_back(Buf *part, size_t before)
{
    if (!part->overflowed)
        return false;
    part->overflowed = false;
    part->length = before;
    return true;
}

static void add_column(const Brief *brief, Buf *out, const Column *column)
{
    buf_format(out, "  " STR_FMT " " STR_FMT "%s", STR_ARG(column->name.text),
               STR_ARG(column->type.canonical), column->is_nullable ? "" : " NOT NULL");
    if (column->identity != IDENTITY_NONE)
        buf_add(out, STR(" IDENTITY"));
    else if (column->is_serial || column->auto_increment)
        buf_add(out, column->is_serial ? STR(" SERIAL") : STR(" AUTO_INCREMENT"));
    else if (column->default_value)
        buf_format(out, " DEFAULT " STR_FMT,
                   STR_ARG(brief_line(brief, column->default_value->text)));
    if (column->generated_expression)
        buf_format(out, " GENERATED AS (" STR_FMT ")",
                   STR_ARG(brief_line(brief, column->generated_expression->text)));
    if (!str_is_empty(column->comment))
        buf_format(out, " -- " STR_FMT, STR_ARG(brief_line(brief, column->comment)));
    buf_add_char(out, '\n');
}

static void add_index(const Brief *brief, Buf *out, const Index *index)
{
    if (index->constraint)
        return;
    buf_format(out, "  %sINDEX " STR_FMT " %s" STR_FMT "(", index->unique ? "UNIQUE " : "",
               STR_ARG(index->name.text), str_is_empty(index->method) ? "" : "USING ",
               STR_ARG(index->method));
    for (uint32_t i = 0; i < index->parts.n; i++) {
        const KeyPart *part = &index->parts.items[i];
        buf_add(out, i ? STR(", ") : STR(""));
        if (part->column)
            buf_add(out, part->column->name.text);
        else if (part->part && part->part->expression)
            buf_add(out, brief_line(brief, part->part->expression->text));
        if (part->part && part->part->order == ORDER_DESCENDING)
            buf_add(out, STR(" DESC"));
    }
    buf_add_char(out, ')');
    if (index->include.n > 0) {
        buf_add(out, STR(" INCLUDE "));
        add_names(out, &index->include);
    }
    if (index->where)
        buf_format(out, " WHERE " STR_FMT, STR_ARG(brief_line(brief, index->where->text)));
    buf_add_char(out, '\n');
}

static void add_foreign_key(const Brief *brief, Buf *out, const ForeignKey *key)
{
    buf_add(out, STR("  FOREIGN KEY "));
    add_names(out, &key->columns);
    buf_format(out, " REFERENCES " STR_FMT " ",
               STR_ARG(key->target ? brief_title(brief, key->target) : key->target_name.name.text));
    add_names(out, &key->target_columns);
    if (key->on_delete != ACTION_UNSPECIFIED && key->on_delete != ACTION_NO_ACTION)
        buf_format(out, " ON DELETE " STR_FMT, STR_ARG(referential_action_name(key->on_delete)));
    buf_add(out, key->target ? STR("\n") : STR(" (not in the schema)\n"));
}

static void add_sizes(const Brief *brief, Buf *out, const Table *table)
{
    if (!table_is_base(table))
        return;
    RowSize size = row_size(table, brief->schema->dialect);
    buf_format(out, ", %s%u bytes a row", size.is_estimate ? "about " : "", size.bytes);
    Str key = brief_title(brief, table);
    const Assumption *assumed =
        brief->input->config ? config_assumption(brief->input->config, key) : NULL;
    if (!assumed)
        return;
    const struct {
        uint64_t n;
        const char *what;
    } facts[] = {{assumed->rows, "rows"},
                 {assumed->growth_per_month, "more rows a month"},
                 {assumed->reads_per_second, "reads a second"},
                 {assumed->writes_per_second, "writes a second"}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (facts[i].n > 0)
            buf_format(out, ", %llu %s assumed", (unsigned long long)facts[i].n, facts[i].what);
}

void brief_table(const Brief *brief, Buf *out, const Table *table)
{
    static const char *const kinds[] = {"TABLE", "VIEW", "MATERIALIZED VIEW", "FOREIGN TABLE"};
    buf_format(out, "%s " STR_FMT " -- " STR_FMT, kinds[table->kind],
               STR_ARG(brief_title(brief, table)),
               STR_ARG(snapshot_cite(brief->scratch, brief->snapshot, table->place)));
    add_sizes(brief, out, table);
    buf_add_char(out, '\n');
    for (uint32_t i = 0; i < table->columns.n; i++)
        add_column(brief, out, table->columns.items[i]);
    if (table->primary_key) {
        buf_add(out, STR("  PRIMARY KEY "));
        add_names(out, &table->primary_key->columns);
        buf_add_char(out, '\n');
    }
    for (uint32_t i = 0; i < table->uniques.n; i++) {
        buf_add(out, STR("  UNIQUE "));
        add_names(out, &table->uniques.items[i]->columns);
        buf_add_char(out, '\n');
    }
    for (uint32_t i = 0; i < table->foreign_keys.n; i++)
        add_foreign_key(brief, out, table->foreign_keys.items[i]);
    for (uint32_t i = 0; i < table->checks.n; i++)
        if (table->checks.items[i]->expression)
            buf_format(out, "  CHECK (" STR_FMT ")\n",
                       STR_ARG(brief_line(brief, table->checks.items[i]->expression->text)));
    for (uint32_t i = 0; i < table->indexes.n; i++)
        add_index(brief, out, table->indexes.items[i]);
    if (!str_is_empty(table->partition_by.text))
        buf_format(out, "  PARTITION BY " STR_FMT "\n", STR_ARG(table->partition_by.text));
    if (table->row_security)
        buf_format(out, "  ROW LEVEL SECURITY, %u policies\n", table->policies.n);
}

/* ---- the parts ---- */

static void add_tables(Brief *brief)
{
    const StrMap *tables = &brief->schema->tables;
    Buf part = buf_with_max(TABLES_BYTES);
    uint32_t n_left_out = 0;
    StrVec names = {0};
    buf_format(&brief->out,
               "## Tables\n\nAs the sources leave them (%s), not as one file has them.\n\n```sql\n",
               str_to_c(brief->scratch, dialect_title(brief->schema->dialect)));
    for (int rank = 0; rank < 3; rank++)
        for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e)) {
            const Table *table = e->value;
            int own = brief_is_consulted(brief, table) ? 0 : is_neighbour(brief, table) ? 1 : 2;
            if (own != rank || table->is_temporary || table->partition_of)
                continue;
            size_t before = part.length;
            brief_table(brief, &part, table);
            if (brief_take_back(&part, before)) { /* only its name */
                n_left_out++;
                VEC_PUSH(brief->scratch, &names, brief_title(brief, table));
            }
        }
    buf_add(&brief->out, buf_str(&part));
    buf_add(&brief->out, STR("```\n"));
    if (n_left_out > 0)
        buf_format(&brief->out, "\nAnd %u more, by name only: " STR_FMT "\n", n_left_out,
                   STR_ARG(str_slice(str_join(brief->scratch, names.items, names.n, STR(", ")), 0,
                                     FINDINGS_BYTES)));
    buf_free(&part);
}

/* A finding about a table that is not consulted is left to later parts of the report. */
bool brief_finding_counts(const Brief *brief, const Finding *finding)
{
    const ConsultScope *scope = &brief->input->scope;
    if (scope->kind == SCOPE_DATABASE)
        return true;
    if ((scope->kind == SCOPE_FILE || scope->kind == SCOPE_SELECTION) &&
        finding->location.source == scope->source)
        return true;
    return map_get(&brief->consulted, finding->table) != NULL;
}

static void add_findings(Brief *brief)
{
    const FindingVec *findings = &brief->snapshot->findings;
    Buf part = buf_with_max(FINDINGS_BYTES);
    uint32_t n = 0, n_left_out = 0;
    for (int severity = SEVERITY_ERROR; severity >= SEVERITY_HINT; severity--)
        for (uint32_t i = 0; i < findings->n; i++) {
            const Finding *finding = &findings->items[i];
            if (finding->severity != (Severity)severity || brief_is_drift(finding) ||
                !brief_finding_counts(brief, finding))
                continue;
            size_t before = part.length;
            if (n < MAX_FINDINGS)
                buf_format(&part, "- " STR_FMT " " STR_FMT " [" STR_FMT "] " STR_FMT "\n",
                           STR_ARG(snapshot_cite(brief->scratch, brief->snapshot, finding->place)),
                           STR_ARG(severity_name(finding->severity)), STR_ARG(finding->rule),
                           STR_ARG(brief_line(brief, finding->message)));
            n_left_out += brief_take_back(&part, before) || n >= MAX_FINDINGS;
            n++;
        }
    buf_add(&brief->out, STR("\n## Findings of Lintel's rules\n\n"));
    buf_add(&brief->out, n == 0 ? STR("None.\n") : buf_str(&part));
    if (n_left_out > 0)
        buf_format(&brief->out, "- and %u more\n", n_left_out);
    buf_free(&part);
}

static void add_uses(Buf *out, const char *word, const ColumnUseVec *uses)
{
    for (uint32_t i = 0; i < uses->n && i < 12; i++)
        buf_format(out, "%s" STR_FMT, i == 0 ? word : ", ", STR_ARG(uses->items[i].column.text));
}

static void add_query(const Brief *brief, Buf *out, const Query *query)
{
    static const char *const kinds[] = {"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"};
    buf_format(out, "- " STR_FMT " %s",
               STR_ARG(snapshot_cite(brief->scratch, brief->snapshot, query->place)),
               kinds[query->kind]);
    for (uint32_t i = 0; i < query->tables.n && i < 8; i++)
        if (query->tables.items[i].kind == TABLE_USE_TABLE)
            buf_format(out, " " STR_FMT, STR_ARG(query->tables.items[i].table.name.text));
    add_uses(out, "; filters ", &query->filters);
    add_uses(out, "; joins by ", &query->joins);
    add_uses(out, "; orders by ", &query->orders);
    buf_format(out, "%s%s%s%s\n", query->has_limit ? "; limit" : "",
               query->selects_star ? "; all columns" : "", query->inside_loop ? "; in a loop" : "",
               query->has_where || query->kind == QUERY_INSERT ? "" : "; no condition");
}

static void add_queries(Brief *brief)
{
    const QueryPointerVec *queries = &brief->snapshot->database.queries;
    Buf part = buf_with_max(QUERIES_BYTES);
    uint32_t n = 0, n_left_out = 0;
    for (uint32_t i = 0; i < queries->n; i++) {
        const Query *query = queries->items[i];
        Location at;
        if (query->depth > 0 || !snapshot_locate(brief->snapshot, query->place, &at))
            continue;
        SourceRole role = brief->snapshot->sources.items[at.source].role;
        if (!query_is_live(&brief->snapshot->database, query, role))
            continue; /* it ran once, in a migration or a seed */
        size_t before = part.length;
        if (n < MAX_QUERIES)
            add_query(brief, &part, query);
        n_left_out += brief_take_back(&part, before) || n >= MAX_QUERIES;
        n++;
    }
    buf_add(&brief->out, STR("\n## Queries that Lintel has read\n\n"));
    buf_add(&brief->out, n == 0 ? STR("None: those of the application are not among the sources.\n")
                                : buf_str(&part));
    if (n_left_out > 0)
        buf_format(&brief->out, "- and %u more\n", n_left_out);
    buf_free(&part);
}

static void add_stack(Brief *brief)
{
    const Stack *stack = brief->input->stack;
    if (!stack || stack->facts.n == 0)
        return;
    buf_add(&brief->out, STR("\n## What the project is built with\n\n"));
    for (uint32_t i = 0; i < stack->facts.n && i < 60; i++) {
        const StackFact *fact = &stack->facts.items[i];
        buf_format(&brief->out, "- " STR_FMT " " STR_FMT " (" STR_FMT ":%u)\n", STR_ARG(fact->name),
                   STR_ARG(brief_line(brief, fact->version)), STR_ARG(fact->path), fact->line);
    }
}

/* The computed report takes what is left; cut at a line. */
static void add_report(Brief *brief, const Report *offline)
{
    Buf report = buf_with_max(16 * 1024 * 1024);
    report_markdown(&report, offline);
    size_t left = BRIEF_MAX_BYTES > brief->out.length ? BRIEF_MAX_BYTES - brief->out.length : 0;
    uint32_t end = report.length < left ? (uint32_t)report.length : (uint32_t)left;
    bool is_cut = end < report.length;
    while (is_cut && end > 0 && report.data[end - 1] != '\n')
        end--;
    buf_add(
        &brief->out,
        STR("\n## The report that Lintel computed\n\nWithout a model; each of its statements was "
            "replayed on the schema above. Use what holds, correct what does not, add what it "
            "cannot know.\n\n<computed_report>\n"));
    buf_add(&brief->out, str_slice(buf_str(&report), 0, end));
    buf_add(&brief->out,
            is_cut ? STR("\n[cut here]\n</computed_report>\n") : STR("\n</computed_report>\n"));
    buf_free(&report);
}

Str brief_write(Arena *out, const Consultation *consultation, const Report *offline)
{
    Arena scratch = {0};
    Brief brief = {.scratch = &scratch,
                   .input = consultation,
                   .snapshot = consultation->snapshot,
                   .schema = consultation->snapshot->database.schema,
                   .out = buf_with_max((size_t)BRIEF_MAX_BYTES * 2)};
    name_consulted(&brief);
    add_tables(&brief);
    brief_sides(&brief);
    brief_accesses(&brief);
    add_findings(&brief);
    add_queries(&brief);
    add_stack(&brief);
    add_report(&brief, offline);
    Str text = str_copy(out, plain_text(&scratch, redact(&scratch, buf_str(&brief.out))));
    buf_free(&brief.out);
    arena_release(&scratch);
    return text;
}
