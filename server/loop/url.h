/* url.h — the parts of an http or https URL. Pure. */
#ifndef LOOP_URL_H
#define LOOP_URL_H

#include "base/str.h"

typedef struct {
    Str scheme; /* "http" or "https" */
    Str host;   /* lower case, without brackets and without a dot at its end; never empty */
    Str port;   /* absent: the scheme's */
    Str rest;   /* path, query and fragment as written; may be empty */
    bool has_user;
} UrlParts;

/* False where it is not such a URL, or holds white space, control characters or backslashes,
 * which programs read in different ways. */
bool url_split(Arena *out, Str url, UrlParts *parts);

/* True for localhost, 127.x.x.x and ::1 as they are written: nothing is looked up. */
bool url_is_loopback(Str url);

/* True for the domain itself and what is below it; both in lower case. An empty domain has none. */
bool url_host_is_of(Str host, Str domain);

/* Where `location` (of an answer, or a link) leads when it stands in `base`; absent where that is
 * no http or https URL. The fragment is dropped. */
Str url_resolve(Arena *out, Str base, Str location);

/* `text` as one part of a query: everything but letters, digits and -._~ escaped. */
Str url_escape(Arena *out, Str text);

#endif
