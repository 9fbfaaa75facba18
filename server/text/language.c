#include "text/language.h"

FileLanguage file_language(Str path)
{
    if (str_ends_with(path, STR(".prisma")))
        return FILE_PRISMA;
    if (str_ends_with(path, STR(".py")))
        return FILE_PYTHON;
    return FILE_SQL;
}
