/* heartbeat.c - a sign of life for a service that notices its absence */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/alloc.h"
#include "model/buf.h"
#include "notifiers/answer.h"
#include "notifiers/heartbeat.h"
#include "notifiers/httpreply.h"
#include "notifiers/transfer.h"
#include "notifiers/url.h"

#define RETRY_MS 500 /* before the second try */

struct heartbeat {
	char *url; /* filled in */
	int64_t timeout_ms;
	struct delivery delivery;
	pthread_t thread;
	int started; /* an errno: why there is no thread */
};

static const char *const schemes[] = { "http", "https", NULL };

enum placeholder { HOLDS_STATUS, HOLDS_CODE, HOLDS_HOST, PLACEHOLDERS };

static const char *const placeholders[PLACEHOLDERS] = {
	[HOLDS_STATUS] = "{status}",
	[HOLDS_CODE] = "{code}",
	[HOLDS_HOST] = "{host}",
};

/* The placeholder that `s` begins with; PLACEHOLDERS: none. */
static size_t
placeholder_at(const char *s)
{
	size_t i = 0;

	while (i < PLACEHOLDERS &&
		strncmp(s, placeholders[i], strlen(placeholders[i])) != 0)
		i++;
	return i;
}

/* RFC 3986, 2.3: all but the unreserved characters. */
static void
add_encoded(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || strchr("-._~", c) != NULL)
			buf_putc(out, *s);
		else
			buf_printf(out, "%%%02X", c);
	}
}

char *
heartbeat_url(const char *url, enum severity status, const char *host)
{
	const char code[] = { (char)('0' + (int)status), '\0' };
	const char *const values[PLACEHOLDERS] = {
		[HOLDS_STATUS] = severity_name(status),
		[HOLDS_CODE] = code,
		[HOLDS_HOST] = host,
	};
	struct buf out = { 0 };

	while (*url != '\0') {
		size_t i = placeholder_at(url);

		if (i == PLACEHOLDERS) {
			buf_putc(&out, *url++);
		} else {
			add_encoded(&out, values[i]);
			url += strlen(placeholders[i]);
		}
	}
	return buf_detach(&out);
}

int
heartbeat_check(const char *url, struct error *err)
{
	cleanup(str_free) char *filled = heartbeat_url(url, SEV_OK, "host");

	if (strpbrk(filled, "{}") != NULL)
		return error_set(err, ERROR_USAGE,
			"want {status}, {code} and {host} alone in "
			"braces, have something else");
	if (!url_is(filled, schemes))
		return error_set(err, ERROR_USAGE,
			"want http:// or https:// and a host, have "
			"something else");
	return 0;
}

static void
fetch_once(const char *url, int64_t timeout_ms, struct delivery *out)
{
	static const struct transfer_tls tls = { 0 };
	cleanup(str_free) char *origin = url_origin(url);
	struct strlist hidden = { 0 };
	struct httpreply reply = { 0 };
	struct transfer t;
	CURLcode code;

	*out = (struct delivery){ .outcome = DELIVERY_FAILED };
	answer_hide_url(&hidden, url);
	answer_hide_proxies(&hidden);
	transfer_open(&t, "http,https", &tls, timeout_ms);
	transfer_set(&t, CURLOPT_URL, url);
	transfer_set(&t, CURLOPT_USERAGENT, "certvigil/" CERTVIGIL_VERSION);
	transfer_set(&t, CURLOPT_FOLLOWLOCATION, 0L);
	httpreply_collect(&t, &reply);
	code = transfer_run(&t);
	httpreply_judge(&reply, &t, code, NULL, origin, &hidden, out);
	transfer_close(&t);
	httpreply_release(&reply);
	strlist_release(&hidden);
}

static void
fetch(const char *filled, int64_t timeout_ms, struct delivery *out)
{
	static const struct timespec pause = { .tv_nsec = RETRY_MS * 1000000L };
	int64_t deadline_ms = transfer_now_ms() + timeout_ms, left_ms;

	fetch_once(filled, timeout_ms, out);
	left_ms = deadline_ms - transfer_now_ms() - RETRY_MS;
	if (out->outcome != DELIVERY_FAILED || left_ms <= 0)
		return;
	(void)nanosleep(&pause, NULL);
	fetch_once(filled, left_ms, out);
}

static void *
heartbeat_main(void *arg)
{
	struct heartbeat *h = arg;

	fetch(h->url, h->timeout_ms, &h->delivery);
	return NULL;
}

struct heartbeat *
heartbeat_start(const char *url, enum severity status, const char *host,
	int64_t timeout_ms)
{
	struct heartbeat *h = mem_alloc(sizeof(*h));

	*h = (struct heartbeat){ .url = heartbeat_url(url, status, host),
		.timeout_ms = timeout_ms };
	h->started = pthread_create(&h->thread, NULL, heartbeat_main, h);
	return h;
}

void
heartbeat_end(struct heartbeat *h, struct delivery *out)
{
	*out = (struct delivery){ .outcome = DELIVERY_FAILED };
	if (h->started == 0) {
		(void)pthread_join(h->thread, NULL);
		*out = h->delivery;
	} else {
		struct error err;

		errno = h->started;
		error_sys(&err, "cannot start a thread");
		answer_set(out, DELIVERY_FAILED, NULL, "%s", err.text);
	}
	free(h->url);
	free(h);
}
