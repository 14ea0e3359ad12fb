/* clientauth.h - public CAs that stop issuing certificates for clients */
#ifndef CHECKS_CLIENTAUTH_H
#define CHECKS_CLIENTAUTH_H

#include "checks/chain/chain.h"

/*
 * Is the strand's leaf a client's, of a public CA that will not put
 * clientAuth into the next one? Only where the path ends at an anchor of the
 * system's store: what the operator named as trust is a CA of his own.
 */
void clientauth_judge(
	const struct chain *ch, const struct strand *s, struct findings *out);

#endif
