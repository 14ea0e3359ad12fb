/* form.c - which rules of form a certificate breaks */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "checks/entry.h"
#include "checks/form.h"

DEFINE_CLEANUP(GENERAL_NAMES, GENERAL_NAMES_free)
DEFINE_CLEANUP(NAME_CONSTRAINTS, NAME_CONSTRAINTS_free)

/* RFC 5280, 4.1.2.2. */
#define MAX_SERIAL 20
/* Extensions that are looked at; good certificates have a dozen. */
#define MAX_EXTENSIONS 64
/* Characters of a name that a message quotes. */
#define MAX_QUOTED 64

struct form {
	struct buf *text;
	enum severity worst;
	X509 *x509;
	const struct cert *cert;
};

static void tell(struct form *f, enum severity severity, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void
tell(struct form *f, enum severity severity, const char *fmt, ...)
{
	char line[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	buf_printf(f->text, "%s%s", f->text->len > 0 ? "; " : "", line);
	if (severity > f->worst)
		f->worst = severity;
}

/* Browsers refuse all of these. */
static void
judge_version(struct form *f)
{
	long version = X509_get_version(f->x509);
	const ASN1_BIT_STRING *issuer, *subject;

	X509_get0_uids(f->x509, &issuer, &subject);
	if (version < X509_VERSION_1 || version > X509_VERSION_3)
		tell(f, SEV_CRITICAL,
			"want version 1, 2 or 3, have %ld (RFC 5280, 4.1.2.1)",
			version + 1);
	else if (version < X509_VERSION_3 && X509_get_ext_count(f->x509) > 0)
		tell(f, SEV_CRITICAL,
			"it has extensions, so want version 3, have %ld (RFC "
			"5280, 4.1.2.1)",
			version + 1);
	else if (version == X509_VERSION_1 &&
		(issuer != NULL || subject != NULL))
		tell(f, SEV_CRITICAL,
			"it has unique identifiers, so want version 2 or 3, "
			"have 1 (RFC 5280, 4.1.2.8)");
}

/* Some public roots have the serial number 0, and nobody minds. */
static void
judge_serial(struct form *f)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(f->x509);
	int n = i2d_ASN1_INTEGER(serial, NULL);
	/* DER's content: of up to 127 octets behind two. */
	int octets = n - 2;

	if (ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER)
		tell(f, SEV_WARNING,
			"want a positive serial number, have a negative one "
			"(RFC 5280, 4.1.2.2)");
	else if (ASN1_INTEGER_get(serial) == 0 && !f->cert->self_signed)
		tell(f, SEV_WARNING,
			"want a positive serial number, have 0 (RFC 5280, "
			"4.1.2.2)");
	if (octets > MAX_SERIAL)
		tell(f, SEV_WARNING,
			"want a serial number of %d octets at most, have %d "
			"(RFC 5280, 4.1.2.2)",
			MAX_SERIAL, octets);
}

/* X509_verify() holds them against each other, and so do others. */
static void
judge_algorithms(struct form *f)
{
	const X509_ALGOR *outer;

	X509_get0_signature(NULL, &outer, f->x509);
	if (X509_ALGOR_cmp(outer, X509_get0_tbs_sigalg(f->x509)) != 0)
		tell(f, SEV_CRITICAL,
			"its two signature algorithm fields differ (RFC 5280, "
			"4.1.1.2)");
}

static void
judge_names(struct form *f)
{
	int at;

	if (X509_NAME_entry_count(X509_get_issuer_name(f->x509)) == 0)
		tell(f, SEV_WARNING,
			"want an issuer, have an empty name (RFC 5280, "
			"4.1.2.4)");
	if (X509_NAME_entry_count(X509_get_subject_name(f->x509)) > 0)
		return;
	at = X509_get_ext_by_NID(f->x509, NID_subject_alt_name, -1);
	if (f->cert->is_ca)
		tell(f, SEV_WARNING,
			"want the CA's name as its subject, have an empty "
			"one (RFC 5280, 4.1.2.6)");
	else if (at < 0)
		tell(f, SEV_WARNING,
			"want a subject or a subjectAltName, have neither "
			"(RFC 5280, 4.1.2.6)");
	else if (X509_EXTENSION_get_critical(X509_get_ext(f->x509, at)) == 0)
		tell(f, SEV_WARNING,
			"its subject is empty, so want a critical "
			"subjectAltName, have one that is not (RFC 5280, "
			"4.1.2.6)");
}

static void
judge_validity(struct form *f)
{
	if (f->cert->has_dates && f->cert->not_after < f->cert->not_before)
		tell(f, SEV_CRITICAL,
			"its notAfter comes before its notBefore, so it is "
			"never valid (RFC 5280, 4.1.2.5)");
}

/* Such as basicConstraints; "1.2.3.4" if nobody knows it. */
static const char *
name_extension(char *out, size_t size, const ASN1_OBJECT *o)
{
	int nid = OBJ_obj2nid(o);

	if (nid != NID_undef)
		(void)snprintf(out, size, "%s", OBJ_nid2sn(nid));
	else
		(void)OBJ_obj2txt(out, (int)size, o, 1);
	return out;
}

static bool
is_decodable(X509_EXTENSION *extension)
{
	const X509V3_EXT_METHOD *method = X509V3_EXT_get(extension);
	void *decoded;

	/* What is not known is nobody's to judge. */
	if (method == NULL)
		return true;
	decoded = X509V3_EXT_d2i(extension);
	if (decoded == NULL)
		return false;
	if (method->it != NULL)
		ASN1_item_free(decoded, ASN1_ITEM_ptr(method->it));
	else if (method->ext_free != NULL)
		method->ext_free(decoded);
	return true;
}

/*
 * Those that OpenSSL decodes for its own use: where it set no flag, it could.
 * It looks at none that comes twice without setting it.
 */
static bool
was_decoded(const ASN1_OBJECT *o)
{
	switch (OBJ_obj2nid(o)) {
	case NID_basic_constraints:
	case NID_key_usage:
	case NID_ext_key_usage:
	case NID_subject_key_identifier:
	case NID_authority_key_identifier:
	case NID_subject_alt_name:
	case NID_name_constraints:
	case NID_crl_distribution_points:
		return true;
	default:
		return false;
	}
}

/* Browsers and Go refuse what comes twice, whatever it is. */
static void
judge_extensions(struct form *f)
{
	uint32_t flags = X509_get_extension_flags(f->x509);
	bool refused = (flags & EXFLAG_INVALID) != 0;
	bool all_read = (flags & (EXFLAG_INVALID | EXFLAG_NO_FINGERPRINT)) == 0;
	int n = X509_get_ext_count(f->x509);

	for (int i = 0; i < n && i < MAX_EXTENSIONS; i++) {
		X509_EXTENSION *extension = X509_get_ext(f->x509, i);
		const ASN1_OBJECT *o = X509_EXTENSION_get_object(extension);
		char name[80];

		if (X509_get_ext_by_OBJ(f->x509, o, -1) == i &&
			X509_get_ext_by_OBJ(f->x509, o, i) >= 0)
			tell(f, SEV_CRITICAL,
				"its extension %s comes more than once (RFC "
				"5280, 4.2)",
				name_extension(name, sizeof(name), o));
		if ((!all_read || !was_decoded(o)) && !is_decodable(extension))
			tell(f, refused ? SEV_CRITICAL : SEV_WARNING,
				"its extension %s cannot be decoded (RFC "
				"5280, 4.2)",
				name_extension(name, sizeof(name), o));
	}
}

/* Is there an entry for the address that a DNS name spells? */
static bool
has_address(const GENERAL_NAMES *names, const char *text)
{
	unsigned char address[16];
	int n = inet_pton(AF_INET, text, address) == 1	  ? 4
		: inet_pton(AF_INET6, text, address) == 1 ? 16
							  : 0;

	for (int i = 0; n > 0 && i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == GEN_IPADD &&
			ASN1_STRING_length(name->d.iPAddress) == n &&
			memcmp(ASN1_STRING_get0_data(name->d.iPAddress),
				address, (size_t)n) == 0)
			return true;
	}
	return false;
}

/* The first of them; who made one badly made them all so. */
static void
judge_dns_names(struct form *f)
{
	cleanup(GENERAL_NAMES_free) GENERAL_NAMES *names = X509_get_ext_d2i(
		f->x509, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		const char *s, *fault;
		int n;

		if (name->type != GEN_DNS)
			continue;
		s = (const char *)ASN1_STRING_get0_data(name->d.dNSName);
		n = ASN1_STRING_length(name->d.dNSName);
		fault = entry_fault(s, (size_t)n);
		/* Beside a right one: for old clients that want it so. */
		if (fault == NULL || has_address(names, s))
			continue;
		tell(f, SEV_WARNING,
			"its DNS name \"%.*s\" covers nothing: it %s (RFC "
			"5280, 4.2.1.6)",
			n < MAX_QUOTED ? n : MAX_QUOTED, s, fault);
		return;
	}
}

static bool
begins_with_dot(const STACK_OF(GENERAL_SUBTREE) *trees)
{
	for (int i = 0; i < sk_GENERAL_SUBTREE_num(trees); i++) {
		const GENERAL_NAME *base =
			sk_GENERAL_SUBTREE_value(trees, i)->base;

		if (base->type == GEN_DNS &&
			ASN1_STRING_length(base->d.dNSName) > 0 &&
			*ASN1_STRING_get0_data(base->d.dNSName) == '.')
			return true;
	}
	return false;
}

/* OpenSSL, browsers and Go take it for "what is below"; strict ones do not. */
static void
judge_constraints(struct form *f)
{
	cleanup(NAME_CONSTRAINTS_free) NAME_CONSTRAINTS *nc = X509_get_ext_d2i(
		f->x509, NID_name_constraints, NULL, NULL);

	if (nc != NULL &&
		(begins_with_dot(nc->permittedSubtrees) ||
			begins_with_dot(nc->excludedSubtrees)))
		tell(f, SEV_WARNING,
			"want a domain as its name constraint, have one that "
			"begins with a dot (RFC 5280, 4.2.1.10)");
}

enum severity
form_judge(struct buf *text, const struct cert *c)
{
	struct form f = { .text = text, .x509 = c->x509, .cert = c };

	ERR_set_mark();
	judge_version(&f);
	judge_serial(&f);
	judge_algorithms(&f);
	judge_names(&f);
	judge_validity(&f);
	judge_extensions(&f);
	judge_dns_names(&f);
	judge_constraints(&f);
	ERR_pop_to_mark();
	return f.worst;
}
