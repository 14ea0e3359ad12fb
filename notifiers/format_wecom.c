/*
 * format_wecom.c - webhook body: a message of a WeCom group's robot
 *
 * WeCom Developer Center, "Group robot configuration": text of 2,048 bytes,
 * in which <@userid> calls somebody, 20 messages a minute. Text in place of
 * markdown, which phones with WeChat alone do not show.
 */
#include "notifiers/format.h"
#include "notifiers/service.h"

#define TEXT_MAX 2048 /* bytes of UTF-8 */
#define TITLE_MAX 400

static const struct chat_dialect wecom_dialect = {
	.escape = service_tame,
	.max = TEXT_MAX,
};

static int
wecom_check(const struct account *a, struct error *err)
{
	return service_check_hook(a->url, err);
}

static int
wecom_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	BUF_CLEANUP struct buf text = { 0 };

	(void)now;
	if (wecom_check(a, err) == -1)
		return -1;
	service_message(&text, d, &wecom_dialect, "", TITLE_MAX);
	(void)posts_add(out,
		format_dump(json_pack("{s:s, s:{s:s}}", "msgtype", "text",
			"text", "content", text.s)));
	return 0;
}

static bool
wecom_took(const char *body, struct buf *why)
{
	cleanup(service_json_free)
		json_t *code = service_member(body, "errcode");

	return (json_is_integer(code) && json_integer_value(code) == 0) ||
		service_refuse(body, "errcode 0", "errcode", "errmsg", why);
}

/* 45009: more than 20 a minute. */
static int64_t
wecom_wait_s(const char *body)
{
	cleanup(service_json_free)
		json_t *code = service_member(body, "errcode");

	return json_integer_value(code) == 45009 ? 60 : 0;
}

const struct format format_wecom = {
	.content_type = "application/json; charset=utf-8",
	.needs = ACCOUNT_URL,
	.pause_ms = 3000,
	.make = wecom_make,
	.took = wecom_took,
	.wait_s = wecom_wait_s,
	.check = wecom_check,
};
