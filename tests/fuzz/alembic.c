/* Any bytes as a revision of Alembic, for any dialect: what is read of it stands in its text, can
 * be replayed, and is the same each time. The second byte puts a head before the text, so that most
 * inputs are revisions. */
#include "frontends/python/python.h"
#include "fuzz/declared.h"

static Str revision_of(Arena *arena, Str text, uint32_t mode)
{
    static const Str heads[] = {
        STR_INIT(""),
        STR_INIT("from alembic import op\nimport sqlalchemy as sa\n"
                 "from sqlalchemy.dialects import postgresql, mysql\nrevision = 'a'\n"),
        STR_INIT("from alembic import op\nimport sqlalchemy as sa\nrevision = 'a'\n"
                 "def upgrade():\n"),
    };
    Str parts[] = {heads[mode % (sizeof heads / sizeof *heads)], text};
    return str_join(arena, parts, 2, STR(""));
}

static void check_direction(const Fragment *fragment, const OperationVec *operations,
                            Dialect dialect)
{
    ModelFile file = {.fragment = fragment, .path = STR("migrations/versions/a.py")};
    Declared declared = {.operations = *operations};
    check_declared(&declared, &file, 1, dialect);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Parser *parser;
    if (!parser)
        parser = parser_new();
    FuzzInput input = {.data = data, .size = size};
    Dialect dialect = (Dialect)(fuzz_byte(&input) % N_DIALECTS);
    uint32_t mode = fuzz_byte(&input);
    Arena arena = {0};
    Str text = revision_of(&arena, fuzz_text(&input, input.size), mode);
    Fragment *fragment = python_read(parser, text, dialect);
    Fragment *again = python_read(parser, text, dialect);
    FUZZ_CHECK(fragment->operations.n == again->operations.n);
    FUZZ_CHECK(fragment->queries.n == again->queries.n);
    FUZZ_CHECK(!fragment->migration == !again->migration);
    FUZZ_CHECK(fragment->migration || fragment->operations.n == 0);
    check_direction(fragment, &fragment->operations, dialect);
    if (fragment->migration) {
        FUZZ_CHECK(fragment->migration->fragment == fragment);
        check_direction(fragment, &fragment->migration->downgrade_operations, dialect);
    }
    fragment_release(fragment);
    fragment_release(again);
    arena_release(&arena);
    return 0;
}
