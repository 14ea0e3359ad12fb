/* account.h - how the path of each leaf was chosen, for a person */
#ifndef CHECKS_ACCOUNT_H
#define CHECKS_ACCOUNT_H

#include <time.h>

#include "model/account.h"
#include "model/observation.h"
#include "model/policy.h"

/*
 * The paths by which checks_run() judges `ob`, and the others that there are,
 * each with the reason why it is not the one. Costs as much again, and more.
 * For account_free(); text alone, good for as long as ob->certs are.
 */
struct account *checks_account(
	const struct observation *ob, const struct policy *pol, time_t now);

#endif
