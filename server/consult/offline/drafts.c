/* Items and steps while they are made. */
#include <stdarg.h>
#include <stdio.h>

#include "consult/offline/offline.h"

/* ---- references ---- */

Str shown_path(Offline *o, Str path)
{
    if (!o->input->show_path)
        return str_copy(o->out, path);
    return o->input->show_path(o->input->show_path_data, o->out, path);
}

/* What stands at a location, for people who check: the first line of it, cut. */
static Str written_at(Offline *o, const Source *source, Range range)
{
    enum { MAX_WRITTEN = 80 };
    Str bytes = text_bytes(source->file->text);
    Str text = str_slice(bytes, range.start, range.end);
    for (uint32_t i = 0; i < text.length; i++)
        if (text.data[i] == '\n' || text.data[i] == '\r')
            text = str_slice(text, 0, i);
    if (text.length > MAX_WRITTEN) {
        text = str_slice(text, 0, MAX_WRITTEN);
        while (text.length > 0 &&
               ((unsigned char)bytes.data[range.start + text.length] & 0xc0) == 0x80)
            text.length--;
    }
    return str_copy(o->out, text);
}

static bool reference_at(Offline *o, Location location, Reference *reference)
{
    if (location.source >= o->snapshot->sources.n)
        return false;
    const Source *source = &o->snapshot->sources.items[location.source];
    const Text *text = source->file->text;
    uint32_t line = text_line_at(text, location.range.start);
    *reference = (Reference){.path = shown_path(o, source->path),
                             .line = line + 1,
                             .name = written_at(o, source, location.range)};
    Range range = text_line_range(text, line);
    Str content = str_slice(text_bytes(text), range.start, range.end);
    reference->is_found =
        line < text_line_count(text) && str_contains(content, str_trim(reference->name));
    return true;
}

bool offline_reference(Offline *o, Place place, Reference *reference)
{
    Location location;
    return place_is_set(place) && snapshot_locate(o->snapshot, place, &location) &&
           reference_at(o, location, reference);
}

Str short_path(Offline *o, Str path)
{
    return report_prose(o->out, report_path(path, o->report->folder));
}

Str cited_place(Offline *o, Place place)
{
    Reference reference;
    if (!offline_reference(o, place, &reference))
        return (Str){0};
    return str_format(o->out, STR_FMT ":%u", STR_ARG(short_path(o, reference.path)),
                      reference.line);
}

/* ---- items ---- */

ItemDraft *item_new(Offline *o, SectionKind section, Priority priority, Str title)
{
    ItemDraft *draft = ARENA_NEW(o->scratch, ItemDraft);
    draft->section = section;
    draft->item.priority = priority;
    draft->item.title = str_copy(o->out, title);
    if (str_is_empty(title))
        draft->item.title = (Str){0};
    VEC_PUSH(o->scratch, &o->items, draft);
    return draft;
}

void item_say(Offline *o, ItemDraft *draft, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length > 0) {
        char *text = arena_alloc_raw(o->out, (size_t)length + 1);
        vsnprintf(text, (size_t)length + 1, format, arguments);
        Str sentence = str_of(text, (size_t)length), body = draft->item.body;
        draft->item.body = str_is_empty(body) ? sentence
                                              : str_format(o->out, STR_FMT " " STR_FMT,
                                                           STR_ARG(body), STR_ARG(sentence));
    }
    va_end(arguments);
}

static void add_reference(Offline *o, ItemDraft *draft, Reference reference)
{
    ReferenceVec *evidence = &draft->item.evidence;
    for (uint32_t i = 0; i < evidence->n; i++)
        if (evidence->items[i].line == reference.line &&
            str_equal(evidence->items[i].path, reference.path))
            return;
    VEC_PUSH(o->out, evidence, reference);
}

void item_cite(Offline *o, ItemDraft *draft, Place place)
{
    Reference reference;
    if (offline_reference(o, place, &reference))
        add_reference(o, draft, reference);
}

void item_cite_finding(Offline *o, ItemDraft *draft, const Finding *finding)
{
    Reference reference;
    if (reference_at(o, finding->location, &reference))
        add_reference(o, draft, reference);
}

static void add_key(Arena *out, StrVec *keys, Str key)
{
    for (uint32_t i = 0; i < keys->n; i++)
        if (str_equal(keys->items[i], key))
            return;
    VEC_PUSH(out, keys, str_copy(out, key));
}

void item_about(Offline *o, ItemDraft *draft, const TableFacts *facts)
{
    if (facts)
        add_key(o->out, &draft->item.tables, facts->key);
}

/* ---- steps ---- */

StepDraft *step_new(Offline *o, ItemDraft *item, StepClass kind, Str title)
{
    StepDraft *step = ARENA_NEW(o->scratch, StepDraft);
    step->kind = kind;
    step->priority = item->item.priority;
    step->title = str_copy(o->out, title);
    VEC_PUSH(o->scratch, &o->steps, step);
    VEC_PUSH(o->scratch, &item->steps, step);
    return step;
}

StatementDraft *step_run(Offline *o, StepDraft *step, Str sql, bool outside_transaction,
                         const Finding *finding)
{
    /* The same statement may answer several findings. */
    StatementDraft *statement = NULL;
    for (uint32_t i = 0; i < step->statements.n && !statement; i++)
        if (str_equal(step->statements.items[i].sql, sql))
            statement = &step->statements.items[i];
    if (!statement) {
        statement = VEC_EXTEND(o->scratch, &step->statements);
        statement->sql = str_copy(o->out, sql);
        statement->outside_transaction = outside_transaction;
    }
    if (finding)
        VEC_PUSH(o->scratch, &statement->answers, finding);
    return statement;
}

/* Joins what several remedies say, each once. */
static Str also(Offline *o, Str said, Str more)
{
    if (str_is_empty(more) || str_contains(said, more))
        return said;
    if (str_is_empty(said))
        return str_copy(o->out, more);
    return str_format(o->out, STR_FMT "; " STR_FMT, STR_ARG(said), STR_ARG(more));
}

/* SQL in a code span, a phrase as it is; a comment behind the SQL stays outside of it. */
static Str as_markdown(Offline *o, Str text)
{
    if (str_is_empty(text))
        return text;
    uint32_t end = str_find(text, STR(";"), 0);
    bool is_sql = text.data[0] >= 'A' && text.data[0] <= 'Z' && end != UINT32_MAX;
    if (!is_sql)
        return report_prose(o->out, text);
    uint32_t comment = str_find(text, STR("; -- "), 0);
    if (comment == UINT32_MAX)
        return report_code(o->out, text);
    return str_format(o->out, STR_FMT ": " STR_FMT,
                      STR_ARG(report_code(o->out, str_slice(text, 0, comment + 1))),
                      STR_ARG(report_prose(o->out, str_slice(text, comment + 5, text.length))));
}

void step_apply(Offline *o, StepDraft *step, const Finding *finding)
{
    Str undo = {0};
    for (uint32_t i = 0; i < finding->remedies.n; i++) {
        const Remedy *remedy = &finding->remedies.items[i];
        step_run(o, step, remedy->sql, remedy->outside_transaction, finding);
        step->verify = also(o, step->verify, as_markdown(o, remedy->verify));
        step->risk = also(o, step->risk, as_markdown(o, remedy->risk));
        /* What was done last is undone first. */
        Str one = as_markdown(o, remedy->undo);
        if (finding->remedies.n > 1 && str_equal(one, STR("nothing to undo")))
            continue;
        if (!str_is_empty(one) && !str_contains(undo, one))
            undo = str_is_empty(undo)
                       ? one
                       : str_format(o->out, STR_FMT "; " STR_FMT, STR_ARG(one), STR_ARG(undo));
    }
    step->undo = also(o, step->undo, undo);
    step_about(o, step, facts_of_key(o, finding->table));
}

void step_about(Offline *o, StepDraft *step, const TableFacts *facts)
{
    if (facts)
        add_key(o->out, &step->tables, facts->key);
}
