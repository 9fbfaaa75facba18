#include "consult/mcp/connection.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/log.h"
#include "consult/mcp/messages.h"
#include "consult/mcp/protocol.h"

enum {
    START_MS = 30 * 1000,
    DISCOVER_MS = 10 * 1000, /* for a URL: an older one may never answer what it does not know */
    IDLE_MS = 60 * 1000,
    CALL_MS = 300 * 1000,
    MAX_PAGES = 50,
    MAX_CURSOR_BYTES = 4096,
    MAX_QUESTIONS = 3, /* of the server's, before it answers a call */
    MAX_RESTARTS = 3,  /* of a server that ends, or loses our session */
};

struct McpConnection {
    Arena arena;
    const McpServer *server;
    McpPatience patience;
    McpLink *link;
    uint32_t last_id;
    uint32_t n_restarts;
};

static uint32_t or_default(uint32_t value, uint32_t otherwise)
{
    return value ? value : otherwise;
}

/* How long a server may take to be ready, and to list its tools. */
static uint32_t start_ms(const McpConnection *connection)
{
    Str set = str_trim(str_from(getenv("MCP_TIMEOUT")));
    uint32_t ms = 0;
    for (uint32_t i = 0; i < set.length && set.length < 9; i++) {
        if (set.data[i] < '0' || set.data[i] > '9')
            return or_default(connection->patience.start_ms, START_MS);
        ms = ms * 10 + (uint32_t)(set.data[i] - '0');
    }
    return or_default(connection->patience.start_ms, or_default(ms, START_MS));
}

Str mcp_version(const McpConnection *connection)
{
    return connection->link->version;
}

/* ---- requests ---- */

/* The newer protocol says in each request what the older said once. */
static void add_meta(const McpConnection *connection, cJSON *params, bool wants_progress)
{
    cJSON *meta = cJSON_CreateObject();
    if (connection->link->is_modern) {
        json_add_str(meta, PROTOCOL_KEY_VERSION, connection->link->version);
        json_add(meta, PROTOCOL_KEY_CLIENT, protocol_self());
        json_add(meta, PROTOCOL_KEY_CAPABILITIES, cJSON_CreateObject());
    }
    if (wants_progress)
        json_add(meta, "progressToken", cJSON_CreateNumber(connection->last_id));
    if (meta->child)
        json_add(params, "_meta", meta);
    else
        cJSON_Delete(meta);
}

/* Takes `params`. The whole answer, which the caller frees. */
static cJSON *request(McpConnection *connection, const char *method, cJSON *params,
                      LinkRequest details, const LinkWait *wait, Error *err)
{
    details.id = ++connection->last_id;
    add_meta(connection, params, wait->on_progress != NULL);
    cJSON *message = message_request(details.id, method, params);
    details.message = message;
    cJSON *answer = link_request(connection->link, &details, wait, err);
    cJSON_Delete(message);
    return answer;
}

static int error_code(const cJSON *answer)
{
    const cJSON *code = json_path(answer, "error", "code", NULL);
    return cJSON_IsNumber(code) && code->valuedouble > -100000 && code->valuedouble < 100000
               ? (int)code->valuedouble
               : 0;
}

/* The server's own words for why not. */
static bool refused(const cJSON *answer, Error *err)
{
    Arena scratch = {0};
    Str text = json_str(json_get(answer, "error"), "message");
    text = link_quote(&scratch, text);
    error_set(err, ERR_FAILED, "it refuses (%d): " STR_FMT, error_code(answer), STR_ARG(text));
    arena_release(&scratch);
    return false;
}

/* The result of an answer that is one, moved out of it; frees the answer. NULL: `err` says why. */
static cJSON *take_result(cJSON *answer, Error *err)
{
    cJSON *result = NULL;
    if (message_kind(answer) == MESSAGE_RESULT)
        result = cJSON_DetachItemFromObjectCaseSensitive(answer, "result");
    else if (answer)
        refused(answer, err);
    cJSON_Delete(answer);
    return result;
}

static LinkWait wait_of(const McpConnection *connection, uint32_t idle_ms, uint32_t total_ms)
{
    return (LinkWait){
        .idle_ms = idle_ms, .total_ms = total_ms, .cancel = connection->patience.cancel};
}

/* ---- the era ---- */

typedef enum { ERA_NEWER, ERA_OLDER, ERA_AGAIN, ERA_NONE } Era;

static bool names_version(const cJSON *versions, const char *version)
{
    return cJSON_IsArray(versions) && json_has(versions, version);
}

static Era judge_discovery(const cJSON *answer)
{
    int code = error_code(answer);
    if (message_kind(answer) == MESSAGE_RESULT) {
        const cJSON *versions = json_path(answer, "result", "supportedVersions", NULL);
        return names_version(versions, PROTOCOL_NEWER) ? ERA_NEWER : ERA_OLDER;
    }
    if (code == MCP_VERSION_UNSUPPORTED)
        return names_version(json_path(answer, "error", "data", "supported", NULL), PROTOCOL_NEWER)
                   ? ERA_AGAIN
                   : ERA_OLDER;
    return code == MCP_HEADER_MISMATCH || code == MCP_CAPABILITY_MISSING ? ERA_NEWER : ERA_OLDER;
}

/* Asks in the newer protocol; whatever is not of it means the older one. */
static Era discover(McpConnection *connection, Error *err)
{
    uint32_t patience_ms = start_ms(connection);
    /* A program may take long to start; a URL is there or not. */
    if (!str_is_absent(connection->server->url) && patience_ms > DISCOVER_MS)
        patience_ms = DISCOVER_MS;
    LinkWait wait = wait_of(connection, patience_ms, patience_ms);
    Era era = ERA_AGAIN;
    for (int n = 0; n < 2 && era == ERA_AGAIN; n++) {
        link_set_version(connection->link, STR(PROTOCOL_NEWER), true);
        cJSON *answer = request(connection, "server/discover", cJSON_CreateObject(),
                                (LinkRequest){0}, &wait, err);
        era = judge_discovery(answer);
        if (!answer && err->code == ERR_CANCELLED)
            era = ERA_NONE;
        cJSON_Delete(answer);
    }
    if (era == ERA_AGAIN)
        era = ERA_NEWER; /* it says that it speaks it */
    return era;
}

/* The handshake of the older protocol. `*is_refused`: the server answered, with an error. */
static bool initialize(McpConnection *connection, bool *is_refused, Error *err)
{
    LinkWait wait = wait_of(connection, start_ms(connection), start_ms(connection));
    cJSON *params = cJSON_CreateObject();
    *is_refused = false;
    connection->link->is_modern = false;
    connection->link->version = (Str){0};
    json_add_str(params, "protocolVersion", STR(PROTOCOL_OLDER));
    json_add(params, "capabilities", cJSON_CreateObject());
    json_add(params, "clientInfo", protocol_self());
    cJSON *answer = request(connection, "initialize", params, (LinkRequest){0}, &wait, err);
    *is_refused = message_kind(answer) == MESSAGE_ERROR;
    cJSON *result = take_result(answer, err);
    if (!result)
        return false;
    Str version = protocol_older(json_str(result, "protocolVersion"));
    cJSON_Delete(result);
    if (str_is_absent(version))
        return error_set(err, ERR_FAILED,
                         "it speaks a revision of the protocol that Lintel does not");
    link_set_version(connection->link, version, false);
    cJSON *note = message_notification("notifications/initialized", NULL);
    link_notify(connection->link, note);
    cJSON_Delete(note);
    return true;
}

static bool settle(McpConnection *connection, Error *err)
{
    const McpServer *server = connection->server;
    bool is_refused = false;
    Error unwanted = {0};
    bool newer_first = server->negotiation == NEGOTIATE_BY_KIND
                           ? !str_is_absent(server->url)
                           : server->negotiation == NEGOTIATE_NEWER;
    if (newer_first) {
        Era era = discover(connection, &unwanted);
        if (era == ERA_NONE)
            return error_set(err, ERR_CANCELLED, "cancelled");
        return era == ERA_NEWER || initialize(connection, &is_refused, err);
    }
    if (initialize(connection, &is_refused, err))
        return true;
    if (!is_refused)
        return false;
    Era era = discover(connection, &unwanted);
    return era == ERA_NEWER;
}

static bool open_link(McpConnection *connection, Error *err)
{
    if (str_is_absent(connection->server->url))
        connection->link = link_to_program(connection->server, err);
    else
        connection->link = link_to_url(connection->server);
    return connection->link && settle(connection, err);
}

McpConnection *mcp_connect(const McpServer *server, const McpPatience *patience, Error *err)
{
    McpConnection *connection = ARENA_OWNER_NEW(McpConnection);
    connection->server = server;
    connection->patience = *patience;
    if (open_link(connection, err)) {
        LOG_INFO("mcp", STR_FMT " speaks " STR_FMT, STR_ARG(server->name),
                 STR_ARG(connection->link->version));
        return connection;
    }
    mcp_disconnect(connection, true);
    return NULL;
}

void mcp_disconnect(McpConnection *connection, bool is_hasty)
{
    if (!connection)
        return;
    link_close(connection->link, is_hasty);
    arena_owner_free(&connection->arena);
}

/* ---- tools/list ---- */

bool mcp_list_tools(McpConnection *connection, Arena *out, McpToolVec *tools, Error *err)
{
    McpToolVec list = {0};
    Str cursor = {0};
    LinkWait wait = wait_of(connection, start_ms(connection), start_ms(connection));
    for (uint32_t page = 0; page < MAX_PAGES; page++) {
        cJSON *params = cJSON_CreateObject();
        if (!str_is_absent(cursor))
            json_add_str(params, "cursor", cursor);
        cJSON *result = take_result(
            request(connection, "tools/list", params, (LinkRequest){0}, &wait, err), err);
        if (!result)
            return false;
        tool_list_add(out, json_get(result, "tools"), &list);
        Str next = json_str(result, "nextCursor");
        bool goes_on = !str_is_empty(next) && next.length <= MAX_CURSOR_BYTES &&
                       !str_equal(next, cursor) && list.n < TOOL_LIST_MAX;
        cursor = str_copy(out, next);
        cJSON_Delete(result);
        if (!goes_on)
            break;
    }
    *tools = list;
    return true;
}

/* ---- tools/call ---- */

/* Starts or reaches the server again; its tools must be what they were. */
static bool reconnect(McpConnection *connection, const McpToolVec *known, Error *err)
{
    Arena scratch = {0};
    McpToolVec now = {0};
    link_close(connection->link, true);
    connection->link = NULL;
    bool is_same = open_link(connection, err) && mcp_list_tools(connection, &scratch, &now, err);
    for (uint32_t i = 0; is_same && i < known->n; i++) {
        const McpTool *tool = tool_list_find(&now, known->items[i].name);
        if (!tool || !str_equal(tool->sha256, known->items[i].sha256))
            is_same = error_set(err, ERR_FAILED, "it came back with other tools");
    }
    arena_release(&scratch);
    return is_same;
}

/* What we say to the server's questions: nobody is there who could answer them. NULL: to one of
 * them nothing can be said. */
static cJSON *answers_to(const cJSON *questions)
{
    cJSON *answers = cJSON_CreateObject();
    const cJSON *question = NULL;
    cJSON_ArrayForEach(question, questions)
    {
        cJSON *answer = cJSON_CreateObject();
        Str method = json_str(question, "method");
        bool is_known = true;
        if (str_equal(method, STR("elicitation/create")))
            json_add_str(answer, "action", STR("decline"));
        else if (str_equal(method, STR("roots/list")))
            json_add(answer, "roots", cJSON_CreateArray());
        else
            is_known = false;
        if (!is_known || !question->string) {
            cJSON_Delete(answer);
            cJSON_Delete(answers);
            return NULL;
        }
        json_add(answers, question->string, answer);
    }
    return answers;
}

/* A call that may be made several times. */
typedef struct {
    const McpTool *tool;
    const cJSON *arguments;
    cJSON *answers, *state; /* to and of the server's last question; NULL: none */
} Call;

static cJSON *call_once(McpConnection *connection, const Call *call, Error *err)
{
    const McpPatience *patience = &connection->patience;
    uint32_t own_ms = connection->server->timeout_ms;
    LinkWait wait = wait_of(connection, own_ms ? own_ms : or_default(patience->idle_ms, IDLE_MS),
                            own_ms ? own_ms : or_default(patience->call_ms, CALL_MS));
    wait.on_progress = patience->on_progress;
    wait.context = patience->context;
    Arena scratch = {0};
    cJSON *params = cJSON_CreateObject();
    json_add_str(params, "name", call->tool->name);
    json_add(params, "arguments", cJSON_Duplicate(call->arguments, true));
    if (call->answers)
        json_add(params, "inputResponses", cJSON_Duplicate(call->answers, true));
    if (call->state)
        json_add(params, "requestState", cJSON_Duplicate(call->state, true));
    LinkRequest details = {.name = header_value(&scratch, call->tool->name),
                           .parameters = tool_headers(&scratch, call->tool, call->arguments)};
    cJSON *result =
        take_result(request(connection, "tools/call", params, details, &wait, err), err);
    arena_release(&scratch);
    return result;
}

/* Keeps what the server wants back with the next try. False where it cannot be given. */
static bool take_question(Call *call, cJSON *result)
{
    cJSON_Delete(call->answers);
    cJSON_Delete(call->state);
    call->answers = answers_to(json_get(result, "inputRequests"));
    call->state = cJSON_DetachItemFromObjectCaseSensitive(result, "requestState");
    return call->answers != NULL;
}

/* Calls; where the server is gone, or has lost our session, once more after a new start. */
static cJSON *call_again(McpConnection *connection, const Call *call, const McpToolVec *known,
                         Error *err)
{
    Error problem = {0};
    cJSON *result = connection->link ? call_once(connection, call, &problem) : NULL;
    if (result)
        return result;
    if (connection->link && problem.code != ERR_NOT_FOUND) {
        *err = problem;
        return NULL;
    }
    if (connection->n_restarts++ >= MAX_RESTARTS) {
        error_set(err, ERR_FAILED, "%s",
                  problem.code == ERR_NONE ? "it has ended too often" : problem.text);
        return NULL;
    }
    if (reconnect(connection, known, err))
        return call_once(connection, call, err);
    link_close(connection->link, true);
    connection->link = NULL;
    return NULL;
}

cJSON *mcp_call(McpConnection *connection, const McpTool *tool, const cJSON *arguments,
                const McpToolVec *known, Error *err)
{
    Call call = {.tool = tool, .arguments = arguments};
    cJSON *result = NULL;
    bool is_whole = false, is_good = true;
    for (uint32_t n_questions = 0; is_good && !is_whole;) {
        cJSON_Delete(result);
        result = call_again(connection, &call, known, err);
        Str type = json_str(result, "resultType");
        is_whole = result && (str_is_absent(type) || str_equal(type, STR("complete")));
        if (!result || is_whole)
            is_good = result != NULL;
        else if (!str_equal(type, STR("input_required")))
            is_good = error_set(err, ERR_FAILED, "its answer is of an unknown kind");
        else if (n_questions++ == MAX_QUESTIONS || !take_question(&call, result))
            is_good = error_set(err, ERR_FAILED, "it wants to ask a person, who is not there");
    }
    cJSON_Delete(call.answers);
    cJSON_Delete(call.state);
    if (is_good)
        return result;
    cJSON_Delete(result);
    return NULL;
}
