/* test_checks_name.c - which names a certificate covers, and which it lacks */
#include "tests/support/judge.h"

extern const struct check check_name;

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
	{ "R6: other", SANS("DNS:mail.example.com"), "imap.example.com", NULL,
		"name.mismatch=critical", "imap.example.com",
		"the name is not covered: want imap.example.com, have mail.example.com" },
	{ "many others",
		SANS("DNS:a.b.test", "DNS:c.b.test", "DNS:d.b.test",
			"DNS:e.b.test", "DNS:f.b.test", "DNS:g.b.test"),
		"h.b.test", NULL, "name.mismatch=critical", "h.b.test",
		"the name is not covered: want h.b.test, have a.b.test, c.b.test, d.b.test, e.b.test "
		"and 2 more" },

	{ "wildcard", SANS("DNS:*.b.test"), "a.b.test", NULL, "", NULL, NULL },
	{ "R51: wildcard, two labels", SANS("DNS:*.b.test"), "x.a.b.test", NULL,
		"name.mismatch=critical", NULL, NULL },
	{ "wildcard, no label", SANS("DNS:*.b.test"), "b.test", NULL,
		"name.mismatch=critical", NULL, NULL },
	{ "R51: wildcard, part of a label", SANS("DNS:w*.b.test"), "www.b.test",
		NULL, "name.mismatch=critical name.invalid=warning", NULL,
		NULL },
	{ "wildcard, not the first label", SANS("DNS:a.*.test"), "a.b.test",
		NULL, "name.mismatch=critical name.invalid=warning", NULL,
		NULL },
	{ "two wildcards", SANS("DNS:*.*.b.test"), "x.a.b.test", NULL,
		"name.mismatch=critical name.invalid=warning", NULL, NULL },
	{ "a star alone", SANS("DNS:*"), "localhost", NULL,
		"name.mismatch=critical name.invalid=warning", NULL, NULL },
	{ "a star for a whole zone", SANS("DNS:*.com"), "example.com", NULL,
		"name.mismatch=critical name.public-suffix=warning", NULL,
		NULL },
	{ "a star for one label", SANS("DNS:*.internal"), "a.internal", NULL,
		"name.mismatch=critical name.invalid=warning", NULL, NULL },
	{ "a star inside an A-label", SANS("DNS:xn--*.b.test"),
		"xn--bcher-kva.b.test", NULL,
		"name.mismatch=critical name.invalid=warning", NULL, NULL },
	{ "a star is no host", SANS("DNS:a.b.test"), NULL, SANS("*.b.test"),
		"name.missing=critical", "*.b.test", NULL },
	{ "a wildcard in upper case", SANS("DNS:*.B.TEST"), "a.b.test", NULL,
		"", NULL, NULL },
	{ "an underscore", SANS("DNS:a_b.b.test"), "a_b.b.test", NULL, "", NULL,
		NULL },
	/* OpenSSL refuses it, so do curl and Python; browsers do not. */
	{ "an underscore below a wildcard", SANS("DNS:*.b.test"), "a_b.b.test",
		NULL, "name.mismatch=critical", NULL, NULL },
	{ "R47: a U-label in the certificate", SANS("DNS:b\xc3\xbc.b.test"),
		"xn--b-xga.b.test", NULL, "name.mismatch=critical", NULL,
		NULL },
	{ "a trailing dot in the certificate", SANS("DNS:a.b.test."),
		"a.b.test", NULL, "name.mismatch=critical", NULL, NULL },
	{ "a leading dot is no wildcard", SANS("DNS:.b.test"), "a.b.test", NULL,
		"name.mismatch=critical", NULL, NULL },
	{ "wildcard and an A-label", SANS("DNS:*.b.test"),
		"xn--bcher-kva.b.test", NULL, "", NULL, NULL },
	{ "R47: A-label", SANS("DNS:xn--bcher-kva.test"), "xn--bcher-kva.test",
		NULL, "", NULL, NULL },
	{ "one name begins the other", SANS("DNS:www.b.test.evil.test"),
		"www.b.test", NULL, "name.mismatch=critical", NULL, NULL },

	{ "address", SANS("IP:192.0.2.1"), "192.0.2.1", NULL, "", NULL, NULL },
	{ "IPv6 address", SANS("IP:2001:db8::1"), "2001:db8::1", NULL, "", NULL,
		NULL },
	{ "other address", SANS("IP:192.0.2.1"), "192.0.2.2", NULL,
		"name.mismatch=critical", "192.0.2.2",
		"the name is not covered: want 192.0.2.2, have 192.0.2.1" },
	{ "a mapped address is another", SANS("IP:192.0.2.1"),
		"::ffff:192.0.2.1", NULL, "name.mismatch=critical",
		"::ffff:192.0.2.1",
		"the name is not covered: want ::ffff:192.0.2.1, have 192.0.2.1" },
	{ "and the other way round", SANS("IP:::ffff:192.0.2.1"), "192.0.2.1",
		NULL, "name.mismatch=critical", NULL, NULL },
	{ "a mapped address", SANS("IP:::ffff:192.0.2.1"), "::ffff:192.0.2.1",
		NULL, "", NULL, NULL },
	{ "an address below a wildcard", SANS("DNS:*.0.2.1"), "192.0.2.1", NULL,
		"name.mismatch=critical", NULL, NULL },
	{ "an address as common name alone", SANS("DNS:a.b.test"), "192.0.2.1",
		NULL, "name.mismatch=critical", NULL, NULL },
	{ "address as a DNS name", SANS("DNS:192.0.2.1"), "192.0.2.1", NULL,
		"name.mismatch=critical", NULL, NULL },

	{ "configured names", SANS("DNS:a.b.test", "DNS:*.c.test"), NULL,
		SANS("a.b.test", "d.b.test", "x.c.test", "*.c.test",
			"*.b.test"),
		"name.missing=critical name.missing=critical", "d.b.test",
		"the name is not covered: want d.b.test, have a.b.test, *.c.test" },
	{ "not told twice", SANS("DNS:a.b.test"), "e.b.test", SANS("e.b.test"),
		"name.mismatch=critical", NULL, NULL },

	{ "R48: apex without www", SANS("DNS:example.com"), "example.com", NULL,
		"name.www=warning", "www.example.com",
		"covers example.com but not www.example.com" },
	{ "R49: apex and www", SANS("DNS:example.com", "DNS:www.example.com"),
		"example.com", NULL, "", NULL, NULL },
	{ "apex and wildcard", SANS("DNS:example.com", "DNS:*.example.com"),
		"example.com", NULL, "", NULL, NULL },
	{ "apex and another wildcard",
		SANS("DNS:example.com", "DNS:*.www.example.com"), "example.com",
		NULL, "name.www=warning", NULL, NULL },
	{ "www without apex", SANS("DNS:www.example.com"), "www.example.com",
		NULL, "name.apex=ok", "example.com",
		"covers www.example.com but not example.com" },
	{ "R50: wildcard without apex", SANS("DNS:*.example.com"),
		"a.example.com", NULL, "name.apex=warning", "example.com",
		"covers *.example.com but not example.com" },
	{ "both without apex, told once",
		SANS("DNS:www.example.com", "DNS:*.example.com"),
		"www.example.com", NULL, "name.apex=warning", NULL, NULL },
	{ "R50: the apex itself is asked for", SANS("DNS:*.example.com"),
		"example.com", NULL, "name.mismatch=critical", "example.com",
		NULL },
	{ "www itself is asked for", SANS("DNS:example.com"), "www.example.com",
		NULL, "name.mismatch=critical", "www.example.com", NULL },
	{ "the apex is configured", SANS("DNS:*.example.com"), NULL,
		SANS("example.com"), "name.missing=critical", NULL, NULL },
	{ "upper case", SANS("DNS:Example.COM", "DNS:WWW.example.com"),
		"example.com", NULL, "", NULL, NULL },
	{ "R52: deeper names have no www", SANS("DNS:api.example.com"),
		"api.example.com", NULL, "", NULL, NULL },
	{ "a deeper wildcard", SANS("DNS:*.api.example.com"),
		"x.api.example.com", NULL, "", NULL, NULL },
	{ "a domain called www", SANS("DNS:www.de"), "www.de", NULL,
		"name.www=warning", "www.www.de", NULL },

	{ "R52: co.jp", SANS("DNS:example.co.jp"), "example.co.jp", NULL,
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

	{ "R25: no name at all", NULL, "www.example.com", NULL,
		"name.mismatch=critical name.no-san=warning", "www.example.com",
		"the name is not covered: want www.example.com, have no name" },
	{ "no name in a file", NULL, NULL, NULL, "name.no-san=warning", NULL,
		"has no DNS name or address as subject alternative name "
		"(subject CN=a server)" },
};

static void
judge_row(const struct row *r)
{
	X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "a server",
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

/* Who looks at an address alone mostly forgot the name. */
static void
test_an_address_is_asked_for_its_name(void **state)
{
	static const struct {
		const char *host, *sni, *hint;
	} cases[] = {
		{ "192.0.2.1", NULL, "asked by its address alone" },
		{ "2001:db8::1", NULL, "asked by its address alone" },
		{ "192.0.2.1", "b.b.test", "virtual host" },
		{ "b.b.test", NULL, "virtual host" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
			.names = SANS("DNS:a.b.test"),
			.not_before = NOW - DAY,
			.not_after = NOW + 89 * DAY });
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, NULL });
		struct target t = judge_target_of(cases[i].host);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.sni = cases[i].sni;
		check_name.run(ob, &pol, NOW, &fs);
		assert_int_equal(1, fs.n);
		assert_non_null(
			strstr(finding_remedy(&fs.v[0]), cases[i].hint));
		findings_release(&fs);
		observation_free(ob);
		X509_free(x509);
	}
}

/*
 * R25: a server's certificate needs a name; a CA's, a client's or a signer's
 * in a file does not.
 */
static void
test_who_needs_no_name(void **state)
{
	static const struct {
		bool ca;
		const char *eku;
		enum role role;
		const char *findings;
	} cases[] = {
		{ true, "", ROLE_AUTO, "" },
		{ false, "clientAuth", ROLE_AUTO, "" },
		{ false, "codeSigning", ROLE_AUTO, "" },
		{ false, "", ROLE_AUTO, "name.no-san=warning" },
		{ false, "clientAuth,serverAuth", ROLE_AUTO,
			"name.no-san=warning" },
		{ false, "", ROLE_CLIENT, "" },
		{ false, "clientAuth,serverAuth", ROLE_CLIENT, "" },
		{ false, "clientAuth", ROLE_SERVER, "name.no-san=warning" },
		{ true, "", ROLE_SERVER, "name.no-san=warning" },
		{ true, "", ROLE_CLIENT_CA, "" },
		{ false, "", ROLE_CA, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
			/* R26: an address there is no name either. */
			.cn = "192.0.2.1",
			.ca = cases[i].ca,
			.eku = cases[i].eku,
			.not_before = NOW - DAY,
			.not_after = NOW + 89 * DAY });
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, NULL });
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.role = cases[i].role;
		checks_run(ob, &pol, NOW, &fs);
		judge_expect("purpose", &fs, "name.", cases[i].findings);
		findings_release(&fs);
		observation_free(ob);
		X509_free(x509);
	}
}

/* www and the apex are a server's matter; a configured name is anybody's. */
static void
test_clients_have_no_siblings(void **state)
{
	X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
		.names = SANS("DNS:example.com"),
		.eku = "clientAuth",
		.not_before = NOW - DAY,
		.not_after = NOW + 89 * DAY });
	struct observation *ob = judge_observe((X509 *[]){ x509, NULL });
	struct arena *arena = arena_new();
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	words_add(arena, &t.names, "example.com");
	words_add(arena, &t.names, "example.net");
	checks_run(ob, &pol, NOW, &fs);
	judge_expect("client", &fs, "name.", "name.missing=critical");
	findings_release(&fs);
	t.role = ROLE_SERVER;
	checks_run(ob, &pol, NOW, &fs);
	judge_expect("server", &fs, "name.",
		"name.missing=critical name.www=warning");
	findings_release(&fs);
	arena_free(arena);
	observation_free(ob);
	X509_free(x509);
}

#define A30 "aaaaaaaaaabbbbbbbbbbcccccccccc"
#define NO(name) name " breaks the naming rules of the profile tencent-im: "

/* R12: what a vendor's rules for names make of a configured one. */
static const struct spelling_row {
	const char *name;
	const char *message; /* NULL: nothing is wrong with it */
} spelling_rows[] = {
	{ "www.example.com", NULL },
	{ "WWW.Example-1.com", NULL },
	{ "localhost", NULL },
	{ "192.0.2.1", NULL },
	{ "2001:db8::1", NULL },
	{ A30 "." A30 ".c", NULL }, /* 63 */
	{ A30 "." A30 ".cc",
		NO(A30 "." A30 ".cc") "it is 64 characters long, want 63 at "
				      "most" },
	{ "a_b.example.com",
		NO("a_b.example.com") "it holds '_', want letters, digits and "
				      "'-' alone" },
	{ "*.example.com",
		NO("*.example.com") "it holds '*', want letters, digits and "
				    "'-' alone" },
	{ "a--b.example.com", NO("a--b.example.com") "it holds '--'" },
	{ "xn--bcher-kva.de",
		NO("xn--bcher-kva.de") "it holds '--', as every "
				       "internationalised name does" },
	{ "www.xn--bcher-kva.de",
		NO("www.xn--bcher-kva.de") "it holds '--', as every "
					   "internationalised name does" },
	{ "-a.example.com",
		NO("-a.example.com") "a label of it begins or ends with '-'" },
	{ "a-.example.com",
		NO("a-.example.com") "a label of it begins or ends with '-'" },
	{ "a.b-", NO("a.b-") "a label of it begins or ends with '-'" },
	{ "a.-.b", NO("a.-.b") "a label of it begins or ends with '-'" },
	{ "a_--.b",
		NO("a_--.b") "it holds '_', want letters, digits and '-' "
			     "alone; it holds '--'; a label of it begins or "
			     "ends with '-'" },
};

static void
test_spelling(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(spelling_rows) / sizeof(spelling_rows[0]);
		i++) {
		const struct spelling_row *r = &spelling_rows[i];
		/* Of the endpoint and of the list, but told once. */
		for (int where = 0; where < 3; where++) {
			struct observation *ob = observation_new();
			struct arena *arena = arena_new();
			struct target t = judge_target_of(
				where != 0 ? r->name : NULL);
			struct policy pol = { .target = &t };
			struct findings fs = { 0 };

			if (where != 1)
				words_add(arena, &t.names, r->name);
			check_name.run(ob, &pol, NOW, &fs);
			judge_expect("no profile", &fs, "", "");
			t.profile = profile_find("entrust");
			check_name.run(ob, &pol, NOW, &fs);
			judge_expect("other profile", &fs, "", "");
			t.profile = profile_find("tencent-im");
			check_name.run(ob, &pol, NOW, &fs);
			judge_expect(r->name, &fs, "",
				r->message != NULL ? "name.invalid=warning"
						   : "");
			if (r->message != NULL) {
				assert_string_equal(
					r->message, fs.v[0].message);
				assert_string_equal(r->name, fs.v[0].subject);
			}
			findings_release(&fs);
			arena_free(arena);
			observation_free(ob);
		}
	}
}

/* That a name is badly spelt does not hide that it is not covered. */
static void
test_spelling_hides_nothing(void **state)
{
	X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
		.names = SANS("DNS:a.b.test"),
		.not_before = NOW - DAY,
		.not_after = NOW + 89 * DAY });
	struct observation *ob = judge_observe((X509 *[]){ x509, NULL });
	struct target t = judge_target_of("a--c.b.test");
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	t.profile = profile_find("tencent-im");
	check_name.run(ob, &pol, NOW, &fs);
	judge_expect(
		"both", &fs, "", "name.mismatch=critical name.invalid=warning");
	findings_release(&fs);
	observation_free(ob);
	X509_free(x509);
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
		cmocka_unit_test(test_an_address_is_asked_for_its_name),
		cmocka_unit_test(test_who_needs_no_name),
		cmocka_unit_test(test_clients_have_no_siblings),
		cmocka_unit_test(test_spelling),
		cmocka_unit_test(test_spelling_hides_nothing),
		cmocka_unit_test(test_many_names),
	};
	int failed;

	key = mkcert_key(MKCERT_P256);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(key);
	return failed;
}
