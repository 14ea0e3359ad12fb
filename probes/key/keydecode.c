/* keydecode.c - the forms in which a private key is written down */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "model/alloc.h"
#include "probes/file/der.h"
#include "probes/key/keydecode.h"
#include "probes/key/keykind.h"

DEFINE_CLEANUP(PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
DEFINE_CLEANUP(X509_SIG, X509_SIG_free)

/*
 * DSA keys in PKCS#8 lack their public half, which OpenSSL computes
 * while it decodes them, whatever time it takes. This is room for 4096 bits.
 */
#define COMPUTED_MAX_PARAMETERS 1200
#define COMPUTED_MAX_PRIVATE 80

#define TAG_PUBLIC_HALF 0x81 /* [1] IMPLICIT BIT STRING, of version 2 */

enum form {
	FORM_NONE,
	FORM_PKCS8, /* RFC 5958 */
	FORM_ENCRYPTED, /* RFC 5958, 3 */
	FORM_RSA, /* RFC 8017, A.1.2 */
	FORM_DSA,
	FORM_EC, /* RFC 5915 */
};

/* The first value of `b`, which then stands behind it; it must be of `tag`. */
static bool
take(struct der *b, unsigned tag, struct der_item *out)
{
	return der_next(b, out) && out->tag == tag;
}

/* An AlgorithmIdentifier by which keys are encrypted? */
static bool
is_encryption(struct der alg)
{
	const unsigned char *p = alg.p;
	ASN1_OBJECT *obj;
	int nid;

	ERR_set_mark();
	obj = d2i_ASN1_OBJECT(NULL, &p, (long)alg.len);
	ERR_pop_to_mark();
	nid = OBJ_obj2nid(obj);
	ASN1_OBJECT_free(obj);
	return nid != NID_undef &&
		EVP_PBE_find(EVP_PBE_TYPE_OUTER, nid, NULL, NULL, NULL) == 1;
}

/*
 * What the contents of a SEQUENCE are. It may be cut short: its first fields
 * tell. A certificate, a request, PKCS#7 and PKCS#12 all begin otherwise.
 */
static enum form
form_of(struct der b)
{
	struct der_item first, second, third;
	unsigned version;

	if (!der_next(&b, &first) || !der_next(&b, &second))
		return FORM_NONE;
	if (first.tag == DER_SEQUENCE && second.tag == DER_OCTET_STRING)
		return is_encryption(first.body) ? FORM_ENCRYPTED : FORM_NONE;
	if (first.tag != DER_INTEGER || first.body.len != 1 ||
		first.body.p[0] > 1)
		return FORM_NONE;
	version = first.body.p[0];
	if (second.tag == DER_OCTET_STRING && version == 1)
		return FORM_EC;
	if (second.tag == DER_SEQUENCE && second.body.len > 0 &&
		second.body.p[0] == DER_OID)
		return FORM_PKCS8;
	if (second.tag != DER_INTEGER)
		return FORM_NONE;
	/* RSA has eight numbers behind its version, DSA five. */
	for (int i = 0; i < 5; i++) {
		if (!take(&b, DER_INTEGER, &third))
			return i == 4 && version == 0 ? FORM_DSA : FORM_RSA;
	}
	return FORM_RSA;
}

void
keydecode_misfit(struct keyopen *k)
{
	keyopen_fail(k, FAULT_FILE_DAMAGED,
		"is damaged: its private and public halves do not fit");
}

static enum keydecode
damaged(struct keyopen *k, const char *why)
{
	keyopen_fail(k, FAULT_FILE_DAMAGED, "cannot be decoded: %s", why);
	return KEYDECODE_FAULT;
}

static bool
is_too_large(const X509_ALGOR *alg, int n_private)
{
	const void *parameter;
	int type;

	X509_ALGOR_get0(NULL, &type, &parameter, alg);
	return n_private > COMPUTED_MAX_PRIVATE ||
		(type == V_ASN1_SEQUENCE &&
			ASN1_STRING_length(parameter) >
				COMPUTED_MAX_PARAMETERS);
}

/* A plain PKCS#8 key that OpenSSL could make nothing of. */
static enum keydecode
explain_pkcs8(struct keyopen *k, const ASN1_OBJECT *obj, const char *name,
	const X509_ALGOR *alg)
{
	const void *parameter;
	int type;

	X509_ALGOR_get0(NULL, &type, &parameter, alg);
	if (OBJ_obj2nid(obj) == NID_X9_62_id_ecPublicKey &&
		type == V_ASN1_OBJECT &&
		!keykind_has_curve(k->libctx, parameter))
		return KEYDECODE_UNKNOWN;
	keyopen_fail(k, FAULT_FILE_DAMAGED,
		"cannot be decoded: it says that it is of type %s, and its "
		"contents are not",
		name);
	return KEYDECODE_FAULT;
}

enum keydecode
keydecode_pkcs8(
	struct keyopen *k, const PKCS8_PRIV_KEY_INFO *p8, EVP_PKEY **key)
{
	const ASN1_OBJECT *obj;
	const unsigned char *private;
	const X509_ALGOR *alg;
	char name[KEYKIND_NAME_SIZE];
	int n;

	if (PKCS8_pkey_get0(&obj, &private, &n, &alg, p8) != 1)
		return damaged(k, "it names no algorithm");
	if (!keykind_of(k->libctx, obj, name))
		return KEYDECODE_UNKNOWN;
	/* No certificate has a DH key. */
	if (strncmp(name, "DH", 2) == 0)
		return KEYDECODE_UNKNOWN;
	if (strcmp(name, "DSA") == 0 && is_too_large(alg, n)) {
		keyopen_fail(k, FAULT_FILE_UNREADABLE,
			"is not read: want a DSA key of at most 4096 bits, "
			"have a longer one");
		return KEYDECODE_FAULT;
	}
	*key = EVP_PKCS82PKEY_ex(p8, k->libctx, NULL);
	if (*key == NULL)
		return explain_pkcs8(k, obj, name, alg);
	return KEYDECODE_KEY;
}

/*
 * Version 2 (RFC 5958) appends the public half, and OpenSSL 3.0 refuses that.
 * Java and Rust write Ed25519 so. The same key without it, of version 1.
 */
static PKCS8_PRIV_KEY_INFO *
without_public_half(struct der contents)
{
	struct der_item version, alg, octets;
	PKCS8_PRIV_KEY_INFO *p8 = NULL;
	unsigned char *der, *p;
	const unsigned char *start, *q;
	int inner, total;

	if (!take(&contents, DER_INTEGER, &version))
		return NULL;
	start = contents.p;
	if (!take(&contents, DER_SEQUENCE, &alg) ||
		!take(&contents, DER_OCTET_STRING, &octets) ||
		octets.missing > 0)
		return NULL;
	inner = 3 + (int)(contents.p - start);
	total = ASN1_object_size(1, inner, V_ASN1_SEQUENCE);
	der = p = mem_alloc((size_t)total);
	ASN1_put_object(&p, 1, inner, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL);
	memcpy(p, "\x02\x01\x00", 3);
	memcpy(p + 3, start, (size_t)inner - 3);
	q = der;
	p8 = d2i_PKCS8_PRIV_KEY_INFO(NULL, &q, total);
	explicit_bzero(der, (size_t)total);
	free(der);
	return p8;
}

/* The public half of version 2, if it is there, is the private one's? */
static bool
appended_half_fits(struct der contents, const EVP_PKEY *key)
{
	unsigned char raw[128];
	size_t n = sizeof(raw);
	struct der_item part;

	if (EVP_PKEY_get_raw_public_key(key, raw, &n) != 1)
		return true;
	while (der_next(&contents, &part)) {
		if (part.tag == TAG_PUBLIC_HALF)
			return part.body.len == n + 1 &&
				memcmp(part.body.p + 1, raw, n) == 0;
	}
	return true;
}

static enum keydecode
read_pkcs8(
	struct keyopen *k, struct der der, struct der contents, EVP_PKEY **key)
{
	const unsigned char *p = der.p;
	cleanup(PKCS8_PRIV_KEY_INFO_free) PKCS8_PRIV_KEY_INFO *p8 =
		d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)der.len);
	enum keydecode what;

	if (p8 == NULL)
		p8 = without_public_half(contents);
	if (p8 == NULL)
		return damaged(k, "it is not the PKCS#8 that it begins like");
	what = keydecode_pkcs8(k, p8, key);
	if (what == KEYDECODE_KEY && !appended_half_fits(contents, *key)) {
		EVP_PKEY_free(*key);
		*key = NULL;
		keydecode_misfit(k);
		return KEYDECODE_FAULT;
	}
	return what;
}

/* ECPrivateKey (RFC 5915) with a curve that OpenSSL does not have? */
static bool
names_unknown_curve(const struct keyopen *k, struct der contents)
{
	struct der_item version, octets, params;
	const unsigned char *p;
	ASN1_OBJECT *obj;
	bool unknown;

	if (!take(&contents, DER_INTEGER, &version) ||
		!take(&contents, DER_OCTET_STRING, &octets) ||
		!take(&contents, DER_CONTEXT_0, &params) ||
		params.body.len == 0 || params.body.p[0] != DER_OID)
		return false;
	p = params.body.p;
	obj = d2i_ASN1_OBJECT(NULL, &p, (long)params.body.len);
	unknown = obj != NULL && !keykind_has_curve(k->libctx, obj);
	ASN1_OBJECT_free(obj);
	return unknown;
}

static enum keydecode
read_traditional(struct keyopen *k, enum form form, struct der der,
	struct der contents, EVP_PKEY **key)
{
	static const struct {
		int type;
		const char *why;
	} forms[] = {
		[FORM_RSA] = { EVP_PKEY_RSA,
			"it begins like an RSA key, and goes on otherwise" },
		[FORM_DSA] = { EVP_PKEY_DSA,
			"it begins like a DSA key, and goes on otherwise" },
		[FORM_EC] = { EVP_PKEY_EC,
			"it begins like an EC key, and goes on otherwise" },
	};
	const unsigned char *p = der.p;

	*key = d2i_PrivateKey_ex(
		forms[form].type, NULL, &p, (long)der.len, k->libctx, NULL);
	if (*key != NULL)
		return KEYDECODE_KEY;
	if (form == FORM_EC && names_unknown_curve(k, contents))
		return KEYDECODE_UNKNOWN;
	return damaged(k, forms[form].why);
}

static enum keydecode decode(struct keyopen *k, struct der in, EVP_PKEY **key);

static enum keydecode
read_encrypted(struct keyopen *k, struct der der, EVP_PKEY **key)
{
	const unsigned char *p = der.p;
	cleanup(X509_SIG_free)
		X509_SIG *sig = d2i_X509_SIG(NULL, &p, (long)der.len);
	struct keyopen_plain plain = { 0 };
	enum keydecode what;

	if (sig == NULL)
		return damaged(k,
			"it is not the encrypted PKCS#8 that it begins like");
	if (keyopen_pkcs8(k, sig, &plain) == -1)
		return KEYDECODE_FAULT;
	what = decode(k,
		(struct der){ ASN1_STRING_get0_data(plain.der),
			(size_t)ASN1_STRING_length(plain.der) },
		key);
	keyopen_forget(&plain);
	return what;
}

static bool
is_cut_short(const struct der_item *item)
{
	return item->missing > 0 || item->endless;
}

/* An editor's newline, or the zeros of a full block. */
static bool
is_blank(const struct der *rest)
{
	for (size_t i = 0; i < rest->len; i++) {
		if (rest->p[i] != '\0' && strchr(" \t\r\n", rest->p[i]) == NULL)
			return false;
	}
	return true;
}

/* Look at the whole of it, then at what it is; `in` may go on behind it. */
static enum keydecode
decode(struct keyopen *k, struct der in, EVP_PKEY **key)
{
	struct der der = in, contents = { 0 };
	enum form form = FORM_NONE;
	struct der_item outer;

	if (take(&in, DER_SEQUENCE, &outer)) {
		contents = outer.body;
		der = outer.whole;
		form = form_of(contents);
	}
	/* A wrong passphrase makes noise, once in 256 tries well padded. */
	if (k->encrypted &&
		(form == FORM_NONE || form == FORM_ENCRYPTED ||
			is_cut_short(&outer))) {
		keyopen_wrong(k);
		return KEYDECODE_FAULT;
	}
	if (form == FORM_NONE)
		return KEYDECODE_NONE;
	if (is_cut_short(&outer))
		return damaged(k, "it is cut short, or a part is missing");
	k->surplus = !is_blank(&in);
	if (form == FORM_PKCS8)
		return read_pkcs8(k, der, contents, key);
	if (form == FORM_ENCRYPTED)
		return read_encrypted(k, der, key);
	return read_traditional(k, form, der, contents, key);
}

enum keydecode
keydecode_der(
	struct keyopen *k, const unsigned char *der, size_t len, EVP_PKEY **key)
{
	enum keydecode what;

	if (len > KEYDECODE_MAX_BYTES)
		return KEYDECODE_NONE;
	ERR_clear_error();
	what = decode(k, (struct der){ der, len }, key);
	ERR_clear_error();
	return what;
}
