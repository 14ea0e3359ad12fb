/* test_heartbeat.c - the URL that is fetched, and those that cannot be */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "notifiers/heartbeat.h"

static void
placeholders(void **state)
{
	static const struct {
		const char *url;
		enum severity status;
		const char *host, *want;
	} rows[] = {
		{ "https://hc.example/1f2e", SEV_CRITICAL, "h",
			"https://hc.example/1f2e" },
		{ "https://hc.example/1f2e/{code}", SEV_OK, "h",
			"https://hc.example/1f2e/0" },
		{ "https://hc.example/1f2e/{code}", SEV_UNKNOWN, "h",
			"https://hc.example/1f2e/3" },
		{ "http://k/api/push/T?status=up&msg={status}", SEV_WARNING,
			"h", "http://k/api/push/T?status=up&msg=warning" },
		{ "http://k/{host}{host}/{status}/{code}", SEV_CRITICAL, "a.b",
			"http://k/a.ba.b/critical/2" },
		{ "http://k/?{host}", SEV_OK, "a b/&\303\274?#%{code}\r\n",
			"http://k/?a%20b%2F%26%C3%BC%3F%23%25%7Bcode%7D%0D"
			"%0A" },
		{ "http://k/{hostname}/{STATUS}/{", SEV_OK, "h",
			"http://k/{hostname}/{STATUS}/{" },
		{ "", SEV_OK, "h", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(str_free) char *have = heartbeat_url(
			rows[i].url, rows[i].status, rows[i].host);

		assert_string_equal(have, rows[i].want);
	}
}

static void
impossible_urls(void **state)
{
	static const struct {
		const char *url, *want;
	} rows[] = {
		{ "https://hc.example/TOKEN", "" },
		{ "http://[::1]:8080/{host}?x={status}&y={code}", "" },
		{ "https://{host}.example/", "" },
		{ "ftp://hc.example/TOKEN", "want http://" },
		{ "hc.example/TOKEN", "want http://" },
		{ "https://", "want http://" },
		{ "", "want http://" },
		{ "https://a b/TOKEN", "want http://" },
		{ "https://hc.example/TOKEN/{state}", "{status}, {code}" },
		{ "https://hc.example/TOKEN/{code", "{status}, {code}" },
		{ "https://hc.example/TOKEN/code}", "{status}, {code}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { 0 };
		int rc = heartbeat_check(rows[i].url, &err);

		assert_int_equal(rc, rows[i].want[0] == '\0' ? 0 : -1);
		if (strstr(err.text, rows[i].want) == NULL)
			fail_msg("row %zu: %s", i, err.text);
		assert_null(strstr(err.text, "TOKEN"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(placeholders),
		cmocka_unit_test(impossible_urls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
