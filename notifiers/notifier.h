/* notifier.h - tell a digest to somebody */
#ifndef NOTIFIERS_NOTIFIER_H
#define NOTIFIERS_NOTIFIER_H

#include <stdbool.h>
#include <stdint.h>

#include "model/digest.h"
#include "model/error.h"
#include "model/key.h"

enum outcome {
	DELIVERED,
	DELIVERY_FAILED, /* may work later */
	DELIVERY_REFUSED, /* will never work as configured; still retried */
};

struct delivery {
	enum outcome outcome;
	int64_t retry_after_s; /* the receiver's wish; 0: none */
	int64_t pause_ms; /* before it is sent another message */
	bool unfit; /* refused is this message, not every one */
	char answer[256]; /* what it said, for a person; no secrets */
};

struct notifier {
	struct section section; /* its name and its settings */

	/*
	 * Send `d`, within `timeout_ms`. Always fills *out. Blocks, keeps no
	 * state, may run on a thread of its own. The settings are those that
	 * section.keys filled.
	 */
	void (*send)(const void *settings, const struct digest *d,
		int64_t timeout_ms, struct delivery *out);

	/*
	 * What the keys alone cannot say, e.g. that a user needs a password.
	 * 0, or -1 and *err; NULL: nothing to check.
	 */
	int (*check)(const void *settings, struct error *err);

	/*
	 * What it is and where it leads, raw, of a URL the origin alone:
	 * "slack, https://hooks.slack.com:443". No secrets.
	 */
	void (*describe)(const void *settings, struct buf *out);
};

extern const struct notifier *const notifier_table[]; /* NULL-terminated */
const struct section *notifier_section(size_t i); /* notifier_section_at */
/* The notifier whose section this is. */
const struct notifier *notifier_of(const struct section *kind);

#endif
