/* purpose.c - may the certificates be used in their role */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "checks/check.h"
#include "checks/key/purpose.h"
#include "checks/leaf.h"
#include "checks/role.h"
#include "checks/tell.h"
#include "model/json.h"

DEFINE_CLEANUP(EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free)
DEFINE_CLEANUP(ASN1_BIT_STRING, ASN1_BIT_STRING_free)

/* Purposes that a message lists, and certificates that are told of. */
#define MAX_LISTED 8
#define MAX_TOLD 100

/*
 * What a role needs; of a mask, any one bit. It is what OpenSSL asks for when
 * it verifies a peer (check_purpose_ssl_server and its sister), and besides
 * anyExtendedKeyUsage, which RFC 5280, 4.2.1.12 lets an application take.
 * Without an extension nothing is forbidden.
 */
static const struct need {
	enum role role;
	uint32_t extended; /* XKU_ */
	const char *extended_want;
	uint32_t usage; /* KU_ */
	const char *usage_want;
	int netscape; /* a bit of Netscape's certificate type */
	const char *netscape_want;
} needs[] = {
	{
		.role = ROLE_SERVER,
		.extended = XKU_SSL_SERVER | XKU_SGC | XKU_ANYEKU,
		.extended_want = "serverAuth",
		.usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT |
			KU_KEY_AGREEMENT,
		.usage_want =
			"digitalSignature, keyEncipherment or keyAgreement",
		.netscape = 1,
		.netscape_want = "an SSL server",
	},
	{
		.role = ROLE_CLIENT,
		.extended = XKU_SSL_CLIENT | XKU_ANYEKU,
		.extended_want = "clientAuth",
		.usage = KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT,
		.usage_want = "digitalSignature or keyAgreement",
		.netscape = 0,
		.netscape_want = "an SSL client",
	},
};

/* By the bits of a keyUsage: RFC 5280, 4.2.1.3. */
static const struct usage_name {
	uint32_t bit;
	const char *name;
} usage_names[] = {
	{ KU_DIGITAL_SIGNATURE, "digitalSignature" },
	{ KU_NON_REPUDIATION, "nonRepudiation" },
	{ KU_KEY_ENCIPHERMENT, "keyEncipherment" },
	{ KU_DATA_ENCIPHERMENT, "dataEncipherment" },
	{ KU_KEY_AGREEMENT, "keyAgreement" },
	{ KU_KEY_CERT_SIGN, "keyCertSign" },
	{ KU_CRL_SIGN, "cRLSign" },
	{ KU_ENCIPHER_ONLY, "encipherOnly" },
	{ KU_DECIPHER_ONLY, "decipherOnly" },
};

/* "serverAuth, emailProtection, 1.2.3.4 and 3 more" */
static void
list_extended(struct buf *out, const X509 *x509)
{
	cleanup(EXTENDED_KEY_USAGE_free) EXTENDED_KEY_USAGE *list =
		X509_get_ext_d2i(x509, NID_ext_key_usage, NULL, NULL);
	int n = list == NULL ? 0 : sk_ASN1_OBJECT_num(list);

	if (n == 0)
		buf_puts(out, "none");
	for (int i = 0; i < n && i < MAX_LISTED; i++) {
		const ASN1_OBJECT *o = sk_ASN1_OBJECT_value(list, i);
		int nid = OBJ_obj2nid(o);
		char oid[80];

		/* Such as serverAuth; what RFC 5280 does not name has none. */
		if (nid == NID_undef)
			(void)OBJ_obj2txt(oid, sizeof(oid), o, 1);
		buf_printf(out, "%s%s", i > 0 ? ", " : "",
			nid != NID_undef ? OBJ_nid2sn(nid) : oid);
	}
	if (n > MAX_LISTED)
		buf_printf(out, " and %d more", n - MAX_LISTED);
}

static void
list_usage(struct buf *out, uint32_t usage)
{
	size_t before = out->len;

	for (size_t i = 0; i < sizeof(usage_names) / sizeof(*usage_names);
		i++) {
		if ((usage & usage_names[i].bit) != 0)
			buf_printf(out, "%s%s", out->len > before ? ", " : "",
				usage_names[i].name);
	}
	if (out->len == before)
		buf_puts(out, "none");
}

static void
begin_cause(struct buf *text)
{
	if (text->len > 0)
		buf_puts(text, "; ");
}

/* Of long ago, but OpenSSL still heeds it. */
static bool
lacks_netscape(const X509 *x509, int bit)
{
	cleanup(ASN1_BIT_STRING_free) ASN1_BIT_STRING *type = X509_get_ext_d2i(
		x509, NID_netscape_cert_type, NULL, NULL);

	return type != NULL && ASN1_BIT_STRING_get_bit(type, bit) == 0;
}

static void
list_causes(struct buf *text, X509 *x509, const struct need *need)
{
	uint32_t usage = X509_get_key_usage(x509); /* none: all bits */

	if ((X509_get_extended_key_usage(x509) & need->extended) == 0) {
		buf_printf(text, "want %s among its extended key usages, have ",
			need->extended_want);
		list_extended(text, x509);
	}
	if ((usage & need->usage) == 0) {
		begin_cause(text);
		buf_printf(text, "want %s in its key usage, have ",
			need->usage_want);
		list_usage(text, usage);
	}
	if (lacks_netscape(x509, need->netscape)) {
		begin_cause(text);
		buf_printf(text,
			"want its Netscape certificate type to be %s, have "
			"another",
			need->netscape_want);
	}
}

/* Firefox and rustls refuse a CA's certificate as a server's. */
static bool
is_odd_ca(const struct cert *c)
{
	/* One that vouches for itself is told as that. */
	return !c->self_signed &&
		(X509_get_extension_flags(c->x509) & EXFLAG_CA) != 0;
}

/*
 * What a public CA may not issue to a server (Baseline Requirements, 7.1.2.7.6
 * and 7.1.2.7.10), and a private one may.
 */
static void
list_oddities(struct buf *text, const X509 *x509)
{
	int at = X509_get_ext_by_NID(x509, NID_ext_key_usage, -1);

	/* Of version 1 there is more to say. */
	if (at < 0 && X509_get_version(x509) == X509_VERSION_3)
		buf_puts(text,
			"has no extended key usage and so serves any purpose");
	if (at < 0)
		return;
	if ((X509_get_extended_key_usage((X509 *)x509) & XKU_ANYEKU) != 0)
		buf_puts(text, "its extended key usage allows any purpose");
	if (X509_EXTENSION_get_critical(X509_get_ext(x509, at)) != 0) {
		begin_cause(text);
		buf_puts(text, "its extended key usage is marked critical");
	}
}

/* What is allowed, and yet no good sign. */
static void
judge_server(
	const struct cert *c, const struct cert *only, struct findings *out)
{
	struct buf text BUF_CLEANUP = { 0 };

	if (is_odd_ca(c)) {
		tell_certificate(out, "key.purpose", c, only,
			"want a server's certificate, have a CA's "
			"(basicConstraints CA:TRUE)")
			->severity = SEV_WARNING;
		return;
	}
	list_oddities(&text, c->x509);
	if (text.len == 0)
		return;
	buf_puts(&text,
		"; a public CA must name serverAuth, not any purpose, and not "
		"mark it critical (Baseline Requirements, 7.1.2.7)");
	tell_certificate(out, "key.purpose", c, only, buf_str(&text))
		->severity = SEV_OK;
}

void
purpose_tell_root(const struct cert *root, struct findings *out)
{
	struct buf text BUF_CLEANUP = { 0 };

	if (!root->self_signed ||
		X509_get_ext_by_NID(root->x509, NID_ext_key_usage, -1) < 0)
		return;
	ERR_set_mark();
	buf_puts(&text, "a root with an extended key usage (");
	list_extended(&text, root->x509);
	buf_puts(&text,
		"), which limits all that is below it; want none in a root "
		"(Baseline Requirements, 7.1.2.1.2)");
	tell_certificate(out, "key.purpose", root, NULL, buf_str(&text))
		->severity = SEV_OK;
	ERR_pop_to_mark();
}

static void
judge_role(const struct cert *c, const struct cert *only, enum role role,
	struct findings *out)
{
	struct buf text BUF_CLEANUP = { 0 };
	struct finding *f;

	/* Told as such; what its extensions allow, nobody can say. */
	if ((X509_get_extension_flags(c->x509) & EXFLAG_INVALID) != 0)
		return;
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		if (needs[i].role == role)
			list_causes(&text, c->x509, &needs[i]);
	}
	if (text.len == 0) {
		if (role == ROLE_SERVER)
			judge_server(c, only, out);
		return;
	}
	f = tell_certificate(out, "key.purpose", c, only, buf_str(&text));
	finding_detail(f, "role", json_string(role_name(role)));
}

static void
judge_leaves(const struct observation *ob, const struct target *t,
	const struct cert *only, struct findings *out)
{
	struct leaves leaves LEAVES_CLEANUP = { 0 };
	enum role role = role_of(ob, t);

	/* A role that was inferred from the certificate fits it. */
	if (t->kind == TARGET_FILE && t->role == ROLE_AUTO)
		return;
	leaves_find(&leaves, ob, t);
	for (size_t i = 0; i < leaves.n; i++)
		judge_role(&ob->certs[leaves.v[i]], only, role, out);
}

/* "RSA, EC or SM2" */
static void
list_algorithms(struct buf *out, const struct profile *p)
{
	for (size_t i = 0; p->algorithms[i] != NULL; i++)
		buf_printf(out, "%s%s",
			i == 0				       ? ""
				: p->algorithms[i + 1] == NULL ? " or "
							       : ", ",
			p->algorithms[i]);
}

static bool
is_taken(const struct profile *p, const struct cert *c)
{
	/* The certificate check tells a key that cannot be read. */
	if (p->algorithms[0] == NULL || *c->key_type == '\0')
		return true;
	for (size_t i = 0; p->algorithms[i] != NULL; i++) {
		if (strcmp(p->algorithms[i], c->key_type) == 0)
			return true;
	}
	return false;
}

static void
judge_algorithms(const struct observation *ob, const struct profile *p,
	const struct cert *only, struct findings *out)
{
	size_t before = out->n, *times = leaf_times(ob);
	struct buf want BUF_CLEANUP = { 0 };

	list_algorithms(&want, p);
	for (size_t i = 0; i < ob->n_certs && out->n - before < MAX_TOLD; i++) {
		const struct cert *c = &ob->certs[i];
		struct buf text BUF_CLEANUP = { 0 };

		if (times[i] == 0 || is_taken(p, c))
			continue;
		buf_printf(&text, "want a key of kind %s, have %s",
			buf_str(&want), c->key_type);
		tell_certificate(out, "key.algorithm", c, only, buf_str(&text));
	}
	free(times);
}

/* SM2 stands for a chain of its own, from the client's CA to the leaf. */
static void
judge_family(const struct observation *ob, const struct target *t,
	struct findings *out)
{
	const struct cert *sm2 = NULL, *other = NULL;
	struct finding *f;

	for (size_t i = 0; i < ob->n_certs; i++) {
		const struct cert *c = &ob->certs[i];

		if (*c->key_type == '\0')
			continue;
		if (strcmp(c->key_type, "SM2") == 0)
			sm2 = sm2 != NULL ? sm2 : c;
		else
			other = other != NULL ? other : c;
	}
	if (sm2 == NULL || other == NULL)
		return;
	f = findings_add(out, "key.family", t->address,
		"want SM2 keys or others, have both: '%s' has SM2, '%s' has %s",
		sm2->label, other->label, other->key_type);
	finding_detail(f, "sm2", json_string(sm2->sha256));
	finding_detail(f, "other", json_string(other->sha256));
}

static void
purpose_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	const struct target *t = pol->target;
	const struct cert *only = leaf_only(ob, t);

	(void)now;
	ERR_set_mark();
	judge_leaves(ob, t, only, out);
	if (t->profile != NULL) {
		judge_algorithms(ob, t->profile, only, out);
		if (t->profile->one_family)
			judge_family(ob, t, out);
	}
	ERR_pop_to_mark();
}

const struct check check_purpose = { .name = "purpose", .run = purpose_run };
