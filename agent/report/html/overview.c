/* overview.c - how it stands, in one look, and whether that is fresh */
#include "report/html/html.h"

/*
 * The timer that comes along scans every hour. Twice a day is what slower
 * ones do, and one that missed two of those does not run.
 */
#define OLD_SCAN_S (26 * HOUR_S)
/* A clock that is off by less is nobody's concern. */
#define AHEAD_S (5 * MINUTE_S)

static void
begin_notice(struct buf *out, enum severity s)
{
	buf_printf(out, "<p class=\"notice %s\"><b class=\"sign\">%s</b> ",
		severity_name(s), severity_name(s));
}

static void
put_freshness(struct html_page *p)
{
	const struct standing *st = p->standing;
	struct buf *out = p->out;

	if (st == NULL)
		return;
	if (st->last_scan == 0) {
		begin_notice(out, SEV_WARNING);
		buf_puts(out,
			"No scan has been made yet: <code>certvigil "
			"scan</code> makes one.</p>\n");
	} else if (st->now - st->last_scan > OLD_SCAN_S) {
		begin_notice(out, SEV_CRITICAL);
		buf_puts(out, "The last scan was ");
		html_put_relative(out, st->last_scan, st->now);
		buf_puts(out,
			". What follows is what was known then. See whether "
			"the timer runs: <code>systemctl status "
			"certvigil.timer certvigil.service</code></p>\n");
	} else if (st->last_scan - st->now > AHEAD_S) {
		begin_notice(out, SEV_WARNING);
		buf_puts(out,
			"The last scan is ahead of the clock: one of the two "
			"clocks is wrong.</p>\n");
	}
}

static void
put_messages(struct html_page *p)
{
	const struct standing *st = p->standing;
	struct buf *out = p->out;

	if (st == NULL || st->n_waiting + st->n_given_up == 0)
		return;
	begin_notice(out, st->n_given_up > 0 ? SEV_CRITICAL : SEV_WARNING);
	if (st->n_given_up > 0) {
		html_put_count(out, st->n_given_up, "message was given up",
			"messages were given up");
		buf_puts(out, ": nobody was told what they say");
	}
	if (st->n_waiting > 0) {
		buf_puts(out, st->n_given_up > 0 ? "; " : "");
		html_put_count(out, st->n_waiting,
			"message is not delivered yet",
			"messages are not delivered yet");
	}
	buf_puts(out, ". <code>certvigil status</code> tells why.</p>\n");
}

/* A sentence, for who reads no further. */
static void
put_verdict(struct html_page *p)
{
	size_t n[SEV_UNKNOWN + 1] = { 0 };
	struct buf *out = p->out;

	for (size_t i = 0; i < p->rs->n; i++)
		n[p->concerns[i].loud]++;
	buf_puts(out, "<p class=\"verdict\">");
	if (p->rs->n == 0) {
		buf_puts(out, "No target is known.");
	} else if (n[SEV_OK] == p->rs->n) {
		buf_puts(out,
			p->rs->n == 1 ? "The target is well."
				      : "All targets are well.");
	} else {
		size_t now = n[SEV_CRITICAL] + n[SEV_UNKNOWN];

		if (now > 0)
			html_put_count(out, now, "target needs somebody now",
				"targets need somebody now");
		if (n[SEV_WARNING] > 0) {
			buf_puts(out, now > 0 ? ", " : "");
			html_put_count(out, n[SEV_WARNING],
				now > 0 ? "soon" : "target needs somebody soon",
				now > 0 ? "soon"
					: "targets need somebody soon");
		}
		buf_puts(out, ".");
	}
	buf_puts(out, "</p>\n");
}

static void
put_tile(struct buf *out, size_t n, const char *word)
{
	buf_printf(out, "<li class=\"%s\"><b>", word);
	html_put_count(out, n, NULL, NULL);
	buf_printf(out, "</b> <span>%s</span></li>\n", word);
}

static void
put_tiles(struct html_page *p)
{
	static const enum severity order[] = { SEV_UNKNOWN, SEV_CRITICAL,
		SEV_WARNING, SEV_OK };
	struct summary s = results_summary(p->rs);
	struct buf *out = p->out;
	size_t hushed = 0;

	for (size_t i = 0; i < p->rs->n; i++)
		hushed += p->concerns[i].hushed;
	buf_puts(out, "<ul class=\"tiles\">\n");
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (order[i] != SEV_UNKNOWN || s.n[SEV_UNKNOWN] > 0)
			put_tile(out, s.n[order[i]], severity_name(order[i]));
	}
	if (hushed > 0)
		put_tile(out, hushed, "silenced");
	buf_puts(out, "</ul>\n");
}

void
html_put_overview(struct html_page *p)
{
	const struct standing *st = p->standing;
	time_t looked = st != NULL ? st->last_scan : p->rs->time;
	struct buf *out = p->out;

	put_verdict(p);
	/* Who reads it later is told so by the script. */
	buf_puts(out, "<p id=\"aged\" class=\"notice warning\" hidden></p>\n");
	buf_puts(out, "<p class=\"note\">");
	html_put_count(out, p->rs->n, "target", "targets");
	if (looked > 0) {
		buf_puts(out, st != NULL ? ", last scan " : ", looked at ");
		html_put_moment(out, looked);
		if (st != NULL && looked <= p->now) {
			buf_puts(out, ", ");
			html_put_relative(out, looked, p->now + 1);
		}
	}
	buf_puts(out, "</p>\n");
	put_freshness(p);
	put_messages(p);
	put_tiles(p);
}
