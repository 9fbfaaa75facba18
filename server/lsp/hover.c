#include "lsp/hover.h"

#include <time.h>

#include "base/json.h"
#include "lsp/diagnostics.h"
#include "lsp/handlers.h"
#include "lsp/indexing.h"
#include "lsp/reports.h"
#include "lsp/target.h"

enum { MAX_HOVER_BYTES = 64 * 1024 };

void hover_line(Hover *hover)
{
    /* Two spaces: a line break in Markdown. */
    buf_add(hover->out, hover->is_markdown ? STR("  \n") : STR("\n"));
}

void hover_name(Hover *hover, Str name)
{
    buf_add(hover->out, hover->is_markdown ? report_code(&hover->server->scratch, name) : name);
}

void hover_strong(Hover *hover, Str name)
{
    Str mark = hover->is_markdown ? STR("**") : STR("");
    buf_add(hover->out, mark);
    hover_name(hover, name);
    buf_add(hover->out, mark);
}

void hover_prose(Hover *hover, Str text)
{
    buf_add(hover->out, hover->is_markdown ? report_prose(&hover->server->scratch, text) : text);
}

void hover_emphasis(Hover *hover, Str text)
{
    Str mark = hover->is_markdown ? STR("*") : STR("");
    buf_add(hover->out, mark);
    buf_add(hover->out, text);
    buf_add(hover->out, mark);
}

void hover_cite(Hover *hover, Place place)
{
    Str cite = snapshot_cite(&hover->server->scratch, hover->view->snapshot, place);
    buf_add(hover->out, cite);
}

static void add_paragraph(Hover *hover)
{
    if (hover->out->length > 0)
        buf_add(hover->out, STR("\n\n"));
}

static void add_reason(Hover *hover, const char *title, const char *text)
{
    if (!text)
        return;
    add_paragraph(hover);
    hover_emphasis(hover, str_from(title));
    buf_add(hover->out, STR(": "));
    hover_prose(hover, str_from(text));
}

/* The rule's own words, for findings under the cursor. */
static void add_finding(Hover *hover, const Finding *finding)
{
    add_paragraph(hover);
    buf_add(hover->out, severity_name(finding->severity));
    buf_add(hover->out, STR(" "));
    hover_name(hover, finding->rule);
    buf_add(hover->out, STR(": "));
    hover_prose(hover, finding->message);
    const Rule *rule = rule_find(finding->rule);
    if (!rule)
        return;
    add_reason(hover, "why", rule->why);
    add_reason(hover, "instead", rule->instead);
}

static Str age(Arena *out, int64_t made_at)
{
    struct timespec now = {0};
    if (clock_gettime(CLOCK_REALTIME, &now) != 0 || now.tv_sec < made_at)
        return STR("just now");
    long long minutes = (now.tv_sec - made_at) / 60, hours = minutes / 60, days = hours / 24;
    if (minutes == 0)
        return STR("just now");
    if (hours == 0)
        return str_format(out, "%lld minute%s ago", minutes, minutes == 1 ? "" : "s");
    if (days == 0)
        return str_format(out, "%lld hour%s ago", hours, hours == 1 ? "" : "s");
    return str_format(out, "%lld day%s ago", days, days == 1 ? "" : "s");
}

/* Whether the report still speaks of what is there. */
static Str change_since(Hover *hover, const StoredReport *stored, const TableWord *word,
                        const Table *table)
{
    const Database *database = &hover->view->snapshot->database;
    Arena *scratch = &hover->server->scratch;
    if (!stored->has_fingerprints)
        return STR("");
    if (table_fingerprint(database, table, scratch) != word->fingerprint)
        return STR("; the table has changed since");
    if (served_fingerprint(hover->view->served) != stored->fingerprint)
        return STR("; other tables have changed since");
    return STR("");
}

/* What the newest report says of the table, and the way to it. */
static void add_report(Hover *hover, const Table *table)
{
    Arena *scratch = &hover->server->scratch;
    const StoredReport *stored = NULL;
    const TableWord *word =
        reports_word(hover->server, hover->view->served, table_full_name(scratch, table), &stored);
    if (!word)
        return;
    Str since = hover->view->is_partial ? STR("") : change_since(hover, stored, word, table);
    add_paragraph(hover);
    buf_format(hover->out, "Consulted " STR_FMT STR_FMT ":", STR_ARG(age(scratch, stored->made_at)),
               STR_ARG(since));
    add_paragraph(hover);
    buf_add(hover->out, str_trim(word->text));
    add_paragraph(hover);
    Str uri = report_uri(scratch, stored->id, "md");
    if (hover->is_markdown)
        buf_format(hover->out, "[Open the report](" STR_FMT ")", STR_ARG(uri));
    else
        buf_add(hover->out, uri);
}

static bool is_under(const Finding *finding, const DocumentView *view, uint32_t at)
{
    return finding->location.source == view->source && range_touches(finding->location.range, at);
}

static bool add_relation(Hover *hover, uint32_t at, Range *range)
{
    LocatedOccurrence found;
    if (!occurrence_at(hover->view->snapshot, hover->view->source, at, &found) ||
        !found.occurrence.thing.relation)
        return false;
    hover_relation(hover, &found.occurrence.thing);
    *range = found.location.range;
    return true;
}

static bool write_hover(Hover *hover, uint32_t at, Range *range)
{
    const DocumentView *view = hover->view;
    Subject subject = {0};
    bool has_range = false;
    if (snapshot_subject_at(view->snapshot, view->source, at, &subject) && subject.table) {
        if (subject.column)
            hover_column(hover, subject.table, subject.column);
        else
            hover_table(hover, subject.table);
        hover_sides(hover, &subject);
        hover_model(hover, &subject);
        Location location;
        if (snapshot_locate(view->snapshot, subject.place, &location)) {
            *range = location.range;
            has_range = true;
        }
        if (!subject.column)
            add_report(hover, subject.table);
    } else {
        has_range = add_relation(hover, at, range);
    }
    if (view->is_partial) {
        if (hover->out->length > 0) {
            add_paragraph(hover);
            hover_emphasis(hover, STR("from this file alone: the project is still being read"));
        }
        return has_range;
    }
    for (uint32_t i = 0; i < view->snapshot->findings.n; i++) {
        const Finding *finding = &view->snapshot->findings.items[i];
        if (!is_under(finding, view, at) || finding_is_left_out(view, finding))
            continue;
        add_finding(hover, finding);
        if (!has_range) {
            *range = finding->location.range;
            has_range = true;
        }
    }
    return has_range;
}

Reply handle_hover(Server *server, const Request *request)
{
    const Document *document = request_document(server, request);
    if (!document)
        return reply_result(NULL);
    PositionMapper mapper =
        position_mapper(document->text, server->client.encoding, &server->scratch);
    uint32_t at;
    if (!position_from_json(&mapper, json_get(request->params, "position"), &at))
        return reply_invalid(STR("position is missing or no position"));
    DocumentView view;
    Reply reply;
    if (!request_view(server, document, indexing_is_noticed(server), &view, &reply))
        return reply;
    Buf text = buf_with_max(MAX_HOVER_BYTES);
    Hover hover = {.server = server,
                   .view = &view,
                   .out = &text,
                   .is_markdown = server->client.hover_markdown};
    Range range;
    bool has_range = write_hover(&hover, at, &range);
    cJSON *result = NULL;
    if (text.length > 0) {
        result = cJSON_CreateObject();
        cJSON *contents = cJSON_AddObjectToObject(result, "contents");
        json_add_str(contents, "kind", hover.is_markdown ? STR("markdown") : STR("plaintext"));
        json_add_str(contents, "value", buf_str(&text));
        if (has_range)
            json_add(result, "range", position_range_to_json(&mapper, range));
    }
    buf_free(&text);
    return reply_result(result);
}
