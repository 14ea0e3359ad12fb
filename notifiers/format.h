/* format.h - a digest as the requests of a webhook */
#ifndef NOTIFIERS_FORMAT_H
#define NOTIFIERS_FORMAT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "model/buf.h"
#include "model/digest.h"
#include "model/error.h"
#include "model/key.h"

/* Of a webhook's settings, what its format makes use of. */
struct account {
	const char *url;
	const char *token;
	const char *to;
	const char *secret;
	const char *template;
};

enum account_field {
	ACCOUNT_URL = 1,
	ACCOUNT_TOKEN = 2,
	ACCOUNT_TO = 4,
	ACCOUNT_SECRET = 8,
	ACCOUNT_TEMPLATE = 16,
};

/* One request. Strings are its own. */
struct post {
	bool put; /* in place of POST */
	char *url; /* NULL: the account's */
	struct strlist headers; /* "Name: value", without line ends */
	char *body;
};

struct posts {
	struct post *v;
	size_t n;
};

/* A new one with `body`, which is taken over; valid until the next. */
struct post *posts_add(struct posts *ps, char *body);
void posts_release(struct posts *ps);

struct format {
	const char *content_type;
	const char *url; /* of the service; NULL: the settings have to say */
	unsigned needs; /* ACCOUNT_ fields without which it is useless */
	unsigned takes; /* those that it may have besides; url always */
	/* Signed as Standard Webhooks asks, where there is a secret. */
	bool standard;
	int64_t pause_ms; /* between two messages: the service's limit */

	/*
	 * The requests that tell `d`, in the order in which they are made;
	 * the first that fails ends the try, and the next try begins anew.
	 * None, if nothing in it is of interest there.
	 * `now` is the time of this try. Returns 0, or -1 and *err.
	 */
	int (*make)(const struct digest *d, const struct account *a, time_t now,
		struct posts *out, struct error *err);

	/*
	 * Some services answer 200 and say in the body that they did not take
	 * it: false then, with the reason, raw, in `why`. NULL: any 2xx is
	 * good. The body is cut, ends with NUL, and is hostile.
	 */
	bool (*took)(const char *body, struct buf *why);

	/*
	 * Seconds that the service wants to be left alone, from the body of a
	 * failure (which is as above); 0: it does not say. Bounded by others.
	 * NULL: Retry-After is all.
	 */
	int64_t (*wait_s)(const char *body);

	/* What `needs` cannot say. 0, or -1 and *err; NULL: nothing. */
	int (*check)(const struct account *a, struct error *err);
};

/*
 * The table, one row a format: ROW(NAME) is what the key `format` calls it,
 * and format_NAME.c holds its `const struct format format_NAME`. One a line,
 * which clang-format would indent each further than the last.
 */
/* clang-format off */
#define FORMAT_ROWS \
	ROW(json) \
	ROW(alertmanager) \
	ROW(dingtalk) \
	ROW(discord) \
	ROW(feishu) \
	ROW(googlechat) \
	ROW(gotify) \
	ROW(matrix) \
	ROW(mattermost) \
	ROW(ntfy) \
	ROW(opsgenie) \
	ROW(pagerduty) \
	ROW(pushover) \
	ROW(rocketchat) \
	ROW(slack) \
	ROW(teams) \
	ROW(telegram) \
	ROW(template) \
	ROW(wecom)
/* clang-format on */

#define ROW(name) FORMAT_##name,
enum format_index { FORMAT_ROWS FORMATS };
#undef ROW

#define ROW(name) extern const struct format format_##name;
FORMAT_ROWS
#undef ROW

extern const struct choice format_choices[]; /* values: enum format_index */
extern const struct format *const format_table[FORMATS];

/*
 * Has the account what its format needs, and nothing that it would pass over?
 * Returns 0, or -1 and *err, which quotes no secret.
 */
int format_check(
	enum format_index which, const struct account *a, struct error *err);

/* The whole of `j`, which is taken over, on one line; for free(). */
char *format_dump(json_t *j);

#endif
