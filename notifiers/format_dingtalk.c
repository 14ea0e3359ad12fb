/*
 * format_dingtalk.c - webhook body: a message of a DingTalk group's robot
 *
 * DingTalk Open Platform, "Custom robot access" (20 messages a minute, else
 * nothing for ten minutes; 20,000 bytes a request) and "Custom robot security
 * settings" (signature). Text in place of markdown: that has links and
 * pictures, and no published way to write their signs as such.
 */
#include <string.h>

#include "notifiers/format.h"
#include "notifiers/service.h"

#define TEXT_MAX 19000 /* bytes of JSON, besides some hundred round it */
#define TITLE_MAX 1000
#define HEAD "[certvigil] " /* a keyword by which a robot may be secured */

static const struct chat_dialect dingtalk_dialect = {
	.escape = service_tame,
	.max = TEXT_MAX,
	.measure = service_json_size,
};

static int
dingtalk_check(const struct account *a, struct error *err)
{
	if (service_check_word("secret", a->secret, err) == -1)
		return -1;
	return service_check_hook(a->url, err);
}

static char *
signed_url(const struct account *a, time_t now)
{
	cleanup(str_free) char *ms = str_fmt("%jd000", (intmax_t)now);
	cleanup(str_free) char *text = str_fmt("%s\n%s", ms, a->secret);
	cleanup(str_free) char *mac = service_sign(a->secret, text);
	cleanup(str_free) char *sign = service_percent(mac);

	return str_fmt("%s%stimestamp=%s&sign=%s", a->url,
		strchr(a->url, '?') != NULL ? "&" : "?", ms, sign);
}

static int
dingtalk_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct post *p;

	if (dingtalk_check(a, err) == -1)
		return -1;
	service_message(&text, d, &dingtalk_dialect, HEAD, TITLE_MAX);
	p = posts_add(out,
		format_dump(json_pack("{s:s, s:{s:s}, s:{s:b}}", "msgtype",
			"text", "text", "content", text.s, "at", "isAtAll",
			0)));
	if (a->secret != NULL)
		p->url = signed_url(a, now);
	return 0;
}

/* Codes that say what to do, once one knows them. */
static const struct hint {
	int64_t code;
	const char *text;
} hints[] = {
	{ 310000,
		": want `secret` as the robot has it, this machine's clock "
		"right, and \"certvigil\" among its keywords, if it has "
		"any" },
	{ 130101, ": more than 20 messages a minute" },
};

static bool
dingtalk_took(const char *body, struct buf *why)
{
	cleanup(service_json_free)
		json_t *code = service_member(body, "errcode");

	if (json_is_integer(code) && json_integer_value(code) == 0)
		return true;
	(void)service_refuse(body, "errcode 0", "errcode", "errmsg", why);
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		if (json_integer_value(code) == hints[i].code)
			buf_puts(why, hints[i].text);
	}
	return false;
}

static int64_t
dingtalk_wait_s(const char *body)
{
	cleanup(service_json_free)
		json_t *code = service_member(body, "errcode");

	return json_integer_value(code) == 130101 ? 600 : 0;
}

const struct format format_dingtalk = {
	.content_type = "application/json; charset=utf-8",
	.needs = ACCOUNT_URL,
	.takes = ACCOUNT_SECRET,
	.pause_ms = 3000,
	.make = dingtalk_make,
	.took = dingtalk_took,
	.wait_s = dingtalk_wait_s,
	.check = dingtalk_check,
};
