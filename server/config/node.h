/* node.h — what a configuration says before anybody knows what it means.
 *
 * A tree of maps, lists and scalars with their byte ranges, read from YAML or from the
 * editor's flat settings. Inside config/ only. Nodes live in the arena given; texts of
 * scalars are copies. */
#ifndef CONFIG_NODE_H
#define CONFIG_NODE_H

#include "config/config.h"

typedef enum { NODE_NULL, NODE_SCALAR, NODE_LIST, NODE_MAP } NodeKind;

typedef struct ConfigNode ConfigNode;

typedef struct {
    Str key; /* empty in a list */
    Range key_range;
    ConfigNode *value;
} ConfigEntry;
typedef Vec(ConfigEntry) ConfigEntryVec;

struct ConfigNode {
    NodeKind kind;
    Str text; /* of a scalar */
    Range range;
    ConfigEntryVec entries; /* of a map or list */
};

/* The document's root (a NODE_NULL for an empty one). What is not YAML becomes a problem, and
 * the tree holds what came before it. */
ConfigNode *node_from_yaml(Arena *out, const Text *text, ConfigProblemVec *problems);

/* The same from flat keys: "a.b" is b in a; "a.0.b" is b in the first item of a; a key that
 * stands several times is a list. */
ConfigNode *node_from_settings(Arena *out, const SettingVec *settings);

#endif
