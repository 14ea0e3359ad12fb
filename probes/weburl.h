/* weburl.h - where a URL of http or https leads, and by which way */
#ifndef PROBES_WEBURL_H
#define PROBES_WEBURL_H

#include "model/error.h"

struct weburl {
	char *scheme; /* "http" or "https" */
	char *host; /* a name or an address; no brackets, no final dot */
	char *proxy; /* of the environment, by envproxy_find(); NULL: none */
};

/*
 * Take `url` apart; it may come from a certificate and hold anything. Nobody
 * logs in by it, and the port is its scheme's or one of 1024 and above: mail
 * servers and the like are not to be talked to by way of a URL. Returns 0 and
 * *out for weburl_release(), or -1 and *err.
 */
int weburl_read(const char *url, struct weburl *out, struct error *err);
void weburl_release(struct weburl *p);

#endif
