/* status_age.c - is the agent itself at work? One line for Nagios */
#include <inttypes.h>

#include "commands/status.h"
#include "model/text.h"

static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

/* "3 hours 10 minutes": two units tell it from a limit of three hours. */
static void
put_span(struct buf *out, int64_t seconds)
{
	static const int64_t units[] = { DAY_S, HOUR_S, MINUTE_S, 1 };
	size_t i = 0;

	while (units[i] > seconds && units[i] > 1)
		i++;
	duration_describe(out, seconds - seconds % units[i]);
	seconds %= units[i];
	/* Nobody minds the seconds of minutes. */
	if (units[i] > MINUTE_S && seconds >= units[i + 1]) {
		buf_putc(out, ' ');
		duration_describe(out, seconds - seconds % units[i + 1]);
	}
}

static enum severity
judge_scan(struct buf *out, time_t last, time_t now, int64_t max_age_s)
{
	char moment[MOMENT_SIZE];

	if (last == 0) {
		buf_puts(out, "no complete scan yet (want one within ");
		put_span(out, max_age_s);
		buf_putc(out, ')');
		return SEV_CRITICAL;
	}
	/*
	 * Nobody can say how old it is: the clock was set back since. A
	 * little ahead counts as now, and only delays what is told below.
	 */
	if (last - now > max_age_s) {
		buf_printf(out, "last complete scan is dated %s, ",
			moment_format(last, moment));
		put_span(out, last - now);
		buf_puts(out, " ahead of the clock; a scan puts it right");
		return SEV_WARNING;
	}
	buf_puts(out, "last complete scan ");
	put_span(out, last < now ? now - last : 0);
	buf_puts(out, " ago");
	if (now - last <= max_age_s)
		return SEV_OK;
	buf_puts(out, " (want within ");
	put_span(out, max_age_s);
	buf_putc(out, ')');
	return SEV_CRITICAL;
}

/* The first of several messages says why, for the others are like it. */
static void
put_messages(struct buf *out, size_t n, const struct message *first,
	const char *what)
{
	if (n == 0)
		return;
	buf_puts(out, "; ");
	text_count(out, n, "message", "messages");
	buf_printf(out, " %s (%s", what, first->notifier);
	if (first->last_answer != NULL)
		buf_printf(out, ": %s", first->last_answer);
	buf_putc(out, ')');
}

static enum severity
judge_messages(struct buf *out, const struct messages *ms, time_t now,
	int64_t max_age_s)
{
	const struct message *given_up = NULL, *late = NULL;
	size_t n_given_up = 0, n_late = 0;

	for (size_t i = 0; i < ms->n; i++) {
		const struct message *m = &ms->v[i];

		if (m->gave_up) {
			given_up = n_given_up++ == 0 ? m : given_up;
		} else if (now - m->created_at > max_age_s) {
			late = n_late++ == 0 ? m : late;
		}
	}
	put_messages(out, n_given_up, given_up, "given up");
	put_messages(out, n_late, late, "not delivered for long");
	return n_given_up + n_late > 0 ? SEV_WARNING : SEV_OK;
}

static size_t
count_given_up(const struct messages *ms)
{
	size_t n = 0;

	for (size_t i = 0; i < ms->n; i++)
		n += ms->v[i].gave_up;
	return n;
}

/* Thresholds are ranges: "0:7200" alerts beyond 7200. */
static void
put_perfdata(struct buf *out, const struct memory *m, const struct messages *ms,
	int64_t max_age_s)
{
	size_t given_up = count_given_up(ms);
	time_t last = m->targets.last_scan;

	if (last == 0)
		buf_puts(out, " | age=U");
	else
		buf_printf(out, " | age=%" PRId64 "s",
			last < m->now ? (int64_t)(m->now - last) : 0);
	buf_printf(out, ";;0:%" PRId64 ";0 undelivered=%zu;;;0 given_up=%zu",
		max_age_s, ms->n - given_up, given_up);
	buf_puts(out, ";0:0;;0\n");
}

int
status_put_age(struct buf *out, const struct memory *m,
	const struct messages *messages, int64_t max_age_s)
{
	BUF_CLEANUP struct buf text = { 0 };
	enum severity scan = judge_scan(
		&text, m->targets.last_scan, m->now, max_age_s);
	enum severity told = judge_messages(&text, messages, m->now, max_age_s);
	enum severity worst = scan > told ? scan : told;

	buf_printf(out, "CERTVIGIL %s - ", words[worst]);
	text_nagios(out, buf_str(&text));
	put_perfdata(out, m, messages, max_age_s);
	return (int)worst;
}
