/* The statements of a report: found, and replayed in its order.
 *
 * A report tells a story, and a section may show a statement that the roadmap repeats. So each
 * section's statements are replayed on the schema by themselves first; one that fails there is
 * tried again behind those of the sections before, without the ones that this section repeats.
 * What takes a step back is replayed last, the last step's first, as a person would. */
#include "base/buf.h"
#include "consult/check/parts.h"
#include "engine/input.h"

enum {
    MAX_STATEMENTS = 400, /* of one report; more are not replayed */
    MAX_FORKS = 16,       /* schemas built anew to try single undo statements */
};

/* ---- reading ---- */

const LoweredFile *check_lower(ReportCheck *check, Str text, FileLanguage language)
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
    for (size_t i = 0; i < sizeof any / sizeof *any; i++)
        if (str_equal(language, str_from(any[i])))
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
static Str key_of(Arena *out, Str sql)
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

bool text_has_any(Str lower, const char *const *phrases, size_t n_phrases)
{
    for (size_t i = 0; i < n_phrases; i++)
        if (str_contains(lower, str_from(phrases[i])))
            return true;
    return false;
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
                                 .key = key_of(check->scratch, sql),
                                 .use = use,
                                 .fragment = fragment,
                                 .is_schema_change = changes_schema(fragment)}));
    return VEC_LAST(&check->statements);
}

/* What the report makes may be named in it. */
static void propose(ReportCheck *check, const Fragment *fragment)
{
    for (uint32_t i = 0; i < fragment->operations.n; i++) {
        const Operation *operation = &fragment->operations.items[i];
        names_propose(&check->names, operation);
        Str name = str_lower(check->scratch, operation->target.name.text);
        if ((operation->kind == OP_CREATE_TABLE || operation->kind == OP_CREATE_VIEW) &&
            !schema_find_table(check->schema, &operation->target))
            map_set(check->scratch, &check->new_tables, name, check);
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
        if (str_is_empty(key_of(check->scratch, fragment->text)) ||
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
            propose(check, fragment);
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

/* ---- what is there already ---- */

/* True where the statement stands in the sources: the report quotes it. */
static bool is_quoted(ReportCheck *check, const CheckedStatement *statement)
{
    const SourceVec *sources = &check->snapshot->sources;
    for (uint32_t i = check->source_keys.n; i < sources->n; i++)
        VEC_PUSH(check->scratch, &check->source_keys,
                 key_of(check->scratch, text_bytes(sources->items[i].file->text)));
    for (uint32_t i = 0; i < sources->n && !statement->is_snippet; i++)
        if (str_contains(check->source_keys.items[i], statement->key))
            return true;
    return false;
}

/* True for a CREATE TABLE that repeats a part of what the table is. */
static bool is_excerpt(const ReportCheck *check, const CheckedStatement *statement)
{
    const OperationVec *operations = &statement->fragment->operations;
    if (operations->n != 1 || operations->items[0].kind != OP_CREATE_TABLE)
        return false;
    const Table *table = schema_find_table(check->schema, &operations->items[0].target);
    const ColumnDefVec *columns = &operations->items[0].as.create_table.columns;
    if (!table || columns->n == 0)
        return false;
    for (uint32_t i = 0; i < columns->n; i++) {
        const Column *column = table_column(table, columns->items[i].name.text);
        if (!column || !str_equal(column->type.canonical, columns->items[i].type.canonical))
            return false;
    }
    return true;
}

/* ---- replaying ---- */

static bool is_concurrent(const CheckedStatement *statement)
{
    const OperationVec *operations = &statement->fragment->operations;
    for (uint32_t i = 0; i < operations->n; i++)
        if (operations->items[i].concurrently ||
            (operations->items[i].kind == OP_CREATE_INDEX &&
             operations->items[i].as.create_index.concurrently))
            return true;
    return false;
}

static bool is_rule_off(const ReportCheck *check, Str rule)
{
    const Severity *levels = rule_levels(check->scratch, check->input->consultation->config);
    for (unsigned i = 0; i < n_rules; i++)
        if (str_equal(str_from(all_rules[i]->id), rule))
            return levels && levels[i] == SEVERITY_OFF;
    return false;
}

static void take_result(ReportCheck *check, CheckedStatement *statement, const WhatIfResult *result)
{
    statement->is_checked = true;
    statement->applies = result->applies;
    statement->problem = result->applies ? (Str){0} : str_copy(check->out, result->problem);
    statement->cost = result->cost;
    statement->cost.note = str_copy(check->out, result->cost.note);
    statement->findings.n = 0;
    for (uint32_t i = 0; i < result->findings.n; i++) {
        const Finding *finding = &result->findings.items[i];
        if (!statement->is_on_new_table && !is_rule_off(check, finding->rule))
            VEC_PUSH(check->out, &statement->findings,
                     ((StatementFinding){.rule = str_copy(check->out, finding->rule),
                                         .message = str_copy(check->out, finding->message),
                                         .severity = finding->severity}));
    }
    if (statement->applies && statement->in_transaction && is_concurrent(statement)) {
        statement->applies = false;
        statement->problem = STR("CONCURRENTLY cannot run inside a transaction");
    }
}

static WhatIfResult replay(WhatIf *what_if, const CheckedStatement *statement)
{
    return statement->file ? what_if_apply_file(what_if, statement->file)
                           : what_if_apply(what_if, statement->sql);
}

static const CheckedStatement *same_before(const ReportCheck *check, uint32_t index)
{
    const CheckedStatement *statement = &check->statements.items[index];
    for (uint32_t i = 0; i < index; i++) {
        const CheckedStatement *other = &check->statements.items[i];
        if (other->part == statement->part && other->use == statement->use &&
            str_equal(other->key, statement->key))
            return other;
    }
    return NULL;
}

static bool is_replayed(const CheckedStatement *statement, int part, StatementUse use)
{
    return statement->part == part && statement->use == use && statement->is_schema_change;
}

/* Replays the part's statements; only those that failed so far take the result. */
static void replay_part(ReportCheck *check, WhatIf *what_if, int part, bool is_second)
{
    for (uint32_t i = 0; i < check->statements.n; i++) {
        CheckedStatement *statement = &check->statements.items[i];
        if (!is_replayed(statement, part, USE_RECOMMENDED))
            continue;
        const CheckedStatement *same = same_before(check, i);
        if (same) {
            statement->is_checked = same->is_checked;
            statement->applies = same->applies;
            statement->problem = same->problem;
            statement->cost = same->cost;
            continue;
        }
        WhatIfResult result = replay(what_if, statement);
        if (!is_second || (!statement->applies && result.applies))
            take_result(check, statement, &result);
    }
}

static bool repeats(const ReportCheck *check, int part, Str key)
{
    for (uint32_t i = 0; i < check->statements.n; i++)
        if (check->statements.items[i].part == part &&
            str_equal(check->statements.items[i].key, key))
            return true;
    return false;
}

/* Applies what the sections before `part` recommend. */
static void replay_before(ReportCheck *check, WhatIf *what_if, int part)
{
    for (uint32_t i = 0; i < check->statements.n; i++) {
        const CheckedStatement *statement = &check->statements.items[i];
        if (statement->use == USE_RECOMMENDED && statement->is_schema_change &&
            statement->part < part && !same_before(check, i) &&
            !repeats(check, part, statement->key))
            (void)replay(what_if, statement);
    }
}

static bool has_failed(const ReportCheck *check, int part)
{
    for (uint32_t i = 0; i < check->statements.n; i++)
        if (is_replayed(&check->statements.items[i], part, USE_RECOMMENDED) &&
            !check->statements.items[i].applies)
            return true;
    return false;
}

/* The schema after all of the part up to (not including) the statement `end`. */
static WhatIf *schema_after(ReportCheck *check, int part, uint32_t end)
{
    WhatIf *what_if = what_if_begin(check->snapshot);
    for (uint32_t i = 0; i < end; i++) {
        const CheckedStatement *statement = &check->statements.items[i];
        bool is_before = statement->use == USE_RECOMMENDED && statement->is_schema_change &&
                         statement->part <= part && !same_before(check, i);
        if (is_before && (statement->part == part || !repeats(check, part, statement->key)))
            (void)replay(what_if, statement);
    }
    return what_if;
}

/* What takes steps back: the last first; one that fails so, once more right behind its step. */
static void replay_undo(ReportCheck *check, int part, uint32_t *n_forks)
{
    bool is_there = false, has_failures = false;
    for (uint32_t i = 0; i < check->statements.n; i++)
        is_there = is_there || is_replayed(&check->statements.items[i], part, USE_UNDO);
    if (!is_there)
        return;
    WhatIf *what_if = schema_after(check, part, check->statements.n);
    for (uint32_t i = check->statements.n; i > 0; i--) {
        CheckedStatement *statement = &check->statements.items[i - 1];
        if (!is_replayed(statement, part, USE_UNDO))
            continue;
        WhatIfResult result = replay(what_if, statement);
        take_result(check, statement, &result);
        has_failures = has_failures || !statement->applies;
    }
    what_if_free(what_if);
    for (uint32_t i = 0; has_failures && i < check->statements.n; i++) {
        CheckedStatement *statement = &check->statements.items[i];
        if (!is_replayed(statement, part, USE_UNDO) || statement->applies)
            continue;
        if ((*n_forks)++ >= MAX_FORKS) {
            statement->is_checked = false;
            continue;
        }
        what_if = schema_after(check, part, i);
        /* Statements of the same block before it belong to it. */
        for (uint32_t k = 0; k < i; k++)
            if (is_replayed(&check->statements.items[k], part, USE_UNDO) &&
                check->statements.items[k].piece == statement->piece)
                (void)replay(what_if, &check->statements.items[k]);
        WhatIfResult result = replay(what_if, statement);
        take_result(check, statement, &result);
        what_if_free(what_if);
    }
}

static void apply_part(ReportCheck *check, int part, uint32_t *n_forks)
{
    bool is_there = false;
    for (uint32_t i = 0; i < check->statements.n; i++)
        is_there = is_there || is_replayed(&check->statements.items[i], part, USE_RECOMMENDED);
    if (is_there) {
        WhatIf *what_if = what_if_begin(check->snapshot);
        replay_part(check, what_if, part, false);
        what_if_free(what_if);
    }
    if (is_there && has_failed(check, part)) {
        WhatIf *what_if = what_if_begin(check->snapshot);
        replay_before(check, what_if, part);
        replay_part(check, what_if, part, true);
        what_if_free(what_if);
    }
    replay_undo(check, part, n_forks);
}

/* ---- what is said of them ---- */

static bool is_only_statement(const ReportCheck *check, const CheckedStatement *statement)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < check->statements.n; i++)
        n += check->statements.items[i].piece == statement->piece;
    return n == 1;
}

static Str title_of(const ReportCheck *check, const CheckedStatement *statement)
{
    enum { SHOWN = 60 };
    if (is_only_statement(check, statement))
        return statement->is_snippet ? STR("this snippet") : STR("this statement");
    Str rest = statement->sql, line;
    while (str_next_line(&rest, &line) && str_starts_with(str_trim(line), STR("--")))
        ;
    line = str_trim(line);
    bool is_cut = line.length > SHOWN || rest.length > 0;
    uint32_t end = line.length > SHOWN ? SHOWN : line.length;
    while (end > 0 && end < line.length && ((unsigned char)line.data[end] & 0xC0) == 0x80)
        end--;
    return report_code(check->scratch,
                       str_format(check->scratch, STR_FMT "%s", STR_ARG(str_slice(line, 0, end)),
                                  is_cut ? "\xe2\x80\xa6" : ""));
}

static void say_problem(ReportCheck *check, const CheckedStatement *statement)
{
    Str title = title_of(check, statement),
        problem = report_prose(check->scratch, statement->problem);
    bool is_change = statement->is_schema_change && (!statement->is_snippet || statement->file);
    Str note =
        str_format(check->out, "\xe2\x9a\xa0 Lintel: " STR_FMT " %s: " STR_FMT ".", STR_ARG(title),
                   is_change ? "does not apply" : "does not fit the schema", STR_ARG(problem));
    check_note(check, statement->piece, note,
               str_format(check->out, "the statement `" STR_FMT "` %s: " STR_FMT,
                          STR_ARG(str_slice(statement->sql, 0, 300)),
                          is_change ? "does not apply" : "does not fit the schema",
                          STR_ARG(statement->problem)));
}

void check_settle_statement(ReportCheck *check, CheckedStatement *statement)
{
    if (!statement->is_checked || statement->applies)
        return;
    bool is_unreadable = statement->fragment->problems.n > 0 ||
                         (statement->fragment->operations.n == 1 &&
                          statement->fragment->operations.items[0].kind == OP_UNKNOWN);
    if ((is_unreadable && text_is_abbreviated(statement->sql)) || is_quoted(check, statement) ||
        is_excerpt(check, statement)) {
        statement->is_checked = false;
        statement->use = USE_SHOWN;
        check->n_unchecked += is_unreadable;
        return;
    }
    say_problem(check, statement);
}

void check_apply_statements(ReportCheck *check)
{
    uint32_t n_forks = 0;
    order_statements(check);
    find_new_tables(check);
    for (int part = PART_HEAD; part <= PART_SUGGESTIONS; part++)
        apply_part(check, part, &n_forks);
    for (uint32_t i = 0; i < check->statements.n; i++)
        check_settle_statement(check, &check->statements.items[i]);
}
