/* ics.c - a calendar of what ends and what is to be ordered (RFC 5545) */
#include <inttypes.h>
#include <string.h>

#include <openssl/evp.h>

#include "model/text.h"
#include "report/ics.h"
#include "report/reports.h"

/* RFC 5545, 3.1: octets of a line, its end not counted. */
#define LINE_OCTETS 75

#define NAME_BYTES 200

/*
 * RFC 5280, 4.1.2.5: what ends in the last second of 9999 never does. And from
 * that year some time zones lead where no calendar goes.
 */
#define NEVER INT64_C(253370764800) /* 9999-01-01T00:00:00Z */

/* How often a program looks again; the timer scans no less often. */
#define REFRESH "PT6H"

/* What a target has in the calendar: at most one of each of these. */
struct entry {
	const char *name; /* part of the UID: never changed */
	const char *finding; /* whose words on what to do it takes */
	bool whole_day; /* else at a moment */
	time_t (*when)(const struct result *r, const struct cert *c);
	const char *summary; /* behind the target's name */
};

struct event {
	const struct entry *kind;
	const struct result *r;
	const struct cert *c; /* result_first_to_end(): there is one */
	time_t when;
};

static time_t
when_it_ends(const struct result *r, const struct cert *c)
{
	(void)r;
	return c->not_after;
}

/* 0: never, or it would be warned of from its first day on. */
static time_t
when_to_renew(const struct result *r, const struct cert *c)
{
	return r->warning_at > c->not_before ? r->warning_at : 0;
}

static time_t
when_to_order(const struct result *r, const struct cert *c)
{
	(void)c;
	return r->order_by;
}

/*
 * The end is a moment, which a calendar shows at the reader's own time: what
 * ends at 23:59 in UTC ends on the next day in Berlin. The others are days.
 */
static const struct entry kinds[] = {
	{ "expiry", "expiry.soon", false, when_it_ends, "certificate expires" },
	{ "warning", "expiry.soon", true, when_to_renew,
		"time to renew the certificate" },
	{ "order-by", "expiry.order-by", true, when_to_order,
		"last day to order a certificate" },
};

/* RFC 7986, 5.9, by severity: names of CSS. */
static const char *const colours[] = { "seagreen", "orange", "crimson",
	"mediumpurple" };

/*
 * Append a line of content, folded. Only whole characters stand on a line, as
 * programs decode them line by line.
 */
static void
put_line(struct buf *out, const struct buf *line)
{
	size_t room = LINE_OCTETS;
	const char *s = buf_str(line);

	while (strlen(s) > room) {
		size_t n = room;

		while (((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
		buf_add(out, s, n);
		buf_puts(out, "\r\n ");
		s += n;
		room = LINE_OCTETS - 1; /* the blank is one of them */
	}
	buf_puts(out, s);
	buf_puts(out, "\r\n");
}

/* A property whose value is of our own making. */
static void
put_own(struct buf *out, const char *name, const char *value)
{
	BUF_CLEANUP struct buf line = { 0 };

	buf_printf(&line, "%s:%s", name, value);
	put_line(out, &line);
}

/* "20261202T235959Z" or "20261202"; the year has four digits. */
static void
put_moment(struct buf *out, const char *name, time_t t, bool whole_day)
{
	BUF_CLEANUP struct buf line = { 0 };
	struct tm tm = { 0 };

	(void)gmtime_r(&t, &tm);
	buf_printf(&line, "%s%s:%04d%02d%02d", name,
		whole_day ? ";VALUE=DATE" : "", tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday);
	if (!whole_day)
		buf_printf(&line, "T%02d%02d%02dZ", tm.tm_hour, tm.tm_min,
			tm.tm_sec);
	put_line(out, &line);
}

/*
 * The same for a target and a kind for ever, so that a renewal moves the entry
 * that everybody has. It tells nothing of the target.
 */
static void
put_uid(struct buf *out, const struct event *e)
{
	BUF_CLEANUP struct buf key = { 0 }, uid = { 0 };
	unsigned char md[EVP_MAX_MD_SIZE] = { 0 };
	size_t n = sizeof(md);

	buf_printf(&key, "%s\n%s", e->kind->name, e->r->target->name);
	(void)EVP_Q_digest(
		NULL, "SHA256", NULL, buf_str(&key), key.len, md, &n);
	for (size_t i = 0; i < 16; i++)
		buf_printf(&uid, "%02x", md[i]);
	buf_puts(&uid, "@certvigil");
	put_own(out, "UID", buf_str(&uid));
}

/*
 * It has to grow when an entry is moved (RFC 5545, 3.8.7.4), and nobody
 * remembers here what it was: a renewed certificate is valid from a later
 * moment on. The newest one of all counts, as one that was not renewed may be
 * the next to end. In steps of four seconds, 31 bits last until 2242.
 */
static void
put_sequence(struct buf *out, const struct event *e)
{
	const struct observation *ob = e->r->seen;
	BUF_CLEANUP struct buf text = { 0 };
	int64_t newest = 0;

	for (size_t i = 0; i < ob->n_certs; i++) {
		const struct cert *c = &ob->certs[i];

		if (c->has_dates && c->not_before > newest)
			newest = c->not_before;
	}
	newest /= 4;
	buf_printf(&text, "%" PRId64, newest < INT32_MAX ? newest : INT32_MAX);
	put_own(out, "SEQUENCE", buf_str(&text));
}

static void
put_description(struct buf *out, const struct event *e)
{
	BUF_CLEANUP struct buf line = { 0 };

	buf_puts(&line, "DESCRIPTION:");
	ics_describe(&line, e->r, e->c, e->kind->finding);
	put_line(out, &line);
}

static void
put_summary_line(struct buf *out, const struct event *e)
{
	BUF_CLEANUP struct buf line = { 0 }, name = { 0 };

	text_plain(&name, e->r->target->name);
	line_cut(&name, NAME_BYTES);
	buf_puts(&line, "SUMMARY:");
	text_ics(&line, buf_str(&name));
	buf_printf(&line, ": %s", e->kind->summary);
	put_line(out, &line);
}

/*
 * No alarm: the agent tells people itself, and nobody who subscribes wants two
 * hundred of them. TRANSPARENT: it takes nobody's time.
 */
static void
put_event(struct buf *out, const struct event *e, time_t now)
{
	time_t seen = e->r->observed_at != 0 ? e->r->observed_at : now;
	BUF_CLEANUP struct buf categories = { 0 };

	put_own(out, "BEGIN", "VEVENT");
	put_uid(out, e);
	put_moment(out, "DTSTAMP", seen, false);
	put_moment(out, "LAST-MODIFIED", seen, false);
	put_sequence(out, e);
	put_moment(out, "DTSTART", e->when, e->kind->whole_day);
	put_summary_line(out, e);
	put_description(out, e);
	buf_printf(&categories, "certificate,%s,%s", e->kind->name,
		severity_name(e->r->status));
	put_own(out, "CATEGORIES", buf_str(&categories));
	put_own(out, "CLASS", "PUBLIC");
	put_own(out, "STATUS", "CONFIRMED");
	put_own(out, "TRANSP", "TRANSPARENT");
	put_own(out, "COLOR", colours[e->r->status]);
	put_own(out, "END", "VEVENT");
}

/* Is it one that a calendar has? Its years are those of four digits. */
static bool
is_shown(const struct event *e)
{
	return e->when != 0 && e->c->not_after < NEVER &&
		moment_is_dated(e->when);
}

/* Returns how many there are: none of a store of roots, or without dates. */
static size_t
put_target(struct buf *out, const struct result *r, time_t now)
{
	const struct cert *c = r->store ? NULL : result_first_to_end(r);
	size_t n = 0;

	if (c == NULL)
		return 0;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct event e = { &kinds[i], r, c, kinds[i].when(r, c) };

		if (!is_shown(&e))
			continue;
		put_event(out, &e, now);
		n++;
	}
	return n;
}

/*
 * What programs that read it have in common. There is no METHOD: that would
 * make messages of it, each with an ORGANIZER (RFC 5546, 3.2.1).
 */
static void
put_head(struct buf *out)
{
	static const struct {
		const char *name, *value;
	} head[] = {
		{ "BEGIN", "VCALENDAR" },
		{ "VERSION", "2.0" },
		{ "PRODID",
			"-//certvigil//certvigil " CERTVIGIL_VERSION "//EN" },
		{ "CALSCALE", "GREGORIAN" },
		{ "NAME", "Certificates" },
		{ "X-WR-CALNAME", "Certificates" },
		{ "REFRESH-INTERVAL;VALUE=DURATION", REFRESH },
		{ "X-PUBLISHED-TTL", REFRESH },
		{ "COLOR", "steelblue" },
	};

	for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		put_own(out, head[i].name, head[i].value);
}

/* RFC 5545, 3.6: a calendar has one component at least. This one is nothing. */
static void
put_empty(struct buf *out)
{
	buf_puts(out,
		"BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\n"
		"DTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\n"
		"TZOFFSETTO:+0000\r\nEND:STANDARD\r\n"
		"END:VTIMEZONE\r\n");
}

static void
ics_render(struct buf *out, const struct results *rs,
	const struct report_options *opt)
{
	size_t n = 0;

	put_head(out);
	for (size_t i = 0; i < rs->n; i++) {
		n += put_target(out, rs->v[i], rs->time);
		report_pass(out, opt);
	}
	if (n == 0)
		put_empty(out);
	put_own(out, "END", "VCALENDAR");
}

const struct report report_ics = {
	.name = "ics",
	.help = "a calendar: what ends, and what is to be ordered",
	.render = ics_render,
};
