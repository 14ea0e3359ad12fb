/* test_checks_deploy.c - what an endpoint serves, and what its file holds */
#include "tests/support/judge.h"

#include "tests/support/oddkeys.h"

extern const struct check check_deploy, check_look;

#define FILE_PATH "/etc/ssl/a.pem"

static EVP_PKEY *ec, *rsa;

/* From `begin` to `end`, in days from now. */
static X509 *
make(const char *cn, EVP_PKEY *key, int begin, int end, bool ca)
{
	return oddkeys_reread(mkcert_make(&(struct mkcert){ .key = key,
		.cn = cn,
		.ca = ca,
		.not_before = NOW + begin * DAY,
		.not_after = NOW + end * DAY }));
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

	t.deployed = FILE_PATH;
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
} rows[] = {
	{ "R3: renewed", "a.test", "a.test", { -80, 10 }, { -3, 87 },
		"serves the old certificate (ends 2027-01-25); " FILE_PATH
		" holds a newer one (ends 2027-04-12), changed 3 days ago: "
		"reload the service",
		false },
	{ "R3: and the old one has expired", "a.test", "a.test", { -91, -1 },
		{ -3, 87 },
		"serves the old certificate (ended 2027-01-14); " FILE_PATH
		" holds a newer one (ends 2027-04-12), changed 3 days ago: "
		"reload the service",
		true },
	{ "the last second is still valid", "a.test", "a.test", { -90, 0 },
		{ -3, 87 },
		"serves the old certificate (ends 2027-01-15); " FILE_PATH
		" holds a newer one (ends 2027-04-12), changed 3 days ago: "
		"reload the service",
		false },
	{ "the file is older", "a.test", "a.test", { -3, 87 }, { -80, 10 },
		"serves a newer certificate (ends 2027-04-12) than " FILE_PATH
		" holds (ends 2027-01-25), changed 3 days ago",
		false },
	{ "neither is newer", "a.test", "a.test", { -3, 87 }, { -3, 87 },
		"serves another certificate (ends 2027-04-12) than " FILE_PATH
		" holds (ends 2027-04-12), changed 3 days ago",
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
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		X509 *served = make(
			r->served_cn, ec, r->served[0], r->served[1], false);
		X509 *held = make(
			r->held_cn, ec, r->held[0], r->held[1], false);
		struct observation *ob = observe(
			served, (X509 *[]){ held, NULL });
		cleanup(str_free) char *subject = str_dup(ob->certs[0].sha256);
		struct findings fs;

		judge(ob, &fs);
		judge_expect(r->name, &fs, "",
			r->critical ? "deploy.stale=critical"
				    : "deploy.stale=warning");
		assert_string_equal(r->message, fs.v[0].message);
		assert_string_equal(subject, fs.v[0].subject);
		assert_string_equal(FILE_PATH,
			json_string_value(
				json_object_get(fs.v[0].details, "file")));
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
	t.deployed = FILE_PATH;
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
