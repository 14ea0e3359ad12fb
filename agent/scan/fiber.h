/* fiber.h - straight-line code that can be left in the middle and resumed */
#ifndef SCAN_FIBER_H
#define SCAN_FIBER_H

#include <stdbool.h>

/*
 * A stack of its own for a function that runs on the thread of whoever
 * resumes it: nobody runs beside it there, and nothing needs a lock. What is
 * the thread's is shared with the other fibers on it, errno excepted:
 * OpenSSL's error queue is to be read before the fiber is left.
 */
struct fiber;

/* For fiber_free(), or NULL and errno: there is no memory for a stack. */
struct fiber *fiber_new(void);
/* Not while it is in the middle of something. NULL does nothing. */
void fiber_free(struct fiber *f);

/* Begin with run(arg). It goes until it is left, or to its end. */
void fiber_start(struct fiber *f, void (*run)(void *arg), void *arg);
/* Go on where it was left. */
void fiber_resume(struct fiber *f);
/* Is it at its end? Then another function can be started. */
bool fiber_is_over(const struct fiber *f);

/* Back to whoever has started or resumed this one, until it is resumed. */
void fiber_leave(void);

#endif
