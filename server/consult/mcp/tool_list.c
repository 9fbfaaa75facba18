#include "consult/mcp/tool_list.h"

#include "base/json.h"
#include "base/sha256.h"

enum { MAX_NAME_BYTES = 256, MAX_DESCRIPTION_BYTES = 64 * 1024, MAX_PARAMETERS = 64 };

/* ---- parameters that are repeated in headers ---- */

/* A name of a header field. */
static bool is_token(Str text)
{
    for (uint32_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_word && (c == 0 || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return !str_is_empty(text) && text.length <= 100;
}

static bool may_be_repeated(const cJSON *schema)
{
    Str type = json_str(schema, "type");
    return str_equal(type, STR("string")) || str_equal(type, STR("integer")) ||
           str_equal(type, STR("boolean"));
}

/* The search for them; the tool is unusable where one stands at a wrong place. */
typedef struct {
    Arena *out;
    McpTool *tool;
    StrVec path;
    bool is_wrong;
} Search;

static bool is_known_header(const Search *search, Str header)
{
    for (uint32_t i = 0; i < search->tool->parameters.n; i++)
        if (str_equal_ignore_case(search->tool->parameters.items[i].header, header))
            return true;
    return false;
}

static void add_parameter(Search *search, const cJSON *schema, const cJSON *annotation,
                          bool is_reachable)
{
    Str name = json_as_str(annotation);
    Str header = str_format(search->out, "Mcp-Param-" STR_FMT, STR_ARG(name));
    if (!is_reachable || search->path.n == 0 || !is_token(name) || !may_be_repeated(schema) ||
        is_known_header(search, header) || search->tool->parameters.n == MAX_PARAMETERS) {
        search->is_wrong = true;
        return;
    }
    McpParameter parameter = {.header = header};
    for (uint32_t i = 0; i < search->path.n; i++)
        VEC_PUSH(search->out, &parameter.path, search->path.items[i]);
    VEC_PUSH(search->out, &search->tool->parameters, parameter);
}

static void search_schema(Search *search, const cJSON *schema, bool is_reachable, uint32_t depth);

/* Properties may hold parameters; what is below anything else may not. */
static void search_properties(Search *search, const cJSON *properties, bool is_reachable,
                              uint32_t depth)
{
    const cJSON *property = NULL;
    cJSON_ArrayForEach(property, properties)
    {
        if (property->string)
            VEC_PUSH(search->out, &search->path, str_copy(search->out, str_from(property->string)));
        search_schema(search, property, is_reachable, depth + 1);
        if (property->string)
            search->path.n--;
    }
}

static bool is_data(const char *key)
{
    static const char *const keys[] = {"const", "default", "enum", "examples"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (key && strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

static void search_schema(Search *search, const cJSON *schema, bool is_reachable, uint32_t depth)
{
    const cJSON *part = NULL;
    if (depth > TOOL_MAX_DEPTH)
        search->is_wrong = true;
    if (search->is_wrong)
        return;
    cJSON_ArrayForEach(part, schema)
    {
        if (part->string && strcmp(part->string, "x-mcp-header") == 0)
            add_parameter(search, schema, part, is_reachable);
        else if (part->string && strcmp(part->string, "properties") == 0)
            search_properties(search, part, is_reachable, depth);
        else if ((cJSON_IsObject(part) || cJSON_IsArray(part)) && !is_data(part->string))
            search_schema(search, part, false, depth + 1);
    }
}

/* ---- tools ---- */

static Str printed(Arena *out, const cJSON *tree, uint32_t max_bytes)
{
    Buf buf = buf_with_max(max_bytes);
    if (tree)
        json_print(tree, &buf);
    Str text = buf.overflowed ? (Str){0} : str_copy(out, buf_str(&buf));
    buf_free(&buf);
    return text;
}

static void add_tool(Arena *out, const cJSON *entry, McpToolVec *list)
{
    const cJSON *schema = json_get(entry, "inputSchema"), *notes = json_get(entry, "annotations");
    const cJSON *reading = json_get(notes, "readOnlyHint");
    McpTool tool = {
        .name = json_str(entry, "name"),
        .description = json_str(entry, "description"),
        .says_reading = cJSON_IsTrue(reading),
        .says_writing = cJSON_IsFalse(reading) ||
                        (!cJSON_IsTrue(reading) && json_is_true(notes, "destructiveHint")),
    };
    if (str_is_empty(tool.name) || tool.name.length > MAX_NAME_BYTES ||
        tool.description.length > MAX_DESCRIPTION_BYTES || !cJSON_IsObject(schema) ||
        tool_list_find(list, tool.name))
        return;
    Search search = {.out = out, .tool = &tool};
    search_schema(&search, schema, true, 0);
    tool.schema = printed(out, schema, TOOL_SCHEMA_MAX_BYTES);
    Str annotations = printed(out, notes, TOOL_SCHEMA_MAX_BYTES);
    if (search.is_wrong || str_is_absent(tool.schema))
        return;
    tool.name = str_copy(out, tool.name);
    tool.description = str_copy(out, tool.description);
    tool.sha256 = sha256_hex(
        out, str_format(out, "%u:" STR_FMT "%u:" STR_FMT "%u:" STR_FMT STR_FMT, tool.name.length,
                        STR_ARG(tool.name), tool.description.length, STR_ARG(tool.description),
                        tool.schema.length, STR_ARG(tool.schema), STR_ARG(annotations)));
    VEC_PUSH(out, list, tool);
}

void tool_list_add(Arena *out, const cJSON *tools, McpToolVec *list)
{
    const cJSON *entry = NULL;
    if (!cJSON_IsArray(tools))
        return;
    cJSON_ArrayForEach(entry, tools)
    {
        if (list->n == TOOL_LIST_MAX)
            return;
        add_tool(out, entry, list);
    }
}

const McpTool *tool_list_find(const McpToolVec *list, Str name)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (str_equal(list->items[i].name, name))
            return &list->items[i];
    return NULL;
}

/* ---- headers of a call ---- */

static Str base64(Arena *out, Str text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t length = ((size_t)text.length + 2) / 3 * 4;
    char *encoded = arena_alloc_raw(out, length + 1), *at = encoded;
    for (uint32_t i = 0; i < text.length; i += 3) {
        uint32_t n = text.length - i < 3 ? text.length - i : 3, bits = 0;
        for (uint32_t k = 0; k < 3; k++)
            bits = bits << 8 | (k < n ? (unsigned char)text.data[i + k] : 0);
        for (uint32_t k = 0; k < 4; k++)
            *at++ = k <= n ? digits[bits >> (18 - 6 * k) & 63] : '=';
    }
    return str_of(encoded, length);
}

Str header_value(Arena *out, Str text)
{
    bool is_plain = str_equal(str_trim(text), text) && !str_starts_with(text, STR("=?base64?"));
    for (uint32_t i = 0; i < text.length && is_plain; i++)
        is_plain = text.data[i] >= 0x20 && text.data[i] <= 0x7E;
    if (is_plain)
        return str_is_absent(text) ? STR("") : text;
    return str_format(out, "=?base64?" STR_FMT "?=", STR_ARG(base64(out, text)));
}

/* Whole, and small enough that a double holds it exactly. */
static bool is_whole(const cJSON *value)
{
    double number = cJSON_IsNumber(value) ? value->valuedouble : 0.5;
    return number > -9007199254740992.0 && number < 9007199254740992.0 &&
           (double)(int64_t)number == number;
}

HttpHeaderVec tool_headers(Arena *out, const McpTool *tool, const cJSON *arguments)
{
    HttpHeaderVec headers = {0};
    for (uint32_t i = 0; i < tool->parameters.n; i++) {
        const McpParameter *parameter = &tool->parameters.items[i];
        const cJSON *value = arguments;
        for (uint32_t k = 0; k < parameter->path.n; k++)
            value = json_get(value, str_to_c(out, parameter->path.items[k]));
        Str text = {0};
        if (cJSON_IsString(value))
            text = json_as_str(value);
        else if (cJSON_IsBool(value))
            text = cJSON_IsTrue(value) ? STR("true") : STR("false");
        else if (is_whole(value))
            text = str_format(out, "%.0f", value->valuedouble);
        if (!str_is_absent(text))
            http_add_header(out, &headers, str_to_c(out, parameter->header),
                            header_value(out, text));
    }
    return headers;
}
