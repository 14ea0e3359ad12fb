/*
 * format_ntfy.c - webhook body: a message to a topic of ntfy
 *
 * ntfy, "Publishing": "Publish as JSON" (to the server's root), "Message
 * priority", "Tags & emojis", "Limitations": 4,096 bytes a message, what is
 * longer becomes an attachment, and a request each 5 s once 60 were sent. The
 * server reads no more than 8,192 bytes of JSON, so it is these that count.
 */
#include <string.h>

#include "notifiers/format.h"
#include "notifiers/service.h"
#include "notifiers/url.h"

#define MESSAGE_MAX 4096
#define TITLE_MAX 400

static const struct chat_dialect ntfy_dialect = {
	.escape = service_plain,
	.max = MESSAGE_MAX,
	.measure = service_json_size,
};

/* Tags that ntfy shows as a picture before the title. */
static const struct sound {
	int priority; /* 1 to 5; 3 is usual */
	const char *tag;
} sounds[SERVICE_LEVELS] = {
	[SERVICE_GOOD] = { 2, "white_check_mark" },
	[SERVICE_TEST] = { 3, "test_tube" },
	[SERVICE_WARNING] = { 3, "warning" },
	[SERVICE_CRITICAL] = { 5, "rotating_light" },
};

/* In a topic's own address, the JSON would be the message. */
static int
check_root(const char *url, struct error *err)
{
	cleanup(curl_url_cleanup) CURLU *u = url_parse(url);
	cleanup(str_free) char *path = NULL;

	if (u != NULL)
		path = url_part(u, CURLUPART_PATH, 0);
	if (path != NULL && strspn(path, "/") != strlen(path))
		return error_set(err, ERROR_USAGE,
			"url: want the server's root, such as "
			"https://ntfy.sh, have a path; the topic stands in "
			"`to`");
	return service_check_base(url, err);
}

static int
ntfy_check(const struct account *a, struct error *err)
{
	if (service_check("to", a->to, SERVICE_ALNUM "-_", 1, 64,
		    "a topic of up to 64 letters, digits, \"-\" and \"_\"",
		    err) == -1 ||
		service_check_word("token", a->token, err) == -1)
		return -1;
	return check_root(a->url, err);
}

static int
ntfy_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	const struct sound *sound = &sounds[service_level(d)];
	cleanup(str_free) char *title = NULL;
	BUF_CLEANUP struct buf text = { 0 };
	struct post *p;

	(void)now;
	if (ntfy_check(a, err) == -1)
		return -1;
	title = service_title(d, &ntfy_dialect, TITLE_MAX);
	chat_text(&text, d, &ntfy_dialect);
	p = posts_add(out,
		format_dump(json_pack("{s:s, s:s, s:s, s:i, s:[s]}", "topic",
			a->to, "title", title, "message", buf_str(&text),
			"priority", sound->priority, "tags", sound->tag)));
	p->url = service_url(a->url, "/");
	if (a->token != NULL) {
		cleanup(str_free) char *bearer = str_fmt(
			"Authorization: Bearer %s", a->token);

		strlist_add(&p->headers, bearer);
	}
	return 0;
}

static bool
ntfy_took(const char *body, struct buf *why)
{
	cleanup(service_json_free) json_t *id = service_member(body, "id");

	return json_is_string(id) ||
		service_refuse(body, "a message's id", "code", "error", why);
}

const struct format format_ntfy = {
	.content_type = "application/json",
	.needs = ACCOUNT_URL | ACCOUNT_TO,
	.takes = ACCOUNT_TOKEN,
	.pause_ms = 5000,
	.make = ntfy_make,
	.took = ntfy_took,
	.check = ntfy_check,
};
