/* preflight.h - the client certificate and the file of client CAs, as files */
#ifndef CHECKS_PREFLIGHT_H
#define CHECKS_PREFLIGHT_H

#include "checks/check.h"

/*
 * The target that stands for a file beside the endpoint `t`: with its
 * thresholds, and as a client's certificate or as a server's client CAs.
 */
void preflight_target(
	struct target *out, const struct target *t, enum role role);

/*
 * Judge both files of ob->client by `run`, as files are, whatever became of
 * the connections; "client certificate 'its name': " or "client CAs: " stands
 * before each message. Trust is asked only where it knows the client's CA:
 * others are the server's matter.
 */
void preflight_run(const struct observation *ob, const struct policy *pol,
	time_t now, struct findings *out,
	void (*run)(const struct observation *ob, const struct policy *pol,
		time_t now, struct findings *out));

#endif
