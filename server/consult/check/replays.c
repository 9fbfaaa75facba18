/* Statements replayed on the schema, in the report's order.
 *
 * A report tells a story, and a section may show a statement that the roadmap repeats. So each
 * section's statements are replayed on the schema by themselves first; one that fails there is
 * tried again behind those of the sections before, without the ones that this section repeats.
 * What takes a step back is replayed last, the last step's first, as a person would. */
#include "consult/check/parts.h"

enum { MAX_FORKS = 16 /* schemas built anew to try single undo statements */ };

/* ---- what is there already ---- */

/* True where the statement stands in the sources: the report quotes it. */
static bool is_quoted(ReportCheck *check, const CheckedStatement *statement)
{
    const SourceVec *sources = &check->snapshot->sources;
    for (uint32_t i = check->source_keys.n; i < sources->n; i++)
        VEC_PUSH(check->scratch, &check->source_keys,
                 statement_key(check->scratch, text_bytes(sources->items[i].file->text)));
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
    for (unsigned i = 0; i < n_rules; i++)
        if (str_equal(str_from(all_rules[i]->id), rule))
            return check->snapshot->levels[i] == SEVERITY_OFF;
    return false;
}

/* Replay keeps expressions and queries as texts: the columns that they name are looked up here. */
static void look_beyond_replay(ReportCheck *check, CheckedStatement *statement)
{
    const OperationVec *operations = &statement->fragment->operations;
    for (uint32_t i = 0; i < operations->n && statement->applies; i++) {
        const Operation *operation = &operations->items[i];
        Str problem = operation->kind == OP_CREATE_VIEW && operation->as.create_view.query
                          ? query_problem(check, operation->as.create_view.query)
                          : operation_problem(check, operation);
        if (str_is_absent(problem))
            continue;
        statement->applies = false;
        statement->problem = problem;
    }
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
    if (statement->applies && !statement->is_snippet)
        look_beyond_replay(check, statement);
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

/* True for what a section before `part` recommends, and `part` does not repeat. */
static bool is_of_before(const ReportCheck *check, uint32_t index, int part)
{
    const CheckedStatement *statement = &check->statements.items[index];
    return statement->part < part && is_replayed(statement, statement->part, USE_RECOMMENDED) &&
           !same_before(check, index) && !repeats(check, part, statement->key);
}

/* Applies what the sections before `part` recommend. */
static void replay_before(ReportCheck *check, WhatIf *what_if, int part)
{
    for (uint32_t i = 0; i < check->statements.n; i++)
        if (is_of_before(check, i, part))
            (void)replay(what_if, &check->statements.items[i]);
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
        bool is_own = is_replayed(statement, part, USE_RECOMMENDED) && !same_before(check, i);
        if (is_own || is_of_before(check, i, part))
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
    if (is_only_statement(check, statement))
        return statement->is_snippet ? STR("this snippet") : STR("this statement");
    return statement_title(check->scratch, statement->sql);
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
    check_order_statements(check);
    for (int part = PART_HEAD; part <= PART_SUGGESTIONS; part++)
        apply_part(check, part, &n_forks);
    for (uint32_t i = 0; i < check->statements.n; i++)
        check_settle_statement(check, &check->statements.items[i]);
}
