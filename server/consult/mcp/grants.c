#include "consult/mcp/grants.h"

#include "base/sha256.h"

enum { MAX_WIRE_NAME = 64, KEPT_OF_LONG_NAME = 55, HASH_DIGITS = 8 };

/* Tools that were renamed; an agent may name either, the server has one of them. */
static const struct {
    const char *server, *old_name, *new_name;
} renamed[] = {
    {"context7", "get-library-docs", "query-docs"},
};

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

static bool is_same_name(Str entry, Str name)
{
    if (entry.length != name.length)
        return false;
    for (uint32_t i = 0; i < name.length; i++)
        if (entry.data[i] != name.data[i] && !(entry.data[i] == '_' && !is_word_char(name.data[i])))
            return false;
    return true;
}

/* The server and tool of "mcp__server__tool"; the tool is absent where all are meant. A server's
 * name may hold "__" itself, so it is compared and not cut out. */
static bool split_entry(Str entry, Str server, Str *tool)
{
    entry = str_trim(str_slice(entry, 0, str_find(entry, STR("("), 0)));
    if (!str_starts_with(entry, STR("mcp__")))
        return false;
    Str rest = str_slice(entry, 5, entry.length);
    if (!is_same_name(str_slice(rest, 0, server.length), server))
        return false;
    rest = str_slice(rest, server.length, rest.length);
    *tool = (Str){0};
    if (str_is_empty(rest) || str_equal(rest, STR("__*")))
        return true;
    if (!str_starts_with(rest, STR("__")) || rest.length == 2)
        return false;
    *tool = str_slice(rest, 2, rest.length);
    return true;
}

bool grant_names(Str entry, Str server)
{
    Str named;
    return split_entry(entry, server, &named);
}

bool grant_covers(Str entry, Str server, Str tool)
{
    Str named;
    return split_entry(entry, server, &named) &&
           (str_is_absent(named) || is_same_name(named, tool));
}

static bool is_disallowed(const Agent *agent, Str server, Str tool)
{
    for (uint32_t i = 0; i < agent->disallowed_tools.n; i++) {
        Str entry = str_trim(agent->disallowed_tools.items[i]);
        if (str_equal(entry, STR("mcp__*")) || grant_covers(entry, server, tool))
            return true;
    }
    return false;
}

bool grants_server(const Agent *agent, Str server)
{
    Str tool;
    for (uint32_t i = 0; i < agent->disallowed_tools.n; i++) {
        Str entry = str_trim(agent->disallowed_tools.items[i]);
        if (str_equal(entry, STR("mcp__*")) ||
            (split_entry(entry, server, &tool) && str_is_absent(tool)))
            return false;
    }
    for (uint32_t i = 0; i < agent->tools.n; i++)
        if (grant_names(agent->tools.items[i], server))
            return true;
    return !agent->has_tools;
}

/* What the agent may call it beside its name. */
static Str other_name(Str server, Str tool)
{
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++) {
        if (!str_equal(server, str_from(renamed[i].server)))
            continue;
        if (str_equal(tool, str_from(renamed[i].new_name)))
            return str_from(renamed[i].old_name);
        if (str_equal(tool, str_from(renamed[i].old_name)))
            return str_from(renamed[i].new_name);
    }
    return (Str){0};
}

ToolGrant grants_tool(const Agent *agent, Str server, const McpTool *tool, const McpToolVec *tools,
                      Str *named)
{
    Str other = other_name(server, tool->name), name;
    ToolGrant grant = agent->has_tools ? GRANT_NONE : GRANT_ALL;
    bool may_be_other = !str_is_absent(other) && !tool_list_find(tools, other);
    if (is_disallowed(agent, server, tool->name) ||
        (may_be_other && is_disallowed(agent, server, other)))
        return GRANT_NONE;
    for (uint32_t i = 0; i < agent->tools.n; i++) {
        if (!split_entry(agent->tools.items[i], server, &name))
            continue;
        if (is_same_name(name, tool->name))
            return GRANT_NAMED;
        if (may_be_other && is_same_name(name, other)) {
            grant = GRANT_ALIAS;
            *named = other;
        } else if (str_is_absent(name) && grant == GRANT_NONE) {
            grant = GRANT_ALL;
        }
    }
    return grant;
}

Str grant_wire_name(Arena *out, Str server, Str tool)
{
    Str name = str_format(out, "mcp__" STR_FMT "__" STR_FMT, STR_ARG(server), STR_ARG(tool));
    char *wire = str_to_c(out, name);
    for (uint32_t i = 0; i < name.length; i++)
        wire[i] = is_word_char(name.data[i]) ? name.data[i] : '_';
    if (name.length <= MAX_WIRE_NAME)
        return str_of(wire, name.length);
    return str_format(out, STR_FMT "_" STR_FMT, STR_ARG(str_of(wire, KEPT_OF_LONG_NAME)),
                      STR_ARG(str_slice(sha256_hex(out, name), 0, HASH_DIGITS)));
}
