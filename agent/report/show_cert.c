/* show_cert.c - one certificate, as a person wants to read it */
#include <string.h>

#include "model/text.h"
#include "report/view.h"

#define MAX_NAMES 8 /* and so many with -v: */
#define MAX_NAMES_VERBOSE 100
#define NAME_BYTES 255 /* of a host's name, RFC 1035 */
#define TEXT_BYTES 512
#define MAX_LABEL 44 /* columns: a longer one pushes its own line alone */

void
view_label(struct view *v, const struct cert *c)
{
	pen_text(&v->pen, PEN_BOLD, *c->label != '\0' ? c->label : "(no name)",
		VIEW_LABEL_BYTES);
}

static void
put_field(struct view *v, const char *name, const char *text, size_t max)
{
	pen_field(&v->pen, MARK_INSIDE, PEN_DIM, name);
	pen_text(&v->pen, NULL, text, max);
	pen_end(&v->pen);
}

static void
put_names(struct view *v, const struct cert *c)
{
	struct pen *p = &v->pen;
	size_t n = p->opt->verbose > 0 ? MAX_NAMES_VERBOSE : MAX_NAMES;

	if (c->names.n == 0)
		return;
	/* "and 1 more" would be no shorter. */
	if (c->names.n <= n + 1)
		n = c->names.n;
	pen_field(p, MARK_INSIDE, PEN_DIM, "names");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			pen_text(p, NULL, ", ", 2);
		pen_text(p, NULL, c->names.v[i], NAME_BYTES);
	}
	if (n < c->names.n)
		pen_printf(p, NULL, " and %zu more", c->names.n - n);
	pen_end(p);
}

/* What its dates were found to be: the colour for what is left. */
static const char *
sgr_of_dates(const struct view *v, const struct cert *c)
{
	enum severity worst = SEV_OK;

	if (v->now > c->not_after || v->now < c->not_before)
		return PEN_BAD;
	for (size_t i = 0; i < v->r->findings.n; i++) {
		const struct finding *f = &v->r->findings.v[i];

		if (strncmp(f->kind->id, "expiry.", 7) == 0 &&
			strcmp(f->subject, c->sha256) == 0 &&
			f->severity > worst)
			worst = f->severity;
	}
	return report_colours[worst];
}

static void
put_left(struct view *v, const struct cert *c, bool of_lifetime)
{
	BUF_CLEANUP struct buf text = { 0 };
	int64_t left = (int64_t)c->not_after - v->now;

	if (v->now < c->not_before) {
		buf_puts(&text, "begins in ");
		duration_describe(&text, (int64_t)c->not_before - v->now);
	} else if (left < 0) {
		buf_puts(&text, "expired ");
		duration_describe(&text, -left);
		buf_puts(&text, " ago");
	} else {
		duration_describe(&text, left);
		buf_puts(&text, " left");
	}
	pen_text(&v->pen, sgr_of_dates(v, c), buf_str(&text), TEXT_BYTES);
	if (!of_lifetime || c->not_after < c->not_before)
		return;
	buf_reset(&text);
	/* RFC 5280, 4.1.2.5: the last second counts. */
	duration_describe(&text, (int64_t)c->not_after - c->not_before + 1);
	pen_printf(&v->pen, NULL, "%s %s", left < 0 ? ", after" : " of",
		buf_str(&text));
}

/* The date alone, or the moment where less than two days are at stake. */
static const char *
moment(time_t t, time_t now, char out[MOMENT_SIZE])
{
	int64_t span = (int64_t)t - now;

	return span < 2 * DAY_S && span > -2 * DAY_S ? moment_format(t, out)
						     : moment_date(t, out);
}

static void
put_dates(struct view *v, const struct cert *c)
{
	char from[MOMENT_SIZE], to[MOMENT_SIZE];
	struct pen *p = &v->pen;

	pen_field(p, MARK_INSIDE, PEN_DIM, "valid");
	if (c->has_dates) {
		pen_printf(p, NULL, "%s to %s, ",
			moment(c->not_before, v->now, from),
			moment(c->not_after, v->now, to));
		put_left(v, c, true);
	} else {
		pen_text(p, PEN_BAD, "the dates cannot be read", TEXT_BYTES);
	}
	pen_end(p);
}

/* Then the type tells the size, and who speaks of 253 bits? */
static bool
is_edwards(const struct cert *c)
{
	return strncmp(c->key_type, "ED", 2) == 0;
}

/* "RSA, 2048 bits", "EC prime256v1, 256 bits", "ED25519" */
static void
put_key(struct buf *out, const struct cert *c)
{
	if (*c->key_type == '\0') {
		buf_puts(out, "cannot be read");
		return;
	}
	buf_puts(out, c->key_type);
	if (c->key_curve != NULL && strcmp(c->key_curve, c->key_type) != 0)
		buf_printf(out, " %s", c->key_curve);
	if (!is_edwards(c))
		buf_printf(out, ", %d bits", c->key_bits);
}

static void
put_key_field(struct view *v, const struct cert *c)
{
	BUF_CLEANUP struct buf text = { 0 };

	put_key(&text, c);
	put_field(v, "key", buf_str(&text), TEXT_BYTES);
}

static void
put_signature(struct view *v, const struct cert *c)
{
	struct pen *p = &v->pen;

	pen_field(p, MARK_INSIDE, PEN_DIM, "signed");
	if (c->self_signed) {
		pen_text(p, NULL, "by itself", TEXT_BYTES);
	} else {
		pen_text(p, NULL, "by '", TEXT_BYTES);
		pen_text(p, NULL, c->issuer_label, VIEW_LABEL_BYTES);
		pen_text(p, NULL, "'", TEXT_BYTES);
	}
	pen_printf(p, NULL, ", %s",
		*c->signature != '\0' ? c->signature : "unknown algorithm");
	pen_end(p);
}

void
view_cert(struct view *v, const struct cert *c)
{
	bool verbose = v->pen.opt->verbose > 0;

	put_names(v, c);
	put_dates(v, c);
	put_key_field(v, c);
	put_signature(v, c);
	put_field(v, "serial", c->serial, TEXT_BYTES);
	put_field(v, "sha256", c->sha256, TEXT_BYTES);
	if (verbose) {
		put_field(v, "subject", c->subject, TEXT_BYTES);
		put_field(v, "issuer", c->issuer, TEXT_BYTES);
	}
	if (verbose && c->issuer_url != NULL)
		put_field(v, "url", c->issuer_url, TEXT_BYTES);
	view_findings_of(v, c);
}

void
view_anchor(struct view *v, const struct cert *c)
{
	put_dates(v, c);
	put_key_field(v, c);
	put_field(v, "sha256", c->sha256, TEXT_BYTES);
	view_findings_of(v, c);
}

size_t
view_label_columns(const struct cert *certs, const bool *shown, size_t n)
{
	size_t columns = 0;

	for (size_t i = 0; i < n; i++) {
		size_t wide = text_width(certs[i].label);

		if ((shown == NULL || !shown[i]) && wide > columns &&
			wide <= MAX_LABEL)
			columns = wide;
	}
	return columns;
}

void
view_brief(struct view *v, const struct cert *c)
{
	BUF_CLEANUP struct buf key = { 0 };
	char to[MOMENT_SIZE];

	pen_pad(&v->pen, v->label_columns);
	buf_puts(&key, *c->key_type != '\0' ? c->key_type : "unknown key");
	if (c->key_curve != NULL && strcmp(c->key_curve, c->key_type) != 0)
		buf_printf(&key, " %s", c->key_curve);
	else if (c->key_bits > 0 && !is_edwards(c))
		buf_printf(&key, " %d", c->key_bits);
	if (c->has_dates) {
		pen_printf(&v->pen, NULL, "  %s, ",
			moment(c->not_after, v->now, to));
		put_left(v, c, false);
	} else {
		pen_text(&v->pen, PEN_BAD, "  dates unreadable", TEXT_BYTES);
	}
	pen_printf(&v->pen, NULL, ", %s", buf_str(&key));
}
