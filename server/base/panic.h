/* panic.h — what happens when the program itself is wrong.
 *
 * CHECK states what a programmer must have ensured. A failed CHECK prints one line to
 * stderr and aborts: going on with a broken invariant could corrupt a user's document.
 * Not here: bad input, which is never a programmer's mistake. */
#ifndef BASE_PANIC_H
#define BASE_PANIC_H

#define CHECK(condition) ((condition) ? (void)0 : panic(__FILE__, __LINE__, #condition))
#define UNREACHABLE()    panic(__FILE__, __LINE__, "unreachable")

_Noreturn void panic(const char *file, int line, const char *what);

#endif
