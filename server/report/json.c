#include "report/json.h"

#include <cjson/cJSON.h>

#include "base/panic.h"
#include "base/utf8.h"

/* cJSON wants NUL-terminated, well-formed text. */
static const char *text(Arena *scratch, Str s)
{
    Buf buf = buf_with_max((size_t)s.length * 3);
    for (uint32_t at = 0, n; at < s.length; at += n) {
        uint32_t code = utf8_decode(s, at, &n);
        if (code == 0xfffd || code == 0)
            buf_add(&buf, STR("\xef\xbf\xbd"));
        else
            buf_add(&buf, str_slice(s, at, at + n));
    }
    char *copy = str_to_c(scratch, buf_str(&buf));
    buf_free(&buf);
    return copy;
}

static cJSON *item(cJSON *made)
{
    CHECK(made); /* cJSON returns NULL only when memory is out */
    return made;
}

/* An absent or empty string is null. */
static void set_text(Arena *scratch, cJSON *object, const char *key, Str value)
{
    item(str_is_empty(value) ? cJSON_AddNullToObject(object, key)
                             : cJSON_AddStringToObject(object, key, text(scratch, value)));
}

static void set_number(cJSON *object, const char *key, uint32_t value)
{
    item(cJSON_AddNumberToObject(object, key, value));
}

static void set_bool(cJSON *object, const char *key, bool value)
{
    item(cJSON_AddBoolToObject(object, key, value));
}

static cJSON *set_array(cJSON *object, const char *key)
{
    return item(cJSON_AddArrayToObject(object, key));
}

static cJSON *add_object(cJSON *array)
{
    cJSON *object = item(cJSON_CreateObject());
    cJSON_AddItemToArray(array, object);
    return object;
}

static void set_texts(Arena *scratch, cJSON *object, const char *key, const StrVec *values)
{
    cJSON *array = set_array(object, key);
    for (uint32_t i = 0; i < values->n; i++)
        cJSON_AddItemToArray(array, item(cJSON_CreateString(text(scratch, values->items[i]))));
}

static void set_references(Arena *scratch, cJSON *object, const char *key,
                           const ReferenceVec *references)
{
    cJSON *array = set_array(object, key);
    for (uint32_t i = 0; i < references->n; i++) {
        cJSON *reference = add_object(array);
        set_text(scratch, reference, "file", references->items[i].path);
        set_number(reference, "line", references->items[i].line);
        set_text(scratch, reference, "name", references->items[i].name);
        set_bool(reference, "found", references->items[i].is_found);
    }
}

static void set_assessment(Arena *scratch, cJSON *root, const Report *report)
{
    cJSON *object = item(cJSON_AddObjectToObject(root, "assessment"));
    for (int i = 0; i < N_ASSESSMENTS; i++) {
        const Assessment *assessment = &report->assessment[i];
        cJSON *one = item(
            cJSON_AddObjectToObject(object, text(scratch, assessment_title((AssessmentKind)i))));
        set_text(scratch, one, "value", assessment->value);
        set_text(scratch, one, "evidence", assessment->evidence);
        set_references(scratch, one, "references", &assessment->references);
    }
}

static void add_item(Arena *scratch, cJSON *array, const Item *one)
{
    cJSON *object = add_object(array);
    set_text(scratch, object, "title", one->title);
    set_text(scratch, object, "priority", priority_name(one->priority));
    set_text(scratch, object, "body", one->body);
    set_text(scratch, object, "rule", one->rule);
    set_references(scratch, object, "evidence", &one->evidence);
    set_texts(scratch, object, "tables", &one->tables);
    cJSON *steps = set_array(object, "steps");
    for (uint32_t i = 0; i < one->steps.n; i++)
        cJSON_AddItemToArray(steps, item(cJSON_CreateNumber(one->steps.items[i])));
}

static void add_grid(Arena *scratch, cJSON *array, const Grid *grid)
{
    cJSON *object = add_object(array);
    set_text(scratch, object, "caption", grid->caption);
    set_texts(scratch, object, "header", &grid->header);
    cJSON *rows = set_array(object, "rows");
    for (uint32_t i = 0; i < grid->rows.n; i++) {
        cJSON *row = item(cJSON_CreateArray());
        cJSON_AddItemToArray(rows, row);
        for (uint32_t k = 0; k < grid->rows.items[i].n; k++)
            cJSON_AddItemToArray(
                row, item(cJSON_CreateString(text(scratch, grid->rows.items[i].items[k]))));
    }
}

static void set_sections(Arena *scratch, cJSON *root, const Report *report)
{
    cJSON *array = set_array(root, "sections");
    for (int i = 0; i < N_SECTIONS; i++) {
        const Section *section = &report->sections[i];
        cJSON *object = add_object(array);
        set_text(scratch, object, "title", section->title);
        cJSON *items = set_array(object, "items");
        for (uint32_t k = 0; k < section->items.n; k++)
            add_item(scratch, items, &section->items.items[k]);
        cJSON *grids = set_array(object, "grids");
        for (uint32_t k = 0; k < section->grids.n; k++)
            add_grid(scratch, grids, &section->grids.items[k]);
        set_text(scratch, object, "diagram", section->diagram);
        set_text(scratch, object, "diagram_note", section->diagram_note);
    }
}

static void set_answer(Arena *scratch, cJSON *object, const Answer *answer)
{
    set_text(scratch, object, "rule", answer->rule);
    set_text(scratch, object, "file", answer->path);
    set_number(object, "line", answer->line);
    if (answer->is_checked)
        set_bool(object, "gone", answer->is_gone);
    else
        item(cJSON_AddNullToObject(object, "gone"));
}

static void add_statement(Arena *scratch, cJSON *array, const Statement *statement)
{
    cJSON *object = add_object(array);
    set_text(scratch, object, "sql", statement->sql);
    set_text(scratch, object, "dialect", dialect_name(statement->dialect));
    set_text(scratch, object, "lock",
             statement->lock == LOCK_NONE ? (Str){0} : lock_name(statement->lock));
    set_text(scratch, object, "cost", statement->cost);
    cJSON *check = item(cJSON_AddObjectToObject(object, "check"));
    set_bool(check, "applies", statement->applies);
    set_text(scratch, check, "problem", statement->problem);
    cJSON *findings = set_array(check, "findings");
    for (uint32_t i = 0; i < statement->findings.n; i++) {
        cJSON *finding = add_object(findings);
        set_text(scratch, finding, "rule", statement->findings.items[i].rule);
        set_text(scratch, finding, "severity",
                 severity_name(statement->findings.items[i].severity));
        set_text(scratch, finding, "message", statement->findings.items[i].message);
    }
    set_bool(object, "outside_transaction", statement->outside_transaction);
    cJSON *answers = set_array(object, "answers");
    for (uint32_t i = 0; i < statement->answers.n; i++)
        set_answer(scratch, add_object(answers), &statement->answers.items[i]);
}

static const Answer *first_answer(const Step *step)
{
    for (uint32_t i = 0; i < step->statements.n; i++)
        if (step->statements.items[i].answers.n > 0)
            return &step->statements.items[i].answers.items[0];
    return NULL;
}

static void set_roadmap(Arena *scratch, cJSON *root, const Report *report)
{
    cJSON *array = set_array(root, "roadmap");
    for (uint32_t i = 0; i < report->roadmap.n; i++) {
        const Step *step = &report->roadmap.items[i];
        cJSON *object = add_object(array);
        set_number(object, "step", step->number);
        set_text(scratch, object, "title", step->title);
        set_text(scratch, object, "priority", priority_name(step->priority));
        const Answer *answer = first_answer(step);
        if (answer)
            set_answer(scratch, item(cJSON_AddObjectToObject(object, "finding")), answer);
        else
            item(cJSON_AddNullToObject(object, "finding"));
        set_text(scratch, object, "action", step->action);
        cJSON *statements = set_array(object, "statements");
        for (uint32_t k = 0; k < step->statements.n; k++)
            add_statement(scratch, statements, &step->statements.items[k]);
        set_text(scratch, object, "verify", step->verify);
        set_text(scratch, object, "undo", step->undo);
        set_text(scratch, object, "risk", step->risk);
        set_texts(scratch, object, "tables", &step->tables);
    }
}

static void set_checks(Arena *scratch, cJSON *root, const Report *report)
{
    const Checks *checks = &report->checks;
    cJSON *object = item(cJSON_AddObjectToObject(root, "checks"));
    set_number(object, "references", checks->n_references);
    set_number(object, "references_found", checks->n_references_found);
    set_number(object, "statements", checks->n_statements);
    set_number(object, "statements_applying", checks->n_statements_applying);
    set_number(object, "answers", checks->n_answers);
    set_number(object, "answers_gone", checks->n_answers_gone);
    set_text(scratch, object, "strongest_lock",
             checks->strongest_lock == LOCK_NONE ? (Str){0} : lock_name(checks->strongest_lock));
}

/* What a report by a model has beside the rest. */
static void set_written(Arena *scratch, cJSON *root, const Report *report)
{
    const Checks *checks = &report->checks;
    set_text(scratch, root, "markdown", report->text);
    set_text(scratch, root, "footer", report->footer);
    cJSON *marks = set_array(root, "marks");
    for (uint32_t i = 0; i < report->marks.n; i++) {
        cJSON *mark = add_object(marks);
        set_text(scratch, mark, "section", report->marks.items[i].section);
        set_text(scratch, mark, "about", report->marks.items[i].about);
        set_text(scratch, mark, "reason", report->marks.items[i].reason);
    }
    cJSON *unmentioned = set_array(root, "unmentioned_findings");
    for (uint32_t i = 0; i < report->unmentioned.n; i++) {
        cJSON *finding = add_object(unmentioned);
        set_text(scratch, finding, "rule", report->unmentioned.items[i].rule);
        set_text(scratch, finding, "file", report->unmentioned.items[i].path);
        set_number(finding, "line", report->unmentioned.items[i].line);
    }
    cJSON *object = cJSON_GetObjectItem(root, "checks");
    set_number(object, "statements_with_strongest_lock", checks->n_strongest);
    set_number(object, "statements_not_replayed", checks->n_unchecked);
    set_texts(scratch, object, "sections_computed", &checks->filled);
    set_bool(object, "sections_in_order", !checks->was_out_of_order);
}

void report_json(Buf *out, const Report *report, Str version)
{
    Arena scratch = {0};
    cJSON *root = item(cJSON_CreateObject());
    set_text(&scratch, root, "version", version);
    set_text(&scratch, root, "title", STR("Database Architecture Analysis Report"));
    set_text(&scratch, root, "scope", report->scope);
    set_text(&scratch, root, "folder", report->folder);
    set_text(&scratch, root, "question", report->question);
    set_text(&scratch, root, "consultant", report->consultant);
    set_text(&scratch, root, "dialect", dialect_name(report->dialect));
    cJSON *rules = set_array(root, "rules");
    for (uint32_t i = 0; i < report->rules.n; i++) {
        cJSON *object = add_object(rules);
        set_text(&scratch, object, "file", report->rules.items[i].path);
        set_number(object, "lines", report->rules.items[i].n_lines);
        set_text(&scratch, object, "sha256", report->rules.items[i].sha256);
    }
    set_texts(&scratch, root, "rules_applied", &report->rules_applied);
    set_assessment(&scratch, root, report);
    set_sections(&scratch, root, report);
    set_roadmap(&scratch, root, report);
    set_texts(&scratch, root, "roadmap_notes", &report->roadmap_notes);
    set_text(&scratch, root, "suggestions_notice", str_from(suggestions_sentence));
    set_texts(&scratch, root, "suggestions", &report->suggestions);
    set_checks(&scratch, root, report);
    if (!str_is_absent(report->text))
        set_written(&scratch, root, report);
    char *printed = cJSON_Print(root);
    CHECK(printed);
    buf_add(out, str_from(printed));
    buf_add_char(out, '\n');
    cJSON_free(printed);
    cJSON_Delete(root);
    arena_release(&scratch);
}
