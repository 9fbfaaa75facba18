/* The option table as JSON Schema (draft 7, which editors' YAML plugins read). */
#include "config/options.h"

typedef struct {
    Buf *out;
    const Str *rules;
    uint32_t n_rules;
} Printer;

static void indent(Buf *out, uint32_t depth)
{
    for (uint32_t i = 0; i < depth; i++)
        buf_add(out, STR("  "));
}

/* Help and choices are ours: the only characters to escape are quotes. */
static void add_string(Buf *out, Str text)
{
    buf_add_char(out, '"');
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, text.data[i]);
    }
    buf_add_char(out, '"');
}

static void add_choices(Buf *out, const char *choices)
{
    Str rest = str_from(choices), choice;
    buf_add(out, STR("\"enum\": ["));
    for (bool is_first = true; str_next_word(&rest, &choice); is_first = false) {
        buf_add(out, is_first ? STR("") : STR(", "));
        add_string(out, choice);
    }
    buf_add(out, STR("]"));
}

static void add_properties(Printer *p, Str parent, uint32_t depth);

static void add_rules(Printer *p, const Option *level, uint32_t depth)
{
    buf_add(p->out, STR("\"properties\": {\n"));
    for (uint32_t i = 0; i < p->n_rules; i++) {
        indent(p->out, depth + 1);
        add_string(p->out, p->rules[i]);
        buf_add(p->out, STR(": {"));
        add_choices(p->out, level->choices);
        buf_add(p->out, i + 1 < p->n_rules ? STR("},\n") : STR("}\n"));
    }
    indent(p->out, depth);
    buf_add(p->out, STR("},\n"));
    indent(p->out, depth);
    buf_add(p->out, STR("\"additionalProperties\": false"));
}

static void add_type(Printer *p, const Option *option, uint32_t depth)
{
    Buf *out = p->out;
    switch (option->type) {
    case OPTION_MAP:
        buf_add(out, STR("\"type\": \"object\",\n"));
        indent(out, depth);
        if (str_equal(str_from(option->key), STR("rules")))
            add_rules(p, option_below(STR("rules"), STR("*")), depth);
        else
            add_properties(p, str_from(option->key), depth);
        return;
    case OPTION_LIST:
        buf_add(out, STR("\"type\": \"array\",\n"));
        indent(out, depth);
        buf_add(out, STR("\"items\": {\n"));
        indent(out, depth + 1);
        add_type(p, option_below(str_from(option->key), STR("[]")), depth + 1);
        buf_add(out, STR("\n"));
        indent(out, depth);
        buf_add(out, STR("}"));
        return;
    case OPTION_TEXT:
        buf_add(out, STR("\"type\": \"string\""));
        return;
    case OPTION_TEXTS:
        buf_add(out, STR("\"type\": [\"string\", \"array\"], \"items\": {\"type\": \"string\"}"));
        return;
    case OPTION_CHOICE:
        add_choices(out, option->choices);
        return;
    case OPTION_VERSION:
        buf_format(out,
                   "\"type\": [\"string\", \"number\"], \"minimum\": %u, \"pattern\": "
                   "\"^[0-9]+([.][0-9]+)*$\"",
                   option->minimum);
        return;
    case OPTION_COUNT:
        buf_add(out, STR("\"type\": [\"string\", \"number\"], \"minimum\": 0, \"pattern\": "
                         "\"^[0-9][0-9_]*([.][0-9]+)?[kKmMgG]?$\""));
        return;
    }
}

static void add_option(Printer *p, Str name, const Option *option, uint32_t depth)
{
    indent(p->out, depth);
    add_string(p->out, name);
    buf_add(p->out, STR(": {\n"));
    indent(p->out, depth + 1);
    buf_add(p->out, STR("\"description\": "));
    add_string(p->out, str_from(option->help));
    buf_add(p->out, STR(",\n"));
    indent(p->out, depth + 1);
    if (option->default_value) {
        buf_add(p->out, STR("\"default\": "));
        add_string(p->out, str_from(option->default_value));
        buf_add(p->out, STR(",\n"));
        indent(p->out, depth + 1);
    }
    if (option->is_personal) { /* for who makes an editor's settings from this schema */
        buf_add(p->out, STR("\"x-scope\": \"user\",\n"));
        indent(p->out, depth + 1);
    }
    add_type(p, option, depth + 1);
    buf_add(p->out, STR("\n"));
    indent(p->out, depth);
    buf_add(p->out, STR("}"));
}

/* "properties" and "additionalProperties", without the last line's end. */
static void add_properties(Printer *p, Str parent, uint32_t depth)
{
    const Option *other = NULL;
    bool is_first = true;
    for (uint32_t i = 0; i < n_options; i++) {
        Str name;
        if (!option_is_below(&options[i], parent, &name) || name.data[0] == '[')
            continue;
        if (str_equal(name, STR("*"))) {
            other = &options[i];
            continue;
        }
        buf_add(p->out, is_first ? STR("\"properties\": {\n") : STR(",\n"));
        add_option(p, name, &options[i], depth + 1);
        is_first = false;
    }
    if (!is_first) {
        buf_add(p->out, STR("\n"));
        indent(p->out, depth);
        buf_add(p->out, STR("},\n"));
        indent(p->out, depth);
    }
    if (!other) {
        buf_add(p->out, STR("\"additionalProperties\": false"));
        return;
    }
    buf_add(p->out, STR("\"additionalProperties\": {\n"));
    indent(p->out, depth + 1);
    add_type(p, other, depth + 1);
    buf_add(p->out, STR("\n"));
    indent(p->out, depth);
    buf_add(p->out, STR("}"));
}

void config_schema(Buf *out, const Str *rules, uint32_t n_rules)
{
    Printer printer = {.out = out, .rules = rules, .n_rules = n_rules};
    buf_add(out, STR("{\n"
                     "  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
                     "  \"title\": \"lintel.yaml\",\n"
                     "  \"type\": \"object\",\n  "));
    add_properties(&printer, STR(""), 1);
    buf_add(out, STR("\n}\n"));
}
