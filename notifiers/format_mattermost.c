/* format_mattermost.c - webhook body: Mattermost's incoming webhooks */
#include <string.h>

#include "model/json.h"
#include "notifiers/chat.h"
#include "notifiers/format.h"

/*
 * A message has up to 16,383 characters; what it shows as an attachment is
 * kept in its properties, of which servers before 7 take 8,000. Mentions are
 * read from an attachment too ("Message attachments"), but not from code.
 * Servers are set to 10 requests a second and less ("Rate limiting settings").
 */
#define TITLE_MAX 250
#define TEXT_MAX 6500

static const struct chat_dialect mattermost_dialect = {
	.escape = chat_code,
	.bold = "**",
	.bold_end = "**",
	.max = TEXT_MAX,
	.measure = chat_characters,
};

static int
mattermost_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	BUF_CLEANUP struct buf title = { 0 }, text = { 0 };
	cleanup(str_free) char *colour = str_fmt("#%06x", chat_colour(d));
	json_t *body;

	(void)now;
	(void)err;
	chat_title(&title, d, &mattermost_dialect, TITLE_MAX);
	chat_text(&text, d, &mattermost_dialect);
	body = json_pack("{s:[{s:s, s:s, s:s, s:s}]}", "attachments",
		"fallback", buf_str(&title), "color", colour, "title",
		buf_str(&title), "text", buf_str(&text));
	if (a->to != NULL)
		json_put(body, "channel", json_text(a->to));
	(void)posts_add(out, format_dump(body));
	return 0;
}

/* "Incoming webhooks": the body is "ok". */
static bool
mattermost_took(const char *body, struct buf *why)
{
	if (strcmp(body, "ok") == 0)
		return true;
	buf_printf(why, "want \"ok\", have \"%s\"", body);
	return false;
}

const struct format format_mattermost = {
	.content_type = "application/json",
	.takes = ACCOUNT_TO,
	.pause_ms = 200,
	.make = mattermost_make,
	.took = mattermost_took,
};
