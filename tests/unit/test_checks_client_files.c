/* test_checks_client_files.c - the client certificate before any connection,
 * and the server's file of client CAs
 */
#include "tests/unit/mtls_world.h"

/* Which anchors the operator or the system has. */
enum anchors { NO_TRUST, OWN_CA, OTHER_ROOT, SYSTEM };

static const struct own_row {
	const char *name;
	enum person file[MTLS_FILE];
	enum anchors anchors;
	const char *findings;
	const char *message; /* of the first, or NULL */
} own_rows[] = {
	{ "good", { GOOD }, NO_TRUST, "", NULL },
	{ "R14: expired", { EXPIRED }, NO_TRUST, "expiry.expired=critical",
		"client certificate 'expired': expired 3 days ago "
		"(2027-01-12)" },
	{ "not valid yet", { EARLY }, NO_TRUST, "expiry.not-yet-valid=critical",
		NULL },
	{ "R33: a server's", { SERVERS }, NO_TRUST, "key.purpose=critical",
		"client certificate 'servers': want clientAuth among its "
		"extended key usages, have serverAuth" },
	{ "no extended key usage", { FREE }, NO_TRUST, "", NULL },
	{ "may not sign", { UNSIGNING }, NO_TRUST, "key.purpose=critical",
		NULL },
	{ "SHA-1", { SHA_1 }, NO_TRUST, "key.signature=warning", NULL },
	{ "RSA 1024", { RSA_1024 }, NO_TRUST, "key.weak=warning", NULL },
	{ "R86: its CA has expired", { OF_OLD_CA, OLD_CA }, NO_TRUST,
		"expiry.expired=critical chain.root-sent=ok", NULL },
	{ "its own chain", { MIDDLE, MIDDLE_CA }, NO_TRUST, "", NULL },
	{ "alone", { MIDDLE }, NO_TRUST, "", NULL },
	{ "in the wrong order", { MIDDLE_CA, MIDDLE }, NO_TRUST,
		"chain.order=warning", NULL },
	/* A private CA is no fault, be it that of a bundle for the server. */
	{ "of nobody the system knows", { GOOD }, SYSTEM, "", NULL },
	{ "of another than the server's", { MIDDLE, MIDDLE_CA }, OTHER_ROOT, "",
		NULL },
	{ "alone, of a trusted CA", { MIDDLE }, OWN_CA, "", NULL },
	{ "of a trusted CA", { MIDDLE, MIDDLE_CA }, OWN_CA, "", NULL },
	{ "of a trusted CA, expired", { EXPIRED }, OWN_CA,
		"expiry.expired=critical", NULL },
	{ "self-signed", { SELF }, SYSTEM, "", NULL },
};

static struct trust
trust_in(enum anchors anchors)
{
	static const enum person who[] = { NOBODY, CA, OTHER_CA, NEW_CA };

	return judge_trust((X509 *[]){ mtls_certs[who[anchors]], NULL },
		anchors != SYSTEM);
}

static struct observation *
observe_tested(const enum person *file, const enum person *named)
{
	static const struct mtls_words words = { "200", "116", "48", NULL };

	return mtls_observe(&words, TLS1_3_VERSION, true, file, named);
}

/* All that is found, but the verdict. */
static void
judge_files(
	struct observation *ob, const struct policy *pol, struct findings *fs)
{
	checks_run(ob, pol, NOW, fs);
	for (size_t i = 0; i < fs->n;) {
		if (strcmp(fs->v[i].kind->id, "client.ok") == 0)
			findings_remove(fs, i);
		else
			i++;
	}
}

static void
own_certificates(void **state)
{
	static const enum person named[] = { NOBODY };

	(void)state;
	for (size_t i = 0; i < COUNT(own_rows); i++) {
		const struct own_row *r = &own_rows[i];
		struct observation *ob = observe_tested(r->file, named);
		struct target t = mtls_target(&mtls_https);
		struct policy pol = { .target = &t };
		struct trust trust = trust_in(r->anchors);
		struct findings fs = { 0 };

		if (r->anchors != NO_TRUST)
			pol.trust = &trust;
		judge_files(ob, &pol, &fs);
		mtls_expect(r->name, &fs, "", r->findings, NULL);
		for (size_t k = 0; k < fs.n; k++)
			assert_memory_equal("client certificate '",
				fs.v[k].message,
				strlen("client certificate '"));
		if (r->message != NULL) {
			assert_string_equal(r->message, fs.v[0].message);
			assert_string_equal(ob->client->own->certs[0].sha256,
				fs.v[0].subject);
		}
		findings_release(&fs);
		observation_free(ob);
		X509_STORE_free(trust.store);
	}
}

/* It is watched by the thresholds of its endpoint. */
static void
it_is_alerted_before_it_ends(void **state)
{
	static const enum person file[] = { GOOD, NOBODY };
	struct observation *ob = observe_tested(file, file + 1);
	struct target t = mtls_target(&mtls_https);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };

	(void)state;
	t.set.warning = (struct threshold){ 310 * DAY, -1 };
	t.set.critical = (struct threshold){ 10 * DAY, -1 };
	judge_files(ob, &pol, &fs);
	judge_expect("soon", &fs, "", "expiry.soon=warning");
	assert_string_equal("client certificate 'good': expires in 300 days "
			    "(2027-11-11)",
		fs.v[0].message);
	findings_release(&fs);
	observation_free(ob);
}

static void
keys_and_faults(void **state)
{
	static const enum person file[] = { GOOD, NOBODY };
	struct observation *ob = observe_tested(file, file + 1);
	struct target t = mtls_target(&mtls_https);
	struct policy pol = { .target = &t };
	struct findings fs = { 0 };
	struct private_key *key;

	(void)state;
	t.client.key = "client.key";
	EVP_PKEY_up_ref(mtls_keys[OTHER]);
	key = observation_add_key(ob->client->own, mtls_keys[OTHER], 0);
	key->file = str_dup("client.key");
	judge_files(ob, &pol, &fs);
	judge_expect("another key", &fs, "", "key.mismatch=critical");
	assert_memory_equal("client certificate 'good': key file client.key: "
			    "want the key of 'good'",
		fs.v[0].message, 70);
	findings_release(&fs);
	observation_free(ob);

	ob = observe_tested(file + 1, file + 1);
	observation_add_fault(ob->client->own, FAULT_FILE_MISSING, 0,
		"No such file or directory");
	judge_files(ob, &pol, &fs);
	judge_expect("no file", &fs, "", "file.missing=critical");
	assert_string_equal("client certificate client.pem: No such file or "
			    "directory",
		fs.v[0].message);
	assert_string_equal("client.pem", fs.v[0].subject);
	findings_release(&fs);
	observation_free(ob);
}

/* R33: of a public CA that stops, which the system's store knows. */
static void
a_public_ca_that_stops(void **state)
{
	EVP_PKEY *keys[2] = { mkcert_key(MKCERT_P256),
		mkcert_key(MKCERT_P256) };
	X509 *root = mkcert_make(&(struct mkcert){ .key = keys[0],
		.cn = "DigiCert Test Root",
		.organization = "DigiCert Inc",
		.ca = true,
		.not_before = NOW - 400 * DAY,
		.not_after = NOW + 900 * DAY });
	X509 *leaf = mkcert_make(&(struct mkcert){ .key = keys[1],
		.cn = "client",
		.eku = "clientAuth",
		.issuer = root,
		.issuer_key = keys[0],
		.not_before = NOW - 100 * DAY,
		.not_after = NOW + 200 * DAY });
	static const enum person nobody[] = { NOBODY };
	struct observation *ob = observe_tested(nobody, nobody);
	struct trust trust = judge_trust((X509 *[]){ root, NULL }, false);
	struct target t = mtls_target(&mtls_https);
	struct policy pol = { .target = &t, .trust = &trust };
	struct findings fs = { 0 };

	(void)state;
	X509_up_ref(leaf);
	assert_int_equal(0, observation_add_cert(ob->client->own, leaf, 0));
	judge_files(ob, &pol, &fs);
	judge_expect("ending", &fs, "", "key.client-auth-ending=warning");
	assert_string_equal(
		"client certificate 'client': what DigiCert issues from "
		"2027-03-01 on will not have clientAuth; this one "
		"ends on 2027-08-03",
		fs.v[0].message);
	findings_release(&fs);
	observation_free(ob);
	X509_STORE_free(trust.store);
	X509_free(root);
	X509_free(leaf);
	EVP_PKEY_free(keys[0]);
	EVP_PKEY_free(keys[1]);
}

#define NOTE "client.ca-list=ok"
#define SHORT "client.server-ca-incomplete=warning"

/* R8: the file that the server reads its client CAs from. */
static const struct ca_row {
	const char *name;
	enum person own[MTLS_FILE], ca[MTLS_FILE], named[MTLS_FILE];
	const char *findings;
	const char *words; /* or NULL */
} ca_rows[] = {
	{ "it covers ours", { GOOD }, { CA }, { CA }, NOTE,
		"client CAs: the file covers the client certificate, by "
		"'Client CA'" },
	{ "by two", { MIDDLE }, { MIDDLE_CA, CA }, { CA, MIDDLE_CA }, NOTE,
		"by 'Issuing CA' and 'Client CA'" },
	{ "others' as well", { GOOD }, { CA, OTHER_CA }, { CA, OTHER_CA }, NOTE,
		"by 'Client CA' of its 2 CAs" },
	{ "none are named", { GOOD }, { CA }, { NOBODY }, NOTE, NULL },
	{ "only by what is sent", { MIDDLE, MIDDLE_CA }, { CA }, { CA }, SHORT,
		"it lacks 'Issuing CA'" },
	{ "it lacks the intermediate", { MIDDLE }, { CA }, { NOBODY },
		"client.ca-list=warning", "issuer 'Issuing CA'" },
	{ "it lacks the root", { MIDDLE }, { MIDDLE_CA }, { NOBODY },
		"chain.incomplete=critical client.ca-list=warning",
		"client CAs: issuer 'Client CA' of 'Issuing CA' is missing" },
	{ "another CA", { GOOD }, { OTHER_CA }, { NOBODY },
		"client.ca-list=warning",
		"no way leads from the client certificate (issuer 'Client CA') "
		"to a self-signed root of this file, which holds 'Other CA'; "
		"the server took it all the same, so it has other CAs" },
	{ "the same name", { GOOD }, { TWIN_CA }, { NOBODY },
		"client.ca-list=warning", NULL },
	/* R3: the file is new, and the server has not read it. */
	{ "not reloaded", { GOOD }, { CA, NEW_CA }, { CA },
		NOTE " client.ca-list=warning",
		"client CAs: the server does not name 'New CA', so it has not "
		"loaded the file as it is now" },
	{ "a leaf in it", { GOOD }, { CA, OTHER }, { CA },
		"chain.not-ca=critical " NOTE, "client CAs: 'other' is no CA" },
	{ "expired", { GOOD }, { CA, OLD_CA }, { CA, OLD_CA },
		"expiry.expired=critical " NOTE,
		"client CAs: 'Old CA' expired" },
	{ "no certificate of ours", { NOBODY }, { CA }, { CA }, "", NULL },
	{ "nothing in it", { GOOD }, { NOBODY }, { CA }, "", NULL },
};

static void
client_cas(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ca_rows); i++) {
		const struct ca_row *r = &ca_rows[i];
		struct observation *ob = observe_tested(r->own, r->named);
		struct target t = mtls_target(&mtls_https);
		struct policy pol = { .target = &t };
		struct findings fs = { 0 };

		t.client.ca = "client-ca.pem";
		ob->client->ca = mtls_file(r->ca);
		judge_files(ob, &pol, &fs);
		mtls_expect(r->name, &fs, "", r->findings, r->words);
		for (size_t k = 0; k < fs.n; k++)
			assert_memory_equal(
				"client CAs: ", fs.v[k].message, 12);
		findings_release(&fs);
		observation_free(ob);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_certificates),
		cmocka_unit_test(it_is_alerted_before_it_ends),
		cmocka_unit_test(keys_and_faults),
		cmocka_unit_test(a_public_ca_that_stops),
		cmocka_unit_test(client_cas),
	};

	return cmocka_run_group_tests(tests, mtls_begin, mtls_end);
}
