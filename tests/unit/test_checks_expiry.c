/* test_checks_expiry.c - the edges of dates and thresholds */
#include "tests/support/judge.h"

#include "model/duration.h"

#define YEAR_9999 ((time_t)253402300799) /* 9999-12-31T23:59:59Z */

static EVP_PKEY *key;

/* A leaf of these dates, judged at NOW, with -w and -c as given. */
static const struct row {
	const char *name;
	time_t not_before, not_after;
	const char *warning, *critical;
	const char *findings; /* of the area */
	const char *message; /* of the first, or NULL */
} rows[] = {
	{ "fresh", NOW - DAY, NOW + 89 * DAY, "30d", "14d", "", NULL },
	{ "at notAfter", NOW - 90 * DAY, NOW, "0", "0", "", NULL },
	{ "a second later", NOW - 90 * DAY, NOW - 1, "0", "0",
		"expiry.expired=critical",
		"expired 1 second ago (2027-01-15T07:59:59Z)" },
	{ "hours ago", NOW - 90 * DAY, NOW - 5 * HOUR - 1, "30d", "14d",
		"expiry.expired=critical",
		"expired 5 hours ago (2027-01-15T02:59:59Z)" },
	{ "days ago", NOW - 90 * DAY, NOW - 3 * DAY - HOUR, "30d", "14d",
		"expiry.expired=critical", "expired 3 days ago (2027-01-12)" },
	{ "at notBefore", NOW, NOW + 90 * DAY, "30d", "14d", "", NULL },
	{ "a second before", NOW + 1, NOW + 90 * DAY, "30d", "14d",
		"expiry.not-yet-valid=critical",
		"not valid before 2027-01-15T08:00:01Z, which is in 1 second" },
	{ "reversed", NOW + DAY, NOW - DAY, "30d", "14d",
		"expiry.not-yet-valid=critical expiry.expired=critical", NULL },

	{ "just at the warning", NOW - DAY, NOW + 30 * DAY, "30d", "14d", "",
		NULL },
	{ "just under it", NOW - DAY, NOW + 30 * DAY - 1, "30d", "14d",
		"expiry.soon=warning", "expires in 29 days (2027-02-14)" },
	{ "just at the critical", NOW - DAY, NOW + 14 * DAY, "30d", "14d",
		"expiry.soon=warning", "expires in 14 days (2027-01-29)" },
	{ "just under that", NOW - DAY, NOW + 14 * DAY - 1, "30d", "14d",
		"expiry.soon=critical", "expires in 13 days (2027-01-29)" },
	{ "one day", NOW - 90 * DAY, NOW + DAY, "30d", "14d",
		"expiry.soon=critical", "expires in 1 day (2027-01-16)" },
	{ "hours", NOW - 90 * DAY, NOW + 5 * HOUR, "30d", "14d",
		"expiry.soon=critical",
		"expires in 5 hours (2027-01-15T13:00:00Z)" },
	{ "a minute", NOW - 90 * DAY, NOW + 119, "30d", "14d",
		"expiry.soon=critical",
		"expires in 1 minute (2027-01-15T08:01:59Z)" },
	{ "now", NOW - 90 * DAY, NOW, "30d", "14d", "expiry.soon=critical",
		"expires in 0 seconds (2027-01-15T08:00:00Z)" },
	{ "critical without warning", NOW - DAY, NOW + DAY, "0", "14d",
		"expiry.soon=critical", NULL },
	{ "both are 0", NOW - DAY, NOW + 1, "0", "0", "", NULL },

	/* Six days: a third is two days, and 15% is 21.6 hours. */
	{ "six days, fresh", NOW, NOW + 6 * DAY, "min(30d,33%)", "min(14d,15%)",
		"", NULL },
	{ "six days, half", NOW - 3 * DAY, NOW + 3 * DAY, "min(30d,33%)",
		"min(14d,15%)", "", NULL },
	{ "six days, late", NOW - 5 * DAY, NOW + DAY, "min(30d,33%)",
		"min(14d,15%)", "expiry.soon=warning",
		"expires in 1 day (2027-01-16)" },
	{ "six days, very late", NOW - 6 * DAY + 20 * HOUR, NOW + 20 * HOUR,
		"min(30d,33%)", "min(14d,15%)", "expiry.soon=critical",
		"expires in 20 hours (2027-01-16T04:00:00Z)" },
	{ "a year, the ceiling counts", NOW - 335 * DAY, NOW + 30 * DAY,
		"min(30d,33%)", "min(14d,15%)", "", NULL },

	{ "2050", NOW - DAY, (time_t)2524608000, "30d", "14d", "", NULL },
	{ "9999", NOW - DAY, YEAR_9999, "30d", "14d", "", NULL },
	{ "a share of 9999", NOW - DAY, YEAR_9999, "100%", "0",
		"expiry.soon=warning", NULL },
	{ "1970", 0, 1, "30d", "14d", "expiry.expired=critical", NULL },
};

static X509 *
leaf_of_dates(time_t from, time_t to)
{
	return mkcert_make(&(struct mkcert){ .key = key,
		.cn = "leaf",
		.not_before = from,
		.not_after = to });
}

static void
test_dates_and_thresholds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		X509 *x509 = leaf_of_dates(r->not_before, r->not_after);
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, NULL });
		struct target t = judge_target_of("leaf");
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		/* Of how long it lives in all, another check speaks. */
		struct override off = {
			.kind = finding_kind("expiry.too-long"),
			.off = true,
		};

		t.set.findings = (struct overrides){ &off, 1 };
		assert_int_equal(
			threshold_parse(r->warning, &t.set.warning), 0);
		assert_int_equal(
			threshold_parse(r->critical, &t.set.critical), 0);
		checks_run(ob, &pol, NOW, &fs);
		judge_expect(r->name, &fs, "expiry.", r->findings);
		if (r->message != NULL)
			assert_string_equal(r->message,
				judge_find(&fs, "expiry.")->message);
		findings_release(&fs);
		observation_free(ob);
		X509_free(x509);
	}
}

static void
test_details_say_what_is_left(void **state)
{
	X509 *x509 = leaf_of_dates(NOW - 90 * DAY, NOW - 5 * HOUR);
	struct observation *ob = judge_observe((X509 *[]){ x509, NULL });
	struct target t = judge_target_of("leaf");
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };
	const struct finding *f;

	(void)state;
	checks_run(ob, &pol, NOW, &fs);
	f = judge_find(&fs, "expiry.expired");
	assert_string_equal(f->subject, ob->certs[0].sha256);
	assert_int_equal(
		-5 * HOUR, json_integer_value(judge_detail(f, "seconds_left")));
	/* Rounded down, so that nobody reads a day into it. */
	assert_int_equal(-1, json_integer_value(judge_detail(f, "days_left")));
	assert_string_equal("2027-01-15T03:00:00Z",
		json_string_value(judge_detail(f, "not_after")));
	findings_release(&fs);
	observation_free(ob);
	X509_free(x509);
}

/* A leaf of 90 days, half used, and an issuer that ends at `end`. */
static const struct issuer_row {
	const char *name;
	time_t end;
	bool in_store_only; /* an anchor that is not sent */
	bool exact;
	const char *findings;
	const char *message;
} issuer_rows[] = {
	{ "outlives the leaf", NOW + 45 * DAY, false, false, "", NULL },
	{ "ends before the leaf", NOW + 45 * DAY - 1, false, false,
		"expiry.issuer=warning",
		"issuer 'Issuer' ends on 2027-03-01, before the certificate "
		"(2027-03-01)" },
	{ "ends soon", NOW + 20 * DAY, false, false, "expiry.issuer=warning",
		"issuer 'Issuer' expires in 20 days (2027-02-04)" },
	{ "ends very soon", NOW + 10 * DAY, false, false,
		"expiry.issuer=critical",
		"issuer 'Issuer' expires in 10 days (2027-01-25)" },
	{ "has expired", NOW - 2 * DAY, false, false, "expiry.expired=critical",
		"issuer 'Issuer' expired 2 days ago (2027-01-13)" },
	{ "at its notAfter", NOW, false, false, "expiry.issuer=critical",
		"issuer 'Issuer' expires in 0 seconds (2027-01-15T08:00:00Z)" },
	{ "anchor not sent, good", NOW + 46 * DAY, true, false, "", NULL },
	{ "anchor not sent, soon", NOW + 10 * DAY, true, false,
		"expiry.issuer=critical", NULL },
	{ "anchor not sent, expired", NOW - 2 * DAY, true, false,
		"expiry.expired=critical",
		"issuer 'Issuer' expired 2 days ago (2027-01-13)" },
	{ "named anchor, expired", NOW - 2 * DAY, true, true,
		"expiry.expired=critical",
		"issuer 'Issuer' expired 2 days ago (2027-01-13)" },
};

static void
test_issuers_of_the_path(void **state)
{
	EVP_PKEY *ca_key = mkcert_key(MKCERT_P256);

	(void)state;
	for (size_t i = 0; i < sizeof(issuer_rows) / sizeof(issuer_rows[0]);
		i++) {
		const struct issuer_row *r = &issuer_rows[i];
		X509 *ca = mkcert_make(&(struct mkcert){ .key = ca_key,
			.cn = "Issuer",
			.ca = true,
			.not_before = NOW - 3650 * DAY,
			.not_after = r->end });
		X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
			.cn = "leaf",
			.names = (const char *const[]){ "DNS:leaf", NULL },
			.not_before = NOW - 45 * DAY,
			.not_after = NOW + 45 * DAY,
			.issuer = ca,
			.issuer_key = ca_key });
		struct trust trust = judge_trust(
			(X509 *[]){ ca, NULL }, r->exact);
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, r->in_store_only ? NULL : ca, NULL });
		struct target t = judge_target_of("leaf");
		struct policy pol = { .target = &t, .trust = &trust };
		struct findings fs = { 0 };

		checks_run(ob, &pol, NOW, &fs);
		judge_expect(r->name, &fs, "expiry.", r->findings);
		if (r->message != NULL)
			assert_string_equal(r->message,
				judge_find(&fs,
					r->end < NOW ? "expiry.expired"
						     : "expiry.issuer")
					->message);
		/* The path itself is good, whatever the dates. */
		judge_expect(r->name, &fs, "chain.",
			r->in_store_only ? "" : "chain.root-sent=ok");
		findings_release(&fs);
		observation_free(ob);
		X509_STORE_free(trust.store);
		X509_free(x509);
		X509_free(ca);
	}
	EVP_PKEY_free(ca_key);
}

static void
test_each_of_a_bundle(void **state)
{
	X509 *certs[5] = { NULL };
	struct observation *ob;
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	certs[0] = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "good",
		.ca = true,
		.not_before = 0,
		.not_after = NOW + 900 * DAY });
	certs[1] = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "old",
		.ca = true,
		.not_before = 0,
		.not_after = NOW - 9 * DAY });
	certs[2] = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "soon",
		.ca = true,
		.not_before = 0,
		.not_after = NOW + 9 * DAY });
	certs[3] = certs[1]; /* twice in the file, told once */
	ob = judge_observe(certs);
	checks_run(ob, &pol, NOW, &fs);
	judge_expect("bundle", &fs, "expiry.",
		"expiry.expired=critical expiry.soon=critical");
	assert_string_equal("'old' expired 9 days ago (2027-01-06)",
		judge_find(&fs, "expiry.expired")->message);
	assert_string_equal("'soon' expires in 9 days (2027-01-24)",
		judge_find(&fs, "expiry.soon")->message);
	assert_memory_equal("Ask the CA for its new certificate",
		finding_remedy(judge_find(&fs, "expiry.soon")), 34);
	findings_release(&fs);
	observation_free(ob);
	for (size_t i = 0; i < 3; i++)
		X509_free(certs[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates_and_thresholds),
		cmocka_unit_test(test_details_say_what_is_left),
		cmocka_unit_test(test_issuers_of_the_path),
		cmocka_unit_test(test_each_of_a_bundle),
	};
	int failed;

	key = mkcert_key(MKCERT_P256);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(key);
	return failed;
}
