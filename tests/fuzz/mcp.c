/* What comes from an MCP server or client: lines of JSON-RPC, however they are cut, are the same
 * messages; and whatever a message holds, it is a list of tools, a result, a request or nothing.
 * The first byte is the size of the parts. Tools are not called: they read the disk. */
#include "base/hash.h"
#include "base/json.h"
#include "base/utf8.h"
#include "consult/mcp/agent_servers.h"
#include "consult/mcp/grants.h"
#include "consult/mcp/guard.h"
#include "consult/mcp/link.h"
#include "consult/mcp/messages.h"
#include "consult/mcp/result.h"
#include "fuzz/fuzz.h"
#include "mcp/session.h"

static void take_tools(Arena *arena, const cJSON *message)
{
    McpToolVec tools = {0};
    Agent agent = {.has_tools = false};
    Str named = {0};
    tool_list_add(arena, json_path(message, "result", "tools", NULL), &tools);
    FUZZ_CHECK(tools.n <= TOOL_LIST_MAX);
    for (uint32_t i = 0; i < tools.n; i++) {
        const McpTool *tool = &tools.items[i];
        Str name = grant_wire_name(arena, tool->name, tool->name), schema;
        FUZZ_CHECK(name.length > 0 && name.length <= 64);
        FUZZ_CHECK(grants_tool(&agent, tool->name, tool, &tools, &named) == GRANT_ALL);
        schema = guard_schema(arena, tool);
        FUZZ_CHECK(!str_is_empty(schema) && !str_contains(schema, STR("\n")));
        HttpHeaderVec headers = tool_headers(arena, tool, json_get(message, "result"));
        for (uint32_t k = 0; k < headers.n; k++)
            for (uint32_t c = 0; c < headers.items[k].value.length; c++)
                FUZZ_CHECK((unsigned char)headers.items[k].value.data[c] >= 0x20 &&
                           (unsigned char)headers.items[k].value.data[c] < 0x7F);
    }
}

static void take_message(Arena *arena, const cJSON *message)
{
    LinkRequest request = {.id = 1};
    LinkWait wait = {0};
    MessageKind kind = message_kind(message);
    LinkTaken taken = link_take(&request, &wait, message);
    FUZZ_CHECK((taken == TAKEN_REQUEST) == (kind == MESSAGE_REQUEST));
    FUZZ_CHECK(taken != TAKEN_ANSWER || kind == MESSAGE_RESULT || kind == MESSAGE_ERROR);
    if (taken == TAKEN_REQUEST)
        cJSON_Delete(link_answer_to(message));
    take_tools(arena, message);
    ToolResult result = result_read(arena, json_get(message, "result"));
    FUZZ_CHECK(result.text.length <= RESULT_MAX_BYTES + 100);
    FUZZ_CHECK(utf8_is_valid(link_quote(arena, json_str(message, "method"))));
}

/* Our server's answer; the state of a session goes on from line to line. */
static void serve(McpSession *session, Arena *arena, const cJSON *message)
{
    if (str_equal(json_str(message, "method"), STR("tools/call")))
        return;
    MessageKind kind = message ? message_kind(message) : MESSAGE_INVALID;
    cJSON *answer = session_answer(session, message);
    FUZZ_CHECK((answer != NULL) == (kind == MESSAGE_REQUEST || kind == MESSAGE_INVALID));
    if (answer) {
        MessageKind ours = message_kind(answer);
        FUZZ_CHECK(ours == MESSAGE_RESULT || ours == MESSAGE_ERROR);
        FUZZ_CHECK(!str_contains(message_text(arena, answer), STR("\n")));
    }
    cJSON_Delete(answer);
}

/* A number for all lines that come. */
static uint64_t run(Str bytes, uint32_t size, bool is_looked_at)
{
    Lines lines = lines_new();
    McpSession session = {0};
    uint64_t hash = 1;
    for (uint32_t at = 0; at < bytes.length; at += size) {
        Str line;
        lines_feed(&lines, str_slice(bytes, at, at + size));
        for (LineEvent event; (event = lines_next(&lines, &line)) != LINE_NONE;) {
            FUZZ_CHECK(event == LINE_WHOLE);
            hash = hash_bytes(line.data, line.length, hash + 1);
            if (!is_looked_at)
                continue;
            Arena arena = {0};
            cJSON *message = json_parse(str_to_c(&arena, line), line.length);
            take_message(&arena, message);
            serve(&session, &arena, message);
            cJSON_Delete(message);
            arena_release(&arena);
        }
    }
    Str rest = lines_rest(&lines);
    hash = hash_bytes(rest.data, rest.length, hash + 1);
    lines_free(&lines);
    return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    Str bytes = str_of((const char *)data + 1, size - 1);
    FUZZ_CHECK(run(bytes, bytes.length + 1, true) == run(bytes, data[0] % 64 + 1u, false));
    Agent agent = {.head = bytes};
    cJSON_Delete(agent_servers(&agent));
    return 0;
}
