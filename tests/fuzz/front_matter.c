/* The head of an agent file: any bytes give entries, and what they point to is readable. */
#include "consult/front_matter.h"

#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = {0};
    Str text = str_of((const char *)data, size);
    FrontMatter matter = front_matter_parse(&arena, text);
    FUZZ_CHECK(matter.body.length <= text.length);
    uint64_t total = 0;
    for (uint32_t i = 0; i < matter.entries.n; i++) {
        const FrontMatterEntry *entry = &matter.entries.items[i];
        FUZZ_CHECK(entry->line >= 1);
        Str copy = str_copy(&arena, entry->value);
        FUZZ_CHECK(str_equal(copy, entry->value));
        total += entry->key.length + entry->value.length;
        for (uint32_t k = 0; k < entry->list.n; k++)
            total += str_copy(&arena, entry->list.items[k]).length;
    }
    static const char *const keys[] = {"name", "description", "tools", "model", ""};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        (void)front_matter_entry(&matter, keys[i]);
        StrVec list = front_matter_list(&arena, &matter, keys[i]);
        for (uint32_t k = 0; k < list.n; k++)
            total += list.items[k].length;
    }
    /* Aliases must not let a small file become a large one. */
    FUZZ_CHECK(total <= 16 * (uint64_t)text.length + 64);
    arena_release(&arena);
    return 0;
}
