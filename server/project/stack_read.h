/* stack_read.h — finding the facts of stack.h in the marker files. Inside project/ only. */
#ifndef PROJECT_STACK_READ_H
#define PROJECT_STACK_READ_H

#include "project/stack.h"

/* Adds what one file says; `path` (relative to the root) is kept, `text` is not. Files that
 * are no manifest, compose file or the like add nothing. */
void stack_read(Arena *out, Stack *stack, Str path, Str text);

#endif
