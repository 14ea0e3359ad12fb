/* webhook.c - notifier: POST a digest to a URL, signed if there is a secret */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "model/alloc.h"
#include "model/buf.h"
#include "notifiers/answer.h"
#include "notifiers/format.h"
#include "notifiers/sign.h"
#include "notifiers/transfer.h"
#include "notifiers/url.h"

#define ANSWER_MAX (64 * 1024) /* of headers and body that are read */
#define BODY_KEPT 4096 /* from which answers are made */

struct webhook_settings {
	const char *url;
	int64_t format; /* enum format_index */
	const char *secret; /* NULL: not signed */
	struct transfer_tls tls;
	int64_t timeout_ms;
	const char *proxy; /* a URL or "none"; NULL: as the environment says */
};

static const struct key webhook_keys[] = {
	{ .name = "url",
		.type = KEY_SECRET,
		.offset = offsetof(struct webhook_settings, url),
		.flags = KEY_REQUIRED | KEY_PRIVATE,
		.help = "where to POST to, http or https; redirects are not "
			"followed" },
	{ .name = "format",
		.type = KEY_CHOICE,
		.offset = offsetof(struct webhook_settings, format),
		.def = "json",
		.choices = format_choices,
		.help = "what the body looks like" },
	{ .name = "secret",
		.type = KEY_SECRET,
		.offset = offsetof(struct webhook_settings, secret),
		.help = "signs each message (Standard Webhooks): whsec_..., or "
			"several with blanks between while one replaces "
			"another" },
	{ .name = "tls",
		.type = KEY_INHERIT,
		.offset = offsetof(struct webhook_settings, tls),
		.section = &transfer_tls_section },
	{ .name = "timeout",
		.type = KEY_DURATION_MS,
		.offset = offsetof(struct webhook_settings, timeout_ms),
		.def = "15s",
		.min = 100,
		.max = 10 * 60 * 1000,
		.help = "for one delivery, name resolution included" },
	{ .name = "proxy",
		.type = KEY_STRING,
		.offset = offsetof(struct webhook_settings, proxy),
		.flags = KEY_PRIVATE,
		.help = "URL of a proxy; without it https_proxy, http_proxy "
			"and no_proxy of the environment count; \"none\" is "
			"none at all" },
	{ 0 },
};

static const char *const url_schemes[] = { "http", "https", NULL };
static const char *const proxy_schemes[] = { "http", "https", "socks4",
	"socks4a", "socks5", "socks5h", NULL };

static int
webhook_check(const void *settings, struct error *err)
{
	const struct webhook_settings *s = settings;

	if (s->url != NULL && !url_is(s->url, url_schemes))
		return error_set(err, ERROR_USAGE,
			"url: want http:// or https:// and a host, have "
			"something else");
	if (s->proxy != NULL && strcmp(s->proxy, "none") != 0 &&
		!url_is(s->proxy, proxy_schemes))
		return error_set(err, ERROR_USAGE,
			"proxy: want http://, https:// or socks5:// and a "
			"host, have something else");
	if (s->secret != NULL && sign_check(s->secret, err) == -1)
		return -1;
	return transfer_tls_check(&s->tls, err);
}

/* What came back. */
struct reply {
	size_t size; /* of all that was read */
	struct buf reason; /* of the last status line; HTTP/2 has none */
	struct buf body; /* its beginning */
};

static void
reply_release(struct reply *r)
{
	buf_release(&r->reason);
	buf_release(&r->body);
}

/* Returns n, or 0 to stop: that was more than is read. */
static size_t
reply_count(struct reply *r, size_t n)
{
	if (n > ANSWER_MAX - r->size)
		return 0;
	r->size += n;
	return n;
}

/* " Service Unavailable" of "HTTP/1.1 503 Service Unavailable\r\n" */
static void
keep_reason(struct buf *out, const char *line, size_t n)
{
	const char *end = line + n, *s = memchr(line, ' ', n);

	if (s != NULL)
		s = memchr(s + 1, ' ', (size_t)(end - s - 1));
	while (s != NULL && end > s && strchr(" \r\n", end[-1]) != NULL)
		end--;
	if (s != NULL)
		buf_add(out, s, (size_t)(end - s));
}

static size_t
on_header(char *line, size_t size, size_t n, void *arg)
{
	struct reply *r = arg;

	n *= size;
	/* One of several, if 100 or a proxy's answer came before. */
	if (n > 5 && strncmp(line, "HTTP/", 5) == 0) {
		buf_reset(&r->reason);
		buf_reset(&r->body);
		keep_reason(&r->reason, line, n);
	}
	return reply_count(r, n);
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct reply *r = arg;
	size_t room = BODY_KEPT - r->body.len;

	n *= size;
	buf_add(&r->body, data, n < room ? n : room);
	return reply_count(r, n);
}

static enum outcome
outcome_of(long status)
{
	if (status >= 200 && status < 300)
		return DELIVERED;
	if (status == 408 || status == 425 || status == 429 || status >= 500)
		return DELIVERY_FAILED;
	return DELIVERY_REFUSED;
}

static void
judge_status(CURL *curl, long status, const struct reply *r,
	const struct strlist *hidden, struct delivery *out)
{
	enum outcome outcome = outcome_of(status);
	curl_off_t wait_s = 0;
	char *to = NULL;

	if (outcome == DELIVERED) {
		answer_set(out, outcome, NULL, "HTTP %ld", status);
	} else if (status >= 300 && status < 400) {
		cleanup(str_free) char *where = NULL;

		(void)curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &to);
		where = url_origin(to);
		answer_set(out, outcome, hidden,
			"HTTP %ld%s: redirects are not followed (to %s)",
			status, buf_str(&r->reason),
			to != NULL ? where : "nowhere");
	} else {
		answer_set(out, outcome, hidden, "HTTP %ld%s%s%s", status,
			buf_str(&r->reason), r->body.len > 0 ? ": " : "",
			buf_str(&r->body));
	}
	if (outcome == DELIVERY_FAILED &&
		curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait_s) ==
			CURLE_OK &&
		wait_s > 0)
		out->retry_after_s = wait_s; /* state/ sets a bound */
}

static void
add_header(struct curl_slist **headers, const char *name, const char *value)
{
	cleanup(str_free) char *line = str_fmt("%s: %s", name, value);

	transfer_list_add(headers, line);
}

/* Returns 0, or -1 and *err if a secret is not one. */
static int
make_headers(const struct webhook_settings *s, const struct digest *d,
	const char *body, struct curl_slist **headers, struct error *err)
{
	BUF_CLEANUP struct buf signature = { 0 };
	cleanup(str_free) char *when = NULL;
	time_t now = time(NULL); /* of this try, against replays */

	when = str_fmt("%jd", (intmax_t)now);
	add_header(
		headers, "Content-Type", format_table[s->format]->content_type);
	add_header(headers, "webhook-id", d->id);
	add_header(headers, "webhook-timestamp", when);
	transfer_list_add(headers, "Expect:"); /* no waiting for 100 */
	if (s->secret == NULL)
		return 0;
	if (sign_webhook(&signature, s->secret, d->id, now, body, err) == -1)
		return -1;
	add_header(headers, "webhook-signature", buf_str(&signature));
	return 0;
}

static void
post(const struct webhook_settings *s, const char *body,
	struct curl_slist *headers, int64_t timeout_ms, struct delivery *out)
{
	cleanup(str_free) char *origin = url_origin(s->url);
	struct strlist hidden = { 0 };
	struct reply reply = { 0 };
	struct transfer t;
	long status = 0;
	CURLcode code;

	answer_hide_url(&hidden, s->url);
	answer_hide_url(&hidden, s->proxy);
	answer_hide(&hidden, s->secret);
	transfer_open(&t, "http,https", &s->tls, timeout_ms);
	transfer_set(&t, CURLOPT_URL, s->url);
	transfer_set(&t, CURLOPT_USERAGENT, "certvigil/" CERTVIGIL_VERSION);
	transfer_set(&t, CURLOPT_FOLLOWLOCATION, 0L);
	transfer_set(&t, CURLOPT_HTTPHEADER, headers);
	transfer_set(&t, CURLOPT_POSTFIELDS, body);
	transfer_set(&t, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
	transfer_set(&t, CURLOPT_HEADERFUNCTION, on_header);
	transfer_set(&t, CURLOPT_HEADERDATA, &reply);
	transfer_set(&t, CURLOPT_WRITEFUNCTION, on_body);
	transfer_set(&t, CURLOPT_WRITEDATA, &reply);
	if (s->proxy != NULL)
		transfer_set(&t, CURLOPT_PROXY,
			strcmp(s->proxy, "none") == 0 ? "" : s->proxy);

	code = transfer_run(&t);
	(void)curl_easy_getinfo(t.curl, CURLINFO_RESPONSE_CODE, &status);
	/* Its status counts, be the rest too long, too slow or cut off. */
	if (status >= 200)
		judge_status(t.curl, status, &reply, &hidden, out);
	else
		transfer_explain(&t, code, origin, &hidden, out);
	transfer_close(&t);
	reply_release(&reply);
	strlist_release(&hidden);
}

static void
webhook_send(const void *settings, const struct digest *d, int64_t timeout_ms,
	struct delivery *out)
{
	const struct webhook_settings *s = settings;
	cleanup(curl_slist_free_all) struct curl_slist *headers = NULL;
	cleanup(str_free) char *body = format_table[s->format]->body(d);
	struct error err;

	*out = (struct delivery){ .outcome = DELIVERY_FAILED };
	if (make_headers(s, d, body, &headers, &err) == -1) {
		answer_set(out, DELIVERY_REFUSED, NULL, "%s", err.text);
		return;
	}
	if (s->timeout_ms < timeout_ms)
		timeout_ms = s->timeout_ms;
	post(s, body, headers, timeout_ms, out);
}

const struct notifier notifier_webhook = {
	.section = { .name = "webhook",
		.keys = webhook_keys,
		.size = sizeof(struct webhook_settings),
		.help = "POST each digest to a URL" },
	.send = webhook_send,
	.check = webhook_check,
};
