#include "consult/mcp/agent_servers.h"

#include <yaml.h>

#include "base/json.h"

enum { MAX_NODES = 2000 };

/* YAML's events as a tree of objects, arrays and texts; what else scalars may be is not asked. */
typedef struct {
    yaml_parser_t parser;
    uint32_t n_nodes;
} Reading;

static cJSON *read_node(Reading *reading, yaml_event_t *event, uint32_t depth);

static bool next_event(Reading *reading, yaml_event_t *event)
{
    return yaml_parser_parse(&reading->parser, event) != 0;
}

static Str scalar_of(const yaml_event_t *event)
{
    return str_of((const char *)event->data.scalar.value, event->data.scalar.length);
}

/* Whole numbers become numbers where they stand unquoted: `timeout: 60000`. */
static cJSON *scalar_node(const yaml_event_t *event)
{
    Str text = scalar_of(event);
    bool is_number =
        event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && text.length > 0 && text.length < 10;
    double value = 0;
    for (uint32_t i = 0; i < text.length && is_number; i++) {
        is_number = text.data[i] >= '0' && text.data[i] <= '9';
        value = value * 10 + (text.data[i] - '0');
    }
    return is_number ? cJSON_CreateNumber(value) : json_string(text);
}

/* The items up to the end of a list or mapping; NULL where it is broken. */
static cJSON *read_items(Reading *reading, bool is_object, uint32_t depth)
{
    cJSON *items = is_object ? cJSON_CreateObject() : cJSON_CreateArray();
    yaml_event_type_t end = is_object ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    Arena scratch = {0};
    bool is_over = false, is_good = true;
    while (is_good && !is_over) {
        yaml_event_t event;
        char *key = NULL;
        is_good = next_event(reading, &event);
        if (!is_good)
            break;
        is_over = event.type == end;
        if (!is_over && is_object) {
            is_good = event.type == YAML_SCALAR_EVENT;
            if (is_good)
                key = str_to_c(&scratch, scalar_of(&event));
            yaml_event_delete(&event);
            is_good = is_good && next_event(reading, &event);
            if (!is_good)
                break;
        }
        if (!is_over) {
            cJSON *item = read_node(reading, &event, depth + 1);
            is_good = item != NULL;
            if (item && is_object)
                json_add(items, key, item);
            else if (item)
                json_push(items, item);
        }
        yaml_event_delete(&event);
    }
    arena_release(&scratch);
    if (is_good)
        return items;
    cJSON_Delete(items);
    return NULL;
}

static cJSON *read_node(Reading *reading, yaml_event_t *event, uint32_t depth)
{
    if (depth > FRONT_MATTER_MAX_DEPTH || reading->n_nodes++ > MAX_NODES)
        return NULL;
    if (event->type == YAML_SCALAR_EVENT)
        return scalar_node(event);
    if (event->type == YAML_MAPPING_START_EVENT)
        return read_items(reading, true, depth);
    return event->type == YAML_SEQUENCE_START_EVENT ? read_items(reading, false, depth) : NULL;
}

static cJSON *read_yaml(Str yaml)
{
    Reading reading = {0};
    cJSON *tree = NULL;
    if (str_is_empty(yaml) || !yaml_parser_initialize(&reading.parser))
        return NULL;
    yaml_parser_set_input_string(&reading.parser, (const unsigned char *)yaml.data, yaml.length);
    bool is_over = false;
    while (!is_over && !tree) {
        yaml_event_t event;
        if (!next_event(&reading, &event))
            break;
        if (event.type == YAML_MAPPING_START_EVENT)
            tree = read_node(&reading, &event, 0);
        is_over = event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_START_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&reading.parser);
    return tree;
}

/* Moves the entries of an object into `servers`; the first of a name stays. */
static void move_entries(cJSON *servers, cJSON *object)
{
    cJSON *entry;
    while ((entry = cJSON_DetachItemFromArray(object, 0)) != NULL) {
        if (entry->string && !cJSON_HasObjectItem(servers, entry->string))
            cJSON_AddItemToObject(servers, entry->string, entry);
        else
            cJSON_Delete(entry);
    }
}

cJSON *agent_servers(const Agent *agent)
{
    cJSON *tree = read_yaml(agent->head);
    cJSON *declared = cJSON_DetachItemFromObjectCaseSensitive(tree, "mcpServers"), *item;
    cJSON_Delete(tree);
    if (!cJSON_IsArray(declared) && !cJSON_IsObject(declared)) {
        cJSON_Delete(declared);
        return NULL;
    }
    cJSON *servers = cJSON_CreateObject();
    if (cJSON_IsObject(declared)) {
        move_entries(servers, declared);
    } else {
        while ((item = cJSON_DetachItemFromArray(declared, 0)) != NULL) {
            if (cJSON_IsObject(item))
                move_entries(servers, item);
            cJSON_Delete(item);
        }
    }
    cJSON_Delete(declared);
    return servers;
}
