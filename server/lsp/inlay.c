/* Inlay hints: beside a field of a model, its column's type in the database. Off by default. */
#include "base/json.h"
#include "lsp/handlers.h"
#include "lsp/target.h"

enum { MAX_LABEL = 60 }; /* bytes: an enum of MySQL names all its values */

typedef struct {
    Server *server;
    const DocumentView *view;
    PositionMapper *mapper;
    Range range;
    StrMap seen; /* places: a mixin's field is many models' */
    cJSON *list;
} InlayList;

/* Short, and in one line. */
static Str label_of(Arena *out, const Column *column)
{
    Str type = column->type.canonical;
    uint32_t end = type.length;
    if (end > MAX_LABEL)
        for (end = MAX_LABEL; end > 0 && (type.data[end] & 0xc0) == 0x80;)
            end--;
    return str_format(out, STR_FMT "%s%s", STR_ARG(str_slice(type, 0, end)),
                      end < type.length ? "\xe2\x80\xa6" : "",
                      column->is_nullable ? "" : " not null");
}

static void add_hint(InlayList *inlay, const OrmField *field, const Column *column)
{
    enum { TYPE = 1 };
    Arena *scratch = &inlay->server->scratch;
    Location location;
    Place place = place_is_set(field->type) ? field->type : field->name.place;
    if (str_is_empty(column->type.canonical) ||
        !snapshot_locate(inlay->view->snapshot, place, &location) ||
        location.source != inlay->view->source)
        return;
    uint32_t at = location.range.end;
    Str key = str_format(scratch, "%u", at);
    if (at < inlay->range.start || at > inlay->range.end || map_get(&inlay->seen, key))
        return;
    map_set(scratch, &inlay->seen, key, inlay);
    cJSON *hint = cJSON_CreateObject();
    cJSON *range = position_range_to_json(inlay->mapper, (Range){at, at});
    json_add(hint, "position", cJSON_DetachItemFromObjectCaseSensitive(range, "start"));
    cJSON_Delete(range);
    json_add_str(hint, "label", label_of(scratch, column));
    cJSON_AddNumberToObject(hint, "kind", TYPE);
    cJSON_AddTrueToObject(hint, "paddingLeft");
    json_push(inlay->list, hint);
}

static void add_models(InlayList *inlay)
{
    const Snapshot *snapshot = inlay->view->snapshot;
    for (uint32_t i = 0; i < snapshot->linked.models.n; i++) {
        const OrmModel *model = snapshot->linked.models.items[i];
        const Table *table = database_model_table(&snapshot->database, model);
        for (uint32_t k = 0; table && k < model->fields.n; k++) {
            const OrmField *field = &model->fields.items[k];
            const Column *column = table_column(table, field->column.text);
            if (column)
                add_hint(inlay, field, column);
        }
    }
}

Reply handle_inlay_hint(Server *server, const Request *request)
{
    const Document *document = request_document(server, request);
    if (!document)
        return reply_result(NULL);
    PositionMapper mapper =
        position_mapper(document->text, server->client.encoding, &server->scratch);
    Range range;
    if (!position_range_from_json(&mapper, json_get(request->params, "range"), &range))
        return reply_invalid(STR("range is missing or no range"));
    DocumentView view;
    Reply reply;
    if (!request_view(server, document, false, &view, &reply))
        return reply;
    const Config *config = view.served->database->config;
    if (!config || !config->shows_types)
        return reply_result(NULL);
    InlayList inlay = {.server = server,
                       .view = &view,
                       .mapper = &mapper,
                       .range = range,
                       .list = cJSON_CreateArray()};
    add_models(&inlay);
    return reply_result(inlay.list);
}
