/* nagios.c - one line for Nagios, Icinga and their kin, and long output */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "report/reports.h"

static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

/* The status text is read in a table, a mail's subject, on a pager. */
#define TEXT_BYTES 480
#define LONG_BYTES 2000

/*
 * Nagios 4.4 and Icinga 2.13 take hundreds of kilobytes of an active check.
 * NRPE from 3.0 on, and what Icinga's IDO keeps in a column, end at 64 KiB, and
 * half a number would be drawn as a whole one: what does not fit is left out.
 */
#define PERFDATA_BYTES (60 * 1024)

/*
 * Guidelines 2.6: a quote is doubled, and "=" is none of a label. Icinga takes
 * what stands before "::", as in an IPv6 address, for the first part of all
 * labels that follow (its check_multi).
 */
static void
put_label(struct buf *out, const char *name)
{
	BUF_CLEANUP struct buf plain = { 0 };
	char before = '\0';

	text_nagios(&plain, *name != '\0' ? name : "target");
	buf_putc(out, '\'');
	for (const char *p = buf_str(&plain); *p != '\0'; before = *p++) {
		if (*p == '\'')
			buf_puts(out, "''");
		else if (*p == '=')
			buf_putc(out, '_');
		else if (*p == ':' && before == ':')
			buf_puts(out, "_:");
		else
			buf_putc(out, *p);
	}
	buf_putc(out, '\'');
}

/* 'label'=value;warn;crit;min;max, of what is left of it in seconds. */
static void
put_measure(struct buf *out, const struct result *r, time_t now)
{
	struct time_left left;

	if (!time_left_of(r, now, &left))
		return;
	put_label(out, r->target->name);
	buf_printf(out, "=%" PRId64 "s", left.seconds);
	put_levels(out, &left);
}

/* What it took, as check_http and check_tcp tell it. */
static void
put_time(struct buf *out, const struct result *r)
{
	if (r->target->kind != TARGET_ENDPOINT || !r->looked ||
		r->duration_ms < 0)
		return;
	buf_printf(out, " 'time'=%" PRId64 ".%03ds;;;0;%" PRId64,
		r->duration_ms / 1000, (int)(r->duration_ms % 1000),
		(r->target->set.timeout_ms + 999) / 1000);
}

/*
 * In the order of the targets, so that the same are told each time. Returns of
 * how many there is no room.
 */
static size_t
put_perfdata(struct buf *out, const struct results *rs)
{
	size_t left_out = 0;

	for (size_t i = 0; i < rs->n; i++) {
		BUF_CLEANUP struct buf one = { 0 };

		put_measure(&one, rs->v[i], rs->time);
		if (one.len == 0)
			continue;
		if (left_out > 0 || out->len + one.len >= PERFDATA_BYTES) {
			left_out++;
			continue;
		}
		buf_puts(out, out->len > 0 ? " " : "");
		buf_add(out, one.s, one.len);
	}
	if (rs->n == 1 && out->len > 0)
		put_time(out, rs->v[0]);
	return left_out;
}

/* Text from outside, on a line of its own. */
static void
put_line(struct buf *out, const char *indent, const char *raw)
{
	BUF_CLEANUP struct buf line = { 0 };

	text_nagios(&line, raw);
	line_cut(&line, LONG_BYTES);
	buf_printf(out, "%s%s\n", indent, buf_str(&line));
}

/* The worst of all, as one would tell it on the telephone. */
static void
put_worst(struct buf *out, const struct result *r, time_t now)
{
	BUF_CLEANUP struct buf raw = { 0 }, line = { 0 };
	size_t more = 0;

	buf_printf(&raw, "%s: ", r->target->name);
	put_headline(&raw, r, now);
	text_nagios(&line, buf_str(&raw));
	line_cut(&line, TEXT_BYTES);
	buf_puts(out, buf_str(&line));
	for (size_t i = 0; i < r->findings.n; i++)
		more += r->findings.v[i].severity > SEV_OK;
	if (more > 1)
		buf_printf(out, " (+%zu more)", more - 1);
}

/* What -vvv tells of each certificate. */
static void
put_chain(struct buf *out, const struct result *r, time_t now)
{
	BUF_CLEANUP struct buf role = { 0 };

	put_role(&role, r);
	if (role.len > 0)
		put_line(out, "  ", buf_str(&role));
	for (size_t i = 0; r->seen != NULL && i < r->seen->n_certs; i++) {
		const struct cert *c = &r->seen->certs[i];
		BUF_CLEANUP struct buf line = { 0 };

		buf_printf(&line, "%zu: %s, issued by %s, serial %s, ", i,
			c->subject, c->issuer, c->serial);
		if (c->has_dates)
			duration_describe_end(&line, c->not_after, now);
		else
			buf_puts(&line, "dates unreadable");
		put_line(out, "  ", buf_str(&line));
	}
}

static void
put_finding(struct buf *out, const struct finding *f, unsigned verbose)
{
	BUF_CLEANUP struct buf line = { 0 };

	buf_printf(&line, "%s %s: %s", words[f->severity], f->kind->id,
		f->message);
	put_line(out, "  ", buf_str(&line));
	if (verbose >= 2 && f->severity > SEV_OK)
		put_line(out, "    ", finding_remedy(f));
}

static void
put_long(struct buf *out, const struct result *r, time_t now, unsigned verbose)
{
	const struct target *t = r->target;
	bool same = strcmp(t->name, t->address) == 0;
	BUF_CLEANUP struct buf line = { 0 };

	buf_printf(&line, "[%s] %s%s%s", words[r->status], t->name,
		same ? "" : " ", same ? "" : t->address);
	put_line(out, "", buf_str(&line));
	for (int s = SEV_UNKNOWN; s >= SEV_OK; s--) {
		for (size_t i = 0; i < r->findings.n; i++) {
			if ((int)r->findings.v[i].severity == s)
				put_finding(out, &r->findings.v[i], verbose);
		}
	}
	if (verbose >= 3)
		put_chain(out, r, now);
}

static void
nagios_render(struct buf *out, const struct results *rs,
	const struct report_options *opt)
{
	BUF_CLEANUP struct buf perfdata = { 0 };
	struct summary s = results_summary(rs);
	size_t *order = results_worst_first(rs);
	size_t left_out = put_perfdata(&perfdata, rs);

	buf_printf(out, "CERTVIGIL %s - ", words[s.worst]);
	if (rs->n != 1)
		put_summary(out, &s);
	if (rs->n > 1)
		buf_puts(out, "; ");
	if (rs->n > 0)
		put_worst(out, rs->v[order[0]], rs->time);
	if (left_out > 0)
		buf_printf(out, "; no performance data of %zu, too many",
			left_out);
	buf_printf(out, "%s%s\n", perfdata.len > 0 ? " | " : "",
		buf_str(&perfdata));
	for (size_t i = 0; opt->verbose > 0 && i < rs->n; i++) {
		put_long(out, rs->v[order[i]], rs->time, opt->verbose);
		report_pass(out, opt);
	}
	free(order);
}

const struct report report_nagios = {
	.name = "nagios",
	.help = "one line and performance data, as monitoring plugins do",
	.render = nagios_render,
};
