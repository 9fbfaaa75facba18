/* Any bytes as one or two Prisma schema files of any dialect: reading and linking keep what they
 * promise, and a schema is the same however it was reached. */
#include "frontends/prisma/prisma.h"
#include "fuzz/declared.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {.data = data, .size = size};
    uint32_t mode = fuzz_byte(&input);
    Dialect dialect = (Dialect)(mode % N_DIALECTS);
    uint32_t n_files = 1 + (mode / N_DIALECTS) % 2;
    size_t first = n_files == 1 ? input.size : input.size / 2;
    ModelFile files[2];
    Fragment *owned[2];
    for (uint32_t i = 0; i < n_files; i++) {
        owned[i] = prisma_read(fuzz_text(&input, i == 0 ? first : input.size), dialect);
        files[i] = (ModelFile){.fragment = owned[i], .path = STR("schema.prisma")};
    }
    check_linking(prisma_link, files, n_files, dialect);
    for (uint32_t i = 0; i < n_files; i++)
        fragment_release(owned[i]);
    return 0;
}
