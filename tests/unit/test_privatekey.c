/* test_privatekey.c - private keys: every form of them, and what is damaged */
#include "tests/unit/key_world.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "probes/file/pbe.h"
#include "probes/key/privatekey.h"
#include "tests/support/mkcert.h"

#define OWNER "/etc/ssl/private/a.key"

static EVP_PKEY *keys[KEY_TYPES], *others[KEY_TYPES];
static X509 *certificate;

static int
make_keys(void **state)
{
	struct mkcert m = { .cn = "a.example",
		.not_before = 1700000000,
		.not_after = 1800000000 };

	(void)state;
	for (int i = 0; i < KEY_TYPES; i++) {
		keys[i] = key_make((enum key_type)i);
		others[i] = key_make((enum key_type)i);
	}
	m.key = keys[KEY_P256];
	certificate = mkcert_make(&m);
	return 0;
}

static int
free_keys(void **state)
{
	(void)state;
	for (int i = 0; i < KEY_TYPES; i++) {
		EVP_PKEY_free(keys[i]);
		EVP_PKEY_free(others[i]);
	}
	X509_free(certificate);
	return 0;
}

static struct observation *
read_text(const struct buf *text, bool der, const char *passphrase)
{
	int64_t rounds_left = PBE_MAX_ROUNDS;
	const struct key_source src = {
		.passphrase = passphrase,
		.rounds_left = &rounds_left,
		.file = OWNER,
		.readers = "others",
		.mode = S_IFREG | 0644,
	};
	struct observation *ob = observation_new();

	if (!der)
		privatekey_add_pem(&src, buf_str(text), text->len, 12, ob);
	else if (!privatekey_add_der(
			 &src, (const unsigned char *)text->s, text->len, ob))
		fail_msg("DER is not taken for a key");
	return ob;
}

static void
expect_fault(const char *row, const struct observation *ob,
	enum fault_kind kind, const char *words)
{
	if (ob->n_faults != 1)
		fail_msg("%s: want one fault, have %zu: %s", row, ob->n_faults,
			ob->n_faults > 0 ? ob->faults[0].text : "");
	if (ob->faults[0].kind != kind ||
		strstr(ob->faults[0].text, words) == NULL)
		fail_msg("%s: want \"%s\" of kind %d, have %d: %s", row, words,
			(int)kind, (int)ob->faults[0].kind, ob->faults[0].text);
}

static void
expect_key(const char *row, const struct observation *ob, enum key_type type,
	enum key_form form)
{
	const struct private_key *key = ob->keys;

	if (ob->n_keys != 1 || key->public_half == NULL)
		fail_msg("%s: %s: no key: %s", row, key_forms[form].name,
			ob->n_faults > 0 ? ob->faults[0].text : "");
	if (EVP_PKEY_eq(key->public_half, keys[type]) != 1)
		fail_msg("%s: %s: another key", row, key_forms[form].name);
	if (EVP_PKEY_eq(key->public_half, others[type]) == 1)
		fail_msg("%s: %s: not told apart", row, key_forms[form].name);
	assert_int_equal(key->encrypted, key_forms[form].encrypted);
	assert_string_equal(key->file, OWNER);
	assert_string_equal(key->readers, "others");
	assert_int_equal(key->mode, 0644);
	assert_int_equal(key->line, key_forms[form].der ? 0 : 12);
	/* The private half is gone. */
	assert_int_equal(i2d_PrivateKey(key->public_half, NULL) > 0, 0);
	ERR_clear_error();
	if (key_forms[form].outdated)
		expect_fault(row, ob, FAULT_FILE_LEGACY, "want AES");
	else if (ob->n_faults != 0)
		fail_msg("%s: %s: %s", row, key_forms[form].name,
			ob->faults[0].text);
}

/* R7, R60: every kind in every form is its certificate's, and no other's. */
static void
forms_are_read(void **state)
{
	size_t n = 0;

	(void)state;
	for (int type = 0; type < KEY_TYPES; type++) {
		for (int form = 0; form < KEY_FORMS; form++) {
			cleanup(observation_free) struct observation *ob = NULL;
			BUF_CLEANUP struct buf text = { 0 };

			if (key_write(keys[type], (enum key_type)type,
				    (enum key_form)form, &text) == -1)
				continue;
			ob = read_text(&text, key_forms[form].der, PASSPHRASE);
			if (type == KEY_DH) { /* nobody has a use for it */
				assert_int_equal(
					ob->n_faults, key_forms[form].outdated);
				assert_int_equal(ob->n_keys, 1);
				assert_null(ob->keys[0].public_half);
				continue;
			}
			expect_key(key_type_names[type], ob,
				(enum key_type)type, (enum key_form)form);
			n++;
		}
	}
	assert_true(n > 130);
}

static void
passphrases_are_judged(void **state)
{
	(void)state;
	for (int type = 0; type < KEY_TYPES; type++) {
		for (int form = 0; form < KEY_FORMS; form++) {
			BUF_CLEANUP struct buf text = { 0 };
			struct observation *ob;

			if (!key_forms[form].encrypted ||
				key_write(keys[type], (enum key_type)type,
					(enum key_form)form, &text) == -1)
				continue;
			ob = read_text(&text, key_forms[form].der, NULL);
			expect_fault("none", ob, FAULT_FILE_PASSWORD,
				"is encrypted; no passphrase is configured");
			assert_int_equal(ob->n_keys, 0);
			observation_free(ob);
			ob = read_text(&text, key_forms[form].der, "");
			expect_fault("empty", ob, FAULT_FILE_PASSWORD,
				"the passphrase does not open it");
			observation_free(ob);
			ob = read_text(&text, key_forms[form].der, "wrong");
			expect_fault("wrong", ob, FAULT_FILE_PASSWORD,
				"the passphrase does not open it");
			observation_free(ob);
		}
	}
}

/* One wrong passphrase in 256 leaves a padding that looks right. */
static void
many_wrong_passphrases(void **state)
{
	static const enum key_form forms[] = { FORM_OLD_AES, FORM_OLD_3DES };

	(void)state;
	for (int i = 0; i < 1200; i++) {
		cleanup(observation_free) struct observation *ob = NULL;
		BUF_CLEANUP struct buf text = { 0 };
		char wrong[32];

		(void)snprintf(wrong, sizeof(wrong), "wrong %d", i);
		assert_int_equal(key_write(keys[KEY_P256], KEY_P256,
					 forms[i % 2], &text),
			0);
		ob = read_text(&text, false, wrong);
		expect_fault("wrong", ob, FAULT_FILE_PASSWORD,
			"the passphrase does not open it");
	}
}

/* `text` with its first `from` replaced by `to`. */
static void
replace(struct buf *text, const char *from, const char *to)
{
	struct buf out = { 0 };
	char *hit = strstr(text->s, from);

	assert_non_null(hit);
	buf_add(&out, text->s, (size_t)(hit - text->s));
	buf_puts(&out, to);
	buf_puts(&out, hit + strlen(from));
	buf_release(text);
	*text = out;
}

static void
cut_end(struct buf *t)
{
	*strstr(t->s, "-----END") = '\0';
	t->len = strlen(t->s);
}

static void
cut_half(struct buf *t)
{
	t->len /= 2;
	t->s[t->len] = '\0';
}

static void
only_begin(struct buf *t)
{
	t->len = (size_t)(strchr(t->s, '\n') - t->s);
	t->s[t->len] = '\0';
}

static void
lose_line(struct buf *t)
{
	char *first = strchr(t->s, '\n') + 1, *second = strchr(first, '\n') + 1;

	memmove(first, second, strlen(second) + 1);
	t->len = strlen(t->s);
}

static void
lose_last_line(struct buf *t)
{
	char *end = strstr(t->s, "-----END"), *p = end - 1;

	while (p[-1] != '\n')
		p--;
	memmove(p, end, strlen(end) + 1);
	t->len = strlen(t->s);
}

static void
bad_letter(struct buf *t)
{
	strchr(t->s, '\n')[5] = '!';
}

static void
blank_within(struct buf *t)
{
	char *second = strchr(strchr(t->s, '\n') + 1, '\n');
	struct buf out = { 0 };

	buf_add(&out, t->s, (size_t)(second - t->s));
	buf_putc(&out, '\n');
	buf_puts(&out, second);
	buf_release(t);
	*t = out;
}

static void
other_end(struct buf *t)
{
	replace(t, "END ", "END X");
}

static void
behind_end(struct buf *t)
{
	t->s[t->len - 1] = ' ';
	buf_puts(t, "# mine\n");
}

static void
behind_begin(struct buf *t)
{
	replace(t, "KEY-----\n", "KEY----- # mine\n");
}

static void
empty_block(struct buf *t)
{
	buf_reset(t);
	buf_puts(t,
		"-----BEGIN PRIVATE KEY-----\n"
		"-----END PRIVATE KEY-----\n");
}

static void
certificate_inside(struct buf *t)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;

	PEM_write_bio_X509(bio, certificate);
	n = BIO_get_mem_data(bio, &text);
	buf_reset(t);
	buf_add(t, text, (size_t)n);
	BIO_free(bio);
	replace(t, "BEGIN CERTIFICATE", "BEGIN PRIVATE KEY");
	replace(t, "END CERTIFICATE", "END PRIVATE KEY");
}

static void
other_header(struct buf *t)
{
	replace(t, "KEY-----\n", "KEY-----\nComment: mine\n\n");
}

static void
no_dek(struct buf *t)
{
	replace(t, "DEK-Info", "Xek-Info");
}

static void
short_iv(struct buf *t)
{
	char *p = strchr(strstr(t->s, "DEK-Info"), ',') + 1;

	memmove(p, p + 2, strlen(p + 2) + 1);
	t->len = strlen(t->s);
}

static void
bad_iv(struct buf *t)
{
	strchr(strstr(t->s, "DEK-Info"), ',')[4] = 'x';
}

static void
unknown_cipher(struct buf *t)
{
	replace(t, "AES-256-CBC", "ROT-13-CBC");
}

static void
aead_cipher(struct buf *t)
{
	replace(t, "AES-256-CBC", "AES-256-GCM");
}

/* openssl wants 64 letters a line where there are headers. */
static void
long_lines(struct buf *t)
{
	char *blank = strstr(t->s, "\n\n") + 2, *first = strchr(blank, '\n');

	memmove(first, first + 1, strlen(first + 1) + 1);
	t->len = strlen(t->s);
}

static void
damage_is_told(void **state)
{
	static const struct {
		const char *name;
		enum key_type type;
		enum key_form form;
		void (*spoil)(struct buf *t);
		enum fault_kind kind;
		const char *words;
	} rows[] = {
		{ "no END", KEY_RSA, FORM_PKCS8, cut_end, FAULT_FILE_DAMAGED,
			"its END line is missing" },
		{ "half of it", KEY_RSA, FORM_OLD, cut_half, FAULT_FILE_DAMAGED,
			"that begins on line 12 cannot be decoded: its END" },
		{ "BEGIN alone", KEY_P256, FORM_PKCS8, only_begin,
			FAULT_FILE_DAMAGED, "its END line is missing" },
		{ "the first line lost", KEY_RSA, FORM_PKCS8, lose_line,
			FAULT_FILE_DAMAGED, "no private key" },
		{ "the last line lost", KEY_RSA, FORM_PKCS8, lose_last_line,
			FAULT_FILE_DAMAGED, "cut short" },
		{ "the last line lost, traditional", KEY_P384, FORM_OLD,
			lose_last_line, FAULT_FILE_DAMAGED, "cut short" },
		{ "the last line lost, encrypted", KEY_RSA, FORM_PBES2,
			lose_last_line, FAULT_FILE_DAMAGED, "cut short" },
		{ "a letter that is none", KEY_ED448, FORM_PKCS8, bad_letter,
			FAULT_FILE_DAMAGED, "its base64 is broken" },
		{ "a blank line", KEY_RSA, FORM_PKCS8, blank_within,
			FAULT_FILE_DAMAGED, "a blank line" },
		{ "another END", KEY_P256, FORM_PKCS8, other_end,
			FAULT_FILE_DAMAGED, "ends as something else" },
		{ "words behind END", KEY_P256, FORM_PKCS8, behind_end,
			FAULT_FILE_DAMAGED, "behind its END" },
		{ "words behind BEGIN", KEY_P256, FORM_PKCS8, behind_begin,
			FAULT_FILE_DAMAGED, "behind its BEGIN" },
		{ "nothing between", KEY_P256, FORM_PKCS8, empty_block,
			FAULT_FILE_DAMAGED, "it is empty" },
		{ "a certificate inside", KEY_P256, FORM_PKCS8,
			certificate_inside, FAULT_FILE_DAMAGED,
			"no private key" },
		{ "a header of its own", KEY_P256, FORM_PKCS8, other_header,
			FAULT_FILE_DAMAGED, "header" },
		{ "no DEK-Info", KEY_RSA, FORM_OLD_AES, no_dek,
			FAULT_FILE_DAMAGED, "DEK-Info line is missing" },
		{ "a short IV", KEY_RSA, FORM_OLD_AES, short_iv,
			FAULT_FILE_DAMAGED, "does not fit its cipher" },
		{ "an IV that is none", KEY_RSA, FORM_OLD_AES, bad_iv,
			FAULT_FILE_DAMAGED, "DEK-Info" },
		{ "a cipher of its own", KEY_RSA, FORM_OLD_AES, unknown_cipher,
			FAULT_FILE_UNREADABLE, "encrypted with ROT-13-CBC" },
		{ "a cipher that is not for this", KEY_RSA, FORM_OLD_AES,
			aead_cipher, FAULT_FILE_UNREADABLE, "AES-256-GCM" },
		{ "a long line below headers", KEY_RSA, FORM_OLD_AES,
			long_lines, FAULT_FILE_DAMAGED, "64 characters" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(observation_free) struct observation *ob = NULL;
		BUF_CLEANUP struct buf text = { 0 };

		assert_int_equal(key_write(keys[rows[i].type], rows[i].type,
					 rows[i].form, &text),
			0);
		rows[i].spoil(&text);
		ob = read_text(&text, false, PASSPHRASE);
		expect_fault(rows[i].name, ob, rows[i].kind, rows[i].words);
		assert_int_equal(ob->n_keys, 0);
		assert_int_equal(ob->faults[0].line, 12);
		assert_string_equal(ob->faults[0].file, OWNER);
	}
}

/* The bytes of a number of `from` in `der` become those of `to`. */
static void
paste(struct buf *der, EVP_PKEY *from, EVP_PKEY *to, const char *name)
{
	unsigned char old[512], new[512];
	BIGNUM *a = NULL, *b = NULL;
	char *hit;
	int n;

	assert_int_equal(EVP_PKEY_get_bn_param(from, name, &a), 1);
	n = BN_bn2bin(a, old);
	if (to != NULL) {
		assert_int_equal(EVP_PKEY_get_bn_param(to, name, &b), 1);
		/* One in many is a byte longer or shorter than the other. */
		assert_int_equal(
			BN_bn2binpad(b, new, sizeof(new)), sizeof(new));
		memmove(new, new + sizeof(new) - n, (size_t)n);
		new[0] = old[0];
	} else {
		memcpy(new, old, (size_t)n);
		new[n / 2] ^= 0x10; /* one flipped bit */
	}
	hit = memmem(der->s, der->len, old, (size_t)n);
	assert_non_null(hit);
	memcpy(hit, new, (size_t)n);
	BN_free(a);
	BN_free(b);
}

/* The same for the point of an EC key. */
static void
paste_point(struct buf *der, EVP_PKEY *from, EVP_PKEY *to)
{
	unsigned char old[256], new[256];
	size_t n, m;
	char *hit;

	assert_int_equal(EVP_PKEY_get_octet_string_param(from,
				 OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, old,
				 sizeof(old), &n),
		1);
	assert_int_equal(EVP_PKEY_get_octet_string_param(to,
				 OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, new,
				 sizeof(new), &m),
		1);
	assert_int_equal(n, m);
	hit = memmem(der->s, der->len, old, n);
	assert_non_null(hit);
	memcpy(hit, new, n);
}

/* Pasted together from two, or a digit flipped. */
static void
halves_are_compared(void **state)
{
	static const struct {
		enum key_type type;
		const char *number; /* NULL: the point */
		bool flipped;
		bool old;
	} rows[] = {
		{ KEY_RSA, OSSL_PKEY_PARAM_RSA_N, false, false },
		{ KEY_RSA, OSSL_PKEY_PARAM_RSA_N, true, false },
		{ KEY_RSA, OSSL_PKEY_PARAM_RSA_D, false, false },
		{ KEY_RSA, OSSL_PKEY_PARAM_RSA_D, true, true },
		{ KEY_RSA, OSSL_PKEY_PARAM_RSA_FACTOR1, true, true },
		{ KEY_RSA, OSSL_PKEY_PARAM_RSA_FACTOR2, true, false },
		{ KEY_RSA, OSSL_PKEY_PARAM_RSA_EXPONENT1, true, false },
		{ KEY_RSA, OSSL_PKEY_PARAM_RSA_EXPONENT2, true, false },
		{ KEY_RSA, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, true, false },
		{ KEY_RSA_MULTI, OSSL_PKEY_PARAM_RSA_FACTOR3, true, false },
		{ KEY_PSS, OSSL_PKEY_PARAM_RSA_N, false, false },
		{ KEY_PSS_STRICT, OSSL_PKEY_PARAM_RSA_D, true, false },
		{ KEY_DSA, OSSL_PKEY_PARAM_PUB_KEY, false, true },
		{ KEY_DSA, OSSL_PKEY_PARAM_PRIV_KEY, false, true },
		{ KEY_P256, NULL, false, false },
		{ KEY_P256, NULL, false, true },
		{ KEY_P256, OSSL_PKEY_PARAM_PRIV_KEY, true, true },
		{ KEY_P384, NULL, false, false },
		{ KEY_P521, OSSL_PKEY_PARAM_PRIV_KEY, true, false },
		{ KEY_K256, NULL, false, false },
		{ KEY_BRAINPOOL, NULL, false, false },
		{ KEY_EXPLICIT, NULL, false, false },
		{ KEY_SM2, NULL, false, false },
		{ KEY_SM2, OSSL_PKEY_PARAM_PRIV_KEY, true, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(observation_free) struct observation *ob = NULL;
		BUF_CLEANUP struct buf der = { 0 };
		EVP_PKEY *key = keys[rows[i].type];
		EVP_PKEY *other = others[rows[i].type];

		key_der(key, rows[i].old, &der);
		if (rows[i].number == NULL)
			paste_point(&der, key, other);
		else
			paste(&der, key, rows[i].flipped ? NULL : other,
				rows[i].number);
		ob = read_text(&der, true, NULL);
		expect_fault(key_type_names[rows[i].type], ob,
			FAULT_FILE_DAMAGED,
			"its private and public halves do not fit");
		/* Who may read it is still of interest, whose it is not. */
		assert_int_equal(ob->n_keys, 1);
		assert_null(ob->keys[0].public_half);
	}
}

/* No good key may be called bad. */
static void
good_halves_fit(void **state)
{
	static const enum key_type types[] = { KEY_DSA, KEY_P256, KEY_P384,
		KEY_P521, KEY_K256, KEY_BRAINPOOL, KEY_EXPLICIT, KEY_BARE,
		KEY_SM2, KEY_ED25519, KEY_ED448 };
	const struct key_source src = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(types) * 5; i++) {
		cleanup(observation_free) struct observation *ob =
			observation_new();
		EVP_PKEY *key = key_make(types[i % COUNT(types)]);

		privatekey_add(&src, key, false, 0, ob);
		if (ob->n_faults > 0)
			fail_msg("%s: %s",
				key_type_names[types[i % COUNT(types)]],
				ob->faults[0].text);
		assert_int_equal(EVP_PKEY_eq(ob->keys[0].public_half, key), 1);
		EVP_PKEY_free(key);
	}
}

/* Numbers of an RSA key that software left out or at zero. */
static void
rsa_without_factors(void **state)
{
	static const struct {
		const char *name;
		bool bad;
	} rows[] = { { "good", false }, { "flipped", true } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(observation_free) struct observation *ob =
			observation_new();
		static const char *const names[] = { OSSL_PKEY_PARAM_RSA_N,
			OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D };
		const struct key_source src = { 0 };
		OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
		EVP_PKEY_CTX *ctx = key_context("RSA");
		BIGNUM *n[3] = { NULL, NULL, NULL };
		EVP_PKEY *key = NULL;
		OSSL_PARAM *list;

		for (int k = 0; k < 3; k++) {
			assert_int_equal(EVP_PKEY_get_bn_param(keys[KEY_RSA],
						 names[k], &n[k]),
				1);
			if (k == 2 && rows[i].bad)
				BN_add_word(n[k], 2);
			OSSL_PARAM_BLD_push_BN(build, names[k], n[k]);
		}
		list = OSSL_PARAM_BLD_to_param(build);
		assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
		assert_int_equal(
			EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, list),
			1);
		privatekey_add(&src, key, false, 0, ob);
		assert_int_equal(ob->n_faults, rows[i].bad);
		for (int k = 0; k < 3; k++)
			BN_free(n[k]);
		OSSL_PARAM_free(list);
		OSSL_PARAM_BLD_free(build);
		EVP_PKEY_CTX_free(ctx);
		EVP_PKEY_free(key);
	}
}

/* RFC 5958, version 2, as Java and Rust write it. */
static void
version_two(struct buf *der, EVP_PKEY *key, EVP_PKEY *public)
{
	unsigned char private[32], half[32];
	size_t n = 32;

	assert_int_equal(EVP_PKEY_get_raw_private_key(key, private, &n), 1);
	assert_int_equal(EVP_PKEY_get_raw_public_key(public, half, &n), 1);
	buf_add(der,
		"\x30\x51\x02\x01\x01\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04"
		"\x20",
		16);
	buf_add(der, private, 32);
	buf_add(der, "\x81\x21\x00", 3);
	buf_add(der, half, 32);
}

static void
version_two_is_read(void **state)
{
	EVP_PKEY *key = keys[KEY_ED25519];

	(void)state;
	for (int fits = 0; fits < 2; fits++) {
		cleanup(observation_free) struct observation *ob = NULL;
		BUF_CLEANUP struct buf der = { 0 };

		version_two(&der, key, fits ? key : others[KEY_ED25519]);
		ob = read_text(&der, true, NULL);
		if (fits) {
			assert_int_equal(ob->n_faults, 0);
			assert_int_equal(
				EVP_PKEY_eq(ob->keys[0].public_half, key), 1);
		} else {
			expect_fault("other half", ob, FAULT_FILE_DAMAGED,
				"halves do not fit");
		}
	}
}

/* Of a kind, or on a curve, that nobody here knows: a key, and no damage. */
static void
unknown_kinds_are_keys(void **state)
{
	static const struct {
		const char *name;
		enum key_type type;
		bool old;
		const char *from, *to; /* in the DER */
		size_t n;
	} rows[] = {
		{ "an algorithm", KEY_ED25519, false, "\x06\x03\x2b\x65\x70",
			"\x06\x03\x2b\x65\x05", 5 },
		{ "a curve", KEY_P256, false,
			"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07",
			"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x7f", 10 },
		{ "a curve, traditional", KEY_P256, true,
			"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07",
			"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x7f", 10 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(observation_free) struct observation *ob = NULL;
		BUF_CLEANUP struct buf der = { 0 };
		char *hit;

		key_der(keys[rows[i].type], rows[i].old, &der);
		hit = memmem(der.s, der.len, rows[i].from, rows[i].n);
		assert_non_null(hit);
		memcpy(hit, rows[i].to, rows[i].n);
		ob = read_text(&der, true, NULL);
		if (ob->n_faults > 0)
			fail_msg("%s: %s", rows[i].name, ob->faults[0].text);
		assert_int_equal(ob->n_keys, 1);
		assert_null(ob->keys[0].public_half);
		assert_string_equal(ob->keys[0].readers, "others");
	}
}

/* `n` bytes of noise, sealed by `alg`. */
static void
sealed_noise(struct buf *der, X509_ALGOR *alg, int n)
{
	X509_SIG *sig = X509_SIG_new();
	ASN1_OCTET_STRING *data;
	unsigned char *p = NULL;
	X509_ALGOR *own;

	assert_non_null(alg);
	X509_SIG_getm(sig, &own, &data);
	assert_int_equal(X509_ALGOR_copy(own, alg), 1);
	X509_ALGOR_free(alg);
	assert_int_equal(ASN1_STRING_set(data, NULL, n), 1);
	memset(data->data, 7, (size_t)n);
	n = i2d_X509_SIG(sig, &p);
	buf_add(der, p, (size_t)n);
	OPENSSL_free(p);
	X509_SIG_free(sig);
}

static X509_ALGOR *
pbkdf2(int rounds)
{
	return PKCS5_pbe2_set_iv(
		EVP_aes_256_cbc(), rounds, NULL, 0, NULL, NID_hmacWithSHA256);
}

/* The file says how much work it is to open it. */
static void
work_is_bounded(void **state)
{
	static const struct {
		const char *name;
		int rounds, parallel;
		const char *passphrase;
		enum fault_kind kind;
		const char *words;
	} rows[] = {
		{ "many rounds", 2000000000, 0, "x", FAULT_FILE_UNREADABLE,
			"rounds of key derivation" },
		{ "many rounds, no passphrase", 2000000000, 0, NULL,
			FAULT_FILE_PASSWORD, "no passphrase" },
		{ "many rounds by PKCS#12", -2000000000, 0, "x",
			FAULT_FILE_UNREADABLE, "rounds of key derivation" },
		{ "a few", 1000, 0, "x", FAULT_FILE_PASSWORD,
			"does not open it" },
		{ "scrypt, many times over", 0, 2000, "x",
			FAULT_FILE_UNREADABLE, "rounds of key derivation" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(observation_free) struct observation *ob = NULL;
		BUF_CLEANUP struct buf der = { 0 };

		sealed_noise(&der,
			rows[i].parallel > 0
				? PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL,
					  0, NULL, 1024, 8,
					  (uint64_t)rows[i].parallel)
				: rows[i].rounds > 0
				? pbkdf2(rows[i].rounds)
				: PKCS5_pbe_set(
					  NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
					  -rows[i].rounds, NULL, 0),
			96);
		ob = read_text(&der, true, rows[i].passphrase);
		expect_fault(rows[i].name, ob, rows[i].kind, rows[i].words);
	}
}

/* OpenSSL would compute its public half while it decodes it, for minutes. */
static void
large_dsa_is_not_computed(void **state)
{
	cleanup(observation_free) struct observation *ob = NULL;
	BUF_CLEANUP struct buf der = { 0 };
	PKCS8_PRIV_KEY_INFO *p8 = PKCS8_PRIV_KEY_INFO_new();
	ASN1_STRING *parameters = ASN1_STRING_new();
	unsigned char *private = OPENSSL_zalloc(64), *p = NULL;
	unsigned char group[4 + 8000] = { 0x30, 0x82, 8000 >> 8, 8000 & 0xff };
	int n;

	(void)state;
	ASN1_STRING_set(parameters, group, sizeof(group));
	assert_int_equal(PKCS8_pkey_set0(p8, OBJ_nid2obj(NID_dsa), 0,
				 V_ASN1_SEQUENCE, parameters, private, 64),
		1);
	n = i2d_PKCS8_PRIV_KEY_INFO(p8, &p);
	buf_add(&der, p, (size_t)n);
	ob = read_text(&der, true, NULL);
	expect_fault("large", ob, FAULT_FILE_UNREADABLE,
		"want a DSA key of at most 4096 bits");
	OPENSSL_free(p);
	PKCS8_PRIV_KEY_INFO_free(p8);
}

/* A hundred keys may not ask for a hundred times as much. */
static void
work_of_many_is_bounded(void **state)
{
	int64_t rounds_left = 450000;
	const struct key_source src = { .passphrase = "x",
		.rounds_left = &rounds_left };
	BUF_CLEANUP struct buf der = { 0 };

	(void)state;
	sealed_noise(&der, pbkdf2(200000), 96);
	for (int i = 0; i < 3; i++) {
		cleanup(observation_free) struct observation *ob =
			observation_new();

		assert_true(privatekey_add_der(
			&src, (const unsigned char *)der.s, der.len, ob));
		expect_fault("one of three", ob,
			i < 2 ? FAULT_FILE_PASSWORD : FAULT_FILE_UNREADABLE,
			i < 2 ? "does not open it" : "for all keys of a file");
	}
	assert_int_equal(rounds_left, 450000 - 2 * 200100);
}

static void
many_keys_are_bounded(void **state)
{
	const struct key_source src = { .file = OWNER };
	cleanup(observation_free) struct observation *ob = observation_new();
	BUF_CLEANUP struct buf text = { 0 };

	(void)state;
	assert_int_equal(
		key_write(keys[KEY_ED25519], KEY_ED25519, FORM_PKCS8, &text),
		0);
	for (size_t i = 1; i <= 1010; i++)
		privatekey_add_pem(&src, text.s, text.len, i, ob);
	assert_int_equal(ob->n_keys, 1000);
	expect_fault("the 1001st", ob, FAULT_FILE_UNREADABLE,
		"begins on line 1001 and below was not read");
}

/* DES in DEK-Info, as `openssl genrsa -des` wrote it. */
static void
old_cipher_is_opened(void **state)
{
	static const char header[] = "Proc-Type: 4,ENCRYPTED\nDEK-Info: "
				     "DES-CBC,0102030405060708\n";
	static const unsigned char iv[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	cleanup(observation_free) struct observation *ob = NULL;
	BUF_CLEANUP struct buf text = { 0 };
	BUF_CLEANUP struct buf der = { 0 };
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char key[EVP_MAX_KEY_LENGTH], out[4096];
	EVP_CIPHER *des;
	int n, last;
	BIO *bio;
	char *p;

	(void)state;
	if (key_old_context() == NULL)
		skip();
	des = EVP_CIPHER_fetch(key_old_context(), "DES-CBC", NULL);
	key_der(keys[KEY_RSA], true, &der);
	assert_int_equal(EVP_BytesToKey(des, EVP_md5(), iv,
				 (const unsigned char *)PASSPHRASE,
				 (int)strlen(PASSPHRASE), 1, key, NULL),
		8);
	assert_int_equal(EVP_EncryptInit_ex2(ctx, des, key, iv, NULL), 1);
	EVP_EncryptUpdate(ctx, out, &n, (unsigned char *)der.s, (int)der.len);
	EVP_EncryptFinal_ex(ctx, out + n, &last);
	bio = BIO_new(BIO_s_mem());
	PEM_write_bio(bio, "RSA PRIVATE KEY", header, out, n + last);
	n = (int)BIO_get_mem_data(bio, &p);
	buf_add(&text, p, (size_t)n);
	ob = read_text(&text, false, PASSPHRASE);
	expect_fault("DES", ob, FAULT_FILE_LEGACY,
		"that begins on line 12 is encrypted with DES-CBC: want AES");
	assert_int_equal(
		EVP_PKEY_eq(ob->keys[0].public_half, keys[KEY_RSA]), 1);
	BIO_free(bio);
	EVP_CIPHER_free(des);
	EVP_CIPHER_CTX_free(ctx);
}

static void
labels_are_known(void **state)
{
	static const struct {
		const char *label;
		bool key;
	} rows[] = { { "PRIVATE KEY", true }, { "RSA PRIVATE KEY", true },
		{ "ENCRYPTED PRIVATE KEY", true }, { "TSS2 PRIVATE KEY", true },
		{ "OPENSSH PRIVATE KEY", true }, { "PUBLIC KEY", false },
		{ "XPRIVATE KEY", false }, { "", false },
		{ "EC PARAMETERS", false }, { "PRIVATE KEY INFO", false },
		{ "PGP PRIVATE KEY BLOCK", false } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
			privatekey_is_label(rows[i].label), rows[i].key);
}

/* What is no key, and DER that is one but not whole. */
static void
der_is_told_apart(void **state)
{
	const struct key_source src = { 0 };
	cleanup(observation_free) struct observation *ob = observation_new();
	BUF_CLEANUP struct buf der = { 0 };
	unsigned char *p = NULL;
	int n;

	(void)state;
	n = i2d_X509(certificate, &p);
	assert_false(privatekey_add_der(&src, p, (size_t)n, ob));
	OPENSSL_free(p);
	p = NULL;
	n = i2d_PUBKEY(keys[KEY_RSA], &p);
	assert_false(privatekey_add_der(&src, p, (size_t)n, ob));
	OPENSSL_free(p);
	assert_false(privatekey_add_der(
		&src, (const unsigned char *)"0 or 1, a text", 14, ob));
	assert_false(privatekey_add_der(&src, NULL, 0, ob));
	assert_int_equal(ob->n_faults + ob->n_keys, 0);

	key_der(keys[KEY_RSA], false, &der);
	assert_true(privatekey_add_der(
		&src, (unsigned char *)der.s, der.len / 2, ob));
	expect_fault("half", ob, FAULT_FILE_DAMAGED, "cut short");
	assert_int_equal(ob->n_keys, 0);
	observation_forget_faults(ob);

	/* An editor's newline is nobody's fault. */
	buf_puts(&der, "\n");
	assert_true(
		privatekey_add_der(&src, (unsigned char *)der.s, der.len, ob));
	assert_int_equal(ob->n_keys, 1);
	assert_int_equal(ob->n_faults, 0);
	buf_puts(&der, "more");
	assert_true(
		privatekey_add_der(&src, (unsigned char *)der.s, der.len, ob));
	expect_fault("more", ob, FAULT_FILE_DAMAGED, "bytes behind its end");
}

/* No cut of any key may be read as a key, or crash. */
static void
cuts_are_told(void **state)
{
	int64_t rounds_left = INT64_MAX;
	const struct key_source src = { .passphrase = PASSPHRASE,
		.rounds_left = &rounds_left };

	(void)state;
	for (int type = 0; type < KEY_TYPES; type++) {
		for (int form = FORM_PKCS8_DER; form < KEY_FORMS; form++) {
			BUF_CLEANUP struct buf der = { 0 };

			if (key_write(keys[type], (enum key_type)type,
				    (enum key_form)form, &der) == -1)
				continue;
			for (size_t n = 0; n < der.len; n += 1 + n / 8) {
				cleanup(observation_free) struct observation
					*ob = observation_new();
				unsigned char *cut = mem_alloc(n + 1);

				memcpy(cut, der.s, n);
				if (privatekey_add_der(&src, cut, n, ob))
					expect_fault(key_type_names[type], ob,
						FAULT_FILE_DAMAGED,
						"cut short");
				assert_int_equal(ob->n_keys, 0);
				free(cut);
			}
		}
	}
}

static char folder[] = "/tmp/certvigil-unit-XXXXXX";

static void
write_file(const char *path, const char *text, size_t n, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void
add_certificate(struct buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;

	PEM_write_bio_X509(bio, certificate);
	n = BIO_get_mem_data(bio, &text);
	buf_add(out, text, (size_t)n);
	BIO_free(bio);
}

static void
one_key(struct buf *out)
{
	key_write(keys[KEY_P256], KEY_P256, FORM_PKCS8, out);
}

static void
byte_order_mark(struct buf *out)
{
	buf_puts(out, "\xef\xbb\xbf");
	one_key(out);
}

static void
encrypted_key(struct buf *out)
{
	key_write(keys[KEY_RSA], KEY_RSA, FORM_PBES2, out);
}

static void
der_key(struct buf *out)
{
	key_write(keys[KEY_P256], KEY_P256, FORM_OLD_DER, out);
}

/* Bag Attributes, the certificate, its key, and another key. */
static void
combined(struct buf *out)
{
	buf_puts(out,
		"\xef\xbb\xbf"
		"Bag Attributes\n    friendlyName: x\n");
	add_certificate(out);
	buf_puts(out, "Key Attributes: <No Attributes>\n");
	one_key(out);
	buf_puts(out, "\n\n");
	key_write(keys[KEY_RSA], KEY_RSA, FORM_OLD, out);
}

/* As openssl ecparam -genkey writes it, and with CRLF. */
static void
with_parameters(struct buf *out)
{
	BUF_CLEANUP struct buf text = { 0 };

	buf_puts(&text,
		"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
		"-----END EC PARAMETERS-----\n");
	key_write(keys[KEY_P256], KEY_P256, FORM_OLD, &text);
	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] == '\n')
			buf_putc(out, '\r');
		buf_putc(out, text.s[i]);
	}
}

static void
good_and_cut(struct buf *out)
{
	one_key(out);
	key_write(keys[KEY_RSA], KEY_RSA, FORM_PKCS8, out);
	out->len -= 300;
	out->s[out->len] = '\0';
}

static void
cut_and_good(struct buf *out)
{
	key_write(keys[KEY_RSA], KEY_RSA, FORM_PKCS8, out);
	out->len -= 300;
	buf_putc(out, '\n');
	one_key(out);
}

static void
certificate_alone(struct buf *out)
{
	add_certificate(out);
}

static void
certificate_der(struct buf *out)
{
	unsigned char *p = NULL;
	int n = i2d_X509(certificate, &p);

	buf_add(out, p, (size_t)n);
	OPENSSL_free(p);
}

static void
request(struct buf *out)
{
	buf_puts(out,
		"-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n"
		"-----END CERTIFICATE REQUEST-----\n");
}

static void
public_key(struct buf *out)
{
	buf_puts(out,
		"-----BEGIN PUBLIC KEY-----\nMAA=\n"
		"-----END PUBLIC KEY-----\n");
}

static void
parameters_alone(struct buf *out)
{
	buf_puts(out,
		"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
		"-----END EC PARAMETERS-----\n");
}

static void
openssh(struct buf *out)
{
	BUF_CLEANUP struct buf der = { 0 };

	buf_add(&der, "openssh-key-v1\0\0\0\0\4none\0\0\0\4none", 31);
	key_wrap(out, "OPENSSH PRIVATE KEY", &der);
}

static void
foreign(struct buf *out)
{
	buf_puts(out,
		"-----BEGIN TSS2 PRIVATE KEY-----\nMAA=\n"
		"-----END TSS2 PRIVATE KEY-----\n");
}

static void
pkcs12(struct buf *out)
{
	PKCS12 *p12 = PKCS12_create(
		"x", "x", keys[KEY_P256], certificate, NULL, 0, 0, 1, 1, 0);
	unsigned char *p = NULL;
	int n = i2d_PKCS12(p12, &p);

	buf_add(out, p, (size_t)n);
	OPENSSL_free(p);
	PKCS12_free(p12);
}

static void
text(struct buf *out)
{
	buf_puts(out, "0 the key is in the safe\n");
}

static void
indented(struct buf *out)
{
	buf_puts(out, "notes\n  ");
	one_key(out);
}

static void
putty(struct buf *out)
{
	buf_puts(out, "PuTTY-User-Key-File-3: ssh-rsa\n");
}

static void
nothing(struct buf *out)
{
	(void)out;
}

#define NO_FAULT FAULT_KINDS

static void
files_are_read(void **state)
{
	static const struct {
		const char *name;
		void (*make)(struct buf *out);
		const char *passphrase;
		size_t keys;
		enum fault_kind kind;
		size_t line;
		const char *words;
	} rows[] = {
		{ "a key", one_key, NULL, 1, NO_FAULT, 0, "" },
		{ "a byte order mark", byte_order_mark, NULL, 1, NO_FAULT, 0,
			"" },
		{ "an encrypted one", encrypted_key, PASSPHRASE, 1, NO_FAULT, 0,
			"" },
		{ "a wrong passphrase", encrypted_key, "x", 0,
			FAULT_FILE_PASSWORD, 1, "does not open it" },
		{ "DER", der_key, NULL, 1, NO_FAULT, 0, "" },
		{ "DER where PEM is wanted", der_key, "pem", 1,
			FAULT_FILE_FORMAT, 0, "want a key in PEM, have DER" },
		{ "PEM where it is wanted", one_key, "pem", 1, NO_FAULT, 0,
			"" },
		{ "combined", combined, NULL, 2, NO_FAULT, 0, "" },
		{ "EC PARAMETERS in front", with_parameters, NULL, 1, NO_FAULT,
			0, "" },
		{ "the second one cut short", good_and_cut, NULL, 1,
			FAULT_FILE_DAMAGED, 6,
			"that begins on line 6 cannot be decoded: its END" },
		{ "the first one cut short", cut_and_good, NULL, 1,
			FAULT_FILE_DAMAGED, 1, "its END line is missing" },
		{ "R7: a certificate", certificate_alone, NULL, 0,
			FAULT_FILE_FORMAT, 0,
			"want a private key, have a certificate" },
		{ "a certificate in DER", certificate_der, NULL, 0,
			FAULT_FILE_FORMAT, 0,
			"want a private key, have a certificate" },
		{ "a request", request, NULL, 0, FAULT_FILE_FORMAT, 0,
			"have a certificate request" },
		{ "a public key", public_key, NULL, 0, FAULT_FILE_FORMAT, 0,
			"have a public key" },
		{ "parameters", parameters_alone, NULL, 0, FAULT_FILE_FORMAT, 0,
			"have parameters only" },
		{ "OpenSSH's", openssh, NULL, 0, FAULT_FILE_FORMAT, 1,
			"want a key in PEM or DER, have an OpenSSH key" },
		{ "another program's", foreign, NULL, 1, NO_FAULT, 0, "" },
		{ "PKCS#12", pkcs12, NULL, 0, FAULT_FILE_FORMAT, 0,
			"have PKCS#12" },
		{ "PuTTY's", putty, NULL, 0, FAULT_FILE_FORMAT, 0,
			"have a PuTTY key" },
		{ "text", text, NULL, 0, FAULT_FILE_FORMAT, 0, "have none" },
		{ "indented", indented, NULL, 0, FAULT_FILE_DAMAGED, 2,
			"line 2 looks like the BEGIN of a private key" },
		{ "nothing", nothing, NULL, 0, FAULT_FILE_EMPTY, 0,
			"is empty" },
	};
	char path[64];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/a.key", folder);
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(observation_free) struct observation *ob =
			observation_new();
		BUF_CLEANUP struct buf bytes = { 0 };
		struct probe_io io = { 0 };
		struct target t = { .kind = TARGET_FILE,
			.file = "a.pem",
			.key = path,
			.passphrase = rows[i].passphrase,
			.pem_only = rows[i].passphrase != NULL &&
				strcmp(rows[i].passphrase, "pem") == 0 };

		rows[i].make(&bytes);
		write_file(path, buf_str(&bytes), bytes.len, 0604);
		privatekey_read_file(&t, &io, NULL, ob);
		if (ob->n_keys != rows[i].keys)
			fail_msg("%s: have %zu keys, %s", rows[i].name,
				ob->n_keys,
				ob->n_faults > 0 ? ob->faults[0].text : "");
		/* R15: who may read it */
		for (size_t k = 0; k < ob->n_keys; k++) {
			assert_string_equal(ob->keys[k].file, path);
			assert_string_equal(ob->keys[k].readers, "others");
			assert_int_equal(ob->keys[k].mode, 0604);
		}
		assert_int_equal(ob->n_certs, 0);
		if (rows[i].kind == NO_FAULT) {
			if (ob->n_faults != 0)
				fail_msg("%s: %s", rows[i].name,
					ob->faults[0].text);
			continue;
		}
		expect_fault(rows[i].name, ob, rows[i].kind, rows[i].words);
		assert_string_equal(ob->faults[0].file, path);
		assert_int_equal(ob->faults[0].line, rows[i].line);
	}
	assert_int_equal(unlink(path), 0);
}

/* In the certificate's own file it may be for another program. */
static void
foreign_keys_beside_certificates(void **state)
{
	const struct key_source src = { .readers = "others", .mode = 0644 };
	cleanup(observation_free) struct observation *ob = observation_new();
	BUF_CLEANUP struct buf text_of = { 0 };

	(void)state;
	openssh(&text_of);
	privatekey_add_pem(&src, text_of.s, text_of.len, 1, ob);
	assert_int_equal(ob->n_faults, 0);
	assert_int_equal(ob->n_keys, 1);
	assert_null(ob->keys[0].public_half);
	assert_null(ob->keys[0].file);
	assert_false(ob->keys[0].encrypted);
}

/* R16, R46: a configured key that is not there */
static void
missing_files_are_told(void **state)
{
	cleanup(observation_free) struct observation *ob = observation_new();
	struct probe_io io = { 0 };
	struct target t = { .kind = TARGET_FILE,
		.file = "a.pem",
		.key = "/nonexistent/www.example.com.key" };

	(void)state;
	privatekey_read_file(&t, &io, NULL, ob);
	expect_fault("missing", ob, FAULT_FILE_MISSING, "not there");
	assert_string_equal(ob->faults[0].file, t.key);
}

static int
make_world(void **state)
{
	assert_non_null(mkdtemp(folder));
	return make_keys(state);
}

static int
free_world(void **state)
{
	assert_int_equal(rmdir(folder), 0);
	return free_keys(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_are_read),
		cmocka_unit_test(passphrases_are_judged),
		cmocka_unit_test(many_wrong_passphrases),
		cmocka_unit_test(damage_is_told),
		cmocka_unit_test(halves_are_compared),
		cmocka_unit_test(good_halves_fit),
		cmocka_unit_test(rsa_without_factors),
		cmocka_unit_test(version_two_is_read),
		cmocka_unit_test(unknown_kinds_are_keys),
		cmocka_unit_test(work_is_bounded),
		cmocka_unit_test(large_dsa_is_not_computed),
		cmocka_unit_test(work_of_many_is_bounded),
		cmocka_unit_test(many_keys_are_bounded),
		cmocka_unit_test(old_cipher_is_opened),
		cmocka_unit_test(labels_are_known),
		cmocka_unit_test(der_is_told_apart),
		cmocka_unit_test(cuts_are_told),
		cmocka_unit_test(files_are_read),
		cmocka_unit_test(foreign_keys_beside_certificates),
		cmocka_unit_test(missing_files_are_told),
	};

	return cmocka_run_group_tests_name(
		"privatekey", tests, make_world, free_world);
}
