/* test_client_identity.c - client certificates in every form, and their chains
 */
#include "tests/unit/client_world.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "model/observation.h"

/* A target whose files are those of the world's folder. */
struct wanted {
	struct target target;
	char *paths[4];
	size_t n;
};

static const char *
wanted_path(struct wanted *w, const char *name)
{
	if (name == NULL)
		return NULL;
	w->paths[w->n] = world_path(name);
	return w->paths[w->n++];
}

static void
wanted_init(struct wanted *w, const char *certificate, const char *key,
	const char *passphrase)
{
	*w = (struct wanted){ 0 };
	settings_init(&w->target.set);
	w->target.kind = TARGET_ENDPOINT;
	w->target.client.certificate = wanted_path(w, certificate);
	w->target.client.key = wanted_path(w, key);
	w->target.client.passphrase = passphrase;
}

static void
wanted_release(struct wanted *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->paths[i]);
}

static const struct load_row {
	const char *name, *certificate, *key, *passphrase;
	int issuers; /* -1: it cannot be loaded, */
	const char *problem; /* and the problem says this */
} load_rows[] = {
	{ "one file", "both.pem", NULL, NULL, 0, NULL },
	{ "two files", "leaf.pem", "key.pem", NULL, 0, NULL },
	{ "with its chain", "chain.pem", NULL, NULL, 1, NULL },
	{ "an encrypted key", "leaf.pem", "sealed.pem", PASSPHRASE, 0, NULL },
	{ "encrypted, in one file", "chain-sealed.pem", NULL, PASSPHRASE, 1,
		NULL },
	{ "DER", "leaf.der", "key.pem", NULL, 0, NULL },
	{ "PKCS#12", "leaf.p12", NULL, PASSPHRASE, 0, NULL },
	{ "PKCS#12 with its chain", "chain.p12", NULL, PASSPHRASE, 1, NULL },
	{ "the leaf is not the first", "odd.pem", NULL, NULL, 1, NULL },

	{ "no file", "none.pem", NULL, NULL, -1, "none.pem: is not there" },
	{ "an empty file", "empty.pem", NULL, NULL, -1, "empty.pem: is empty" },
	{ "a key and no certificate", "key.pem", NULL, NULL, -1,
		"key.pem: want a certificate, have a private key" },
	{ "no key", "leaf.pem", NULL, NULL, -1,
		"leaf.pem: want a private key beside the certificate" },
	{ "no such key", "leaf.pem", "none.pem", NULL, -1,
		"none.pem: is not there" },
	{ "another's key", "leaf.pem", "other-key.pem", NULL, -1,
		"other-key.pem: want the private key of the certificate" },
	/* curl too takes the one it is told to. */
	{ "another's key beside the right one", "chain.pem", "other-key.pem",
		NULL, -1,
		"other-key.pem: want the private key of the certificate" },
	{ "no passphrase", "leaf.pem", "sealed.pem", NULL, -1,
		"sealed.pem: the private key that begins on line 1 is "
		"encrypted" },
	{ "a wrong one", "leaf.pem", "sealed.pem", "wrong", -1,
		"does not open it" },
	{ "a wrong one, in one file", "chain-sealed.pem", NULL, "wrong", -1,
		"does not open it" },
	{ "a wrong one of PKCS#12", "chain.p12", NULL, "wrong", -1,
		"chain.p12: the configured passphrase does not open it" },
};

static void
identities_are_loaded(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(load_rows); i++) {
		const struct load_row *row = &load_rows[i];
		struct identity id IDENTITY_CLEANUP = { 0 };
		struct client_test *test = client_test_new();
		struct probe_io io = world_io();
		struct wanted w;
		int rc;

		wanted_init(&w, row->certificate, row->key, row->passphrase);
		rc = identity_load(&w.target, &io, test, &id);
		if (rc != (row->issuers == -1 ? -1 : 0))
			fail_msg("%s: have %d, %s", row->name, rc,
				test->problem);
		assert_non_null(test->own);
		if (row->issuers == -1) {
			if (strstr(test->problem, row->problem) == NULL)
				fail_msg("%s: want \"%s\", have \"%s\"",
					row->name, row->problem, test->problem);
			assert_null(strstr(test->problem, "wrong"));
			assert_null(id.key);
		} else {
			assert_null(test->problem);
			assert_int_equal(X509_cmp(id.leaf, world.leaf), 0);
			assert_int_equal(row->issuers, sk_X509_num(id.issuers));
			assert_int_equal(
				X509_check_private_key(id.leaf, id.key), 1);
		}
		assert_int_equal(ERR_peek_error(), 0);
		client_test_free(test);
		wanted_release(&w);
	}
}

/* Whoever judges them has the public halves alone. */
static void
private_halves_are_not_observed(void **state)
{
	struct identity id IDENTITY_CLEANUP = { 0 };
	struct client_test *test = client_test_new();
	struct probe_io io = world_io();
	struct wanted w;

	(void)state;
	wanted_init(&w, "chain.pem", NULL, NULL);
	assert_int_equal(identity_load(&w.target, &io, test, &id), 0);
	assert_int_equal(test->own->n_keys, 1);
	assert_int_equal(
		i2d_PrivateKey(test->own->keys[0].public_half, NULL), -1);
	assert_true(i2d_PrivateKey(id.key, NULL) > 0);
	ERR_clear_error();
	client_test_free(test);
	wanted_release(&w);
}

/* What is weak is sent for the server to judge; what TLS has not, is not. */
static void
odd_ones_are_presented_or_explained(void **state)
{
	static const struct {
		const char *name, *type, *digest;
		const char *problem;
	} rows[] = {
		{ "SHA-1", "RSA2048", "SHA1", NULL },
		{ "MD5", "RSA2048", "MD5", NULL },
		{ "RSA of 1024 bits", "RSA1024", "SHA1", NULL },
		{ "Ed25519", "ED25519", NULL, NULL },
		{ "SM2", "SM2", "SM3", "OpenSSL cannot use SM2 in TLS" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct identity id IDENTITY_CLEANUP = { 0 };
		struct client_test *test = client_test_new();
		struct probe_io io = world_io();
		EVP_PKEY *key = strcmp(rows[i].type, "SM2") == 0
			? EVP_PKEY_Q_keygen(NULL, NULL, "SM2")
			: strcmp(rows[i].type, "RSA1024") == 0
			? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024)
			: mkcert_key(strcmp(rows[i].type, "ED25519") == 0
					  ? MKCERT_ED25519
					  : MKCERT_RSA2048);
		X509 *x509 = mkcert_make(&(struct mkcert){ .key = key,
			.cn = "odd",
			.digest = rows[i].digest,
			.not_before = 1700000000,
			.not_after = 1900000000 });
		struct wanted w;
		int rc;

		world_pem("odd-key.pem", &x509, 1, key, NULL);
		wanted_init(&w, "odd-key.pem", NULL, NULL);
		rc = identity_load(&w.target, &io, test, &id);
		if (rc != (rows[i].problem != NULL ? -1 : 0) ||
			(rc == -1 &&
				strstr(test->problem, rows[i].problem) == NULL))
			fail_msg(
				"%s: have \"%s\"", rows[i].name, test->problem);
		assert_int_equal(test->own->n_certs, 1);
		client_test_free(test);
		wanted_release(&w);
		X509_free(x509);
		EVP_PKEY_free(key);
	}
}

static void
strangers_are_strange(void **state)
{
	struct identity a IDENTITY_CLEANUP = { 0 };
	struct identity b IDENTITY_CLEANUP = { 0 };
	struct error err;

	(void)state;
	assert_int_equal(identity_make_stranger(world.libctx, &a, &err), 0);
	assert_int_equal(identity_make_stranger(world.libctx, &b, &err), 0);
	assert_int_equal(X509_verify(a.leaf, a.key), 1);
	assert_int_equal(
		X509_check_purpose(a.leaf, X509_PURPOSE_SSL_CLIENT, 0), 1);
	assert_int_not_equal(EVP_PKEY_eq(a.key, b.key), 1);
	assert_int_equal(sk_X509_num(a.issuers), 0);
	assert_true(X509_cmp_current_time(X509_get0_notBefore(a.leaf)) < 0);
	assert_true(X509_cmp_current_time(X509_get0_notAfter(a.leaf)) > 0);
}

/* Where OpenSSL looks for a CA by its name. */
static void
make_system_folder(void)
{
	cleanup(str_free) char *folder = world_path("system");
	cleanup(str_free) char *name = str_fmt("system/%08lx.0",
		X509_NAME_hash_ex(
			X509_get_subject_name(world.inter), NULL, NULL, NULL));

	(void)mkdir(folder, 0700);
	world_pem(name, &world.inter, 1, NULL, NULL);
}

static void
lend(struct observation *ob, X509 *x509)
{
	X509_up_ref(x509);
	assert_int_equal(observation_add_cert(ob, x509, 0), 0);
}

static void
other_chains_are_found(void **state)
{
	static const struct {
		const char *name, *certificate;
		const char *ca, *served, *intermediates, *trust;
		bool system;
		int issuers; /* -1: there is no other chain */
	} rows[] = {
		{ "alone", "chain.pem", NULL, NULL, NULL, NULL, false, 0 },
		{ "not known", "both.pem", NULL, NULL, NULL, NULL, false, -1 },
		{ "the file of client CAs", "both.pem", "cas.pem", NULL, NULL,
			NULL, false, 1 },
		{ "which lacks it", "both.pem", "root.pem", NULL, NULL, NULL,
			false, -1 },
		{ "what was served", "both.pem", NULL, "cas.pem", NULL, NULL,
			false, 1 },
		{ "the intermediates", "both.pem", "root.pem", NULL,
			"inter.pem", NULL, false, 1 },
		{ "the trust store's file", "both.pem", NULL, NULL, NULL,
			"cas.pem", false, 1 },
		{ "the system's trust store", "both.pem", NULL, NULL, NULL,
			NULL, true, 1 },
		{ "self-signed", "stranger.pem", "cas.pem", NULL, NULL, NULL,
			true, -1 },
	};

	/* Of its name, and not of its key. */
	X509 *namesake = world_issue(world.other_key, "Intermediate",
		world.root, world.root_key, true, "");

	(void)state;
	make_system_folder();
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(observation_free) struct observation *ob =
			observation_new();
		struct identity own IDENTITY_CLEANUP = { 0 };
		struct identity other IDENTITY_CLEANUP = { 0 };
		struct probe_io io = world_io();
		cleanup(str_free) char *system = world_path(
			rows[i].system ? "system" : "nowhere");
		struct wanted w;
		bool have;

		assert_int_equal(setenv("SSL_CERT_DIR", system, 1), 0);
		wanted_init(&w, rows[i].certificate, NULL, NULL);
		w.target.intermediates = wanted_path(&w, rows[i].intermediates);
		w.target.set.trust = rows[i].trust != NULL
			? wanted_path(&w, rows[i].trust)
			: "system";
		ob->client = client_test_new();
		assert_int_equal(
			identity_load(&w.target, &io, ob->client, &own), 0);
		if (rows[i].ca != NULL) {
			ob->client->ca = observation_new();
			lend(ob->client->ca, namesake);
			if (strcmp(rows[i].ca, "cas.pem") == 0)
				lend(ob->client->ca, world.inter);
			lend(ob->client->ca, world.root);
		}
		if (rows[i].served != NULL)
			lend(ob, world.inter);
		have = identity_other_chain(&w.target, &io, ob, &own, &other);
		if (have != (rows[i].issuers != -1))
			fail_msg("%s: have %d", rows[i].name, have);
		if (have)
			assert_int_equal(
				rows[i].issuers, sk_X509_num(other.issuers));
		if (have && rows[i].issuers == 1)
			assert_int_equal(
				X509_cmp(sk_X509_value(other.issuers, 0),
					world.inter),
				0);
		wanted_release(&w);
	}
	assert_int_equal(unsetenv("SSL_CERT_DIR"), 0);
	X509_free(namesake);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identities_are_loaded),
		cmocka_unit_test(private_halves_are_not_observed),
		cmocka_unit_test(odd_ones_are_presented_or_explained),
		cmocka_unit_test(strangers_are_strange),
		cmocka_unit_test(other_chains_are_found),
	};

	return cmocka_run_group_tests(tests, world_make, world_free);
}
