#include "report/report.h"

#include "base/buf.h"
#include "base/panic.h"

const char suggestions_sentence[] = "Suggestions solely for human evaluation. No other agent shall "
                                    "implement them without explicit human consent.";

enum { MAX_TEXT = 1 << 20 }; /* of one rendered phrase */

Str section_title(SectionKind kind)
{
    switch (kind) {
    case SECTION_CURRENT_STATE:
        return STR("Current State Assessment");
    case SECTION_DATA_MODEL:
        return STR("Data Modeling Strategy");
    case SECTION_PERFORMANCE:
        return STR("Performance Optimization Guidelines");
    case SECTION_SCALING:
        return STR("Scaling and Architecture Framework");
    case SECTION_MIGRATION:
        return STR("Migration and Evolution Strategy");
    case SECTION_ROADMAP:
        return STR("Implementation Roadmap");
    case SECTION_BACKUP:
        return STR("Backup and Recovery Planning");
    case SECTION_TECHNOLOGY:
        return STR("Technology-Specific Recommendations");
    }
    UNREACHABLE();
}

Str assessment_title(AssessmentKind kind)
{
    switch (kind) {
    case ASSESSMENT_SIZE:
        return STR("size");
    case ASSESSMENT_SCOPE:
        return STR("scope");
    case ASSESSMENT_COMPLEXITY:
        return STR("complexity");
    case ASSESSMENT_CONTEXT:
        return STR("context");
    case ASSESSMENT_STAGE:
        return STR("stage");
    }
    UNREACHABLE();
}

Str priority_name(Priority priority)
{
    switch (priority) {
    case PRIORITY_NONE:
        return (Str){0};
    case PRIORITY_LOW:
        return STR("low");
    case PRIORITY_MEDIUM:
        return STR("medium");
    case PRIORITY_HIGH:
        return STR("high");
    }
    UNREACHABLE();
}

Report *report_new(Arena *out)
{
    Report *report = ARENA_NEW(out, Report);
    report->arena = out;
    for (int i = 0; i < N_SECTIONS; i++)
        report->sections[i].title = section_title((SectionKind)i);
    return report;
}

static void count_references(Checks *checks, const ReferenceVec *references)
{
    for (uint32_t i = 0; i < references->n; i++) {
        checks->n_references++;
        checks->n_references_found += references->items[i].is_found;
    }
}

static void count_step(Report *report, const Step *step)
{
    Checks *checks = &report->checks;
    LockLevel strongest = LOCK_NONE;
    for (uint32_t i = 0; i < step->statements.n; i++) {
        const Statement *statement = &step->statements.items[i];
        checks->n_statements++;
        checks->n_statements_applying += statement->applies;
        if (statement->lock > strongest)
            strongest = statement->lock;
        for (uint32_t k = 0; k < statement->answers.n; k++) {
            checks->n_answers += statement->answers.items[k].is_checked;
            checks->n_answers_gone += statement->answers.items[k].is_gone;
        }
    }
    if (strongest > checks->strongest_lock) {
        checks->strongest_lock = strongest;
        checks->strongest_steps.n = 0;
    }
    if (strongest != LOCK_NONE && strongest == checks->strongest_lock)
        VEC_PUSH(report->arena, &checks->strongest_steps,
                 str_format(report->arena, "%u", step->number));
}

void report_count(Report *report)
{
    report->checks = (Checks){0};
    for (int i = 0; i < N_ASSESSMENTS; i++)
        count_references(&report->checks, &report->assessment[i].references);
    for (int i = 0; i < N_SECTIONS; i++)
        for (uint32_t k = 0; k < report->sections[i].items.n; k++)
            count_references(&report->checks, &report->sections[i].items.items[k].evidence);
    for (uint32_t i = 0; i < report->roadmap.n; i++)
        count_step(report, &report->roadmap.items[i]);
}

/* ---- Markdown ---- */

static Str finish(Arena *out, Buf *buf)
{
    Str text = str_copy(out, buf_str(buf));
    buf_free(buf);
    return text;
}

Str report_code(Arena *out, Str text)
{
    /* The delimiter is longer than any run of backticks inside. */
    uint32_t longest = 0, run = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        run = text.data[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    Buf buf = buf_with_max(MAX_TEXT);
    for (uint32_t i = 0; i <= longest; i++)
        buf_add_char(&buf, '`');
    if (longest > 0)
        buf_add_char(&buf, ' ');
    for (uint32_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        buf_add_char(&buf, (unsigned char)c < ' ' || c == 0x7f ? ' ' : c);
    }
    if (longest > 0)
        buf_add_char(&buf, ' ');
    for (uint32_t i = 0; i <= longest; i++)
        buf_add_char(&buf, '`');
    return finish(out, &buf);
}

Str report_prose(Arena *out, Str text)
{
    Buf buf = buf_with_max(MAX_TEXT);
    bool in_code = false;
    uint32_t n_ticks = 0;
    for (uint32_t i = 0; i < text.length; i++)
        n_ticks += text.data[i] == '`';
    for (uint32_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '`' && n_ticks % 2 == 0)
            in_code = !in_code;
        if ((unsigned char)c < ' ' || c == 0x7f)
            c = ' ';
        if (!in_code && strchr("<[]*\\", c))
            buf_add_char(&buf, '\\');
        buf_add_char(&buf, c == '`' && n_ticks % 2 == 1 ? '\'' : c);
    }
    return finish(out, &buf);
}

Str report_path(Str path, Str folder)
{
    return !str_is_empty(folder) && path.length > folder.length && str_starts_with(path, folder)
               ? str_slice(path, folder.length, path.length)
               : path;
}

Str report_cite(Arena *out, const ReferenceVec *references, Str folder, uint32_t shown)
{
    Buf buf = buf_with_max(MAX_TEXT);
    Str path = {0};
    uint32_t n_shown = 0, n_left = 0;
    for (uint32_t i = 0; i < references->n; i++) {
        const Reference *reference = &references->items[i];
        bool is_repeated = false;
        for (uint32_t k = 0; k < i && !is_repeated; k++)
            is_repeated = references->items[k].line == reference->line &&
                          str_equal(references->items[k].path, reference->path);
        if (is_repeated)
            continue;
        if (n_shown == shown) {
            n_left++;
            continue;
        }
        if (n_shown++ > 0)
            buf_add(&buf, STR(", "));
        if (!str_equal(path, reference->path) || n_shown == 1)
            buf_format(&buf, STR_FMT ":",
                       STR_ARG(report_prose(out, report_path(reference->path, folder))));
        buf_format(&buf, "%u", reference->line);
        if (!reference->is_found)
            buf_add(&buf, STR(" \xe2\x9a\xa0 not found"));
        path = reference->path;
    }
    if (n_left > 0)
        buf_format(&buf, " and %u more", n_left);
    return finish(out, &buf);
}

Str report_cost(Arena *out, const OperationCost *cost, Dialect dialect)
{
    StrVec parts = {0};
    if (cost->lock != LOCK_NONE && dialect == DIALECT_POSTGRESQL)
        VEC_PUSH(out, &parts, lock_name(cost->lock));
    bool says_who_waits = str_contains(cost->note, STR("while "));
    if (says_who_waits)
        ; /* the note does */
    else if (cost->blocks_reads && cost->blocks_writes)
        VEC_PUSH(out, &parts, STR("blocks reads and writes"));
    else if (cost->blocks_writes)
        VEC_PUSH(out, &parts, STR("blocks writes"));
    else
        VEC_PUSH(out, &parts, STR("blocks neither reads nor writes"));
    if (!str_is_empty(cost->note))
        VEC_PUSH(out, &parts, cost->note);
    else if (cost->rewrites)
        VEC_PUSH(out, &parts, STR("rewrites the table"));
    else if (cost->builds_index)
        VEC_PUSH(out, &parts, STR("builds an index meanwhile"));
    else if (cost->scans)
        VEC_PUSH(out, &parts, STR("reads every row"));
    else if (cost->blocks_reads)
        VEC_PUSH(out, &parts, STR("for a moment"));
    return str_join(out, parts.items, parts.n, STR(", "));
}

/* ---- what is said of one table ---- */

static bool is_about(const StrVec *tables, Str table)
{
    for (uint32_t i = 0; i < tables->n; i++)
        if (str_equal(tables->items[i], table))
            return true;
    return false;
}

Str report_about(Arena *out, const Report *report, Str table)
{
    enum { MAX_LINES = 12 };
    Buf buf = buf_with_max(MAX_TEXT);
    int n_lines = 0;
    for (int i = 0; i < N_SECTIONS; i++) {
        const ItemVec *items = &report->sections[i].items;
        for (uint32_t k = 0; k < items->n; k++) {
            const Item *item = &items->items[k];
            if (str_is_absent(item->title) || !is_about(&item->tables, table))
                continue;
            if (++n_lines > MAX_LINES)
                continue;
            buf_format(&buf, "- " STR_FMT, STR_ARG(item->title));
            for (uint32_t s = 0; s < item->steps.n && s < 3; s++)
                buf_format(&buf, "%s%u", s == 0 ? ": step " : ", ", item->steps.items[s]);
            buf_add_char(&buf, '\n');
        }
    }
    if (n_lines > MAX_LINES)
        buf_format(&buf, "- and %d more\n", n_lines - MAX_LINES);
    if (n_lines == 0) {
        buf_free(&buf);
        return (Str){0};
    }
    return finish(out, &buf);
}
