/* Completion of names of the schema, where no other server knows them (engine/completion_place.h).
 */
#include "base/json.h"
#include "engine/completion_place.h"
#include "engine/occurrences.h"
#include "lsp/handlers.h"
#include "lsp/target.h"
#include "model/identifier.h"

enum {
    MAX_ITEMS = 1000, /* more are left out until something more is typed */
    ITEM_FIELD = 5,
    ITEM_STRUCT = 22,
};

typedef struct {
    Server *server;
    const DocumentView *view;
    const Schema *schema;
    CompletionPlace place;
    Str typed; /* as it stands there */
    cJSON *range;
    cJSON *items;
    uint32_t n;
} Completion;

/* `text` is what is put in. */
static void add_item(Completion *c, Str label, Str text, int kind, Str detail)
{
    if (c->n == MAX_ITEMS || label.length < c->typed.length ||
        !str_equal_ignore_case(str_slice(label, 0, c->typed.length), c->typed))
        return;
    c->n++;
    cJSON *item = cJSON_CreateObject();
    json_add_str(item, "label", label);
    cJSON_AddNumberToObject(item, "kind", kind);
    if (!str_is_empty(detail))
        json_add_str(item, "detail", detail);
    if (!str_equal(label, text))
        json_add_str(item, "filterText", label);
    cJSON *edit = cJSON_AddObjectToObject(item, "textEdit");
    json_add(edit, "range", cJSON_Duplicate(c->range, 1));
    json_add_str(edit, "newText", text);
    json_push(c->items, item);
}

static void add_columns(Completion *c, const Table *table, bool with_table)
{
    Arena *scratch = &c->server->scratch;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        Str name = column->name.text;
        if (with_table) {
            Str label = str_format(scratch, STR_FMT "." STR_FMT,
                                   STR_ARG(table_title(scratch, c->schema, table)), STR_ARG(name));
            add_item(c, label, label, ITEM_FIELD, column->type.canonical);
        } else {
            add_item(c, name, sql_identifier(scratch, c->schema->dialect, name), ITEM_FIELD,
                     column->type.canonical);
        }
    }
}

/* squawk's server, which is there, offers the table. */
static bool is_squawks(const Completion *c, const Table *table)
{
    Location location;
    return c->place.is_squawks && view_is_beside_squawk(c->view) && table->origin &&
           snapshot_locate(c->view->snapshot, table->origin->target.name.place, &location) &&
           location.source == c->view->source;
}

static void add_tables(Completion *c, bool with_columns)
{
    Arena *scratch = &c->server->scratch;
    for (MapEntry *e = map_next(&c->schema->tables, NULL); e && c->n < MAX_ITEMS;
         e = map_next(&c->schema->tables, e)) {
        const Table *table = e->value;
        if (table->is_temporary || is_squawks(c, table))
            continue;
        if (with_columns)
            add_columns(c, table, true);
        else
            add_item(c, table_title(scratch, c->schema, table),
                     sql_table_name(scratch, c->schema, table), ITEM_STRUCT,
                     table_is_base(table) ? STR("table") : STR("view"));
    }
}

static void add_items(Completion *c)
{
    const Table *table = NULL;
    switch (c->place.kind) {
    case COMPLETE_NOTHING:
        break;
    case COMPLETE_TABLES:
        add_tables(c, false);
        break;
    case COMPLETE_TABLE_COLUMNS:
        add_tables(c, true);
        break;
    case COMPLETE_COLUMNS:
        table = schema_table(c->schema, c->place.schema, c->place.table);
        if (table)
            add_columns(c, table, false);
        break;
    }
}

Reply handle_completion(Server *server, const Request *request)
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
    if (!request_view(server, document, false, &view, &reply))
        return reply;
    const Source *source = &view.snapshot->sources.items[view.source];
    CompletionPlace place = completion_place(&server->scratch, source, at);
    const Schema *schema = source_schema(view.snapshot, view.source);
    const Config *config = view.served->database->config;
    if (place.kind == COMPLETE_NOTHING || !schema || (config && config->has_no_completion))
        return reply_result(NULL);
    Completion completion = {
        .server = server,
        .view = &view,
        .schema = schema,
        .place = place,
        .typed = str_slice(text_bytes(document->text), place.typed.start, place.typed.end),
        .range = position_range_to_json(&mapper, place.typed),
    };
    cJSON *result = cJSON_CreateObject();
    completion.items = cJSON_CreateArray();
    add_items(&completion);
    cJSON_AddBoolToObject(result, "isIncomplete", completion.n == MAX_ITEMS);
    json_add(result, "items", completion.items);
    cJSON_Delete(completion.range);
    return reply_result(result);
}
