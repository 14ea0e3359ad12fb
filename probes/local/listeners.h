/* listeners.h - which process of this machine listens where */
#ifndef PROBES_LISTENERS_H
#define PROBES_LISTENERS_H

#include "model/listener.h"

/*
 * All sockets that listen, and who has them open, as they were at one moment;
 * processes of other users are seen by root alone (CAP_SYS_PTRACE), those of
 * other network namespaces by nobody.
 */
struct listeners;

/* Look around in the folder `proc`, such as "/proc". For listeners_free(). */
struct listeners *listeners_new(const char *proc);
void listeners_free(struct listeners *ls); /* NULL does nothing */

/*
 * The process that was reached at `peer` ("192.0.2.1:443"), for
 * listener_free(), or NULL: it is on another machine, or cannot be seen. Of
 * several, such as a server and its workers, the one that began first and that
 * none of the others has started. Safe on many threads.
 */
struct listener *listeners_find(const struct listeners *ls, const char *peer);

#endif
