/*
 * format_telegram.c - webhook body: sendMessage of a Telegram bot
 *
 * Telegram Bot API, "sendMessage", "Formatting options" (HTML style), "Making
 * requests"; Bots FAQ, "My bot is hitting limits": one message a second in a
 * chat and 20 a minute in a group. HTML in place of plain text, since in the
 * latter every "@name", "/word" and "example.com" would come alive.
 */
#include <string.h>

#include "notifiers/format.h"
#include "notifiers/service.h"

#define TELEGRAM "https://api.telegram.org"
#define TEXT_MAX 4096 /* units of UTF-16, entities parsed */
#define TITLE_MAX 300

/* What is left once tags are gone and "&lt;" is one character. */
static size_t
telegram_size(const char *s)
{
	BUF_CLEANUP struct buf text = { 0 };

	while (*s != '\0') {
		if (*s == '<') {
			s += strcspn(s, ">");
		} else if (*s == '&') {
			buf_putc(&text, '&');
			s += strcspn(s, ";");
		} else {
			buf_putc(&text, *s);
		}
		s += *s != '\0';
	}
	return chat_utf16(buf_str(&text));
}

static const struct chat_dialect telegram_dialect = {
	.escape = service_html,
	.max = TEXT_MAX,
	.measure = telegram_size,
};

/* "123456:ABC-DEF..." */
static int
check_token(const char *token, struct error *err)
{
	size_t digits = token != NULL ? strspn(token, SERVICE_DIGITS) : 0;

	if (token == NULL)
		return 0;
	if (digits == 0 || token[digits] != ':')
		return error_set(err, ERROR_USAGE,
			"token: want a bot's, such as 123456:ABC-DEF, have "
			"something else");
	return service_check("token", token + digits + 1, SERVICE_ALNUM "-_", 1,
		128, "letters, digits, \"-\" and \"_\" after the colon", err);
}

static int
check_chat(const char *to, struct error *err)
{
	if (to != NULL && to[0] == '@')
		return service_check("to", to + 1, SERVICE_ALNUM "_", 1, 64,
			"a channel's name after \"@\"", err);
	return service_check("to", to != NULL && to[0] == '-' ? to + 1 : to,
		SERVICE_DIGITS, 1, 20,
		"a chat's number, such as -1001234567890, or @channel", err);
}

static int
telegram_check(const struct account *a, struct error *err)
{
	if (check_token(a->token, err) == -1 || check_chat(a->to, err) == -1)
		return -1;
	return service_check_base(a->url, err);
}

static int
telegram_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	BUF_CLEANUP struct buf text = { 0 };
	cleanup(str_free) char *path = NULL;
	struct post *p;

	(void)now;
	if (telegram_check(a, err) == -1)
		return -1;
	service_message(&text, d, &telegram_dialect, "", TITLE_MAX);
	p = posts_add(out,
		format_dump(json_pack("{s:s, s:s, s:s, s:{s:b}}", "chat_id",
			a->to, "text", text.s, "parse_mode", "HTML",
			"link_preview_options", "is_disabled", 1)));
	path = str_fmt("/bot%s/sendMessage", a->token);
	p->url = service_url(a->url != NULL ? a->url : TELEGRAM, path);
	return 0;
}

static bool
telegram_took(const char *body, struct buf *why)
{
	cleanup(service_json_free) json_t *ok = service_member(body, "ok");

	return json_is_true(ok) ||
		service_refuse(body, "{\"ok\":true}", "error_code",
			"description", why);
}

static int64_t
telegram_wait_s(const char *body)
{
	cleanup(service_json_free)
		json_t *p = service_member(body, "parameters");

	return json_integer_value(json_object_get(p, "retry_after"));
}

const struct format format_telegram = {
	.content_type = "application/json",
	.url = TELEGRAM,
	.needs = ACCOUNT_TOKEN | ACCOUNT_TO,
	.pause_ms = 3000,
	.make = telegram_make,
	.took = telegram_took,
	.wait_s = telegram_wait_s,
	.check = telegram_check,
};
