#include "config/node.h"

static ConfigNode *child(Arena *out, ConfigNode *node, Str key)
{
    for (uint32_t i = 0; i < node->entries.n; i++) {
        if (str_equal(node->entries.items[i].key, key))
            return node->entries.items[i].value;
    }
    ConfigNode *value = ARENA_NEW(out, ConfigNode);
    VEC_PUSH(out, &node->entries, ((ConfigEntry){.key = key, .value = value}));
    return value;
}

static bool is_number(Str text)
{
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    }
    return text.length > 0;
}

static void set_scalar(Arena *out, ConfigNode *node, Str value)
{
    Str copy = str_copy(out, value);
    if (node->kind == NODE_NULL) {
        node->kind = NODE_SCALAR;
        node->text = copy;
        return;
    }
    if (node->kind == NODE_SCALAR) { /* the second of the same key: a list from now on */
        ConfigNode *first = ARENA_NEW(out, ConfigNode);
        *first = *node;
        *node = (ConfigNode){.kind = NODE_LIST};
        VEC_PUSH(out, &node->entries, ((ConfigEntry){.value = first}));
    }
    if (node->kind == NODE_LIST) {
        ConfigNode *item = ARENA_NEW(out, ConfigNode);
        *item = (ConfigNode){.kind = NODE_SCALAR, .text = copy};
        VEC_PUSH(out, &node->entries, ((ConfigEntry){.value = item}));
    }
}

ConfigNode *node_from_settings(Arena *out, const SettingVec *settings)
{
    ConfigNode *root = ARENA_NEW(out, ConfigNode);
    for (uint32_t i = 0; settings && i < settings->n; i++) {
        Str rest = str_copy(out, settings->items[i].key);
        ConfigNode *node = root;
        while (rest.length) {
            uint32_t dot = str_find(rest, STR("."), 0);
            uint32_t end = dot == UINT32_MAX ? rest.length : dot;
            Str key = str_slice(rest, 0, end);
            rest = str_slice(rest, end + 1, rest.length);
            if (node->kind == NODE_SCALAR)
                break; /* both "a" and "a.b" are set: the first stands */
            node->kind = is_number(key) || node->kind == NODE_LIST ? NODE_LIST : NODE_MAP;
            node = child(out, node, key);
        }
        if (node != root && (node->kind != NODE_MAP))
            set_scalar(out, node, settings->items[i].value);
    }
    return root;
}
