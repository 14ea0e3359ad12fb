/* words.c - text, moments and numbers as the page has them */
#include <inttypes.h>
#include <string.h>

#include "model/hash.h"
#include "model/text.h"
#include "report/html/html.h"

void
html_put(struct buf *out, const char *raw, size_t max)
{
	size_t n;

	if (raw == NULL)
		return;
	n = strnlen(raw, max + 1);
	if (n <= max) {
		text_html(out, raw);
	} else {
		cleanup(str_free) char *cut = NULL;

		/* Not within a character. */
		for (n = max; n > 0 && ((unsigned char)raw[n] & 0xc0) == 0x80;)
			n--;
		cut = str_ndup(raw, n);
		text_html(out, cut);
		buf_puts(out, "…");
	}
}

void
html_put_date(struct buf *out, time_t t)
{
	char text[MOMENT_SIZE];

	buf_puts(out, moment_date(t, text));
}

void
html_put_moment(struct buf *out, time_t t)
{
	char text[MOMENT_SIZE];
	size_t date = strcspn(moment_format(t, text), "T");

	/* What no calendar has stands without one. */
	if (text[date] == '\0')
		buf_puts(out, text);
	else
		/* Of what follows the "T", hours and minutes. */
		buf_printf(
			out, "%.*s %.5s UTC", (int)date, text, text + date + 1);
}

void
html_put_relative(struct buf *out, time_t t, time_t now)
{
	int64_t left = (int64_t)t - now;

	if (left >= 0)
		buf_puts(out, "in ");
	duration_describe(out, left < 0 ? -left : left);
	if (left < 0)
		buf_puts(out, " ago");
}

void
html_put_count(
	struct buf *out, size_t n, const char *singular, const char *plural)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%zu", n);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_putc(out, ',');
		buf_putc(out, digits[i]);
	}
	if (plural != NULL)
		buf_printf(out, " %s", n == 1 ? singular : plural);
}

void
html_put_target_id(struct buf *out, const char *name)
{
	buf_printf(out, "t-%016" PRIx64, hash_bytes(name, strlen(name)));
}

void
html_put_authority_id(struct buf *out, const struct cert *c)
{
	char prefix[25];

	(void)snprintf(prefix, sizeof(prefix), "%s", c->sha256);
	buf_puts(out, "a-");
	text_html(out, prefix);
}
