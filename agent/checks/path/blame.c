/* blame.c - which name breaks which name constraint of which CA */
#include <arpa/inet.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "checks/path/blame.h"
#include "checks/path/constraints.h"

DEFINE_CLEANUP(NAME_CONSTRAINTS, NAME_CONSTRAINTS_free)
DEFINE_CLEANUP(GENERAL_NAMES, GENERAL_NAMES_free)

/* Names and subtrees that are tried one by one, and what a message lists. */
#define MAX_TRIED 4096
#define MAX_LISTED 4
#define MAX_QUOTED 253

/* One name of a certificate, and the fence that it is held against. */
struct hold {
	const struct path *path;
	size_t issuer; /* the step whose fence it is */
	const NAME_CONSTRAINTS *fence;
	int code;
};

static void
print_text(struct buf *out, const ASN1_STRING *s)
{
	int n = ASN1_STRING_length(s);
	const unsigned char *data = ASN1_STRING_get0_data(s);

	if (n == 0)
		buf_puts(out, "every name");
	for (int i = 0; i < n && i < MAX_QUOTED; i++)
		buf_putc(out, data[i] == '\0' ? '?' : (char)data[i]);
}

/* How many bits are set at the front; -1 if others are set as well. */
static int
prefix_of(const unsigned char *mask, size_t n)
{
	int bits = 0;
	bool ended = false;

	for (size_t i = 0; i < n * 8; i++) {
		bool set = (mask[i / 8] >> (7 - i % 8) & 1) != 0;

		if (set && ended)
			return -1;
		if (set)
			bits++;
		else
			ended = true;
	}
	return bits;
}

/* An address, or a net: RFC 5280, 4.2.1.10 has the mask behind it. */
static void
print_address(struct buf *out, const ASN1_STRING *s)
{
	const unsigned char *data = ASN1_STRING_get0_data(s);
	int n = ASN1_STRING_length(s), bits;
	int family = n == 4 || n == 8 ? AF_INET : AF_INET6;
	size_t size = family == AF_INET ? 4 : 16;
	char text[INET6_ADDRSTRLEN];

	if (n != 4 && n != 8 && n != 16 && n != 32) {
		buf_printf(out, "an address of %d octets", n);
		return;
	}
	if (inet_ntop(family, data, text, sizeof(text)) != NULL)
		buf_puts(out, text);
	if ((size_t)n == size)
		return;
	bits = prefix_of(data + size, size);
	if (bits >= 0)
		buf_printf(out, "/%d", bits);
	else if (inet_ntop(family, data + size, text, sizeof(text)) != NULL)
		buf_printf(out, "/%s", text);
}

static void
print_name(struct buf *out, const GENERAL_NAME *name)
{
	cleanup(str_free) char *directory = NULL;

	switch (name->type) {
	case GEN_DNS:
	case GEN_EMAIL:
	case GEN_URI:
		print_text(out, name->d.ia5);
		return;
	case GEN_IPADD:
		print_address(out, name->d.iPAddress);
		return;
	case GEN_DIRNAME:
		directory = cert_name_text(name->d.directoryName);
		buf_printf(out, "%.*s", MAX_QUOTED, directory);
		return;
	default:
		buf_puts(out, "a name of another kind");
	}
}

/* OpenSSL's verdict on a certificate that has no other name. */
static int
verdict_on(const GENERAL_NAME *name, const NAME_CONSTRAINTS *fence)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	X509 *x509 = X509_new();
	int code = X509_V_OK;

	if (names == NULL || x509 == NULL ||
		sk_GENERAL_NAME_push(names, (GENERAL_NAME *)name) < 1)
		mem_exhausted();
	if (name->type == GEN_DIRNAME)
		(void)X509_set_subject_name(x509, name->d.directoryName);
	else
		(void)X509_add1_ext_i2d(
			x509, NID_subject_alt_name, names, 0, 0);
	/* Has it decode the extension; that nobody signed it is no matter. */
	(void)X509_check_purpose(x509, -1, 0);
	code = NAME_CONSTRAINTS_check(x509, (NAME_CONSTRAINTS *)fence);
	sk_GENERAL_NAME_free(names);
	X509_free(x509);
	return code;
}

static bool
is_excluded(const GENERAL_NAME *name, const NAME_CONSTRAINTS *fence)
{
	/* Without the permitted ones, which OpenSSL looks at first. */
	const NAME_CONSTRAINTS excluded = {
		.excludedSubtrees = fence->excludedSubtrees,
	};
	int n = sk_GENERAL_SUBTREE_num(fence->excludedSubtrees);

	if (verdict_on(name, &excluded) == X509_V_ERR_EXCLUDED_VIOLATION)
		return true;
	for (int i = 0; i < n && i < MAX_TRIED; i++) {
		if (constraints_exclude(name,
			    sk_GENERAL_SUBTREE_value(fence->excludedSubtrees, i)
				    ->base))
			return true;
	}
	return false;
}

static bool
is_excluded_by(const GENERAL_NAME *name, GENERAL_SUBTREE *tree)
{
	STACK_OF(GENERAL_SUBTREE) *one = sk_GENERAL_SUBTREE_new_null();
	const NAME_CONSTRAINTS fence = { .excludedSubtrees = one };
	bool yes;

	if (one == NULL || sk_GENERAL_SUBTREE_push(one, tree) < 1)
		mem_exhausted();
	yes = is_excluded(name, &fence);
	sk_GENERAL_SUBTREE_free(one);
	return yes;
}

/* The first subtree that excludes it, or NULL; not for many names. */
static const GENERAL_NAME *
excluding_base(const GENERAL_NAME *name, const NAME_CONSTRAINTS *fence)
{
	int n = sk_GENERAL_SUBTREE_num(fence->excludedSubtrees);

	for (int i = 0; i < n && i < MAX_TRIED; i++) {
		GENERAL_SUBTREE *tree = sk_GENERAL_SUBTREE_value(
			fence->excludedSubtrees, i);

		/* Only a name of its kind is held against a subtree. */
		if (tree->base->type == name->type &&
			is_excluded_by(name, tree))
			return tree->base;
	}
	return NULL;
}

static bool
is_culprit(const struct hold *h, const GENERAL_NAME *name)
{
	switch (h->code) {
	case X509_V_ERR_EXCLUDED_VIOLATION:
		return is_excluded(name, h->fence);
	case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
		if (constraints_cannot_judge(name))
			return true;
		break;
	default:
		break;
	}
	return verdict_on(name, h->fence) == h->code;
}

/* "a.test, b.test and 3 more": the permitted ones of a kind. */
static void
list_permitted(
	struct buf *out, const STACK_OF(GENERAL_SUBTREE) *trees, int type)
{
	size_t n = 0;

	for (int i = 0; i < sk_GENERAL_SUBTREE_num(trees); i++) {
		const GENERAL_NAME *base =
			sk_GENERAL_SUBTREE_value(trees, i)->base;

		if (base->type != type || n++ >= MAX_LISTED)
			continue;
		if (n > 1)
			buf_puts(out, ", ");
		print_name(out, base);
	}
	if (n > MAX_LISTED)
		buf_printf(out, " and %zu more", n - MAX_LISTED);
}

static void
print_issuer(struct buf *out, const struct step *step)
{
	buf_printf(out, "'%.*s'", MAX_QUOTED, path_cert(step)->label);
}

static void
describe(struct buf *out, const struct hold *h, const GENERAL_NAME *name,
	size_t more)
{
	struct buf ca BUF_CLEANUP = { 0 };
	const GENERAL_NAME *base;

	print_issuer(&ca, &h->path->steps[h->issuer]);
	print_name(out, name);
	if (more > 0)
		buf_printf(out, " (and %zu more)", more);
	switch (h->code) {
	case X509_V_ERR_PERMITTED_VIOLATION:
		buf_printf(out,
			" is outside what %s may issue for (permitted: ", ca.s);
		list_permitted(out, h->fence->permittedSubtrees, name->type);
		buf_puts(out, ")");
		break;
	case X509_V_ERR_EXCLUDED_VIOLATION:
		buf_printf(out,
			" reaches into what %s may not issue for (excluded: ",
			ca.s);
		base = excluding_base(name, h->fence);
		print_name(out, base != NULL ? base : name);
		buf_puts(out, ")");
		break;
	default:
		buf_printf(out,
			" cannot be held against the name constraints of %s "
			"(%s)",
			ca.s, X509_verify_cert_error_string(h->code));
		break;
	}
}

/* The first culprit among them is named, the others are counted. */
static bool
blame_names(struct buf *out, const struct hold *h, const GENERAL_NAMES *names)
{
	const GENERAL_NAME *first = NULL;
	size_t more = 0;

	for (int i = 0; i < sk_GENERAL_NAME_num(names) && i < MAX_TRIED; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (!is_culprit(h, name))
			continue;
		if (first == NULL)
			first = name;
		else
			more++;
	}
	if (first != NULL)
		describe(out, h, first, more);
	return first != NULL;
}

static bool
has_dns(const GENERAL_NAMES *names)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		if (sk_GENERAL_NAME_value(names, i)->type == GEN_DNS)
			return true;
	}
	return false;
}

/* The subject is a name too; without DNS names its common name is one. */
static bool
blame_subject(struct buf *out, const struct hold *h, X509 *x509,
	const GENERAL_NAMES *names)
{
	GENERAL_NAME name = { .type = GEN_DIRNAME };
	X509_NAME *subject = X509_get_subject_name(x509);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);

	name.d.directoryName = subject;
	if (X509_NAME_entry_count(subject) > 0 && is_culprit(h, &name)) {
		describe(out, h, &name, 0);
		return true;
	}
	if (at < 0 || has_dns(names) ||
		NAME_CONSTRAINTS_check_CN(x509, (NAME_CONSTRAINTS *)h->fence) !=
			h->code)
		return false;
	name = (GENERAL_NAME){ .type = GEN_DNS };
	name.d.dNSName = X509_NAME_ENTRY_get_data(
		X509_NAME_get_entry(subject, at));
	describe(out, h, &name, 0);
	return true;
}

static bool
is_about_names(int code)
{
	switch (code) {
	case X509_V_ERR_PERMITTED_VIOLATION:
	case X509_V_ERR_EXCLUDED_VIOLATION:
	case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
	case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
	case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
	case X509_V_ERR_SUBTREE_MINMAX:
		return true;
	default:
		return false;
	}
}

bool
blame_describe(struct buf *out, const struct path *p, size_t step, int code)
{
	cleanup(GENERAL_NAMES_free) GENERAL_NAMES *names = NULL;
	X509 *x509 = p->steps[step].x509;
	bool found = false;

	if (!is_about_names(code))
		return false;
	ERR_set_mark();
	names = X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);
	for (size_t i = step + 1; i < p->n && !found; i++) {
		cleanup(NAME_CONSTRAINTS_free) NAME_CONSTRAINTS *fence =
			X509_get_ext_d2i(p->steps[i].x509, NID_name_constraints,
				NULL, NULL);
		const struct hold h = { p, i, fence, code };

		if (fence != NULL)
			found = blame_names(out, &h, names) ||
				blame_subject(out, &h, x509, names);
	}
	ERR_pop_to_mark();
	return found;
}
