/* test_checks_name.c - which names a certificate covers, and which it lacks */
#include "tests/support/judge.h"

static EVP_PKEY *key;

#define SANS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* A certificate of these names, asked for as `host` (NULL: a file). */
static const struct row {
	const char *name;
	const char *const *sans;
	const char *host;
	const char *const *wanted; /* the configured names */
	const char *findings; /* of the area */
	const char *subject, *message; /* of the first, or NULL */
} rows[] = {
	{ "exact", SANS("DNS:mail.example.com"), "mail.example.com", NULL, "",
		NULL, NULL },
	{ "case", SANS("DNS:MAIL.Example.COM"), "mail.example.com", NULL, "",
		NULL, NULL },
	{ "other", SANS("DNS:mail.example.com"), "imap.example.com", NULL,
		"name.mismatch=critical", "imap.example.com",
		"the name is not covered: want imap.example.com, have mail.example.com" },
	{ "many others",
		SANS("DNS:a.b.test", "DNS:c.b.test", "DNS:d.b.test",
			"DNS:e.b.test", "DNS:f.b.test", "DNS:g.b.test"),
		"h.b.test", NULL, "name.mismatch=critical", "h.b.test",
		"the name is not covered: want h.b.test, have a.b.test, c.b.test, d.b.test, e.b.test "
		"and 2 more" },

	{ "wildcard", SANS("DNS:*.b.test"), "a.b.test", NULL, "", NULL, NULL },
	{ "wildcard, two labels", SANS("DNS:*.b.test"), "x.a.b.test", NULL,
		"name.mismatch=critical", NULL, NULL },
	{ "wildcard, no label", SANS("DNS:*.b.test"), "b.test", NULL,
		"name.mismatch=critical", NULL, NULL },
	{ "wildcard, part of a label", SANS("DNS:w*.b.test"), "www.b.test",
		NULL, "name.mismatch=critical", NULL, NULL },
	{ "wildcard, not the first label", SANS("DNS:a.*.test"), "a.b.test",
		NULL, "name.mismatch=critical", NULL, NULL },
	{ "wildcard and an A-label", SANS("DNS:*.b.test"),
		"xn--bcher-kva.b.test", NULL, "", NULL, NULL },
	{ "A-label", SANS("DNS:xn--bcher-kva.test"), "xn--bcher-kva.test", NULL,
		"", NULL, NULL },
	{ "one name begins the other", SANS("DNS:www.b.test.evil.test"),
		"www.b.test", NULL, "name.mismatch=critical", NULL, NULL },

	{ "address", SANS("IP:192.0.2.1"), "192.0.2.1", NULL, "", NULL, NULL },
	{ "IPv6 address", SANS("IP:2001:db8::1"), "2001:db8::1", NULL, "", NULL,
		NULL },
	{ "other address", SANS("IP:192.0.2.1"), "192.0.2.2", NULL,
		"name.mismatch=critical", "192.0.2.2",
		"the name is not covered: want 192.0.2.2, have 192.0.2.1" },
	{ "address as a DNS name", SANS("DNS:192.0.2.1"), "192.0.2.1", NULL,
		"name.mismatch=critical", NULL, NULL },

	{ "configured names", SANS("DNS:a.b.test", "DNS:*.c.test"), NULL,
		SANS("a.b.test", "d.b.test", "x.c.test", "*.c.test",
			"*.b.test"),
		"name.missing=critical name.missing=critical", "d.b.test",
		"the name is not covered: want d.b.test, have a.b.test, *.c.test" },
	{ "not told twice", SANS("DNS:a.b.test"), "e.b.test", SANS("e.b.test"),
		"name.mismatch=critical", NULL, NULL },

	{ "apex without www", SANS("DNS:example.com"), "example.com", NULL,
		"name.www=warning", "www.example.com",
		"covers example.com but not www.example.com" },
	{ "apex and www", SANS("DNS:example.com", "DNS:www.example.com"),
		"example.com", NULL, "", NULL, NULL },
	{ "apex and wildcard", SANS("DNS:example.com", "DNS:*.example.com"),
		"example.com", NULL, "", NULL, NULL },
	{ "apex and another wildcard",
		SANS("DNS:example.com", "DNS:*.www.example.com"), "example.com",
		NULL, "name.www=warning", NULL, NULL },
	{ "www without apex", SANS("DNS:www.example.com"), "www.example.com",
		NULL, "name.apex=ok", "example.com",
		"covers www.example.com but not example.com" },
	{ "wildcard without apex", SANS("DNS:*.example.com"), "a.example.com",
		NULL, "name.apex=warning", "example.com",
		"covers *.example.com but not example.com" },
	{ "both without apex, told once",
		SANS("DNS:www.example.com", "DNS:*.example.com"),
		"www.example.com", NULL, "name.apex=warning", NULL, NULL },
	{ "the apex itself is asked for", SANS("DNS:*.example.com"),
		"example.com", NULL, "name.mismatch=critical", "example.com",
		NULL },
	{ "www itself is asked for", SANS("DNS:example.com"), "www.example.com",
		NULL, "name.mismatch=critical", "www.example.com", NULL },
	{ "the apex is configured", SANS("DNS:*.example.com"), NULL,
		SANS("example.com"), "name.missing=critical", NULL, NULL },
	{ "upper case", SANS("DNS:Example.COM", "DNS:WWW.example.com"),
		"example.com", NULL, "", NULL, NULL },
	{ "deeper names have no www", SANS("DNS:api.example.com"),
		"api.example.com", NULL, "", NULL, NULL },
	{ "a deeper wildcard", SANS("DNS:*.api.example.com"),
		"x.api.example.com", NULL, "", NULL, NULL },
	{ "a domain called www", SANS("DNS:www.de"), "www.de", NULL,
		"name.www=warning", "www.www.de", NULL },

	{ "co.jp", SANS("DNS:example.co.jp"), "example.co.jp", NULL,
		"name.www=warning", "www.example.co.jp", NULL },
	{ "under co.jp", SANS("DNS:a.example.co.jp"), "a.example.co.jp", NULL,
		"", NULL, NULL },
	{ "a private suffix", SANS("DNS:me.github.io"), "me.github.io", NULL,
		"name.www=warning", "www.me.github.io", NULL },
	{ "a suffix and its wildcard", SANS("DNS:github.io", "DNS:*.github.io"),
		"x.github.io", NULL, "", NULL, NULL },
	{ "an exception of the list", SANS("DNS:www.ck"), "www.ck", NULL,
		"name.www=warning", "www.www.ck", NULL },
	{ "internal names", SANS("DNS:db.corp", "DNS:*.corp.internal"),
		"db.corp", NULL, "", NULL, NULL },
	{ "one label", SANS("DNS:localhost"), "localhost", NULL, "", NULL,
		NULL },
	{ "an IDN", SANS("DNS:xn--bcher-kva.de"), "xn--bcher-kva.de", NULL,
		"name.www=warning", "www.xn--bcher-kva.de", NULL },
	{ "two domains",
		SANS("DNS:a.example.com", "DNS:example.net",
			"DNS:www.example.org"),
		"a.example.com", NULL, "name.www=warning name.apex=ok",
		"www.example.net", NULL },

	{ "no name at all", NULL, "www.example.com", NULL,
		"name.mismatch=critical name.no-san=warning", "www.example.com",
		"the name is not covered: want www.example.com, have no name" },
	{ "no name in a file", NULL, NULL, NULL, "name.no-san=warning", NULL,
		"has no DNS name or address as subject alternative name "
		"(subject CN=www.example.com)" },
};

static void
judge_row(const struct row *r)
{
	X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "www.example.com",
		.names = r->sans,
		.not_before = NOW - DAY,
		.not_after = NOW + 89 * DAY });
	struct observation *ob = judge_observe((X509 *[]){ x509, NULL });
	struct arena *arena = arena_new();
	struct target t = judge_target_of(r->host);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	for (const char *const *p = r->wanted; p != NULL && *p != NULL; p++)
		words_add(arena, &t.names, *p);
	checks_run(ob, &pol, NOW, &fs);
	judge_expect(r->name, &fs, "name.", r->findings);
	if (r->subject != NULL)
		assert_string_equal(
			r->subject, judge_find(&fs, "name.")->subject);
	if (r->message != NULL)
		assert_string_equal(
			r->message, judge_find(&fs, "name.")->message);
	findings_release(&fs);
	arena_free(arena);
	observation_free(ob);
	X509_free(x509);
}

static void
test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		judge_row(&rows[i]);
}

static void
test_sni_is_what_counts(void **state)
{
	X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
		.names = SANS("DNS:a.b.test"),
		.not_before = NOW - DAY,
		.not_after = NOW + 89 * DAY });
	struct observation *ob = judge_observe((X509 *[]){ x509, NULL });
	struct target t = judge_target_of("192.0.2.1");
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	t.sni = "a.b.test";
	checks_run(ob, &pol, NOW, &fs);
	judge_expect("sni", &fs, "name.", "");
	findings_release(&fs);
	observation_free(ob);
	X509_free(x509);
}

/* A CA's or a client's certificate in a file needs no host name. */
static void
test_who_needs_no_name(void **state)
{
	static const struct {
		bool ca;
		const char *eku, *findings;
	} cases[] = {
		{ true, "", "" },
		{ false, "clientAuth", "" },
		{ false, "", "name.no-san=warning" },
		{ false, "clientAuth,serverAuth", "name.no-san=warning" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
			.cn = "somebody",
			.ca = cases[i].ca,
			.eku = cases[i].eku,
			.not_before = NOW - DAY,
			.not_after = NOW + 89 * DAY });
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, NULL });
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		checks_run(ob, &pol, NOW, &fs);
		judge_expect("purpose", &fs, "name.", cases[i].findings);
		findings_release(&fs);
		observation_free(ob);
		X509_free(x509);
	}
}

/* Thousands of names: judged in time, and told within a bound. */
static void
test_many_names(void **state)
{
	enum { N = 3000 };
	const char **sans = mem_alloc((N + 1) * sizeof(*sans));
	X509 *x509;
	struct observation *ob;
	struct target t = judge_target_of("n7.com");
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	for (size_t i = 0; i < N; i++)
		sans[i] = str_fmt("DNS:n%zu.com", i);
	x509 = mkcert_make(&(struct mkcert){ .key = key,
		.names = sans,
		.not_before = NOW - DAY,
		.not_after = NOW + 89 * DAY });
	ob = judge_observe((X509 *[]){ x509, NULL });
	checks_run(ob, &pol, NOW, &fs);
	assert_string_equal("name.www", judge_find(&fs, "name.")->kind->id);
	assert_true(fs.n >= 100 && fs.n < 110);
	findings_release(&fs);
	observation_free(ob);
	X509_free(x509);
	for (size_t i = 0; i < N; i++)
		free((char *)sans[i]);
	free(sans);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_sni_is_what_counts),
		cmocka_unit_test(test_who_needs_no_name),
		cmocka_unit_test(test_many_names),
	};
	int failed;

	key = mkcert_key(MKCERT_P256);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(key);
	return failed;
}
