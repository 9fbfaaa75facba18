#include "config/config.h"

#include "base/nearest.h"
#include "config/node.h"
#include "config/options.h"

enum { MAX_CHOICES = 8, MAX_KEYS = 16 };

static void add_problem(Config *config, Str rule, Str message, Range range)
{
    VEC_PUSH(&config->arena, &config->problems,
             ((ConfigProblem){.rule = rule, .message = message, .range = range}));
}

static void bad_value(Config *config, Str message, Range range)
{
    add_problem(config, STR("config-bad-value"), message, range);
}

/* ---- values ---- */

static bool read_choice(Config *config, const Option *option, const ConfigEntry *entry,
                        OptionValue *value)
{
    const ConfigNode *node = entry->value;
    Str names[MAX_CHOICES];
    uint32_t n = 0;
    Str rest = str_from(option->choices), name;
    while (n < MAX_CHOICES && str_next_word(&rest, &name)) {
        if (node->kind == NODE_SCALAR && str_equal(name, node->text)) {
            value->choice = n;
            return true;
        }
        names[n++] = name;
    }
    Dialect dialect;
    if (n == N_DIALECTS && str_equal(names[0], dialect_name(DIALECT_POSTGRESQL)) &&
        dialect_from_name(node->text, &dialect)) { /* postgres, mariadb, … */
        value->choice = (uint32_t)dialect;
        return true;
    }
    /* YAML's old words for booleans: `off` is a level here, and `false` means it. */
    if (str_equal(names[0], STR("off")) && str_equal(node->text, STR("false"))) {
        value->choice = 0;
        return true;
    }
    Str nearest = nearest_name(node->text, names, n);
    Str all = str_join(&config->arena, names, n, STR(", "));
    if (node->kind == NODE_SCALAR && !str_is_absent(nearest))
        bad_value(config,
                  str_format(&config->arena,
                             STR_FMT " is not one of " STR_FMT "; did you mean " STR_FMT,
                             STR_ARG(node->text), STR_ARG(all), STR_ARG(nearest)),
                  node->range);
    else
        bad_value(config,
                  str_format(&config->arena, STR_FMT " is one of " STR_FMT, STR_ARG(entry->key),
                             STR_ARG(all)),
                  node->range);
    return false;
}

static bool read_version(Config *config, const Option *option, const ConfigEntry *entry,
                         OptionValue *value)
{
    Str text = entry->value->text;
    uint32_t parts[2] = {0, 0};
    uint32_t part = 0, n_digits = 0;
    bool is_good = entry->value->kind == NODE_SCALAR && text.length > 0;
    for (uint32_t i = 0; i < text.length && is_good; i++) {
        char c = text.data[i];
        if (c >= '0' && c <= '9') {
            if (part < 2 && parts[part] < 10000)
                parts[part] = parts[part] * 10 + (uint32_t)(c - '0');
            n_digits++;
        } else {
            is_good = c == '.' && n_digits > 0;
            part++;
            n_digits = 0;
        }
    }
    if (is_good && n_digits > 0 && parts[0] >= option->minimum && parts[0] <= option->maximum) {
        value->version = (ConfigVersion){.major = parts[0], .minor = parts[1]};
        return true;
    }
    bad_value(config,
              str_format(&config->arena, STR_FMT " is a version from %u on, such as %s",
                         STR_ARG(entry->key), option->minimum, option->default_value),
              entry->value->range);
    return false;
}

/* 2000000, 2_000_000, 2k, 2.5M, 1G. */
static bool parse_count(Str text, uint64_t *count)
{
    double number = 0, place = 0;
    bool has_digits = false;
    for (uint32_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c >= '0' && c <= '9') {
            has_digits = true;
            number = place > 0 ? number + (c - '0') * place : number * 10 + (c - '0');
            place /= 10;
        } else if (c == '.' && place == 0) {
            place = 0.1;
        } else if (i + 1 == text.length && has_digits && strchr("kKmMgG", c)) {
            number *= c == 'k' || c == 'K' ? 1e3 : c == 'm' || c == 'M' ? 1e6 : 1e9;
        } else if (c != '_') {
            return false;
        }
        if (number > 1e15)
            return false;
    }
    *count = (uint64_t)(number + 0.5);
    return has_digits;
}

static bool read_texts(Config *config, const ConfigEntry *entry, OptionValue *value)
{
    const ConfigNode *node = entry->value;
    if (node->kind == NODE_SCALAR) {
        VEC_PUSH(&config->arena, &value->texts, node->text);
        return true;
    }
    bool is_good = node->kind == NODE_LIST || node->kind == NODE_NULL;
    for (uint32_t i = 0; i < node->entries.n && is_good; i++) {
        is_good = node->entries.items[i].value->kind == NODE_SCALAR;
        VEC_PUSH(&config->arena, &value->texts, node->entries.items[i].value->text);
    }
    if (!is_good)
        bad_value(config,
                  str_format(&config->arena, STR_FMT " is a list of texts", STR_ARG(entry->key)),
                  node->range);
    return is_good;
}

static bool read_value(Config *config, const Option *option, const ConfigEntry *entry,
                       OptionValue *value)
{
    const ConfigNode *node = entry->value;
    switch (option->type) {
    case OPTION_MAP:
    case OPTION_LIST:
        return true;
    case OPTION_TEXT:
        value->text = node->text;
        if (node->kind == NODE_SCALAR)
            return true;
        bad_value(config, str_format(&config->arena, STR_FMT " is a text", STR_ARG(entry->key)),
                  node->range);
        return false;
    case OPTION_TEXTS:
        return read_texts(config, entry, value);
    case OPTION_CHOICE:
        return read_choice(config, option, entry, value);
    case OPTION_VERSION:
        return read_version(config, option, entry, value);
    case OPTION_COUNT:
        if (node->kind == NODE_SCALAR && parse_count(node->text, &value->count))
            return true;
        bad_value(config,
                  str_format(&config->arena, STR_FMT " is a number, such as 250000, 250k or 2M",
                             STR_ARG(entry->key)),
                  node->range);
        return false;
    }
    return false;
}

/* ---- keys ---- */

static void unknown_key(Config *config, Str parent, const ConfigEntry *entry)
{
    Str names[MAX_KEYS];
    uint32_t n = 0;
    for (uint32_t i = 0; i < n_options && n < MAX_KEYS; i++) {
        Str name;
        if (option_is_below(&options[i], parent, &name) && name.data[0] != '[')
            names[n++] = name;
    }
    Str nearest = nearest_name(entry->key, names, n);
    Str message =
        str_is_absent(nearest)
            ? str_format(&config->arena, "there is no key " STR_FMT "; here are: " STR_FMT,
                         STR_ARG(entry->key),
                         STR_ARG(str_join(&config->arena, names, n, STR(", "))))
            : str_format(&config->arena, "there is no key " STR_FMT "; did you mean " STR_FMT,
                         STR_ARG(entry->key), STR_ARG(nearest));
    add_problem(config, STR("config-unknown-key"), message, entry->key_range);
}

static void apply_map(Config *config, bool is_file, Str parent, const ConfigNode *node);

static void apply_list(Config *config, bool is_file, Str parent, const ConfigNode *node)
{
    const Option *item = option_below(parent, STR("[]"));
    for (uint32_t i = 0; item && i < node->entries.n; i++) {
        const ConfigNode *value = node->entries.items[i].value;
        if (value->kind != NODE_MAP) {
            bad_value(config, STR("this is a map: name: …, paths: …"), value->range);
            continue;
        }
        OptionTarget target = {.config = config, .is_file = is_file, .key_range = value->range};
        if (item->set)
            item->set(&target, NULL);
        apply_map(config, is_file, str_from(item->key), value);
    }
}

static void apply_entry(Config *config, bool is_file, Str parent, const ConfigEntry *entry)
{
    const Option *option = option_below(parent, entry->key);
    if (!option) {
        unknown_key(config, parent, entry);
        return;
    }
    if (option->is_own && is_file) {
        bad_value(config,
                  str_format(&config->arena,
                             STR_FMT " counts only in your own settings of the editor: a "
                                     "repository cannot name a command to run",
                             STR_ARG(entry->key)),
                  entry->key_range);
        return;
    }
    const ConfigNode *node = entry->value;
    if (node->kind == NODE_NULL && option->type != OPTION_MAP)
        return; /* `ignore:` with nothing behind it: not set */
    bool is_fitting =
        (option->type != OPTION_MAP || node->kind == NODE_MAP || node->kind == NODE_NULL) &&
        (option->type != OPTION_LIST || node->kind == NODE_LIST);
    if (!is_fitting) {
        bad_value(config,
                  str_format(&config->arena, STR_FMT " is a %s", STR_ARG(entry->key),
                             option->type == OPTION_MAP ? "map of keys" : "list"),
                  node->range);
        return;
    }
    OptionValue value = {0};
    OptionTarget target = {
        .config = config, .is_file = is_file, .key = entry->key, .key_range = entry->key_range};
    if (!read_value(config, option, entry, &value))
        return;
    if (option->set)
        option->set(&target, &value);
    if (option->type == OPTION_MAP)
        apply_map(config, is_file, str_from(option->key), node);
    else if (option->type == OPTION_LIST)
        apply_list(config, is_file, str_from(option->key), node);
}

static void apply_map(Config *config, bool is_file, Str parent, const ConfigNode *node)
{
    for (uint32_t i = 0; i < node->entries.n; i++)
        apply_entry(config, is_file, parent, &node->entries.items[i]);
}

static void apply_root(Config *config, bool is_file, const ConfigNode *root)
{
    if (root->kind == NODE_MAP)
        apply_map(config, is_file, STR(""), root);
    else if (root->kind != NODE_NULL)
        bad_value(config, STR("a configuration is a map of keys"), root->range);
}

/* ---- the whole ---- */

Config *config_new(Str path, Text *text, const SettingVec *editor)
{
    Arena arena = arena_with_capacity(4096);
    Config *config = ARENA_NEW(&arena, Config);
    config->arena = arena;
    atomic_init(&config->references, 1);
    apply_root(config, false, node_from_settings(&config->arena, editor));
    if (text) {
        config->path = str_copy(&config->arena, path);
        uint32_t slash = path.length;
        while (slash > 0 && path.data[slash - 1] != '/')
            slash--;
        config->folder = str_slice(config->path, 0, slash > 1 ? slash - 1 : slash);
        config->text = text_retain(text);
        apply_root(config, true, node_from_yaml(&config->arena, text, &config->problems));
    }
    return config;
}

Config *config_retain(Config *config)
{
    atomic_fetch_add_explicit(&config->references, 1, memory_order_relaxed);
    return config;
}

void config_release(Config *config)
{
    if (!config || atomic_fetch_sub_explicit(&config->references, 1, memory_order_acq_rel) != 1)
        return;
    text_release(config->text);
    Arena arena = config->arena; /* the struct itself is in it */
    arena_release(&arena);
}

const Assumption *config_assumption(const Config *config, Str key)
{
    const Assumption *best = NULL;
    uint32_t dot = str_find(key, STR("."), 0);
    Str name = dot == UINT32_MAX ? key : str_slice(key, dot + 1, key.length);
    for (uint32_t i = 0; config && i < config->assume.n; i++) {
        const Assumption *a = &config->assume.items[i];
        if (str_equal(a->table, key))
            return a;
        bool is_better = str_equal(a->table, name) || (!best && str_equal(a->table, STR("*")));
        if (is_better)
            best = a;
    }
    return best;
}
