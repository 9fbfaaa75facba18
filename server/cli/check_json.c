#include "base/version.h"
#include "cli/check.h"
#include "cli/json_out.h"
#include "rules/rule.h"

typedef struct {
    JsonOut json;
    Workspace *workspace;
    PositionCursor here, elsewhere; /* of findings, and of what they point to */
} Printer;

static void add_position(JsonOut *json, const char *key, TextPosition position)
{
    jsonout_open_inline(json, key, '{');
    jsonout_number(json, "line", position.line);
    jsonout_number(json, "column", position.column);
    jsonout_close(json, '}');
}

static void add_range(JsonOut *json, PositionCursor *cursor, const Text *text, Range range)
{
    jsonout_open_inline(json, "range", '{');
    add_position(json, "start", position_at(cursor, text, range.start));
    add_position(json, "end", position_at(cursor, text, range.end));
    jsonout_close(json, '}');
}

static void add_location(Printer *p, const Checked *checked, Location location)
{
    const Text *text;
    jsonout_text(&p->json, "file", checked_file(p->workspace, checked, location, &text));
    add_range(&p->json, &p->elsewhere, text, location.range);
}

static void add_fix(Printer *p, const Checked *checked, const Fix *fix)
{
    JsonOut *json = &p->json;
    jsonout_open(json, NULL, '{');
    jsonout_text(json, "title", fix->title);
    jsonout_open(json, "edits", '[');
    for (uint32_t i = 0; i < fix->edits.n; i++) {
        jsonout_open(json, NULL, '{');
        add_location(p, checked, fix->edits.items[i].location);
        jsonout_text(json, "text", fix->edits.items[i].text);
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
    jsonout_close(json, '}');
}

static Str first_source(const Rule *rule)
{
    Str sources = rule ? str_from(rule->sources) : (Str){0}, first = {0};
    (void)str_next_word(&sources, &first);
    return first;
}

static void add_finding(Printer *p, const Checked *checked)
{
    JsonOut *json = &p->json;
    const Finding *f = checked->finding;
    const Rule *rule = rule_find(f->rule);
    jsonout_open(json, NULL, '{');
    jsonout_text(json, "file", checked->file);
    jsonout_text(json, "rule", f->rule);
    jsonout_text(json, "group", f->group);
    jsonout_text(json, "severity", severity_name(f->severity));
    jsonout_text(json, "message", f->message);
    jsonout_text_or_null(json, "help", rule ? str_from(rule->instead) : (Str){0});
    jsonout_text_or_null(json, "url", first_source(rule));
    add_range(json, &p->here, checked->text, f->location.range);
    jsonout_open(json, "related", '[');
    for (uint32_t i = 0; i < f->related.n; i++) {
        jsonout_open(json, NULL, '{');
        add_location(p, checked, f->related.items[i].location);
        jsonout_text(json, "message", f->related.items[i].message);
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
    jsonout_open(json, "fixes", '[');
    for (uint32_t i = 0; i < f->fixes.n; i++)
        add_fix(p, checked, &f->fixes.items[i]);
    jsonout_close(json, ']');
    jsonout_close(json, '}');
}

void check_print_json(Buf *out, Workspace *workspace, const CheckedVec *findings,
                      const Summary *summary)
{
    Printer printer = {.json = {.out = out}, .workspace = workspace};
    JsonOut *json = &printer.json;
    jsonout_open(json, NULL, '{');
    jsonout_text(json, "version", STR(LINTEL_VERSION));
    jsonout_open(json, "findings", '[');
    for (uint32_t i = 0; i < findings->n; i++)
        add_finding(&printer, &findings->items[i]);
    jsonout_close(json, ']');
    jsonout_open_inline(json, "summary", '{');
    jsonout_number(json, "files", summary->files);
    jsonout_number(json, "errors", summary->by_severity[SEVERITY_ERROR]);
    jsonout_number(json, "warnings", summary->by_severity[SEVERITY_WARNING]);
    jsonout_number(json, "infos", summary->by_severity[SEVERITY_INFO]);
    jsonout_number(json, "hints", summary->by_severity[SEVERITY_HINT]);
    jsonout_close(json, '}');
    jsonout_close(json, '}');
}
