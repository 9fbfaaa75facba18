#include "loop/curl_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

/* The first that is there. The major number is libcurl's promise of compatibility. */
static const char *const file_names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"};

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
    {"curl_easy_init", offsetof(CurlLibrary, easy_init)},
    {"curl_easy_cleanup", offsetof(CurlLibrary, easy_cleanup)},
    {"curl_easy_setopt", offsetof(CurlLibrary, easy_setopt)},
    {"curl_easy_getinfo", offsetof(CurlLibrary, easy_getinfo)},
    {"curl_easy_strerror", offsetof(CurlLibrary, easy_strerror)},
    {"curl_multi_init", offsetof(CurlLibrary, multi_init)},
    {"curl_multi_cleanup", offsetof(CurlLibrary, multi_cleanup)},
    {"curl_multi_add_handle", offsetof(CurlLibrary, multi_add_handle)},
    {"curl_multi_remove_handle", offsetof(CurlLibrary, multi_remove_handle)},
    {"curl_multi_perform", offsetof(CurlLibrary, multi_perform)},
    {"curl_multi_poll", offsetof(CurlLibrary, multi_poll)},
    {"curl_multi_info_read", offsetof(CurlLibrary, multi_info_read)},
    {"curl_slist_append", offsetof(CurlLibrary, slist_append)},
    {"curl_slist_free_all", offsetof(CurlLibrary, slist_free_all)},
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CurlLibrary library;
static bool is_loaded;
static Error failure;

static void load(void)
{
    void *handle = NULL;
    for (size_t i = 0; !handle && i < sizeof file_names / sizeof *file_names; i++)
        handle = dlopen(file_names[i], RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        error_set(&failure, ERR_FAILED,
                  "libcurl is not installed (Debian: libcurl4), and without it nothing can be "
                  "asked over the network");
        return;
    }
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        /* POSIX says that a function's address fits; C has no cast for it. */
        void *address = dlsym(handle, functions[i].name);
        if (!address) {
            error_set(&failure, ERR_FAILED, "the installed libcurl is too old: it has no %s",
                      functions[i].name);
            return;
        }
        memcpy((char *)&library + functions[i].offset, &address, sizeof address);
    }
    CURLcode (*global_init)(long) = NULL;
    void *address = dlsym(handle, "curl_global_init");
    memcpy(&global_init, &address, sizeof address);
    is_loaded = global_init && global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (!is_loaded)
        error_set(&failure, ERR_FAILED, "libcurl cannot be initialised");
}

const CurlLibrary *curl_library(Error *err)
{
    pthread_once(&once, load);
    if (!is_loaded && err)
        *err = failure;
    return is_loaded ? &library : NULL;
}
