/* fuzz_file.c - any bytes at all, read as a file of certificates */
#include <stddef.h>
#include <stdint.h>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "probes/file/formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * What every reading promises: certificates that can be used, faults in words,
 * a word of either kind, and OpenSSL's error queue as it was.
 */
static void
hold_it_to_its_word(const struct observation *ob)
{
	if (ERR_peek_error() != 0)
		__builtin_trap();
	if (ob->n_certs == 0 && ob->n_faults == 0)
		__builtin_trap();
	for (size_t i = 0; i < ob->n_certs; i++) {
		if (ob->certs[i].x509 == NULL)
			__builtin_trap();
		(void)X509_get0_pubkey(ob->certs[i].x509);
	}
	for (size_t i = 0; i < ob->n_faults; i++) {
		if (ob->faults[i].text[0] == '\0')
			__builtin_trap();
	}
	ERR_clear_error();
}

static void
read_as(const struct target *t, OSSL_LIB_CTX *libctx, const struct buf *bytes)
{
	struct observation *ob = observation_new();
	struct reading r = { .target = t, .libctx = libctx, .ob = ob };

	formats_read(buf_str(bytes), bytes->len, &r);
	reading_release(&r);
	hold_it_to_its_word(ob);
	observation_free(ob);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Files that a kubeconfig names lie beside it, so nowhere. */
	const struct target plain = { .file = "/nowhere/fuzz" };
	const struct target opened = { .file = "/nowhere/fuzz",
		.passphrase = "secret" };
	const struct target strict = { .file = "/nowhere/fuzz",
		.passphrase = "secret",
		.profile = profile_find("edgeone") };
	static OSSL_LIB_CTX *libctx;
	BUF_CLEANUP struct buf bytes = { 0 };

	if (libctx == NULL)
		libctx = OSSL_LIB_CTX_new();
	buf_add(&bytes, data, size);
	read_as(&plain, libctx, &bytes);
	read_as(&opened, libctx, &bytes);
	read_as(&strict, libctx, &bytes);
	return 0;
}
