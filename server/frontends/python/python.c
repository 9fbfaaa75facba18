#include "frontends/python/python.h"

#include "base/hash.h"
#include "frontends/python/alembic.h"
#include "frontends/python/read.h"

enum {
    /* A file that names no ORM may still define what models use: an enum, a constant, a re-export.
     * Longer ones are the program's business. */
    PLAIN_MAX_BYTES = 64 * 1024,
};

/* Words without which a file declares nothing. */
static bool names_an_orm(Str text)
{
    static const Str words[] = {
        STR_INIT("sqlalchemy"), STR_INIT("sqlmodel"),      STR_INIT("alembic"),
        STR_INIT("Column("),    STR_INIT("mapped_column"), STR_INIT(".Model)"),
        STR_INIT("Enum"),       STR_INIT(".Model,"),       STR_INIT("__tablename__"),
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_contains(text, words[i]))
            return true;
    }
    return false;
}

Fragment *python_read(Parser *parser, Str text, Dialect dialect)
{
    Fragment *fragment =
        fragment_new(text, hash_bytes(text.data, text.length, (uint64_t)dialect + 1));
    if (!names_an_orm(fragment->text) && text.length > PLAIN_MAX_BYTES)
        return fragment;
    bool is_revision = alembic_is_revision(fragment->text);
    fragment->python = python_module_read(fragment, parser, dialect, is_revision);
    if (is_revision)
        alembic_read(parser, fragment, dialect);
    return fragment;
}
