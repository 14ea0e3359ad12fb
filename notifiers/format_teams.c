/* format_teams.c - webhook body: an Adaptive Card for Teams' Workflows */
#include <string.h>

#include "model/json.h"
#include "notifiers/chat.h"
#include "notifiers/format.h"
#include "notifiers/service.h"

/*
 * "Create Incoming Webhooks": 28 KB a message, and four requests a second. It
 * is counted after the service made it its own, so 20,000 bytes is what is
 * sent at most; each line and each run stand in objects of their own.
 */
#define TITLE_MAX 300
#define TEXT_MAX 18000
#define LINE_SIZE 120
#define RUN_SIZE 60

#define BOLD_MARK "\001" /* no text has it: text_plain() */

/*
 * A TextRun knows no Markdown, but of "{{" it may make a date ("Text features
 * in Adaptive Cards"). A word joiner parts them.
 */
static void
teams_escape(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		buf_putc(out, *s);
		if (s[0] == '{' && s[1] == '{')
			buf_puts(out, "\342\201\240");
	}
}

/* Bytes of the card that tells it. */
static size_t
teams_measure(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += *s == '\n'			     ? LINE_SIZE
			: *s == BOLD_MARK[0]	     ? RUN_SIZE
			: strchr("\"\\", *s) != NULL ? 2
						     : 1;
	return n;
}

static const struct chat_dialect teams_dialect = {
	.escape = teams_escape,
	.bold = BOLD_MARK,
	.bold_end = BOLD_MARK,
	.max = TEXT_MAX,
	.measure = teams_measure,
};

static json_t *
teams_run(const char *text, size_t n, bool bold)
{
	json_t *run = json_pack(
		"{s:s, s:s%}", "type", "TextRun", "text", text, n);

	if (bold)
		json_put(run, "weight", json_string("Bolder"));
	return run;
}

/* A line; `apart` after an empty one. */
static json_t *
teams_line(const char *line, size_t n, bool apart)
{
	json_t *runs = json_array();
	bool bold = false;

	for (size_t i = 0; i <= n; bold = !bold) {
		const char *mark = memchr(line + i, BOLD_MARK[0], n - i);
		size_t end = mark != NULL ? (size_t)(mark - line) : n;

		if (end > i)
			json_push(runs, teams_run(line + i, end - i, bold));
		i = end + 1;
	}
	return json_pack("{s:s, s:s, s:o}", "type", "RichTextBlock", "spacing",
		apart ? "Medium" : "None", "inlines", runs);
}

static json_t *
teams_title(const struct digest *d, const char *title)
{
	const char *colour = digest_count(d, EVENT_TEST) > 0 ? "Accent"
		: digest_worst(d) >= SEV_CRITICAL	     ? "Attention"
		: digest_worst(d) == SEV_WARNING	     ? "Warning"
							     : "Good";

	return json_pack("{s:s, s:[{s:s, s:s, s:s, s:s, s:s}]}", "type",
		"RichTextBlock", "inlines", "type", "TextRun", "text", title,
		"weight", "Bolder", "size", "Medium", "color", colour);
}

static json_t *
teams_body(const struct digest *d)
{
	BUF_CLEANUP struct buf title = { 0 }, text = { 0 };
	json_t *body = json_array();
	bool apart = true;

	chat_title(&title, d, &teams_dialect, TITLE_MAX);
	chat_text(&text, d, &teams_dialect);
	json_push(body, teams_title(d, buf_str(&title)));
	for (const char *s = buf_str(&text); *s != '\0';) {
		size_t n = strcspn(s, "\n");

		if (n > 0)
			json_push(body, teams_line(s, n, apart));
		apart = n == 0;
		s += n;
		s += *s == '\n';
	}
	return body;
}

static int
teams_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	(void)a;
	(void)now;
	(void)err;
	(void)posts_add(out,
		format_dump(json_pack("{s:s, s:[{s:s, s:n, s:{s:s, s:s, s:s, "
				      "s:{s:s}, s:o}}]}",
			"type", "message", "attachments", "contentType",
			"application/vnd.microsoft.card.adaptive", "contentUrl",
			"content", "$schema",
			"http://adaptivecards.io/schemas/adaptive-card.json",
			"type", "AdaptiveCard", "version", "1.4", "msteams",
			"width", "Full", "body", teams_body(d))));
	return 0;
}

/*
 * A workflow answers 202 and nothing; connectors answered 200 and "1", or told
 * there that it had failed ("HTTP 429 response for connectors").
 */
static bool
teams_took(const char *body, struct buf *why)
{
	if (strstr(body, "delivery failed") == NULL &&
		strstr(body, "HTTP error") == NULL)
		return true;
	buf_puts(why, body);
	return false;
}

const struct format format_teams = {
	.content_type = "application/json",
	.pause_ms = 250,
	.make = teams_make,
	.took = teams_took,
};
