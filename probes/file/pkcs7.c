/* pkcs7.c - the certificates that PKCS#7 or CMS carries */
#include <string.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pkcs7.h>

#include "probes/file/der.h"
#include "probes/file/pkcs7.h"

struct pack {
	struct reading *r;
	const char *name;
	size_t line;
	bool cut; /* bytes are missing; behind the gap all is garbage */
};

static bool
enter(struct der *in, unsigned char tag)
{
	struct der_item item;

	if (!der_next(in, &item) || item.tag != tag)
		return false;
	*in = item.body;
	return true;
}

static bool
skip(struct der *in, unsigned char tag)
{
	struct der_item item;

	return der_next(in, &item) && item.tag == tag;
}

/*
 * ContentInfo down to SignedData's certificates, which are optional. -1: it
 * is no signed data; -2: it cannot be read so far.
 */
static int
find_certificates(struct der in, struct der *out)
{
	static const unsigned char signed_data[] = { 0x2a, 0x86, 0x48, 0x86,
		0xf7, 0x0d, 0x01, 0x07, 0x02 };
	struct der_item item;

	if (!enter(&in, DER_SEQUENCE) || !der_next(&in, &item) ||
		item.tag != DER_OID)
		return -2;
	if (item.body.len != sizeof(signed_data) ||
		memcmp(item.body.p, signed_data, sizeof(signed_data)) != 0)
		return -1;
	/* version, digestAlgorithms, contentInfo */
	if (!enter(&in, DER_CONTEXT_0) || !enter(&in, DER_SEQUENCE) ||
		!skip(&in, DER_INTEGER) || !skip(&in, DER_SET) ||
		!skip(&in, DER_SEQUENCE))
		return -2;
	*out = (struct der){ 0 };
	if (der_next(&in, &item) && item.tag == DER_CONTEXT_0)
		*out = item.body;
	return 0;
}

/* One by one, so that a damaged one does not take the others with it. */
static void
read_certificates(struct pack *pack, struct der in)
{
	struct der_item item;
	size_t number = 0;

	while (!pack->r->full && pack->r->damaged < READING_MAX_DAMAGED &&
		der_next(&in, &item)) {
		const unsigned char *p = item.whole.p;
		BUF_CLEANUP struct buf what = { 0 };
		X509 *x509;

		/* Attribute certificates and such have other tags. */
		if (item.tag != DER_SEQUENCE)
			continue;
		number++;
		x509 = reading_decode(pack->r, &p, item.whole.len, false);
		if (x509 != NULL) {
			reading_add(pack->r, x509, pack->line);
			continue;
		}
		if (pack->cut)
			return;
		der_trouble(&item.whole, &what);
		reading_damaged(pack->r, pack->line,
			"%s has a certificate, number %zu, that %s", pack->name,
			number, buf_str(&what));
	}
}

/* Does OpenSSL read the whole of it, signers and all? */
static bool
is_sound(const unsigned char *der, size_t len)
{
	const unsigned char *p = der;
	CMS_ContentInfo *cms;
	PKCS7 *p7;
	bool ok;

	ERR_set_mark();
	p7 = d2i_PKCS7(NULL, &p, (long)len);
	ok = p7 != NULL;
	PKCS7_free(p7);
	if (!ok) {
		p = der;
		cms = d2i_CMS_ContentInfo(NULL, &p, (long)len);
		ok = cms != NULL;
		CMS_ContentInfo_free(cms);
	}
	ERR_pop_to_mark();
	return ok;
}

void
pkcs7_read(const unsigned char *der, size_t len, const char *name, size_t line,
	struct reading *r)
{
	struct pack pack = { .r = r, .name = name, .line = line };
	struct der in = { der, len }, rest = in, certs = { 0 };
	struct der_item outer = { 0 };
	size_t certs_before = r->ob->n_certs, damaged_before = r->damaged;
	BUF_CLEANUP struct buf what = { 0 };
	int found;

	pack.cut = der_next(&rest, &outer) &&
		(outer.missing > 0 || outer.endless);
	found = find_certificates(in, &certs);
	if (found == 0)
		read_certificates(&pack, certs);
	if (found != -1 && r->damaged == damaged_before && !r->full &&
		!is_sound(der, len)) {
		der_trouble(&in, &what);
		reading_damaged(r, line, "%s %s", name, buf_str(&what));
	}
	if (r->ob->n_certs > certs_before || r->damaged > damaged_before)
		r->met[THING_CERTIFICATE]++;
	else
		r->met[THING_PKCS7]++;
	if (r->damaged == damaged_before && !r->full)
		der_tell_rest(r, line, &rest, name);
}
