/* heartbeat.h - a sign of life for a service that notices its absence */
#ifndef NOTIFIERS_HEARTBEAT_H
#define NOTIFIERS_HEARTBEAT_H

#include <stdint.h>

#include "model/error.h"
#include "model/finding.h"
#include "notifiers/notifier.h"

#define HEARTBEAT_MS 10000 /* for all of it, a second try included */

/*
 * Is `url` one that can be fetched? In it {status} stands for "ok",
 * "warning", "critical" or "unknown", {code} for 0 to 3, {host} for this
 * machine. 0, or -1 and *err, which does not quote it: it is a secret.
 */
int heartbeat_check(const char *url, struct error *err);

/* The URL with its placeholders filled in, percent-encoded; for free(). */
char *heartbeat_url(const char *url, enum severity status, const char *host);

/*
 * GET `url`, beside other work, within `timeout_ms`; a second time if the
 * first failed in a way that may mend. What is passed is copied.
 */
struct heartbeat;
struct heartbeat *heartbeat_start(const char *url, enum severity status,
	const char *host, int64_t timeout_ms);
/* Wait for its end, fill *out, free it. */
void heartbeat_end(struct heartbeat *h, struct delivery *out);

#endif
