/* test_mail_text.c - a digest as the plain text of a mail */
#include "tests/unit/mail_world.h"

#include "model/text.h"
#include "notifiers/outline.h"

static const char ordinary_text[] =
	"2 critical, 1 warning, 1 resolved, 1 renewed\n"
	"\n"
	"www.example.com\n"
	"https://www.example.com:443\n"
	"owner: web-team\n"
	"\n"
	"  CRITICAL: expired 3 days ago (2026-11-17)\n"
	"    since:   2026-11-20 18:00 UTC (new)\n"
	"    to do:   Renew the certificate now and reload nginx.\n"
	"    finding: expiry.expired\n"
	"\n"
	"  WARNING: the www name is not covered\n"
	"    since:   2026-11-13 18:00 UTC (reminder)\n"
	"    to do:   Add the www name at the next renewal, or switch this "
	"finding\n"
	"             off if the name is not in use.\n"
	"    finding: name.www\n"
	"\n"
	"shop.example.com\n"
	"https://shop.example.com:443\n"
	"owner: shop-team\n"
	"\n"
	"  CRITICAL: expires in 6 days (2026-11-26)\n"
	"    since:   2026-11-10 18:00 UTC (worse now)\n"
	"    to do:   Renew the certificate before the date named and reload "
	"the\n"
	"             service. Where renewal is automatic it should have "
	"happened by\n"
	"             now: read its log.\n"
	"    finding: expiry.soon\n"
	"\n"
	"RESOLVED\n"
	"\n"
	"mail.example.com\n"
	"https://mail.example.com:443\n"
	"\n"
	"  was CRITICAL: connection refused\n"
	"    since:   2026-11-20 17:00 UTC\n"
	"    finding: endpoint.unreachable\n"
	"\n"
	"RENEWED\n"
	"\n"
	"api.example.com\n"
	"https://api.example.com:443\n"
	"\n"
	"  end of life: 2026-11-23 -> 2027-02-18\n"
	"\n"
	"-- \n"
	"certvigil " CERTVIGIL_VERSION
	" on agent1.example.com, scan of 2026-11-20 18:00 UTC\n"
	"What a finding means:  certvigil explain expiry.expired\n"
	"To silence it a while: certvigil silence www.example.com "
	"expiry.expired\n"
	"                       --for 7d --reason WHY\n";

static void
test_ordinary(void **state)
{
	cleanup(digest_free) struct digest *d = digest_ordinary();
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	mail_text(&out, d, MAIL_EVENTS_MAX);
	assert_string_equal(buf_str(&out), ordinary_text);
}

static void
test_of_a_test(void **state)
{
	cleanup(digest_free) struct digest *d = digest_empty();
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	digest_event(d, EVENT_TEST, SEV_OK, "test", NULL, "this is a test");
	mail_text(&out, d, MAIL_EVENTS_MAX);
	assert_string_equal(buf_str(&out),
		"a test\n"
		"\n"
		"this is a test\n"
		"\n"
		"-- \n"
		"certvigil " CERTVIGIL_VERSION
		" on agent1.example.com, sent 2026-11-20 18:00 UTC\n");
}

/* Every line fits an 80-column terminal, but words are never broken. */
static void
test_width(void **state)
{
	cleanup(digest_free) struct digest *d = digest_empty();
	BUF_CLEANUP struct buf out = { 0 }, message = { 0 };
	cleanup(str_free) char *lines = NULL;
	char *rest = NULL;
	size_t long_words = 0;

	(void)state;
	for (int i = 0; i < 60; i++)
		buf_puts(&message,
			i % 3 == 0 ? "w\303\266rter " : "\346\274\242 ");
	for (int i = 0; i < 100; i++)
		buf_putc(&message, 'u');
	buf_puts(&message, " end");
	digest_event(d, EVENT_OPENED, SEV_CRITICAL, "a", "x.y", message.s);
	mail_text(&out, d, MAIL_EVENTS_MAX);
	lines = str_dup(buf_str(&out));
	for (char *l = strtok_r(lines, "\n", &rest); l != NULL;
		l = strtok_r(NULL, "\n", &rest)) {
		if (has(l, "uuu"))
			long_words++;
		else if (text_width(l) > 76)
			fail_msg("%s", l);
	}
	assert_int_equal(long_words, 1);
	assert_true(has(out.s, "\n            end\n"));
}

/* What is told in short has no more than its line, and keeps its part. */
static void
test_short(void **state)
{
	static const struct {
		size_t n;
		bool brief;
	} rows[] = {
		{ MAIL_DETAILED, false },
		{ MAIL_DETAILED + 1, true },
		{ MAIL_DETAILED + 9, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(digest_free) struct digest *d = digest_crowd(rows[i].n);
		BUF_CLEANUP struct buf out = { 0 };
		size_t events = rows[i].n - 1;
		size_t whole = events < MAIL_DETAILED ? events : MAIL_DETAILED;

		mail_text(&out, d, MAIL_EVENTS_MAX);
		assert_int_equal(times(out.s, "\n    to do:   "), whole);
		assert_int_equal(times(out.s, "\n  WARNING: "), events);
		assert_int_equal(
			times(out.s, "example: soon\n"), events - whole);
		assert_int_equal(has(out.s, "\nAND IN SHORT\n\n  WARNING: t"),
			events > whole);
		assert_int_equal(
			has(out.s,
				"\nRENEWED\n\n  last.example: end of life "
				"unknown -> 2026-12-02\n"),
			rows[i].brief);
	}
}

static void
test_left_out(void **state)
{
	static const struct {
		size_t n;
		const char *more; /* NULL: all are told */
	} rows[] = {
		{ MAIL_EVENTS_MAX, NULL },
		{ MAIL_EVENTS_MAX + 1, "... and 1 more" },
		{ MAIL_EVENTS_MAX + 57, "... and 57 more" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(digest_free) struct digest *d = digest_crowd(rows[i].n);
		BUF_CLEANUP struct buf text = { 0 };
		struct outline o;

		outline_make(&o, d, MAIL_EVENTS_MAX);
		assert_int_equal(o.n, MAIL_EVENTS_MAX);
		assert_int_equal(o.left_out, rows[i].n - MAIL_EVENTS_MAX);
		outline_release(&o);
		mail_text(&text, d, MAIL_EVENTS_MAX);
		assert_int_equal(
			has(text.s, "  last.example:"), rows[i].more == NULL);
		if (rows[i].more != NULL)
			assert_true(has(text.s, rows[i].more));
		else
			assert_false(has(text.s, "more;"));
	}
}

static void
test_hostile(void **state)
{
	static const char *const never[] = { "\r", "\nBcc", "\033", "\a",
		"\342\200\256", "\342\200\250", "\302\205", "\377" };

	(void)state;
	for (size_t i = 0; i < HOSTILE_TEXTS + 3; i++) {
		cleanup(str_free) char *text = i < HOSTILE_TEXTS + 2
			? hostile_text(i)
			: str_dup(HOSTILE);
		cleanup(digest_free) struct digest *d = digest_saying(text);
		BUF_CLEANUP struct buf out = { 0 };

		mail_text(&out, d, MAIL_EVENTS_MAX);
		for (size_t j = 0; j < COUNT(never); j++) {
			if (has(out.s, never[j]))
				fail_msg("row %zu: %zu: %s", i, j, out.s);
		}
	}
}

/* A text of a certificate may be as long as the certificate. */
static void
test_long(void **state)
{
	cleanup(digest_free) struct digest *d = NULL;
	BUF_CLEANUP struct buf text = { 0 }, big = { 0 };

	(void)state;
	while (big.len < 100000)
		buf_puts(&big, "\303\274");
	d = digest_saying(big.s);
	mail_text(&text, d, MAIL_EVENTS_MAX);
	assert_true(text.len < 6000);
	assert_true(has(text.s, "\303\274..."));
	/* Cut between characters, so nothing is left to escape. */
	assert_false(has(text.s, "\\x"));
}

static void
test_expiry_words(void **state)
{
	static const struct {
		int64_t left;
		const char *want;
	} rows[] = {
		{ 90 * DAY_S, "expires 2027-02-18 (in 90 days)" },
		{ 2 * DAY_S - 1, "expires 2026-11-22 (in 1 day)" },
		{ DAY_S, "expires 2026-11-21 (in 1 day)" },
		{ DAY_S - 1, "expires 2026-11-21 (in less than a day)" },
		/* The second of notAfter itself is valid. */
		{ 0, "expires 2026-11-20 (in less than a day)" },
		{ -1, "expired 2026-11-20 (less than a day ago)" },
		{ -DAY_S, "expired 2026-11-19 (1 day ago)" },
		{ -30 * DAY_S, "expired 2026-10-21 (30 days ago)" },
	};
	cleanup(digest_free) struct digest *d = digest_empty();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };
		struct event e = { .not_after = DIGEST_NOW + rows[i].left };

		outline_expiry(&out, d, &e);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
}

/* Of a client certificate another date is told than the one known. */
static void
test_whose_expiry(void **state)
{
	static const struct {
		const char *finding, *message, *want;
	} rows[] = {
		{ "expiry.soon", "expires in 3 days", "expires " },
		{ "expiry.soon", "client certificate 'im': expires in 3 days",
			"the server's certificate expires " },
		{ "client.rejected", "refused",
			"the server's certificate expires " },
		{ NULL, NULL, "expires " },
	};
	cleanup(digest_free) struct digest *d = digest_empty();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };
		struct event e = { .finding = (char *)rows[i].finding,
			.message = (char *)rows[i].message,
			.not_after = DIGEST_NOW + 90 * DAY_S };

		outline_expiry(&out, d, &e);
		assert_memory_equal(
			buf_str(&out), rows[i].want, strlen(rows[i].want));
	}
}

/* What the message tells already is not told a second time. */
static void
test_expiry_is_told_once(void **state)
{
	static const struct {
		const char *message;
		bool told;
	} rows[] = {
		{ "expires in 90 days (2027-02-18)", false },
		{ "expires soon (2027-02-18T18:00:00Z)", false },
		{ "the www name is not covered", true },
		{ "expires in 3 days (2026-11-23)", true },
		{ "client certificate 'im': expires (2027-02-18)", true },
	};
	cleanup(digest_free) struct digest *d = digest_empty();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };
		struct event e = { .message = (char *)rows[i].message,
			.not_after = DIGEST_NOW + 90 * DAY_S };

		outline_expiry(&out, d, &e);
		assert_int_equal(out.len > 0, rows[i].told);
	}
}

/* An older certificate that is back is no good news. */
static void
test_renewal_back(void **state)
{
	const struct event on = { .old_not_after = DIGEST_NOW,
		.not_after = DIGEST_NOW + DAY_S };
	const struct event back = { .old_not_after = DIGEST_NOW + DAY_S,
		.not_after = DIGEST_NOW };
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	outline_renewal(&out, &on);
	assert_string_equal(out.s, "2026-11-20 -> 2026-11-21");
	buf_reset(&out);
	outline_renewal(&out, &back);
	assert_string_equal(
		out.s, "2026-11-21 -> 2026-11-20 (earlier than before)");
}

/* A command that may be pasted into a shell, whatever a target is called. */
static void
test_silence_words(void **state)
{
	static const struct {
		const char *target, *want;
	} rows[] = {
		{ "www.example.com:8443", "www.example.com:8443" },
		{ "/srv/tls/a-b_c.pem", "/srv/tls/a-b_c.pem" },
		{ "the shop; reboot", "'the shop; reboot'" },
		{ "$(reboot)", "'$(reboot)'" },
		{ "it's", "TARGET" },
		{ "--list", "TARGET" },
		{ "a\nreboot", "TARGET" },
		{ "", "TARGET" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(digest_free) struct digest *d = digest_empty();
		cleanup(str_free) char *want = str_fmt(
			"certvigil silence %s expiry.soon --for 7d --reason "
			"WHY",
			rows[i].want);
		BUF_CLEANUP struct buf out = { 0 };
		struct outline o;

		digest_event(d, EVENT_RESOLVED, SEV_WARNING, "over",
			"expiry.soon", "x");
		digest_event(d, EVENT_OPENED, SEV_WARNING, rows[i].target,
			"expiry.soon", "x");
		outline_make(&o, d, 10);
		outline_silence(&out, &o);
		outline_release(&o);
		assert_string_equal(buf_str(&out), want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ordinary),
		cmocka_unit_test(test_of_a_test),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_expiry_words),
		cmocka_unit_test(test_whose_expiry),
		cmocka_unit_test(test_expiry_is_told_once),
		cmocka_unit_test(test_renewal_back),
		cmocka_unit_test(test_silence_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
