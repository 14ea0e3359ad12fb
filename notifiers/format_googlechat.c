/* format_googlechat.c - webhook body: incoming webhooks of Google Chat */
#include <string.h>

#include "model/json.h"
#include "notifiers/chat.h"
#include "notifiers/format.h"
#include "notifiers/service.h"

/*
 * "Format messages": 4,096 characters were the most for long; since then a
 * message may have 32,000 bytes. "Usage limits": one write a second a space.
 */
#define TEXT_MAX 4096 /* bytes; the title and a line end are part of it */
#define TITLE_MAX 250

/* A mention is <users/...>, a link <url|text>: chat_code() lets none pass. */
static const struct chat_dialect googlechat_dialect = {
	.escape = chat_code,
	.max = TEXT_MAX,
};

static int
googlechat_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	BUF_CLEANUP struct buf text = { 0 };

	(void)a;
	(void)now;
	(void)err;
	service_message(&text, d, &googlechat_dialect, "", TITLE_MAX);
	(void)posts_add(
		out, format_dump(json_pack("{s:s}", "text", buf_str(&text))));
	return 0;
}

/* "Build a webhook": the answer is the message, with its name. */
static bool
googlechat_took(const char *body, struct buf *why)
{
	cleanup(service_json_free) json_t *name = service_member(body, "name");

	if (json_is_string(name))
		return true;
	buf_printf(why, "want a message with its name, have \"%s\"", body);
	return false;
}

const struct format format_googlechat = {
	.content_type = "application/json; charset=UTF-8",
	.pause_ms = 1000,
	.make = googlechat_make,
	.took = googlechat_took,
};
