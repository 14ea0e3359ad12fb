/* test_report_ics.c - the calendar, to the letter and at its edges */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "model/result.h"
#include "report/report.h"

#define NOW 1795132800 /* 2026-11-20T00:00:00Z */
#define END (NOW + 12 * DAY_S + 10 * HOUR_S)
#define YEAR_9999 INT64_C(253370764800)

/* One target with one certificate, which a row may change. */
struct world {
	struct target target;
	struct cert cert;
	struct result result;
};

static void
world_init(struct world *w)
{
	*w = (struct world){
		.target = { .name = "www.example.com",
			.kind = TARGET_ENDPOINT,
			.address = "https://www.example.com:443",
			.owner = "web-team" },
		.cert = { .subject = LENT("CN=www.example.com"),
			.issuer = LENT("CN=Example CA 1,O=Example"),
			.label = LENT("www.example.com"),
			.issuer_label = LENT("Example CA 1"),
			.serial = LENT("0a1b"),
			.sha256 = LENT("cafe"),
			.key_type = LENT("EC"),
			.signature = LENT("ecdsa-with-SHA256"),
			.has_dates = true,
			.not_before = END - 90 * DAY_S,
			.not_after = END },
	};
	w->result.observed_at = NOW;
	w->result.looked = true;
	w->result.warning_at = END - 30 * DAY_S;
}

static char *
render(struct world *w)
{
	struct observation ob = { .certs = &w->cert, .n_certs = 1 };
	struct result *r = &w->result;
	struct results rs = { .v = &r, .n = 1, .time = NOW };
	struct report_options opt = { 0 };
	struct buf out = { 0 };

	r->target = &w->target;
	r->seen = &ob;
	report_find("ics")->render(&out, &rs, &opt);
	findings_release(&r->findings);
	r->seen = NULL;
	return buf_detach(&out);
}

/* Lines without their folds. */
static char *
unfold(const char *s)
{
	struct buf out = { 0 };

	while (*s != '\0') {
		if (strncmp(s, "\r\n ", 3) == 0)
			s += 3;
		else
			buf_putc(&out, *s++);
	}
	return buf_detach(&out);
}

static size_t
count(const char *text, const char *word)
{
	size_t n = 0;

	for (const char *p = text; (p = strstr(p, word)) != NULL; p++)
		n++;
	return n;
}

static void
assert_line(const char *text, const char *line)
{
	BUF_CLEANUP struct buf whole = { 0 };

	buf_printf(&whole, "\r\n%s\r\n", line);
	if (strstr(text, buf_str(&whole)) == NULL)
		fail_msg("want the line \"%s\" in:\n%s", line, text);
}

static void
to_the_letter(void **state)
{
	static const char want[] =
		"BEGIN:VEVENT\r\n"
		"UID:40d6d1591299cf560bc9279436446495@certvigil\r\n"
		"DTSTAMP:20261120T000000Z\r\n"
		"LAST-MODIFIED:20261120T000000Z\r\n"
		"SEQUENCE:447107400\r\n"
		"DTSTART:20261202T100000Z\r\n"
		"SUMMARY:www.example.com: certificate expires\r\n"
		"DESCRIPTION:Target: www.example.com\\n"
		"At: https://www.example.com:443\\n"
		"Owner: web-team\\n"
		"Certificate: CN=www.example.com\\n"
		"Issuer: CN=Example CA 1\\,O=Example\\n"
		"Serial number: 0a1b\\n"
		"Have: one that ends 2026-12-02T10:00:00Z\\n"
		"Want: another one in place before then\\n"
		"To do: Renew it\\, now.\\n"
		"Also: chain.untrusted: no trust\\; none\r\n"
		"CATEGORIES:certificate,expiry,critical\r\n"
		"CLASS:PUBLIC\r\n"
		"STATUS:CONFIRMED\r\n"
		"TRANSP:TRANSPARENT\r\n"
		"COLOR:crimson\r\n"
		"END:VEVENT\r\n"
		"END:VCALENDAR\r\n";
	cleanup(str_free) char *text = NULL, *lines = NULL;
	struct finding *f;
	struct world w;

	(void)state;
	world_init(&w);
	w.result.warning_at = 0;
	f = findings_add(&w.result.findings, "expiry.soon", "cafe",
		"expires in 12 days (2026-12-02)");
	finding_hint(f, "Renew it, now.");
	findings_add(&w.result.findings, "chain.untrusted", "cafe",
		"no trust; none");
	findings_add(&w.result.findings, "name.coverage", "cafe", "a note");
	w.result.status = SEV_CRITICAL;
	text = render(&w);
	lines = unfold(text);
	assert_memory_equal(lines, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", 30);
	assert_string_equal(strstr(lines, "BEGIN:VEVENT"), want);
}

static void
kinds(void **state)
{
	cleanup(str_free) char *text = NULL;
	struct world w;

	(void)state;
	world_init(&w);
	w.result.order_by = NOW + 3 * DAY_S;
	text = render(&w);
	assert_int_equal(count(text, "BEGIN:VEVENT"), 3);
	assert_int_equal(count(text, "END:VEVENT"), 3);
	assert_line(text, "DTSTART:20261202T100000Z");
	/* what is a day, and no moment */
	assert_line(text, "DTSTART;VALUE=DATE:20261102");
	assert_line(text, "DTSTART;VALUE=DATE:20261123");
	assert_line(text,
		"SUMMARY:www.example.com: time to renew the "
		"certificate");
	assert_line(text,
		"SUMMARY:www.example.com: last day to order a "
		"certificate");
	assert_null(strstr(text, "VTIMEZONE"));
	assert_null(strstr(text, "VALARM"));
}

/* What there is of each, by its dates. */
static void
edges(void **state)
{
	static const struct {
		const char *about;
		int64_t not_before, not_after, warning_at, order_by;
		bool no_dates, store;
		size_t events;
		const char *line; /* NULL: none is looked for */
	} rows[] = {
		{ .about = "before 1970",
			.not_before = -2 * DAY_S,
			.not_after = -DAY_S,
			.warning_at = 0,
			.events = 1,
			.line = "DTSTART:19691231T000000Z" },
		{ .about = "a year of three digits",
			.not_before = INT64_C(-62135596800),
			.not_after = INT64_C(-40000000000),
			.events = 1,
			.line = "DTSTART:07020615T005320Z" },
		{ .about = "no such year",
			.not_before = INT64_C(-62135596800),
			.not_after = INT64_C(-62135596801) },
		{ .about = "the last second that is told",
			.not_before = NOW,
			.not_after = YEAR_9999 - 1,
			.events = 1,
			.line = "DTSTART:99981231T235959Z" },
		{ .about = "it never ends",
			.not_before = NOW,
			.not_after = YEAR_9999 + 365 * DAY_S - 1,
			.warning_at = NOW + 1,
			.order_by = NOW + 1 },
		{ .about = "past 2038",
			.not_before = NOW,
			.not_after = INT64_C(4102444800),
			.events = 1,
			.line = "DTSTART:21000101T000000Z" },
		{ .about = "warned of on the first day",
			.not_before = NOW,
			.not_after = END,
			.warning_at = NOW,
			.events = 1 },
		{ .about = "warned of a second later",
			.not_before = NOW,
			.not_after = END,
			.warning_at = NOW + 1,
			.events = 2 },
		{ .about = "no dates", .no_dates = true },
		{ .about = "a store of roots",
			.not_after = END,
			.warning_at = NOW,
			.store = true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(str_free) char *text = NULL;
		struct world w;

		world_init(&w);
		w.cert.not_before = rows[i].not_before;
		w.cert.not_after = rows[i].not_after;
		w.cert.has_dates = !rows[i].no_dates;
		w.result.store = rows[i].store;
		w.result.warning_at = rows[i].warning_at;
		w.result.order_by = rows[i].order_by;
		text = render(&w);
		if (count(text, "BEGIN:VEVENT") != rows[i].events)
			fail_msg("%s: want %zu events:\n%s", rows[i].about,
				rows[i].events, text);
		/* A calendar without a component is none. */
		assert_int_equal(count(text, "BEGIN:VTIMEZONE"),
			rows[i].events == 0 ? 1 : 0);
		if (rows[i].line != NULL)
			assert_line(text, rows[i].line);
	}
}

static void
nothing_at_all(void **state)
{
	struct results rs = { .time = NOW };
	struct report_options opt = { 0 };
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	report_find("ics")->render(&out, &rs, &opt);
	assert_non_null(strstr(buf_str(&out),
		"\r\nEND:VTIMEZONE\r\n"
		"END:VCALENDAR\r\n"));
}

/* The value of a property's first line. */
static long
number_of(const char *text, const char *name)
{
	const char *p = strstr(text, name);

	assert_non_null(p);
	return strtol(p + strlen(name), NULL, 10);
}

static void
sequences(void **state)
{
	static const struct {
		int64_t before, after; /* notBefore of old and new */
		bool grows;
	} rows[] = {
		{ NOW - DAY_S, NOW, true },
		{ NOW, NOW + 4, true },
		{ NOW, NOW, false },
		{ -5, NOW, true },
		{ NOW, INT64_C(8589934588), true }, /* 2242: 31 bits */
		{ INT64_C(8589934588), INT64_C(8589934592), false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(str_free) char *old = NULL, *new = NULL;
		long from, to;
		struct world w;

		world_init(&w);
		w.cert.not_before = rows[i].before;
		old = render(&w);
		w.cert.not_before = rows[i].after;
		new = render(&w);
		from = number_of(old, "\r\nSEQUENCE:");
		to = number_of(new, "\r\nSEQUENCE:");
		assert_true(from >= 0 && to <= INT32_MAX);
		assert_int_equal(to > from, rows[i].grows);
	}
}

/* Two leaves in a file: the other one may be next, and is the older one. */
static void
the_newest_counts(void **state)
{
	struct world w;
	struct cert two[2];
	struct observation ob = { .certs = two, .n_certs = 2 };
	struct result *r = &w.result;
	struct results rs = { .v = &r, .n = 1, .time = NOW };
	struct report_options opt = { 0 };
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	world_init(&w);
	two[0] = two[1] = w.cert;
	two[0].not_before = NOW;
	two[0].not_after = END + DAY_S;
	w.target.kind = TARGET_FILE;
	r->target = &w.target;
	r->seen = &ob;
	report_find("ics")->render(&out, &rs, &opt);
	assert_line(buf_str(&out), "DTSTART:20261202T100000Z");
	assert_int_equal(number_of(buf_str(&out), "\r\nSEQUENCE:"), NOW / 4);
}

/* Each line is of 75 octets at most, and of whole characters. */
static void
folds(void **state)
{
	(void)state;
	for (size_t n = 40; n < 130; n++) {
		cleanup(str_free) char *text = NULL;
		BUF_CLEANUP struct buf name = { 0 };
		struct world w;

		world_init(&w);
		buf_pad(&name, n % 4, 'x');
		for (size_t i = 0; i < n / 4; i++)
			buf_puts(&name, "ü😀e\xcc\x81");
		w.target.name = buf_str(&name);
		text = render(&w);
		for (const char *p = text; *p != '\0';) {
			size_t len = strcspn(p, "\r\n");

			assert_true(len > 0 && len <= 75);
			assert_true(((unsigned char)*p & 0xc0) != 0x80);
			assert_true(*p != ' ' ||
				((unsigned char)p[1] & 0xc0) != 0x80);
			assert_memory_equal(p + len, "\r\n", 2);
			p += len + 2;
		}
	}
}

static void
hostile(void **state)
{
	static const char evil[] = "a\r\nEND:VEVENT\r\nATTACH:x;b,c\\n\033[2J"
				   "\xe2\x80\xae\xff<b>\n";
	cleanup(str_free) char *text = NULL, *lines = NULL;
	char *names[] = { LENT(evil), LENT(evil) };
	struct world w;

	(void)state;
	world_init(&w);
	w.target.name = w.target.owner = w.target.address = evil;
	w.cert.subject = w.cert.issuer = w.cert.serial = LENT(evil);
	w.cert.names = (struct strlist){ names, 2 };
	findings_add(&w.result.findings, "chain.untrusted", "x", "%s", evil);
	text = render(&w);
	lines = unfold(text);
	assert_int_equal(count(lines, "\r\nEND:VEVENT"), 2);
	assert_int_equal(count(lines, "\r\nATTACH"), 0);
	assert_null(strpbrk(lines, "\033<"));
	assert_line(lines,
		"SUMMARY:a\\\\x0d\\\\x0aEND:VEVENT\\\\x0d\\\\x0aATTACH:x\\;b\\,"
		"c/n\\\\x1b[2J\\\\u{202e}\\\\xff\\\\x3cb>\\\\x0a: "
		"certificate expires");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_the_letter),
		cmocka_unit_test(kinds),
		cmocka_unit_test(edges),
		cmocka_unit_test(nothing_at_all),
		cmocka_unit_test(sequences),
		cmocka_unit_test(the_newest_counts),
		cmocka_unit_test(folds),
		cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
