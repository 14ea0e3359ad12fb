/* test_checks_san.c - what is odd about a server's names by themselves */
#include "tests/support/judge.h"
#include "tests/unit/unit.h"

static EVP_PKEY *key;

static void
test_suffixes(void **state)
{
	static const struct {
		const char *sans[4];
		const char *findings;
		const char *message;
	} cases[] = {
		{ { "DNS:*.com" }, "name.public-suffix=warning",
			"*.com covers every domain that is registered under "
			"com" },
		{ { "DNS:*.CO.uk" }, "name.public-suffix=warning",
			"*.CO.uk covers every domain that is registered under "
			"co.uk" },
		{ { "DNS:*.github.io" }, "name.public-suffix=ok",
			"*.github.io covers the domains of all customers of "
			"github.io" },
		{ { "DNS:*.com", "DNS:*.org", "DNS:*.b.test" },
			"name.public-suffix=warning name.public-suffix=warning",
			NULL },
		{ { "DNS:*.github.io", "DNS:github.io" }, "", NULL },
		{ { "DNS:*.me.github.io" }, "", NULL },
		{ { "DNS:*.example.co.uk" }, "", NULL },
		{ { "DNS:co.uk" }, "", NULL },
		/* A name of nobody's: inside a house. */
		{ { "DNS:*.internal" }, "", NULL },
		{ { "DNS:*.corp.local" }, "", NULL },
		{ { "DNS:*." }, "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
			.cn = "suffixes",
			.names = cases[i].sans[0] != NULL ? cases[i].sans
							  : NULL,
			.not_before = NOW - DAY,
			.not_after = NOW + 80 * DAY });
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, NULL });
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		checks_run(ob, &pol, NOW, &fs);
		judge_expect(cases[i].sans[0], &fs, "name.public",
			cases[i].findings);
		if (cases[i].message != NULL)
			assert_string_equal(cases[i].message,
				judge_find(&fs, "name.public")->message);
		findings_release(&fs);
		observation_free(ob);
		X509_free(x509);
	}
}

static void
test_common_names(void **state)
{
	static const struct {
		const char *cn;
		const char *sans[4];
		const char *eku;
		const char *findings;
	} cases[] = {
		{ "a.b.test", { "DNS:a.b.test", "DNS:c.b.test" }, NULL, "" },
		{ "a.b.test", { "DNS:c.b.test" }, NULL, "name.common-name=ok" },
		{ "A.b.test", { "DNS:a.b.test" }, NULL, "name.common-name=ok" },
		{ "192.0.2.1", { "IP:192.0.2.1" }, NULL, "" },
		{ "2001:DB8::1", { "IP:2001:db8::1" }, NULL,
			"name.common-name=ok" },
		{ "Example Ltd.", { "DNS:c.b.test" }, NULL, "" },
		{ "router1", { "DNS:router1.b.test" }, NULL, "" },
		{ "me@b.test", { "DNS:c.b.test" }, NULL, "" },
		/* Browsers take it for an address. */
		{ "0xC0000201", { "IP:192.0.2.1" }, NULL,
			"name.common-name=ok" },
		{ "0xC000020100", { "IP:192.0.2.1" }, NULL, "" },
		{ "0x", { "IP:192.0.2.1" }, NULL, "" },
		{ "C0000201", { "IP:192.0.2.1" }, NULL, "" },
		{ "0xC00002zz", { "IP:192.0.2.1" }, NULL, "" },
		{ NULL, { "DNS:c.b.test" }, NULL, "" },
		{ "a.b.test", { NULL }, NULL, "" },
		/* A client has its name where it likes. */
		{ "a.b.test", { "DNS:c.b.test" }, "clientAuth", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
			.cn = cases[i].cn,
			.names = cases[i].sans[0] != NULL ? cases[i].sans
							  : NULL,
			.eku = cases[i].eku,
			.not_before = NOW - DAY,
			.not_after = NOW + 80 * DAY });
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, NULL });
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		checks_run(ob, &pol, NOW, &fs);
		judge_expect(cases[i].cn != NULL ? cases[i].cn : "none", &fs,
			"name.common", cases[i].findings);
		findings_release(&fs);
		observation_free(ob);
		X509_free(x509);
	}
}

static void
judge_sans(const char *const *sans, const char *eku, struct findings *fs)
{
	X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "names",
		.names = sans,
		.eku = eku,
		.not_before = NOW - DAY,
		.not_after = NOW + 80 * DAY });
	struct observation *ob = judge_observe((X509 *[]){ x509, NULL });
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };

	*fs = (struct findings){ 0 };
	checks_run(ob, &pol, NOW, fs);
	observation_free(ob);
	X509_free(x509);
}

static void
test_internal_names(void **state)
{
	static const struct {
		const char *sans[8];
		const char *eku;
		const char *message; /* NULL: nothing is told */
	} cases[] = {
		{ { "DNS:www.example.com", "IP:1.1.1.1" }, NULL, NULL },
		{ { "DNS:www.example.com", "DNS:db.corp", "IP:10.0.0.1" }, NULL,
			"has names that mean something inside one network "
			"only: db.corp, 10.0.0.1" },
		{ { "DNS:a.lan", "DNS:b", "DNS:c.local", "DNS:*.internal",
			  "DNS:e.test", "IP:::1" },
			NULL,
			"has names that mean something inside one network "
			"only: a.lan, b, c.local, *.internal and 2 more" },
		{ { "DNS:db.corp" }, "clientAuth", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct findings fs;

		judge_sans(cases[i].sans, cases[i].eku, &fs);
		judge_expect(cases[i].sans[0], &fs, "name.internal",
			cases[i].message != NULL ? "name.internal=ok" : "");
		if (cases[i].message != NULL)
			assert_string_equal(cases[i].message,
				judge_find(&fs, "name.internal")->message);
		findings_release(&fs);
	}
}

static void
test_stars(void **state)
{
	struct findings fs;

	(void)state;
	judge_sans((const char *const[]){ "DNS:w*.b.test", "DNS:a.*.test",
			   "DNS:w*.b.test", "DNS:*.b.test", NULL },
		NULL, &fs);
	judge_expect("stars", &fs, "name.invalid",
		"name.invalid=warning name.invalid=warning");
	assert_string_equal(
		"its name \"w*.b.test\" covers nothing: it has a wildcard that "
		"is not the whole first label, and the only one",
		judge_find(&fs, "name.invalid")->message);
	assert_string_equal(
		"w*.b.test", judge_find(&fs, "name.invalid")->subject);
	findings_release(&fs);
}

/* However often it is listed. */
static void
test_told_once(void **state)
{
	struct findings fs;

	(void)state;
	judge_sans((const char *const[]){ "DNS:*.com", "DNS:*.com", NULL },
		NULL, &fs);
	judge_expect("twice", &fs, "name.public-suffix",
		"name.public-suffix=warning");
	findings_release(&fs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suffixes),
		cmocka_unit_test(test_common_names),
		cmocka_unit_test(test_internal_names),
		cmocka_unit_test(test_stars),
		cmocka_unit_test(test_told_once),
	};
	int failed;

	key = mkcert_key(MKCERT_P256);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(key);
	return failed;
}
