/* strength.c - are keys and signatures strong enough */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/x509v3.h>

#include "checks/check.h"
#include "checks/key/strength.h"
#include "checks/leaf.h"
#include "checks/role.h"
#include "checks/tell.h"
#include "model/json.h"

DEFINE_CLEANUP(BIGNUM, BN_free)

/* Of a bundle of thousands, certificates that are told of one finding. */
#define MAX_TOLD 100

/*
 * Sizes below which a key is weak: NIST SP 800-57 part 1, 112 bits of
 * security; for RSA also the CA/Browser Forum's baseline, 6.1.5.
 */
static const struct least {
	const char *type;
	int bits;
	const char *want;
} least_sizes[] = {
	{ "RSA", 2048, "RSA of 2048 bits or more" },
	{ "RSA-PSS", 2048, "RSA of 2048 bits or more" },
	{ "EC", 224, "an elliptic curve of 224 bits or more" },
	{ "SM2", 224, "an elliptic curve of 224 bits or more" },
};

/* What a signature must not be made with. */
static const struct digest_name {
	int nid;
	const char *name;
	/* OpenSSL does not have it any more, so cannot verify with it. */
	bool gone;
} weak_digests[] = {
	{ NID_md2, "MD2", true },
	{ NID_md4, "MD4", true },
	{ NID_md5, "MD5", false },
	{ NID_mdc2, "MDC-2", true },
	{ NID_sha, "SHA-0", true },
	{ NID_sha1, "SHA-1", false },
	{ NID_md5_sha1, "MD5 and SHA-1", false },
};

/* What is judged, handed from one part of the judgement to the next. */
struct strength {
	const struct cert *only; /* the leaf; NULL: none or several */
	struct findings *out;
	size_t before; /* findings that were there already */
	bool server; /* told to be one, so by the rules for servers */
	size_t weak, signatures; /* told so far */
};

/* A certificate may come several times. */
static bool
is_told(const struct strength *s, const char *id, const struct cert *c)
{
	for (size_t i = s->before; i < s->out->n; i++) {
		const struct finding *f = &s->out->v[i];

		if (strcmp(f->kind->id, id) == 0 &&
			strcmp(f->subject, c->sha256) == 0)
			return true;
	}
	return false;
}

static void
tell(struct strength *s, const char *id, size_t *told, const struct cert *c,
	const char *text, bool note)
{
	struct finding *f;

	if (*told >= MAX_TOLD || is_told(s, id, c))
		return;
	++*told;
	f = tell_certificate(s->out, id, c, s->only, text);
	if (note)
		f->severity = SEV_OK;
	finding_detail(f, "key_type", json_text(c->key_type));
	finding_detail(f, "key_bits", json_integer(c->key_bits));
	finding_detail(f, "signature", json_text(c->signature));
}

/*
 * NULL, or for BN_free(). A number that is asked for by itself is written over
 * 2048 octets and read from them; nearly all of these have three.
 */
static BIGNUM *
exponent_of(const EVP_PKEY *key)
{
	unsigned char octets[sizeof(uint64_t)];
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_BN(
			OSSL_PKEY_PARAM_RSA_E, octets, sizeof(octets)),
		OSSL_PARAM_construct_end(),
	};
	BIGNUM *e = NULL;

	if (EVP_PKEY_get_params(key, params) == 1 &&
		OSSL_PARAM_modified(params) == 1 &&
		OSSL_PARAM_get_BN(params, &e) == 1)
		return e;
	return EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1
		? e
		: NULL;
}

/* With an exponent of 1 anybody can sign; an even one has no inverse. */
static void
judge_exponent(struct buf *text, const EVP_PKEY *key)
{
	cleanup(BN_free) BIGNUM *e = exponent_of(key);

	if (e == NULL)
		return;
	if (BN_is_odd(e) && !BN_is_one(e) && !BN_is_negative(e))
		return;
	if (text->len > 0)
		buf_puts(text, "; ");
	buf_puts(text, "want an odd RSA exponent of 3 or more, have ");
	if (BN_num_bits(e) <= 32)
		buf_printf(text, "%lu", (unsigned long)BN_get_word(e));
	else
		buf_puts(text, "an even one");
}

/* RFC 5480, 2.1.1: a named curve and nothing else; Go and browsers insist. */
static void
judge_curve(struct buf *text, const EVP_PKEY *key)
{
	char encoding[32];
	size_t n;

	if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING,
		    encoding, sizeof(encoding), &n) != 1 ||
		strcmp(encoding, OSSL_PKEY_EC_ENCODING_EXPLICIT) != 0)
		return;
	if (text->len > 0)
		buf_puts(text, "; ");
	buf_puts(text,
		"want a curve by its name, have one by explicit parameters");
}

/* As strong as its bits, but public CAs refuse it. */
static bool
has_odd_size(const struct cert *c)
{
	return strncmp(c->key_type, "RSA", 3) == 0 && c->key_bits % 8 != 0;
}

static void
tell_odd_size(struct strength *s, const struct cert *c)
{
	struct buf text BUF_CLEANUP = { 0 };

	buf_printf(&text,
		"want RSA of a size that 8 divides, as public CAs must "
		"(Baseline Requirements, 6.1.5), have %d bits",
		c->key_bits);
	tell(s, "key.weak", &s->weak, c, buf_str(&text), true);
}

static void
judge_key(struct strength *s, const struct cert *c)
{
	const EVP_PKEY *key = X509_get0_pubkey(c->x509);
	struct buf text BUF_CLEANUP = { 0 };

	/* The certificate check tells a key that cannot be read. */
	if (key == NULL)
		return;
	for (size_t i = 0; i < sizeof(least_sizes) / sizeof(*least_sizes);
		i++) {
		const struct least *l = &least_sizes[i];

		if (strcmp(l->type, c->key_type) == 0 && c->key_bits < l->bits)
			buf_printf(&text, "want %s, have %d", l->want,
				c->key_bits);
	}
	/* No browser takes it, and TLS 1.3 has none: RFC 8446, 4.2.3. */
	if (strcmp(c->key_type, "DSA") == 0)
		buf_printf(&text,
			"want RSA or an elliptic curve, have DSA of %d bits",
			c->key_bits);
	if (strncmp(c->key_type, "RSA", 3) == 0)
		judge_exponent(&text, key);
	if (strcmp(c->key_type, "EC") == 0)
		judge_curve(&text, key);
	if (text.len > 0)
		tell(s, "key.weak", &s->weak, c, buf_str(&text), false);
	else if (s->server && has_odd_size(c))
		tell_odd_size(s, c);
}

/*
 * Nobody looks at the signature of a self-signed certificate, be it a root or
 * a server's own: who trusts it has its fingerprint or a copy. One whose
 * digest is gone cannot be verified; its names have to do.
 */
static bool
is_self_signed(const struct cert *c, const struct digest_name *digest)
{
	return c->self_signed ||
		(digest->gone && X509_self_signed(c->x509, 0) == 1);
}

static void
judge_signature(struct strength *s, const struct cert *c)
{
	struct buf text BUF_CLEANUP = { 0 };
	int digest = NID_undef;

	/* Of RSA-PSS the digest stands in the parameters. */
	(void)X509_get_signature_info(c->x509, &digest, NULL, NULL, NULL);
	for (size_t i = 0; i < sizeof(weak_digests) / sizeof(*weak_digests);
		i++) {
		const struct digest_name *weak = &weak_digests[i];

		if (weak->nid != digest || is_self_signed(c, weak))
			continue;
		buf_printf(&text,
			"want a signature with SHA-256 or better, have %s",
			weak->name);
		tell(s, "key.signature", &s->signatures, c, buf_str(&text),
			false);
	}
}

void
strength_tell_anchor(const struct cert *anchor, struct findings *out)
{
	struct strength s = {
		.out = out,
		.before = out->n,
		.server = true,
	};

	ERR_set_mark();
	judge_key(&s, anchor);
	ERR_pop_to_mark();
}

static void
strength_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	struct strength s = {
		.out = out,
		.before = out->n,
		.server = pol->target->kind == TARGET_ENDPOINT ||
			pol->target->role == ROLE_SERVER,
	};

	(void)now;
	/* A browser's or the system's roots are not the operator's to mend. */
	if (role_is_store(ob, pol->target))
		return;
	s.only = leaf_only(ob, pol->target);
	ERR_set_mark();
	for (size_t i = 0; i < ob->n_certs; i++) {
		judge_key(&s, &ob->certs[i]);
		judge_signature(&s, &ob->certs[i]);
	}
	ERR_pop_to_mark();
}

const struct check check_strength = { .name = "strength", .run = strength_run };
