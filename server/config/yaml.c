/* YAML events to nodes.
 *
 * libyaml counts positions in code points; ours are bytes, so each mark is converted on the
 * way, with a cursor because marks come nearly in order. Aliases are refused: with them ten
 * lines can mean gigabytes. Depth and number of nodes are bounded; libyaml itself refuses
 * deep flow nesting by its own limit. */
#include <yaml.h>

#include "base/utf8.h"
#include "config/node.h"

enum {
    MAX_DEPTH = 16, /* the deepest key of ours has three levels */
    MAX_NODES = 100000,
};

typedef struct {
    Arena *out;
    Str bytes;
    ConfigProblemVec *problems;
    yaml_parser_t parser;
    size_t cursor_points; /* this many code points after the byte order mark … */
    uint32_t cursor;      /* … is this byte */
    uint32_t first;       /* where the byte order mark ends */
    uint32_t n_nodes;
    bool is_broken;
} Reader;

static uint32_t byte_of(Reader *r, yaml_mark_t mark)
{
    if (mark.index < r->cursor_points) {
        r->cursor_points = 0;
        r->cursor = r->first;
    }
    while (r->cursor_points < mark.index && r->cursor < r->bytes.length) {
        uint32_t n_bytes;
        utf8_decode(r->bytes, r->cursor, &n_bytes);
        r->cursor += n_bytes;
        r->cursor_points++;
    }
    return r->cursor;
}

static Range range_of(Reader *r, const yaml_event_t *event)
{
    uint32_t start = byte_of(r, event->start_mark);
    uint32_t end = byte_of(r, event->end_mark);
    if (end == start && end < r->bytes.length)
        end++; /* a block's start has no width, but a finding needs something to underline */
    return (Range){.start = start, .end = end};
}

static void fail(Reader *r, Str message, Range range)
{
    if (!r->is_broken)
        VEC_PUSH(
            r->out, r->problems,
            ((ConfigProblem){.rule = STR("config-syntax"), .message = message, .range = range}));
    r->is_broken = true;
}

static void fail_by_parser(Reader *r)
{
    const yaml_parser_t *p = &r->parser;
    uint32_t at =
        p->problem_mark.index || p->error != YAML_READER_ERROR
            ? byte_of(r, p->problem_mark)
            : (uint32_t)(p->problem_offset < r->bytes.length ? p->problem_offset : r->bytes.length);
    const char *problem = p->problem ? p->problem : "cannot be read";
    Str message = p->context ? str_format(r->out, "this is not YAML: %s, %s", p->context, problem)
                             : str_format(r->out, "this is not YAML: %s", problem);
    uint32_t end = at < r->bytes.length ? at + 1 : at;
    fail(r, message, (Range){.start = at, .end = end});
}

static bool next_event(Reader *r, yaml_event_t *event)
{
    if (r->is_broken)
        return false;
    if (yaml_parser_parse(&r->parser, event))
        return true;
    fail_by_parser(r);
    return false;
}

static Str scalar_text(Reader *r, const yaml_event_t *event)
{
    return str_copy(r->out,
                    str_of((const char *)event->data.scalar.value, event->data.scalar.length));
}

static bool is_null(const yaml_event_t *event)
{
    if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    Str text = str_of((const char *)event->data.scalar.value, event->data.scalar.length);
    return str_is_empty(text) || str_equal(text, STR("~")) ||
           str_equal_ignore_case(text, STR("null"));
}

static void read_node(Reader *r, const yaml_event_t *event, ConfigNode *node, uint32_t depth);

static void read_list(Reader *r, ConfigNode *node, uint32_t depth)
{
    node->kind = NODE_LIST;
    yaml_event_t event;
    while (next_event(r, &event)) {
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            return;
        }
        ConfigNode *item = ARENA_NEW(r->out, ConfigNode);
        read_node(r, &event, item, depth + 1);
        yaml_event_delete(&event);
        VEC_PUSH(r->out, &node->entries, ((ConfigEntry){.value = item}));
    }
}

static void read_map(Reader *r, ConfigNode *node, uint32_t depth)
{
    node->kind = NODE_MAP;
    yaml_event_t event;
    while (next_event(r, &event)) {
        bool is_end = event.type == YAML_MAPPING_END_EVENT;
        Range range = range_of(r, &event);
        Str key = {0};
        if (event.type == YAML_SCALAR_EVENT)
            key = scalar_text(r, &event);
        else if (!is_end)
            fail(r, STR("a key is a plain word"), range);
        yaml_event_delete(&event);
        if (is_end || !next_event(r, &event))
            return;
        ConfigNode *value = ARENA_NEW(r->out, ConfigNode);
        read_node(r, &event, value, depth + 1);
        yaml_event_delete(&event);
        VEC_PUSH(r->out, &node->entries,
                 ((ConfigEntry){.key = key, .key_range = range, .value = value}));
    }
}

static void read_node(Reader *r, const yaml_event_t *event, ConfigNode *node, uint32_t depth)
{
    node->range = range_of(r, event);
    if (depth > MAX_DEPTH || ++r->n_nodes > MAX_NODES) {
        fail(r, STR("this configuration is nested too deeply or too long"), node->range);
    } else if (event->type == YAML_SCALAR_EVENT) {
        node->kind = is_null(event) ? NODE_NULL : NODE_SCALAR;
        node->text = scalar_text(r, event);
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        read_list(r, node, depth);
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        read_map(r, node, depth);
    } else if (event->type == YAML_ALIAS_EVENT) {
        fail(r, STR("aliases are not read here; write the value out"), node->range);
    }
}

ConfigNode *node_from_yaml(Arena *out, const Text *text, ConfigProblemVec *problems)
{
    Reader r = {.out = out, .bytes = text_bytes(text), .problems = problems};
    ConfigNode *root = ARENA_NEW(out, ConfigNode);
    r.first = r.cursor = str_starts_with(r.bytes, STR("\xEF\xBB\xBF")) ? 3 : 0;
    if (!yaml_parser_initialize(&r.parser))
        return root;
    yaml_parser_set_input_string(
        &r.parser, (const unsigned char *)(r.bytes.data ? r.bytes.data : ""), r.bytes.length);
    yaml_event_t event;
    bool has_document = false;
    while (next_event(&r, &event)) {
        bool is_end = event.type == YAML_STREAM_END_EVENT;
        bool is_content = event.type == YAML_SCALAR_EVENT ||
                          event.type == YAML_SEQUENCE_START_EVENT ||
                          event.type == YAML_MAPPING_START_EVENT || event.type == YAML_ALIAS_EVENT;
        if (is_content && has_document)
            fail(&r, STR("only the first document of this file is read"), range_of(&r, &event));
        else if (is_content)
            read_node(&r, &event, root, 0);
        has_document = has_document || is_content;
        yaml_event_delete(&event);
        if (is_end)
            break;
    }
    yaml_parser_delete(&r.parser);
    return root;
}

const char *config_yaml_version(void)
{
    return yaml_get_version_string();
}
