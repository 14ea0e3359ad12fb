/* webhook.c - notifier: POST a digest to a URL, signed if there is a secret */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "model/alloc.h"
#include "model/buf.h"
#include "notifiers/answer.h"
#include "notifiers/format.h"
#include "notifiers/httpreply.h"
#include "notifiers/sign.h"
#include "notifiers/transfer.h"
#include "notifiers/url.h"

struct webhook_settings {
	int64_t format; /* enum format_index */
	struct account account;
	struct transfer_tls tls;
	int64_t timeout_ms;
	const char *proxy; /* a URL or "none"; NULL: as the environment says */
};

static const struct key webhook_keys[] = {
	{ .name = "url",
		.type = KEY_SECRET,
		.offset = offsetof(struct webhook_settings, account.url),
		.flags = KEY_PRIVATE,
		.help = "where to send to, http or https; redirects are not "
			"followed; needed unless the service has but one" },
	{ .name = "format",
		.type = KEY_CHOICE,
		.offset = offsetof(struct webhook_settings, format),
		.def = "json",
		.choices = format_choices,
		.help = "what the body looks like" },
	{ .name = "token",
		.type = KEY_SECRET,
		.offset = offsetof(struct webhook_settings, account.token),
		.help = "by which the service knows us" },
	{ .name = "to",
		.type = KEY_STRING,
		.offset = offsetof(struct webhook_settings, account.to),
		.min = 1,
		.max = 255,
		.help = "the chat, room, topic or user, where the format has "
			"one" },
	{ .name = "secret",
		.type = KEY_SECRET,
		.offset = offsetof(struct webhook_settings, account.secret),
		.help = "signs each message; of json and template (Standard "
			"Webhooks): whsec_..., or several with blanks between "
			"while one replaces another" },
	{ .name = "template",
		.type = KEY_PATH,
		.offset = offsetof(struct webhook_settings, account.template),
		.help = "file with the body of the format template" },
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

static const struct format *
format_of(const struct webhook_settings *s)
{
	return format_table[s->format];
}

static const char *const url_schemes[] = { "http", "https", NULL };
static const char *const proxy_schemes[] = { "http", "https", "socks4",
	"socks4a", "socks5", "socks5h", NULL };

static int
webhook_check(const void *settings, struct error *err)
{
	const struct webhook_settings *s = settings;

	const char *url = s->account.url;

	if (url != NULL && !url_is(url, url_schemes))
		return error_set(err, ERROR_USAGE,
			"url: want http:// or https:// and a host, have "
			"something else");
	if (s->proxy != NULL && strcmp(s->proxy, "none") != 0 &&
		!url_is(s->proxy, proxy_schemes))
		return error_set(err, ERROR_USAGE,
			"proxy: want http://, https:// or socks5:// and a "
			"host, have something else");
	if (format_check((enum format_index)s->format, &s->account, err) == -1)
		return -1;
	if (format_of(s)->standard && s->account.secret != NULL &&
		sign_check(s->account.secret, err) == -1)
		return -1;
	return transfer_tls_check(&s->tls, err);
}

static void
add_header(struct curl_slist **headers, const char *name, const char *value)
{
	cleanup(str_free) char *line = str_fmt("%s: %s", name, value);

	transfer_list_add(headers, line);
}

/* Returns 0, or -1 and *err if a secret is not one. */
static int
add_standard_headers(const struct webhook_settings *s, const struct digest *d,
	const struct post *p, time_t now, struct curl_slist **headers,
	struct error *err)
{
	BUF_CLEANUP struct buf signature = { 0 };
	cleanup(str_free) char *when = str_fmt("%jd", (intmax_t)now);

	add_header(headers, "webhook-id", d->id);
	add_header(headers, "webhook-timestamp", when);
	if (s->account.secret == NULL)
		return 0;
	if (sign_webhook(&signature, s->account.secret, d->id, now, p->body,
		    err) == -1)
		return -1;
	add_header(headers, "webhook-signature", buf_str(&signature));
	return 0;
}

static int
make_headers(const struct webhook_settings *s, const struct digest *d,
	const struct post *p, time_t now, struct curl_slist **headers,
	struct error *err)
{
	add_header(headers, "Content-Type", format_of(s)->content_type);
	transfer_list_add(headers, "Expect:"); /* no waiting for 100 */
	for (size_t i = 0; i < p->headers.n; i++)
		transfer_list_add(headers, p->headers.v[i]);
	if (!format_of(s)->standard)
		return 0;
	if (s->account.token != NULL) {
		cleanup(str_free) char *bearer = str_fmt(
			"Bearer %s", s->account.token);

		add_header(headers, "Authorization", bearer);
	}
	return add_standard_headers(s, d, p, now, headers, err);
}

static void
set_options(const struct webhook_settings *s, const struct post *p,
	const char *url, struct transfer *t)
{
	transfer_set(t, CURLOPT_URL, url);
	transfer_set(t, CURLOPT_USERAGENT, "certvigil/" CERTVIGIL_VERSION);
	transfer_set(t, CURLOPT_FOLLOWLOCATION, 0L);
	transfer_set(t, CURLOPT_POSTFIELDS, p->body);
	transfer_set(
		t, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(p->body));
	if (p->put)
		transfer_set(t, CURLOPT_CUSTOMREQUEST, "PUT");
	if (s->proxy != NULL)
		transfer_set(t, CURLOPT_PROXY,
			strcmp(s->proxy, "none") == 0 ? "" : s->proxy);
}

static void
hide_secrets(const struct webhook_settings *s, const char *url,
	struct strlist *hidden)
{
	answer_hide_url(hidden, url);
	answer_hide_url(hidden, s->proxy);
	answer_hide_proxies(hidden);
	answer_hide(hidden, s->account.secret);
	answer_hide(hidden, s->account.token);
}

static void
send_post(const struct webhook_settings *s, const struct post *p,
	struct curl_slist *headers, int64_t timeout_ms, struct delivery *out)
{
	const char *url = p->url != NULL ? p->url
		: s->account.url != NULL ? s->account.url
					 : format_of(s)->url;
	cleanup(str_free) char *origin = url_origin(url);
	struct strlist hidden = { 0 };
	struct httpreply reply = { 0 };
	struct transfer t;

	hide_secrets(s, url, &hidden);
	transfer_open(&t, "http,https", &s->tls, timeout_ms);
	set_options(s, p, url, &t);
	httpreply_collect(&t, &reply);
	transfer_set(&t, CURLOPT_HTTPHEADER, headers);
	httpreply_judge(&reply, &t, transfer_run(&t), format_of(s), origin,
		&hidden, out);
	transfer_close(&t);
	httpreply_release(&reply);
	strlist_release(&hidden);
}

/* The posts of one digest share the time there is. */
static int
send_all(const struct webhook_settings *s, const struct digest *d,
	const struct posts *posts, int64_t timeout_ms, struct delivery *out,
	struct error *err)
{
	int64_t deadline_ms = transfer_now_ms() + timeout_ms;
	time_t now = time(NULL); /* of this try, against replays */

	out->outcome = DELIVERED;
	for (size_t i = 0; i < posts->n && out->outcome == DELIVERED; i++) {
		cleanup(curl_slist_free_all) struct curl_slist *headers = NULL;
		int64_t left_ms = deadline_ms - transfer_now_ms();

		if (make_headers(s, d, &posts->v[i], now, &headers, err) == -1)
			return -1;
		send_post(s, &posts->v[i], headers, left_ms > 0 ? left_ms : 1,
			out);
	}
	return 0;
}

static void
webhook_send(const void *settings, const struct digest *d, int64_t timeout_ms,
	struct delivery *out)
{
	const struct webhook_settings *s = settings;
	struct posts posts = { 0 };
	struct error err;

	*out = (struct delivery){ .outcome = DELIVERY_FAILED,
		.pause_ms = format_of(s)->pause_ms };
	if (s->timeout_ms < timeout_ms)
		timeout_ms = s->timeout_ms;
	if (format_of(s)->make(d, &s->account, time(NULL), &posts, &err) ==
			-1 ||
		send_all(s, d, &posts, timeout_ms, out, &err) == -1)
		answer_set(out, DELIVERY_REFUSED, NULL, "%s", err.text);
	posts_release(&posts);
}

static void
webhook_describe(const void *settings, struct buf *out)
{
	const struct webhook_settings *s = settings;
	cleanup(str_free) char *origin = url_origin(
		s->account.url != NULL ? s->account.url : format_of(s)->url);

	buf_printf(out, "%s, %s", format_choices[s->format].name, origin);
}

const struct notifier notifier_webhook = {
	.section = { .name = "webhook",
		.keys = webhook_keys,
		.size = sizeof(struct webhook_settings),
		.help = "POST each digest to a URL" },
	.send = webhook_send,
	.check = webhook_check,
	.describe = webhook_describe,
};
