/* retry.h — whether a request is made again, and when. Pure. */
#ifndef CONSULT_PROVIDERS_RETRY_H
#define CONSULT_PROVIDERS_RETRY_H

#include "loop/http.h"

enum {
    RETRY_MAX_TRIES = 3,
    RETRY_MAX_WAIT_MS = 60 * 1000, /* a server that asks for more is given up */
};

/* True for an answer that may be another one soon: what the server says itself (x-should-retry),
 * else 408, 409, 429 and from 500 on. */
bool retry_is_worth_it(int status, const HttpHeaderVec *headers);

/* Milliseconds to wait before try `n_tries` + 1: what the server asks for (retry-after-ms,
 * retry-after in seconds or as a date), else half a second, doubled each time, at most eight
 * seconds, up to a quarter less by `chance` (0 to 999). `now` is the time of day in seconds since
 * 1970. */
uint32_t retry_delay_ms(const HttpHeaderVec *headers, unsigned n_tries, unsigned chance,
                        int64_t now);

/* Seconds since 1970 of "Sun, 06 Nov 1994 08:49:37 GMT"; -1 where it is no such date. */
int64_t retry_http_date(Str text);

#endif
