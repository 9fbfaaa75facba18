/* One try is a request and the assembly of what streams in. It ends in one of three ways: a reply,
 * something temporary, or something final. Temporary ones are tried again after a pause that the
 * server may ask for. A try that broke leaves nothing behind: the reply begins anew. */
#include "consult/providers/ask.h"

#include <time.h>

#include "base/json.h"
#include "base/utf8.h"
#include "consult/providers/retry.h"
#include "consult/redact.h"
#include "loop/loop.h"

enum {
    MAX_REQUEST_BYTES = 32 * 1024 * 1024, /* what the strictest API takes */
    MAX_ERROR_BYTES = 64 * 1024,          /* of the body of an answer that is an error */
    MAX_SHOWN_BYTES = 300,                /* of what a server says in an error */
    IDLE_MS = 120 * 1000,                 /* a model may think that long without a word */
};

typedef enum { TRY_ANSWERED, TRY_TEMPORARY, TRY_FINAL, TRY_CANCELLED } TryEnd;

typedef struct {
    Asker *asker;
    const Provider *provider;
    Sse sse;
    Assembly assembly;
    Buf error_body;
    HttpResult result;
    Error err; /* what to say where it is the last try */
} Try;

/* ---- what comes in ---- */

static bool take_event(void *context, const SseEvent *event)
{
    Try *one = context;
    one->provider->take(&one->assembly, event);
    return one->assembly.fault == FAULT_NONE && !one->assembly.is_over;
}

static bool take_body(void *context, int status, Str bytes)
{
    Try *one = context;
    if (status == 200)
        return sse_push(&one->sse, bytes, take_event, one);
    buf_add(&one->error_body, str_slice(bytes, 0, MAX_ERROR_BYTES));
    return !one->error_body.overflowed;
}

/* ---- what is said of an error ---- */

/* A server's own words, fit to be shown: one line, no secrets, not even a part of the key. */
static Str shown(Arena *out, Str text, const Endpoint *endpoint)
{
    text = plain_text(out, redact(out, str_trim(text)));
    if (!str_is_empty(endpoint->key) && str_contains(text, endpoint->key))
        return (Str){0};
    char *line = str_to_c(out, text);
    for (uint32_t i = 0; i < text.length; i++)
        if (line[i] == '\n' || line[i] == '\t')
            line[i] = ' ';
    return utf8_cut(str_of(line, text.length), MAX_SHOWN_BYTES);
}

static const char *meaning_of(int status)
{
    switch (status) {
    case 401:
        return "does not accept the key";
    case 402:
        return "wants to be paid";
    case 403:
        return "does not allow this";
    case 404:
        return "does not know the model or the path";
    case 413:
        return "finds the request too large";
    case 429:
        return "is rate limited";
    case 529:
        return "is overloaded";
    default:
        return status >= 500   ? "failed"
               : status >= 400 ? "refused the request"
               : status >= 300 ? "answers from another place"
                               : "did not stream an answer";
    }
}

static void say_status(Try *one, Arena *scratch)
{
    const Endpoint *endpoint = one->asker->endpoint;
    Str body = buf_str(&one->error_body);
    cJSON *json = json_parse(str_to_c(scratch, body), body.length);
    Str said = shown(scratch, provider_error_text(scratch, json), endpoint);
    cJSON_Delete(json);
    error_set(&one->err, ERR_FAILED, STR_FMT " %s (%d)%s" STR_FMT, STR_ARG(endpoint->host),
              meaning_of(one->result.status), one->result.status, str_is_empty(said) ? "" : ": ",
              STR_ARG(said));
}

/* ---- one try ---- */

/* Some gateways refuse the marks for caching that the API itself knows. */
static bool is_about_cache_marks(Try *one)
{
    return one->result.status == 400 && !one->asker->options.no_cache_marks &&
           str_contains(buf_str(&one->error_body), STR("cache_control"));
}

static TryEnd judge_stream(Try *one)
{
    const Assembly *assembly = &one->assembly;
    const Endpoint *endpoint = one->asker->endpoint;
    if (assembly->fault != FAULT_NONE) {
        Arena scratch = {0};
        error_set(&one->err, ERR_FAILED, STR_FMT ": " STR_FMT, STR_ARG(endpoint->host),
                  STR_ARG(shown(&scratch, assembly->problem, endpoint)));
        arena_release(&scratch);
        return assembly->fault == FAULT_FINAL ? TRY_FINAL : TRY_TEMPORARY;
    }
    if (one->sse.is_broken && !assembly->is_over) {
        error_set(&one->err, ERR_FAILED, STR_FMT " sent an event that is too large",
                  STR_ARG(endpoint->host));
        return TRY_FINAL;
    }
    /* Some servers only say why they end, and then hang up. */
    if (assembly->is_over || assembly->has_stop)
        return TRY_ANSWERED;
    if (one->result.end == HTTP_ANSWERED && assembly->blocks.n == 0 &&
        !str_contains(http_header(&one->result.headers, "content-type"), STR("event-stream"))) {
        error_set(&one->err, ERR_FAILED, STR_FMT " did not answer with a stream of events",
                  STR_ARG(endpoint->host));
        return TRY_FINAL;
    }
    error_set(&one->err, ERR_FAILED, STR_FMT " broke its answer off", STR_ARG(endpoint->host));
    return TRY_TEMPORARY;
}

static TryEnd judge(Try *one)
{
    const HttpResult *result = &one->result;
    Asker *asker = one->asker;
    if (result->end == HTTP_CANCELLED) {
        error_set(&one->err, ERR_CANCELLED, "the consultation was cancelled");
        return TRY_CANCELLED;
    }
    bool has_come = result->end == HTTP_ANSWERED || result->end == HTTP_STOPPED;
    if (has_come && result->status != 200) {
        Arena scratch = {0};
        say_status(one, &scratch);
        arena_release(&scratch);
        if (is_about_cache_marks(one)) {
            asker->options.no_cache_marks = true;
            return TRY_TEMPORARY;
        }
        return retry_is_worth_it(result->status, &result->headers) ? TRY_TEMPORARY : TRY_FINAL;
    }
    if (has_come || one->assembly.is_over || one->assembly.has_stop)
        return judge_stream(one);
    error_set(&one->err, ERR_FAILED, "no answer from " STR_FMT, STR_ARG(result->problem));
    bool is_final = result->end == HTTP_UNUSABLE || result->end == HTTP_TOO_LARGE ||
                    (asker->deadline_ms && loop_now_ms() >= asker->deadline_ms);
    return is_final ? TRY_FINAL : TRY_TEMPORARY;
}

static void add_headers(Arena *out, const Try *one, HttpHeaderVec *headers)
{
    http_add_header(out, headers, "content-type", STR("application/json"));
    http_add_header(out, headers, "accept", STR("text/event-stream"));
    one->provider->headers(out, one->asker->endpoint, headers);
}

static void wait_on(void *context)
{
    const Asker *asker = ((const Try *)context)->asker;
    if (asker->on_text)
        asker->on_text(asker->context, (Str){0});
}

static TryEnd try_once(Try *one, const Chat *chat, Arena *out)
{
    Asker *asker = one->asker;
    Buf body = buf_with_max(MAX_REQUEST_BYTES);
    one->provider->body(&body, asker->endpoint, chat, asker->options);
    if (body.overflowed) {
        buf_free(&body);
        error_set(&one->err, ERR_FAILED, "the conversation has become too long to be sent");
        return TRY_FINAL;
    }
    uint64_t now = loop_now_ms();
    HttpRequest request = {.url = asker->endpoint->url,
                           .body = buf_str(&body),
                           .idle_ms = IDLE_MS,
                           .on_body = take_body,
                           .on_wait = wait_on,
                           .context = one,
                           .cancel = asker->cancel};
    if (asker->deadline_ms)
        request.total_ms = asker->deadline_ms > now ? (uint32_t)(asker->deadline_ms - now) : 1;
    add_headers(out, one, &request.headers);
    one->result = http_send(asker->http, &request, out);
    buf_free(&body);
    return judge(one);
}

/* ---- all of them ---- */

static Try try_new(Asker *asker)
{
    return (Try){.asker = asker,
                 .provider = provider_of(asker->endpoint),
                 .sse = sse_new(),
                 .assembly = {.on_text = asker->on_text, .context = asker->context},
                 .error_body = buf_with_max(MAX_ERROR_BYTES)};
}

static void try_free(Try *one)
{
    sse_free(&one->sse);
    assembly_free(&one->assembly);
    buf_free(&one->error_body);
}

/* Waits before the next try; false where there is none. */
static bool wait_to_retry(const Try *one, unsigned n_tries, Error *err)
{
    const Asker *asker = one->asker;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint32_t delay_ms = retry_delay_ms(&one->result.headers, n_tries,
                                       (unsigned)(now.tv_nsec / 1000), (int64_t)now.tv_sec);
    bool is_too_late = asker->deadline_ms && loop_now_ms() + delay_ms >= asker->deadline_ms;
    if (n_tries >= RETRY_MAX_TRIES || delay_ms > RETRY_MAX_WAIT_MS || is_too_late) {
        *err = one->err;
        if (delay_ms > RETRY_MAX_WAIT_MS)
            error_set(err, ERR_FAILED, "%s; it asks to wait %u s", one->err.text, delay_ms / 1000);
        return false;
    }
    if (asker->on_restart && one->assembly.blocks.n > 0)
        asker->on_restart(asker->context);
    if (asker->on_note) {
        Arena scratch = {0};
        asker->on_note(asker->context, str_format(&scratch, "%s; trying again in %u s",
                                                  one->err.text, (delay_ms + 999) / 1000));
        arena_release(&scratch);
    }
    return http_pause(delay_ms, asker->cancel) ||
           error_set(err, ERR_CANCELLED, "the consultation was cancelled");
}

bool ask(Asker *asker, const Chat *chat, Arena *out, Reply *reply, Error *err)
{
    for (unsigned n_tries = 1;; n_tries++) {
        Try one = try_new(asker);
        TryEnd end = try_once(&one, chat, out);
        bool goes_on = false;
        if (end == TRY_ANSWERED)
            *reply = assembly_reply(&one.assembly, out);
        else if (end == TRY_TEMPORARY)
            goes_on = wait_to_retry(&one, n_tries, err);
        else if (err)
            *err = one.err;
        try_free(&one);
        if (!goes_on)
            return end == TRY_ANSWERED;
    }
}
