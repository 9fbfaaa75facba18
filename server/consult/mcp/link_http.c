/* A server at a URL: each message is a POST, its answer one JSON text or a stream of events.
 *
 * In the older protocol the server may give a session, and end a stream before its answer: then
 * the client comes back with a GET for what follows the last event that it saw. In the newer one
 * there is neither; a broken stream is asked again, with a new id, by whoever asked. */
#include "base/json.h"
#include "base/log.h"
#include "consult/mcp/link.h"
#include "consult/mcp/messages.h"
#include "consult/providers/sse.h"
#include "loop/loop.h"

enum {
    FAREWELL_MS = 200, /* for what nobody waits for */
    NOTIFY_MS = 10 * 1000,
    RETRY_MS = 1000, /* before a broken stream is asked for again, where it does not say */
    MAX_RETRY_MS = 10 * 1000,
};

typedef struct {
    McpLink link; /* first */
    Http *http;
    Http *aside; /* for what is said while an answer comes; NULL: not needed yet */
    Str session; /* absent: none */
} HttpLink;

/* ---- one exchange ---- */

/* A request that waits for its answer, through all its streams. */
typedef struct {
    HttpLink *http;
    const LinkRequest *request;
    const LinkWait *wait;
    uint64_t start_ms, last_ms; /* of the last sign that it works on it */
    uint64_t n_bytes;
    uint32_t n_asked;
    bool is_decided, is_stream; /* of the answer that comes now */
    Buf whole;                  /* of one that is no stream */
    Sse events;
    const char *fault; /* why we stopped reading */
    cJSON *answer;
} Exchange;

static void say_aside(HttpLink *http, const cJSON *message, uint32_t total_ms);

/* False where nothing more is wanted. */
static bool take_message(Exchange *exchange, cJSON *message)
{
    cJSON *ours;
    switch (link_take(exchange->request, exchange->wait, message)) {
    case TAKEN_ANSWER:
        exchange->answer = message;
        return false;
    case TAKEN_PROGRESS:
        exchange->last_ms = loop_now_ms();
        break;
    case TAKEN_REQUEST:
        if (exchange->n_asked++ >= LINK_MAX_ASKED) {
            exchange->fault = "it asks without end";
        } else if (!exchange->http->link.is_modern) {
            ours = link_answer_to(message);
            say_aside(exchange->http, ours, FAREWELL_MS);
            cJSON_Delete(ours);
        }
        break;
    case TAKEN_RUBBISH:
        break;
    }
    cJSON_Delete(message);
    return !exchange->fault;
}

static bool take_event(void *context, const SseEvent *event)
{
    Exchange *exchange = context;
    if (str_is_empty(event->data))
        return true; /* it only gives an id to come back with */
    cJSON *message = json_read(event->data);
    return !message || take_message(exchange, message);
}

/* The first byte tells a stream from JSON, whatever the header says. */
static bool is_json_start(Str bytes)
{
    Str text = str_trim(bytes);
    return !str_is_empty(text) && (text.data[0] == '{' || text.data[0] == '[' ||
                                   text.data[0] == '<'); /* a page of a proxy's */
}

static bool take_body(void *context, int status, Str bytes)
{
    Exchange *exchange = context;
    (void)status;
    exchange->n_bytes += bytes.length;
    if (exchange->n_bytes > LINK_MAX_ANSWER_BYTES)
        exchange->fault = "it says too much without answering";
    else if (loop_now_ms() - exchange->last_ms >= exchange->wait->idle_ms)
        exchange->fault = "it does not answer in time"; /* rubbish came, but no sign of work */
    if (exchange->fault)
        return false;
    if (!exchange->is_decided && !str_is_empty(str_trim(bytes))) {
        exchange->is_decided = true;
        exchange->is_stream = !is_json_start(bytes);
    }
    if (!exchange->is_stream) {
        buf_add(&exchange->whole, bytes);
        return true;
    }
    if (sse_push(&exchange->events, bytes, take_event, exchange))
        return true;
    if (!exchange->answer && !exchange->fault)
        exchange->fault = "its stream has an event that is too large";
    return false;
}

/* A single answer: the message, or an array with it. */
static void take_whole(Exchange *exchange)
{
    cJSON *tree = json_read(buf_str(&exchange->whole)), *message;
    if (!cJSON_IsArray(tree)) {
        /* The id may be null where the server did not read as far. */
        if (message_kind(tree) == MESSAGE_ERROR && cJSON_IsNull(json_get(tree, "id"))) {
            exchange->answer = tree;
            return;
        }
        if (tree)
            take_message(exchange, tree);
        return;
    }
    while (!exchange->answer && (message = cJSON_DetachItemFromArray(tree, 0)) != NULL)
        take_message(exchange, message);
    cJSON_Delete(tree);
}

/* ---- requests ---- */

static void add_standing_headers(const HttpLink *http, Arena *out, HttpHeaderVec *headers)
{
    const McpServer *server = http->link.server;
    for (uint32_t i = 0; i < server->headers.n; i++)
        http_add_header(out, headers, str_to_c(out, server->headers.items[i].name),
                        server->headers.items[i].value);
    if (!str_is_absent(http->link.version))
        http_add_header(out, headers, "MCP-Protocol-Version", http->link.version);
    if (!str_is_absent(http->session))
        http_add_header(out, headers, "Mcp-Session-Id", http->session);
}

static void add_post_headers(const HttpLink *http, Arena *out, const cJSON *message,
                             HttpHeaderVec *headers)
{
    http_add_header(out, headers, "Content-Type", STR("application/json"));
    http_add_header(out, headers, "Accept", STR("application/json, text/event-stream"));
    add_standing_headers(http, out, headers);
    if (http->link.is_modern)
        http_add_header(out, headers, "Mcp-Method", json_str(message, "method"));
}

/* A message that has no answer of its own. */
static void say(HttpLink *http, Http *by, const cJSON *message, uint32_t total_ms)
{
    Arena scratch = {0};
    HttpRequest request = {.url = http->link.server->url,
                           .body = message_text(&scratch, message),
                           .total_ms = total_ms,
                           .max_bytes = LINK_MAX_ANSWER_BYTES};
    add_post_headers(http, &scratch, message, &request.headers);
    HttpResult result = http_send(by, &request, &scratch);
    if (result.end != HTTP_ANSWERED)
        LOG_DEBUG("mcp", STR_FMT, STR_ARG(result.problem));
    arena_release(&scratch);
}

static void say_aside(HttpLink *http, const cJSON *message, uint32_t total_ms)
{
    if (!http->aside)
        http->aside = http_new();
    say(http, http->aside, message, total_ms);
}

static void notify(McpLink *link, const cJSON *message)
{
    HttpLink *http = (HttpLink *)link;
    say(http, http->http, message, NOTIFY_MS);
}

static uint32_t time_left(const Exchange *exchange)
{
    uint64_t now = loop_now_ms(), end = exchange->start_ms + exchange->wait->total_ms;
    return end > now ? (uint32_t)(end - now) : 1;
}

/* One POST, or a GET for the rest of a stream. */
static HttpResult send_once(Exchange *exchange, Arena *scratch, bool is_return)
{
    HttpLink *http = exchange->http;
    const LinkRequest *request = exchange->request;
    HttpRequest sent = {.url = http->link.server->url,
                        .idle_ms = exchange->wait->idle_ms,
                        .total_ms = time_left(exchange),
                        .max_bytes = (uint64_t)LINK_MAX_ANSWER_BYTES * 2, /* ours comes first */
                        .on_body = take_body,
                        .context = exchange,
                        .cancel = exchange->wait->cancel};
    if (is_return) {
        http_add_header(scratch, &sent.headers, "Accept", STR("text/event-stream"));
        add_standing_headers(http, scratch, &sent.headers);
        http_add_header(scratch, &sent.headers, "Last-Event-ID",
                        str_copy(scratch, buf_str(&exchange->events.id)));
    } else {
        sent.body = message_text(scratch, request->message);
        add_post_headers(http, scratch, request->message, &sent.headers);
        if (http->link.is_modern && !str_is_absent(request->name))
            http_add_header(scratch, &sent.headers, "Mcp-Name", request->name);
        for (uint32_t i = 0; http->link.is_modern && i < request->parameters.n; i++)
            VEC_PUSH(scratch, &sent.headers, request->parameters.items[i]);
    }
    exchange->is_decided = exchange->is_stream = false;
    buf_clear(&exchange->whole);
    HttpResult result = http_send(http->http, &sent, scratch);
    if (!exchange->is_stream && result.end == HTTP_ANSWERED)
        take_whole(exchange);
    return result;
}

/* An id of a session is visible ASCII; another is not sent back. */
static void keep_session(HttpLink *http, const HttpResult *result)
{
    Str session = http_header(&result->headers, "mcp-session-id");
    if (str_is_empty(session) || session.length > SSE_MAX_NAME_BYTES ||
        !str_is_absent(http->session))
        return;
    for (uint32_t i = 0; i < session.length; i++)
        if (session.data[i] < 0x21 || session.data[i] > 0x7E)
            return;
    http->session = str_copy(&http->link.arena, session);
}

/* Why there is no answer, by status and body. */
static void refuse(const Exchange *exchange, const HttpResult *result, Error *err)
{
    Arena scratch = {0};
    Str body = link_quote(&scratch, buf_str(&exchange->whole));
    if (exchange->fault)
        error_set(err, ERR_FAILED, "%s", exchange->fault);
    else if (result->end == HTTP_CANCELLED)
        error_set(err, ERR_CANCELLED, "cancelled");
    else if (result->end == HTTP_TOO_SLOW)
        error_set(err, ERR_FAILED, "it does not answer in time");
    else if (result->end == HTTP_BROKEN || (exchange->is_stream && result->status == 200))
        error_set(err, ERR_NOT_FOUND, "its answer breaks off");
    else if (result->end != HTTP_ANSWERED)
        error_set(err, ERR_FAILED, STR_FMT, STR_ARG(link_quote(&scratch, result->problem)));
    else if (result->status == 404 && !str_is_absent(exchange->http->session))
        error_set(err, ERR_NOT_FOUND, "its session is over");
    else if (result->status == 401 || result->status == 403)
        error_set(err, ERR_FAILED, "it wants a key or a login (%d)", result->status);
    else if (result->status >= 300 && result->status < 400)
        error_set(err, ERR_FAILED, "it has moved (%d); redirects are not followed", result->status);
    else if (str_is_empty(str_trim(body)))
        error_set(err, ERR_FAILED, "it does not answer (%d)", result->status);
    else
        error_set(err, ERR_FAILED, "its answer is none of the protocol (%d: " STR_FMT ")",
                  result->status, STR_ARG(body));
    arena_release(&scratch);
}

/* True where the older protocol lets the rest of the stream be asked for. */
static bool may_return(const Exchange *exchange, const HttpResult *result, uint32_t n_returns)
{
    bool has_ended = result->end == HTTP_ANSWERED || result->end == HTTP_BROKEN;
    return !exchange->answer && !exchange->fault && exchange->is_stream && has_ended &&
           !exchange->http->link.is_modern && exchange->events.id.length > 0 &&
           n_returns < LINK_MAX_RECONNECTS;
}

static bool pause_before_return(const Exchange *exchange)
{
    uint32_t retry_ms = exchange->events.retry_ms ? exchange->events.retry_ms : RETRY_MS;
    retry_ms = retry_ms < MAX_RETRY_MS ? retry_ms : MAX_RETRY_MS;
    uint32_t left_ms = time_left(exchange);
    return http_pause(retry_ms < left_ms ? retry_ms : left_ms, exchange->wait->cancel);
}

/* A new stream begins in the middle of no event; what it resumes from is kept. */
static void renew_events(Exchange *exchange)
{
    Sse fresh = sse_new();
    buf_add(&fresh.id, buf_str(&exchange->events.id));
    fresh.retry_ms = exchange->events.retry_ms;
    sse_free(&exchange->events);
    exchange->events = fresh;
}

static cJSON *ask(McpLink *link, const LinkRequest *request, const LinkWait *wait, Error *err)
{
    uint64_t now = loop_now_ms();
    Exchange exchange = {.http = (HttpLink *)link,
                         .request = request,
                         .wait = wait,
                         .start_ms = now,
                         .last_ms = now,
                         .whole = buf_with_max(MCP_MAX_MESSAGE_BYTES),
                         .events = sse_new()};
    Arena scratch = {0};
    HttpResult result = send_once(&exchange, &scratch, false);
    keep_session(exchange.http, &result);
    for (uint32_t n = 0; may_return(&exchange, &result, n); n++) {
        if (!pause_before_return(&exchange)) {
            result.end = HTTP_CANCELLED;
            break;
        }
        renew_events(&exchange);
        exchange.last_ms = loop_now_ms();
        result = send_once(&exchange, &scratch, true);
    }
    bool is_session_over = result.status == 404 && !str_is_absent(exchange.http->session);
    if (is_session_over) { /* whatever else it says */
        cJSON_Delete(exchange.answer);
        exchange.answer = NULL;
    }
    if (!exchange.answer)
        refuse(&exchange, &result, err);
    if (is_session_over)
        exchange.http->session = (Str){0};
    /* In the newer protocol the closed stream says it; the handshake cannot be cancelled. */
    if (!exchange.answer && !link->is_modern && !str_is_absent(link->version) &&
        result.end != HTTP_UNREACHABLE && !is_session_over) {
        cJSON *cancellation = link_cancellation(request->id);
        say(exchange.http, exchange.http->http, cancellation, FAREWELL_MS);
        cJSON_Delete(cancellation);
    }
    sse_free(&exchange.events);
    buf_free(&exchange.whole);
    arena_release(&scratch);
    return exchange.answer;
}

static void close_http(McpLink *link, bool is_hasty)
{
    HttpLink *http = (HttpLink *)link;
    (void)is_hasty; /* a session ends in a moment or is left to the server */
    if (!str_is_absent(http->session)) {
        Arena scratch = {0};
        HttpRequest request = {
            .url = link->server->url, .is_delete = true, .total_ms = FAREWELL_MS};
        add_standing_headers(http, &scratch, &request.headers);
        http_send(http->http, &request, &scratch);
        arena_release(&scratch);
    }
    http_free(http->http);
    http_free(http->aside);
    arena_owner_free(&link->arena);
}

static const LinkKind http_kind = {.request = ask, .notify = notify, .close = close_http};

McpLink *link_to_url(const McpServer *server)
{
    HttpLink *http = ARENA_OWNER_NEW(HttpLink);
    http->link.kind = &http_kind;
    http->link.server = server;
    http->http = http_new();
    return &http->link;
}
