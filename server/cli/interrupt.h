/* interrupt.h — a command that is interrupted ends what it started first.
 *
 * Programs that a command runs are groups of their own and do not get the terminal's interrupt. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdatomic.h>

/* From now on an interrupt (or SIGTERM, SIGHUP) sets the flag that is returned; the second one ends
 * the program at once. */
const atomic_bool *interrupt_listen(void);
/* Ends the program as the interrupt would have, where there was one; else undoes interrupt_listen.
 */
void interrupt_end(void);

#endif
