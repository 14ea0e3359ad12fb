/* pkcs12.c - the certificates and the key of a PKCS#12 file */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include "probes/file/der.h"
#include "probes/file/pkcs12.h"
#include "probes/file/unseal.h"
#include "probes/key/keydecode.h"

DEFINE_CLEANUP(PKCS12, PKCS12_free)

/* Bags in bags. */
#define MAX_DEPTH 8
#define MAX_KEYS 100
/* Tools make a SHA-1 hash of it, or a number. */
#define MAX_ID 64

/* A certificate, or a key, and the mark by which they find each other. */
struct entry {
	X509 *x509;
	EVP_PKEY *key;
	bool encrypted;
	unsigned char id[MAX_ID];
	size_t id_len;
};

struct entries {
	struct entry *v;
	size_t n;
};

/* A file that is being opened. */
struct safe {
	struct reading *r;
	struct unseal u;
	struct entries certs, keys;
	bool broken;
};

static struct entry *
entries_add(struct entries *es)
{
	if ((es->n & (es->n - 1)) == 0)
		es->v = mem_grow(
			es->v, es->n == 0 ? 1 : es->n * 2, sizeof(*es->v));
	es->v[es->n] = (struct entry){ 0 };
	return &es->v[es->n++];
}

static void
entries_release(struct entries *es)
{
	for (size_t i = 0; i < es->n; i++) {
		X509_free(es->v[i].x509);
		EVP_PKEY_free(es->v[i].key);
	}
	free(es->v);
	*es = (struct entries){ 0 };
}

static void
read_id(const PKCS12_SAFEBAG *bag, struct entry *e)
{
	const ASN1_TYPE *t = PKCS12_SAFEBAG_get0_attr(bag, NID_localKeyID);
	int n;

	if (t == NULL || t->type != V_ASN1_OCTET_STRING)
		return;
	n = ASN1_STRING_length(t->value.octet_string);
	if (n <= 0 || n > MAX_ID)
		return;
	memcpy(e->id, ASN1_STRING_get0_data(t->value.octet_string), (size_t)n);
	e->id_len = (size_t)n;
}

static void
read_cert(struct safe *s, const PKCS12_SAFEBAG *bag)
{
	X509 *foreign, *own;
	struct entry *e;

	if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate ||
		s->certs.n > OBSERVATION_MAX_CERTS)
		return;
	foreign = PKCS12_SAFEBAG_get1_cert(bag);
	own = foreign != NULL ? reading_adopt(s->r, foreign) : NULL;
	X509_free(foreign);
	if (own == NULL) {
		s->r->met[THING_CERTIFICATE]++;
		reading_damaged(s->r, 0,
			"a certificate in the PKCS#12 file cannot be decoded");
		return;
	}
	e = entries_add(&s->certs);
	e->x509 = own;
	read_id(bag, e);
}

static void
read_key(struct safe *s, const PKCS12_SAFEBAG *bag,
	const PKCS8_PRIV_KEY_INFO *p8, bool encrypted)
{
	KEYOPEN_CLEANUP struct keyopen k = { .libctx = s->r->libctx };
	EVP_PKEY *key = NULL;
	enum keydecode what;
	struct entry *e;

	if (s->r->met[THING_KEY]++ >= MAX_KEYS)
		return;
	what = keydecode_pkcs8(&k, p8, &key);
	if (what == KEYDECODE_FAULT && k.fault == FAULT_FILE_DAMAGED)
		reading_damaged(s->r, 0,
			"the private key in the PKCS#12 file %s", k.why);
	else if (what == KEYDECODE_FAULT)
		observation_add_fault(s->r->ob, k.fault, 0,
			"the private key in the PKCS#12 file %s", k.why);
	/* One of a kind that OpenSSL does not know is no damage. */
	if (what != KEYDECODE_KEY)
		return;
	e = entries_add(&s->keys);
	e->key = key;
	e->encrypted = encrypted;
	read_id(bag, e);
}

static void
read_shrouded_key(struct safe *s, const PKCS12_SAFEBAG *bag)
{
	const ASN1_OCTET_STRING *data;
	PKCS8_PRIV_KEY_INFO *p8;
	const X509_ALGOR *alg;
	bool encrypted = false;

	X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &alg, &data);
	p8 = unseal_open(&s->u, alg, data, ASN1_ITEM_rptr(PKCS8_PRIV_KEY_INFO),
		&encrypted);
	if (p8 == NULL)
		return;
	read_key(s, bag, p8, encrypted);
	PKCS8_PRIV_KEY_INFO_free(p8);
}

static void
read_bags(struct safe *s, const STACK_OF(PKCS12_SAFEBAG) *bags, bool encrypted,
	int depth)
{
	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
		const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);

		if (s->r->damaged > READING_MAX_DAMAGED)
			return;
		switch (PKCS12_SAFEBAG_get_nid(bag)) {
		case NID_certBag:
			read_cert(s, bag);
			break;
		case NID_keyBag:
			read_key(s, bag, PKCS12_SAFEBAG_get0_p8inf(bag),
				encrypted);
			break;
		case NID_pkcs8ShroudedKeyBag:
			read_shrouded_key(s, bag);
			break;
		case NID_safeContentsBag:
			if (depth < MAX_DEPTH)
				read_bags(s, PKCS12_SAFEBAG_get0_safes(bag),
					encrypted, depth + 1);
			break;
		default: /* CRLs, secrets */
			break;
		}
	}
}

static void
read_contents(struct safe *s, PKCS7 *p7)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	const PKCS7_ENC_CONTENT *sealed;
	bool encrypted = false;

	if (PKCS7_type_is_data(p7)) {
		bags = PKCS12_unpack_p7data(p7);
		s->broken = s->broken || bags == NULL;
	} else if (!PKCS7_type_is_encrypted(p7) || p7->d.encrypted == NULL) {
		unseal_cannot(&s->u, "a public key");
	} else {
		sealed = p7->d.encrypted->enc_data;
		if (sealed->enc_data != NULL)
			bags = unseal_open(&s->u, sealed->algorithm,
				sealed->enc_data,
				ASN1_ITEM_rptr(PKCS12_SAFEBAGS), &encrypted);
		else
			s->broken = true;
	}
	if (bags != NULL)
		read_bags(s, bags, encrypted, 0);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}

/* Which certificate is the first key's: the one it fits, or is marked so. */
static size_t
find_leaf(const struct safe *s)
{
	const struct entry *key = s->keys.v;

	if (s->keys.n == 0)
		return 0;
	for (size_t i = 0; i < s->certs.n; i++) {
		EVP_PKEY *own = X509_get0_pubkey(s->certs.v[i].x509);

		if (own != NULL && EVP_PKEY_eq(own, key->key) == 1)
			return i;
	}
	for (size_t i = 0; i < s->certs.n; i++) {
		const struct entry *e = &s->certs.v[i];

		if (e->id_len > 0 && e->id_len == key->id_len &&
			memcmp(e->id, key->id, e->id_len) == 0)
			return i;
	}
	return 0;
}

static void
hand_over(struct safe *s)
{
	size_t leaf = find_leaf(s);

	ERR_clear_error();
	for (size_t i = 0; i < s->certs.n; i++) {
		/* The leaf, then those that stood in front of it, the rest. */
		struct entry *e = &s->certs.v[i == 0 ? leaf
				: i <= leaf	     ? i - 1
						     : i];

		s->r->met[THING_CERTIFICATE]++;
		reading_add(s->r, e->x509, 0);
		e->x509 = NULL;
	}
	for (size_t i = 0; i < s->keys.n; i++)
		privatekey_add(reading_keys(s->r), s->keys.v[i].key,
			s->keys.v[i].encrypted, 0, s->r->ob);
}

void
pkcs12_read(const unsigned char *der, size_t len, struct reading *r)
{
	struct safe s = { .r = r };
	struct der in = { der, len };
	cleanup(PKCS12_free) PKCS12 *p12 = NULL;
	BUF_CLEANUP struct buf why = { 0 };
	const unsigned char *p = der;
	STACK_OF(PKCS7) *parts = NULL;

	ERR_clear_error();
	p12 = d2i_PKCS12(NULL, &p, (long)len);
	if (p12 != NULL)
		parts = PKCS12_unpack_authsafes(p12);
	if (parts == NULL) {
		der_trouble(&in, &why);
		reading_damaged(r, 0, "the PKCS#12 file %s", buf_str(&why));
		r->met[THING_CERTIFICATE]++;
		ERR_clear_error();
		return;
	}
	unseal_init(&s.u, r);
	unseal_try_mac(&s.u, p12);
	for (int i = 0; i < sk_PKCS7_num(parts); i++)
		read_contents(&s, sk_PKCS7_value(parts, i));
	sk_PKCS7_pop_free(parts, PKCS7_free);
	hand_over(&s);
	unseal_tell(&s.u);
	if (s.broken)
		reading_damaged(
			r, 0, "a part of the PKCS#12 file cannot be decoded");
	if (r->met[THING_CERTIFICATE] == 0 && r->met[THING_KEY] == 0)
		r->met[THING_PKCS12]++;
	in = (struct der){ p, len - (size_t)(p - der) };
	if (!r->full)
		der_tell_rest(r, 0, &in, "the PKCS#12 file");
	entries_release(&s.certs);
	entries_release(&s.keys);
	unseal_release(&s.u);
	ERR_clear_error();
}
