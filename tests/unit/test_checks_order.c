/* test_checks_order.c - the last day to order a new certificate */
#include "tests/support/judge.h"

#include "model/calendar.h"
#include "tests/support/oddkeys.h"

extern const struct check check_order;

static EVP_PKEY *key;

#define ORDER_BY "order a new one by "
#define TOO_LATE "the last day to order a new one was "
#define SEVEN ": it takes 7 business days, and this one ends on "

/*
 * R42, R43, R45: silent for long, a warning in the last week, critical when
 * it is too late, until the certificate has been replaced or has ended.
 */
static const struct row {
	const char *name;
	const char *begin, *end;
	int64_t lead;
	const char *profile; /* or NULL */
	const char *holiday; /* or NULL */
	const char *now;
	const char *message; /* NULL: silent */
	bool critical;
} rows[] = {
	{ "R42: a day too early", "2026-01-01", "2026-12-18T10:00:00Z", 7, NULL,
		NULL, "2026-12-01T23:59:59Z", NULL, false },
	{ "R43: seven days before", "2026-01-01", "2026-12-18T10:00:00Z", 7,
		NULL, NULL, "2026-12-02T00:00:00Z",
		ORDER_BY "2026-12-09" SEVEN "2026-12-18", false },
	{ "R43: on the last day", "2026-01-01", "2026-12-18T10:00:00Z", 7, NULL,
		NULL, "2026-12-09T23:59:59Z",
		ORDER_BY "2026-12-09" SEVEN "2026-12-18", false },
	{ "R43: too late", "2026-01-01", "2026-12-18T10:00:00Z", 7, NULL, NULL,
		"2026-12-10T00:00:00Z",
		TOO_LATE "2026-12-09" SEVEN "2026-12-18", true },
	{ "R45: still so in its last second", "2026-01-01",
		"2026-12-18T10:00:00Z", 7, NULL, NULL, "2026-12-18T10:00:00Z",
		TOO_LATE "2026-12-09" SEVEN "2026-12-18", true },
	{ "expired: told elsewhere", "2026-01-01", "2026-12-18T10:00:00Z", 7,
		NULL, NULL, "2026-12-18T10:00:01Z", NULL, false },
	{ "no lead", "2026-01-01", "2026-12-18T10:00:00Z", 0, NULL, NULL,
		"2026-12-17T00:00:00Z", NULL, false },
	{ "R43: the profile's lead", "2026-01-01", "2026-12-18T10:00:00Z", 0,
		"entrust", NULL, "2026-12-09T12:00:00Z",
		ORDER_BY "2026-12-09" SEVEN "2026-12-18", false },
	{ "its own lead wins", "2026-01-01", "2026-12-18T10:00:00Z", 1,
		"entrust", NULL, "2026-12-17T12:00:00Z",
		ORDER_BY "2026-12-17: it takes 1 business day, and this one "
			 "ends on 2026-12-18",
		false },
	{ "another profile has none", "2026-01-01", "2026-12-18T10:00:00Z", 0,
		"edgeone", NULL, "2026-12-17T12:00:00Z", NULL, false },
	{ "a holiday", "2026-01-01", "2026-12-18T10:00:00Z", 7, NULL,
		"2026-12-14", "2026-12-09T00:00:00Z",
		TOO_LATE "2026-12-08" SEVEN "2026-12-18", true },
	{ "over the end of the year", "2026-01-01", "2027-01-06T00:00:00Z", 7,
		NULL, "2027-01-01", "2026-12-23T00:00:00Z",
		ORDER_BY "2026-12-25" SEVEN "2027-01-06", false },
	{ "to the last day of 9999", "2026-01-01", "9999-12-31T23:59:59Z", 7,
		NULL, NULL, "9999-12-22T00:00:00Z",
		ORDER_BY "9999-12-22" SEVEN "9999-12-31", false },
	{ "a lead of years", "2020-01-01", "2030-01-01T00:00:00Z", 1000, NULL,
		NULL, "2026-12-02T00:00:00Z",
		TOO_LATE "2026-03-03: it takes 1000 business days, and this "
			 "one ends on 2030-01-01",
		true },
	/* Who says that it takes so long is told so, from the first day on. */
	{ "a life shorter than the lead", "2026-12-12", "2026-12-18T10:00:00Z",
		7, NULL, NULL, "2026-12-12T00:00:00Z",
		TOO_LATE "2026-12-09" SEVEN "2026-12-18", true },
};

static time_t
moment(const char *text)
{
	time_t t = 0;

	assert_int_equal(0, moment_parse(text, NOW, &t));
	return t;
}

static void
judge_row(const struct row *r)
{
	X509 *x509 = oddkeys_reread(mkcert_make(&(struct mkcert){ .key = key,
		.cn = "a.test",
		.not_before = moment(r->begin),
		.not_after = moment(r->end) }));
	struct observation *ob = judge_observe((X509 *[]){ x509, NULL });
	struct target t = judge_target_of("a.test");
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };
	int64_t holiday = 0;

	t.set.order_lead = r->lead;
	t.profile = r->profile != NULL ? profile_find(r->profile) : NULL;
	if (r->holiday != NULL) {
		assert_int_equal(0, calendar_parse(r->holiday, &holiday));
		t.set.holidays = (struct days){ &holiday, 1 };
	}
	check_order.run(ob, &pol, moment(r->now), &fs);
	judge_expect(r->name, &fs, "",
		r->message == NULL    ? ""
			: r->critical ? "expiry.order-by=critical"
				      : "expiry.order-by=warning");
	if (r->message != NULL)
		assert_string_equal(r->message, fs.v[0].message);
	findings_release(&fs);
	observation_free(ob);
	X509_free(x509);
}

static void
test_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		judge_row(&rows[i]);
}

static const char *
detail(const struct finding *f, const char *key_name)
{
	return json_string_value(judge_detail(f, key_name));
}

/* R42: the window from the last day to order to the end is shown. */
static void
test_details_of_each_leaf(void **state)
{
	X509 *later = oddkeys_reread(mkcert_make(&(struct mkcert){ .key = key,
		.cn = "later.test",
		.not_before = NOW - 300 * DAY,
		.not_after = NOW + 90 * DAY }));
	X509 *sooner = oddkeys_reread(mkcert_make(&(struct mkcert){ .key = key,
		.cn = "sooner.test",
		.not_before = NOW - 300 * DAY,
		.not_after = NOW + 10 * DAY }));
	X509 *ca = oddkeys_reread(mkcert_make(&(struct mkcert){ .key = key,
		.cn = "CA",
		.ca = true,
		.not_before = NOW - 300 * DAY,
		.not_after = NOW + 10 * DAY }));
	struct observation *ob = judge_observe(
		(X509 *[]){ later, sooner, ca, NULL });
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };
	const struct finding *f;

	(void)state;
	t.set.order_lead = 5;
	check_order.run(ob, &pol, NOW, &fs);
	judge_expect("leaves", &fs, "", "expiry.order-by=warning");
	f = &fs.v[0];
	assert_string_equal("'sooner.test': order a new one by 2027-01-18: it "
			    "takes 5 business days, and this one ends on "
			    "2027-01-25",
		f->message);
	assert_string_equal(ob->certs[1].sha256, f->subject);
	assert_string_equal("2027-01-18", detail(f, "order_by"));
	assert_string_equal("2027-01-25T08:00:00Z", detail(f, "not_after"));
	assert_int_equal(5, json_integer_value(judge_detail(f, "lead")));
	assert_string_equal("2027-01-18",
		json_string_value(
			json_object_get(judge_detail(f, "window"), "from")));
	assert_string_equal("2027-01-25",
		json_string_value(
			json_object_get(judge_detail(f, "window"), "to")));
	findings_release(&fs);
	observation_free(ob);
	X509_free(later);
	X509_free(sooner);
	X509_free(ca);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_details_of_each_leaf),
	};
	int failed;

	key = mkcert_key(MKCERT_P256);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(key);
	return failed;
}
