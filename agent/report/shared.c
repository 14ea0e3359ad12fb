/* shared.c - what several outputs say in the same words */
#include <inttypes.h>
#include <string.h>

#include "model/text.h"
#include "report/reports.h"

const char *const report_words[] = { "ok", "WARNING", "CRITICAL", "UNKNOWN" };

/* Green, yellow, red, magenta. */
const char *const report_colours[] = { "32", "33", "1;31", "35" };

#define PASS_BYTES ((size_t)64 * 1024)

void
report_pass(struct buf *out, const struct report_options *opt)
{
	if (opt->to == NULL || out->len < PASS_BYTES)
		return;
	(void)!fwrite(out->s, 1, out->len, opt->to);
	buf_reset(out);
}

/* Which of several it is, if it is not the one the target stands for. */
static void
put_end(struct buf *out, const struct result *r, const struct cert *c,
	time_t now)
{
	if (c != result_leaf(r) ||
		(role_is_ca(r->role) && r->seen->n_certs > 1))
		buf_printf(out, "'%s' ", c->label);
	duration_describe_end(out, c->not_after, now);
}

/* The dates, and before them what was to be found out besides. */
static void
put_good(struct buf *out, const struct result *r, const struct cert *c,
	time_t now)
{
	const struct finding *client = result_client(r);

	if (client != NULL)
		buf_printf(
			out, "%s; the server's certificate ", client->message);
	put_end(out, r, c, now);
}

/*
 * Of the two certificates that a test of a client certificate is about, and
 * both halves: what is told of the client's says so itself.
 */
static void
put_bad(struct buf *out, const struct result *r, const struct finding *lead)
{
	static const char *const spoken[] = { "client.", "endpoint.", "deploy.",
		"file." };
	const struct finding *client = result_client(r);
	bool says = r->client == NULL ||
		!client_is_asked_for(&r->target->client) ||
		strncmp(lead->message, "client ", 7) == 0;

	for (size_t i = 0; i < sizeof(spoken) / sizeof(spoken[0]); i++)
		says = says ||
			strncmp(lead->kind->id, spoken[i], strlen(spoken[i])) ==
				0;
	buf_printf(out, "%s%s",
		says ? "" : "the server's certificate: ", lead->message);
	if (client != NULL && lead->severity > SEV_OK)
		buf_printf(out, "; %s", client->message);
}

void
put_headline(struct buf *out, const struct result *r, time_t now)
{
	const struct finding *lead = findings_lead(&r->findings);
	const struct cert *c = result_first_to_end(r);

	if (lead != NULL &&
		(lead->severity > SEV_OK || c == NULL ||
			(r->store && r->seen->n_certs == 1)))
		put_bad(out, r, lead);
	else if (r->store && r->seen->n_certs > 1)
		buf_printf(out, "holds %zu CA certificates", r->seen->n_certs);
	else if (c != NULL)
		put_good(out, r, c, now);
	else
		buf_puts(out, "nothing to tell");
}

void
line_cut(struct buf *line, size_t max)
{
	size_t end = max - 3, back = 1;

	if (line->len <= max)
		return;
	while (((unsigned char)line->s[end] & 0xc0) == 0x80)
		end--;
	/* An escape has ten characters or less. */
	while (back < 10 && line->s[end - back] != '\\')
		back++;
	if (line->s[end - back] == '\\')
		end -= back;
	line->len = end;
	buf_puts(line, "...");
}

bool
time_left_of(const struct result *r, time_t now, struct time_left *out)
{
	const struct cert *c = result_first_to_end(r);

	/* Nobody graphs the ends of the distribution's roots. */
	if (c == NULL || r->store)
		return false;
	out->seconds = (int64_t)c->not_after - now;
	out->lifetime = (int64_t)c->not_after - c->not_before;
	out->warning = r->warning_at != 0 ? c->not_after - r->warning_at : 0;
	out->critical = r->critical_at != 0 ? c->not_after - r->critical_at : 0;
	return true;
}

static void
put_level(struct buf *out, int64_t seconds)
{
	buf_putc(out, ';');
	if (seconds > 0)
		buf_printf(out, "%" PRId64 ":", seconds);
}

void
put_levels(struct buf *out, const struct time_left *left)
{
	put_level(out, left->warning);
	put_level(out, left->critical);
	buf_printf(out, ";0;%" PRId64, left->lifetime);
}

void
put_role(struct buf *out, const struct result *r)
{
	const char *format = r->seen != NULL ? r->seen->format : NULL;

	if (r->target->kind != TARGET_FILE)
		return;
	if (r->role != ROLE_AUTO)
		buf_printf(out, "role: %s%s", role_name(r->role),
			r->target->role == ROLE_AUTO ? " (inferred)" : "");
	if (format != NULL)
		buf_printf(out, "%s%s",
			r->role != ROLE_AUTO ? ", " : "format: ", format);
}

void
put_summary(struct buf *out, const struct summary *s)
{
	static const enum severity order[] = { SEV_UNKNOWN, SEV_CRITICAL,
		SEV_WARNING, SEV_OK };
	const char *sep = ": ";
	size_t total = 0;

	for (size_t i = 0; i <= SEV_UNKNOWN; i++)
		total += s->n[i];
	text_count(out, total, "target", "targets");
	for (size_t i = 0; i < 4; i++) {
		if (s->n[order[i]] == 0)
			continue;
		buf_printf(out, "%s%zu %s", sep, s->n[order[i]],
			severity_name(order[i]));
		sep = ", ";
	}
}

void
put_last_scan(struct buf *out, time_t last, time_t now)
{
	char moment[MOMENT_SIZE];

	buf_printf(out, "Last scan: %s, ", moment_format(last, moment));
	if (last > now + MINUTE_S) {
		duration_describe(out, last - now);
		buf_puts(out, " ahead of the clock\n");
	} else {
		duration_describe(out, last > now ? 0 : now - last);
		buf_puts(out, " ago\n");
	}
}
