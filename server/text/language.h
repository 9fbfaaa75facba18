/* language.h — what language a file is written in. */
#ifndef TEXT_LANGUAGE_H
#define TEXT_LANGUAGE_H

#include "base/str.h"

typedef enum { FILE_SQL, FILE_PRISMA, FILE_PYTHON } FileLanguage;

/* By the name's end: ".prisma", ".py"; everything else is SQL. */
FileLanguage file_language(Str path);
/* "sql", "prisma", "python": as Markdown's fences and editors call it. */
Str file_language_name(FileLanguage language);
/* What a comment that ends with its line begins with: "--", "//", "#". */
Str file_comment_lead(FileLanguage language);

#endif
