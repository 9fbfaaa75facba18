/* Any bytes as one or two Prisma schema files of any dialect: reading and linking keep what they
 * promise, and a schema is the same however it was reached. */
#include "frontends/prisma/prisma.h"
#include "fuzz/declared.h"

/* The same bytes give the same declarations: nothing is left from one call to the next. */
static void check_again(const ModelFile *files, uint32_t n_files, Dialect dialect,
                        const Declared *before)
{
    Arena arena = {0};
    Declared again;
    prisma_link(files, n_files, dialect, &arena, &again);
    FUZZ_CHECK(again.operations.n == before->operations.n);
    FUZZ_CHECK(again.models.n == before->models.n);
    for (uint32_t i = 0; i < again.operations.n; i++) {
        const Operation *a = &again.operations.items[i], *b = &before->operations.items[i];
        FUZZ_CHECK(a->kind == b->kind);
        FUZZ_CHECK(str_equal(a->target.name.text, b->target.name.text));
    }
    arena_release(&arena);
}

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
    Arena arena = {0};
    Declared declared;
    prisma_link(files, n_files, dialect, &arena, &declared);
    check_declared(&declared, files, n_files, dialect);
    check_again(files, n_files, dialect, &declared);
    arena_release(&arena);
    for (uint32_t i = 0; i < n_files; i++)
        fragment_release(owned[i]);
    return 0;
}
