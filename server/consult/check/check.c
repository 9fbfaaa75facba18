/* The order of the check: what the report makes is gathered first, because it may name what it is
 * about to make; then each statement and each name is looked at; then the report is put together,
 * its sections in their order. */
#include "consult/check/check.h"

#include "base/buf.h"
#include "consult/check/parts.h"
#include "consult/redact.h"
#include "report/markdown.h"

enum {
    MAX_PROBLEMS = 40, /* that the model is told at once */
    MAX_REPORT_BYTES = 16 * 1024 * 1024,
};

/* ---- marks ---- */

static Str section_of(const ReportCheck *check, uint32_t piece)
{
    int part = check_part_of(check, piece);
    return part >= 0 && part < N_SECTIONS ? section_title((SectionKind)part) : (Str){0};
}

/* Names in a mark stand in its sentence, so they cannot break a row of a table. */
static Str as_mark(Arena *out, Str reason)
{
    char *text = str_to_c(out, reason);
    uint32_t length = (uint32_t)strlen(text);
    for (uint32_t i = 0; i < length; i++)
        if (text[i] == '|')
            text[i] = '/';
    return str_of(text, length);
}

static void add_problem(ReportCheck *check, int part, Str problem)
{
    CheckResult *result = check->result;
    if (part >= 0 && part < N_SECTIONS)
        result->is_wrong[part] = true;
    if (result->problems.n < MAX_PROBLEMS)
        VEC_PUSH(check->out, &result->problems,
                 part >= 0 && part < N_SECTIONS
                     ? str_format(check->out, STR_FMT ": " STR_FMT,
                                  STR_ARG(section_title((SectionKind)part)), STR_ARG(problem))
                     : problem);
}

static void count_mark(ReportCheck *check, uint32_t piece, Str about, Str reason)
{
    VEC_PUSH(check->scratch, &check->marks,
             ((PlacedMark){.piece = piece,
                           .mark = {.section = section_of(check, piece),
                                    .about = str_copy(check->out, about),
                                    .reason = reason}}));
}

void check_mark_about(ReportCheck *check, uint32_t piece, Span *span, Str about, Str reason)
{
    /* A line of prose may hold several places; anything else has one mark. */
    bool is_text = span->kind == SPAN_TEXT, is_marked = !str_is_absent(span->mark);
    if (is_marked && !is_text)
        return;
    Str mark = as_mark(check->out, reason);
    span->mark =
        is_marked ? str_format(check->out, STR_FMT "; " STR_FMT, STR_ARG(span->mark), STR_ARG(mark))
                  : mark;
    count_mark(check, piece, about, reason);
    add_problem(check, check_part_of(check, piece),
                str_is_absent(about) ? reason
                                     : str_format(check->out, "`" STR_FMT "`: " STR_FMT,
                                                  STR_ARG(about), STR_ARG(reason)));
}

void check_mark(ReportCheck *check, uint32_t piece, Span *span, Str reason)
{
    check_mark_about(check, piece, span, span->kind == SPAN_TEXT ? (Str){0} : span->text, reason);
}

void check_note(ReportCheck *check, uint32_t piece, Str note, Str problem)
{
    Piece *at = &check->document.pieces.items[piece];
    VEC_PUSH(check->out, &at->notes, note);
    if (str_is_absent(problem))
        return;
    count_mark(check, piece, (Str){0}, problem);
    add_problem(check, check_part_of(check, piece), problem);
}

Str check_prose(const ReportCheck *check, uint32_t first, uint32_t end)
{
    Buf buf = buf_with_max(MAX_REPORT_BYTES);
    for (uint32_t i = first; i < end && i < check->document.pieces.n; i++)
        if (!str_is_absent(check->document.pieces.items[i].line)) {
            buf_add(&buf, check->document.pieces.items[i].line);
            buf_add_char(&buf, '\n');
        }
    Str text = str_lower(check->scratch, buf_str(&buf));
    buf_free(&buf);
    return text;
}

/* Links that were taken out when the text was read count as marks as well. */
static void count_dead_links(ReportCheck *check)
{
    for (uint32_t i = 0; i < check->document.pieces.n; i++) {
        SpanVec *spans = &check->document.pieces.items[i].spans;
        for (uint32_t k = 0; k < spans->n; k++)
            if (!str_is_absent(spans->items[k].mark))
                count_mark(check, i, str_slice(spans->items[k].target, 0, 200),
                           spans->items[k].mark);
    }
}

static void collect_models(ReportCheck *check)
{
    const OrmModelVec *models = &check->snapshot->database.models;
    for (uint32_t i = models->n; i > 0; i--)
        if (!str_is_empty(models->items[i - 1]->name.text))
            map_set(check->scratch, &check->models,
                    str_lower(check->scratch, models->items[i - 1]->name.text),
                    models->items[i - 1]);
}

const OrmModel *check_model(const ReportCheck *check, Str name)
{
    return name.length > 200 ? NULL : map_get(&check->models, str_lower(check->scratch, name));
}

/* ---- sections ---- */

static bool has_text(const ReportCheck *check, int kind)
{
    for (uint32_t i = 0; i < check->parts.n; i++) {
        const Part *part = &check->parts.items[i];
        for (uint32_t k = part->first; k < part->end && part->kind == kind; k++)
            if (check->document.pieces.items[k].kind == PIECE_TEXT ||
                check->document.pieces.items[k].kind == PIECE_CODE)
                return true;
    }
    return false;
}

static void check_sections(ReportCheck *check)
{
    CheckResult *result = check->result;
    Report *report = result->report;
    int last = PART_HEAD;
    for (uint32_t i = 0; i < check->parts.n; i++) {
        int kind = check->parts.items[i].kind;
        if (kind < last && kind >= 0)
            report->checks.was_out_of_order = true;
        last = kind > last ? kind : last;
    }
    for (int i = 0; i < N_SECTIONS; i++) {
        if (has_text(check, i))
            continue;
        VEC_PUSH(check->out, &report->checks.filled, section_title((SectionKind)i));
        result->is_wrong[i] = true;
        VEC_PUSH(check->out, &result->problems,
                 str_format(check->out, "the section " STR_FMT " is missing",
                            STR_ARG(section_title((SectionKind)i))));
    }
}

/* ---- the text ---- */

static void write_part(const ReportCheck *check, Buf *out, int kind)
{
    for (uint32_t i = 0; i < check->parts.n; i++) {
        const Part *part = &check->parts.items[i];
        uint32_t first = part->first, end = part->end;
        while (end > first && check->document.pieces.items[end - 1].kind != PIECE_TEXT &&
               check->document.pieces.items[end - 1].kind != PIECE_CODE)
            end--; /* blank lines and the rule before the suggestions */
        if (part->kind == kind)
            document_write(out, &check->document, first, end);
    }
}

static bool says_sentence(const ReportCheck *check)
{
    for (uint32_t i = 0; i < check->parts.n; i++) {
        const Part *part = &check->parts.items[i];
        if (part->kind != PART_SUGGESTIONS)
            continue;
        Str prose = check_prose(check, part->first, part->end);
        if (str_contains(prose, STR("solely for human")) && str_contains(prose, STR("consent")))
            return true;
    }
    return false;
}

static void write_text(ReportCheck *check)
{
    Report *report = check->result->report;
    Buf out = buf_with_max(MAX_REPORT_BYTES);
    write_part(check, &out, PART_HEAD);
    for (int i = 0; i < N_SECTIONS; i++) {
        if (has_text(check, i)) {
            buf_format(&out, "\n## " STR_FMT "\n\n", STR_ARG(section_title((SectionKind)i)));
            write_part(check, &out, i);
            continue;
        }
        report_markdown_section(&out, check->input->offline, (SectionKind)i);
        buf_add(&out, STR("\n> Computed by Lintel: the model left this section out.\n"));
    }
    if (has_text(check, PART_SUGGESTIONS)) {
        buf_add(&out, STR("\n---\n\n"));
        if (!says_sentence(check))
            buf_format(&out, "**%s**\n\n", suggestions_sentence);
        write_part(check, &out, PART_SUGGESTIONS);
    }
    report->text = str_copy(check->out, buf_str(&out));
    buf_free(&out);
}

/* ---- the head ---- */

static void copy_references(Arena *out, ReferenceVec *to, const ReferenceVec *from)
{
    for (uint32_t i = 0; i < from->n; i++) {
        Reference copy = from->items[i];
        copy.path = str_copy(out, copy.path);
        copy.name = str_copy(out, copy.name);
        VEC_PUSH(out, to, copy);
    }
}

static void copy_head(ReportCheck *check)
{
    const Report *from = check->input->offline;
    Report *report = check->result->report;
    Arena *out = check->out;
    report->scope = str_copy(out, from->scope);
    report->question = str_copy(out, from->question);
    report->consultant = str_copy(out, from->consultant);
    report->dialect = from->dialect;
    for (uint32_t i = 0; i < from->rules.n; i++)
        VEC_PUSH(out, &report->rules,
                 ((ReportRules){.path = str_copy(out, from->rules.items[i].path),
                                .n_lines = from->rules.items[i].n_lines,
                                .sha256 = str_copy(out, from->rules.items[i].sha256)}));
    for (int i = 0; i < N_ASSESSMENTS; i++) {
        report->assessment[i].value = str_copy(out, from->assessment[i].value);
        report->assessment[i].evidence = str_copy(out, from->assessment[i].evidence);
        copy_references(out, &report->assessment[i].references, &from->assessment[i].references);
    }
}

/* The report's own title, and what a model says before it ("Here is the report"). */
static void drop_title(ReportCheck *check)
{
    Part *head = &check->parts.items[0];
    for (uint32_t i = head->first; i < head->end; i++) {
        const Piece *piece = &check->document.pieces.items[i];
        if (piece->kind == PIECE_HEADING &&
            str_equal_ignore_case(piece->title, STR("Database Architecture Analysis Report"))) {
            head->first = i + 1;
            return;
        }
    }
}

/* ---- all of it ---- */

static void sum_up(ReportCheck *check)
{
    Checks *checks = &check->result->report->checks;
    checks->n_references = check->n_references;
    checks->n_references_found = check->n_found;
    checks->n_unchecked = check->n_unchecked;
    for (uint32_t i = 0; i < check->statements.n; i++) {
        const CheckedStatement *statement = &check->statements.items[i];
        if (!statement->is_checked)
            continue;
        checks->n_statements++;
        checks->n_statements_applying += statement->applies;
        LockLevel lock = check->schema->dialect == DIALECT_POSTGRESQL && statement->applies &&
                                 !statement->is_on_new_table && statement->use == USE_RECOMMENDED
                             ? statement->cost.lock
                             : LOCK_NONE;
        if (lock > checks->strongest_lock)
            checks->n_strongest = 0;
        if (lock >= checks->strongest_lock && lock != LOCK_NONE) {
            checks->strongest_lock = lock;
            checks->n_strongest++;
        }
    }
}

/* In the order of the text, those of one piece as they were found. */
static void order_marks(ReportCheck *check)
{
    uint32_t n_pieces = check->document.pieces.n;
    uint32_t *starts = ARENA_ARRAY(check->scratch, uint32_t, n_pieces + 1);
    ReportMark *sorted = ARENA_ARRAY(check->out, ReportMark, check->marks.n + 1);
    for (uint32_t i = 0; i < check->marks.n; i++)
        starts[check->marks.items[i].piece + 1]++;
    for (uint32_t i = 1; i <= n_pieces; i++)
        starts[i] += starts[i - 1];
    for (uint32_t i = 0; i < check->marks.n; i++)
        sorted[starts[check->marks.items[i].piece]++] = check->marks.items[i].mark;
    for (uint32_t i = 0; i < check->marks.n; i++)
        VEC_PUSH(check->out, &check->result->report->marks, sorted[i]);
}

CheckResult check_report(Arena *out, const CheckInput *input)
{
    Arena scratch = {0};
    CheckResult result = {.report = report_new(out)};
    const Snapshot *snapshot = input->consultation->snapshot;
    ReportCheck check = {.out = out,
                         .scratch = &scratch,
                         .input = input,
                         .snapshot = snapshot,
                         .schema = snapshot->database.schema,
                         .result = &result};
    Error ignored = {0};
    check.has_files = !str_is_empty(input->folder) &&
                      confine_open(&scratch, input->folder, &check.confine, &ignored);
    check.document = document_read(out, plain_text(out, redact(out, str_trim(input->text))));
    check_find_parts(&check);
    names_collect(&check.names, snapshot, &scratch);
    collect_models(&check);
    copy_head(&check);
    drop_title(&check);
    check_sections(&check);
    count_dead_links(&check);
    check_read_statements(&check);
    check_read_snippets(&check);
    check_apply_statements(&check);
    check_queries(&check);
    check_locks(&check);
    check_references(&check);
    check_claims(&check);
    check_places(&check);
    check_echoes(&check);
    check_commands(&check);
    check_omissions(&check);
    sum_up(&check);
    order_marks(&check);
    write_text(&check);
    check_fill_report(&check);
    for (uint32_t i = 0; i < check.lowered.n; i++)
        lowered_file_release(check.lowered.items[i]);
    if (check.has_files)
        confine_close(&check.confine);
    arena_release(&scratch);
    return result;
}
