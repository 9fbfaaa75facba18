#include "frontends/python/alembic.h"

bool alembic_is_revision(Str text)
{
    return str_contains(text, STR("alembic")) && str_contains(text, STR("def upgrade("));
}

void alembic_read(Parser *parser, Fragment *fragment, Dialect dialect)
{
    (void)parser;
    (void)fragment;
    (void)dialect;
}
