/* addresses.h - what was seen at the other addresses of an endpoint */
#ifndef CHECKS_ADDRESSES_H
#define CHECKS_ADDRESSES_H

#include "checks/check.h"

/*
 * Judge what was seen at each of ob->others: how the look went, with the
 * address as subject in place of the target's, and, where other certificates
 * were presented than elsewhere, those by `run`. The address stands before
 * each message; what `out` has already is not told again, unless it is worse
 * there. Where no address presented any, ob's own faults tell so.
 */
void addresses_run(const struct observation *ob, const struct policy *pol,
	time_t now, struct findings *out,
	void (*run)(const struct observation *ob, const struct policy *pol,
		time_t now, struct findings *out));

#endif
