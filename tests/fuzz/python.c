/* Any bytes as one to three Python files, linked for any dialect: reading and linking keep what
 * they promise. The first file is a package's own, so that imports meet. */
#include "frontends/python/python.h"
#include "fuzz/declared.h"

enum { FILES_MAX = 3 };

static void check_again(const ModelFile *files, uint32_t n_files, Dialect dialect,
                        const Declared *before)
{
    Arena arena = {0};
    Declared again;
    python_link(files, n_files, dialect, &arena, &again);
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
    static const Str paths[FILES_MAX] = {STR_INIT("app/__init__.py"), STR_INIT("app/base.py"),
                                         STR_INIT("app/models.py")};
    static Parser *parser;
    if (!parser)
        parser = parser_new();
    FuzzInput input = {.data = data, .size = size};
    uint32_t mode = fuzz_byte(&input);
    Dialect dialect = (Dialect)(mode % N_DIALECTS);
    uint32_t n_files = 1 + (mode / N_DIALECTS) % FILES_MAX;
    ModelFile files[FILES_MAX];
    Fragment *owned[FILES_MAX];
    for (uint32_t i = 0; i < n_files; i++) {
        size_t share = input.size / (n_files - i);
        owned[i] = python_read(parser, fuzz_text(&input, share), dialect);
        files[i] = (ModelFile){.fragment = owned[i], .path = paths[FILES_MAX - n_files + i]};
    }
    Arena arena = {0};
    Declared declared;
    python_link(files, n_files, dialect, &arena, &declared);
    check_declared(&declared, files, n_files, dialect);
    check_again(files, n_files, dialect, &declared);
    arena_release(&arena);
    for (uint32_t i = 0; i < n_files; i++)
        fragment_release(owned[i]);
    return 0;
}
