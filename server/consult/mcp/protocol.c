#include "consult/mcp/protocol.h"

#include "base/json.h"
#include "base/version.h"

Str protocol_older(Str name)
{
    static const char *const versions[] = {PROTOCOL_OLDER, "2025-06-18", "2025-03-26",
                                           "2024-11-05"};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        if (str_equal(name, str_from(versions[i])))
            return str_from(versions[i]);
    return (Str){0};
}

cJSON *protocol_self(void)
{
    cJSON *self = cJSON_CreateObject();
    json_add_str(self, "name", STR("lintel"));
    json_add_str(self, "title", STR("Lintel"));
    json_add_str(self, "version", STR(LINTEL_VERSION));
    return self;
}
