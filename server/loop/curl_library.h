/* curl_library.h — libcurl, loaded when it is first needed. For http.c alone.
 *
 * Linked in the usual way, libcurl brings some thirty other libraries into every start of the
 * program: six milliseconds, three times what the answer to `initialize` takes. Few runs ever
 * speak HTTP. So only its header is compiled in, and the library is opened by name. */
#ifndef LOOP_CURL_LIBRARY_H
#define LOOP_CURL_LIBRARY_H

#include <curl/curl.h>

#include "base/error.h"

/* The functions that are used, by their names without `curl_`. */
typedef struct {
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    const char *(*easy_strerror)(CURLcode);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_cleanup)(CURLM *);
    CURLMcode (*multi_add_handle)(CURLM *, CURL *);
    CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
    CURLMcode (*multi_perform)(CURLM *, int *);
    CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd *, unsigned, int, int *);
    CURLMsg *(*multi_info_read)(CURLM *, int *);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
} CurlLibrary;

/* Loads and initialises it once in the process; any thread. NULL where it is not there. */
const CurlLibrary *curl_library(Error *err) WARN_UNUSED;

#endif
