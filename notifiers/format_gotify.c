/*
 * format_gotify.c - webhook body: a message of an application of Gotify
 *
 * Gotify, "Push messages" and "Message Extras" (client::display), REST API
 * "createMessage"; Gotify for Android, "Message Priorities": 1 to 3 show, 4 to
 * 7 sound, 8 to 10 vibrate. No limit is published; where the data are in
 * MySQL, a message's column holds 65,535 bytes.
 */
#include "notifiers/format.h"
#include "notifiers/service.h"

#define MESSAGE_MAX 32768
#define TITLE_MAX 400

static const struct chat_dialect gotify_dialect = {
	.escape = service_plain,
	.max = MESSAGE_MAX,
};

static const int priorities[SERVICE_LEVELS] = {
	[SERVICE_GOOD] = 2,
	[SERVICE_TEST] = 5,
	[SERVICE_WARNING] = 5,
	[SERVICE_CRITICAL] = 8,
};

static int
gotify_check(const struct account *a, struct error *err)
{
	if (service_check_word("token", a->token, err) == -1)
		return -1;
	return service_check_base(a->url, err);
}

static int
gotify_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	cleanup(str_free) char *title = NULL, *key = NULL;
	BUF_CLEANUP struct buf text = { 0 };
	struct post *p;

	(void)now;
	if (gotify_check(a, err) == -1)
		return -1;
	title = service_title(d, &gotify_dialect, TITLE_MAX);
	chat_text(&text, d, &gotify_dialect);
	p = posts_add(out,
		format_dump(json_pack("{s:s, s:s, s:i, s:{s:{s:s}}}", "title",
			title, "message", buf_str(&text), "priority",
			priorities[service_level(d)], "extras",
			"client::display", "contentType", "text/plain")));
	p->url = service_url(a->url, "/message");
	key = str_fmt("X-Gotify-Key: %s", a->token);
	strlist_add(&p->headers, key);
	return 0;
}

static bool
gotify_took(const char *body, struct buf *why)
{
	cleanup(service_json_free) json_t *id = service_member(body, "id");

	return json_is_integer(id) ||
		service_refuse(body, "a message's id", "errorCode",
			"errorDescription", why);
}

const struct format format_gotify = {
	.content_type = "application/json",
	.needs = ACCOUNT_URL | ACCOUNT_TOKEN,
	.make = gotify_make,
	.took = gotify_took,
	.check = gotify_check,
};
