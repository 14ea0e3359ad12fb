/* reading.c - one file on its way into an observation */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "model/text.h"
#include "probes/file/der.h"
#include "probes/file/disk.h"
#include "probes/file/pbe.h"
#include "probes/file/reading.h"

void
reading_release(struct reading *r)
{
	free(r->readers);
	r->readers = NULL;
	r->has_keys = false;
}

const struct key_source *
reading_keys(struct reading *r)
{
	if (r->has_keys)
		return &r->keys;
	if (r->path != NULL)
		r->readers = disk_readers(r->path, r->st);
	r->keys = (struct key_source){
		.libctx = r->libctx,
		.passphrase = r->target->passphrase,
		.readers = r->readers,
		.mode = r->st != NULL ? r->st->st_mode & 07777 : 0,
		.rounds_left = &r->rounds_left,
		.kept = r->kept,
	};
	r->rounds_left = PBE_MAX_ROUNDS;
	r->has_keys = true;
	return &r->keys;
}

static X509 *
decode(const struct reading *r, const unsigned char **p, size_t len,
	bool trusted)
{
	X509 *x509 = X509_new_ex(r->libctx, NULL);
	const unsigned char *q = *p;
	bool ok;

	if (x509 == NULL)
		mem_exhausted();
	ERR_set_mark();
	/*
	 * The first leaves the certificate alone where only the settings are
	 * bad, so it is freed here. The second frees it itself, and sets it to
	 * NULL.
	 */
	ok = (trusted ? d2i_X509_AUX(&x509, &q, (long)len)
		      : d2i_X509(&x509, &q, (long)len)) != NULL;
	ERR_pop_to_mark();
	if (!ok) {
		X509_free(x509);
		return NULL;
	}
	/* What OpenSSL is to think of it is no part of it, and judges no path.
	 */
	X509_trust_clear(x509);
	X509_reject_clear(x509);
	*p = q;
	return x509;
}

X509 *
reading_decode(const struct reading *r, const unsigned char **p, size_t len,
	bool trusted)
{
	const unsigned char *der = *p;
	/* Its settings are no part of its bytes. */
	bool known = r->cas != NULL && !trusted;
	struct der_item item;
	struct der all = { der, len };
	X509 *x509;

	if (known && der_next(&all, &item) && item.missing == 0) {
		x509 = cert_cache_find(r->cas, item.whole.p, item.whole.len);
		if (x509 != NULL) {
			*p = der + item.whole.len;
			return x509;
		}
	}
	x509 = decode(r, p, len, trusted);
	if (known && x509 != NULL)
		cert_cache_add(r->cas, der, (size_t)(*p - der), x509);
	return x509;
}

X509 *
reading_adopt(const struct reading *r, X509 *x509)
{
	unsigned char *der = NULL;
	const unsigned char *p;
	X509 *own = NULL;
	int n = i2d_X509(x509, &der);

	if (n > 0) {
		p = der;
		own = reading_decode(r, &p, (size_t)n, false);
	}
	OPENSSL_free(der);
	return own;
}

void
reading_add(struct reading *r, X509 *x509, size_t line)
{
	if (r->full) {
		X509_free(x509);
		return;
	}
	r->full = observation_add_cert(r->ob, x509, line) == -1;
	if (!r->full)
		return;
	if (line > 0)
		observation_add_fault(r->ob, FAULT_FILE_UNREADABLE, line,
			"want at most %d certificates, have more; what "
			"begins on line %zu and below was not read",
			OBSERVATION_MAX_CERTS, line);
	else
		observation_add_fault(r->ob, FAULT_FILE_UNREADABLE, 0,
			"want at most %d certificates, have more; the others "
			"were not read",
			OBSERVATION_MAX_CERTS);
}

void
reading_damaged(struct reading *r, size_t line, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	if (++r->damaged > READING_MAX_DAMAGED)
		return;
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) == -1)
		mem_exhausted();
	va_end(ap);
	observation_add_fault(r->ob, FAULT_FILE_DAMAGED, line, "%s", text);
	free(text);
}

bool
reading_met_others_only(const struct reading *r)
{
	size_t others = 0;

	for (int i = 0; i < THINGS; i++)
		others += i == THING_CERTIFICATE ? 0 : r->met[i];
	return others > 0 && r->met[THING_CERTIFICATE] == 0;
}

void
reading_contents(const struct reading *r, struct buf *out)
{
	static const struct {
		const char *one, *singular, *plural;
	} words[THINGS] = {
		{ "a certificate", "certificate", "certificates" },
		{ "a private key", "private key", "private keys" },
		{ "a certificate request", "certificate request",
			"certificate requests" },
		{ "a CRL", "CRL", "CRLs" },
		{ "a public key", "public key", "public keys" },
		{ "key parameters", "set of key parameters",
			"sets of key parameters" },
		{ "PKCS#7 without certificates", "PKCS#7 block",
			"PKCS#7 blocks without certificates" },
		{ "PKCS#12 without certificates", "PKCS#12 file",
			"PKCS#12 files" },
		{ "something of another kind", "thing of another kind",
			"things of another kind" },
	};
	size_t left = 0;

	for (int i = 0; i < THINGS; i++)
		left += r->met[i] > 0;
	for (int i = 0; i < THINGS; i++) {
		if (r->met[i] == 0)
			continue;
		if (r->met[i] == 1)
			buf_puts(out, words[i].one);
		else
			text_count(out, r->met[i], words[i].singular,
				words[i].plural);
		left--;
		buf_puts(out, left == 0 ? "" : left == 1 ? " and " : ", ");
	}
}
