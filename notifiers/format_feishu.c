/*
 * format_feishu.c - webhook body: a card of a Feishu or Lark group's robot
 *
 * Feishu Open Platform, "Custom bot usage guide": 20 KB a request, 100 a
 * minute and 5 a second, signature; "Card JSON 1.0": header, div, plain_text,
 * in which neither <at ...> nor links mean anything.
 */
#include <string.h>

#include "model/json.h"
#include "notifiers/format.h"
#include "notifiers/service.h"

#define TEXT_MAX 18000 /* bytes of JSON */
#define TITLE_MAX 600

static const struct chat_dialect feishu_dialect = {
	.escape = service_tame,
	.max = TEXT_MAX,
	.measure = service_json_size,
};

static const char *const colours[SERVICE_LEVELS] = {
	[SERVICE_GOOD] = "green",
	[SERVICE_TEST] = "blue",
	[SERVICE_WARNING] = "orange",
	[SERVICE_CRITICAL] = "red",
};

static int
feishu_check(const struct account *a, struct error *err)
{
	if (service_check_word("secret", a->secret, err) == -1)
		return -1;
	return service_check_hook(a->url, err);
}

static json_t *
make_card(const struct digest *d)
{
	cleanup(str_free) char *subject = service_title(
		d, &feishu_dialect, TITLE_MAX);
	/* A keyword by which a robot may be secured. */
	cleanup(str_free) char *title = str_fmt("[certvigil] %s", subject);
	BUF_CLEANUP struct buf text = { 0 };

	chat_text(&text, d, &feishu_dialect);
	return json_pack("{s:{s:b}, s:{s:s, s:{s:s, s:s}}, "
			 "s:[{s:s, s:{s:s, s:s}}]}",
		"config", "wide_screen_mode", 1, "header", "template",
		colours[service_level(d)], "title", "tag", "plain_text",
		"content", title, "elements", "tag", "div", "text", "tag",
		"plain_text", "content", buf_str(&text));
}

/* The key is what others would sign, and nothing is signed with it. */
static void
sign_request(json_t *request, const char *secret, time_t now)
{
	cleanup(str_free) char *when = str_fmt("%jd", (intmax_t)now);
	cleanup(str_free) char *key = str_fmt("%s\n%s", when, secret);
	cleanup(str_free) char *sign = service_sign(key, "");

	json_put(request, "timestamp", json_string(when));
	json_put(request, "sign", json_string(sign));
}

static int
feishu_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	json_t *request;

	if (feishu_check(a, err) == -1)
		return -1;
	request = json_pack(
		"{s:s, s:o}", "msg_type", "interactive", "card", make_card(d));
	if (request != NULL && a->secret != NULL)
		sign_request(request, a->secret, now);
	(void)posts_add(out, format_dump(request));
	return 0;
}

/* Answers of former times have "StatusCode" in place of "code". */
static json_t *
code_of(const char *body)
{
	json_t *code = service_member(body, "code");

	return code != NULL ? code : service_member(body, "StatusCode");
}

static bool
feishu_took(const char *body, struct buf *why)
{
	cleanup(service_json_free) json_t *code = code_of(body);

	if (json_is_integer(code) && json_integer_value(code) == 0)
		return true;
	(void)service_refuse(body, "code 0", "code", "msg", why);
	if (json_integer_value(code) == 19021)
		buf_puts(why,
			": want `secret` as the robot has it, and this "
			"machine's clock right");
	else if (json_integer_value(code) == 19024)
		buf_puts(why, ": want \"certvigil\" among its keywords");
	return false;
}

/* 11232: more than 100 a minute. */
static int64_t
feishu_wait_s(const char *body)
{
	cleanup(service_json_free) json_t *code = code_of(body);

	return json_integer_value(code) == 11232 ? 60 : 0;
}

const struct format format_feishu = {
	.content_type = "application/json; charset=utf-8",
	.needs = ACCOUNT_URL,
	.takes = ACCOUNT_SECRET,
	.pause_ms = 600,
	.make = feishu_make,
	.took = feishu_took,
	.wait_s = feishu_wait_s,
	.check = feishu_check,
};
