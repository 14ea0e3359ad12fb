/* proxyfault.h - why a proxy made no connection, in words for a person */
#ifndef PROBES_PROXYFAULT_H
#define PROBES_PROXYFAULT_H

#include <curl/curl.h>

#include "model/buf.h"
#include "model/target.h"

/* Of an HTTP proxy's answer. */
#define DIAL_MAX_HEADERS (64 * 1024)

/* One connection in the making, which may outlive the probe that wants it. */
struct dial {
	CURL *curl;
	CURLcode setup; /* the first refusal of an option */
	CURLcode rc;
	char status[512]; /* how an HTTP proxy's last answer begins */
	size_t n_headers;
	char words[CURL_ERROR_SIZE]; /* libcurl's own */
};

/*
 * Append why `d`, which is over, came to nothing: with the proxy's own words,
 * unless they repeat a secret of `set`.
 */
void proxyfault_put(
	struct buf *out, const struct dial *d, const struct settings *set);

#endif
