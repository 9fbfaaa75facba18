/* References in all files, and highlights in one: engine/jumps.h says which. */
#include "base/json.h"
#include "lsp/handlers.h"
#include "lsp/target.h"

Reply handle_references(Server *server, const Request *request)
{
    TargetVec targets;
    Reply reply;
    if (!request_targets(server, request, &targets, &reply))
        return reply;
    bool includes_definitions =
        json_is_true(json_get(request->params, "context"), "includeDeclaration");
    cJSON *list = cJSON_CreateArray();
    StrMap seen = {0};
    for (uint32_t i = 0; i < targets.n; i++) {
        const Target *target = &targets.items[i];
        LocationWriter writer = {.server = server, .view = &target->view};
        LocatedOccurrenceVec found =
            jump_references(&server->scratch, target->view.snapshot, &target->at,
                            includes_definitions, view_is_beside_squawk(&target->view));
        for (uint32_t j = 0; j < found.n; j++) {
            const Location *location = &found.items[j].location;
            if (location_is_new(&writer, &seen, location))
                json_push(list, location_json(&writer, location));
        }
    }
    return reply_result(list);
}

static int highlight_kind(OccurrenceRole role)
{
    enum { TEXT = 1, READ = 2, WRITE = 3 };
    switch (role) {
    case OCCURRENCE_DEFINITION:
    case OCCURRENCE_TITLE:
    case OCCURRENCE_CHANGE:
    case OCCURRENCE_WRITE:
        return WRITE;
    case OCCURRENCE_READ:
    case OCCURRENCE_REFERENCE:
        return READ;
    case OCCURRENCE_ALIAS:
    case OCCURRENCE_TYPE:
        return TEXT;
    }
    return TEXT;
}

Reply handle_document_highlight(Server *server, const Request *request)
{
    TargetVec targets;
    Reply reply;
    if (!request_targets(server, request, &targets, &reply))
        return reply;
    cJSON *list = cJSON_CreateArray();
    StrMap seen = {0};
    for (uint32_t i = 0; i < targets.n; i++) {
        const Target *target = &targets.items[i];
        LocationWriter writer = {.server = server, .view = &target->view};
        LocatedOccurrenceVec found =
            jump_highlights(&server->scratch, target->view.snapshot, &target->at);
        for (uint32_t j = 0; j < found.n; j++) {
            const LocatedOccurrence *one = &found.items[j];
            if (!location_is_new(&writer, &seen, &one->location))
                continue;
            cJSON *item = cJSON_CreateObject();
            json_add(item, "range",
                     location_range(&writer, one->location.source, one->location.range));
            cJSON_AddNumberToObject(item, "kind", highlight_kind(one->occurrence.role));
            json_push(list, item);
        }
    }
    return reply_list(list);
}
