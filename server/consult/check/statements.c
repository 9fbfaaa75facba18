/* The statements of a report, as they stand in its code. */
#include "base/buf.h"
#include "base/utf8.h"
#include "consult/check/parts.h"

enum { MAX_STATEMENTS = 400 /* of one report; more are not replayed */ };

LoweredFile *check_lower(ReportCheck *check, Str text, FileLanguage language)
{
    Text *made = text_new(text);
    LoweredFile *file = lower_file(made, language, check->schema->dialect, NULL);
    text_release(made);
    VEC_PUSH(check->scratch, &check->lowered, file);
    return file;
}

bool text_is_abbreviated(Str text)
{
    static const char *const signs[] = {"...",    "\xe2\x80\xa6", "{{",    "}}", "<your",
                                        "<table", "<col",         "<name", "<id"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (str_contains(text, str_from(signs[i])))
            return true;
    return false;
}

/* What the fence's word says of the language; DIALECT_POSTGRESQL for "sql" is that of the schema.
 */
static bool is_sql(const ReportCheck *check, Str language, bool *is_other_dialect)
{
    static const char *const any[] = {"sql", "ddl", "plsql", "plpgsql", "psql"};
    static const struct {
        const char *word;
        Dialect dialect;
    } words[] = {{"postgresql", DIALECT_POSTGRESQL}, {"postgres", DIALECT_POSTGRESQL},
                 {"pgsql", DIALECT_POSTGRESQL},      {"mysql", DIALECT_MYSQL},
                 {"mariadb", DIALECT_MYSQL},         {"sqlite", DIALECT_SQLITE},
                 {"sqlite3", DIALECT_SQLITE},        {"tsql", DIALECT_SQLSERVER},
                 {"mssql", DIALECT_SQLSERVER}};
    *is_other_dialect = false;
    if (str_is_among(language, any, sizeof any / sizeof *any))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_equal(language, str_from(words[i].word))) {
            *is_other_dialect = words[i].dialect != check->schema->dialect;
            return true;
        }
    return false;
}

/* Without what only psql reads. */
static Str without_commands(Arena *out, Str code)
{
    Buf buf = buf_with_max(code.length + 1u);
    Str rest = code, line;
    while (str_next_line(&rest, &line)) {
        if (!str_starts_with(str_trim(line), STR("\\")))
            buf_add(&buf, line);
        buf_add_char(&buf, '\n');
    }
    Str text = str_copy(out, buf_str(&buf));
    buf_free(&buf);
    return text;
}

/* Without white space, comments of a line and the final semicolon; lower case. */
Str statement_key(Arena *out, Str sql)
{
    char *key = arena_alloc_raw(out, sql.length + 1u);
    uint32_t n = 0;
    for (uint32_t i = 0; i < sql.length; i++) {
        char c = sql.data[i];
        if (c == '-' && i + 1 < sql.length && sql.data[i + 1] == '-')
            while (i + 1 < sql.length && sql.data[i + 1] != '\n')
                i++;
        else if (c > ' ')
            key[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    while (n > 0 && key[n - 1] == ';')
        n--;
    return str_of(key, n);
}

Str statement_title(Arena *out, Str sql)
{
    enum { SHOWN = 60 };
    Str rest = str_trim(sql), line;
    while (str_next_line(&rest, &line) && str_starts_with(str_trim(line), STR("--")))
        ;
    line = str_trim(line);
    Str shown = utf8_cut(line, SHOWN);
    bool is_cut = shown.length < line.length || rest.length > 0;
    return report_code(out,
                       str_format(out, STR_FMT "%s", STR_ARG(shown), is_cut ? "\xe2\x80\xa6" : ""));
}

static bool says_undo(Str lower)
{
    static const char *const words[] = {"undo",      "rollback",   "roll back", "roll-back",
                                        "revert",    "to go back", "way back",  "down migration",
                                        "downgrade", "back out",   "backout",   "reverse it",
                                        "to reverse"};
    return HAS_ANY(lower, words);
}

static bool says_shown(Str lower)
{
    static const char *const words[] = {"do not run",
                                        "don't run",
                                        "never run",
                                        "not this",
                                        "avoid this",
                                        "wrong:",
                                        "bad:",
                                        "today:",
                                        "currently:",
                                        "today the",
                                        "existing",
                                        "as it is",
                                        "current definition",
                                        "anti-pattern",
                                        "antipattern",
                                        "before:",
                                        "instead of this",
                                        "is defined as",
                                        "currently defined",
                                        "as it stands"};
    return HAS_ANY(lower, words);
}

StatementUse check_use_of(const ReportCheck *check, uint32_t piece)
{
    const PieceVec *pieces = &check->document.pieces;
    bool is_nearest = true;
    for (uint32_t i = piece; i > 0; i--) {
        const Piece *before = &pieces->items[i - 1];
        if (before->kind == PIECE_BLANK)
            continue;
        if (before->kind == PIECE_RULE || before->kind == PIECE_CODE)
            return USE_RECOMMENDED;
        if (before->kind != PIECE_HEADING && !is_nearest)
            continue;
        Str lower = str_lower(check->scratch, before->line);
        if (says_undo(lower))
            return USE_UNDO;
        if (says_shown(lower))
            return USE_SHOWN;
        if (before->kind == PIECE_HEADING)
            return USE_RECOMMENDED;
        is_nearest = false;
    }
    return USE_RECOMMENDED;
}

/* A session's own statements do not count; queries change nothing. */
static bool changes_schema(const Fragment *fragment)
{
    for (uint32_t i = 0; i < fragment->operations.n; i++) {
        OperationKind kind = fragment->operations.items[i].kind;
        if (kind != OP_QUERY && kind != OP_SET && kind != OP_USE && kind != OP_BEGIN &&
            kind != OP_COMMIT && kind != OP_ROLLBACK && kind != OP_SAVEPOINT && kind != OP_OPAQUE)
            return true;
    }
    return false;
}

CheckedStatement *check_add_statement(ReportCheck *check, uint32_t piece, Str sql,
                                      const Fragment *fragment, StatementUse use)
{
    VEC_PUSH(check->scratch, &check->statements,
             ((CheckedStatement){.piece = piece,
                                 .part = check_part_of(check, piece),
                                 .sql = sql,
                                 .key = statement_key(check->scratch, sql),
                                 .use = use,
                                 .fragment = fragment,
                                 .is_schema_change = changes_schema(fragment)}));
    return VEC_LAST(&check->statements);
}

void check_propose(ReportCheck *check, const OperationVec *operations)
{
    for (uint32_t i = 0; i < operations->n; i++) {
        const Operation *operation = &operations->items[i];
        names_propose(&check->names, operation);
        if ((operation->kind == OP_CREATE_TABLE || operation->kind == OP_CREATE_VIEW) &&
            !schema_find_table(check->schema, &operation->target))
            map_set(check->scratch, &check->new_tables,
                    str_lower(check->scratch, operation->target.name.text), check);
    }
}

/* "-- undo", on the lines before a statement. */
static bool comment_says_undo(const ReportCheck *check, Str between)
{
    return str_contains(between, STR("--")) && says_undo(str_lower(check->scratch, between));
}

static void read_piece(ReportCheck *check, uint32_t index)
{
    Piece *piece = &check->document.pieces.items[index];
    bool is_other;
    if (!is_sql(check, piece->language, &is_other))
        return;
    if (is_other) {
        check->n_unchecked++;
        return;
    }
    Str code = without_commands(check->out, piece->code);
    const LoweredFile *file = check_lower(check, code, FILE_SQL);
    StatementUse use = check_use_of(check, index);
    bool in_transaction = false;
    uint32_t end = 0;
    for (uint32_t i = 0; i < file->fragments.n; i++) {
        const PlacedFragment *placed = &file->fragments.items[i];
        const Fragment *fragment = placed->fragment;
        if (comment_says_undo(check, str_slice(code, end, placed->start)))
            use = USE_UNDO;
        end = placed->start + fragment->text.length;
        if (str_is_empty(statement_key(check->scratch, fragment->text)) ||
            check->statements.n == MAX_STATEMENTS)
            continue;
        for (uint32_t k = 0; k < fragment->operations.n; k++) {
            OperationKind kind = fragment->operations.items[k].kind;
            in_transaction =
                kind == OP_BEGIN || (in_transaction && kind != OP_COMMIT && kind != OP_ROLLBACK);
        }
        Str sql = str_format(check->out, STR_FMT ";", STR_ARG(str_trim(fragment->text)));
        CheckedStatement *statement = check_add_statement(check, index, sql, fragment, use);
        statement->in_transaction = in_transaction;
        if (use != USE_SHOWN)
            check_propose(check, &fragment->operations);
    }
}

void check_read_statements(ReportCheck *check)
{
    for (uint32_t i = 0; i < check->document.pieces.n; i++)
        if (check->document.pieces.items[i].kind == PIECE_CODE)
            read_piece(check, i);
}

/* In the order of the text, those of one piece as they were read. */
static void order_statements(ReportCheck *check)
{
    CheckedStatement *items = check->statements.items;
    for (uint32_t i = 1; i < check->statements.n; i++) {
        CheckedStatement moved = items[i];
        uint32_t k = i;
        for (; k > 0 && items[k - 1].piece > moved.piece; k--)
            items[k] = items[k - 1];
        items[k] = moved;
    }
}

static void find_new_tables(ReportCheck *check)
{
    for (uint32_t i = 0; i < check->statements.n; i++) {
        CheckedStatement *statement = &check->statements.items[i];
        const OperationVec *operations = &statement->fragment->operations;
        statement->is_on_new_table = operations->n > 0;
        for (uint32_t k = 0; k < operations->n; k++)
            statement->is_on_new_table =
                statement->is_on_new_table &&
                map_get(&check->new_tables,
                        str_lower(check->scratch, operations->items[k].target.name.text));
    }
}

void check_order_statements(ReportCheck *check)
{
    order_statements(check);
    find_new_tables(check);
}
