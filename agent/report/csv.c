/* csv.c - a certificate a row, for spreadsheets and scripts (RFC 4180) */
#include <inttypes.h>
#include <string.h>

#include "model/text.h"
#include "report/reports.h"

/* Excel cuts a cell at 32767 characters without a word. */
#define CELL_BYTES 32000

/* One line of the table: a certificate, or a target without any. */
struct row {
	const struct result *r;
	const struct cert *c; /* NULL: none was seen */
	size_t position;
	time_t now;
	/* The target's, found out once for all its rows. */
	const struct cert *dated; /* that its dates are about, or NULL */
	const char *findings, *message;
};

struct column {
	const char *name;
	void (*put)(struct buf *out, const struct row *row);
};

/* Text from outside, or of our own that quotes it. */
static void
put_text(struct buf *out, const char *raw)
{
	BUF_CLEANUP struct buf plain = { 0 };

	if (raw == NULL || *raw == '\0')
		return;
	text_plain(&plain, raw);
	line_cut(&plain, CELL_BYTES);
	text_csv(out, buf_str(&plain));
}

/* What stands side by side in a cell is parted by blanks: names have none. */
static void
put_list(struct buf *out, const char *const *v, size_t n)
{
	BUF_CLEANUP struct buf list = { 0 };

	for (size_t i = 0; i < n && list.len <= CELL_BYTES; i++)
		buf_printf(&list, "%s%s", i > 0 ? " " : "", v[i]);
	put_text(out, buf_str(&list));
}

/* 0: there is none. */
static void
put_moment(struct buf *out, time_t t)
{
	char text[MOMENT_SIZE];

	if (t != 0)
		buf_puts(out, moment_format(t, text));
}

/*
 * With "0x" before it: a spreadsheet takes 10e1 for a hundred, and rounds what
 * has more than 15 digits.
 */
static void
put_hex(struct buf *out, const char *digits)
{
	BUF_CLEANUP struct buf text = { 0 };

	if (*digits == '\0')
		return;
	buf_printf(&text, "0x%s", digits);
	put_text(out, buf_str(&text));
}

static void
put_status(struct buf *out, const struct row *row)
{
	buf_puts(out, severity_name(row->r->status));
}

static void
put_target(struct buf *out, const struct row *row)
{
	put_text(out, row->r->target->name);
}

static void
put_owner(struct buf *out, const struct row *row)
{
	put_text(out, row->r->target->owner);
}

static void
put_tags(struct buf *out, const struct row *row)
{
	put_list(out, row->r->target->tags.v, row->r->target->tags.n);
}

static void
put_kind(struct buf *out, const struct row *row)
{
	buf_puts(out,
		row->r->target->kind == TARGET_ENDPOINT ? "endpoint" : "file");
}

static void
put_address(struct buf *out, const struct row *row)
{
	put_text(out, row->r->target->address);
}

static void
put_position(struct buf *out, const struct row *row)
{
	if (row->c != NULL)
		buf_printf(out, "%zu", row->position);
}

static void
put_subject(struct buf *out, const struct row *row)
{
	if (row->c != NULL)
		put_text(out, row->c->subject);
}

static void
put_names(struct buf *out, const struct row *row)
{
	if (row->c != NULL)
		put_list(out, (const char *const *)row->c->names.v,
			row->c->names.n);
}

static void
put_issuer(struct buf *out, const struct row *row)
{
	if (row->c != NULL)
		put_text(out, row->c->issuer);
}

static void
put_not_before(struct buf *out, const struct row *row)
{
	char text[MOMENT_SIZE];

	if (row->c != NULL && row->c->has_dates)
		buf_puts(out, moment_format(row->c->not_before, text));
}

static void
put_not_after(struct buf *out, const struct row *row)
{
	char text[MOMENT_SIZE];

	if (row->c != NULL && row->c->has_dates)
		buf_puts(out, moment_format(row->c->not_after, text));
}

static void
put_days_left(struct buf *out, const struct row *row)
{
	if (row->c != NULL && row->c->has_dates)
		buf_printf(out, "%" PRId64,
			days_floor((int64_t)row->c->not_after - row->now));
}

static void
put_warning_at(struct buf *out, const struct row *row)
{
	if (row->c != NULL && row->c == row->dated)
		put_moment(out, row->r->warning_at);
}

static void
put_critical_at(struct buf *out, const struct row *row)
{
	if (row->c != NULL && row->c == row->dated)
		put_moment(out, row->r->critical_at);
}

static void
put_order_by(struct buf *out, const struct row *row)
{
	char text[MOMENT_SIZE];

	if (row->c != NULL && row->c == row->dated && row->r->order_by != 0)
		buf_puts(out, moment_date(row->r->order_by, text));
}

static void
put_key(struct buf *out, const struct row *row)
{
	BUF_CLEANUP struct buf text = { 0 };

	if (row->c == NULL || *row->c->key_type == '\0')
		return;
	buf_printf(&text, "%s %d", row->c->key_type, row->c->key_bits);
	put_text(out, buf_str(&text));
}

static void
put_signature(struct buf *out, const struct row *row)
{
	if (row->c != NULL)
		put_text(out, row->c->signature);
}

static void
put_serial(struct buf *out, const struct row *row)
{
	if (row->c != NULL)
		put_hex(out, row->c->serial);
}

static void
put_sha256(struct buf *out, const struct row *row)
{
	if (row->c != NULL)
		put_hex(out, row->c->sha256);
}

static void
put_findings(struct buf *out, const struct row *row)
{
	put_text(out, row->findings);
}

static void
put_message(struct buf *out, const struct row *row)
{
	put_text(out, row->message);
}

static void
put_observed_at(struct buf *out, const struct row *row)
{
	put_moment(out, row->r->observed_at);
}

/* What is new comes last: scripts may count columns. */
static const struct column columns[] = {
	{ "status", put_status },
	{ "target", put_target },
	{ "owner", put_owner },
	{ "tags", put_tags },
	{ "kind", put_kind },
	{ "address", put_address },
	{ "position", put_position },
	{ "subject", put_subject },
	{ "names", put_names },
	{ "issuer", put_issuer },
	{ "not_before", put_not_before },
	{ "not_after", put_not_after },
	{ "days_left", put_days_left },
	{ "warning_at", put_warning_at },
	{ "critical_at", put_critical_at },
	{ "order_by", put_order_by },
	{ "key", put_key },
	{ "signature", put_signature },
	{ "serial", put_serial },
	{ "sha256", put_sha256 },
	{ "findings", put_findings },
	{ "message", put_message },
	{ "observed_at", put_observed_at },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/*
 * No byte order mark before it. Excel wants one for letters beyond ASCII, when
 * a file is opened by a double click; but to whatever reads RFC 4180 it is a
 * part of the first column's name, and most of what stands here is ASCII.
 */
static void
put_heading(struct buf *out)
{
	for (size_t i = 0; i < COLUMNS; i++)
		buf_printf(out, "%s%s", i > 0 ? "," : "", columns[i].name);
	buf_puts(out, "\r\n");
}

static void
put_row(struct buf *out, const struct row *row)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		if (i > 0)
			buf_putc(out, ',');
		columns[i].put(out, row);
	}
	buf_puts(out, "\r\n");
}

/* SEV_OK: there is none, or it is but a note. */
static enum severity
worst_of(const struct findings *fs, const struct finding_kind *kind)
{
	enum severity worst = SEV_OK;

	for (size_t i = 0; i < fs->n; i++) {
		if (fs->v[i].kind == kind && fs->v[i].severity > worst)
			worst = fs->v[i].severity;
	}
	return worst;
}

/* Each id once, the worst first. */
static void
list_findings(struct buf *out, const struct findings *fs)
{
	const struct finding_kind *kind;

	if (fs->n == 0)
		return;
	for (int s = SEV_UNKNOWN; s > SEV_OK; s--) {
		for (size_t i = 0; (kind = finding_kind_at(i)) != NULL; i++) {
			if ((int)worst_of(fs, kind) == s)
				buf_printf(out, "%s%s", out->len > 0 ? " " : "",
					kind->id);
		}
	}
}

/*
 * A store of roots is one row: its certificates are the distribution's, and
 * would be taken for the ones that somebody has to renew.
 */
static void
put_result(struct buf *out, const struct result *r, time_t now,
	const struct report_options *opt)
{
	BUF_CLEANUP struct buf findings = { 0 }, message = { 0 };
	struct row row = { .r = r, .now = now };
	size_t n = r->seen != NULL && !r->store ? r->seen->n_certs : 0;

	list_findings(&findings, &r->findings);
	put_headline(&message, r, now);
	row.dated = result_first_to_end(r);
	row.findings = buf_str(&findings);
	row.message = buf_str(&message);
	if (n == 0)
		put_row(out, &row);
	for (size_t i = 0; i < n; i++) {
		row.c = &r->seen->certs[i];
		row.position = i;
		put_row(out, &row);
		report_pass(out, opt);
	}
}

static void
csv_render(struct buf *out, const struct results *rs,
	const struct report_options *opt)
{
	put_heading(out);
	for (size_t i = 0; i < rs->n; i++) {
		put_result(out, rs->v[i], rs->time, opt);
		report_pass(out, opt);
	}
}

const struct report report_csv = {
	.name = "csv",
	.help = "a certificate a row, for spreadsheets",
	.render = csv_render,
};
