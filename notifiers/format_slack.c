/* format_slack.c - webhook body: Slack's incoming webhooks */
#include <string.h>

#include "model/json.h"
#include "notifiers/chat.h"
#include "notifiers/format.h"

/*
 * Slack's "Text object" and "Section block": up to 3,000 characters; "Header
 * block": 150; "Rate limits": one message a second. A message of more than
 * 40,000 characters is cut; one of 12,000 can still be read.
 */
#define HEADER_MAX 150
#define SECTION_MAX 3000
#define TEXT_MAX 12000

/*
 * "Formatting message text": &, < and > are the control characters, of which
 * mentions and links are made. No other markup counts in plain_text.
 */
static void
slack_escape(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '&')
			buf_puts(out, "&amp;");
		else if (*s == '<')
			buf_puts(out, "&lt;");
		else if (*s == '>')
			buf_puts(out, "&gt;");
		else
			buf_putc(out, *s);
	}
}

static const struct chat_dialect slack_dialect = {
	.escape = slack_escape,
	.max = TEXT_MAX,
	.measure = chat_utf16,
};

static json_t *
slack_block(const char *type, const char *text)
{
	return json_pack("{s:s, s:{s:s, s:s, s:b}}", "type", type, "text",
		"type", "plain_text", "text", text, "emoji", 0);
}

/* As many whole lines as a section holds; a line alone is far shorter. */
static size_t
section_length(const char *text)
{
	size_t n = 0;

	while (text[n] != '\0') {
		size_t line = strcspn(text + n, "\n");
		cleanup(str_free) char *more = str_ndup(text, n + line);

		if (n > 0 && chat_utf16(more) > SECTION_MAX)
			break;
		n += line;
		n += text[n] == '\n';
	}
	return n;
}

static json_t *
slack_sections(const char *text)
{
	json_t *blocks = json_array();

	while (*text != '\0') {
		size_t n = section_length(text), end = n;
		cleanup(str_free) char *part = NULL;

		while (end > 0 && text[end - 1] == '\n')
			end--;
		part = str_ndup(text, end);
		if (end > 0)
			json_push(blocks, slack_block("section", part));
		text += n;
	}
	return blocks;
}

/*
 * `text` is what notifications show. Automatic links are made in text of the
 * type mrkdwn alone, so nothing else is shown of it.
 */
static int
slack_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	BUF_CLEANUP struct buf title = { 0 }, text = { 0 };
	cleanup(str_free) char *colour = str_fmt("#%06x", chat_colour(d));

	(void)a;
	(void)now;
	(void)err;
	chat_title(&title, d, &slack_dialect, HEADER_MAX);
	chat_text(&text, d, &slack_dialect);
	(void)posts_add(out,
		format_dump(json_pack("{s:s, s:b, s:[o], s:[{s:s, s:s, s:o}]}",
			"text", buf_str(&title), "mrkdwn", 0, "blocks",
			slack_block("header", buf_str(&title)), "attachments",
			"color", colour, "fallback", buf_str(&title), "blocks",
			slack_sections(buf_str(&text)))));
	return 0;
}

/* "Sending messages using incoming webhooks": the body is "ok". */
static bool
slack_took(const char *body, struct buf *why)
{
	if (strcmp(body, "ok") == 0)
		return true;
	buf_printf(why, "want \"ok\", have \"%s\"", body);
	return false;
}

const struct format format_slack = {
	.content_type = "application/json",
	.pause_ms = 1000,
	.make = slack_make,
	.took = slack_took,
};
