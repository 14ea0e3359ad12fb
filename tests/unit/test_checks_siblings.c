/* test_checks_siblings.c - what of its domain a certificate covers */
#include "tests/support/judge.h"
#include "tests/unit/unit.h"

extern const struct check check_siblings;

static EVP_PKEY *key;

#define MAX_SANS 16

#define OF(domain, have, lack) "of " domain " it covers " have ", but not " lack

static const struct row {
	const char *what;
	const char *cn; /* NULL: none */
	const char *sans[MAX_SANS];
	const char *host; /* NULL: a file */
	const char *findings; /* all of the check */
	const char *subject, *message; /* of the note, or NULL */
} rows[] = {
	{ "a host alone", "shop.example.com", { "DNS:shop.example.com" }, NULL,
		"name.coverage=ok", "example.com",
		OF("example.com", "1 other name below it",
			"the domain itself, www or its wildcard") },
	{ "at an endpoint", NULL, { "DNS:shop.example.com" },
		"shop.example.com", "name.coverage=ok", "example.com", NULL },
	{ "hosts and deeper wildcards", NULL,
		{ "DNS:a.example.com", "DNS:*.b.example.com",
			"DNS:b.example.com" },
		NULL, "name.coverage=ok", "example.com",
		OF("example.com", "3 other names below it",
			"the domain itself, www or its wildcard") },
	{ "itself and www", NULL, { "DNS:example.com", "DNS:www.example.com" },
		NULL, "name.coverage=ok", "example.com",
		OF("example.com", "the domain itself and www",
			"its wildcard") },
	{ "and a host", NULL,
		{ "DNS:EXAMPLE.com", "DNS:www.example.com",
			"DNS:a.example.com" },
		NULL, "name.coverage=ok", "example.com",
		OF("example.com",
			"the domain itself, www and 1 other name below it",
			"its wildcard") },
	{ "the wildcard is all", NULL,
		{ "DNS:example.com", "DNS:*.example.com", "DNS:a.example.com" },
		NULL, "", NULL, NULL },
	{ "told as name.www", NULL, { "DNS:example.com", "DNS:a.example.com" },
		NULL, "name.www=warning", NULL, NULL },
	{ "told as name.apex", NULL, { "DNS:*.example.com" }, NULL,
		"name.apex=warning", NULL, NULL },
	{ "told as its note", NULL, { "DNS:www.example.com" }, NULL,
		"name.apex=ok", NULL, NULL },
	{ "another's is no reason to be silent", NULL,
		{ "DNS:a.example.com", "DNS:example.net" }, NULL,
		"name.www=warning name.coverage=ok", "example.com", NULL },
	{ "below co.jp", NULL, { "DNS:a.example.co.jp" }, NULL,
		"name.coverage=ok", "example.co.jp", NULL },
	{ "below a private suffix", NULL, { "DNS:a.me.github.io" }, NULL,
		"name.coverage=ok", "me.github.io", NULL },
	{ "a service's own suffix", NULL,
		{ "DNS:github.io", "DNS:*.github.io" }, NULL, "", NULL, NULL },
	{ "without its wildcard", NULL, { "DNS:github.io" }, NULL,
		"name.coverage=ok", "github.io",
		OF("github.io", "the domain itself", "www or its wildcard") },
	{ "a registry's is nobody's", NULL, { "DNS:co.uk" }, NULL, "", NULL,
		NULL },
	{ "inside", NULL, { "DNS:*.corp.internal" }, NULL, "name.coverage=ok",
		"corp.internal",
		OF("corp.internal", "its wildcard", "the domain itself") },
	{ "in a home", NULL, { "DNS:*.home.arpa" }, NULL, "name.coverage=ok",
		"home.arpa",
		OF("home.arpa", "its wildcard", "the domain itself") },
	{ "one label", NULL, { "DNS:localhost" }, NULL, "", NULL, NULL },
	{ "an address", NULL, { "IP:192.0.2.1" }, NULL, "", NULL, NULL },
	{ "an address before a name", NULL,
		{ "IP:192.0.2.1", "DNS:a.example.com" }, "192.0.2.1",
		"name.coverage=ok", "example.com", NULL },
	{ "an IDN", NULL, { "DNS:a.xn--bcher-kva.de" }, NULL,
		"name.coverage=ok", "xn--bcher-kva.de", NULL },

	{ "the common name's domain", "a.example.net",
		{ "DNS:b.example.com", "DNS:A.example.net" }, NULL,
		"name.coverage=ok", "example.net", NULL },
	{ "a common name that is none of the names", "a.example.net",
		{ "DNS:b.example.com" }, NULL, "name.coverage=ok",
		"example.com", NULL },
	{ "a common name deep below its domain", "*.x.example.net",
		{ "DNS:example.com", "DNS:www.example.com",
			"DNS:*.x.example.net" },
		NULL, "name.coverage=ok", "example.com", NULL },
	{ "the endpoint's before either", "www.example.net",
		{ "DNS:www.example.net", "DNS:example.net",
			"DNS:a.example.org" },
		"a.example.org", "name.coverage=ok", "example.org", NULL },
	{ "an endpoint of which nothing is covered", NULL,
		{ "DNS:a.example.net" }, "a.example.org", "", NULL, NULL },

	{ "R48: the first is served, the others are told", "a.com",
		{ "DNS:a.com", "DNS:www.a.com", "DNS:b.com", "DNS:c.com",
			"DNS:d.com", "DNS:e.com", "DNS:f.com" },
		NULL,
		"name.www=warning name.www=warning name.www=warning "
		"name.www=warning name.www=warning name.coverage=ok",
		"a.com", NULL },
	{ "four domains are no platform", "*.a.com",
		{ "DNS:a.com", "DNS:*.a.com", "DNS:*.b.com", "DNS:c.com",
			"DNS:x.d.com" },
		NULL, "name.apex=warning name.www=warning", NULL, NULL },
	{ "five are", "*.a.com",
		{ "DNS:a.com", "DNS:*.a.com", "DNS:*.b.com", "DNS:c.com",
			"DNS:x.d.com", "DNS:www.e.com" },
		NULL, "", NULL, NULL },
	{ "not without its own wildcard", "a.com",
		{ "DNS:a.com", "DNS:www.a.com", "DNS:*.b.com", "DNS:c.com",
			"DNS:x.d.com", "DNS:www.e.com" },
		NULL,
		"name.apex=warning name.www=warning name.apex=ok "
		"name.coverage=ok",
		"a.com", NULL },
	{ "nor without its own domain, which is told", "*.a.com",
		{ "DNS:*.a.com", "DNS:*.b.com", "DNS:c.com", "DNS:x.d.com",
			"DNS:e.com", "DNS:www.e.com" },
		NULL, "name.apex=warning name.apex=warning name.www=warning",
		NULL, NULL },
};

static void
judge_row(const struct row *r)
{
	X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
		.cn = r->cn,
		.organization = "Example",
		.names = r->sans,
		.not_before = NOW - DAY,
		.not_after = NOW + 80 * DAY });
	struct observation *ob = judge_observe((X509 *[]){ x509, NULL });
	struct target t = judge_target_of(r->host);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };
	char *have = NULL;

	check_siblings.run(ob, &pol, NOW, &fs);
	for (size_t i = 0; i < fs.n; i++) {
		char *more = str_fmt("%s%s%s=%s", have != NULL ? have : "",
			have != NULL ? " " : "", fs.v[i].kind->id,
			severity_name(fs.v[i].severity));

		free(have);
		have = more;
	}
	if (strcmp(have != NULL ? have : "", r->findings) != 0)
		fail_msg("%s: want \"%s\", have \"%s\"", r->what, r->findings,
			have != NULL ? have : "");
	if (r->subject != NULL &&
		strcmp(judge_find(&fs, "name.coverage")->subject, r->subject) !=
			0)
		fail_msg("%s: want %s, have %s", r->what, r->subject,
			judge_find(&fs, "name.coverage")->subject);
	if (r->message != NULL)
		assert_string_equal(
			r->message, judge_find(&fs, "name.coverage")->message);
	free(have);
	findings_release(&fs);
	observation_free(ob);
	X509_free(x509);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		judge_row(&rows[i]);
}

/* Only where neither is there does the hint speak of both. */
static void
test_hints(void **state)
{
	static const struct {
		const char *sans[4];
		bool both;
	} cases[] = {
		{ { "DNS:a.example.com" }, true },
		{ { "DNS:example.com", "DNS:www.example.com" }, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
			.names = cases[i].sans,
			.not_before = NOW - DAY,
			.not_after = NOW + 80 * DAY });
		struct observation *ob = judge_observe(
			(X509 *[]){ x509, NULL });
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };
		const struct finding *f;

		check_siblings.run(ob, &pol, NOW, &fs);
		f = judge_find(&fs, "name.coverage");
		assert_int_equal(cases[i].both,
			strstr(finding_remedy(f), "add both") != NULL);
		assert_int_equal(
			cases[i].both, json_is_false(judge_detail(f, "apex")));
		assert_true(json_is_false(judge_detail(f, "wildcard")));
		findings_release(&fs);
		observation_free(ob);
		X509_free(x509);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_hints),
	};
	int failed;

	key = mkcert_key(MKCERT_P256);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(key);
	return failed;
}
