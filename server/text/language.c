#include "text/language.h"

#include "base/panic.h"

FileLanguage file_language(Str path)
{
    if (str_ends_with(path, STR(".prisma")))
        return FILE_PRISMA;
    if (str_ends_with(path, STR(".py")))
        return FILE_PYTHON;
    return FILE_SQL;
}

Str file_language_name(FileLanguage language)
{
    switch (language) {
    case FILE_SQL:
        return STR("sql");
    case FILE_PRISMA:
        return STR("prisma");
    case FILE_PYTHON:
        return STR("python");
    }
    UNREACHABLE();
}

Str file_comment_lead(FileLanguage language)
{
    switch (language) {
    case FILE_SQL:
        return STR("--");
    case FILE_PRISMA:
        return STR("//");
    case FILE_PYTHON:
        return STR("#");
    }
    UNREACHABLE();
}
