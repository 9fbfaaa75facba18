/* options.h — the one table of configuration keys.
 *
 * Keys, types, bounds, defaults and help; checking (config.c) and the JSON Schema (schema.c)
 * are both made from it. In a key, "*" is any word and "[]" an item of a list. */
#ifndef CONFIG_OPTIONS_H
#define CONFIG_OPTIONS_H

#include "config/config.h"

typedef enum {
    OPTION_MAP,  /* holds further keys */
    OPTION_LIST, /* of items with keys */
    OPTION_TEXT,
    OPTION_TEXTS,   /* one text, or a list of them */
    OPTION_CHOICE,  /* one of `choices` */
    OPTION_VERSION, /* 15, 8.0 */
    OPTION_COUNT,   /* 2000000, 2_000_000, 2M */
} OptionType;

/* A checked value: the field of its type is set. */
typedef struct {
    Str text;
    PatternVec texts;
    uint32_t choice; /* index into choices */
    ConfigVersion version;
    uint64_t count;
} OptionValue;

/* What a setter works on: the configuration, and the entries of lists and maps it is in. */
typedef struct {
    Config *config;
    bool is_file; /* lintel.yaml says it, not the editor */
    Str key;
    Range key_range;
} OptionTarget;

typedef struct {
    const char *key;
    OptionType type;
    const char *choices;       /* OPTION_CHOICE: space-separated */
    uint32_t minimum, maximum; /* OPTION_VERSION: of the major number */
    const char *default_value; /* for people and the JSON Schema; NULL: none */
    const char *help;
    /* What leaves the machine, or runs on it, hangs on it: in an editor it belongs into the user's
     * settings, not into those that a workspace brings along. */
    bool is_personal;
    bool is_own; /* beside that, not from lintel.yaml at all */
    /* Takes the value over. For OPTION_MAP and OPTION_LIST with "*" or "[]": a new entry
     * begins. NULL: nothing to do. */
    void (*set)(const OptionTarget *target, const OptionValue *value);
} Option;

extern const Option options[];
extern const uint32_t n_options;

/* The option directly below `parent` ("" for the top) that `key` names; NULL: there is none. */
const Option *option_below(Str parent, Str key);
/* True where the option stands directly below `parent`; *name gets its last part. */
bool option_is_below(const Option *option, Str parent, Str *name);

#endif
