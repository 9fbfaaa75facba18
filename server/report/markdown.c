#include "report/markdown.h"

enum { N_SHOWN_REFERENCES = 5 };

/* Scratch for the small strings of one document. */
typedef struct {
    Buf *out;
    const Report *report;
    Arena scratch;
} Writer;

static void add_line(Writer *w, Str text)
{
    buf_add(w->out, text);
    buf_add_char(w->out, '\n');
}

/* In a table a bar separates cells and a line break ends the row, even inside code. */
static void add_cell(Writer *w, Str text)
{
    buf_add(w->out, STR(" "));
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.data[i] == '|')
            buf_add_char(w->out, '\\');
        buf_add_char(w->out, text.data[i] == '\n' ? ' ' : text.data[i]);
    }
    buf_add(w->out, STR(" |"));
}

static void add_grid(Writer *w, const Grid *grid)
{
    buf_add_char(w->out, '\n');
    if (!str_is_empty(grid->caption)) {
        add_line(w, grid->caption);
        buf_add_char(w->out, '\n');
    }
    buf_add_char(w->out, '|');
    for (uint32_t i = 0; i < grid->header.n; i++)
        add_cell(w, grid->header.items[i]);
    buf_add(w->out, STR("\n|"));
    for (uint32_t i = 0; i < grid->header.n; i++)
        buf_add(w->out, STR("---|"));
    buf_add_char(w->out, '\n');
    for (uint32_t i = 0; i < grid->rows.n; i++) {
        buf_add_char(w->out, '|');
        for (uint32_t k = 0; k < grid->rows.items[i].n; k++)
            add_cell(w, grid->rows.items[i].items[k]);
        buf_add_char(w->out, '\n');
    }
}

static Str numbers(Writer *w, const uint32_t *items, uint32_t n)
{
    StrVec texts = {0};
    for (uint32_t i = 0; i < n; i++)
        VEC_PUSH(&w->scratch, &texts, str_format(&w->scratch, "%u", items[i]));
    return str_join(&w->scratch, texts.items, texts.n, STR(", "));
}

/* "(high, orders.sql:13, 21; steps 4, 6)" */
static Str item_facts(Writer *w, const Item *item)
{
    StrVec facts = {0};
    if (item->priority != PRIORITY_NONE)
        VEC_PUSH(&w->scratch, &facts, priority_name(item->priority));
    if (item->evidence.n > 0)
        VEC_PUSH(&w->scratch, &facts,
                 report_cite(&w->scratch, &item->evidence, w->report->folder, N_SHOWN_REFERENCES));
    Str text = str_join(&w->scratch, facts.items, facts.n, STR(", "));
    if (item->steps.n == 0)
        return text;
    return str_format(&w->scratch, STR_FMT "%sstep%s " STR_FMT, STR_ARG(text),
                      text.length > 0 ? "; " : "", item->steps.n > 1 ? "s" : "",
                      STR_ARG(numbers(w, item->steps.items, item->steps.n)));
}

static void add_item(Writer *w, const Item *item, uint32_t number)
{
    if (number > 0)
        buf_format(w->out, "%u. ", number);
    else
        buf_add(w->out, STR("- "));
    Str facts = item_facts(w, item);
    if (!str_is_empty(item->title)) {
        buf_format(w->out, "**" STR_FMT "**", STR_ARG(item->title));
        if (!str_is_empty(facts))
            buf_format(w->out, " (" STR_FMT ")", STR_ARG(facts));
        buf_add(w->out, str_is_empty(item->body) ? STR(".") : STR(". "));
        buf_add(w->out, item->body);
    } else {
        buf_add(w->out, item->body);
        if (!str_is_empty(facts))
            buf_format(w->out, " (" STR_FMT ")", STR_ARG(facts));
    }
    buf_add_char(w->out, '\n');
}

static void add_items(Writer *w, const ItemVec *items)
{
    /* Remarks first, as they stand; then what is recommended, numbered. */
    uint32_t number = 0;
    for (uint32_t i = 0; i < items->n; i++)
        if (items->items[i].priority == PRIORITY_NONE)
            add_item(w, &items->items[i], 0);
    bool has_remarks = false;
    for (uint32_t i = 0; i < items->n; i++)
        has_remarks = has_remarks || items->items[i].priority == PRIORITY_NONE;
    for (uint32_t i = 0; i < items->n; i++) {
        if (items->items[i].priority == PRIORITY_NONE)
            continue;
        if (number == 0 && has_remarks)
            buf_add_char(w->out, '\n');
        add_item(w, &items->items[i], ++number);
    }
}

static void add_section_rest(Writer *w, const Section *section)
{
    for (uint32_t i = 0; i < section->grids.n; i++)
        add_grid(w, &section->grids.items[i]);
    if (!str_is_empty(section->diagram)) {
        buf_add(w->out, STR("\n```mermaid\n"));
        buf_add(w->out, section->diagram);
        if (!str_ends_with(section->diagram, STR("\n")))
            buf_add_char(w->out, '\n');
        buf_add(w->out, STR("```\n"));
    }
    if (!str_is_empty(section->diagram_note)) {
        buf_add_char(w->out, '\n');
        add_line(w, section->diagram_note);
    }
}

/* ---- the roadmap ---- */

/* A fence longer than any run of backticks in the statement. */
static void add_statements(Writer *w, const Step *step)
{
    uint32_t longest = 2, run = 0;
    for (uint32_t i = 0; i < step->statements.n; i++) {
        Str sql = step->statements.items[i].sql;
        for (uint32_t k = 0; k < sql.length; k++) {
            run = sql.data[k] == '`' ? run + 1 : 0;
            longest = run > longest ? run : longest;
        }
    }
    for (uint32_t i = 0; i <= longest; i++)
        buf_add_char(w->out, '`');
    buf_add(w->out, STR("sql\n"));
    for (uint32_t i = 0; i < step->statements.n; i++)
        add_line(w, step->statements.items[i].sql);
    for (uint32_t i = 0; i <= longest; i++)
        buf_add_char(w->out, '`');
    buf_add_char(w->out, '\n');
}

static bool same_cost(const Step *step)
{
    for (uint32_t i = 1; i < step->statements.n; i++)
        if (!str_equal(step->statements.items[i].cost, step->statements.items[0].cost))
            return false;
    return true;
}

static void add_costs(Writer *w, const Step *step)
{
    if (step->statements.n == 0)
        return;
    buf_add(w->out, STR("- Lock, cost: "));
    Str last = {0};
    bool is_first = true;
    for (uint32_t i = 0; i < step->statements.n; i++) {
        Str cost = step->statements.items[i].cost;
        if (str_equal(cost, last) && !is_first)
            continue;
        bool is_repeated = false;
        for (uint32_t k = 0; k < i && !is_repeated; k++)
            is_repeated = str_equal(step->statements.items[k].cost, cost);
        if (is_repeated)
            continue;
        buf_format(w->out, "%s" STR_FMT, is_first ? "" : "; then ", STR_ARG(cost));
        is_first = false;
        last = cost;
    }
    if (step->statements.n > 1 && same_cost(step))
        buf_add(w->out, STR(", each"));
    bool is_outside = false;
    for (uint32_t i = 0; i < step->statements.n; i++)
        is_outside = is_outside || step->statements.items[i].outside_transaction;
    buf_add(w->out, is_outside ? STR(". Outside a transaction.\n") : STR(".\n"));
}

static void add_doubts(Writer *w, const Step *step)
{
    for (uint32_t i = 0; i < step->statements.n; i++) {
        const Statement *statement = &step->statements.items[i];
        if (!statement->applies)
            buf_format(w->out, "- \xe2\x9a\xa0 statement %u does not apply: " STR_FMT "\n", i + 1,
                       STR_ARG(report_prose(&w->scratch, statement->problem)));
        for (uint32_t k = 0; k < statement->findings.n; k++) {
            const StatementFinding *finding = &statement->findings.items[k];
            bool is_repeated = false;
            for (uint32_t j = 0; j < i && !is_repeated; j++)
                for (uint32_t m = 0; m < step->statements.items[j].findings.n; m++)
                    is_repeated =
                        is_repeated ||
                        str_equal(step->statements.items[j].findings.items[m].rule, finding->rule);
            if (!is_repeated)
                buf_format(w->out, "- Lintel's own %s objects: " STR_FMT ".\n",
                           str_to_c(&w->scratch, report_code(&w->scratch, finding->rule)),
                           STR_ARG(report_prose(&w->scratch, finding->message)));
        }
    }
}

static void add_answers(Writer *w, const Step *step)
{
    AnswerVec all = {0};
    for (uint32_t i = 0; i < step->statements.n; i++)
        for (uint32_t k = 0; k < step->statements.items[i].answers.n; k++) {
            Answer answer = step->statements.items[i].answers.items[k];
            bool is_repeated = false;
            for (uint32_t j = 0; j < all.n && !is_repeated; j++)
                is_repeated = str_equal(all.items[j].rule, answer.rule) &&
                              str_equal(all.items[j].path, answer.path) &&
                              all.items[j].line == answer.line;
            if (!is_repeated)
                VEC_PUSH(&w->scratch, &all, answer);
        }
    for (uint32_t i = 0; i < all.n; i++) {
        bool is_first = true;
        for (uint32_t k = 0; k < i && is_first; k++)
            is_first = !str_equal(all.items[k].rule, all.items[i].rule);
        if (!is_first)
            continue;
        ReferenceVec places = {0};
        for (uint32_t k = i; k < all.n; k++)
            if (str_equal(all.items[k].rule, all.items[i].rule))
                VEC_PUSH(&w->scratch, &places,
                         ((Reference){.path = all.items[k].path,
                                      .line = all.items[k].line,
                                      .is_found = true}));
        buf_format(
            w->out, "- Answers %s at " STR_FMT ".\n",
            str_to_c(&w->scratch, report_code(&w->scratch, all.items[i].rule)),
            STR_ARG(report_cite(&w->scratch, &places, w->report->folder, N_SHOWN_REFERENCES)));
    }
}

static void add_labelled(Writer *w, const char *label, Str text)
{
    if (!str_is_empty(text))
        buf_format(w->out, "- %s: " STR_FMT "%s\n", label, STR_ARG(text),
                   str_ends_with(text, STR(".")) ? "" : ".");
}

static void add_step(Writer *w, const Step *step)
{
    buf_format(w->out, "\n### Step %u. " STR_FMT "%s" STR_FMT "%s\n\n", step->number,
               STR_ARG(step->title), step->priority == PRIORITY_NONE ? "" : " (",
               STR_ARG(priority_name(step->priority)), step->priority == PRIORITY_NONE ? "" : ")");
    if (!str_is_empty(step->action)) {
        add_line(w, step->action);
        buf_add_char(w->out, '\n');
    }
    if (step->statements.n > 0) {
        add_statements(w, step);
        buf_add_char(w->out, '\n');
    }
    add_costs(w, step);
    add_doubts(w, step);
    add_answers(w, step);
    add_labelled(w, "Verify", step->verify);
    add_labelled(w, "Undo", step->undo);
    add_labelled(w, "Risk", step->risk);
}

static void add_roadmap(Writer *w)
{
    const Report *report = w->report;
    for (uint32_t i = 0; i < report->roadmap.n; i++)
        add_step(w, &report->roadmap.items[i]);
    if (report->roadmap_notes.n == 0)
        return;
    buf_add_char(w->out, '\n');
    for (uint32_t i = 0; i < report->roadmap_notes.n; i++)
        buf_format(w->out, "- " STR_FMT "\n", STR_ARG(report->roadmap_notes.items[i]));
}

/* ---- the head ---- */

static void add_rules(Writer *w)
{
    const Report *report = w->report;
    buf_add(w->out, STR("**Project rules** "));
    if (report->rules.n == 0)
        buf_add(w->out, STR("none found (.claude/rules.md)"));
    for (uint32_t i = 0; i < report->rules.n; i++) {
        const ReportRules *rules = &report->rules.items[i];
        buf_format(w->out, "%s" STR_FMT " (%u line%s, sha256 " STR_FMT "\xe2\x80\xa6)",
                   i == 0 ? "" : ", ", STR_ARG(report_prose(&w->scratch, rules->path)),
                   rules->n_lines, rules->n_lines == 1 ? "" : "s",
                   STR_ARG(str_slice(rules->sha256, 0, 12)));
    }
    buf_add_char(w->out, '\n');
    if (report->rules_applied.n == 0)
        return;
    buf_add(w->out, STR("\n**Rules applied**\n"));
    for (uint32_t i = 0; i < report->rules_applied.n; i++)
        buf_format(w->out, "- " STR_FMT "\n", STR_ARG(report->rules_applied.items[i]));
}

static void add_unmentioned(Writer *w)
{
    enum { SHOWN = 8 };
    const AnswerVec *findings = &w->report->unmentioned;
    for (uint32_t i = 0; i < findings->n && i < SHOWN; i++) {
        const Answer *finding = &findings->items[i];
        buf_format(w->out, "%s" STR_FMT " (" STR_FMT ":%u)",
                   i == 0 ? "Found by Lintel's rules, and not spoken of: " : ", ",
                   STR_ARG(report_code(&w->scratch, finding->rule)),
                   STR_ARG(report_prose(&w->scratch, finding->path)), finding->line);
    }
    if (findings->n > SHOWN)
        buf_format(w->out, " and %u more", findings->n - SHOWN);
    if (findings->n > 0)
        buf_add(w->out, STR(".\n"));
}

/* "41 of 43 references found; 12 of 13 statements apply; 1 takes an ACCESS EXCLUSIVE lock" */
static void add_checks_of_text(Writer *w)
{
    const Checks *checks = &w->report->checks;
    buf_format(w->out, "**Checked by Lintel** %u of %u reference%s found",
               checks->n_references_found, checks->n_references,
               checks->n_references == 1 ? "" : "s");
    if (checks->n_statements > 0)
        buf_format(w->out, "; %u of %u statement%s", checks->n_statements_applying,
                   checks->n_statements, checks->n_statements == 1 ? " applies" : "s apply");
    if (checks->strongest_lock != LOCK_NONE)
        buf_format(w->out, "; %u take%s %s " STR_FMT " lock", checks->n_strongest,
                   checks->n_strongest == 1 ? "s" : "",
                   strchr("AE", lock_name(checks->strongest_lock).data[0]) ? "an" : "a",
                   STR_ARG(lock_name(checks->strongest_lock)));
    if (checks->n_unchecked > 0)
        buf_format(w->out, "; %u could not be replayed", checks->n_unchecked);
    if (w->report->marks.n > 0)
        buf_format(w->out, "; %u mark%s \xe2\x9a\xa0 in the text", w->report->marks.n,
                   w->report->marks.n == 1 ? "" : "s");
    buf_add(w->out, STR(".\n"));
    if (checks->filled.n > 0)
        buf_format(
            w->out, "Not by the model, but computed: " STR_FMT ".\n",
            STR_ARG(str_join(&w->scratch, checks->filled.items, checks->filled.n, STR(", "))));
    if (checks->was_out_of_order)
        buf_add(w->out, STR("The sections came in another order.\n"));
    add_unmentioned(w);
}

static void add_checks(Writer *w)
{
    if (!str_is_absent(w->report->text)) {
        add_checks_of_text(w);
        return;
    }
    const Checks *checks = &w->report->checks;
    buf_format(w->out, "**Checked** %u of %u reference%s found in the sources",
               checks->n_references_found, checks->n_references,
               checks->n_references == 1 ? "" : "s");
    if (checks->n_statements == 0) {
        buf_add(w->out, STR("; no statement is recommended\n"));
        return;
    }
    buf_format(w->out, "; %u of %u statement%s to the schema in this order",
               checks->n_statements_applying, checks->n_statements,
               checks->n_statements == 1 ? " applies" : "s apply");
    if (checks->n_answers > 0)
        buf_format(w->out, "; %u of %u finding%s that they answer %s gone afterwards",
                   checks->n_answers_gone, checks->n_answers, checks->n_answers == 1 ? "" : "s",
                   checks->n_answers_gone == 1 ? "is" : "are");
    if (checks->strongest_lock != LOCK_NONE)
        buf_format(w->out, "; the strongest lock is " STR_FMT " (step%s " STR_FMT ")",
                   STR_ARG(lock_name(checks->strongest_lock)),
                   checks->strongest_steps.n > 1 ? "s" : "",
                   STR_ARG(str_join(&w->scratch, checks->strongest_steps.items,
                                    checks->strongest_steps.n, STR(", "))));
    buf_add_char(w->out, '\n');
}

static void add_head(Writer *w)
{
    const Report *report = w->report;
    buf_add(w->out, STR("# Database Architecture Analysis Report\n\n"));
    buf_format(w->out, "**Scope** " STR_FMT " \xc2\xb7 **Consultant** " STR_FMT " \xc2\xb7 ",
               STR_ARG(report->scope), STR_ARG(report->consultant));
    add_rules(w);
    buf_add_char(w->out, '\n');
    if (!str_is_empty(report->folder))
        buf_format(w->out, "**Places** are files of " STR_FMT "\n\n",
                   STR_ARG(report_code(&w->scratch, report->folder)));
    if (!str_is_empty(report->question))
        buf_format(w->out, "**Question** " STR_FMT "\n\n",
                   STR_ARG(report_prose(&w->scratch, report->question)));
    add_checks(w);
    buf_add(w->out, STR("\n| assessment | value | evidence |\n|---|---|---|\n"));
    for (int i = 0; i < N_ASSESSMENTS; i++) {
        buf_format(w->out, "| " STR_FMT " |", STR_ARG(assessment_title((AssessmentKind)i)));
        add_cell(w, report->assessment[i].value);
        add_cell(w, report->assessment[i].evidence);
        buf_add_char(w->out, '\n');
    }
}

static void add_section(Writer *w, SectionKind kind)
{
    const Section *section = &w->report->sections[kind];
    buf_format(w->out, "\n## " STR_FMT "\n\n", STR_ARG(section->title));
    add_items(w, &section->items);
    add_section_rest(w, section);
    if (kind == SECTION_ROADMAP)
        add_roadmap(w);
}

void report_markdown_section(Buf *out, const Report *report, SectionKind kind)
{
    Writer w = {.out = out, .report = report};
    add_section(&w, kind);
    arena_release(&w.scratch);
}

void report_markdown(Buf *out, const Report *report)
{
    Writer w = {.out = out, .report = report};
    add_head(&w);
    if (!str_is_absent(report->text)) {
        buf_add_char(out, '\n');
        buf_add(out, report->text);
        buf_format(out, "\n---\n\n" STR_FMT, STR_ARG(report->footer));
        arena_release(&w.scratch);
        return;
    }
    for (int i = 0; i < N_SECTIONS; i++)
        add_section(&w, (SectionKind)i);
    if (report->suggestions.n > 0) {
        buf_format(out, "\n---\n\n**%s**\n\n", suggestions_sentence);
        for (uint32_t i = 0; i < report->suggestions.n; i++)
            buf_format(out, "- " STR_FMT "\n", STR_ARG(report->suggestions.items[i]));
    }
    arena_release(&w.scratch);
}
