/* mail_headers.c - the header of a mail that carries a digest */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>

#include "model/alloc.h"
#include "model/text.h"
#include "notifiers/mail.h"
#include "notifiers/outline.h"

#define SUBJECT_MAX 200 /* bytes on the worst of it; lists show far less */
#define THREAD_BYTES 16 /* of the hash that names a thread */

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

/* The count stands at the end of a subject, and is not cut off. */
static void
add_worst(struct buf *out, const struct digest *d)
{
	cleanup(str_free) char *what = digest_subject(d);
	cleanup(str_free) char *more = str_fmt(
		" (+%zu more)", d->n > 0 ? d->n - 1 : 0);
	size_t n = strlen(what), tail = strlen(more);

	if (n <= tail || strcmp(what + n - tail, more) != 0) {
		outline_cut_to(out, what, SUBJECT_MAX);
		return;
	}
	what[n - tail] = '\0';
	outline_cut_to(out, what, SUBJECT_MAX);
	buf_puts(out, more);
}

/*
 * One blank for several, none at the end: folded there, a line of blanks alone
 * would come about, which ends the header to some (RFC 5322, 4.2).
 */
static void
squeeze(struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++) {
		if (b->s[i] != ' ' || (n > 0 && b->s[n - 1] != ' '))
			b->s[n++] = b->s[i];
	}
	if (n > 0 && b->s[n - 1] == ' ')
		n--;
	b->s[n] = '\0';
	b->len = n;
}

static void
add_subject(struct strlist *out, const struct mail_envelope *m,
	const struct digest *d)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct buf b = { 0 };

	if (m->subject_prefix[0] != '\0')
		buf_printf(&text, "%s ", m->subject_prefix);
	add_worst(&text, d);
	squeeze(&text);
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

/* A digest's first event is its worst, and the one that the subject names. */
static const char *
incident_of(const struct digest *d)
{
	return d->n > 0 && d->v[0].incident != NULL ? d->v[0].incident : "";
}

/* Hashed: short, of harmless characters, and different for each machine. */
static void
add_thread(struct strlist *out, const struct mail_envelope *m,
	const struct digest *d)
{
	BUF_CLEANUP struct buf id = { 0 };
	unsigned char hash[EVP_MAX_MD_SIZE];
	struct buf b = { 0 };

	if (incident_of(d)[0] == '\0')
		return;
	buf_printf(&id, "%s\n%s", d->host, incident_of(d));
	if (EVP_Digest(id.s, id.len, hash, NULL, EVP_sha256(), NULL) != 1)
		mem_exhausted();
	buf_reset(&id);
	for (int i = 0; i < THREAD_BYTES; i++)
		buf_printf(&id, "%02x", hash[i]);
	buf_printf(&b, "In-Reply-To: <thread_%s@%s>", id.s,
		address_domain(&m->from));
	add_field(out, &b);
	buf_printf(&b, "References: <thread_%s@%s>", id.s,
		address_domain(&m->from));
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
	add_thread(out, m, d);
	buf_printf(&b, "List-Id: certvigil <certvigil.%s>",
		address_domain(&m->from));
	add_field(out, &b);
	/* Nobody's vacation shall answer (RFC 3834; Exchange's own). */
	strlist_add(out, "Auto-Submitted: auto-generated");
	strlist_add(out, "X-Auto-Response-Suppress: All");
}
