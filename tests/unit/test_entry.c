/* test_entry.c - dNSName entries that cover nothing */
#include <string.h>

#include "checks/entry.h"
#include "model/alloc.h"
#include "tests/unit/unit.h"

#define L10 "aaaaaaaaaa"
#define L60 L10 L10 L10 L10 L10 L10

static const struct row {
	const char *name;
	const char *fault, *star; /* how what is told begins; NULL: nothing */
} rows[] = {
	{ "www.example.com", NULL, NULL },
	{ "WWW.Example.COM", NULL, NULL },
	{ "localhost", NULL, NULL },
	{ "a_b.example.com", NULL, NULL },
	{ "_sip._tls.example.com", NULL, NULL },
	{ "xn--bcher-kva.example", NULL, NULL },
	{ "*.example.com", NULL, NULL },
	{ "*.xn--bcher-kva.example", NULL, NULL },
	{ "*.a.b.c.example.com", NULL, NULL },
	{ "1.2.3.com", NULL, NULL },
	{ L60 "aaa.test", NULL, NULL },

	{ "", "is empty", NULL },
	{ "a b.test", "holds a sign", NULL },
	{ " a.test", "holds a sign", NULL },
	{ "https://a.test", "holds a sign", NULL },
	{ "me@a.test", "holds a sign", NULL },
	{ "a.test:443", "holds a sign", NULL },
	{ "b\xc3\xbc.test", "is not written as an A-label", NULL },
	{ ".a.test", "begins with a dot", NULL },
	{ ".", "begins with a dot", NULL },
	{ "a.test.", "ends with a dot", NULL },
	{ "a..test", "has an empty label", NULL },
	{ L60 "aaaa.test", "has a label of more than 63", NULL },
	{ L60 "." L60 "." L60 "." L60 ".aaaaaaaaaa",
		"is longer than 253 characters", NULL },
	{ "192.0.2.1", "is an address", NULL },

	{ "*", NULL, "has a wildcard that is not the whole first label" },
	{ "w*.a.test", NULL, "has a wildcard that is not the whole" },
	{ "*w.a.test", NULL, "has a wildcard that is not the whole" },
	{ "a.*.test", NULL, "has a wildcard that is not the whole" },
	{ "*.*.a.test", NULL, "has a wildcard that is not the whole" },
	{ "xn--*.a.test", NULL, "has a wildcard that is not the whole" },
	{ "*.internal", NULL, "has a wildcard with a single label behind" },
	{ "*.localhost", NULL, "has a wildcard with a single label behind" },
	/* Told as one on a public suffix. */
	{ "*.com", NULL, NULL },
	{ "*.co.uk", NULL, NULL },
};

static void
expect(const char *name, const char *have, const char *want)
{
	if (want == NULL ? have != NULL
			 : have == NULL ||
				strncmp(have, want, strlen(want)) != 0)
		fail_msg("\"%s\": want \"%s\", have \"%s\"", name,
			want != NULL ? want : "nothing",
			have != NULL ? have : "nothing");
}

static void
test_entries(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		size_t n = strlen(r->name);

		expect(r->name, entry_fault(r->name, n), r->fault);
		expect(r->name, entry_fault_of_star(r->name, n), r->star);
	}
}

/* What stands behind a NUL must not hide. */
static void
test_nul(void **state)
{
	(void)state;
	expect("NUL", entry_fault("a.test\0.evil.test", 17), "holds a NUL");
	expect("NUL", entry_fault("\0", 1), "holds a NUL");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
