/* nagios.c - one line for Nagios, Icinga and Checkmk, and long output */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "report/reports.h"

static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

/*
 * 'label'=value;warn;crit;min;max (Monitoring Plugins guidelines 3.0.3). The
 * thresholds are ranges: "2592000:" alerts below 30 days.
 */
static void
put_perfdata(struct buf *out, const struct result *r, time_t now, bool *first)
{
	const struct cert *c = result_first_to_end(r);
	BUF_CLEANUP struct buf name = { 0 };
	const struct settings *set = &r->target->set;
	int64_t lifetime;

	/* Nobody graphs the ends of the distribution's roots. */
	if (c == NULL || r->store)
		return;
	lifetime = (int64_t)c->not_after - c->not_before;
	text_nagios(&name, r->target->name);
	buf_puts(out, *first ? " | '" : " '");
	*first = false;
	for (const char *p = buf_str(&name); *p != '\0'; p++) {
		if (*p == '\'')
			buf_puts(out, "''");
		else if (*p == '=')
			buf_putc(out, '_');
		else
			buf_putc(out, *p);
	}
	buf_printf(out, "'=%" PRId64 "s;%" PRId64 ":;%" PRId64 ":;0;%" PRId64,
		(int64_t)c->not_after - now,
		threshold_seconds(&set->warning, lifetime),
		threshold_seconds(&set->critical, lifetime), lifetime);
}

static void
put_target(struct buf *out, const struct result *r, time_t now)
{
	BUF_CLEANUP struct buf line = { 0 };
	size_t more = 0;

	buf_printf(&line, "%s: ", r->target->name);
	put_headline(&line, r, now);
	for (size_t i = 0; i < r->findings.n; i++)
		more += r->findings.v[i].severity > SEV_OK;
	if (more > 1)
		buf_printf(&line, " (+%zu more)", more - 1);
	text_nagios(out, buf_str(&line));
}

/* What -vvv tells of each certificate. */
static void
put_chain(struct buf *out, const struct result *r, time_t now)
{
	BUF_CLEANUP struct buf role = { 0 };

	put_role(&role, r);
	if (role.len > 0) {
		buf_puts(out, "  ");
		text_nagios(out, buf_str(&role));
		buf_putc(out, '\n');
	}
	for (size_t i = 0; r->seen != NULL && i < r->seen->n_certs; i++) {
		const struct cert *c = &r->seen->certs[i];
		BUF_CLEANUP struct buf line = { 0 };

		buf_printf(&line, "%zu: %s, issued by %s, serial %s, ", i,
			c->subject, c->issuer, c->serial);
		if (c->has_dates)
			duration_describe_end(&line, c->not_after, now);
		else
			buf_puts(&line, "dates unreadable");
		buf_puts(out, "  ");
		text_nagios(out, buf_str(&line));
		buf_putc(out, '\n');
	}
}

static void
put_finding(struct buf *out, const struct finding *f, unsigned verbose)
{
	buf_printf(out, "  %s %s: ", words[f->severity], f->kind->id);
	text_nagios(out, f->message);
	buf_putc(out, '\n');
	if (verbose >= 2 && f->severity > SEV_OK) {
		buf_puts(out, "    ");
		text_nagios(out, finding_remedy(f));
		buf_putc(out, '\n');
	}
}

static void
put_long(struct buf *out, const struct result *r, time_t now, unsigned verbose)
{
	buf_printf(out, "[%s] ", words[r->status]);
	text_nagios(out, r->target->name);
	if (strcmp(r->target->name, r->target->address) != 0) {
		buf_puts(out, " ");
		text_nagios(out, r->target->address);
	}
	buf_putc(out, '\n');
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
	struct summary s = results_summary(rs);
	size_t *order = results_worst_first(rs);
	bool first = true;

	buf_printf(out, "CERTVIGIL %s - ", words[s.worst]);
	if (rs->n != 1)
		put_summary(out, &s);
	if (rs->n > 1)
		buf_puts(out, "; ");
	if (rs->n > 0)
		put_target(out, rs->v[order[0]], rs->time);
	for (size_t i = 0; i < rs->n; i++) {
		put_perfdata(out, rs->v[i], rs->time, &first);
		report_pass(out, opt);
	}
	buf_putc(out, '\n');
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
