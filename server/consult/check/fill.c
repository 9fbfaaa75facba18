/* The text as data: sections of items, and steps with their statements, for those who read the
 * JSON, hand the roadmap on, or hover over a table. */
#include "base/buf.h"
#include "consult/check/parts.h"

/* A line without its list marker and stars. */
static Str plain_line(Str line)
{
    Str text = str_trim(line);
    uint32_t n = 0;
    while (n < text.length && strchr("-*+>#0123456789.) \t", text.data[n]))
        n++;
    if (n == text.length)
        return (Str){0};
    /* Digits that are not a list's number belong to the text. */
    while (n > 0 && text.data[n - 1] >= '0' && text.data[n - 1] <= '9')
        n--;
    return str_slice(text, n, text.length);
}

static Str words_of(ReportCheck *check, const Piece *piece)
{
    Buf buf = buf_with_max((size_t)DOCUMENT_MAX_BYTES * 2);
    spans_write(&buf, piece->line, &piece->spans, false);
    Str text = str_copy(check->out, plain_line(buf_str(&buf)));
    buf_free(&buf);
    return text;
}

/* "**Title** rest" or "**Title.** rest": what is bold at the beginning is the title. */
static void split_title(Str text, Str *title, Str *body)
{
    *title = (Str){0};
    *body = text;
    uint32_t end = str_starts_with(text, STR("**")) ? str_find(text, STR("**"), 2) : UINT32_MAX;
    if (end == UINT32_MAX)
        return;
    *title = str_slice(text, 2, end);
    *body = str_trim(str_slice(text, end + 2, text.length));
}

static void add_table(ReportCheck *check, StrVec *tables, const Table *table)
{
    Str key = table_full_name(check->out, table);
    for (uint32_t i = 0; i < tables->n; i++)
        if (str_equal(tables->items[i], key))
            return;
    VEC_PUSH(check->out, tables, key);
}

/* The tables that a line's code spans name. */
static void add_tables(ReportCheck *check, StrVec *tables, const Piece *piece)
{
    for (uint32_t i = 0; i < piece->spans.n; i++) {
        const Span *span = &piece->spans.items[i];
        if (span->kind != SPAN_CODE || span->text.length > 200)
            continue;
        uint32_t end = 0;
        while (end < span->text.length && !strchr(" (", span->text.data[end]))
            end++;
        Str name = str_slice(span->text, 0, end);
        uint32_t dot = str_find(name, STR("."), 0);
        const Table *table = schema_table(check->schema, (Str){0}, name);
        if (!table && dot != UINT32_MAX) {
            Str first = str_slice(name, 0, dot), rest = str_slice(name, dot + 1, name.length);
            table = schema_table(check->schema, first, rest);
            if (!table)
                table = schema_table(check->schema, (Str){0}, first);
        }
        if (table)
            add_table(check, tables, table);
    }
}

/* ---- sections ---- */

/* Ends the item that the lines are of. */
static void add_item(ReportCheck *check, Section *section, StrVec *lines, StrVec *tables)
{
    if (lines->n == 0)
        return;
    Item item = {.tables = *tables};
    split_title(str_join(check->out, lines->items, lines->n, STR(" ")), &item.title, &item.body);
    VEC_PUSH(check->out, &section->items, item);
    lines->n = 0;
    *tables = (StrVec){0};
}

static void fill_section(ReportCheck *check, const Part *part, Section *section)
{
    StrVec lines = {0}, tables = {0};
    uint32_t group = UINT32_MAX;
    for (uint32_t i = part->first; i < part->end; i++) {
        const Piece *piece = &check->document.pieces.items[i];
        if (piece->kind != PIECE_TEXT)
            continue;
        if (piece->group != group)
            add_item(check, section, &lines, &tables);
        group = piece->group;
        Str text = words_of(check, piece);
        if (!str_is_empty(text))
            VEC_PUSH(check->scratch, &lines, text);
        add_tables(check, &tables, piece);
    }
    add_item(check, section, &lines, &tables);
}

/* ---- the roadmap ---- */

static Statement statement_of(ReportCheck *check, const CheckedStatement *from)
{
    Dialect dialect = check->schema->dialect;
    bool is_costed = from->is_checked && from->is_schema_change;
    return (Statement){
        .sql = str_copy(check->out, from->sql),
        .dialect = dialect,
        .lock = is_costed && dialect == DIALECT_POSTGRESQL ? from->cost.lock : LOCK_NONE,
        .cost = is_costed ? report_cost(check->out, &from->cost, dialect) : (Str){0},
        .applies = from->is_checked && from->applies,
        .problem = from->is_checked ? from->problem : STR("it was not replayed"),
        .findings = from->findings,
    };
}

/* The words that name what the code is for: the heading or the line before it. */
static Str title_before(ReportCheck *check, uint32_t code)
{
    for (uint32_t i = code; i > 0; i--) {
        const Piece *piece = &check->document.pieces.items[i - 1];
        if (piece->kind == PIECE_HEADING && part_of_title(piece->title) == PART_HEAD)
            return str_copy(check->out, piece->title);
        if (piece->kind == PIECE_TEXT) {
            Str title, body, text = words_of(check, piece);
            split_title(text, &title, &body);
            if (!str_is_empty(title) || !str_is_empty(body))
                return str_is_empty(title) ? str_slice(body, 0, 200) : title;
        }
        if (piece->kind == PIECE_CODE || check_part_of(check, i - 1) != check_part_of(check, code))
            break;
    }
    return (Str){0};
}

static void fill_roadmap(ReportCheck *check, int part)
{
    Report *report = check->result->report;
    uint32_t piece = UINT32_MAX;
    for (uint32_t i = 0; i < check->statements.n; i++) {
        const CheckedStatement *from = &check->statements.items[i];
        if (from->part != part || from->use != USE_RECOMMENDED || from->is_snippet ||
            !(from->is_schema_change || from->fragment->queries.n > 0))
            continue;
        if (from->piece != piece) {
            Step step = {.number = report->roadmap.n + 1,
                         .title = title_before(check, from->piece)};
            if (str_is_empty(step.title))
                step.title = str_format(check->out, "Step %u", step.number);
            VEC_PUSH(check->out, &report->roadmap, step);
            piece = from->piece;
        }
        Step *step = VEC_LAST(&report->roadmap);
        VEC_PUSH(check->out, &step->statements, statement_of(check, from));
        for (uint32_t k = 0; k < from->fragment->operations.n; k++) {
            const Operation *operation = &from->fragment->operations.items[k];
            const Table *table = schema_find_table(check->schema, &operation->target);
            if (table)
                add_table(check, &step->tables, table);
        }
    }
}

/* ---- all of it ---- */

static void copy_items(ReportCheck *check, Section *to, const Section *from)
{
    for (uint32_t i = 0; i < from->items.n; i++)
        VEC_PUSH(check->out, &to->items,
                 ((Item){.title = str_copy(check->out, from->items.items[i].title),
                         .body = str_copy(check->out, from->items.items[i].body),
                         .priority = from->items.items[i].priority,
                         .rule = str_copy(check->out, from->items.items[i].rule)}));
}

void check_fill_report(ReportCheck *check)
{
    Report *report = check->result->report;
    for (uint32_t i = 0; i < check->parts.n; i++) {
        const Part *part = &check->parts.items[i];
        if (part->kind >= 0 && part->kind < N_SECTIONS)
            fill_section(check, part, &report->sections[part->kind]);
        if (part->kind != PART_SUGGESTIONS)
            continue;
        for (uint32_t k = part->first; k < part->end; k++)
            if (check->document.pieces.items[k].kind == PIECE_TEXT)
                VEC_PUSH(check->out, &report->suggestions,
                         words_of(check, &check->document.pieces.items[k]));
    }
    for (int i = 0; i < N_SECTIONS; i++)
        if (report->sections[i].items.n == 0)
            copy_items(check, &report->sections[i], &check->input->offline->sections[i]);
    fill_roadmap(check, SECTION_ROADMAP);
    for (int part = 0; part < N_SECTIONS && report->roadmap.n == 0; part++)
        fill_roadmap(check, part);
}
