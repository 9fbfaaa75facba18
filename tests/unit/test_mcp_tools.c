/* What strangers list and answer, as data: tools, who may use them, headers, results. */
#include "base/json.h"
#include "base/utf8.h"
#include "consult/mcp/grants.h"
#include "consult/mcp/guard.h"
#include "consult/mcp/result.h"
#include "unit/unit.h"

static cJSON *parsed(const char *text)
{
    cJSON *tree = json_read(str_from(text));
    assert_non_null(tree);
    return tree;
}

static McpToolVec listed(Arena *arena, const char *json)
{
    McpToolVec list = {0};
    cJSON *tree = parsed(json);
    tool_list_add(arena, tree, &list);
    cJSON_Delete(tree);
    return list;
}

#define SCHEMA(properties) "{\"type\":\"object\",\"properties\":{" properties "}}"

/* The tool with that schema; NULL where it is left out. */
static const McpTool *tool_with(Arena *arena, const char *schema)
{
    McpToolVec list = listed(
        arena, str_to_c(arena, str_format(arena, "[{\"name\":\"t\",\"inputSchema\":%s}]", schema)));
    return list.n == 1 ? &list.items[0] : NULL;
}

static void which_tools_are_there(void **state)
{
    (void)state;
    Arena arena = {0};
    McpToolVec list =
        listed(&arena, "[{\"name\":\"a\",\"description\":\"d\",\"inputSchema\":{\"type\":"
                       "\"object\"},\"annotations\":{\"readOnlyHint\":true}},"
                       "{\"name\":\"a\",\"inputSchema\":{}},{\"name\":\"\",\"inputSchema\":{}},"
                       "{\"name\":7,\"inputSchema\":{}},{\"name\":\"none\"},5,null,"
                       "{\"name\":\"w\",\"inputSchema\":{},\"annotations\":{\"readOnlyHint\":"
                       "false}},"
                       "{\"name\":\"d\",\"inputSchema\":{},\"annotations\":{\"destructiveHint\":"
                       "true}},"
                       "{\"name\":\"q\",\"inputSchema\":{},\"annotations\":{\"readOnlyHint\":"
                       "\"yes\"}}]");
    assert_int_equal(list.n, 4);
    assert_true(list.items[0].says_reading && !list.items[0].says_writing);
    assert_true(!list.items[1].says_reading && list.items[1].says_writing);
    assert_true(list.items[2].says_writing);
    assert_true(!list.items[3].says_reading && !list.items[3].says_writing);
    arena_release(&arena);
}

#define DESCRIBED(schema, more)                                                                    \
    "[{\"name\":\"a\",\"description\":\"d\",\"inputSchema\":{" schema "}" more "}]"

static void every_change_shows(void **state)
{
    (void)state;
    static const char *const variants[] = {
        "[{\"name\":\"a\",\"description\":\"d\",\"inputSchema\":{\"type\":\"object\"}}]",
        "[{\"name\":\"b\",\"description\":\"d\",\"inputSchema\":{\"type\":\"object\"}}]",
        "[{\"name\":\"a\",\"description\":\"e\",\"inputSchema\":{\"type\":\"object\"}}]",
        "[{\"name\":\"a\",\"description\":\"d\",\"inputSchema\":{\"type\":\"object\",\"x\":1}}]",
        DESCRIBED("\"type\":\"object\"", ",\"annotations\":{\"readOnlyHint\":true}"),
        "[{\"name\":\"ad\",\"inputSchema\":{\"type\":\"object\"}}]",
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(variants); i++)
        for (size_t k = 0; k < COUNT(variants); k++)
            assert_int_equal(str_equal(listed(&arena, variants[i]).items[0].sha256,
                                       listed(&arena, variants[k]).items[0].sha256),
                             i == k);
    arena_release(&arena);
}

static void parameters_in_headers(void **state)
{
    (void)state;
    Arena arena = {0};
    static const char *const wrong[] = {
        SCHEMA("\"a\":{\"type\":\"string\",\"x-mcp-header\":\"\"}"),
        SCHEMA("\"a\":{\"type\":\"number\",\"x-mcp-header\":\"A\"}"),
        SCHEMA("\"a\":{\"type\":\"object\",\"x-mcp-header\":\"A\"}"),
        SCHEMA("\"a\":{\"x-mcp-header\":\"A\"}"),
        SCHEMA("\"a\":{\"type\":\"string\",\"x-mcp-header\":7}"),
        SCHEMA("\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A: b\"}"),
        SCHEMA("\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"},\"b\":{\"type\":\"string\","
               "\"x-mcp-header\":\"a\"}"),
        SCHEMA("\"a\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"x-mcp-header\":"
               "\"A\"}}"),
        "{\"type\":\"string\",\"x-mcp-header\":\"A\"}",
        "{\"anyOf\":[" SCHEMA("\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}") "]}",
    };
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_null(tool_with(&arena, wrong[i]));
    assert_non_null(tool_with(&arena, SCHEMA("\"a\":{\"default\":{\"x-mcp-header\":\"A\"}}")));

    const McpTool *tool = tool_with(
        &arena, SCHEMA("\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"},"
                       "\"n\":{\"type\":\"integer\",\"x-mcp-header\":\"N\"},"
                       "\"o\":" SCHEMA("\"b\":{\"type\":\"boolean\",\"x-mcp-header\":\"B\"}")));
    assert_non_null(tool);
    static const struct {
        const char *arguments, *expected;
    } cases[] = {
        {"{\"a\":\"x\",\"n\":42,\"o\":{\"b\":false}}",
         "Mcp-Param-A=x;Mcp-Param-N=42;Mcp-Param-B=false;"},
        {"{\"a\":null,\"n\":1.5,\"o\":7}", ""},
        {"{\"n\":-9007199254740991}", "Mcp-Param-N=-9007199254740991;"},
        {"{\"n\":1e300}", ""},
        {"{\"a\":\"\"}", "Mcp-Param-A=;"},
        {"{\"a\":\"\\u00fc\"}", "Mcp-Param-A==?base64?w7w=?=;"},
        {"{\"a\":\" x\"}", "Mcp-Param-A==?base64?IHg=?=;"},
        {"{\"a\":\"a\\r\\nX-Evil: 1\"}", "Mcp-Param-A==?base64?YQ0KWC1FdmlsOiAx?=;"},
        {"{\"a\":\"=?base64?eA==?=\"}", "Mcp-Param-A==?base64?PT9iYXNlNjQ/ZUE9PT89?=;"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *arguments = parsed(cases[i].arguments);
        HttpHeaderVec headers = tool_headers(&arena, tool, arguments);
        Buf seen = buf_with_max(4096);
        for (uint32_t k = 0; k < headers.n; k++)
            buf_format(&seen, STR_FMT "=" STR_FMT ";", STR_ARG(headers.items[k].name),
                       STR_ARG(headers.items[k].value));
        assert_str(buf_str(&seen), cases[i].expected);
        buf_free(&seen);
        cJSON_Delete(arguments);
    }
    arena_release(&arena);
}

static void who_may_use_what(void **state)
{
    (void)state;
    static const struct {
        const char *tools, *disallowed, *server; /* tools NULL: the agent has no list */
        ToolGrant grant;                         /* of the tool "read-it" */
        bool is_wanted;
    } cases[] = {
        {"Read, mcp__kit__read-it", NULL, "kit", GRANT_NAMED, true},
        {"Read, mcp__kit", NULL, "kit", GRANT_ALL, true},
        {"mcp__kit__*", NULL, "kit", GRANT_ALL, true},
        {"mcp__kit__*, mcp__kit__read-it", NULL, "kit", GRANT_NAMED, true},
        {"mcp__kit__other", NULL, "kit", GRANT_NONE, true},
        {"mcp__kitten__read-it", NULL, "kit", GRANT_NONE, false},
        {"mcp__kit__", NULL, "kit", GRANT_NONE, false},
        {"mcp__*", NULL, "kit", GRANT_NONE, false},
        {"kit, read-it, mcp__", NULL, "kit", GRANT_NONE, false},
        {"Read", NULL, "kit", GRANT_NONE, false},
        {NULL, NULL, "kit", GRANT_ALL, true},
        {NULL, "mcp__*", "kit", GRANT_NONE, false},
        {NULL, "mcp__kit", "kit", GRANT_NONE, false},
        {NULL, "mcp__kit__read-it", "kit", GRANT_NONE, true},
        {"mcp__kit__read-it", "mcp__kit__read-it", "kit", GRANT_NONE, true},
        {"mcp__my_kit_2__read-it", NULL, "my kit.2", GRANT_NAMED, true},
        {"mcp__a__b__read-it", NULL, "a__b", GRANT_NAMED, true},
    };
    Arena arena = {0};
    McpToolVec tools = listed(&arena, "[{\"name\":\"read-it\",\"inputSchema\":{}}]");
    for (size_t i = 0; i < COUNT(cases); i++) {
        Str text = str_format(&arena, "---\nname: a\ndescription: d\n%s%s\n%s%s\n---\n",
                              cases[i].tools ? "tools: " : "", cases[i].tools ? cases[i].tools : "",
                              cases[i].disallowed ? "disallowedTools: " : "",
                              cases[i].disallowed ? cases[i].disallowed : "");
        Agent agent = agent_parse(&arena, text);
        Str server = str_from(cases[i].server), named = {0};
        assert_int_equal(grants_server(&agent, server), cases[i].is_wanted);
        assert_int_equal(grants_tool(&agent, server, &tools.items[0], &tools, &named),
                         cases[i].grant);
    }
    arena_release(&arena);
}

/* get-library-docs became query-docs: whichever of the two the server has is granted. */
static void renamed_tools(void **state)
{
    (void)state;
    Arena arena = {0};
    Agent agent = agent_parse(&arena, STR("---\nname: a\ndescription: d\n"
                                          "tools: mcp__context7__get-library-docs\n---\n"));
    McpToolVec new_one = listed(&arena, "[{\"name\":\"query-docs\",\"inputSchema\":{}}]");
    McpToolVec both = listed(&arena, "[{\"name\":\"query-docs\",\"inputSchema\":{}},"
                                     "{\"name\":\"get-library-docs\",\"inputSchema\":{}}]");
    Str named = {0};
    assert_int_equal(grants_tool(&agent, STR("context7"), &new_one.items[0], &new_one, &named),
                     GRANT_ALIAS);
    assert_str(named, "get-library-docs");
    assert_int_equal(grants_tool(&agent, STR("context7"), &both.items[0], &both, &named),
                     GRANT_NONE);
    assert_int_equal(grants_tool(&agent, STR("context7"), &both.items[1], &both, &named),
                     GRANT_NAMED);
    assert_int_equal(grants_tool(&agent, STR("other"), &new_one.items[0], &new_one, &named),
                     GRANT_NONE);
    arena_release(&arena);
}

static void names_on_the_wire(void **state)
{
    (void)state;
    Arena arena = {0};
    assert_str(grant_wire_name(&arena, STR("my kit"), STR("read.it")), "mcp__my_kit__read_it");
    Str one = grant_wire_name(&arena, STR("kit"),
                              STR("a_very_long_name_that_goes_on_and_on_and_on_"
                                  "and_on_until_the_end_1"));
    Str two = grant_wire_name(&arena, STR("kit"),
                              STR("a_very_long_name_that_goes_on_and_on_and_on_"
                                  "and_on_until_the_end_2"));
    assert_int_equal(one.length, 64);
    assert_false(str_equal(one, two));
    arena_release(&arena);
}

static void schemas_for_a_model(void **state)
{
    (void)state;
    Arena arena = {0};
    const McpTool *tool =
        tool_with(&arena, "{\"anyOf\":[{}],\"properties\":{\"output_file\":{\"type\":\"string\"},"
                          "\"q\":{\"anyOf\":[{}]}},\"required\":[\"output_file\",\"q\"]}");
    assert_str(guard_schema(&arena, tool), "{\"properties\":{\"q\":{\"anyOf\":[{}]}},\"required\":["
                                           "\"q\"],\"type\":\"object\"}");
    arena_release(&arena);
}

static void results(void **state)
{
    (void)state;
    static const struct {
        const char *result, *text;
        bool is_error;
    } cases[] = {
        {"{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}",
         "a\nb", false},
        {"{\"content\":[{\"type\":\"text\",\"text\":\"a\"}],\"isError\":true}", "a", true},
        {"{\"content\":[],\"structuredContent\":{\"a\":[1,null]}}", "{\"a\":[1,null]}", false},
        {"{\"content\":[{\"type\":\"text\",\"text\":\"a\"}],\"structuredContent\":{\"b\":1}}", "a",
         false},
        {"{}", "(the result is empty)", false},
        {"{\"content\":[{\"type\":\"resource\",\"resource\":{\"uri\":\"x:y\",\"mimeType\":\"a/b\","
         "\"blob\":\"QUJDRA==\"}}]}",
         "[x:y a/b, 6 bytes]", false},
        {"{\"content\":[{\"type\":\"text\"},{\"type\":\"image\"},{\"type\":\"resource\"},"
         "{\"type\":\"resource_link\"},{},[],7]}",
         "[image , 0 bytes]\n[ , 0 bytes]\n <>", false},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *tree = parsed(cases[i].result);
        ToolResult result = result_read(&arena, tree);
        assert_str(result.text, cases[i].text);
        assert_int_equal(result.is_error, cases[i].is_error);
        cJSON_Delete(tree);
    }
    arena_release(&arena);
}

/* What is longer than a model may read is cut between two characters, and not lost. */
static void long_results(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
    } forms[] = {
        {"{\"content\":[{\"type\":\"text\",\"text\":\"", "\"}]}"},
        {"{\"content\":[{\"type\":\"resource\",\"resource\":{\"uri\":\"x:y\",\"text\":\"",
         "\"}}]}"},
        {"{\"content\":[],\"structuredContent\":{\"a\":\"", "\"}}"},
    };
    Arena arena = {0};
    Buf text = buf_with_max(1 << 20);
    while (text.length < RESULT_MAX_BYTES * 2)
        buf_add(&text, STR("\xE6\xBC\xA2\xE5\xAD\x97"));
    for (size_t i = 0; i < COUNT(forms); i++) {
        Str json = str_format(&arena, "%s" STR_FMT "%s", forms[i].before, STR_ARG(buf_str(&text)),
                              forms[i].after);
        cJSON *tree = parsed(str_to_c(&arena, json));
        ToolResult result = result_read(&arena, tree);
        assert_true(str_ends_with(result.text, STR("\n[cut here: the result is longer]")));
        assert_true(result.text.length > RESULT_MAX_BYTES - 10);
        assert_true(utf8_is_valid(result.text));
        cJSON_Delete(tree);
    }
    buf_free(&text);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_tools_are_there), cmocka_unit_test(every_change_shows),
        cmocka_unit_test(parameters_in_headers), cmocka_unit_test(who_may_use_what),
        cmocka_unit_test(renamed_tools),         cmocka_unit_test(names_on_the_wire),
        cmocka_unit_test(schemas_for_a_model),   cmocka_unit_test(results),
        cmocka_unit_test(long_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
