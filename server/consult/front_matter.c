#include "consult/front_matter.h"

#include <yaml.h>

/* Cuts off the byte order mark and finds the lines between the two ---. */
static bool find_limits(Str text, Str *yaml, Str *body)
{
    if (str_starts_with(text, STR("\xef\xbb\xbf")))
        text = str_slice(text, 3, text.length);
    Str rest = text, line;
    if (!str_next_line(&rest, &line) || !str_equal(str_trim(line), STR("---")) ||
        !str_starts_with(line, STR("---")))
        return false;
    const char *start = rest.data;
    for (;;) {
        const char *line_start = rest.data;
        if (!str_next_line(&rest, &line))
            return false;
        if (str_starts_with(line, STR("---")) && str_trim(line).length == 3) {
            *yaml = str_of(start, (size_t)(line_start - start));
            *body = rest;
            return true;
        }
    }
}

/* Where the event parser stands: keys and values alternate at depth 1, a list of scalars is
 * taken at depth 2, everything deeper is skipped. */
typedef struct {
    Arena *out;
    FrontMatter *matter;
    uint32_t depth;
    FrontMatterEntry entry;
    bool has_key, in_list;
} Reading;

static void finish_entry(Reading *reading)
{
    if (reading->has_key && reading->matter->entries.n < FRONT_MATTER_MAX_KEYS)
        VEC_PUSH(reading->out, &reading->matter->entries, reading->entry);
    reading->entry = (FrontMatterEntry){0};
    reading->has_key = reading->in_list = false;
}

static void read_scalar(Reading *reading, const yaml_event_t *event)
{
    Str value = str_copy(reading->out,
                         str_of((const char *)event->data.scalar.value, event->data.scalar.length));
    if (reading->depth == 1 && !reading->has_key) {
        reading->entry.key = value;
        /* The YAML starts on the file's second line, libyaml counts from 0. */
        reading->entry.line = (uint32_t)event->start_mark.line + 2;
        reading->has_key = true;
    } else if (reading->depth == 1) {
        reading->entry.value = value;
        finish_entry(reading);
    } else if (reading->depth == 2 && reading->in_list) {
        VEC_PUSH(reading->out, &reading->entry.list, value);
    }
}

/* Returns what is wrong with the event, or NULL. */
static const char *read_event(Reading *reading, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return "aliases are not allowed in a front matter";
    case YAML_SCALAR_EVENT:
        if (reading->depth == 0)
            return "the front matter is not a list of keys with values";
        read_scalar(reading, event);
        return NULL;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        if (reading->depth == 0 && event->type == YAML_SEQUENCE_START_EVENT)
            return "the front matter is not a list of keys with values";
        if (reading->depth == 1 && !reading->has_key)
            return "a key of the front matter is not a word";
        if (reading->depth == 1) {
            reading->in_list = event->type == YAML_SEQUENCE_START_EVENT;
            reading->entry.is_list = reading->in_list;
        }
        if (++reading->depth > FRONT_MATTER_MAX_DEPTH)
            return "the front matter is nested too deeply";
        return NULL;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        if (--reading->depth == 1)
            finish_entry(reading);
        return NULL;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return NULL;
    }
    return NULL;
}

static bool parse_strict(Arena *out, Str yaml, FrontMatter *matter)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        matter->problem = STR("the YAML library cannot start");
        return false;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)yaml.data, yaml.length);
    Reading reading = {.out = out, .matter = matter};
    bool is_done = false;
    const char *problem = NULL;
    while (!is_done && !problem) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            problem = parser.problem ? parser.problem : "not YAML";
            matter->problem_line = (uint32_t)parser.problem_mark.line + 2;
            break;
        }
        problem = read_event(&reading, &event);
        if (problem)
            matter->problem_line = (uint32_t)event.start_mark.line + 2;
        is_done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    if (problem)
        matter->problem = str_copy(out, str_from(problem));
    yaml_parser_delete(&parser);
    return problem == NULL;
}

static Str strip_quotes(Str value)
{
    value = str_trim(value);
    if (value.length >= 2 && (value.data[0] == '"' || value.data[0] == '\'') &&
        value.data[value.length - 1] == value.data[0])
        return str_slice(value, 1, value.length - 1);
    return value;
}

static StrVec split_items(Arena *out, Str text)
{
    StrVec items = {0};
    uint32_t start = 0;
    for (uint32_t i = 0; i <= text.length; i++) {
        if (i < text.length && text.data[i] != ',')
            continue;
        Str item = strip_quotes(str_slice(text, start, i));
        if (!str_is_empty(item))
            VEC_PUSH(out, &items, item);
        start = i + 1;
    }
    return items;
}

static bool is_key_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

/* The length of a key at the start of the line, or 0. */
static uint32_t key_length(Str line)
{
    uint32_t n = 0;
    while (n < line.length && is_key_byte(line.data[n]))
        n++;
    bool starts_with_letter = n > 0 && (line.data[0] | 32) >= 'a' && (line.data[0] | 32) <= 'z';
    return starts_with_letter && n < line.length && line.data[n] == ':' ? n : 0;
}

/* Joining lines copies them each time: a longer value is cut. */
enum { MAX_SCANNED_VALUE = 8192 };

/* A line that belongs to the entry above: a list's item, or more of its text. */
static void scan_continuation(Arena *out, FrontMatterEntry *entry, Str line)
{
    Str content = str_trim(line);
    if (str_starts_with(content, STR("- ")) && str_is_empty(entry->value)) {
        entry->is_list = true;
        VEC_PUSH(out, &entry->list, strip_quotes(str_slice(content, 2, content.length)));
    } else if (!entry->is_list && !str_is_empty(content) &&
               entry->value.length < MAX_SCANNED_VALUE) {
        entry->value =
            str_is_empty(entry->value)
                ? content
                : str_format(out, STR_FMT " " STR_FMT, STR_ARG(entry->value), STR_ARG(content));
    }
}

static void scan_leniently(Arena *out, Str yaml, FrontMatter *matter)
{
    matter->is_lenient = true;
    matter->entries = (FrontMatterEntryVec){0};
    Str line;
    uint32_t number = 1;
    while (str_next_line(&yaml, &line)) {
        number++;
        uint32_t length = key_length(line);
        if (length == 0) {
            bool is_indented = line.length > 0 && (line.data[0] == ' ' || line.data[0] == '-');
            if (matter->entries.n > 0 && is_indented)
                scan_continuation(out, VEC_LAST(&matter->entries), line);
            continue;
        }
        if (matter->entries.n == FRONT_MATTER_MAX_KEYS)
            return;
        FrontMatterEntry entry = {.key = str_slice(line, 0, length), .line = number};
        Str value = str_trim(str_slice(line, length + 1, line.length));
        if (value.length >= 2 && value.data[0] == '[' && value.data[value.length - 1] == ']') {
            entry.is_list = true;
            entry.list = split_items(out, str_slice(value, 1, value.length - 1));
        } else if (!str_equal(value, STR("|")) && !str_equal(value, STR(">"))) {
            entry.value = strip_quotes(value);
        }
        VEC_PUSH(out, &matter->entries, entry);
    }
}

FrontMatter front_matter_parse(Arena *out, Str text)
{
    FrontMatter matter = {.body = text};
    if (text.length > FRONT_MATTER_MAX_BYTES) {
        matter.problem = STR("the file is larger than 256 KiB");
        matter.problem_line = 1;
        return matter;
    }
    Str yaml;
    if (!find_limits(text, &yaml, &matter.body))
        return matter;
    matter.is_present = true;
    matter.head = yaml;
    if (!parse_strict(out, yaml, &matter))
        scan_leniently(out, yaml, &matter);
    return matter;
}

const FrontMatterEntry *front_matter_entry(const FrontMatter *matter, const char *key)
{
    for (uint32_t i = 0; i < matter->entries.n; i++)
        if (str_equal(matter->entries.items[i].key, str_from(key)))
            return &matter->entries.items[i];
    return NULL;
}

StrVec front_matter_list(Arena *out, const FrontMatter *matter, const char *key)
{
    const FrontMatterEntry *entry = front_matter_entry(matter, key);
    if (!entry)
        return (StrVec){0};
    return entry->is_list ? entry->list : split_items(out, entry->value);
}
