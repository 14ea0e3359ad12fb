/* test_checks_look.c - faults of a look, protocols, overrides, unreadable parts
 */
#include "tests/support/judge.h"

#include <openssl/ssl.h>

extern const struct check check_look;

static EVP_PKEY *key;

/* Each kind of fault gets its finding, with the probe's words. */
static const struct fault_row {
	enum fault_kind kind;
	const char *findings;
} fault_rows[] = {
	{ FAULT_FILE_MISSING, "file.missing=critical" },
	/* Gone between the listing and the look: it was meant to be. */
	{ FAULT_FILE_VANISHED, "file.missing=ok" },
	{ FAULT_FILE_UNREADABLE, "file.unreadable=critical" },
	{ FAULT_FILE_TOO_LONG, "file.unreadable=critical" },
	{ FAULT_FILE_EMPTY, "file.empty=critical" },
	{ FAULT_FILE_NO_CERTIFICATE, "file.no-certificate=critical" },
	{ FAULT_FILE_FORMAT, "file.format=critical" },
	{ FAULT_FILE_DAMAGED, "file.damaged=critical" },
	{ FAULT_FILE_LAYOUT, "file.layout=ok" },
	{ FAULT_FILE_PASSWORD, "file.password=critical" },
	{ FAULT_FILE_LEGACY, "file.legacy-encryption=warning" },
	{ FAULT_UNREACHABLE, "endpoint.unreachable=critical" },
	{ FAULT_TIMEOUT, "endpoint.timeout=critical" },
	{ FAULT_NOT_TLS, "endpoint.not-tls=critical" },
	{ FAULT_STARTTLS, "endpoint.starttls=critical" },
	{ FAULT_HANDSHAKE, "endpoint.handshake=critical" },
	{ FAULT_NO_ANSWER, "endpoint.no-answer=warning" },
};

static const struct profile wants_layout = { .name = "test", .layout = true };

static void
test_faults(void **state)
{
	(void)state;
	assert_int_equal(
		FAULT_KINDS, sizeof(fault_rows) / sizeof(fault_rows[0]));
	for (size_t i = 0; i < FAULT_KINDS; i++) {
		struct observation *ob = observation_new();
		struct target t = judge_target_of("a.test");
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		/* Of a layout only such a profile speaks. */
		t.profile = &wants_layout;
		observation_add_fault(
			ob, fault_rows[i].kind, 0, "what was %s", "seen");
		checks_run(ob, &pol, NOW, &fs);
		judge_expect("fault", &fs, "", fault_rows[i].findings);
		assert_string_equal(fault_rows[i].kind == FAULT_TIMEOUT
				? "what was seen (limit 10s)"
				: "what was seen",
			fs.v[0].message);
		assert_string_equal(t.address, fs.v[0].subject);
		/* No packet is lost on the way to a file. */
		assert_int_equal(fault_rows[i].kind >= FAULT_UNREACHABLE,
			fs.v[0].kind->network);
		findings_release(&fs);
		observation_free(ob);
	}
}

/* What the server said stands behind it, not in between. */
static void
test_the_limit_stands_by_the_time(void **state)
{
	static const struct {
		const char *fault, *message;
	} rows[] = {
		{ "no greeting in time: is it smtps?",
			"no greeting in time (limit 10s): is it smtps?" },
		{ "not in time, nor in time",
			"not in time (limit 10s), nor in time" },
		{ "late", "late (limit 10s)" },
		{ "", " (limit 10s)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct observation *ob = observation_new();
		struct target t = judge_target_of("a.test");
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		observation_add_fault(
			ob, FAULT_TIMEOUT, 0, "%s", rows[i].fault);
		checks_run(ob, &pol, NOW, &fs);
		assert_string_equal(rows[i].message, fs.v[0].message);
		findings_release(&fs);
		observation_free(ob);
	}
}

static void
test_faults_of_a_kind_are_one_finding(void **state)
{
	struct observation *ob = observation_new();
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	for (size_t i = 1; i <= 5; i++)
		observation_add_fault(
			ob, FAULT_FILE_DAMAGED, i, "block %zu is cut", i);
	checks_run(ob, &pol, NOW, &fs);
	assert_int_equal(1, fs.n);
	assert_string_equal("block 1 is cut; block 2 is cut; block 3 is cut; "
			    "and 2 more",
		fs.v[0].message);
	findings_release(&fs);
	observation_free(ob);
}

#define KEY "/etc/ssl/private/a.key"

/* A fault of a certificate's file, or of another file beside it. */
static const struct file_row {
	const char *name;
	enum fault_kind kind;
	const char *file; /* NULL: the target's own */
	const char *key; /* which the target names, or NULL */
	bool listed; /* met in a folder */
	bool ca; /* it holds a CA's certificate, not a leaf */
	bool empty; /* it holds no certificate at all */
	const char *passphrase; /* or NULL */
	const char *profile; /* or NULL */
	const char *findings;
	const char *subject, *message; /* or NULL */
} file_rows[] = {
	{ "R46: no key", FAULT_FILE_MISSING, KEY, KEY, false, false, false,
		NULL, NULL, "file.missing=critical", KEY,
		"key file " KEY ": what was seen" },
	{ "a damaged key", FAULT_FILE_DAMAGED, KEY, KEY, false, false, false,
		NULL, NULL, "file.damaged=critical", KEY,
		"key file " KEY ": what was seen" },
	{ "no key in it", FAULT_FILE_NO_CERTIFICATE, KEY, KEY, false, false,
		false, NULL, NULL, "file.no-certificate=critical", KEY, NULL },
	{ "another file, no key's", FAULT_FILE_MISSING, "/etc/ca.crt", NULL,
		false, false, false, NULL, NULL, "file.missing=critical",
		"/etc/ca.crt", "/etc/ca.crt: what was seen" },
	{ "in a folder, a leaf's key", FAULT_FILE_MISSING, KEY, KEY, true,
		false, false, NULL, NULL, "file.missing=critical", KEY, NULL },
	{ "in a folder, a CA's key", FAULT_FILE_MISSING, KEY, KEY, true, true,
		false, NULL, NULL, "", NULL, NULL },
	{ "a CA's key that is named", FAULT_FILE_MISSING, KEY, KEY, false, true,
		false, NULL, NULL, "file.missing=critical", KEY, NULL },
	{ "in a folder, of a CA's own file", FAULT_FILE_DAMAGED, NULL, KEY,
		true, true, false, NULL, NULL, "file.damaged=critical",
		"test.pem", "what was seen" },

	{ "R63: a layout", FAULT_FILE_LAYOUT, NULL, NULL, false, false, false,
		NULL, "edgeone", "file.layout=ok", "test.pem",
		"what was seen" },
	{ "R63: no profile", FAULT_FILE_LAYOUT, NULL, NULL, false, false, false,
		NULL, NULL, "", NULL, NULL },
	{ "R63: another profile", FAULT_FILE_LAYOUT, NULL, NULL, false, false,
		false, NULL, "huawei-elb", "", NULL, NULL },

	{ "R29: no passphrase", FAULT_FILE_PASSWORD, NULL, NULL, false, false,
		true, NULL, NULL, "file.password=critical", "test.pem",
		"what was seen" },
	{ "R29: a wrong one", FAULT_FILE_PASSWORD, NULL, NULL, true, false,
		true, "secret", NULL, "file.password=critical", "test.pem",
		"what was seen" },
	{ "R29: none, in a folder", FAULT_FILE_PASSWORD, NULL, NULL, true,
		false, true, NULL, NULL, "file.password=ok", "test.pem",
		"holds certificates that need a passphrase; none is "
		"configured, so they are not judged" },
	{ "a key in a folder", FAULT_FILE_PASSWORD, NULL, NULL, true, false,
		false, NULL, NULL, "file.password=ok", "test.pem",
		"what was seen" },
	{ "a key's file in a folder", FAULT_FILE_PASSWORD, KEY, KEY, true,
		false, false, NULL, NULL, "file.password=ok", KEY,
		"key file " KEY ": what was seen" },
	{ "R29: RC2", FAULT_FILE_LEGACY, NULL, NULL, false, false, false,
		"secret", NULL, "file.legacy-encryption=warning", "test.pem",
		"what was seen" },
	{ "vanished", FAULT_FILE_VANISHED, NULL, NULL, true, false, true, NULL,
		NULL, "file.missing=ok", "test.pem", "what was seen" },
};

static void
test_files(void **state)
{
	X509 *leaf = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "a",
		.not_before = NOW - DAY,
		.not_after = NOW + DAY });
	X509 *ca = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "CA",
		.ca = true,
		.not_before = NOW - DAY,
		.not_after = NOW + DAY });

	(void)state;
	for (size_t i = 0; i < sizeof(file_rows) / sizeof(file_rows[0]); i++) {
		const struct file_row *r = &file_rows[i];
		struct observation *ob = judge_observe(
			(X509 *[]){ r->empty	? NULL
					: r->ca ? ca
						: leaf,
				NULL });
		struct target t = judge_target_of(NULL);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.key = r->key;
		t.listed = r->listed;
		t.passphrase = r->passphrase;
		t.profile = r->profile != NULL ? profile_find(r->profile)
					       : NULL;
		observation_add_fault_of(
			ob, r->file, r->kind, 17, "what was seen");
		check_look.run(ob, &pol, NOW, &fs);
		judge_expect(r->name, &fs, "", r->findings);
		if (r->subject != NULL)
			assert_string_equal(r->subject, fs.v[0].subject);
		if (r->message != NULL)
			assert_string_equal(r->message, fs.v[0].message);
		if (fs.n > 0 && r->kind == FAULT_FILE_DAMAGED)
			assert_int_equal(17,
				json_integer_value(
					judge_detail(&fs.v[0], "line")));
		findings_release(&fs);
		observation_free(ob);
	}
	X509_free(leaf);
	X509_free(ca);
}

/* Each file has its finding, and not more files than a bound are told. */
static void
test_faults_of_several_files(void **state)
{
	struct observation *ob = observation_new();
	struct target t = judge_target_of(NULL);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	for (size_t i = 0; i < 6; i++)
		observation_add_fault_of(ob,
			i % 3 == 0	     ? NULL
				: i % 3 == 1 ? "b.pem"
					     : "c.pem",
			FAULT_FILE_DAMAGED, i, "block %zu is cut", i);
	check_look.run(ob, &pol, NOW, &fs);
	assert_int_equal(3, fs.n);
	assert_string_equal("block 0 is cut; block 3 is cut", fs.v[0].message);
	assert_string_equal(
		"b.pem: block 1 is cut; block 4 is cut", fs.v[1].message);
	assert_string_equal("b.pem", fs.v[1].subject);
	assert_string_equal(
		"c.pem: block 2 is cut; block 5 is cut", fs.v[2].message);
	findings_release(&fs);

	for (size_t i = 0; i < 3000; i++) {
		cleanup(str_free) char *name = str_fmt("%zu.pem", i);

		observation_add_fault_of(
			ob, name, FAULT_FILE_MISSING, 0, "gone");
	}
	for (size_t i = 0; i < 3000; i++)
		observation_add_fault(
			ob, FAULT_FILE_PASSWORD, i, "no passphrase");
	check_look.run(ob, &pol, NOW, &fs);
	assert_int_equal(100 + 3 + 1, fs.n);
	findings_release(&fs);
	observation_free(ob);
}

/*
 * What an endpoint should be serving: its file's faults are told of that
 * file, but its keys are of no interest once its certificates are read.
 */
static void
test_deployed(void **state)
{
	static const struct {
		enum fault_kind kind;
		bool empty;
		const char *findings;
	} cases[] = {
		{ FAULT_FILE_MISSING, true, "file.missing=critical" },
		{ FAULT_FILE_DAMAGED, false, "file.damaged=critical" },
		{ FAULT_FILE_PASSWORD, false, "" },
		{ FAULT_FILE_PASSWORD, true, "file.password=critical" },
		{ FAULT_FILE_LEGACY, false, "" },
		{ FAULT_FILE_LAYOUT, false, "" },
	};
	X509 *leaf = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "a",
		.not_before = NOW - DAY,
		.not_after = NOW + DAY });

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct observation *ob = judge_observe(
			(X509 *[]){ leaf, NULL });
		struct target t = judge_target_of("a.test");
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.set.deployed = "/etc/ssl/a.pem";
		ob->deployed = judge_observe(
			(X509 *[]){ cases[i].empty ? NULL : leaf, NULL });
		observation_add_fault(
			ob->deployed, cases[i].kind, 0, "what was seen");
		check_look.run(ob, &pol, NOW, &fs);
		judge_expect("deployed", &fs, "", cases[i].findings);
		if (fs.n > 0) {
			assert_string_equal("/etc/ssl/a.pem: what was seen",
				fs.v[0].message);
			assert_string_equal("/etc/ssl/a.pem", fs.v[0].subject);
		}
		findings_release(&fs);
		observation_free(ob);
	}
	X509_free(leaf);
}

#define NGINX "<center>No required SSL certificate was sent</center>"

static const struct tls_row {
	const char *name;
	int version;
	bool asked;
	int alert;
	enum connection_ending ending;
	int fault; /* enum fault_kind, or -1 */
	int status; /* of the HTTP answer; 0: none */
	const char *body; /* or NULL */
	const char *findings;
	const char *message; /* of the first, or NULL */
} tls_rows[] = {
	{ "TLS 1.3", TLS1_3_VERSION, false, -1, ENDING_NONE, -1, 0, NULL, "",
		NULL },
	{ "TLS 1.2", TLS1_2_VERSION, false, -1, ENDING_NONE, -1, 0, NULL, "",
		NULL },
	{ "TLS 1.1", TLS1_1_VERSION, false, -1, ENDING_NONE, -1, 0, NULL,
		"endpoint.protocol=warning", NULL },
	{ "TLS 1.0", TLS1_VERSION, false, -1, ENDING_NONE, -1, 0, NULL,
		"endpoint.protocol=warning", NULL },
	{ "never connected", 0, false, -1, ENDING_NONE, -1, 0, NULL, "", NULL },
	{ "asked, and let in without", TLS1_2_VERSION, true, -1, ENDING_NONE,
		-1, 200, NULL, "", NULL },
	{ "asked, refused by OpenSSL", TLS1_2_VERSION, true, 40, ENDING_ALERT,
		FAULT_HANDSHAKE, 0, NULL, "client.required=ok",
		"requires a client certificate (alert 40 handshake_failure)" },
	{ "asked, refused by Go", TLS1_2_VERSION, true, 42, ENDING_ALERT,
		FAULT_HANDSHAKE, 0, NULL, "client.required=ok", NULL },
	{ "asked, refused in TLS 1.3", TLS1_3_VERSION, true, 116, ENDING_ALERT,
		FAULT_NO_ANSWER, 0, NULL, "client.required=ok",
		"requires a client certificate (alert 116 "
		"certificate_required)" },
	{ "asked, refused by nginx", TLS1_3_VERSION, true, -1, ENDING_NONE, -1,
		400, NGINX, "client.required=ok",
		"requires a client certificate (HTTP 400)" },
	{ "asked, nginx's own status", TLS1_3_VERSION, true, -1, ENDING_NONE,
		-1, 496, NULL, "client.required=ok", NULL },
	{ "not asked, the same words", TLS1_3_VERSION, false, -1, ENDING_NONE,
		-1, 400, NGINX, "", NULL },
	{ "asked, another 400", TLS1_3_VERSION, true, -1, ENDING_NONE, -1, 400,
		"no", "", NULL },
	{ "asked, those words under a 200", TLS1_3_VERSION, true, -1,
		ENDING_NONE, -1, 200, NGINX, "", NULL },
	{ "asked, closed by Node", TLS1_2_VERSION, true, -1, ENDING_CLOSED,
		FAULT_HANDSHAKE, 0, NULL, "client.required=ok",
		"asks for a client certificate, and closes the connection "
		"without one" },
	{ "asked, reset by Go", TLS1_3_VERSION, true, -1, ENDING_RESET,
		FAULT_NO_ANSWER, 0, NULL, "client.required=ok", NULL },
	{ "asked, and no answer", TLS1_3_VERSION, true, -1, ENDING_TIMEOUT,
		FAULT_NO_ANSWER, 0, NULL, "endpoint.no-answer=warning", NULL },
	{ "not asked, closed", TLS1_3_VERSION, false, -1, ENDING_CLOSED,
		FAULT_NO_ANSWER, 0, NULL, "endpoint.no-answer=warning", NULL },
	{ "asked, another alert", TLS1_2_VERSION, true, 80, ENDING_ALERT,
		FAULT_HANDSHAKE, 0, NULL, "endpoint.handshake=critical", NULL },
	{ "asked, damaged", TLS1_2_VERSION, true, -1, ENDING_DAMAGED,
		FAULT_HANDSHAKE, 0, NULL, "endpoint.handshake=critical", NULL },
	{ "alert without having asked", TLS1_2_VERSION, false, 40, ENDING_ALERT,
		FAULT_HANDSHAKE, 0, NULL, "endpoint.handshake=critical", NULL },
};

static void
test_handshakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tls_rows) / sizeof(tls_rows[0]); i++) {
		const struct tls_row *r = &tls_rows[i];
		struct observation *ob = observation_new();
		struct target t = judge_target_of("a.test");
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		ob->handshake->version = r->version;
		ob->handshake->asked = r->asked;
		ob->handshake->alert = r->alert;
		ob->handshake->ending = r->ending;
		ob->handshake->reply.status = r->status;
		ob->handshake->reply.body = str_dup(r->body);
		if (r->fault >= 0)
			observation_add_fault(
				ob, (enum fault_kind)r->fault, 0, "it failed");
		checks_run(ob, &pol, NOW, &fs);
		judge_expect(r->name, &fs, "", r->findings);
		if (r->message != NULL)
			assert_string_equal(r->message, fs.v[0].message);
		findings_release(&fs);
		observation_free(ob);
	}
}

/* What to do depends on how far it came and how it ended. */
static const struct hint_row {
	enum fault_kind kind;
	enum connection_step step;
	enum connection_ending ending;
	int alert; /* or -1 */
	const char *sni; /* or NULL */
	const char *scheme; /* that would fit, or NULL */
	const char *hint; /* is in it; NULL: the catalogue's */
} hint_rows[] = {
	{ FAULT_UNREACHABLE, STEP_RESOLVE, ENDING_NO_NAME, -1, NULL, NULL,
		"getent ahosts" },
	{ FAULT_UNREACHABLE, STEP_RESOLVE, ENDING_NO_NAME_SERVER, -1, NULL,
		NULL, "resolv.conf" },
	{ FAULT_UNREACHABLE, STEP_RESOLVE, ENDING_NO_ADDRESS, -1, NULL, NULL,
		"-4, -6" },
	{ FAULT_UNREACHABLE, STEP_CONNECT, ENDING_REFUSED, -1, NULL, NULL,
		"ss -ltnp" },
	{ FAULT_UNREACHABLE, STEP_CONNECT, ENDING_UNREACHABLE, -1, NULL, NULL,
		"ip route get" },
	{ FAULT_UNREACHABLE, STEP_CONNECT, ENDING_NO_ROUTE, -1, NULL, NULL,
		"ip route get" },
	{ FAULT_UNREACHABLE, STEP_CONNECT, ENDING_PROXY, -1, NULL, NULL,
		"proxy's log" },
	{ FAULT_UNREACHABLE, STEP_CONNECT, ENDING_BROKEN, -1, NULL, NULL,
		NULL },
	{ FAULT_TIMEOUT, STEP_RESOLVE, ENDING_TIMEOUT, -1, NULL, NULL,
		"name servers" },
	{ FAULT_TIMEOUT, STEP_CONNECT, ENDING_TIMEOUT, -1, NULL, NULL,
		"drops the packets" },
	{ FAULT_TIMEOUT, STEP_DIALOGUE, ENDING_TIMEOUT, -1, NULL, NULL, NULL },
	{ FAULT_TIMEOUT, STEP_HELLO, ENDING_TIMEOUT, -1, NULL, NULL,
		"nobody answers" },
	{ FAULT_TIMEOUT, STEP_HELLO, ENDING_TIMEOUT, -1, NULL, "ldap",
		"write ldap://a.test, which starts TLS after a dialogue. "
		"The port takes" },
	{ FAULT_TIMEOUT, STEP_HANDSHAKE, ENDING_TIMEOUT, -1, NULL, NULL,
		"MTU" },
	{ FAULT_NOT_TLS, STEP_HANDSHAKE, ENDING_NOT_TLS, -1, NULL, "imap",
		"write imap://a.test; otherwise correct the port." },
	{ FAULT_NOT_TLS, STEP_HANDSHAKE, ENDING_NOT_TLS, -1, NULL, NULL, NULL },
	{ FAULT_HANDSHAKE, STEP_HELLO, ENDING_CLOSED, -1, NULL, NULL,
		"PROXY protocol" },
	{ FAULT_HANDSHAKE, STEP_HANDSHAKE, ENDING_CLOSED, -1, NULL, NULL,
		"its log should say" },
	{ FAULT_HANDSHAKE, STEP_HANDSHAKE, ENDING_DAMAGED, -1, NULL, NULL,
		"certvigil check FILE" },
	{ FAULT_HANDSHAKE, STEP_HANDSHAKE, ENDING_ALERT, 112, "a.test", NULL,
		"correct the host" },
	{ FAULT_HANDSHAKE, STEP_HANDSHAKE, ENDING_ALERT, 112, NULL, NULL,
		"No server name was sent" },
	{ FAULT_HANDSHAKE, STEP_HANDSHAKE, ENDING_ALERT, 40, NULL, NULL,
		"No server name was sent" },
	{ FAULT_HANDSHAKE, STEP_HANDSHAKE, ENDING_ALERT, 40, "a.test", NULL,
		"no certificate for this name" },
	{ FAULT_HANDSHAKE, STEP_HANDSHAKE, ENDING_ALERT, 199, "a.test", NULL,
		NULL },
	{ FAULT_HANDSHAKE, STEP_DONE, ENDING_NONE, -1, NULL, NULL,
		"trust store" },
	{ FAULT_NO_ANSWER, STEP_REQUEST, ENDING_TIMEOUT, -1, NULL, NULL,
		"write tls://" },
	{ FAULT_NO_ANSWER, STEP_REQUEST, ENDING_CLOSED, -1, NULL, NULL,
		"return 444" },
	{ FAULT_FILE_MISSING, STEP_DONE, ENDING_NONE, -1, NULL, NULL, NULL },
};

static void
test_hints(void **state)
{
	static const struct scheme https = { .name = "https", .port = 443 };

	(void)state;
	for (size_t i = 0; i < sizeof(hint_rows) / sizeof(hint_rows[0]); i++) {
		const struct hint_row *r = &hint_rows[i];
		struct observation *ob = observation_new();
		struct target t = judge_target_of("a.test");
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };
		const struct finding *f;

		t.scheme = &https;
		ob->handshake->step = r->step;
		ob->handshake->ending = r->ending;
		ob->handshake->alert = r->alert;
		ob->handshake->sni = str_dup(r->sni);
		ob->handshake->scheme = r->scheme;
		observation_add_fault(ob, r->kind, 0, "it failed");
		check_look.run(ob, &pol, NOW, &fs);
		assert_int_equal(1, fs.n);
		f = &fs.v[0];
		if (r->hint == NULL)
			assert_null(fs.v[0].hint);
		else if (fs.v[0].hint == NULL ||
			strstr(fs.v[0].hint, r->hint) == NULL)
			fail_msg("row %zu: want \"%s\", have \"%s\"", i,
				r->hint, finding_remedy(&fs.v[0]));
		if (r->kind == FAULT_FILE_MISSING) {
			assert_null(f->details);
		} else {
			assert_string_equal(step_name(r->step),
				json_string_value(judge_detail(f, "step")));
			assert_string_equal(ending_name(r->ending),
				json_string_value(judge_detail(f, "ending")));
			assert_int_equal(r->alert >= 0,
				judge_detail(f, "alert") != NULL);
		}
		findings_release(&fs);
		observation_free(ob);
	}
}

static void
test_overrides(void **state)
{
	X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "example.com",
		.names = (const char *const[]){ "DNS:example.com", NULL },
		.not_before = NOW - 90 * DAY,
		.not_after = NOW + 2 * DAY });
	struct observation *ob = judge_observe((X509 *[]){ x509, NULL });
	struct override v[] = {
		{ .kind = finding_kind("expiry.soon"), .off = true },
		{ .kind = finding_kind("name.www"), .off = true },
		/* The last word on a finding counts. */
		{ .kind = finding_kind("expiry.soon"),
			.severity = SEV_WARNING },
	};
	struct target t = judge_target_of("example.com");
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	checks_run(ob, &pol, NOW, &fs);
	judge_expect("as they are", &fs, "",
		"expiry.soon=critical name.www=warning");
	findings_release(&fs);

	t.set.findings = (struct overrides){ v, 3 };
	checks_run(ob, &pol, NOW, &fs);
	judge_expect("overridden", &fs, "", "expiry.soon=warning");
	findings_release(&fs);
	observation_free(ob);
	X509_free(x509);
}

/* The DER form of a certificate with its first `from` made into `to`. */
static X509 *
forge(X509 *x509, const char *from, const char *to, size_t n)
{
	unsigned char *der = NULL, *at;
	const unsigned char *p;
	int len = i2d_X509(x509, &der);
	X509 *forged;

	assert_true(len > 0);
	at = memmem(der, (size_t)len, from, n);
	assert_non_null(at);
	memcpy(at, to, n);
	p = der;
	forged = d2i_X509(NULL, &p, len);
	assert_non_null(forged);
	OPENSSL_free(der);
	return forged;
}

static void
test_what_cannot_be_read_is_told(void **state)
{
	static const struct {
		const char *from, *to;
		size_t n;
		const char *message;
	} cases[] = {
		/* The 37th of the month. */
		{ "270415080000Z", "270437080000Z", 13,
			"its notBefore or notAfter cannot be read" },
		/* The curve's object identifier, to one of nobody's. */
		{ "\x2a\x86\x48\xce\x3d\x03\x01\x07",
			"\x2a\x86\x48\xce\x3d\x03\x01\x7f", 8,
			"its public key cannot be read" },
	};
	X509 *good = mkcert_make(&(struct mkcert){ .key = key,
		.cn = "a.test",
		.names = (const char *const[]){ "DNS:a.test", NULL },
		.not_before = NOW - DAY,
		.not_after = NOW + 90 * DAY });

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		X509 *bad = forge(good, cases[i].from, cases[i].to, cases[i].n);
		struct observation *ob = judge_observe((X509 *[]){ bad, NULL });
		struct target t = judge_target_of("a.test");
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		checks_run(ob, &pol, NOW, &fs);
		judge_expect(cases[i].message, &fs, "certificate.",
			"certificate.malformed=warning");
		assert_string_equal(cases[i].message,
			judge_find(&fs, "certificate.")->message);
		judge_expect(cases[i].message, &fs, "expiry.", "");
		findings_release(&fs);
		observation_free(ob);
		X509_free(bad);
	}
	X509_free(good);
}

/* Every row of the catalogue has all that `explain` tells, in one style. */
static void
test_catalogue(void **state)
{
	const struct finding_kind *k;

	(void)state;
	for (size_t i = 0; (k = finding_kind_at(i)) != NULL; i++) {
		assert_non_null(strchr(k->id, '.'));
		assert_ptr_equal(k, finding_kind(k->id));
		assert_true(strlen(k->title) > 0 && strlen(k->title) < 72);
		assert_true(k->title[strlen(k->title) - 1] != '.');
		assert_true(k->meaning[strlen(k->meaning) - 1] == '.');
		assert_true(k->remedy[strlen(k->remedy) - 1] == '.');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_the_limit_stands_by_the_time),
		cmocka_unit_test(test_faults_of_a_kind_are_one_finding),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_faults_of_several_files),
		cmocka_unit_test(test_deployed),
		cmocka_unit_test(test_handshakes),
		cmocka_unit_test(test_hints),
		cmocka_unit_test(test_overrides),
		cmocka_unit_test(test_what_cannot_be_read_is_told),
		cmocka_unit_test(test_catalogue),
	};
	int failed;

	key = mkcert_key(MKCERT_P256);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(key);
	return failed;
}
