/* http.h — one HTTP request at a time, with its answer as it comes.
 *
 * For a thread that may wait: a consultation's own, or the command line's. http_send returns
 * when the answer is over, a limit is reached, or `cancel` became true (noticed within a tenth
 * of a second). libcurl is loaded by the first request. An Http keeps its connections and
 * belongs to one thread at a time.
 *
 * Never: redirects (a caller that wants one looks at the answer's Location), cookies, .netrc,
 * other protocols, a certificate that does not check. Proxies of the environment are used,
 * but not towards the machine itself, and not by a guarded request. SSL_CERT_FILE names other
 * certificates to trust. */
#ifndef LOOP_HTTP_H
#define LOOP_HTTP_H

#include <stdatomic.h>

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

typedef struct Http Http;

/* From now on the process ignores SIGPIPE. */
Http *http_new(void);
void http_free(Http *http); /* NULL is allowed */

typedef struct {
    Str name; /* lower case in answers */
    Str value;
} HttpHeader;
typedef Vec(HttpHeader) HttpHeaderVec;

typedef struct {
    Str url;
    HttpHeaderVec headers;
    Str body;             /* absent: GET; else POST */
    bool is_delete;       /* DELETE instead of GET */
    uint32_t connect_ms;  /* 0: 10 s */
    uint32_t idle_ms;     /* the longest silence; 0: 120 s */
    uint32_t total_ms;    /* 0: no limit but those above */
    uint64_t max_bytes;   /* of the answer's body, decoded; 0: 64 MiB */
    bool accepts_encoded; /* gzip and its like; not for streams, which they hold up */
    /* Only public addresses and the ports 80 and 443; checked when the connection is made, so
     * that no name can point elsewhere by then. A connection made by others is not used. */
    bool is_guarded;
    uint16_t guard_loopback_port; /* tests: this one port of the machine itself is allowed */
    /* The answer's body as it comes, whatever its status; `bytes` live until it returns. False
     * ends the request (HTTP_STOPPED). NULL: the body is dropped. */
    bool (*on_body)(void *context, int status, Str bytes);
    /* Called at least ten times a second until the end; may be NULL. */
    void (*on_wait)(void *context);
    void *context;
    const atomic_bool *cancel; /* may be NULL */
} HttpRequest;

typedef enum {
    HTTP_ANSWERED,    /* the whole answer came */
    HTTP_UNREACHABLE, /* no connection, or it broke before the answer began */
    HTTP_BROKEN,      /* it broke in the middle of the answer */
    HTTP_TOO_SLOW,
    HTTP_TOO_LARGE,
    HTTP_NOT_ALLOWED, /* the guard */
    HTTP_STOPPED,
    HTTP_CANCELLED,
    HTTP_UNUSABLE, /* not a URL of http or https, a bad certificate, no libcurl: not to be tried
                      again */
} HttpEnd;

typedef struct {
    HttpEnd end;
    int status;            /* 0: the answer did not begin */
    HttpHeaderVec headers; /* of the answer */
    Str problem;           /* absent with HTTP_ANSWERED; one sentence that names the host */
} HttpResult;

/* The result's texts live in `out`. */
HttpResult http_send(Http *http, const HttpRequest *request, Arena *out);

/* Name and value are not copied. */
void http_add_header(Arena *out, HttpHeaderVec *headers, const char *name, Str value);
/* For `on_body`, with a Buf as its context: gathers the whole body. */
bool http_gather(void *context, int status, Str bytes);

/* The value of the first header of that lower-case name; absent: none. */
Str http_header(const HttpHeaderVec *headers, const char *name);

/* Waits; false where `cancel` became true meanwhile. */
bool http_pause(uint32_t ms, const atomic_bool *cancel);

#endif
