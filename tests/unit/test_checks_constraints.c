/* test_checks_constraints.c - names on either side of a name constraint */
#include "tests/support/judge.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <time.h>

#define MAX_LIST 4

#define OUTSIDE " is outside what 'Fenced' may issue for (permitted: "
#define INSIDE " reaches into what 'Fenced' may not issue for (excluded: "
#define UNFIT                                                                  \
	" cannot be held against the name constraints of 'Fenced' "            \
	"(unsupported or invalid name syntax)"
#define BROKEN "invalid or inconsistent certificate extension"

static const struct row {
	const char *what;
	const char *constraints; /* of the CA, as in openssl.cnf */
	const char *names[MAX_LIST]; /* of the leaf */
	const char *error; /* what is told of it, or NULL */
} rows[] = {
	{ "inside", "permitted;DNS:a.test", { "DNS:www.a.test" }, NULL },
	{ "outside", "permitted;DNS:a.test", { "DNS:www.b.test" },
		"www.b.test" OUTSIDE "a.test)" },
	{ "one of two outside", "permitted;DNS:a.test",
		{ "DNS:www.a.test", "DNS:b.test" },
		"b.test" OUTSIDE "a.test)" },
	{ "three outside", "permitted;DNS:a.test",
		{ "DNS:c.test", "DNS:www.a.test", "DNS:b.test" },
		"c.test (and 1 more)" OUTSIDE "a.test)" },
	{ "of several",
		"permitted;DNS:a.test,permitted;IP:192.0.2.0/255.255.255.0,"
		"permitted;DNS:b.test,permitted;DNS:c.test,permitted;DNS:d."
		"test,permitted;DNS:e.test",
		{ "DNS:x.test" },
		"x.test" OUTSIDE "a.test, b.test, c.test, d.test and 1 more)" },
	{ "an address outside", "permitted;IP:192.0.2.0/255.255.255.0",
		{ "IP:192.0.3.1" }, "192.0.3.1" OUTSIDE "192.0.2.0/24)" },
	{ "an IPv6 one outside", "permitted;IP:2001:db8::/ffff:ffff:0:ffff::",
		{ "IP:2001:db9::1" },
		"2001:db9::1" OUTSIDE "2001:db8::/ffff:ffff:0:ffff::)" },
	{ "a common name that stands for a name", "permitted;DNS:a.test",
		{ "IP:192.0.2.1" }, "leaf.test" OUTSIDE "a.test)" },
	{ "a wildcard inside", "permitted;DNS:a.test", { "DNS:*.a.test" },
		NULL },
	{ "a wildcard that reaches outside", "permitted;DNS:www.a.test",
		{ "DNS:*.a.test" }, "*.a.test" OUTSIDE "www.a.test)" },
	{ "a wildcard for a host that is excluded", "excluded;DNS:bad.a.test",
		{ "DNS:*.a.test" }, "*.a.test" INSIDE "bad.a.test)" },
	{ "in whatever case", "excluded;DNS:BAD.A.test", { "DNS:*.a.TEST" },
		"*.a.TEST" INSIDE "BAD.A.test)" },
	{ "among others", "excluded;DNS:b.test,excluded;DNS:bad.a.test",
		{ "DNS:ok.test", "DNS:*.a.test" },
		"*.a.test" INSIDE "bad.a.test)" },
	{ "a wildcard below", "excluded;DNS:bad.a.test", { "DNS:*.bad.a.test" },
		"*.bad.a.test" INSIDE "bad.a.test)" },
	{ "a host below", "excluded;DNS:c.test,excluded;DNS:a.test",
		{ "DNS:www.bad.a.test" }, "www.bad.a.test" INSIDE "a.test)" },
	{ "a wildcard beside", "excluded;DNS:bad.a.test", { "DNS:*.b.test" },
		NULL },
	{ "a wildcard covers one label", "excluded;DNS:x.bad.a.test",
		{ "DNS:*.a.test" }, NULL },
	{ "what is below a domain is not its host", "excluded;DNS:.bad.a.test",
		{ "DNS:*.a.test" }, NULL },
	{ "a leading dot, as many a CA has it", "permitted;DNS:.a.test",
		{ "DNS:www.a.test" }, NULL },
	{ "and a name outside it", "permitted;DNS:.a.test", { "DNS:a.evil" },
		"a.evil" OUTSIDE ".a.test)" },
	{ "a name that begins with a dot", "permitted;DNS:a.test",
		{ "DNS:.a.test", "DNS:www.a.test" }, ".a.test" UNFIT },
	{ "an empty label", "excluded;DNS:b.test", { "DNS:www..a.test" },
		"www..a.test" UNFIT },
	{ "such a name where addresses alone are fenced",
		"permitted;IP:192.0.2.0/255.255.255.0", { "DNS:.a.test" },
		NULL },
	{ "an address inside", "excluded;IP:192.0.2.0/255.255.255.0",
		{ "IP:198.51.100.7" }, NULL },
	{ "an address that is excluded", "excluded;IP:192.0.2.0/255.255.255.0",
		{ "IP:192.0.2.7" }, "192.0.2.7" INSIDE "192.0.2.0/24)" },
	{ "the same as an IPv6 address", "excluded;IP:192.0.2.0/255.255.255.0",
		{ "IP:::ffff:192.0.2.7" },
		"::ffff:192.0.2.7" INSIDE "192.0.2.0/24)" },
	{ "another as an IPv6 address", "excluded;IP:192.0.2.0/255.255.255.0",
		{ "IP:::ffff:192.0.3.7" }, NULL },
	{ "an IPv6 address of other digits",
		"excluded;IP:192.0.2.0/255.255.255.0",
		{ "IP:2001:db8::c000:207" }, NULL },
	{ "no list", "DER:3000", { "DNS:a.test" }, BROKEN },
	{ "two empty lists", "DER:3004A000A100", { "DNS:a.test" }, BROKEN },
	{ "one empty list", "DER:300CA0083006820474657374A100",
		{ "DNS:a.test" }, BROKEN },
};

static EVP_PKEY *ca_key, *key;

/* A root, a CA with those constraints, and a leaf; what is told of it. */
static void
judge_row(const struct row *r, const char *const *names)
{
	char *nc = str_fmt("nameConstraints=critical,%s", r->constraints);
	const struct mkcert root = {
		.key = ca_key,
		.cn = "Root",
		.ca = true,
		.not_before = NOW - 400 * DAY,
		.not_after = NOW + 900 * DAY,
	};
	X509 *anchor = mkcert_make(&root), *ca, *leaf;
	struct mkcert m = root;
	struct observation *ob;
	struct trust trust = judge_trust((X509 *[]){ anchor, NULL }, true);
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t, .trust = &trust };
	struct findings fs = { 0 };
	char *want;

	m.cn = "Fenced";
	m.issuer = anchor;
	m.extensions = (const char *const[]){ nc, NULL };
	ca = mkcert_make(&m);
	leaf = mkcert_make(&(struct mkcert){
		.key = key,
		.cn = "leaf.test",
		.names = names,
		.issuer = ca,
		.issuer_key = ca_key,
		.not_before = NOW - DAY,
		.not_after = NOW + 80 * DAY,
	});
	ob = judge_observe((X509 *[]){ leaf, ca, NULL });
	checks_run(ob, &pol, NOW, &fs);
	judge_expect(r->what, &fs, "chain.",
		r->error == NULL ? "" : "chain.invalid=critical");
	if (r->error != NULL) {
		want = str_fmt("'%s': %s",
			strcmp(r->error, BROKEN) == 0 ? "Fenced" : "leaf.test",
			r->error);
		assert_string_equal(
			want, judge_find(&fs, "chain.invalid")->message);
		free(want);
	}
	findings_release(&fs);
	observation_free(ob);
	X509_STORE_free(trust.store);
	X509_free(anchor);
	X509_free(ca);
	X509_free(leaf);
	free(nc);
}

static void
test_constraints(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		judge_row(&rows[i], rows[i].names);
}

/* As many names and subtrees as OpenSSL holds against one another. */
#define MANY 1000
#define MAX_CPU_S 3

/* "permitted" or "excluded", then MANY of them; for free(). */
static char *
many_subtrees(const char *list)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < MANY; i++)
		buf_printf(&out, "%s%s;DNS:%zu.excluded.test", i > 0 ? "," : "",
			list, i);
	return buf_detach(&out);
}

/* MANY names, of which the last alone is excluded. */
static void
fill_names(const char *names[MANY + 1], char text[MANY][40])
{
	for (size_t i = 0; i < MANY; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "DNS:%zu.%s.test", i,
			i + 1 == MANY ? "excluded" : "other");
		names[i] = text[i];
	}
	names[MANY] = NULL;
}

/* Whoever sends both lists may not have us work for minutes. */
static void
test_many(void **state)
{
	static const char *names[MANY + 1];
	static char text[MANY][40];
	char *excluded = many_subtrees("excluded");
	const struct row r = {
		.what = "many",
		.constraints = excluded,
		.error = "999.excluded.test" INSIDE "999.excluded.test)",
	};
	clock_t begin;

	(void)state;
	fill_names(names, text);
	begin = clock();
	judge_row(&r, names);
	assert_in_range(clock() - begin, 0, MAX_CPU_S * CLOCKS_PER_SEC);
	free(excluded);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_constraints),
		cmocka_unit_test(test_many),
	};
	int rc;

	ca_key = mkcert_key(MKCERT_P256);
	key = mkcert_key(MKCERT_P256);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(key);
	return rc;
}
