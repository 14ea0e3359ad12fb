/* test_checks_lifetime.c - certificates that live longer than clients allow */
#include "tests/support/judge.h"

#include "tests/support/oddkeys.h"

extern const struct check check_lifetime;

static EVP_PKEY *key;

/* Of a certificate of so many days and seconds, the last one counted. */
static const struct row {
	const char *name;
	const char *issued;
	int64_t days, seconds;
	const char *message; /* NULL: no finding */
} rows[] = {
	{ "47 from 2029", "2029-03-15", 47, 0, NULL },
	{ "a second more", "2029-03-15", 47, 1,
		"is valid for 47 days and 1 second, want 47 at most for one "
		"issued on 2029-03-15" },
	{ "48", "2029-03-15", 48, 0,
		"is valid for 48 days, want 47 at most for one issued on "
		"2029-03-15" },
	{ "100 the day before", "2029-03-14", 100, 0, NULL },
	{ "a second more, 100", "2029-03-14", 100, 1,
		"is valid for 100 days and 1 second, want 100 at most for one "
		"issued on 2029-03-14" },
	{ "100 from 2027", "2027-03-15", 100, 0, NULL },
	{ "101 from 2027", "2027-03-15", 101, 0,
		"is valid for 101 days, want 100 at most for one issued on "
		"2027-03-15" },
	{ "200 the day before", "2027-03-14", 200, 0, NULL },
	{ "200 from 2026", "2026-03-15", 200, 0, NULL },
	{ "an hour more", "2026-03-15", 200, 3600,
		"is valid for 200 days and 1 hour, want 200 at most for one "
		"issued on 2026-03-15" },
	{ "398 the day before", "2026-03-14", 398, 0, NULL },
	{ "398 from 2020", "2020-09-01", 398, 0, NULL },
	{ "399 from 2020", "2020-09-01", 399, 0,
		"is valid for 399 days, want 398 at most for one issued on "
		"2020-09-01" },
	{ "825 the day before", "2020-08-31", 825, 0, NULL },
	{ "825 from 2018", "2018-03-01", 825, 0, NULL },
	{ "826 from 2018", "2018-03-01", 826, 0,
		"is valid for 826 days, want 825 at most for one issued on "
		"2018-03-01" },
	{ "39 months the day before", "2018-02-28", 1188, 0, NULL },
	{ "39 months from 2015", "2015-04-01", 1188, 0, NULL },
	{ "more", "2015-04-01", 1189, 0,
		"is valid for 1189 days, want 1188 at most for one issued on "
		"2015-04-01" },
	{ "60 months the day before", "2015-03-31", 1827, 0, NULL },
	{ "60 months from 2012", "2012-07-01", 1827, 0, NULL },
	{ "more than 60", "2012-07-01", 1828, 0,
		"is valid for 1828 days, want 1827 at most for one issued on "
		"2012-07-01" },
	{ "before all rules", "2012-06-30", 7300, 0, NULL },
	/* R24: 5000 days end beyond 2038; and beyond 2050, and in 9999. */
	{ "R24: 5000 days", "2026-11-20", 5000, 1,
		"is valid for 5000 days, want 200 at most for one issued on "
		"2026-11-20" },
	{ "R24: beyond 2050", "2026-11-20", 10000, 0,
		"is valid for 10000 days, want 200 at most for one issued on "
		"2026-11-20" },
	{ "R24: to the end of 9999", "2026-11-20", 2912117, 0,
		"is valid for 2912117 days, want 200 at most for one issued "
		"on 2026-11-20" },
	{ "R24: issued in 2055", "2055-01-01", 47, 0, NULL },
	{ "R24: and too long", "2055-01-01", 90, 0,
		"is valid for 90 days, want 47 at most for one issued on "
		"2055-01-01" },
	{ "six days", "2026-11-20", 6, 0, NULL },
	{ "ends before it begins", "2026-11-20", -5, 0, NULL },
};

static X509 *
make(const char *issued, int64_t days, int64_t seconds, bool ca,
	const char *eku)
{
	time_t begin = 0;

	assert_int_equal(0, moment_parse(issued, NOW, &begin));
	return oddkeys_reread(mkcert_make(&(struct mkcert){ .key = key,
		.cn = "a.test",
		.ca = ca,
		.eku = eku,
		.not_before = begin,
		.not_after = begin + days * DAY + seconds - 1 }));
}

static void
judge_by(const char *name, X509 *x509, const struct target *t,
	const struct trust *trust, enum severity severity, const char *message)
{
	const char *want = severity == SEV_OK ? "expiry.too-long=ok"
					      : "expiry.too-long=warning";
	struct observation *ob = judge_observe((X509 *[]){ x509, NULL });
	struct policy pol = { .target = t, .trust = trust };
	struct findings fs = { 0 };

	check_lifetime.run(ob, &pol, NOW, &fs);
	judge_expect(name, &fs, "", message != NULL ? want : "");
	if (message != NULL)
		assert_string_equal(message, fs.v[0].message);
	findings_release(&fs);
	observation_free(ob);
	X509_free(x509);
}

static void
judge(const char *name, X509 *x509, const struct target *t, const char *message)
{
	judge_by(name, x509, t, NULL, SEV_WARNING, message);
}

static void
test_ladder(void **state)
{
	struct target t = judge_target_of(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		judge(rows[i].name,
			make(rows[i].issued, rows[i].days, rows[i].seconds,
				false, NULL),
			&t, rows[i].message);
}

/* Only what servers show is bounded. */
static void
test_who_is_judged(void **state)
{
	static const char told[] = "is valid for 300 days, want 200 at most "
				   "for one issued on 2026-11-20";
	static const struct {
		const char *name;
		bool endpoint, ca;
		const char *eku;
		enum role role;
		bool told;
	} cases[] = {
		{ "endpoint", true, false, NULL, ROLE_AUTO, true },
		{ "endpoint, of a client", true, false, "clientAuth", ROLE_AUTO,
			true },
		{ "endpoint, a CA's", true, true, "", ROLE_AUTO, false },
		{ "file", false, false, NULL, ROLE_AUTO, true },
		{ "file without EKU", false, false, "", ROLE_AUTO, true },
		{ "client", false, false, "clientAuth", ROLE_AUTO, false },
		{ "client by its role", false, false, "", ROLE_CLIENT, false },
		{ "server by its role", false, false, "clientAuth", ROLE_SERVER,
			true },
		{ "signer", false, false, "codeSigning", ROLE_AUTO, false },
		{ "CA", false, true, "", ROLE_AUTO, false },
		{ "client CA", false, true, "", ROLE_CLIENT_CA, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct target t = judge_target_of(
			cases[i].endpoint ? "a.test" : NULL);

		t.role = cases[i].role;
		judge(cases[i].name,
			make("2026-11-20", 300, 0, cases[i].ca, cases[i].eku),
			&t, cases[i].told ? told : NULL);
	}
}

/* The Forum's limits are for public CAs, Apple's is for all. */
static void
test_named_trust(void **state)
{
	static const struct {
		const char *name;
		const char *issued;
		int64_t days;
		bool exact;
		enum severity severity;
		const char *message;
	} cases[] = {
		{ "R31: a year of a CA of one's own", "2026-11-20", 365, true,
			SEV_OK,
			"is valid for 365 days, want 200 at most for one "
			"issued on 2026-11-20" },
		{ "less than the Forum's", "2026-11-20", 200, true, SEV_OK,
			NULL },
		{ "the system's trust", "2026-11-20", 365, false, SEV_WARNING,
			"is valid for 365 days, want 200 at most for one "
			"issued on 2026-11-20" },
		{ "Apple's 825", "2026-11-20", 825, true, SEV_OK,
			"is valid for 825 days, want 200 at most for one "
			"issued on 2026-11-20" },
		{ "R24: 5000 days", "2026-11-20", 5000, true, SEV_WARNING,
			"is valid for 5000 days, want 825 at most for one "
			"issued on 2026-11-20" },
		{ "its first day", "2019-07-01", 826, true, SEV_WARNING,
			"is valid for 826 days, want 825 at most for one "
			"issued on 2019-07-01" },
		{ "the day before", "2019-06-30", 5000, true, SEV_OK,
			"is valid for 5000 days, want 825 at most for one "
			"issued on 2019-06-30" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct target t = judge_target_of("a.test");
		struct trust trust = { .name = "a bundle",
			.exact = cases[i].exact };

		judge_by(cases[i].name,
			make(cases[i].issued, cases[i].days, 0, false, NULL),
			&t, &trust, cases[i].severity, cases[i].message);
	}
}

/* Who has named the CA already is not asked to. */
static void
test_hint_of_ones_own(void **state)
{
	static const struct {
		bool exact;
		const char *hint;
	} cases[] = {
		{ true, "switch this finding off" },
		{ false, "name that as the trust bundle" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		X509 *x509 = make("2026-11-20", 5000, 0, false, NULL);
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, NULL });
		struct target t = judge_target_of("a.test");
		struct trust trust = { .name = "a bundle",
			.exact = cases[i].exact };
		struct policy pol = { .target = &t, .trust = &trust };
		struct findings fs = { 0 };

		check_lifetime.run(ob, &pol, NOW, &fs);
		assert_int_equal(1, fs.n);
		assert_non_null(
			strstr(finding_remedy(&fs.v[0]), cases[i].hint));
		findings_release(&fs);
		observation_free(ob);
		X509_free(x509);
	}
}

static void
test_details(void **state)
{
	X509 *a = make("2026-11-20", 100, 0, false, NULL);
	X509 *b = make("2026-11-20", 200, 1, false, NULL);
	struct observation *ob = judge_observe((X509 *[]){ a, b, NULL });
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	check_lifetime.run(ob, &pol, NOW, &fs);
	assert_int_equal(1, fs.n);
	assert_string_equal(ob->certs[1].sha256, fs.v[0].subject);
	assert_non_null(strstr(fs.v[0].message, "'a.test' "));
	/* Any second more is another day. */
	assert_int_equal(
		201, json_integer_value(judge_detail(&fs.v[0], "days")));
	assert_int_equal(
		200, json_integer_value(judge_detail(&fs.v[0], "limit")));
	assert_string_equal("2027-06-08T00:00:00Z",
		json_string_value(judge_detail(&fs.v[0], "not_after")));
	findings_release(&fs);
	observation_free(ob);
	X509_free(a);
	X509_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ladder),
		cmocka_unit_test(test_who_is_judged),
		cmocka_unit_test(test_named_trust),
		cmocka_unit_test(test_hint_of_ones_own),
		cmocka_unit_test(test_details),
	};
	int failed;

	key = mkcert_key(MKCERT_P256);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(key);
	return failed;
}
