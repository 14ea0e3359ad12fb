/* test_domain.c - registrable domains, and the public suffix list's own tests
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/domain.h"
#include "model/alloc.h"
#include "model/hostname.h"
#include "tests/unit/unit.h"

/* Where they lie beside the project, if they do; seen from its top. */
#define SUITE "../shared/conformance/data/psl/test_psl.txt"
/* Fewer, and the file was not understood. */
#define MIN_CASES 70

static void
expect_domain(const char *name, const char *want)
{
	struct buf have BUF_CLEANUP = { 0 };
	bool found = domain_find(&have, name);

	if (found != (want != NULL) ||
		strcmp(buf_str(&have), want != NULL ? want : "") != 0)
		fail_msg("%s: want %s, have %s", name,
			want != NULL ? want : "none", found ? have.s : "none");
}

static void
test_domains(void **state)
{
	static const struct {
		const char *name, *domain;
	} rows[] = {
		{ "example.com", "example.com" },
		{ "a.b.Example.COM", "example.com" },
		{ "*.example.com", "example.com" },
		{ "example.co.jp", "example.co.jp" },
		{ "me.github.io", "me.github.io" },
		{ "a.me.github.io", "me.github.io" },
		{ "github.io", NULL },
		{ "com", NULL },
		{ "localhost", NULL },
		{ "db.corp", "db.corp" },
		{ "a.db.corp", "db.corp" },
		{ ".example.com", NULL },
		{ "", NULL },
		{ ".", NULL },
		{ "192.0.2.1", NULL },
		{ "2001:db8::1", NULL },
		{ "xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		expect_domain(rows[i].name, rows[i].domain);
}

static void
test_suffixes(void **state)
{
	static const struct {
		const char *name;
		enum domain_suffix kind;
		bool registrable;
	} rows[] = {
		{ "com", DOMAIN_PUBLIC_SUFFIX, false },
		{ "CO.uk", DOMAIN_PUBLIC_SUFFIX, false },
		{ "github.io", DOMAIN_PRIVATE_SUFFIX, false },
		{ "example.com", DOMAIN_NO_SUFFIX, true },
		{ "EXAMPLE.com", DOMAIN_NO_SUFFIX, true },
		{ "a.example.com", DOMAIN_NO_SUFFIX, false },
		{ "me.github.io", DOMAIN_NO_SUFFIX, true },
		{ "www.de", DOMAIN_NO_SUFFIX, true },
		{ "www.ck", DOMAIN_NO_SUFFIX, true },
		{ "db.corp", DOMAIN_NO_SUFFIX, false },
		{ "corp", DOMAIN_NO_SUFFIX, false },
		{ "", DOMAIN_NO_SUFFIX, false },
		{ "*", DOMAIN_NO_SUFFIX, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (domain_suffix(rows[i].name) != rows[i].kind ||
			domain_is_registrable(rows[i].name) !=
				rows[i].registrable)
			fail_msg("%s: want %d, %d", rows[i].name, rows[i].kind,
				rows[i].registrable);
	}
}

/* "'a.b', 'c.d'", or null for either; false if it is none. */
static bool
read_case(char *line, char **name, char **want)
{
	char *rest;

	if (strncmp(line, "checkPublicSuffix(", 18) != 0)
		return false;
	*name = strtok_r(line + 18, "', )", &rest);
	*want = strtok_r(NULL, "', )", &rest);
	return *name != NULL && *want != NULL;
}

/* As it is written, and as a target or a certificate has it: A-labels. */
static void
judge_case(const char *name, const char *want)
{
	struct arena *arena = arena_new();
	struct error err = { 0 };
	const char *a_name, *a_want = NULL;

	expect_domain(name, want);
	a_name = hostname_canonical(arena, name, false, &err);
	if (want != NULL)
		a_want = hostname_canonical(arena, want, false, &err);
	/* A leading dot is no host's name. */
	if (a_name != NULL)
		expect_domain(a_name, a_want);
	else
		assert_int_equal('.', *name);
	arena_free(arena);
}

static void
test_suite(void **state)
{
	FILE *f = fopen(SUITE, "r");
	char line[512], *name, *want;
	size_t n = 0;

	(void)state;
	if (f == NULL)
		skip();
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n;")] = '\0';
		if (!read_case(line, &name, &want) || strcmp(name, "null") == 0)
			continue;
		judge_case(name, strcmp(want, "null") == 0 ? NULL : want);
		n++;
	}
	(void)fclose(f);
	assert_true(n >= MIN_CASES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domains),
		cmocka_unit_test(test_suffixes),
		cmocka_unit_test(test_suite),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
