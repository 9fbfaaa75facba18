/* Section 6: the steps in an order that works, each statement replayed and judged. */
#include "base/buf.h"
#include "consult/offline/offline.h"
#include "engine/input.h"

/* ---- order ---- */

/* Classes in order; within one, what matters most first; else as the sections asked. */
static StepDraftVec in_order(Offline *o)
{
    StepDraftVec sorted = {0};
    for (int kind = CLASS_SECURITY; kind <= CLASS_DROP; kind++)
        for (int priority = PRIORITY_HIGH; priority >= PRIORITY_NONE; priority--)
            for (uint32_t i = 0; i < o->steps.n; i++) {
                StepDraft *step = o->steps.items[i];
                if (step->kind == (StepClass)kind && step->priority == (Priority)priority &&
                    (step->statements.n > 0 || !str_is_empty(step->action)))
                    VEC_PUSH(o->scratch, &sorted, step);
            }
    return sorted;
}

/* ---- one statement ---- */

static Answer answer_of(Offline *o, const Finding *finding)
{
    const Source *source = &o->snapshot->sources.items[finding->location.source];
    return (Answer){.rule = str_copy(o->out, finding->rule),
                    .path = shown_path(o, source->path),
                    .line = text_line_at(source->file->text, finding->location.range.start) + 1};
}

static Statement try_statement(Offline *o, WhatIf *what_if, const StatementDraft *draft)
{
    WhatIfResult result = what_if_apply(what_if, draft->sql);
    Statement statement = {.sql = draft->sql,
                           .dialect = o->schema->dialect,
                           .lock = o->schema->dialect == DIALECT_POSTGRESQL ? result.cost.lock
                                                                            : LOCK_NONE,
                           .cost = report_cost(o->out, &result.cost, o->schema->dialect),
                           .applies = result.applies,
                           .problem = result.applies ? (Str){0} : str_copy(o->out, result.problem),
                           .outside_transaction = draft->outside_transaction};
    for (uint32_t i = 0; i < result.findings.n; i++)
        VEC_PUSH(o->out, &statement.findings,
                 ((StatementFinding){.rule = str_copy(o->out, result.findings.items[i].rule),
                                     .message = str_copy(o->out, result.findings.items[i].message),
                                     .severity = result.findings.items[i].severity}));
    for (uint32_t i = 0; i < draft->answers.n; i++)
        VEC_PUSH(o->out, &statement.answers, answer_of(o, draft->answers.items[i]));
    return statement;
}

/* ---- are the findings gone ---- */

static bool is_still_there(const Snapshot *after, const Finding *finding)
{
    for (uint32_t i = 0; i < after->findings.n; i++) {
        const Finding *other = &after->findings.items[i];
        if (str_equal(other->rule, finding->rule) &&
            other->location.source == finding->location.source &&
            other->location.range.start == finding->location.range.start &&
            str_equal(other->table, finding->table) && str_equal(other->column, finding->column))
            return true;
    }
    return false;
}

/* The sources and one more: the roadmap. A migration where there are others; where there are only
 * definitions or models it must not open a second side of the database, so it is what fills in. */
static Snapshot *analyse_with_roadmap(Offline *o)
{
    const Report *report = o->report;
    Buf sql = buf_with_max((size_t)64 << 20);
    for (uint32_t i = 0; i < report->roadmap.n; i++)
        for (uint32_t k = 0; k < report->roadmap.items[i].statements.n; k++)
            buf_format(&sql, STR_FMT "\n",
                       STR_ARG(report->roadmap.items[i].statements.items[k].sql));
    Text *text = text_new(buf_str(&sql));
    buf_free(&sql);
    LoweredFile *file = lower_file(text, FILE_SQL, o->schema->dialect, NULL);
    text_release(text);
    SourceVec sources = {0};
    for (uint32_t i = 0; i < o->snapshot->sources.n; i++)
        VEC_PUSH(o->scratch, &sources, o->snapshot->sources.items[i]);
    VEC_PUSH(
        o->scratch, &sources,
        ((Source){.path = STR("the roadmap"),
                  .role = o->snapshot->database.has_migrations ? SOURCE_MIGRATION : SOURCE_SEED,
                  .transactions = TRANSACTION_NONE,
                  .file = file}));
    AnalysisInput input = {.name = o->snapshot->database.name,
                           .dialect = o->schema->dialect,
                           .version = o->snapshot->database.version,
                           .is_supabase = o->snapshot->database.is_supabase,
                           .sources = &sources,
                           .rules = {.levels = rule_levels(o->scratch, o->input->config)}};
    Snapshot *after = analyse(&input, o->input->cancel);
    lowered_file_release(file);
    return after;
}

/* What the roadmap itself would raise about the schema, beside the migration rules' words, and
 * beside drift: that models have to follow is said where the ORM is spoken of. */
static void note_new_findings(Offline *o, const Snapshot *after)
{
    uint32_t own = o->snapshot->sources.n;
    for (uint32_t i = 0; i < after->findings.n; i++) {
        const Finding *finding = &after->findings.items[i];
        if (finding->location.source != own ||
            str_equal(finding->group, rule_group_name(GROUP_MIGRATION)) ||
            str_equal(finding->group, rule_group_name(GROUP_DRIFT)))
            continue;
        VEC_PUSH(o->out, &o->report->roadmap_notes,
                 str_format(o->out, "\xe2\x9a\xa0 After these steps " STR_FMT " says: " STR_FMT ".",
                            STR_ARG(report_code(o->scratch, finding->rule)),
                            STR_ARG(report_prose(o->scratch, finding->message))));
    }
}

static void check_answers(Offline *o, const StepDraftVec *steps)
{
    Snapshot *after = analyse_with_roadmap(o);
    if (!after)
        return;
    for (uint32_t i = 0; i < steps->n; i++)
        for (uint32_t k = 0; k < steps->items[i]->statements.n; k++) {
            const StatementDraft *draft = &steps->items[i]->statements.items[k];
            Statement *statement = &o->report->roadmap.items[i].statements.items[k];
            for (uint32_t a = 0; a < draft->answers.n; a++) {
                statement->answers.items[a].is_checked = true;
                statement->answers.items[a].is_gone =
                    !is_still_there(after, draft->answers.items[a]);
            }
        }
    note_new_findings(o, after);
    snapshot_release(after);
}

/* ---- the roadmap ---- */

static void introduce(Offline *o, const StepDraftVec *steps)
{
    ItemDraft *item = item_new(o, SECTION_ROADMAP, PRIORITY_NONE, (Str){0});
    uint32_t n_statements = 0, n_outside = 0;
    for (uint32_t i = 0; i < steps->n; i++) {
        n_statements += steps->items[i]->statements.n;
        for (uint32_t k = 0; k < steps->items[i]->statements.n; k++)
            n_outside += steps->items[i]->statements.items[k].outside_transaction;
    }
    if (steps->n == 0) {
        item_say(o, item, "No statement is worth running on %s as %s: %s%s.",
                 str_to_c(o->scratch, these_tables(o)),
                 o->n_consulted == 1 ? "it stands" : "they stand",
                 str_to_c(o->scratch, count_of(o, o->findings.n, "finding", NULL)),
                 o->findings.n == 0   ? ""
                 : o->findings.n == 1 ? ", which SQL alone could not answer"
                                      : ", none of which SQL alone could answer");
        return;
    }
    item_say(o, item, "For the implementing agent: %s, %s%s%s.",
             str_to_c(o->scratch, count_of(o, steps->n, "step", NULL)),
             str_to_c(o->scratch, count_of(o, n_statements, "statement", NULL)),
             n_outside == 0 ? ""
             : n_outside == n_statements
                 ? ", outside a transaction"
                 : str_to_c(o->scratch, str_format(o->scratch, ", %u of them outside a transaction",
                                                   n_outside)),
             steps->n == 1 ? "" : "; in this order, each step stands alone");
    item_say(
        o, item,
        "Checked: each was replayed on the schema above and judged by Lintel's migration rules.");
}

void offline_roadmap(Offline *o)
{
    StepDraftVec steps = in_order(o);
    WhatIf *what_if = steps.n > 0 ? what_if_begin(o->snapshot) : NULL;
    for (uint32_t i = 0; i < steps.n; i++) {
        StepDraft *draft = steps.items[i];
        draft->number = i + 1;
        Step step = {.number = i + 1,
                     .title = draft->title,
                     .priority = draft->priority,
                     .action = draft->action,
                     .verify = draft->verify,
                     .undo = draft->undo,
                     .risk = draft->risk,
                     .tables = draft->tables};
        for (uint32_t k = 0; k < draft->statements.n; k++)
            VEC_PUSH(o->out, &step.statements,
                     try_statement(o, what_if, &draft->statements.items[k]));
        VEC_PUSH(o->out, &o->report->roadmap, step);
    }
    what_if_free(what_if);
    if (steps.n > 0)
        check_answers(o, &steps);
    introduce(o, &steps);
}
