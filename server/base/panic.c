#include "base/panic.h"

#include <stdio.h>
#include <stdlib.h>

void panic(const char *file, int line, const char *what)
{
    fprintf(stderr, "lintel: internal error at %s:%d: %s\n", file, line, what);
    abort();
}
