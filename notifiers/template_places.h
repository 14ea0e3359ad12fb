/* template_places.h - what the places of a template stand for */
#ifndef NOTIFIERS_TEMPLATE_PLACES_H
#define NOTIFIERS_TEMPLATE_PLACES_H

#include <stdbool.h>

#include "model/buf.h"
#include "model/digest.h"

struct scene {
	const struct digest *d;
	const struct event *e; /* NULL outside of the section */
	size_t most; /* events that are told */
};

struct place {
	const char *name;
	bool of_event;
	/* Appended as it is, to be escaped. */
	void (*value)(struct buf *out, const struct scene *s);
};

extern const struct place places[]; /* ends with a name of NULL */

#endif
