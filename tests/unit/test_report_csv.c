/* test_report_csv.c - the table for spreadsheets, to the letter */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "model/result.h"
#include "report/report.h"

#define NOW 1795132800 /* 2026-11-20T00:00:00Z */
#define END (NOW + 12 * DAY_S + 10 * HOUR_S)

#define HEADING                                                                \
	"status,target,owner,tags,kind,address,position,subject,names,issuer," \
	"not_before,not_after,days_left,warning_at,critical_at,order_by,key,"  \
	"signature,serial,sha256,findings,message,observed_at\r\n"

static struct target
target(void)
{
	return (struct target){ .name = "www.example.com",
		.kind = TARGET_ENDPOINT,
		.address = "https://www.example.com:443" };
}

static struct cert
cert(void)
{
	return (struct cert){ .subject = LENT("CN=x,O=A \"B\""),
		.issuer = LENT("CN=CA"),
		.label = LENT("x"),
		.issuer_label = LENT("CA"),
		.serial = LENT("10e1"),
		.sha256 = LENT("cafe"),
		.key_type = LENT("EC"),
		.key_bits = 256,
		.signature = LENT("ecdsa-with-SHA256"),
		.has_dates = true,
		.not_before = END - 90 * DAY_S,
		.not_after = END };
}

/* `certs` stay the caller's; the findings are released. */
static char *
render(struct result *r, struct cert *certs, size_t n)
{
	struct observation ob = { .certs = certs, .n_certs = n };
	struct results rs = { .v = &r, .n = 1, .time = NOW };
	struct report_options opt = { 0 };
	struct buf out = { 0 };

	r->seen = certs != NULL ? &ob : NULL;
	report_find("csv")->render(&out, &rs, &opt);
	findings_release(&r->findings);
	r->seen = NULL;
	return buf_detach(&out);
}

/* The n-th cell of the first row as it stands; it holds no comma. */
static char *
cell(const char *text, size_t n)
{
	const char *p = strstr(text, "\r\n") + 2;

	for (; n > 0; n--)
		p = strchr(p, ',') + 1;
	return str_ndup(p, strcspn(p, ",\r"));
}

static void
to_the_letter(void **state)
{
	char *names[] = { LENT("x"), LENT("www.x"), LENT("192.0.2.1") };
	const char *tags[] = { "web", "prod" };
	cleanup(str_free) char *text = NULL;
	struct target t = target();
	struct cert certs[] = { cert(), cert() };
	struct result r = { .target = &t,
		.observed_at = NOW - 60,
		.looked = true,
		.warning_at = END - 30 * DAY_S,
		.critical_at = END - 14 * DAY_S,
		.order_by = NOW + DAY_S };

	(void)state;
	t.owner = "web-team";
	t.tags = (struct words){ tags, 2 };
	certs[0].names = (struct strlist){ names, 3 };
	certs[1].serial = certs[1].key_type = LENT("");
	certs[1].not_after = NOW - 1;
	findings_add(&r.findings, "chain.order", "cafe", "a");
	findings_add(&r.findings, "chain.untrusted", "cafe", "b, \"c\"");
	findings_add(&r.findings, "chain.order", "cafe", "again");
	findings_add(&r.findings, "name.coverage", "cafe", "a note");
	r.status = SEV_CRITICAL;
	text = render(&r, certs, 2);
	assert_string_equal(text,
		HEADING
		"critical,\"www.example.com\",\"web-team\",\"web prod\","
		"endpoint,\"https://www.example.com:443\",0,"
		"\"CN=x,O=A \"\"B\"\"\",\"x www.x 192.0.2.1\",\"CN=CA\","
		"2026-09-03T10:00:00Z,2026-12-02T10:00:00Z,12,"
		"2026-11-02T10:00:00Z,2026-11-18T10:00:00Z,2026-11-21,"
		"\"EC 256\",\"ecdsa-with-SHA256\",\"0x10e1\",\"0xcafe\","
		"\"chain.untrusted chain.order\",\"b, \"\"c\"\"\","
		"2026-11-19T23:59:00Z\r\n"
		"critical,\"www.example.com\",\"web-team\",\"web prod\","
		"endpoint,\"https://www.example.com:443\",1,"
		"\"CN=x,O=A \"\"B\"\"\",,\"CN=CA\","
		"2026-09-03T10:00:00Z,2026-11-19T23:59:59Z,-1,,,,"
		",\"ecdsa-with-SHA256\",,\"0xcafe\","
		"\"chain.untrusted chain.order\",\"b, \"\"c\"\"\","
		"2026-11-19T23:59:00Z\r\n");
}

static void
rows_of_targets(void **state)
{
	cleanup(str_free) char *none = NULL, *store = NULL, *undated = NULL;
	cleanup(str_free) char *days = NULL, *position = NULL;
	struct target t = target();
	struct cert c[] = { cert(), cert() };
	struct result r = { .target = &t, .status = SEV_CRITICAL };

	(void)state;
	t.kind = TARGET_FILE;
	t.address = "/a";
	findings_add(&r.findings, "file.missing", "/a", "not there");
	none = render(&r, NULL, 0);
	assert_string_equal(none,
		HEADING "critical,\"www.example.com\",,,file,\"/a\",,,,,,,,,,,,"
			",,,\"file.missing\",\"not there\",\r\n");
	/* the distribution's roots are nobody's to renew */
	r.store = true;
	r.status = SEV_OK;
	store = render(&r, c, 2);
	assert_non_null(strstr(store, ",\"holds 2 CA certificates\",\r\n"));
	assert_null(strstr(strstr(store, "\r\n") + 2, "\r\nok,"));
	r.store = false;
	c[0].has_dates = false;
	undated = render(&r, c, 1);
	days = cell(undated, 12);
	assert_string_equal(days, "");
	position = cell(undated, 6);
	assert_string_equal(position, "0");
}

static void
no_formula(void **state)
{
	static const struct {
		const char *owner, *want;
	} rows[] = {
		{ "=1+2", "\"'=1+2\"" },
		{ " \"=1", "\"' \"\"=1\"" },
		{ "a;=1", "\"a;'=1\"" },
		{ "a\r\n=1", "\"a\\x0d\\x0a=1\"" },
		{ "web-team", "\"web-team\"" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(str_free) char *text = NULL, *have = NULL;
		struct target t = target();
		struct cert c = cert();
		struct result r = { .target = &t };

		t.owner = rows[i].owner;
		text = render(&r, &c, 1);
		have = cell(text, 2);
		assert_string_equal(have, rows[i].want);
	}
}

/* What is longer than a spreadsheet's cell is cut where it can be seen. */
static void
long_cells(void **state)
{
	cleanup(str_free) char *text = NULL, *have = NULL;
	BUF_CLEANUP struct buf name = { 0 };
	struct target t = target();
	struct cert c = cert();
	struct result r = { .target = &t };

	(void)state;
	buf_pad(&name, 40000, 'a');
	t.owner = buf_str(&name);
	text = render(&r, &c, 1);
	have = cell(text, 2);
	assert_int_equal(strlen(have), 32000 + 2);
	assert_string_equal(have + 32000 + 1 - 4, "a...\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_the_letter),
		cmocka_unit_test(rows_of_targets),
		cmocka_unit_test(no_formula),
		cmocka_unit_test(long_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
