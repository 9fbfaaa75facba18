#include "consult/online/service.h"

#include <time.h>

/* A project's configuration may ask for more than the defaults, not for everything. */
enum { MAX_TURNS = 200, MAX_MINUTES = 120, MAX_TOKENS = 4 * 1000 * 1000, MAX_USES = 100 };

static Str first_of(Str a, Str b)
{
    return str_is_empty(a) ? b : a;
}

static bool is_named(Str provider)
{
    return !str_is_empty(provider) && !str_equal(provider, STR("automatic"));
}

Service service_choose(const Config *config, bool is_trusted)
{
    static const ConsultService nothing = {0};
    const ConsultService *own = config ? &config->consult_own : &nothing;
    const ConsultService *project = config ? &config->consult_project : &nothing;
    Str named = is_named(own->provider) ? own->provider : project->provider;
    Service service = {.is_automatic = !is_named(named)};
    Str provider = is_named(named) ? named : endpoint_provider_of_environment();
    if (!is_trusted)
        return (Service){.writer = WRITER_UNTRUSTED};
    if (str_is_empty(provider) || str_equal(provider, STR("offline")))
        return service;
    service.writer = WRITER_MODEL;
    /* A server that the project names speaks the provider's API that it names with it. */
    bool is_projects = str_equal(first_of(project->provider, provider), provider);
    service.wish = (EndpointWish){.provider = provider,
                                  .base_url = own->base_url,
                                  .project_url = is_projects ? project->base_url : (Str){0},
                                  .model = own->model,
                                  .project_model = project->model,
                                  .key_command = own->key_command};
    return service;
}

static uint32_t at_most(uint64_t value, uint32_t most)
{
    return value < most ? (uint32_t)value : most;
}

OnlineLimits service_limits(const Config *config)
{
    if (!config)
        return (OnlineLimits){0};
    const ConsultLimits *wanted = &config->consult_limits;
    return (OnlineLimits){.max_turns = at_most(wanted->turns, MAX_TURNS),
                          .max_minutes = at_most(wanted->minutes, MAX_MINUTES),
                          .max_tokens = at_most(wanted->tokens, MAX_TOKENS),
                          .max_searches = at_most(wanted->searches, MAX_USES),
                          .max_fetches = at_most(wanted->fetches, MAX_USES)};
}

Str service_date(Arena *out)
{
    struct timespec now;
    struct tm date;
    char text[16] = "";
    if (clock_gettime(CLOCK_REALTIME, &now) == 0 && gmtime_r(&now.tv_sec, &date))
        strftime(text, sizeof text, "%Y-%m-%d", &date);
    return text[0] ? str_copy(out, str_from(text)) : (Str){0};
}
