/* format_discord.c - webhook body: Discord's "Execute Webhook" */
#include "model/json.h"
#include "notifiers/chat.h"
#include "notifiers/format.h"

/*
 * "Embed limits": title 256 characters, description 4,096, all together 6,000.
 * "Rate limits" are told in headers and may change; 5 requests in 2 seconds a
 * webhook, and 30 a minute a channel, are known.
 */
#define TITLE_MAX 256
#define DESCRIPTION_MAX 4096

static const struct chat_dialect discord_dialect = {
	.escape = chat_code,
	.bold = "**",
	.bold_end = "**",
	.max = DESCRIPTION_MAX,
	.measure = chat_utf16,
};

/* "Allowed mentions": an empty `parse` suppresses all. */
static int
discord_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	BUF_CLEANUP struct buf title = { 0 }, text = { 0 };

	(void)a;
	(void)now;
	(void)err;
	chat_title(&title, d, &discord_dialect, TITLE_MAX);
	chat_text(&text, d, &discord_dialect);
	(void)posts_add(out,
		format_dump(json_pack("{s:{s:[]}, s:[{s:s, s:s, s:i}]}",
			"allowed_mentions", "parse", "embeds", "title",
			buf_str(&title), "description", buf_str(&text), "color",
			(int)chat_colour(d))));
	return 0;
}

const struct format format_discord = {
	.content_type = "application/json",
	.pause_ms = 2000,
	.make = discord_make,
};
