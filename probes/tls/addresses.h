/* addresses.h - an endpoint at every address that it has */
#ifndef PROBES_ADDRESSES_H
#define PROBES_ADDRESSES_H

#include "probes/probe.h"

/*
 * Is `t` to be looked at at every address? Not where a proxy resolves its
 * name: then nobody here knows them.
 */
bool addresses_wanted(const struct target *t);

/*
 * Look at each address of `t` from the connection to the end, one after the
 * other, each with its share of the time; what was not over with its share
 * has what the others leave of it. *out is the observation at the first that
 * presented certificates, with the others below it. Where none did, it holds
 * the faults of all. Returns 0, or -1 and *err where the agent itself could
 * not work.
 */
int addresses_look(const struct target *t, struct probe_io *io,
	struct observation **out, struct error *err);

#endif
