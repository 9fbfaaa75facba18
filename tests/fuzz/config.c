/* lintel.yaml: any bytes give a configuration, with problems that stand in the text. */
#include "config/config.h"

#include "engine/input.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Text *text = text_new(str_of((const char *)data, size));
    Config *config = config_new(STR("/project/lintel.yaml"), text, NULL);
    for (uint32_t i = 0; i < config->problems.n; i++) {
        const ConfigProblem *problem = &config->problems.items[i];
        FUZZ_CHECK(problem->message.length > 0);
        FUZZ_CHECK(problem->range.start <= problem->range.end && problem->range.end <= size);
    }
    Arena arena = {0};
    FUZZ_CHECK(rule_levels(&arena, config) != NULL);
    (void)config_findings(&arena, config);
    (void)config_assumption(config, STR("orders"));
    arena_release(&arena);
    config_release(config);
    text_release(text);
    return 0;
}
