/* format_rocketchat.c - webhook body: Rocket.Chat's incoming integrations */
#include "model/json.h"
#include "notifiers/chat.h"
#include "notifiers/format.h"
#include "notifiers/service.h"

/*
 * "Message settings": up to 5,000 characters unless the server is set
 * otherwise; "Rate limiter": 10 calls a minute. Mentions count in `text`
 * alone, which is therefore not there.
 */
#define TITLE_MAX 250
#define TEXT_MAX 4500

static const struct chat_dialect rocketchat_dialect = {
	.escape = chat_code,
	.max = TEXT_MAX,
	.measure = chat_utf16,
};

static int
rocketchat_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	BUF_CLEANUP struct buf title = { 0 }, text = { 0 };
	cleanup(str_free) char *colour = str_fmt("#%06x", chat_colour(d));
	json_t *body;

	(void)now;
	(void)err;
	chat_title(&title, d, &rocketchat_dialect, TITLE_MAX);
	chat_text(&text, d, &rocketchat_dialect);
	body = json_pack("{s:b, s:[{s:s, s:s, s:s}]}", "parseUrls", 0,
		"attachments", "color", colour, "title", buf_str(&title),
		"text", buf_str(&text));
	if (a->to != NULL)
		json_put(body, "channel", json_text(a->to));
	(void)posts_add(out, format_dump(body));
	return 0;
}

/* {"success": true}, and the reason in `error`. */
static bool
rocketchat_took(const char *body, struct buf *why)
{
	cleanup(service_json_free)
		json_t *success = service_member(body, "success");

	if (json_is_true(success))
		return true;
	return service_refuse(
		body, "\"success\": true", "success", "error", why);
}

const struct format format_rocketchat = {
	.content_type = "application/json",
	.takes = ACCOUNT_TO,
	.pause_ms = 6000,
	.make = rocketchat_make,
	.took = rocketchat_took,
};
