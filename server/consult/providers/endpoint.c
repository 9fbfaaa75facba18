#include "consult/providers/endpoint.h"

#include <stdlib.h>

#include "consult/redact.h"
#include "loop/child.h"
#include "loop/url.h"

enum {
    KEY_COMMAND_MS = 30 * 1000, /* it may ask a person to unlock something */
    MAX_KEY_BYTES = 4096,
};

/* What a provider is when nobody says anything else. */
typedef struct {
    const char *name;
    Api api;
    const char *own_url, *own_host;
    const char *path; /* behind the base */
    const char *key_variable, *bearer_variable, *url_variable, *model_variable;
    const char *default_model; /* of its own cloud; NULL: none */
} Known;

static const Known known[] = {
    {.name = "anthropic",
     .api = API_ANTHROPIC,
     .own_url = "https://api.anthropic.com",
     .own_host = "api.anthropic.com",
     .path = "/v1/messages",
     .key_variable = "ANTHROPIC_API_KEY",
     .bearer_variable = "ANTHROPIC_AUTH_TOKEN",
     .url_variable = "ANTHROPIC_BASE_URL",
     .model_variable = "ANTHROPIC_MODEL",
     .default_model = "claude-sonnet-5-5"},
    {.name = "openai",
     .api = API_OPENAI,
     .own_url = "https://api.openai.com/v1",
     .own_host = "api.openai.com",
     .path = "/chat/completions",
     .bearer_variable = "OPENAI_API_KEY",
     .url_variable = "OPENAI_BASE_URL",
     .model_variable = "OPENAI_MODEL"},
};

/* What agent files call the models of Anthropic. A name that is not here is the provider's affair.
 */
static const struct {
    const char *alias, *model;
} aliases[] = {
    {"opus", "claude-opus-5-5"},
    {"sonnet", "claude-sonnet-5-5"},
    {"haiku", "claude-haiku-5-5"},
    {"fable", "claude-fable-5-2"},
};

static Str variable(const char *name)
{
    Str value = name ? str_from(getenv(name)) : (Str){0};
    return str_is_empty(value) ? (Str){0} : value;
}

static Str first_of(Str a, Str b, Str c)
{
    return !str_is_empty(a) ? a : !str_is_empty(b) ? b : c;
}

/* ---- the key ---- */

/* What the command prints, without white space around it. Its own words never get into a text of
 * ours: they could hold the key. */
static bool run_key_command(Arena *out, Str command, const atomic_bool *cancel, Str *key,
                            Error *err)
{
    const char *const arguments[] = {"/bin/sh", "-c", str_to_c(out, command), NULL};
    Child *child = child_start(arguments, NULL, err);
    if (!child)
        return false;
    child_close_input(child);
    char bytes[MAX_KEY_BYTES];
    size_t length = 0;
    bool is_too_long = false;
    ChildEvent event;
    Str piece;
    ChildWait wait = {.timeout_ms = KEY_COMMAND_MS, .cancel = cancel};
    while ((event = child_read(child, wait, &piece)) == CHILD_SAID) {
        is_too_long = is_too_long || piece.length > sizeof bytes - length;
        if (is_too_long)
            break;
        memcpy(bytes + length, piece.data, piece.length);
        length += piece.length;
    }
    int status = child_end(child, event == CHILD_ENDED ? 1000 : 0);
    *key = str_copy(out, str_trim(str_of(bytes, length)));
    memset(bytes, 0, sizeof bytes);
    if (event == CHILD_CANCELLED)
        return error_set(err, ERR_CANCELLED, "the consultation was cancelled");
    if (event == CHILD_SILENT)
        return error_set(err, ERR_FAILED, "the command for the key printed nothing in %d seconds",
                         KEY_COMMAND_MS / 1000);
    if (is_too_long || event == CHILD_BROKEN)
        return error_set(err, ERR_FAILED, "the command for the key printed more than a key");
    if (status != 0)
        return error_set(err, ERR_FAILED, "the command for the key failed (exit status %d)",
                         status);
    return !str_is_empty(*key) ||
           error_set(err, ERR_FAILED, "the command for the key printed no key");
}

/* A header's value: one line of visible characters. */
static bool is_clean_key(Str key)
{
    for (uint32_t i = 0; i < key.length; i++)
        if ((unsigned char)key.data[i] <= ' ' || (unsigned char)key.data[i] >= 0x7F)
            return false;
    return true;
}

static bool check_key(const Endpoint *endpoint, Error *err)
{
    return is_clean_key(endpoint->key) ||
           error_set(err, ERR_FAILED, "the key for " STR_FMT " is not one word",
                     STR_ARG(endpoint->host));
}

static bool find_key(Arena *out, const Known *provider, const EndpointWish *wish,
                     Endpoint *endpoint, Error *err)
{
    Str bearer = variable(provider->bearer_variable), key = variable(provider->key_variable);
    Str command = first_of(wish->key_command, variable("LINTEL_API_KEY_COMMAND"), (Str){0});
    /* In clear text over a network a key is everybody's. */
    if (endpoint->is_foreign ||
        (!endpoint->is_local && str_starts_with(endpoint->url, STR("http:"))))
        return true;
    endpoint->key_is_bearer = !str_is_absent(bearer) || !provider->key_variable;
    if (!str_is_absent(bearer) || !str_is_absent(key))
        endpoint->key = str_copy(out, str_trim(str_is_absent(bearer) ? key : bearer));
    else if (!str_is_empty(command) && !endpoint->is_local)
        endpoint->key_command = str_copy(out, command);
    if (endpoint->is_own_cloud && str_is_empty(endpoint->key) &&
        str_is_empty(endpoint->key_command))
        return error_set(err, ERR_FAILED,
                         "there is no key for %s: set %s, or LINTEL_API_KEY_COMMAND to a command "
                         "that prints it",
                         provider->own_host,
                         provider->key_variable ? provider->key_variable
                                                : provider->bearer_variable);
    return check_key(endpoint, err);
}

bool endpoint_unlock(Arena *out, Endpoint *endpoint, const atomic_bool *cancel, Error *err)
{
    return str_is_empty(endpoint->key_command) ||
           (run_key_command(out, endpoint->key_command, cancel, &endpoint->key, err) &&
            check_key(endpoint, err));
}

Str endpoint_provider_of_environment(void)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!str_is_absent(variable(known[i].key_variable)) ||
            !str_is_absent(variable(known[i].bearer_variable)))
            return str_from(known[i].name);
    return (Str){0};
}

/* ---- the rest ---- */

static bool find_url(Arena *out, const Known *provider, const EndpointWish *wish,
                     Endpoint *endpoint, Error *err)
{
    Str users = first_of(wish->base_url, variable(provider->url_variable), (Str){0});
    Str base = first_of(users, wish->project_url, str_from(provider->own_url));
    while (str_ends_with(base, STR("/")))
        base.length--;
    UrlParts parts;
    if (!url_split(out, base, &parts) || parts.has_user || str_contains(parts.rest, STR("?")) ||
        str_contains(parts.rest, STR("#")))
        return error_set(err, ERR_FAILED, STR_FMT " is not the base URL of a provider",
                         STR_ARG(redact(out, base)));
    /* Anthropic's base stands without "/v1", OpenAI's with it; both are often written the other
     * way. */
    if (provider->api == API_ANTHROPIC && str_ends_with(parts.rest, STR("/v1")))
        base.length -= 3;
    endpoint->url = str_format(out, STR_FMT "%s", STR_ARG(base), provider->path);
    endpoint->host =
        str_is_absent(parts.port)
            ? parts.host
            : str_format(out, STR_FMT ":" STR_FMT, STR_ARG(parts.host), STR_ARG(parts.port));
    endpoint->is_local = url_is_loopback(base);
    endpoint->is_own_cloud = str_equal(parts.host, str_from(provider->own_host)) &&
                             str_equal(parts.scheme, STR("https"));
    endpoint->is_foreign =
        str_is_empty(users) && !str_is_empty(wish->project_url) && !endpoint->is_own_cloud;
    return true;
}

static bool find_model(Arena *out, const Known *provider, const EndpointWish *wish,
                       Endpoint *endpoint, Error *err)
{
    bool is_own = endpoint->is_own_cloud;
    Str by_agent = is_own && provider->api == API_ANTHROPIC &&
                           !str_equal_ignore_case(wish->agent_model, STR("inherit"))
                       ? wish->agent_model
                       : (Str){0};
    Str model = first_of(wish->model, variable(provider->model_variable), wish->project_model);
    model = first_of(model, by_agent, is_own ? str_from(provider->default_model) : (Str){0});
    for (size_t i = 0; provider->api == API_ANTHROPIC && i < sizeof aliases / sizeof *aliases; i++)
        if (str_equal_ignore_case(model, str_from(aliases[i].alias)))
            model = str_from(aliases[i].model);
    if (str_is_empty(model))
        return error_set(err, ERR_FAILED,
                         "no model is named for " STR_FMT ": give --model, or set %s",
                         STR_ARG(endpoint->host), provider->model_variable);
    endpoint->model = str_copy(out, model);
    return true;
}

bool endpoint_find(Arena *out, const EndpointWish *wish, Endpoint *endpoint, Error *err)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!str_equal(wish->provider, str_from(known[i].name)))
            continue;
        Endpoint found = {.api = known[i].api};
        if (!find_url(out, &known[i], wish, &found, err) ||
            !find_model(out, &known[i], wish, &found, err) ||
            !find_key(out, &known[i], wish, &found, err))
            return false;
        *endpoint = found;
        return true;
    }
    return error_set(err, ERR_NOT_FOUND, "there is no provider " STR_FMT, STR_ARG(wish->provider));
}

void endpoint_wipe(Endpoint *endpoint)
{
    if (endpoint->key.length > 0)
        memset((char *)(uintptr_t)endpoint->key.data, 0, endpoint->key.length);
    endpoint->key = (Str){0};
}

bool endpoint_can_search(const Endpoint *endpoint)
{
    return endpoint->api == API_ANTHROPIC && endpoint->is_own_cloud;
}
