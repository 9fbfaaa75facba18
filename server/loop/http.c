/* A request through curl's multi interface
 *
 * The multi interface is there for its wait: curl_multi_poll returns when something moved or
 * after WAIT_MS, and then the limits and the cancel flag are looked at. Nothing in here
 * waits otherwise: names are looked up on a thread of libcurl's, which CURLOPT_QUICK_EXIT leaves
 * behind. */
#include "loop/http.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "loop/address.h"
#include "loop/curl_library.h"
#include "loop/loop.h"
#include "loop/url.h"

enum {
    WAIT_MS = 50, /* between two looks at the cancel flag */
    CONNECT_MS = 10 * 1000,
    IDLE_MS = 120 * 1000,
    MAX_BODY_BYTES = 64 * 1024 * 1024,
    MAX_HEADER_BYTES = 64 * 1024, /* of all headers of an answer */
    MAX_HEADERS = 200,
    HTTP_PORT = 80,
    HTTPS_PORT = 443,
};

struct Http {
    Arena arena;
    const CurlLibrary *curl;
    CURLM *multi;
};

typedef struct {
    const CurlLibrary *curl;
    const HttpRequest *request;
    Arena *out;
    HttpResult *result;
    CURL *easy;
    uint64_t last_ms; /* when something came last */
    uint64_t n_body_bytes;
    size_t n_header_bytes;
    bool is_refused, is_too_large, is_stopped;
} Transfer;

Http *http_new(void)
{
    /* A server that hangs up must not end the program: libcurl leaves that to us. */
    signal(SIGPIPE, SIG_IGN);
    return ARENA_OWNER_NEW(Http);
}

void http_free(Http *http)
{
    if (!http)
        return;
    if (http->multi)
        http->curl->multi_cleanup(http->multi);
    arena_owner_free(&http->arena);
}

void http_add_header(Arena *out, HttpHeaderVec *headers, const char *name, Str value)
{
    VEC_PUSH(out, headers, ((HttpHeader){.name = str_from(name), .value = value}));
}

bool http_gather(void *context, int status, Str bytes)
{
    (void)status;
    buf_add(context, bytes);
    return true;
}

Str http_header(const HttpHeaderVec *headers, const char *name)
{
    for (uint32_t i = 0; i < headers->n; i++)
        if (str_equal(headers->items[i].name, str_from(name)))
            return headers->items[i].value;
    return (Str){0};
}

static bool is_cancelled(const atomic_bool *cancel)
{
    return cancel && atomic_load_explicit(cancel, memory_order_relaxed);
}

bool http_pause(uint32_t ms, const atomic_bool *cancel)
{
    uint64_t end = loop_now_ms() + ms;
    for (;;) {
        if (is_cancelled(cancel))
            return false;
        uint64_t now = loop_now_ms();
        if (now >= end)
            return true;
        uint64_t left = end - now < WAIT_MS ? end - now : WAIT_MS;
        nanosleep(&(struct timespec){.tv_nsec = (long)left * 1000000L}, NULL);
    }
}

/* ---- what libcurl calls ---- */

static bool guard_allows(const HttpRequest *request, const struct sockaddr *address)
{
    unsigned port = address_port(address);
    if (request->guard_loopback_port != 0 && port == request->guard_loopback_port &&
        address_is_loopback(address))
        return true;
    return address_is_public(address) && (port == HTTP_PORT || port == HTTPS_PORT);
}

static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    Transfer *transfer = data;
    (void)purpose;
    if (transfer->request->is_guarded && !guard_allows(transfer->request, &address->addr)) {
        transfer->is_refused = true;
        return CURL_SOCKET_BAD;
    }
    /* A program that is started meanwhile must not inherit it. */
#ifdef SOCK_CLOEXEC
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
    int opened = socket(address->family, address->socktype, address->protocol);
    if (opened >= 0)
        fcntl(opened, F_SETFD, FD_CLOEXEC);
    return opened;
#endif
}

static size_t take_header(char *bytes, size_t size, size_t n, void *data)
{
    Transfer *transfer = data;
    size_t length = size * n;
    transfer->last_ms = loop_now_ms();
    transfer->n_header_bytes += length;
    HttpHeaderVec *headers = &transfer->result->headers;
    if (transfer->n_header_bytes > MAX_HEADER_BYTES || headers->n >= MAX_HEADERS) {
        transfer->is_too_large = true;
        return CURL_WRITEFUNC_ERROR;
    }
    Str line = str_of(bytes, length);
    if (str_starts_with(line, STR("HTTP/"))) {
        *headers = (HttpHeaderVec){0}; /* those before were of a 1xx */
        return length;
    }
    uint32_t colon = str_find(line, STR(":"), 0);
    if (colon != UINT32_MAX)
        VEC_PUSH(
            transfer->out, headers,
            ((HttpHeader){.name = str_lower(transfer->out, str_slice(line, 0, colon)),
                          .value = str_copy(transfer->out,
                                            str_trim(str_slice(line, colon + 1, line.length)))}));
    return length;
}

static int status_of(const Transfer *transfer)
{
    long status = 0;
    transfer->curl->easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    return (int)status;
}

static size_t take_body(char *bytes, size_t size, size_t n, void *data)
{
    Transfer *transfer = data;
    const HttpRequest *request = transfer->request;
    size_t length = size * n;
    uint64_t max = request->max_bytes ? request->max_bytes : MAX_BODY_BYTES;
    transfer->last_ms = loop_now_ms();
    if (length > max - transfer->n_body_bytes) {
        transfer->is_too_large = true;
        return CURL_WRITEFUNC_ERROR;
    }
    transfer->n_body_bytes += length;
    if (request->on_body &&
        !request->on_body(request->context, status_of(transfer), str_of(bytes, length))) {
        transfer->is_stopped = true;
        return CURL_WRITEFUNC_ERROR;
    }
    return length;
}

/* ---- setting up ---- */

/* Header lines as curl wants them. They may hold a key, so they are wiped, not only freed. */
static struct curl_slist *header_list(const Transfer *transfer, Arena *scratch)
{
    const HttpHeaderVec *headers = &transfer->request->headers;
    struct curl_slist *list = NULL;
    for (uint32_t i = 0; i < headers->n; i++) {
        /* libcurl reads "Name:" as a header not to be sent, and "Name;" as one without a value. */
        const char *between = str_is_empty(headers->items[i].value) ? ";" : ": ";
        Str line = str_format(scratch, STR_FMT "%s" STR_FMT, STR_ARG(headers->items[i].name),
                              between, STR_ARG(headers->items[i].value));
        char *text = str_to_c(scratch, line);
        list = transfer->curl->slist_append(list, text);
        memset(text, 0, line.length);
        memset((char *)(uintptr_t)line.data, 0, line.length);
    }
    /* Without this, a large body waits a second for leave to be sent. */
    return transfer->curl->slist_append(list, "Expect:");
}

static void free_headers(const Transfer *transfer, struct curl_slist *list)
{
    for (struct curl_slist *line = list; line; line = line->next)
        memset(line->data, 0, strlen(line->data));
    transfer->curl->slist_free_all(list);
}

static void set_proxy(const Transfer *transfer)
{
    const HttpRequest *request = transfer->request;
    if (request->is_guarded) {
        /* A proxy would make the connection, and the guard would see only the proxy. */
        transfer->curl->easy_setopt(transfer->easy, CURLOPT_PROXY, "");
        transfer->curl->easy_setopt(transfer->easy, CURLOPT_FRESH_CONNECT, 1L);
        transfer->curl->easy_setopt(transfer->easy, CURLOPT_FORBID_REUSE, 1L);
    }
    if (request->is_guarded || url_is_loopback(request->url))
        transfer->curl->easy_setopt(transfer->easy, CURLOPT_NOPROXY, "*");
}

static void set_options(Transfer *transfer, struct curl_slist *headers, char *error_text,
                        Arena *scratch)
{
    const CurlLibrary *curl = transfer->curl;
    const HttpRequest *request = transfer->request;
    CURL *easy = transfer->easy;
    curl->easy_setopt(easy, CURLOPT_URL, str_to_c(scratch, request->url));
    curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl->easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl->easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text);
    curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                      (long)(request->connect_ms ? request->connect_ms : (uint32_t)CONNECT_MS));
    curl->easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl->easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl->easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl->easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl->easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    if (request->accepts_encoded)
        curl->easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    if (!str_is_absent(request->body)) {
        curl->easy_setopt(easy, CURLOPT_POST, 1L);
        curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.length);
        curl->easy_setopt(easy, CURLOPT_POSTFIELDS, request->body.data);
    }
    if (request->is_delete)
        curl->easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "DELETE");
    const char *certificates = getenv("SSL_CERT_FILE");
    if (certificates && certificates[0])
        curl->easy_setopt(easy, CURLOPT_CAINFO, certificates);
    set_proxy(transfer);
}

/* ---- the end ---- */

static Str host_of(Arena *out, Str url)
{
    UrlParts parts;
    return url_split(out, url, &parts) ? parts.host : STR("the server");
}

static void end_with(Transfer *transfer, HttpEnd end, const char *what)
{
    transfer->result->end = end;
    if (end != HTTP_ANSWERED)
        transfer->result->problem =
            str_format(transfer->out, STR_FMT ": %s",
                       STR_ARG(host_of(transfer->out, transfer->request->url)), what);
}

static void end_by_code(Transfer *transfer, CURLcode code, const char *error_text)
{
    const char *what = error_text[0] ? error_text : transfer->curl->easy_strerror(code);
    bool has_begun = transfer->result->status != 0;
    if (transfer->is_too_large) {
        end_with(transfer, HTTP_TOO_LARGE, "the answer is too large");
        return;
    }
    if (transfer->is_stopped) {
        end_with(transfer, HTTP_STOPPED, "the answer was not read to its end");
        return;
    }
    if (code == CURLE_OK) {
        end_with(transfer, HTTP_ANSWERED, "");
        return;
    }
    if (transfer->is_refused) {
        end_with(transfer, HTTP_NOT_ALLOWED,
                 "only public addresses, and only the ports 80 and 443, may be asked");
        return;
    }
    if (code == CURLE_OPERATION_TIMEDOUT)
        end_with(transfer, HTTP_TOO_SLOW, what);
    else if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
             code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
             code == CURLE_BAD_FUNCTION_ARGUMENT || code == CURLE_OUT_OF_MEMORY)
        end_with(transfer, HTTP_UNUSABLE, what);
    else
        end_with(transfer, has_begun ? HTTP_BROKEN : HTTP_UNREACHABLE, what);
}

/* True where the request is over for a reason of ours. */
static bool is_over_limit(Transfer *transfer, uint64_t start_ms)
{
    const HttpRequest *request = transfer->request;
    uint64_t now = loop_now_ms();
    if (is_cancelled(request->cancel))
        end_with(transfer, HTTP_CANCELLED, "cancelled");
    else if (request->total_ms && now - start_ms >= request->total_ms)
        end_with(transfer, HTTP_TOO_SLOW, "no complete answer in time");
    else if (now - transfer->last_ms >= (request->idle_ms ? request->idle_ms : (uint32_t)IDLE_MS))
        end_with(transfer, HTTP_TOO_SLOW, "nothing came for too long");
    else
        return false;
    return true;
}

static void drive(Http *http, Transfer *transfer, const char *error_text)
{
    uint64_t start_ms = loop_now_ms();
    transfer->last_ms = start_ms;
    for (;;) {
        int n_running = 0, n_left = 0;
        if (http->curl->multi_perform(http->multi, &n_running) != CURLM_OK) {
            end_with(transfer, HTTP_UNREACHABLE, "libcurl gave up");
            return;
        }
        CURLMsg *message = http->curl->multi_info_read(http->multi, &n_left);
        if (message && message->msg == CURLMSG_DONE) {
            CURLcode code = message->data.result;
            transfer->result->status = status_of(transfer);
            end_by_code(transfer, code, error_text);
            return;
        }
        if (is_over_limit(transfer, start_ms)) {
            transfer->result->status = status_of(transfer);
            return;
        }
        if (transfer->request->on_wait)
            transfer->request->on_wait(transfer->request->context);
        http->curl->multi_poll(http->multi, NULL, 0, WAIT_MS, NULL);
    }
}

static bool open_library(Http *http, Error *err)
{
    if (!http->curl)
        http->curl = curl_library(err);
    if (http->curl && !http->multi)
        http->multi = http->curl->multi_init();
    return http->multi || (http->curl && error_set(err, ERR_FAILED, "libcurl gave up"));
}

HttpResult http_send(Http *http, const HttpRequest *request, Arena *out)
{
    HttpResult result = {0};
    Error err = {0};
    UrlParts parts;
    if (!url_split(out, request->url, &parts)) {
        result.end = HTTP_UNUSABLE;
        result.problem = STR("this is not a URL of http or https");
        return result;
    }
    CURL *easy = open_library(http, &err) ? http->curl->easy_init() : NULL;
    if (!easy) {
        result.end = HTTP_UNUSABLE;
        result.problem = str_copy(out, str_from(err.text));
        return result;
    }
    Arena scratch = {0};
    char error_text[CURL_ERROR_SIZE] = "";
    Transfer transfer = {
        .curl = http->curl, .request = request, .out = out, .result = &result, .easy = easy};
    struct curl_slist *headers = header_list(&transfer, &scratch);
    set_options(&transfer, headers, error_text, &scratch);
    if (http->curl->multi_add_handle(http->multi, easy) == CURLM_OK) {
        drive(http, &transfer, error_text);
        http->curl->multi_remove_handle(http->multi, easy);
    } else {
        end_with(&transfer, HTTP_UNUSABLE, "libcurl gave up");
    }
    http->curl->easy_cleanup(easy);
    free_headers(&transfer, headers);
    arena_release(&scratch);
    return result;
}
