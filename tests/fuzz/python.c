/* Any bytes as one to three Python files, linked for any dialect: reading and linking keep what
 * they promise. The first file is a package's own, so that imports meet. */
#include "frontends/python/python.h"
#include "fuzz/declared.h"

enum { FILES_MAX = 3 };

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
    check_linking(python_link, files, n_files, dialect);
    for (uint32_t i = 0; i < n_files; i++)
        fragment_release(owned[i]);
    return 0;
}
