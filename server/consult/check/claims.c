/* What a sentence says of a column or a table that is there: its type, whether it may be NULL,
 * whether an index or a key is missing. Only where the words leave no choice: "`orders.total` is
 * `real`". Also names in plain prose that can be nothing else: orders.customer_ref. */
#include "consult/check/parts.h"

enum { MAX_SIDES = 2, REACH = 60 };

typedef struct {
    ReportCheck *check;
    uint32_t piece;
    Str line; /* lower case */
} Sentence;

/* The things of that name, as the sides of the database know them. */
typedef struct {
    const Table *tables[MAX_SIDES];
    const Column *columns[MAX_SIDES]; /* NULL for a table's name */
    uint32_t n;
} Subjects;

/* ---- what is spoken of ---- */

static Str column_of_field(const OrmModel *model, Str field)
{
    for (uint32_t i = 0; model && i < model->fields.n; i++)
        if (str_equal(model->fields.items[i].name.text, field))
            return model->fields.items[i].column.text;
    return field;
}

static Subjects subjects_of(const ReportCheck *check, Str name)
{
    const Database *database = &check->snapshot->database;
    const Schema *schemas[] = {database->schema, database->declared};
    Subjects found = {0};
    uint32_t dot = str_find(name, STR("."), 0);
    Str first = str_slice(name, 0, dot), last = str_slice(name, dot + 1, name.length);
    const OrmModel *model = check_model(check, first);
    for (size_t s = 0; s < MAX_SIDES; s++) {
        if (!schemas[s] || (s > 0 && schemas[s] == schemas[0]))
            continue;
        const Table *table = schema_table(schemas[s], (Str){0}, first);
        if (!table && model)
            table = schema_table(schemas[s], model->schema, model->table.text);
        if (!table)
            continue;
        const Column *column = NULL;
        if (dot != UINT32_MAX && !(column = table_column(table, last)))
            column = table_column(table, column_of_field(model, last));
        if (dot != UINT32_MAX && !column)
            continue;
        found.tables[found.n] = table;
        found.columns[found.n++] = column;
    }
    return found;
}

/* ---- types ---- */

/* "make sure that", "once": not what is, but what shall be. */
static bool is_wished(const Sentence *sentence, uint32_t at)
{
    static const char *const words[] = {
        "make",    "ensure", "until",  "once",       "when ", "should", "would",
        "if ",     "after",  "verify", "check that", "was ",  "change", "convert",
        "becomes", "until",  "unless", "before",     "assum", "not ",   "will "};
    return HAS_ANY(text_clause_before(sentence->line, at, REACH, ".;|"), words);
}

static bool is_copula(Str between)
{
    static const char *const words[] = {" is ",           " is a ",           " is an ",
                                        " is of type ",   " has type ",       " has the type ",
                                        " is stored as ", " is declared as ", " is still "};
    return str_is_among_ignore_case(between, words, sizeof words / sizeof *words);
}

static bool is_type_of(const ColumnType *said, const ColumnType *type)
{
    if (said->family != type->family || said->array_dims != type->array_dims ||
        said->with_time_zone != type->with_time_zone)
        return false;
    bool same_numbers = !said->has_precision || !type->has_precision ||
                        (said->precision == type->precision && said->scale == type->scale);
    return same_numbers && (said->length == 0 || type->length == 0 || said->length == type->length);
}

/* True where a statement of the report gives the column another type. */
static bool is_retyped(const ReportCheck *check, const Column *column)
{
    for (uint32_t i = 0; i < check->statements.n; i++) {
        const OperationVec *operations = &check->statements.items[i].fragment->operations;
        for (uint32_t k = 0; k < operations->n; k++)
            if (operations->items[k].kind == OP_SET_COLUMN_TYPE &&
                str_equal(operations->items[k].as.set_type.column.text, column->name.text))
                return true;
    }
    return false;
}

/* Types as SQL writes them; an ORM's own (String, DateTime) say less and are left alone. */
static bool is_sql_type(const ReportCheck *check, Str text, ColumnType *type)
{
    bool has_lower = false, has_upper = false;
    for (uint32_t i = 0; i < text.length; i++) {
        has_lower = has_lower || (text.data[i] >= 'a' && text.data[i] <= 'z');
        has_upper = has_upper || (text.data[i] >= 'A' && text.data[i] <= 'Z');
    }
    if (text.length > 60 || (has_lower && has_upper))
        return false;
    *type = type_parse(check->scratch, check->schema->dialect, text);
    return type->family != TYPE_UNKNOWN && type->family != TYPE_OTHER &&
           type->family != TYPE_ENUM && type->family != TYPE_DOMAIN &&
           type->family != TYPE_COMPOSITE;
}

static void judge_type(const Sentence *sentence, Span *span, Span *said, const Subjects *subjects)
{
    ReportCheck *check = sentence->check;
    ColumnType type;
    if (!is_sql_type(check, said->text, &type) || is_wished(sentence, span->start))
        return;
    for (uint32_t i = 0; i < subjects->n; i++) {
        const ColumnType *real = &subjects->columns[i]->type;
        if (is_type_of(&type, real) || real->family == TYPE_UNKNOWN || real->family == TYPE_OTHER ||
            real->family == TYPE_DOMAIN || real->family == TYPE_ENUM ||
            is_retyped(check, subjects->columns[i]))
            return;
    }
    check_mark(
        check, sentence->piece, said,
        str_format(check->out, "it is " STR_FMT,
                   STR_ARG(report_prose(check->scratch, subjects->columns[0]->type.canonical))));
}

/* ---- what is missing, and what may be ---- */

static const Index *index_on(const Column *column)
{
    const IndexVec *indexes = &column->table->indexes;
    for (uint32_t i = 0; i < indexes->n; i++)
        if (indexes->items[i]->parts.n > 0 && indexes->items[i]->parts.items[0].column == column &&
            !indexes->items[i]->where)
            return indexes->items[i];
    return NULL;
}

static bool begins_with_any(Str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Str word = str_from(words[i]);
        char next = text.length > word.length ? text.data[word.length] : ' ';
        if (str_starts_with(text, word) && !(next >= 'a' && next <= 'z') && next != '_')
            return true;
    }
    return false;
}
#define BEGINS(text, words) begins_with_any((text), (words), sizeof(words) / sizeof *(words))

static void judge_column(const Sentence *sentence, Span *span, Str behind, const Subjects *subjects)
{
    static const char *const unindexed[] = {" has no index", " is not indexed", " is unindexed",
                                            " lacks an index"};
    static const char *const nullable[] = {" is nullable", " may be null", " allows null",
                                           " can be null", " accepts null"};
    static const char *const required[] = {" is not null", " is not nullable", " is required",
                                           " is `not null`", " cannot be null"};
    ReportCheck *check = sentence->check;
    Str reason = {0};
    const Column *column = subjects->columns[0];
    const Index *index = index_on(column);
    bool all_null = true, none_null = true;
    for (uint32_t i = 0; i < subjects->n; i++) {
        all_null = all_null && subjects->columns[i]->is_nullable;
        none_null = none_null && !subjects->columns[i]->is_nullable;
        if (!index_on(subjects->columns[i]))
            index = NULL;
    }
    if (index && BEGINS(behind, unindexed))
        reason = str_format(check->out, "the index " STR_FMT " begins with it",
                            STR_ARG(report_prose(check->scratch, index->name.text)));
    else if (none_null && BEGINS(behind, nullable))
        reason = STR("it is NOT NULL");
    else if (all_null && BEGINS(behind, required))
        reason = STR("it may be NULL");
    if (!str_is_absent(reason) && !is_wished(sentence, span->start))
        check_mark(check, sentence->piece, span, reason);
}

static void judge_table(const Sentence *sentence, Span *span, Str behind, const Subjects *subjects)
{
    static const char *const keyless[] = {" has no primary key", " lacks a primary key"};
    static const char *const free_standing[] = {" has no foreign key", " has no foreign keys"};
    ReportCheck *check = sentence->check;
    bool has_key = true, has_reference = true;
    for (uint32_t i = 0; i < subjects->n; i++) {
        has_key = has_key && subjects->tables[i]->primary_key != NULL;
        has_reference = has_reference && subjects->tables[i]->foreign_keys.n > 0;
    }
    if (is_wished(sentence, span->start))
        return;
    if (has_key && BEGINS(behind, keyless))
        check_mark(check, sentence->piece, span, STR("it has a primary key"));
    else if (has_reference && BEGINS(behind, free_standing))
        check_mark(check, sentence->piece, span, STR("it has a foreign key"));
}

static void look_at_code(const Sentence *sentence, SpanVec *spans, uint32_t index)
{
    Span *span = &spans->items[index];
    if (!str_is_absent(span->mark) || span->text.length > 200)
        return;
    Subjects subjects = subjects_of(sentence->check, span->text);
    if (subjects.n == 0)
        return;
    Str behind = str_slice(sentence->line, span->end, span->end + REACH);
    if (!subjects.columns[0]) {
        judge_table(sentence, span, behind, &subjects);
        return;
    }
    judge_column(sentence, span, behind, &subjects);
    if (index + 2 < spans->n && spans->items[index + 1].kind == SPAN_TEXT &&
        spans->items[index + 2].kind == SPAN_CODE && is_copula(spans->items[index + 1].text))
        judge_type(sentence, span, &spans->items[index + 2], &subjects);
}

/* ---- names in prose ---- */

/* "orders.customer_ref", where orders is a table and the rest has an underscore: no sentence's end.
 */
static void look_at_prose(const Sentence *sentence, Span *span)
{
    ReportCheck *check = sentence->check;
    Str text = span->text;
    for (uint32_t at = str_find(text, STR("."), 0); at != UINT32_MAX;
         at = str_find(text, STR("."), at + 1)) {
        uint32_t start = at, end = at + 1;
        while (start > 0 && at - start < 128 && is_word_byte(text.data[start - 1]))
            start--;
        while (end < text.length && end - at < 128 && is_word_byte(text.data[end]))
            end++;
        Str table = str_slice(text, start, at), column = str_slice(text, at + 1, end);
        bool is_whole = (start == 0 || !strchr("/.-", text.data[start - 1])) &&
                        (end == text.length || !strchr("/(-:", text.data[end]));
        const NamedTable *named = is_whole && table.length > 1 && str_contains(column, STR("_"))
                                      ? names_table(&check->names, table)
                                      : NULL;
        if (!named)
            continue;
        check->n_references++;
        if (names_has_part(named, column) ||
            map_get(&check->names.new_ones, str_lower(check->scratch, column)) ||
            str_starts_with(column, STR("_"))) {
            check->n_found++;
            continue;
        }
        if (span->mark_at == 0)
            span->mark_at = end;
        check_mark_about(check, sentence->piece, span, str_slice(text, start, end),
                         str_format(check->out, STR_FMT " has no column " STR_FMT,
                                    STR_ARG(report_prose(check->scratch, table)),
                                    STR_ARG(report_prose(check->scratch, column))));
    }
}

void check_claims(ReportCheck *check)
{
    for (uint32_t i = 0; i < check->document.pieces.n; i++) {
        Piece *piece = &check->document.pieces.items[i];
        if (piece->kind != PIECE_TEXT && piece->kind != PIECE_HEADING)
            continue;
        Sentence sentence = {
            .check = check, .piece = i, .line = str_lower(check->scratch, piece->line)};
        for (uint32_t k = 0; k < piece->spans.n; k++) {
            if (piece->spans.items[k].kind == SPAN_CODE)
                look_at_code(&sentence, &piece->spans, k);
            else if (piece->spans.items[k].kind == SPAN_TEXT)
                look_at_prose(&sentence, &piece->spans.items[k]);
        }
    }
}
