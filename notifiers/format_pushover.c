/*
 * format_pushover.c - webhook body: a message by Pushover
 *
 * Pushover Message API: "Pushing Messages" (tokens and keys of 30 letters and
 * digits), "Limitations" (1,024 characters, a title of 250), "Message
 * Priority" (2 rings until somebody confirms, which nobody is told here),
 * "Response Format". Without html=1 a message is plain text.
 */
#include "notifiers/format.h"
#include "notifiers/service.h"

#define MESSAGE_MAX 1024 /* characters */
#define TITLE_MAX 250
#define KEY_SIZE 30

static const struct chat_dialect pushover_dialect = {
	.escape = service_plain,
	.max = MESSAGE_MAX,
	.measure = chat_characters,
};

static const int priorities[SERVICE_LEVELS] = {
	[SERVICE_GOOD] = -1,
	[SERVICE_TEST] = 0,
	[SERVICE_WARNING] = 0,
	[SERVICE_CRITICAL] = 1,
};

static int
pushover_check(const struct account *a, struct error *err)
{
	if (service_check("token", a->token, SERVICE_ALNUM, KEY_SIZE, KEY_SIZE,
		    "the application's 30 letters and digits", err) == -1)
		return -1;
	return service_check("to", a->to, SERVICE_ALNUM, KEY_SIZE, KEY_SIZE,
		"a user's or a group's key of 30 letters and digits", err);
}

static int
pushover_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	cleanup(str_free) char *title = NULL;
	BUF_CLEANUP struct buf text = { 0 };

	(void)now;
	if (pushover_check(a, err) == -1)
		return -1;
	title = service_title(d, &pushover_dialect, TITLE_MAX);
	chat_text(&text, d, &pushover_dialect);
	(void)posts_add(out,
		format_dump(json_pack("{s:s, s:s, s:s, s:s, s:i, s:I}", "token",
			a->token, "user", a->to, "title", title, "message",
			buf_str(&text), "priority",
			priorities[service_level(d)], "timestamp",
			(json_int_t)d->time)));
	return 0;
}

static bool
pushover_took(const char *body, struct buf *why)
{
	cleanup(service_json_free)
		json_t *status = service_member(body, "status");
	cleanup(service_json_free) json_t *errors = NULL;
	const char *first;

	if (json_is_integer(status) && json_integer_value(status) == 1)
		return true;
	errors = service_member(body, "errors");
	first = json_string_value(json_array_get(errors, 0));
	if (first == NULL)
		return service_refuse(body, "status 1", "status", "error", why);
	buf_puts(why, first);
	return false;
}

const struct format format_pushover = {
	.content_type = "application/json",
	.url = "https://api.pushover.net/1/messages.json",
	.needs = ACCOUNT_TOKEN | ACCOUNT_TO,
	.make = pushover_make,
	.took = pushover_took,
	.check = pushover_check,
};
