/* place.h - where a URL of http or https leads, and by which way */
#ifndef PROBES_PLACE_H
#define PROBES_PLACE_H

#include "model/error.h"

struct place {
	char *scheme; /* "http" or "https" */
	char *host; /* a name or an address, without brackets */
	char *proxy; /* of the environment, by proxy_find(); NULL: none */
};

/*
 * Take `url` apart; it may come from a certificate and hold anything. Nobody
 * logs in by it, and the port is its scheme's or one of 1024 and above: mail
 * servers and the like are not to be talked to by way of a URL. Returns 0 and
 * *out for place_release(), or -1 and *err.
 */
int place_read(const char *url, struct place *out, struct error *err);
void place_release(struct place *p);

#endif
