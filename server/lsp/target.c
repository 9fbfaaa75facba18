#include "lsp/target.h"

#include "base/json.h"
#include "lsp/diagnostics.h"

const Document *request_document(const Server *server, const Request *request)
{
    return documents_find(&server->documents,
                          json_as_str(json_path(request->params, "textDocument", "uri", NULL)));
}

bool request_view(Server *server, const Document *document, bool accepts_partial,
                  DocumentView *view, Reply *reply)
{
    ViewState state = document_view(server, document, accepts_partial, view);
    *reply = state == VIEW_LATER ? reply_later() : reply_result(NULL);
    return state == VIEW_READY;
}

bool request_targets(Server *server, const Request *request, TargetVec *targets, Reply *reply)
{
    *targets = (TargetVec){0};
    *reply = reply_result(NULL);
    const Document *document = request_document(server, request);
    if (!document)
        return false;
    PositionMapper mapper =
        position_mapper(document->text, server->client.encoding, &server->scratch);
    uint32_t at;
    if (!position_from_json(&mapper, json_get(request->params, "position"), &at)) {
        *reply = reply_invalid(STR("position is missing or no position"));
        return false;
    }
    DocumentViewVec views;
    ViewState state = document_views(server, document, false, &views);
    if (state != VIEW_READY) {
        if (state == VIEW_LATER)
            *reply = reply_later();
        return false;
    }
    for (uint32_t i = 0; i < views.n; i++) {
        Target target = {.view = views.items[i]};
        if (occurrence_at(target.view.snapshot, target.view.source, at, &target.at))
            VEC_PUSH(&server->scratch, targets, target);
    }
    return true;
}

static void turn_to(LocationWriter *writer, uint32_t source)
{
    if (writer->has_source && writer->source == source)
        return;
    Server *server = writer->server;
    const Text *text = writer->view->snapshot->sources.items[source].file->text;
    writer->has_source = true;
    writer->source = source;
    writer->uri = source_uri(server, writer->view, source);
    writer->mapper = position_mapper(text, server->client.encoding, &server->scratch);
}

Str location_uri(LocationWriter *writer, uint32_t source)
{
    turn_to(writer, source);
    return writer->uri;
}

cJSON *location_range(LocationWriter *writer, uint32_t source, Range range)
{
    turn_to(writer, source);
    return position_range_to_json(&writer->mapper, range);
}

cJSON *location_json(LocationWriter *writer, const Location *location)
{
    cJSON *json = cJSON_CreateObject();
    json_add_str(json, "uri", location_uri(writer, location->source));
    json_add(json, "range", location_range(writer, location->source, location->range));
    return json;
}

bool location_is_new(LocationWriter *writer, StrMap *seen, const Location *location)
{
    Arena *scratch = &writer->server->scratch;
    Str key = str_format(scratch, STR_FMT " %u %u", STR_ARG(location_uri(writer, location->source)),
                         location->range.start, location->range.end);
    if (map_get(seen, key))
        return false;
    map_set(scratch, seen, key, seen); /* any value but NULL */
    return true;
}
