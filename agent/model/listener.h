/* listener.h - the process behind a port of this machine */
#ifndef MODEL_LISTENER_H
#define MODEL_LISTENER_H

#include <time.h>

#include "model/alloc.h"

/* Who has to be told that a file has changed. What is not known is NULL. */
struct listener {
	char *process; /* its name, raw: whoever runs it chose it */
	long pid;
	time_t started_at; /* 0: not known */
	char *unit; /* of systemd, such as "nginx.service" */
	long unit_user; /* whose systemd runs the unit; -1: the machine's */
	char *container; /* the beginning of its id */
};

struct listener *listener_new(void);
void listener_free(struct listener *l); /* NULL does nothing */
DEFINE_CLEANUP(struct listener, listener_free)

#endif
