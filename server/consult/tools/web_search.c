/* WebSearch: titles and addresses, from a SearXNG or from Brave, whichever the person has set up.
 * Where the provider of the model searches by itself, this tool is not offered. */
#include "base/json.h"
#include "consult/redact.h"
#include "consult/tools/tools.h"
#include "loop/url.h"

enum {
    MAX_QUERY = 400,
    MAX_RESULTS = 10,
    MAX_ANSWER_BYTES = 1024 * 1024,
    MAX_EXCERPT = 400,
    TIME_MS = 20 * 1000,
};

/* ---- asking ---- */

static Str without_slash(Str url)
{
    while (str_ends_with(url, STR("/")))
        url.length--;
    return url;
}

static HttpRequest request_of(const Toolbox *toolbox, Arena *out, Str query)
{
    const SearchBackend *search = &toolbox->search;
    HttpRequest request = {.idle_ms = TIME_MS,
                           .total_ms = TIME_MS,
                           .max_bytes = MAX_ANSWER_BYTES,
                           .accepts_encoded = true,
                           .on_body = http_gather,
                           .cancel = toolbox->cancel};
    http_add_header(out, &request.headers, "accept", STR("application/json"));
    if (!str_is_empty(search->searxng_url)) {
        request.url = str_format(out, STR_FMT "/search?format=json&q=" STR_FMT,
                                 STR_ARG(without_slash(search->searxng_url)),
                                 STR_ARG(url_escape(out, query)));
        return request;
    }
    Str base = str_is_empty(search->brave_url) ? STR("https://api.search.brave.com")
                                               : without_slash(search->brave_url);
    request.url = str_format(out, STR_FMT "/res/v1/web/search?count=%d&q=" STR_FMT, STR_ARG(base),
                             MAX_RESULTS, STR_ARG(url_escape(out, query)));
    http_add_header(out, &request.headers, "x-subscription-token", search->brave_key);
    return request;
}

/* ---- what comes back ---- */

static bool names_host(const cJSON *domains, Str host)
{
    const cJSON *domain;
    if (!cJSON_IsArray(domains))
        return false;
    cJSON_ArrayForEach(domain, domains)
    {
        if (url_host_is_of(host, json_as_str(domain)))
            return true;
    }
    return false;
}

static bool is_wanted(Arena *scratch, const cJSON *input, Str url)
{
    UrlParts parts;
    const cJSON *allowed = json_get(input, "allowed_domains");
    if (!url_split(scratch, url, &parts) ||
        names_host(json_get(input, "blocked_domains"), parts.host))
        return false;
    return cJSON_GetArraySize(allowed) == 0 || names_host(allowed, parts.host);
}

static Str print(Arena *out, const cJSON *answer, const cJSON *input)
{
    const cJSON *results = json_get(answer, "results"), *result;
    if (!results)
        results = json_path(answer, "web", "results", NULL);
    Buf buf = buf_with_max(MAX_ANSWER_BYTES);
    unsigned n = 0;
    if (cJSON_IsArray(results))
        cJSON_ArrayForEach(result, results)
        {
            Str url = json_str(result, "url"), excerpt = json_str(result, "content");
            if (str_is_absent(excerpt))
                excerpt = json_str(result, "description");
            if (n == MAX_RESULTS || !is_wanted(out, input, url))
                continue;
            n++;
            buf_format(&buf, "- " STR_FMT "\n  " STR_FMT "\n", STR_ARG(json_str(result, "title")),
                       STR_ARG(url));
            if (!str_is_empty(excerpt))
                buf_format(&buf, "  " STR_FMT "\n", STR_ARG(str_slice(excerpt, 0, MAX_EXCERPT)));
        }
    if (n == 0)
        buf_add(&buf, STR("nothing found\n"));
    Str text = str_copy(out, buf_str(&buf));
    buf_free(&buf);
    return text;
}

static ToolResult run(Toolbox *toolbox, Arena *out, const cJSON *input)
{
    /* What is searched for is seen by others. */
    Str query = redact(out, str_trim(json_str(input, "query")));
    if (str_is_empty(query) || query.length > MAX_QUERY)
        return tool_error(out, "query is missing, or longer than %d bytes", MAX_QUERY);
    if (!toolbox->http ||
        (str_is_empty(toolbox->search.searxng_url) && str_is_empty(toolbox->search.brave_key)))
        return tool_error(out, "web search is not configured");
    if (toolbox->n_searches >= toolbox->max_searches)
        return tool_error(out, "no more searches in this consultation (%u)", toolbox->max_searches);
    toolbox->n_searches++;
    Buf body = buf_with_max(MAX_ANSWER_BYTES);
    HttpRequest request = request_of(toolbox, out, query);
    request.context = &body;
    HttpResult result = http_send(toolbox->http, &request, out);
    Str text = buf_str(&body);
    cJSON *answer = result.end == HTTP_ANSWERED && result.status == 200
                        ? json_parse(str_to_c(out, text), text.length)
                        : NULL;
    ToolResult outcome;
    if (result.end != HTTP_ANSWERED)
        outcome = tool_error(out, "the search failed: " STR_FMT, STR_ARG(result.problem));
    else if (result.status != 200)
        outcome = tool_error(out, "the search failed: the server answered %d", result.status);
    else if (!cJSON_IsObject(answer))
        outcome = tool_error(out, "the search failed: the answer is not JSON");
    else
        outcome = (ToolResult){.text = print(out, answer, input)};
    cJSON_Delete(answer);
    buf_free(&body);
    return outcome;
}

extern const Tool tool_web_search;
const Tool tool_web_search = {
    .name = "WebSearch",
    .description = "Searches the web and returns titles, addresses and excerpts.",
    .schema = "{\"type\":\"object\",\"properties\":{"
              "\"query\":{\"type\":\"string\"},"
              "\"allowed_domains\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
              "\"blocked_domains\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}},"
              "\"required\":[\"query\"],\"additionalProperties\":false}",
    .is_of_the_web = true,
    .run = run,
};
