/* hands.h - threads for calls that block, such as those of a resolver */
#ifndef SCAN_HANDS_H
#define SCAN_HANDS_H

/*
 * Have run(arg) called on another thread, at once if there is one that has
 * nothing to do or can be made, else when one comes free. Returns 0, or -1 if
 * there is no thread at all: then it was not called, and will not be.
 */
int hands_run(void (*run)(void *arg), void *arg);

#endif
