/* What a report says of locks and rewrites, beside what its statements do.
 *
 * A step is the text around its code: from the heading, the numbered line or the code before it to
 * the next of these. What stands there is compared with the costs of the step's statements. A lock
 * that is held for long and not mentioned is a mark, and so is a mention that is wrong; a lock for
 * a moment is only written below the code. */
#include "consult/check/parts.h"

/* ---- the text of a step ---- */

typedef struct {
    uint32_t first, end; /* pieces */
    Str text;            /* their prose, lower case */
} StepText;

static bool is_numbered(const Piece *piece)
{
    Str text = str_trim(piece->line);
    uint32_t n = 0;
    while (n < text.length && text.data[n] >= '0' && text.data[n] <= '9')
        n++;
    bool is_item = n > 0 && n < text.length && strchr(".)", text.data[n]);
    Str lower = str_starts_with(text, STR("**")) ? str_slice(text, 2, text.length) : text;
    return is_item || str_starts_with(lower, STR("Step ")) || str_starts_with(lower, STR("Phase "));
}

/* "Lock:", "#### Verification": a part of a step, not another one. */
static bool is_field(const ReportCheck *check, const Piece *piece)
{
    static const char *const fields[] = {"statement", "sql",  "lock", "cost",  "verif", "check",
                                         "undo",      "roll", "risk", "why",   "how",   "test",
                                         "command",   "note", "back", "after", "before"};
    Str title = str_lower(check->scratch, piece->title);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (str_starts_with(title, str_from(fields[i])))
            return true;
    Str line = str_trim(piece->line);
    return piece->level == 7 && (str_ends_with(line, STR(":")) || str_ends_with(line, STR(":**")));
}

/* A line that begins another step; a heading that is deeper than `level` does not. */
static bool begins_step(const ReportCheck *check, const Piece *piece, uint32_t level)
{
    if (piece->kind == PIECE_HEADING)
        return piece->level <= level && !is_field(check, piece);
    return piece->kind == PIECE_RULE || (piece->kind == PIECE_TEXT && is_numbered(piece));
}

static StepText step_of(const ReportCheck *check, uint32_t code)
{
    const PieceVec *pieces = &check->document.pieces;
    StepText step = {.first = code, .end = code + 1};
    int part = check_part_of(check, code);
    while (step.first > 0 && !begins_step(check, &pieces->items[step.first], 7) &&
           check_part_of(check, step.first - 1) == part)
        step.first--;
    const Piece *begin = &pieces->items[step.first];
    uint32_t level = begin->kind == PIECE_HEADING ? begin->level : 7;
    while (step.end < pieces->n && !begins_step(check, &pieces->items[step.end], level) &&
           check_part_of(check, step.end) == part)
        step.end++;
    step.text = check_prose(check, step.first, step.end);
    return step;
}

/* ---- what is said ---- */

static bool is_negated(Str text, uint32_t at)
{
    static const char *const words[] = {
        "instead of", "rather than", "avoid", "without", "no ",     "not ", "never",   "otherwise",
        "would",      "weaker than", "n't ",  "unlike",  "neither", "nor ", "than an", "plain "};
    return HAS_ANY(text_clause_before(text, at, 40, ".;\n"), words);
}

/* "ACCESS EXCLUSIVE is not needed" */
static bool is_denied(Str text, uint32_t at)
{
    static const char *const words[] = {" is not",     " isn't", " not needed", " is never",
                                        " is avoided", " would", " are not"};
    Str behind = str_slice(text, at, at + 24);
    for (uint32_t i = 0; i < behind.length; i++)
        if (strchr(".;,\n", behind.data[i]))
            behind.length = i;
    return HAS_ANY(behind, words);
}

/* The lock levels that are claimed, as bits. The longest name at a place counts. */
static unsigned locks_claimed(Arena *scratch, Str text, bool *is_mentioned, LockLevel level)
{
    unsigned claimed = 0;
    *is_mentioned = false;
    for (int lock = LOCK_ACCESS_EXCLUSIVE; lock > LOCK_NONE; lock--) {
        Str name = str_lower(scratch, lock_name((LockLevel)lock));
        for (uint32_t at = str_find(text, name, 0); at != UINT32_MAX;
             at = str_find(text, name, at + name.length)) {
            Str before = str_slice(text, at > 13 ? at - 13 : 0, at),
                after = str_slice(text, at + name.length, at + name.length + 24);
            bool is_part =
                str_ends_with(before, STR("access ")) || str_ends_with(before, STR("row ")) ||
                str_ends_with(before, STR("share ")) || str_ends_with(before, STR("update ")) ||
                str_starts_with(after, STR(" row exclusive")) ||
                str_starts_with(after, STR(" update exclusive"));
            bool is_short = lock == LOCK_SHARE || lock == LOCK_EXCLUSIVE;
            bool is_lock =
                !is_short ||
                str_starts_with(str_trim(str_slice(text, at + name.length, text.length)),
                                STR("lock")) ||
                str_starts_with(str_slice(text, at + name.length, text.length), STR("` lock"));
            if (is_part || !is_lock)
                continue;
            *is_mentioned = *is_mentioned || (LockLevel)lock == level;
            if (!is_negated(text, at) && !is_denied(text, at + name.length))
                claimed |= 1u << lock;
        }
    }
    return claimed;
}

/* An affirmed phrase; `words` in lower case. */
static bool says(Str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Str word = str_from(words[i]);
        for (uint32_t at = str_find(text, word, 0); at != UINT32_MAX;
             at = str_find(text, word, at + word.length))
            if (!is_negated(text, at))
                return true;
    }
    return false;
}
#define SAYS(text, words) says((text), (words), sizeof(words) / sizeof *(words))

static bool says_no_lock(Str text)
{
    static const char *const words[] = {
        "no lock",       "without a lock",        "without any lock", "without locking",
        "lock-free",     "takes no lock",         "does not lock",    "lock free",
        "no table lock", "without taking a lock", "locks nothing",    "not lock the table"};
    return HAS_ANY(text, words);
}

static bool says_open(Str text)
{
    static const char *const words[] = {"non-blocking",
                                        "nonblocking",
                                        "does not block writes",
                                        "does not block reads",
                                        "doesn't block",
                                        "without blocking",
                                        "no downtime",
                                        "zero downtime",
                                        "zero-downtime",
                                        "blocks nothing",
                                        "blocks neither reads",
                                        "no blocking",
                                        "does not block",
                                        "do not wait",
                                        "nobody waits",
                                        "none that blocks writes",
                                        "reads and writes go on",
                                        "reads and writes continue"};
    return HAS_ANY(text, words);
}

static bool says_no_rewrite(Str text)
{
    static const char *const words[] = {
        "no rewrite",      "without rewriting", "without a rewrite", "does not rewrite",
        "doesn't rewrite", "metadata-only",     "metadata only",     "catalog-only",
        "catalog only",    "no table rewrite",  "not rewrite",       "rewrites nothing"};
    return HAS_ANY(text, words);
}

static bool says_wait(Str text)
{
    static const char *const words[] = {"block",  "lock", "rewrite",   "downtime",
                                        "outage", "wait", "exclusive", "maintenance window",
                                        "quiet"};
    return SAYS(text, words);
}

/* ---- one step ---- */

static bool is_long(const OperationCost *cost)
{
    return (cost->blocks_reads || cost->blocks_writes) &&
           (cost->rewrites || cost->scans || cost->builds_index);
}

static Str cost_of(ReportCheck *check, const CheckedStatement *statement)
{
    return report_cost(check->scratch, &statement->cost, check->schema->dialect);
}

static void mark(ReportCheck *check, const CheckedStatement *statement, const char *what)
{
    Str cost = cost_of(check, statement), title = statement_title(check->scratch, statement->sql);
    check_note(check, statement->piece,
               str_format(check->out, "\xe2\x9a\xa0 Lintel: " STR_FMT " takes: " STR_FMT ". %s.",
                          STR_ARG(title), STR_ARG(cost), what),
               str_format(check->out, "the statement " STR_FMT " costs: " STR_FMT ". %s",
                          STR_ARG(title), STR_ARG(cost), what));
}

typedef struct {
    unsigned locks; /* bits of all that the step's statements take */
    bool rewrites, is_long;
    const CheckedStatement *strongest;
} StepCost;

static StepCost cost_of_step(const ReportCheck *check, const StepText *step)
{
    StepCost all = {0};
    for (uint32_t i = 0; i < check->statements.n; i++) {
        const CheckedStatement *statement = &check->statements.items[i];
        if (statement->piece < step->first || statement->piece >= step->end ||
            !statement->is_checked || !statement->applies || !statement->is_schema_change)
            continue;
        const OperationCost *cost = &statement->cost;
        all.locks |= 1u << cost->lock | 1u << cost->lock_on_other;
        all.rewrites = all.rewrites || cost->rewrites;
        if (statement->is_on_new_table || statement->use != USE_RECOMMENDED)
            continue;
        all.is_long = all.is_long || is_long(cost);
        if (!all.strongest || cost->lock > all.strongest->cost.lock ||
            (cost->lock == all.strongest->cost.lock && is_long(cost) &&
             !is_long(&all.strongest->cost)))
            all.strongest = statement;
    }
    return all;
}

static void judge_step(ReportCheck *check, const StepText *step, const StepCost *cost)
{
    static const char *const rewriting[] = {"rewrites the table", "rewrites the whole table",
                                            "full table rewrite", "rewrites all rows",
                                            "a table rewrite",    "rewrites every row"};
    const CheckedStatement *strongest = cost->strongest;
    if (!strongest)
        return;
    LockLevel level = strongest->cost.lock;
    bool is_mentioned, has_levels = check->schema->dialect == DIALECT_POSTGRESQL;
    unsigned claimed = locks_claimed(check->scratch, step->text, &is_mentioned, level);
    bool blocks = strongest->cost.blocks_reads || strongest->cost.blocks_writes;
    if (blocks && says_no_lock(step->text) && !(claimed & 1u << level))
        mark(check, strongest, "The report says that there is no lock");
    else if (cost->is_long && says_open(step->text) && !(claimed & 1u << level) &&
             !SAYS(step->text, rewriting))
        mark(check, strongest, "The report says that nobody has to wait");
    else if (has_levels && (claimed & ~cost->locks) != 0)
        mark(check, strongest, "The report names another lock");
    else if (cost->rewrites && says_no_rewrite(step->text))
        mark(check, strongest, "The report says that nothing is rewritten");
    else if (!cost->rewrites && SAYS(step->text, rewriting))
        mark(check, strongest, "The report says that the table is rewritten");
    else if (cost->is_long && has_levels && !(claimed & 1u << level) && !is_mentioned)
        mark(check, strongest, "The report does not say so");
    else if (cost->is_long && !has_levels && !says_wait(step->text))
        mark(check, strongest, "The report does not say so");
}

/* ---- what our rules say, and the line below the code ---- */

/* True where the step's text owns up to what the rule warns of. */
static bool is_acknowledged(Str text, const StatementFinding *finding)
{
    static const char *const loss[] = {
        "lost",    "lose",       "irreversib", "cannot be undone",
        "back up", "backup",     "gone",       "no way back",
        "deletes", "archive",    "dump",       "cannot be taken back",
        "destroy", "still name", "break"};
    static const char *const wait[] = {"exclusive", "block", "rewrite", "scan",
                                       "downtime",  "lock",  "quiet"};
    if (str_contains(text, finding->rule))
        return true;
    bool is_drop = str_starts_with(finding->rule, STR("drop-")) ||
                   str_starts_with(finding->rule, STR("rename-"));
    return is_drop ? HAS_ANY(text, loss) : SAYS(text, wait);
}

static void say_findings(ReportCheck *check, const CheckedStatement *statement, Str text)
{
    for (uint32_t i = 0; i < statement->findings.n; i++) {
        const StatementFinding *finding = &statement->findings.items[i];
        if (finding->severity < SEVERITY_WARNING || is_acknowledged(text, finding))
            continue;
        Str message = report_prose(check->scratch, finding->message);
        check_note(check, statement->piece,
                   str_format(check->out, "\xe2\x9a\xa0 Lintel's `" STR_FMT "`: " STR_FMT ".",
                              STR_ARG(finding->rule), STR_ARG(message)),
                   str_format(check->out, "the rule " STR_FMT " objects to `" STR_FMT "`: " STR_FMT,
                              STR_ARG(finding->rule), STR_ARG(str_slice(statement->sql, 0, 200)),
                              STR_ARG(finding->message)));
    }
}

/* "Lintel: applies. ACCESS EXCLUSIVE, …" below each block that changes the schema. */
static void say_costs(ReportCheck *check, uint32_t piece)
{
    StrVec costs = {0};
    bool all_apply = true, is_any = false;
    for (uint32_t i = 0; i < check->statements.n; i++) {
        const CheckedStatement *statement = &check->statements.items[i];
        if (statement->piece != piece || !statement->is_checked || !statement->is_schema_change)
            continue;
        is_any = true;
        all_apply = all_apply && statement->applies;
        if (!statement->applies || statement->is_on_new_table)
            continue;
        Str cost = cost_of(check, statement);
        if (costs.n == 0 || !str_equal(costs.items[costs.n - 1], cost))
            VEC_PUSH(check->scratch, &costs, cost);
    }
    if (!is_any || !all_apply)
        return;
    Str all = str_join(check->scratch, costs.items, costs.n, STR("; then "));
    check_note(check, piece,
               str_format(check->out, "Lintel: applies%s" STR_FMT ".", costs.n > 0 ? "; " : "",
                          STR_ARG(all)),
               (Str){0});
}

void check_locks(ReportCheck *check)
{
    uint32_t said = UINT32_MAX;
    StepText step = {0};
    for (uint32_t i = 0; i < check->statements.n; i++) {
        const CheckedStatement *statement = &check->statements.items[i];
        if (!statement->is_checked || !statement->is_schema_change)
            continue;
        if (statement->piece != said)
            say_costs(check, said = statement->piece);
        if (!statement->applies || statement->use != USE_RECOMMENDED)
            continue;
        if (statement->piece >= step.end) {
            step = step_of(check, statement->piece);
            StepCost cost = cost_of_step(check, &step);
            judge_step(check, &step, &cost);
        }
        say_findings(check, statement, step.text);
    }
}
