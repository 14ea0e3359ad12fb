/* checkmk.c - a line for each target, as Checkmk's agent has of local checks */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "report/reports.h"

/* A service's summary stands in a table, its details below each other. */
#define SUMMARY_BYTES 480
#define DETAIL_BYTES 2000

/*
 * What Checkmk would drop of a service's name, as its core has no use for it,
 * and the quotes that part it from the rest: two names stay two.
 */
static void
put_service(struct buf *out, const char *name)
{
	BUF_CLEANUP struct buf plain = { 0 };

	text_nagios(&plain, name);
	buf_puts(out, "\"Certificate ");
	for (const char *p = buf_str(&plain); *p != '\0'; p++)
		buf_putc(out, strchr("\"'`;~!$%^&*<>?,=\\", *p) ? '_' : *p);
	buf_putc(out, '"');
}

/* One word: "metric=value;warn;crit;min;max", "-" where there is none. */
static void
put_metric(struct buf *out, const struct result *r, time_t now)
{
	struct time_left left;

	if (!time_left_of(r, now, &left)) {
		buf_putc(out, '-');
		return;
	}
	buf_printf(out, "seconds_left=%" PRId64, left.seconds);
	put_levels(out, &left);
}

/* Text that no text from outside ends: "\n" there begins the next detail. */
static void
put_text(struct buf *out, const char *raw, size_t max)
{
	BUF_CLEANUP struct buf line = { 0 };

	text_nagios(&line, raw);
	line_cut(&line, max);
	buf_puts(out, buf_str(&line));
}

static void
put_details(struct buf *out, const struct result *r)
{
	for (int s = SEV_UNKNOWN; s > SEV_OK; s--) {
		for (size_t i = 0; i < r->findings.n; i++) {
			const struct finding *f = &r->findings.v[i];
			BUF_CLEANUP struct buf line = { 0 };

			if ((int)f->severity != s)
				continue;
			buf_printf(&line, "%s %s: %s",
				report_words[f->severity], f->kind->id,
				f->message);
			buf_puts(out, "\\n");
			put_text(out, buf_str(&line), DETAIL_BYTES);
			buf_puts(out, "\\n");
			put_text(out, finding_remedy(f), DETAIL_BYTES);
		}
	}
}

static void
put_result(struct buf *out, const struct result *r, time_t now)
{
	BUF_CLEANUP struct buf headline = { 0 };

	put_headline(&headline, r, now);
	buf_printf(out, "%d ", (int)r->status);
	put_service(out, r->target->name);
	buf_putc(out, ' ');
	put_metric(out, r, now);
	buf_putc(out, ' ');
	put_text(out, buf_str(&headline), SUMMARY_BYTES);
	put_details(out, r);
	buf_putc(out, '\n');
}

static void
checkmk_render(struct buf *out, const struct results *rs,
	const struct report_options *opt)
{
	size_t *order = results_worst_first(rs);

	for (size_t i = 0; i < rs->n; i++) {
		put_result(out, rs->v[order[i]], rs->time);
		report_pass(out, opt);
	}
	free(order);
}

const struct report report_checkmk = {
	.name = "checkmk",
	.help = "a service for each target, as Checkmk's local checks do",
	.render = checkmk_render,
};
