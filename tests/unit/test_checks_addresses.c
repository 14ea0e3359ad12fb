/* test_checks_addresses.c - the same at every address, and who is the odd one
 */
#include "tests/support/judge.h"

#include <openssl/ssl.h>

#include "tests/unit/unit.h"

extern const struct check check_addresses;

static EVP_PKEY *ca_key, *key;
static X509 *root, *ca;
/* A leaf that has long to go, its renewal, and one that has expired. */
static X509 *old, *renewed, *expired;

static X509 *
make(EVP_PKEY *k, const char *cn, const X509 *issuer, EVP_PKEY *issuer_key,
	time_t not_after)
{
	return mkcert_make(&(struct mkcert){
		.key = k,
		.cn = cn,
		.names = issuer_key != NULL && k == key
			? (const char *const[]){ "DNS:a.test", NULL }
			: NULL,
		.issuer = issuer,
		.issuer_key = issuer_key,
		.ca = k == ca_key,
		.not_before = NOW - 20 * DAY,
		.not_after = not_after,
	});
}

/* What one letter presents. */
static struct observation *
present(char what, size_t i)
{
	static X509 *chains[128][4];
	struct observation *ob;

	chains['o'][0] = chains['s'][0] = chains['r'][0] = old;
	chains['o'][1] = ca;
	chains['r'][1] = chains['r'][2] = ca; /* twice */
	chains['n'][0] = renewed;
	chains['n'][1] = ca;
	chains['x'][0] = expired;
	chains['x'][1] = ca;
	ob = judge_observe(chains[(unsigned char)what]);
	ob->address = str_fmt("192.0.2.%zu:443", i + 1);
	ob->handshake->peer = str_dup(ob->address);
	ob->handshake->version = TLS1_3_VERSION;
	if (what == '-')
		observation_add_fault(ob, FAULT_UNREACHABLE, 0,
			"cannot connect (%s: Connection refused)", ob->address);
	if (what == 't')
		observation_add_fault(ob, FAULT_TIMEOUT, 0,
			"the TLS handshake did not end in time");
	if (what == '6') {
		ob->handshake->ending = ENDING_NO_ROUTE;
		observation_add_fault(ob, FAULT_UNREACHABLE, 0,
			"this machine has no route to it (%s: Network is "
			"unreachable)",
			ob->address);
	}
	if (what == 'l') {
		/* A follower that speaks an older TLS. */
		X509_up_ref(old);
		X509_up_ref(ca);
		(void)observation_add_cert(ob, old, 0);
		(void)observation_add_cert(ob, ca, 0);
		ob->handshake->version = TLS1_VERSION;
		ob->handshake->protocol = str_dup("TLSv1");
	}
	return ob;
}

/* One letter an address; the first is the target's own. */
static struct observation *
observe(const char *what)
{
	struct observation *ob = present(what[0], 0);

	for (size_t i = 1; what[i] != '\0'; i++)
		observation_add_other(ob, present(what[i], i));
	return ob;
}

static void
judge_as(const char *host, const char *what, struct findings *fs)
{
	struct observation *ob = observe(what);
	X509 *anchors[] = { root, NULL };
	struct trust trust = judge_trust(anchors, true);
	struct target t = judge_target_of(host);
	struct policy pol = { .target = &t, .trust = &trust };

	*fs = (struct findings){ 0 };
	checks_run(ob, &pol, NOW, fs);
	/* What is kept of it afterwards can still be shown. */
	observation_forget_x509(ob);
	observation_free(ob);
	X509_STORE_free(trust.store);
}

static void
judge(const char *what, struct findings *fs)
{
	judge_as("a.test", what, fs);
}

/* "id subject" of all that is worse than a note. */
static char *
list(const struct findings *fs)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < fs->n; i++) {
		const struct finding *f = &fs->v[i];

		if (f->severity > SEV_OK)
			buf_printf(&b, "%s%s %.13s", b.len > 0 ? ", " : "",
				f->kind->id, f->subject);
	}
	return buf_detach(&b);
}

static void
odd_ones_are_found(void **state)
{
	static const struct {
		const char *what, *want;
	} rows[] = {
		{ "o", "" },
		{ "ooo", "" },
		{ "oon", "endpoint.addresses 192.0.2.3:443" },
		/* The most count, whoever comes first. */
		{ "onn", "endpoint.addresses 192.0.2.1:443" },
		{ "onon",
			"endpoint.addresses 192.0.2.2:443, "
			"endpoint.addresses 192.0.2.4:443" },
		{ "onnoo",
			"endpoint.addresses 192.0.2.2:443, "
			"endpoint.addresses 192.0.2.3:443" },
		{ "on", "endpoint.addresses 192.0.2.2:443" },
		/* Who does not answer is no odd one. */
		{ "o-", "endpoint.unreachable 192.0.2.2:443" },
		{ "oot", "endpoint.timeout 192.0.2.3:443" },
		{ "o6", "" },
		{ "o6-n",
			"endpoint.addresses 192.0.2.4:443, "
			"endpoint.unreachable 192.0.2.3:443" },
		{ "ool", "endpoint.protocol 192.0.2.3:443" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(str_free) char *have = NULL;
		struct findings fs;

		judge(rows[i].what, &fs);
		have = list(&fs);
		if (strcmp(have, rows[i].want) != 0)
			fail_msg("%s: want \"%s\", have \"%s\"", rows[i].what,
				rows[i].want, have);
		findings_release(&fs);
	}
}

/* The message with each fingerprint's start as "#". */
static char *
without_prints(const char *s)
{
	struct buf b = { 0 };
	const char *mark;

	while ((mark = strstr(s, "SHA-256 ")) != NULL) {
		buf_add(&b, s, (size_t)(mark - s));
		buf_putc(&b, '#');
		s = strstr(mark, "...") + 3;
	}
	buf_puts(&b, s);
	return buf_detach(&b);
}

static void
both_sides_are_told(void **state)
{
	static const struct {
		const char *what, *want;
	} rows[] = {
		{ "oon",
			"192.0.2.3:443 serves 'a.test' (ends 2027-05-25, 2 "
			"certificates, #); 192.0.2.1:443 and 1 other serve "
			"'a.test' (ends 2027-04-25, 2 certificates, #)" },
		{ "on",
			"192.0.2.2:443 serves 'a.test' (ends 2027-05-25, 2 "
			"certificates, #); 192.0.2.1:443 serves 'a.test' (ends "
			"2027-04-25, 2 certificates, #)" },
		{ "ooox",
			"192.0.2.4:443 serves 'a.test' (ended 2027-01-12, 2 "
			"certificates, #); 192.0.2.1:443 and 2 others serve "
			"'a.test' (ends 2027-04-25, 2 certificates, #)" },
		{ "oos",
			"192.0.2.3:443 sends the same certificate 'a.test' "
			"with a shorter chain: 1 certificate, without 'CA'; "
			"192.0.2.1:443 and 1 other send 2" },
		{ "sso",
			"192.0.2.3:443 sends the same certificate 'a.test' "
			"with another chain: 2 certificates, with 'CA'; "
			"192.0.2.1:443 and 1 other send 1" },
		{ "oor",
			"192.0.2.3:443 sends the same certificate 'a.test' "
			"with another chain: 3 certificates, in another order "
			"or more than once; 192.0.2.1:443 and 1 other send 2" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(str_free) char *have = NULL;
		const struct finding *f;
		struct findings fs;

		judge(rows[i].what, &fs);
		f = judge_find(&fs, "endpoint.addresses");
		assert_int_equal(SEV_CRITICAL, f->severity);
		assert_true(f->kind->network);
		have = without_prints(f->message);
		assert_string_equal(rows[i].want, have);
		findings_release(&fs);
	}
}

static void
what_differs_is_judged(void **state)
{
	struct findings fs;
	const struct finding *f;

	(void)state;
	judge("oxx", &fs);
	judge_expect(
		"an expired one", &fs, "expiry.", "expiry.expired=critical");
	f = judge_find(&fs, "expiry.expired");
	assert_string_equal("192.0.2.2:443 and 1 other: expired 3 days ago "
			    "(2027-01-12)",
		f->message);
	findings_release(&fs);

	judge("oos", &fs);
	f = judge_find(&fs, "chain.incomplete");
	assert_string_equal("192.0.2.3:443: issuer 'CA' of 'a.test' is missing",
		f->message);
	findings_release(&fs);

	/* Both of another name: told once, and of the target itself. */
	judge_as("b.test", "on", &fs);
	judge_expect(
		"mismatch", &fs, "name.mismatch", "name.mismatch=critical");
	f = judge_find(&fs, "name.mismatch");
	assert_null(strstr(f->message, "192.0.2."));
	findings_release(&fs);

	judge("ssx", &fs);
	judge_expect("incomplete at the first", &fs, "chain.incomplete",
		"chain.incomplete=critical");
	f = judge_find(&fs, "chain.incomplete");
	assert_string_equal("issuer 'CA' of 'a.test' is missing", f->message);
	findings_release(&fs);
}

static void
failures_are_told_beside_the_rest(void **state)
{
	const struct finding *f;
	struct findings fs;

	(void)state;
	judge("oo-", &fs);
	f = judge_find(&fs, "endpoint.unreachable");
	assert_string_equal("cannot connect (192.0.2.3:443: Connection "
			    "refused); 2 of 3 addresses answer",
		f->message);
	assert_int_equal(SEV_CRITICAL, f->severity);
	findings_release(&fs);

	judge("ot", &fs);
	f = judge_find(&fs, "endpoint.timeout");
	assert_string_equal("192.0.2.2:443: the TLS handshake did not end in "
			    "time (limit 10s); 1 of 2 addresses answers",
		f->message);
	findings_release(&fs);

	/* An AAAA record where there is no IPv6 is no alarm. */
	judge("o6", &fs);
	f = judge_find(&fs, "endpoint.unreachable");
	assert_int_equal(SEV_OK, f->severity);
	assert_non_null(strstr(finding_remedy(f), "family: ipv4"));
	findings_release(&fs);

	/* But with nothing else it is. */
	judge("6", &fs);
	judge_expect(
		"no route at all", &fs, "", "endpoint.unreachable=critical");
	assert_string_equal("a.test", fs.v[0].subject);
	findings_release(&fs);
}

/* Where nobody answers, the target has the faults of all, and told once. */
static void
silence_is_told_once(void **state)
{
	struct findings fs;

	(void)state;
	judge("-6t", &fs);
	judge_expect("nobody", &fs, "", "endpoint.unreachable=critical");
	findings_release(&fs);
}

static void
too_many_are_told(void **state)
{
	struct observation *ob = observe("ooo");
	struct target t = judge_target_of("a.test");
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	ob->n_unseen = 4;
	check_addresses.run(ob, &pol, NOW, &fs);
	judge_expect("cut", &fs, "", "endpoint.addresses=warning");
	assert_string_equal("want at most 3 addresses, have 7: the others were "
			    "not looked at",
		fs.v[0].message);
	assert_string_equal("a.test", fs.v[0].subject);
	findings_release(&fs);
	observation_free(ob);
}

/* What most servers do: one chain for all, which is kept once. */
static void
the_same_is_kept_once(void **state)
{
	struct observation *ob = observe("onons");

	(void)state;
	assert_ptr_equal(ob, ob->others[1]->same);
	assert_int_equal(0, ob->others[1]->n_certs);
	assert_ptr_equal(ob->others[0], ob->others[2]->same);
	assert_null(ob->others[0]->same);
	assert_null(ob->others[3]->same);
	assert_ptr_equal(ob, observation_presented(ob->others[1]));
	assert_ptr_equal(ob->others[3], observation_presented(ob->others[3]));
	observation_forget_x509(ob);
	assert_null(ob->others[0]->certs[0].x509);
	assert_string_equal("a.test", ob->others[0]->certs[0].label);
	observation_free(ob);
}

/* On one machine of several the renewal is there, and not loaded. */
static void
an_old_one_beside_new_ones_is_not_renewed_again(void **state)
{
	static const struct {
		const char *what;
		bool renewed;
	} rows[] = {
		{ "oox", true },
		{ "xoo", true },
		{ "xxo", false },
		{ "x", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct findings fs;
		const struct finding *f;

		judge(rows[i].what, &fs);
		f = judge_find(&fs, "expiry.expired");
		if (rows[i].renewed !=
			(strstr(finding_remedy(f), "renewed already") != NULL))
			fail_msg("%s: %s", rows[i].what, finding_remedy(f));
		findings_release(&fs);
	}
}

/* What is no trouble is told of one address, not of each. */
static void
notes_are_told_once(void **state)
{
	struct findings fs;
	size_t n = 0;

	(void)state;
	judge("on", &fs);
	for (size_t i = 0; i < fs.n; i++)
		n += strcmp(fs.v[i].kind->id, "name.internal") == 0;
	assert_int_equal(1, n);
	findings_release(&fs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_ones_are_found),
		cmocka_unit_test(both_sides_are_told),
		cmocka_unit_test(what_differs_is_judged),
		cmocka_unit_test(failures_are_told_beside_the_rest),
		cmocka_unit_test(silence_is_told_once),
		cmocka_unit_test(too_many_are_told),
		cmocka_unit_test(notes_are_told_once),
		cmocka_unit_test(
			an_old_one_beside_new_ones_is_not_renewed_again),
		cmocka_unit_test(the_same_is_kept_once),
	};
	int failed;

	ca_key = mkcert_key(MKCERT_P256);
	key = mkcert_key(MKCERT_P256);
	root = make(ca_key, "Root", NULL, NULL, NOW + 3000 * DAY);
	ca = make(ca_key, "CA", root, ca_key, NOW + 2000 * DAY);
	old = make(key, "a.test", ca, ca_key, NOW + 100 * DAY);
	renewed = make(key, "a.test", ca, ca_key, NOW + 130 * DAY);
	expired = make(key, "a.test", ca, ca_key, NOW - 3 * DAY);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	X509_free(root);
	X509_free(ca);
	X509_free(old);
	X509_free(renewed);
	X509_free(expired);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(key);
	return failed;
}
