/* test_checks_deploy.c - what an endpoint serves, and what its file holds */
#include "tests/support/judge.h"

#include "tests/support/oddkeys.h"

extern const struct check check_deploy, check_look;

#define FILE_PATH "/etc/ssl/a.pem"

static EVP_PKEY *ec, *rsa;
static const char *serial; /* of what is made next; NULL: random */

/* From `begin` to `end`, in days from now. */
static X509 *
make_named(const char *cn, const char *san, EVP_PKEY *key, int begin, int end,
	bool ca)
{
	return oddkeys_reread(mkcert_make(&(struct mkcert){ .key = key,
		.cn = cn,
		.names = (const char *const[]){ san, NULL },
		.ca = ca,
		.serial = serial,
		.not_before = NOW + begin * DAY,
		.not_after = NOW + end * DAY }));
}

static X509 *
make(const char *cn, EVP_PKEY *key, int begin, int end, bool ca)
{
	return make_named(cn, NULL, key, begin, end, ca);
}

/* References to `served` at the endpoint, and to `held` in its file. */
static struct observation *
observe(X509 *served, X509 *const *held)
{
	struct observation *ob = judge_observe((X509 *[]){ served, NULL });

	ob->deployed = judge_observe(held);
	ob->deployed->changed_at = NOW - 3 * DAY - HOUR;
	return ob;
}

static void
judge(struct observation *ob, struct findings *fs)
{
	struct target t = judge_target_of("a.test");
	struct policy pol = { .target = &t };

	t.set.deployed = FILE_PATH;
	*fs = (struct findings){ 0 };
	check_deploy.run(ob, &pol, NOW, fs);
	observation_free(ob);
}

/* R3: the file was replaced, and the server was not reloaded. */
static const struct row {
	const char *name;
	const char *served_cn, *held_cn;
	int served[2], held[2]; /* begin and end, in days from now */
	const char *message;
	bool critical;
} stale_rows[] = {
	{ "R3: renewed", "a.test", "a.test", { -60, 30 }, { -3, 87 },
		"serves the old certificate (ends 2027-02-14); " FILE_PATH
		" holds a newer one (ends 2027-04-12), changed 3 days ago: "
		"reload the service",
		false },
	{ "and the end comes near", "a.test", "a.test", { -80, 10 }, { -3, 87 },
		"serves the old certificate (ends 2027-01-25); " FILE_PATH
		" holds a newer one (ends 2027-04-12), changed 3 days ago: "
		"reload the service",
		true },
	{ "as near for both", "a.test", "a.test", { -80, 10 }, { -79, 11 },
		"serves the old certificate (ends 2027-01-25); " FILE_PATH
		" holds a newer one (ends 2027-01-26), changed 3 days ago: "
		"reload the service",
		false },
	{ "R3: and the old one has expired", "a.test", "a.test", { -91, -1 },
		{ -3, 87 },
		"serves the old certificate (ended 2027-01-14); " FILE_PATH
		" holds a newer one (ends 2027-04-12), changed 3 days ago: "
		"reload the service",
		true },
	{ "the last second is still valid", "a.test", "a.test", { -90, 0 },
		{ -89, 1 },
		"serves the old certificate (ends 2027-01-15); " FILE_PATH
		" holds a newer one (ends 2027-01-16), changed 3 days ago: "
		"reload the service",
		false },
	{ "the file's has expired as well", "a.test", "a.test", { -90, -2 },
		{ -89, -1 },
		"serves the old certificate (ended 2027-01-13); " FILE_PATH
		" holds a newer one (ended 2027-01-14), changed 3 days ago: "
		"reload the service",
		true },
	{ "the file is older, and near its end", "a.test", "a.test", { -3, 87 },
		{ -80, 10 },
		"serves a newer certificate (ends 2027-04-12) than " FILE_PATH
		" holds (ends 2027-01-25), changed 3 days ago",
		false },
	{ "older, and what is served near its end", "a.test", "a.test",
		{ -80, 10 }, { -100, 100 },
		"serves a newer certificate (ends 2027-01-25) than " FILE_PATH
		" holds (ends 2027-04-25), changed 3 days ago",
		false },
	{ "older, and both have expired", "a.test", "a.test", { -90, -1 },
		{ -100, -10 },
		"serves a newer certificate (ended 2027-01-14) than " FILE_PATH
		" holds (ended 2027-01-05), changed 3 days ago",
		true },
	{ "neither is newer", "a.test", "a.test", { -3, 87 }, { -3, 87 },
		"serves another certificate (serial 1111, ends 2027-04-12) "
		"than " FILE_PATH
		" holds (serial 2222, ends 2027-04-12), changed 3 days ago",
		false },
	{ "of one day, the later end", "a.test", "a.test", { -3, 87 },
		{ -3, 88 },
		"serves the old certificate (ends 2027-04-12); " FILE_PATH
		" holds a newer one (ends 2027-04-13), changed 3 days ago: "
		"reload the service",
		false },
	{ "for another name", "default.test", "a.test", { -300, 65 },
		{ -3, 87 },
		"serves the old certificate 'default.test' (ends 2027-03-21); " FILE_PATH
		" holds a newer one 'a.test' (ends 2027-04-12), "
		"changed 3 days ago: reload the service",
		false },
};

static void
test_stale(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stale_rows) / sizeof(stale_rows[0]);
		i++) {
		const struct row *r = &stale_rows[i];
		cleanup(str_free) char *subject = NULL;
		struct observation *ob;
		X509 *served, *held;
		struct findings fs;

		serial = "1111";
		served = make(
			r->served_cn, ec, r->served[0], r->served[1], false);
		serial = "2222";
		held = make(r->held_cn, ec, r->held[0], r->held[1], false);
		serial = NULL;
		ob = observe(served, (X509 *[]){ held, NULL });
		subject = str_dup(ob->certs[0].sha256);
		judge(ob, &fs);
		judge_expect(r->name, &fs, "",
			r->critical ? "deploy.stale=critical"
				    : "deploy.stale=warning");
		assert_string_equal(r->message, fs.v[0].message);
		assert_string_equal(subject, fs.v[0].subject);
		assert_string_equal(FILE_PATH,
			json_string_value(judge_detail(&fs.v[0], "file")));
		findings_release(&fs);
		X509_free(served);
		X509_free(held);
	}
}

static void
test_what_is_fine(void **state)
{
	X509 *a = make("a.test", ec, -3, 87, false);
	X509 *b = make("a.test", rsa, -3, 87, false);
	X509 *ca = make("CA", rsa, -3, 87, true);
	X509 *self = make("a.test", ec, -3, 87, true);
	const struct {
		const char *name;
		X509 *served, *held[4];
		const char *findings;
	} cases[] = {
		{ "the same", a, { a }, "" },
		{ "with its chain", a, { a, ca }, "" },
		/* Taken for a bundle of CAs; what is served is in it. */
		{ "behind a strange CA", a, { ca, a }, "" },
		{ "RSA beside EC", a, { b, a }, "" },
		{ "EC beside RSA", b, { b, a }, "" },
		{ "neither of both", self, { b, a }, "deploy.stale=warning" },
		{ "self-signed, and a CA's", self, { self }, "" },
		{ "a CA's and its issuer", self, { self, ca }, "" },
		{ "another CA's", ca, { self }, "deploy.stale=warning" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct findings fs;

		judge(observe(cases[i].served, cases[i].held), &fs);
		judge_expect(cases[i].name, &fs, "", cases[i].findings);
		findings_release(&fs);
	}
	X509_free(a);
	X509_free(b);
	X509_free(ca);
	X509_free(self);
}

/* Of two in the file the one of the same kind is meant. */
static void
test_same_kind_is_compared(void **state)
{
	X509 *served = make("a.test", ec, -80, 10, false);
	X509 *held_rsa = make("a.test", rsa, -100, 5, false);
	X509 *held_ec = make("a.test", ec, -3, 87, false);
	struct findings fs;

	(void)state;
	judge(observe(served, (X509 *[]){ held_rsa, held_ec, NULL }), &fs);
	assert_string_equal(
		"serves the old certificate (ends 2027-01-25); " FILE_PATH
		" holds a newer one (ends 2027-04-12), "
		"changed 3 days ago: reload the service",
		fs.v[0].message);
	findings_release(&fs);
	X509_free(served);
	X509_free(held_rsa);
	X509_free(held_ec);
}

/* RSA and EC in a file each, as nginx and Apache have them. */
static void
test_twins(void **state)
{
	static const struct {
		const char *name, *held_san;
		int served[2], held[2];
		const char *finding, *message;
	} rows[] = {
		{ "of one order", "DNS:a.test", { -3, 87 }, { -3, 87 },
			"deploy.stale=ok",
			"serves another certificate (EC, ends 2027-04-12) "
			"than " FILE_PATH " holds (RSA, ends 2027-04-12), "
			"changed 3 days ago" },
		{ "issued just after", "DNS:a.test", { -3, 87 }, { -2, 88 },
			"deploy.stale=ok", NULL },
		{ "renewed by itself", "DNS:a.test", { -3, 87 }, { -40, 50 },
			"deploy.stale=ok", NULL },
		/* The key may have been changed for one of another kind. */
		{ "newer by weeks", "DNS:a.test", { -60, 30 }, { -3, 87 },
			"deploy.stale=warning", NULL },
		{ "and the end is near", "DNS:a.test", { -80, 10 }, { -3, 87 },
			"deploy.stale=critical", NULL },
		{ "served, and expired", "DNS:a.test", { -90, -1 }, { -90, 87 },
			"deploy.stale=critical",
			"serves the old certificate (ended 2027-01-14); " FILE_PATH
			" holds a newer one (ends 2027-04-12), changed 3 days "
			"ago: reload the service" },
		{ "for other names", "DNS:b.test", { -3, 87 }, { -3, 87 },
			"deploy.stale=warning", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		X509 *served = make_named("a.test", "DNS:a.test", ec,
			rows[i].served[0], rows[i].served[1], false);
		X509 *held = make_named("a.test", rows[i].held_san, rsa,
			rows[i].held[0], rows[i].held[1], false);
		struct findings fs;

		judge(observe(served, (X509 *[]){ held, NULL }), &fs);
		judge_expect(rows[i].name, &fs, "", rows[i].finding);
		if (rows[i].message != NULL)
			assert_string_equal(rows[i].message, fs.v[0].message);
		findings_release(&fs);
		X509_free(served);
		X509_free(held);
	}
}

/* A file that changed just now may be loaded any moment. */
static void
test_grace(void **state)
{
	static const struct {
		const char *name;
		int served_end; /* in days */
		time_t changed; /* before now, in seconds */
		const char *findings, *text;
	} rows[] = {
		{ "just now", 30, 0, "deploy.stale=ok",
			"changed 0 seconds ago: it has 5 minutes to be "
			"loaded" },
		{ "the last second", 30, 299, "deploy.stale=ok",
			"changed 4 minutes ago: it has 5 minutes to be "
			"loaded" },
		{ "and past it", 30, 300, "deploy.stale=warning",
			"changed 5 minutes ago: reload the service" },
		{ "near its end", 2, 299, "deploy.stale=ok", "minutes" },
		{ "expired", -1, 10, "deploy.stale=critical",
			"reload the service" },
		{ "in the future", 30, -60, "deploy.stale=warning",
			"(ends 2027-04-12): reload the service" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		X509 *served = make(
			"a.test", ec, -60, rows[i].served_end, false);
		X509 *held = make("a.test", ec, -3, 87, false);
		struct observation *ob = observe(
			served, (X509 *[]){ held, NULL });
		struct findings fs;

		ob->deployed->changed_at = NOW - rows[i].changed;
		judge(ob, &fs);
		judge_expect(rows[i].name, &fs, "", rows[i].findings);
		if (strstr(fs.v[0].message, rows[i].text) == NULL)
			fail_msg("%s: %s", rows[i].name, fs.v[0].message);
		findings_release(&fs);
		X509_free(served);
		X509_free(held);
	}
}

/* What nobody may serve yet is rightly not served. */
static void
test_too_early(void **state)
{
	X509 *served = make("a.test", ec, -80, 10, false);
	X509 *held = make("a.test", ec, 5, 95, false);
	X509 *expired = make("a.test", ec, -80, -1, false);
	struct findings fs;

	(void)state;
	judge(observe(served, (X509 *[]){ held, NULL }), &fs);
	judge_expect("not yet", &fs, "", "deploy.stale=ok");
	assert_string_equal(
		"serves the old certificate (ends 2027-01-25); " FILE_PATH
		" holds one for later (from 2027-01-20, ends "
		"2027-04-20), changed 3 days ago: reload the "
		"service then, not before",
		fs.v[0].message);
	findings_release(&fs);
	judge(observe(expired, (X509 *[]){ held, NULL }), &fs);
	judge_expect("too late", &fs, "", "deploy.stale=critical");
	findings_release(&fs);
	X509_free(served);
	X509_free(held);
	X509_free(expired);
}

/* Who has to be reloaded. */
static void
test_listeners(void **state)
{
	static const struct {
		const char *process, *unit;
		long user;
		const char *container;
		time_t started; /* after the file was changed, in seconds */
		const char *text; /* the end of the message */
		const char *reverse; /* likewise, the file being older */
	} rows[] = {
		{ "nginx", NULL, -1, NULL, -DAY,
			" ago; nginx (pid 812) has the old one loaded: reload "
			"it",
			" ago; nginx (pid 812) serves it" },
		{ "nginx", "nginx.service", -1, NULL, -DAY,
			" ago: systemctl reload nginx",
			" ago; nginx (pid 812) serves it" },
		{ "nginx", "nginx@a.service", -1, NULL, -DAY,
			" ago: systemctl reload nginx@a", "" },
		{ "nginx", "a\\x2db.service", -1, NULL, -DAY,
			" ago: systemctl reload 'a\\x2db'", "" },
		{ "caddy", "caddy.service", 1000, NULL, -DAY,
			" ago: systemctl --user reload caddy (as the user "
			"1000)",
			"" },
		{ "nginx", NULL, -1, "0123456789ab", -DAY,
			" ago; nginx (pid 812, container 0123456789ab) has "
			"the old one loaded: reload it",
			"" },
		{ "docker-proxy", "docker.service", -1, NULL, -DAY,
			" ago: reload the service behind docker-proxy (pid "
			"812)",
			" ago; docker-proxy (pid 812) passes it on" },
		/* The clocks of processes and files are not one. */
		{ "nginx", "nginx.service", -1, NULL, 5,
			" ago: systemctl reload nginx", "" },
		{ "nginx", "nginx.service", -1, NULL, 6,
			" ago; nginx (pid 812) was started since, and seems "
			"to read another file",
			"" },
		{ "docker-proxy", NULL, -1, NULL, DAY,
			" ago: reload the service behind docker-proxy (pid "
			"812)",
			"" },
		{ NULL, NULL, -1, NULL, DAY, " ago: reload the service",
			" holds (ends 2027-02-14), changed 3 days ago" },
	};
	X509 *old = make("a.test", ec, -60, 30, false);
	X509 *new = make("a.test", ec, -3, 87, false);

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		bool reverse = i % 2 == 1;
		const char *want = reverse ? rows[i / 2].reverse
					   : rows[i / 2].text;
		struct observation *ob = observe(reverse ? new : old,
			(X509 *[]){ reverse ? old : new, NULL });
		struct listener *l = ob->listener = listener_new();
		const char *have;
		struct findings fs;

		l->process = str_dup(rows[i / 2].process);
		l->pid = 812;
		l->unit = str_dup(rows[i / 2].unit);
		l->unit_user = rows[i / 2].user;
		l->container = str_dup(rows[i / 2].container);
		l->started_at = ob->deployed->changed_at + rows[i / 2].started;
		judge(ob, &fs);
		have = fs.v[0].message;
		if (strlen(have) < strlen(want) ||
			strcmp(have + strlen(have) - strlen(want), want) != 0)
			fail_msg("want ...%s\nhave %s", want, have);
		findings_release(&fs);
	}
	X509_free(old);
	X509_free(new);
}

static void
expect_detail(const struct finding *f, const char *key, const char *want)
{
	const char *have = json_string_value(judge_detail(f, key));

	if (have == NULL || strcmp(have, want) != 0)
		fail_msg("%s: want %s, have %s", key, want,
			have != NULL ? have : "nothing");
}

static void
test_details(void **state)
{
	X509 *old = make("a.test", ec, -60, 30, false);
	X509 *new = make("a.test", ec, -3, 87, false);
	struct observation *ob = observe(old, (X509 *[]){ new, NULL });
	struct findings fs;

	(void)state;
	ob->listener = listener_new();
	ob->listener->process = str_dup("bad\xffname");
	ob->listener->pid = 812;
	ob->listener->started_at = NOW - 5 * DAY;
	ob->listener->unit = str_dup("nginx.service");
	judge(ob, &fs);
	expect_detail(&fs.v[0], "process", "bad\u00ffname");
	expect_detail(&fs.v[0], "unit", "nginx.service");
	expect_detail(&fs.v[0], "process_started_at", "2027-01-10T08:00:00Z");
	expect_detail(&fs.v[0], "changed_at", "2027-01-12T07:00:00Z");
	expect_detail(&fs.v[0], "served_not_after", "2027-02-14T08:00:00Z");
	expect_detail(&fs.v[0], "deployed_not_after", "2027-04-12T08:00:00Z");
	assert_int_equal(
		json_integer_value(judge_detail(&fs.v[0], "pid")), 812);
	findings_release(&fs);
	X509_free(old);
	X509_free(new);
}

/* Of several in the file the one of the same host is meant. */
static void
test_same_host_is_compared(void **state)
{
	X509 *served = make("a.test", ec, -60, 30, false);
	X509 *b = make("b.test", ec, -70, 20, false);
	X509 *a = make("a.test", rsa, -3, 87, false);
	struct findings fs;

	(void)state;
	judge(observe(served, (X509 *[]){ b, a, NULL }), &fs);
	assert_string_equal(
		"serves the old certificate (ends 2027-02-14); " FILE_PATH
		" holds a newer one (ends 2027-04-12), "
		"changed 3 days ago: reload the service",
		fs.v[0].message);
	findings_release(&fs);
	X509_free(served);
	X509_free(a);
	X509_free(b);
}

/* What could not be read tells so, and nothing is stale. */
static void
test_nothing_to_compare(void **state)
{
	X509 *a = make("a.test", ec, -3, 87, false);
	struct observation *ob;
	struct target t = judge_target_of("a.test");
	struct policy pol = { .target = &t };
	struct findings fs;

	(void)state;
	t.set.deployed = FILE_PATH;
	judge(observe(a, (X509 *[]){ NULL }), &fs);
	judge_expect("no certificate in the file", &fs, "", "");

	ob = observe(a, (X509 *[]){ a, NULL });
	ob->n_certs = 0;
	check_deploy.run(ob, &pol, NOW, &fs);
	judge_expect("none served", &fs, "", "");
	ob->n_certs = 1;
	observation_free(ob->deployed);
	ob->deployed = NULL;
	check_deploy.run(ob, &pol, NOW, &fs);
	judge_expect("no file named", &fs, "", "");

	ob->deployed = observation_new();
	observation_add_fault(
		ob->deployed, FAULT_FILE_MISSING, 0, "does not exist");
	check_look.run(ob, &pol, NOW, &fs);
	check_deploy.run(ob, &pol, NOW, &fs);
	judge_expect("missing", &fs, "", "file.missing=critical");
	assert_string_equal(FILE_PATH ": does not exist", fs.v[0].message);
	assert_string_equal(FILE_PATH, fs.v[0].subject);
	findings_release(&fs);
	observation_free(ob);
	X509_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_what_is_fine),
		cmocka_unit_test(test_same_kind_is_compared),
		cmocka_unit_test(test_same_host_is_compared),
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_grace),
		cmocka_unit_test(test_too_early),
		cmocka_unit_test(test_listeners),
		cmocka_unit_test(test_details),
		cmocka_unit_test(test_nothing_to_compare),
	};
	int failed;

	ec = mkcert_key(MKCERT_P256);
	rsa = mkcert_key(MKCERT_RSA2048);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(rsa);
	return failed;
}
