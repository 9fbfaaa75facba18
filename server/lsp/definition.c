/* Go to definition: engine/jumps.h says where a name leads. */
#include "base/json.h"
#include "lsp/handlers.h"
#include "lsp/target.h"

/* A LocationLink: the name under the cursor, and the whole of what it leads to. */
static cJSON *link_json(LocationWriter *writer, const Target *target,
                        const LocatedOccurrence *definition)
{
    const Location *to = &definition->location;
    cJSON *json = cJSON_CreateObject();
    const Location *from = &target->at.location;
    json_add(json, "originSelectionRange", location_range(writer, from->source, from->range));
    json_add_str(json, "targetUri", location_uri(writer, to->source));
    json_add(json, "targetRange",
             location_range(writer, to->source, jump_extent(target->view.snapshot, definition)));
    json_add(json, "targetSelectionRange", location_range(writer, to->source, to->range));
    return json;
}

static void add_definitions(Server *server, const Target *target, StrMap *seen, cJSON *list)
{
    LocationWriter writer = {.server = server, .view = &target->view};
    LocatedOccurrenceVec found = jump_definitions(
        &server->scratch, target->view.snapshot, &target->at, view_is_beside_squawk(&target->view));
    for (uint32_t i = 0; i < found.n; i++) {
        const Location *location = &found.items[i].location;
        if (!location_is_new(&writer, seen, location))
            continue;
        json_push(list, server->client.definition_links
                            ? link_json(&writer, target, &found.items[i])
                            : location_json(&writer, location));
    }
}

Reply handle_definition(Server *server, const Request *request)
{
    TargetVec targets;
    Reply reply;
    if (!request_targets(server, request, &targets, &reply))
        return reply;
    cJSON *list = cJSON_CreateArray();
    StrMap seen = {0};
    for (uint32_t i = 0; i < targets.n; i++)
        add_definitions(server, &targets.items[i], &seen, list);
    return reply_list(list);
}
