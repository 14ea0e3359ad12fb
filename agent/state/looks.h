/* looks.h - what was made of files, until they change */
#ifndef STATE_LOOKS_H
#define STATE_LOOKS_H

#include "model/error.h"
#include "model/look.h"
#include "state/state.h"

/* A look of another scan; all of it is lent. */
struct stored_look {
	int64_t id;
	const char *name;
	const void *stamp;
	size_t n_stamp;
	time_t until; /* it holds for moments before this one */
	const void *result; /* kept_read(); NULL: it holds nothing of ours */
	size_t n_result;
};

/*
 * Have those that rest on `basis` met, by id. *anew: there is none, or the
 * state's rest on another one. Returns 0, or -1 and *err.
 */
int state_looks(struct state *st, const unsigned char basis[LOOKS_BASIS],
	void (*met)(void *arg, const struct stored_look *l), void *arg,
	bool *anew, struct error *err);

/*
 * Within a transaction, what has changed of them: NULL changes nothing.
 * Returns 0, or -1 and *err.
 */
int looks_write(struct state *st, const struct looks *looks, struct error *err);

#endif
