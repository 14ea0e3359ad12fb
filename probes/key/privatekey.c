/* privatekey.c - private keys, of which only the public half is kept */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "model/buf.h"
#include "probes/file/der.h"
#include "probes/file/disk.h"
#include "probes/file/pbe.h"
#include "probes/key/keyfit.h"
#include "probes/key/keypem.h"
#include "probes/key/keytext.h"
#include "probes/key/privatekey.h"

DEFINE_CLEANUP(EVP_PKEY, EVP_PKEY_free)

/* Of one file; more are not read. */
#define MAX_KEYS 1000

/* Takes over `public_half`. */
static void
add_half(const struct key_source *src, EVP_PKEY *public_half, bool encrypted,
	size_t line, struct observation *ob)
{
	struct private_key *key = observation_add_key(ob, public_half, line);

	key->file = src->file != NULL ? str_dup(src->file) : NULL;
	key->encrypted = encrypted;
	key->readers = src->readers != NULL ? str_dup(src->readers) : NULL;
	key->mode = src->mode & 07777;
}

static void
tell(const struct key_source *src, enum fault_kind kind, size_t line,
	const char *what, struct observation *ob)
{
	if (line == 0)
		observation_add_fault_of(
			ob, src->file, kind, line, "the private key %s", what);
	else
		observation_add_fault_of(ob, src->file, kind, line,
			"the private key that begins on line %zu %s", line,
			what);
}

/* Through its encoding, which is that of certificates: what is left is it. */
static EVP_PKEY *
public_half_of(const EVP_PKEY *key, OSSL_LIB_CTX *libctx)
{
	unsigned char *der = NULL;
	const unsigned char *p;
	EVP_PKEY *half = NULL;
	int n;

	ERR_set_mark();
	n = i2d_PUBKEY(key, &der);
	p = der;
	if (n > 0)
		half = d2i_PUBKEY_ex(NULL, &p, n, libctx, NULL);
	OPENSSL_free(der);
	ERR_pop_to_mark();
	return half;
}

void
privatekey_add(const struct key_source *src, const EVP_PKEY *key,
	bool encrypted, size_t line, struct observation *ob)
{
	struct keyopen k = { 0 };

	/* Which certificate one of two halves belongs to says nothing. */
	if (keyfit_halves(key, src->libctx)) {
		if (src->kept != NULL)
			keyring_add(src->kept, key);
		add_half(src, public_half_of(key, src->libctx), encrypted, line,
			ob);
		return;
	}
	keydecode_misfit(&k);
	tell(src, k.fault, line, k.why, ob);
	add_half(src, NULL, encrypted, line, ob);
}

/* What `what` came to, in the observation. */
static void
add_outcome(const struct key_source *src, const struct keyopen *k,
	enum keydecode what, const EVP_PKEY *key, size_t line,
	struct observation *ob)
{
	switch (what) {
	case KEYDECODE_KEY:
		privatekey_add(src, key, k->encrypted, line, ob);
		break;
	case KEYDECODE_OPENSSH:
		/* Beside certificates it may serve another program. */
		if (src->file != NULL)
			observation_add_fault_of(ob, src->file,
				FAULT_FILE_FORMAT, line,
				"want a key in PEM or DER, have an OpenSSH "
				"key");
		else
			add_half(src, NULL, k->encrypted, line, ob);
		break;
	case KEYDECODE_UNKNOWN:
		add_half(src, NULL, k->encrypted, line, ob);
		break;
	case KEYDECODE_FAULT:
		tell(src, k->fault, line, k->why, ob);
		break;
	case KEYDECODE_NONE:
		break;
	}
	if (k->legacy.len > 0 && what != KEYDECODE_FAULT) {
		BUF_CLEANUP struct buf text = { 0 };

		buf_printf(&text, "is encrypted with %s: want AES",
			buf_str(&k->legacy));
		tell(src, FAULT_FILE_LEGACY, line, buf_str(&text), ob);
	}
	if (k->surplus && what == KEYDECODE_KEY)
		tell(src, FAULT_FILE_DAMAGED, line, "has bytes behind its end",
			ob);
}

/* The keys that were met so far, good or not. */
static size_t
count_keys(const struct observation *ob)
{
	size_t n = ob->n_keys;

	for (size_t i = 0; i < ob->n_faults; i++)
		n += strstr(ob->faults[i].text, "the private key") != NULL;
	return n;
}

/*
 * Each key may ask for as much work as is left for all: a file of a thousand
 * that all ask for the most would take a day.
 */
static struct keyopen
keyopen_for(const struct key_source *src)
{
	return (struct keyopen){
		.libctx = src->libctx,
		.passphrase = src->passphrase,
		.rounds_left = src->rounds_left,
	};
}

/* True where there are too many; said once. */
static bool
is_full(const struct key_source *src, size_t line, struct observation *ob)
{
	static const char words[] = "want at most 1000 private keys, have more";

	if (ob->n_faults > 0 &&
		strncmp(ob->faults[ob->n_faults - 1].text, words,
			sizeof(words) - 1) == 0)
		return true;
	if (count_keys(ob) < MAX_KEYS)
		return false;
	observation_add_fault_of(ob, src->file, FAULT_FILE_UNREADABLE, line,
		"%s; what begins on line %zu and below was not read", words,
		line);
	return true;
}

void
privatekey_add_pem(const struct key_source *src, const char *text, size_t len,
	size_t line, struct observation *ob)
{
	KEYOPEN_CLEANUP struct keyopen k = { 0 };
	cleanup(EVP_PKEY_free) EVP_PKEY *key = NULL;
	enum keydecode what;

	if (is_full(src, line, ob))
		return;
	k = keyopen_for(src);
	what = keypem_read(&k, text, len, &key);
	add_outcome(src, &k, what, key, line, ob);
}

bool
privatekey_add_der(const struct key_source *src, const unsigned char *der,
	size_t len, struct observation *ob)
{
	KEYOPEN_CLEANUP struct keyopen k = keyopen_for(src);
	cleanup(EVP_PKEY_free) EVP_PKEY *key = NULL;
	enum keydecode what = keydecode_der(&k, der, len, &key);

	add_outcome(src, &k, what, key, 0, ob);
	return what != KEYDECODE_NONE;
}

bool
privatekey_is_label(const char *label)
{
	static const char end[] = "PRIVATE KEY";
	size_t n = strlen(label), m = sizeof(end) - 1;

	return n >= m && strcmp(label + n - m, end) == 0 &&
		(n == m || label[n - m - 1] == ' ');
}

void
privatekey_read_file(const struct target *t, struct probe_io *io,
	struct keyring *kept, struct observation *ob)
{
	struct buf text = { 0 };
	cleanup(str_free) char *readers = NULL;
	int64_t rounds_left = PBE_MAX_ROUNDS;
	struct stat st;

	if (disk_read(t->key, t->key, &text, &st, ob) == 0) {
		readers = disk_readers(t->key, &st);
		keytext_read(
			&(struct key_source){
				.libctx = io->libctx,
				.passphrase = t->passphrase,
				.file = t->key,
				.readers = readers,
				.mode = st.st_mode,
				.rounds_left = &rounds_left,
				.kept = kept,
			},
			buf_str(&text), text.len, ob);
		if (target_wants_pem(t) &&
			der_kind((const unsigned char *)buf_str(&text),
				text.len) == DER_KEY)
			observation_add_fault_of(ob, t->key, FAULT_FILE_FORMAT,
				0, "want a key in PEM, have DER");
	}
	disk_wipe(&text);
}
