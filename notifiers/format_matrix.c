/*
 * format_matrix.c - webhook body: a message to a Matrix room
 *
 * Matrix specification v1.11, Client-Server API: "Sending events to a room"
 * (the same transaction id never makes a second message), "m.room.message
 * msgtypes", "User and room mentions" (with m.mentions nobody is looked for in
 * the text), "Rate limiting", "Size limits" (65,536 bytes an event, which
 * holds more than what is sent). m.text, for m.notice rings nowhere.
 */
#include <string.h>

#include "notifiers/format.h"
#include "notifiers/service.h"

#define BODY_MAX 20000 /* bytes of JSON */
#define HTML_MAX 30000
#define TITLE_MAX 1000
#define ROOM_MAX 255

static const struct chat_dialect matrix_plain = {
	.escape = service_plain,
	.max = BODY_MAX,
	.measure = service_json_size,
};

static const struct chat_dialect matrix_html = {
	.escape = service_html,
	.line_end = "<br>",
	.max = HTML_MAX,
	.measure = service_json_size,
};

static int
matrix_check(const struct account *a, struct error *err)
{
	if (a->to != NULL && a->to[0] != '!')
		return error_set(err, ERROR_USAGE,
			"to: want a room's id, such as !abc:example.com (the "
			"room's settings show it), have something else");
	if (a->to != NULL && (a->to[1] == '\0' || strlen(a->to) > ROOM_MAX))
		return error_set(err, ERROR_USAGE,
			"to: want 2 to %d characters, have fewer or more",
			ROOM_MAX);
	if (service_check_word("to", a->to, err) == -1 ||
		service_check_word("token", a->token, err) == -1)
		return -1;
	return service_check_base(a->url, err);
}

static char *
matrix_url(const struct digest *d, const struct account *a)
{
	cleanup(str_free) char *room = service_percent(a->to);
	cleanup(str_free) char *txn = service_percent(d->id);
	cleanup(str_free) char *path = str_fmt(
		"/_matrix/client/v3/rooms/%s/send/m.room.message/%s", room,
		txn);

	return service_url(a->url, path);
}

static int
matrix_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	BUF_CLEANUP struct buf plain = { 0 }, html = { 0 };
	cleanup(str_free) char *bearer = NULL;
	struct post *p;

	(void)now;
	if (matrix_check(a, err) == -1)
		return -1;
	service_message(&plain, d, &matrix_plain, "", TITLE_MAX);
	service_message(&html, d, &matrix_html, "", TITLE_MAX);
	p = posts_add(out,
		format_dump(json_pack("{s:s, s:s, s:s, s:s, s:{}}", "msgtype",
			"m.text", "body", plain.s, "format",
			"org.matrix.custom.html", "formatted_body", html.s,
			"m.mentions")));
	p->put = true;
	p->url = matrix_url(d, a);
	bearer = str_fmt("Authorization: Bearer %s", a->token);
	strlist_add(&p->headers, bearer);
	return 0;
}

static bool
matrix_took(const char *body, struct buf *why)
{
	cleanup(service_json_free)
		json_t *id = service_member(body, "event_id");

	return json_is_string(id) ||
		service_refuse(body, "an event_id", "errcode", "error", why);
}

/* Servers of before v1.10 have no Retry-After. */
static int64_t
matrix_wait_s(const char *body)
{
	cleanup(service_json_free)
		json_t *ms = service_member(body, "retry_after_ms");
	int64_t n = json_integer_value(ms);

	return n / 1000 + (n % 1000 > 0);
}

const struct format format_matrix = {
	.content_type = "application/json",
	.needs = ACCOUNT_URL | ACCOUNT_TOKEN | ACCOUNT_TO,
	.make = matrix_make,
	.took = matrix_took,
	.wait_s = matrix_wait_s,
	.check = matrix_check,
};
