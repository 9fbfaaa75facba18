#include "mcp/session.h"

#include "base/json.h"
#include "consult/mcp/messages.h"
#include "consult/mcp/protocol.h"
#include "mcp/tools.h"

/* How long a client of the newer protocol may keep our lists: they change with the program only. */
enum { LIST_TTL_MS = 24 * 60 * 60 * 1000 };

static const char instructions[] =
    "Lintel knows the database of this project: it replays the migrations, Prisma schemas and "
    "SQLAlchemy models and checks them. Ask `lint` after you have written or changed a schema, a "
    "migration or a query, and before you apply it; give `text` to check what is not saved "
    "yet. Ask `schema` for the tables as all migrations leave them, instead of reading the "
    "migrations. Ask `report` before a decision about the design, and `explain` for the reason "
    "behind a finding. Nothing is changed by any of them.";

/* ---- what we are ---- */

static cJSON *capabilities(void)
{
    cJSON *all = cJSON_CreateObject(), *tools = cJSON_CreateObject();
    json_add(tools, "listChanged", cJSON_CreateBool(false));
    json_add(all, "tools", tools);
    return all;
}

/* ---- the eras ---- */

/* A result of the newer protocol says that it is whole, and who gave it. */
static cJSON *finish(cJSON *result, bool is_newer, bool is_list)
{
    if (!is_newer)
        return result;
    cJSON *meta = cJSON_CreateObject();
    json_add(meta, PROTOCOL_KEY_SERVER, protocol_self());
    json_add_str(result, "resultType", STR("complete"));
    if (is_list) {
        json_add(result, "ttlMs", cJSON_CreateNumber(LIST_TTL_MS));
        json_add_str(result, "cacheScope", STR("private"));
    }
    json_add(result, "_meta", meta);
    return result;
}

static cJSON *initialize(McpSession *session, const cJSON *params)
{
    session->version = protocol_older(json_str(params, "protocolVersion"));
    if (str_is_absent(session->version))
        session->version = STR(PROTOCOL_OLDER);
    session->is_greeted = true;
    cJSON *result = cJSON_CreateObject();
    json_add_str(result, "protocolVersion", session->version);
    json_add(result, "capabilities", capabilities());
    json_add(result, "serverInfo", protocol_self());
    json_add_str(result, "instructions", str_from(instructions));
    return result;
}

static cJSON *discover(void)
{
    cJSON *result = cJSON_CreateObject(), *versions = cJSON_CreateArray();
    json_push(versions, cJSON_CreateString(PROTOCOL_NEWER));
    json_add(result, "supportedVersions", versions);
    json_add(result, "capabilities", capabilities());
    json_add_str(result, "instructions", str_from(instructions));
    return finish(result, true, true);
}

static cJSON *unsupported(const cJSON *id, Str version)
{
    cJSON *data = cJSON_CreateObject(), *versions = cJSON_CreateArray();
    json_push(versions, cJSON_CreateString(PROTOCOL_NEWER));
    json_add(data, "supported", versions);
    json_add_str(data, "requested", str_slice(version, 0, 100));
    return message_error(id, MCP_VERSION_UNSUPPORTED,
                         STR("this revision of the protocol is not supported"), data);
}

/* ---- requests ---- */

static cJSON *call(const McpSession *session, const cJSON *id, const cJSON *params, bool is_newer)
{
    Str name = json_str(params, "name");
    const cJSON *arguments = json_get(params, "arguments");
    if (!tools_have(name))
        return message_error(id, MCP_INVALID_PARAMS, STR("there is no such tool"), NULL);
    if (arguments && !cJSON_IsObject(arguments))
        return message_error(id, MCP_INVALID_PARAMS, STR("the arguments are not an object"), NULL);
    bool has_structure = is_newer || (!str_equal(session->version, STR("2024-11-05")) &&
                                      !str_equal(session->version, STR("2025-03-26")));
    cJSON *result = tools_call(name, arguments, has_structure);
    return message_result(id, finish(result, is_newer, false));
}

static cJSON *answer_request(McpSession *session, const cJSON *message)
{
    const cJSON *id = json_get(message, "id"), *params = json_get(message, "params");
    Str method = json_str(message, "method");
    const cJSON *meta = json_get(params, "_meta"), *version = json_get(meta, PROTOCOL_KEY_VERSION);
    bool is_newer = version != NULL;
    if (str_equal(method, STR("initialize")) && !is_newer)
        return message_result(id, initialize(session, params));
    if (is_newer && !str_equal(json_as_str(version), STR(PROTOCOL_NEWER)))
        return unsupported(id, json_as_str(version));
    if (is_newer && !cJSON_IsObject(json_get(meta, PROTOCOL_KEY_CAPABILITIES)))
        return message_error(id, MCP_INVALID_PARAMS,
                             STR("the request does not say what the client is capable of"), NULL);
    if (str_equal(method, STR("server/discover")) && is_newer)
        return message_result(id, discover());
    if (str_equal(method, STR("ping")) && !is_newer)
        return message_result(id, NULL);
    if (!is_newer && !session->is_greeted)
        return message_error(id, MCP_INVALID_PARAMS,
                             STR("the request does not say of which revision it is, and there "
                                 "was no initialize"),
                             NULL);
    if (str_equal(method, STR("tools/list")))
        return message_result(id, finish(tools_list(), is_newer, true));
    if (str_equal(method, STR("tools/call")))
        return call(session, id, params, is_newer);
    return message_error(id, MCP_METHOD_NOT_FOUND, STR("there is no such method"), NULL);
}

cJSON *session_answer(McpSession *session, const cJSON *message)
{
    if (!message)
        return message_error(NULL, MCP_PARSE_ERROR, STR("this is not JSON"), NULL);
    switch (message_kind(message)) {
    case MESSAGE_REQUEST:
        return answer_request(session, message);
    case MESSAGE_NOTIFICATION: /* a cancelled request has been answered before this was read */
    case MESSAGE_RESULT:       /* we ask nothing */
    case MESSAGE_ERROR:
        return NULL;
    case MESSAGE_INVALID:
        break;
    }
    return message_error(NULL, MCP_INVALID_REQUEST, STR("this is not a message of JSON-RPC 2.0"),
                         NULL);
}
