/* listener.c - the process behind a port of this machine */
#include <stdlib.h>

#include "model/listener.h"

struct listener *
listener_new(void)
{
	struct listener *l = mem_alloc(sizeof(*l));

	l->unit_user = -1;
	return l;
}

void
listener_free(struct listener *l)
{
	if (l == NULL)
		return;
	free(l->process);
	free(l->unit);
	free(l->container);
	free(l);
}
