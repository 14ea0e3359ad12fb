/* mail_headers.c - the header of a mail that carries a digest */
#include <ctype.h>
#include <stdio.h>
#include <time.h>

#include "model/alloc.h"
#include "model/text.h"
#include "notifiers/mail.h"
#include "notifiers/outline.h"

/* Takes over the text of `b`. */
static void
add_field(struct strlist *out, struct buf *b)
{
	strlist_add(out, buf_str(b));
	buf_release(b);
}

static void
add_to(struct strlist *out, const struct mail_envelope *m)
{
	struct buf b = { 0 };

	buf_puts(&b, "To: ");
	for (size_t i = 0; i < m->n_to; i++) {
		if (i > 0)
			buf_puts(&b, ",\r\n ");
		address_header(&b, &m->to[i]);
	}
	add_field(out, &b);
}

static void
add_subject(struct strlist *out, const struct mail_envelope *m,
	const struct digest *d)
{
	cleanup(str_free) char *what = digest_subject(d);
	BUF_CLEANUP struct buf text = { 0 };
	struct buf b = { 0 };

	if (m->subject_prefix[0] != '\0')
		buf_printf(&text, "%s ", m->subject_prefix);
	outline_cut(&text, what);
	buf_puts(&b, "Subject: ");
	text_header(&b, buf_str(&text));
	add_field(out, &b);
}

/* RFC 5322, 3.3, in English whatever the locale. */
static void
add_date(struct strlist *out, time_t t)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct buf b = { 0 };
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL)
		return;
	buf_printf(&b, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d +0000",
		days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon,
		tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	add_field(out, &b);
}

/* The id is one we made; still nothing but what a Message-ID may hold. */
static void
add_message_id(struct strlist *out, const struct mail_envelope *m,
	const struct digest *d)
{
	struct buf b = { 0 };

	buf_puts(&b, "Message-ID: <");
	for (const char *s = d->id; *s != '\0'; s++)
		buf_putc(
			&b, isalnum((unsigned char)*s) || *s == '_' ? *s : '-');
	buf_printf(&b, "@%s>", address_domain(&m->from));
	add_field(out, &b);
}

void
mail_headers(struct strlist *out, const struct mail_envelope *m,
	const struct digest *d)
{
	struct buf b = { 0 };

	buf_puts(&b, "From: ");
	address_header(&b, &m->from);
	add_field(out, &b);
	add_to(out, m);
	add_subject(out, m, d);
	add_date(out, d->time);
	add_message_id(out, m, d);
	buf_printf(&b, "List-Id: certvigil <certvigil.%s>",
		address_domain(&m->from));
	add_field(out, &b);
	/* Nobody's vacation shall answer (RFC 3834; Exchange's own). */
	strlist_add(out, "Auto-Submitted: auto-generated");
	strlist_add(out, "X-Auto-Response-Suppress: All");
}
