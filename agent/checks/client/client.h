/* client.h - the verdict on a test of client certificates */
#ifndef CHECKS_CLIENT_H
#define CHECKS_CLIENT_H

#include "checks/check.h"

/*
 * What comparing the connections has come to: the id of the finding that
 * counts first, such as "client.rejected"; or NULL: nothing is to be said. The
 * certificates must not be forgotten yet.
 */
const char *client_verdict(
	const struct observation *ob, const struct policy *pol, time_t now);

/*
 * Is a fault of the look without a certificate of the server's refusing
 * whoever has none, and so no fault?
 */
bool client_explains(const struct observation *ob, const struct target *t,
	enum fault_kind kind);

#endif
