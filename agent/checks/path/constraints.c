/* constraints.c - name constraints, where OpenSSL lets names through */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "checks/path/constraints.h"
#include "checks/path/verify.h"

DEFINE_CLEANUP(NAME_CONSTRAINTS, NAME_CONSTRAINTS_free)

/* Names that are held against a constraint, over a whole path. */
#define MAX_WORK (1UL << 20)

struct inspection {
	struct path *path;
	GENERAL_NAMES *names[PATH_MAX_STEPS]; /* of each step, once read */
	bool read[PATH_MAX_STEPS];
	unsigned long work; /* left */
};

struct text {
	const char *s;
	size_t n;
};

static struct text
text_of(const ASN1_STRING *s)
{
	return (struct text){ (const char *)ASN1_STRING_get0_data(s),
		(size_t)ASN1_STRING_length(s) };
}

static const GENERAL_NAMES *
names_of(struct inspection *in, size_t step)
{
	if (!in->read[step])
		in->names[step] = X509_get_ext_d2i(in->path->steps[step].x509,
			NID_subject_alt_name, NULL, NULL);
	in->read[step] = true;
	return in->names[step];
}

/* What follows the first dot; empty if there is none. */
static struct text
parent_of(struct text name)
{
	const char *dot = name.n == 0 ? NULL : memchr(name.s, '.', name.n);

	if (dot == NULL)
		return (struct text){ "", 0 };
	return (struct text){ dot + 1, name.n - (size_t)(dot + 1 - name.s) };
}

/*
 * Can a wildcard stand for just the host that is excluded? OpenSSL holds the
 * star itself against it. Below an excluded domain it sees for itself.
 */
static bool
is_wildcard_for(struct text name, struct text excluded)
{
	struct text zone = parent_of(name), fence = parent_of(excluded);

	return name.n > 2 && name.s[0] == '*' && name.s[1] == '.' &&
		fence.n == zone.n && strncasecmp(fence.s, zone.s, zone.n) == 0;
}

/* An IPv6 address that stands for an IPv4 one: RFC 4291, 2.5.5.2. */
static bool
is_mapped_into(const ASN1_STRING *address, const ASN1_STRING *excluded)
{
	static const unsigned char prefix[12] = { [10] = 0xff, [11] = 0xff };
	const unsigned char *a = ASN1_STRING_get0_data(address);
	const unsigned char *net = ASN1_STRING_get0_data(excluded);

	if (ASN1_STRING_length(address) != 16 ||
		ASN1_STRING_length(excluded) != 8 ||
		memcmp(a, prefix, sizeof(prefix)) != 0)
		return false;
	for (size_t i = 0; i < 4; i++) {
		if (((a[12 + i] ^ net[i]) & net[4 + i]) != 0)
			return false;
	}
	return true;
}

bool
constraints_exclude(const GENERAL_NAME *name, const GENERAL_NAME *base)
{
	if (name->type != base->type)
		return false;
	switch (name->type) {
	case GEN_DNS:
		return is_wildcard_for(
			text_of(name->d.dNSName), text_of(base->d.dNSName));
	case GEN_IPADD:
		return is_mapped_into(name->d.iPAddress, base->d.iPAddress);
	default:
		return false;
	}
}

bool
constraints_cannot_judge(const GENERAL_NAME *name)
{
	struct text t;
	char before = '.';

	if (name->type != GEN_DNS)
		return false;
	t = text_of(name->d.dNSName);
	for (size_t i = 0; i < t.n; i++) {
		if (t.s[i] <= ' ' || t.s[i] > '~' ||
			(t.s[i] == '.' && before == '.'))
			return true;
		before = t.s[i];
	}
	return before == '.';
}

/* Names for which a fence was made for others of their type alone. */
static bool
is_of_interest(const GENERAL_NAME *name)
{
	if (name->type == GEN_DNS)
		return ASN1_STRING_length(name->d.dNSName) > 0 &&
			*ASN1_STRING_get0_data(name->d.dNSName) == '*';
	return name->type == GEN_IPADD &&
		ASN1_STRING_length(name->d.iPAddress) == 16;
}

static bool
has_dns(const STACK_OF(GENERAL_SUBTREE) *trees)
{
	for (int i = 0; i < sk_GENERAL_SUBTREE_num(trees); i++) {
		if (sk_GENERAL_SUBTREE_value(trees, i)->base->type == GEN_DNS)
			return true;
	}
	return false;
}

static void
judge_excluded(struct inspection *in, size_t step, const GENERAL_NAME *name,
	const STACK_OF(GENERAL_SUBTREE) *trees)
{
	if (!is_of_interest(name))
		return;
	for (int i = 0; i < sk_GENERAL_SUBTREE_num(trees); i++) {
		if (in->work == 0) {
			path_breach(in->path, step, X509_V_ERR_UNSPECIFIED);
			return;
		}
		in->work--;
		if (constraints_exclude(
			    name, sk_GENERAL_SUBTREE_value(trees, i)->base))
			path_breach(
				in->path, step, X509_V_ERR_EXCLUDED_VIOLATION);
	}
}

static void
judge_names(struct inspection *in, size_t step, const NAME_CONSTRAINTS *nc)
{
	const GENERAL_NAMES *names = names_of(in, step);
	bool dns = has_dns(nc->permittedSubtrees) ||
		has_dns(nc->excludedSubtrees);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (dns && constraints_cannot_judge(name))
			path_breach(in->path, step,
				X509_V_ERR_UNSUPPORTED_NAME_SYNTAX);
		judge_excluded(in, step, name, nc->excludedSubtrees);
	}
}

/* One list at least, and at least one subtree in each. */
static bool
is_empty(const NAME_CONSTRAINTS *nc)
{
	return (nc->permittedSubtrees == NULL &&
		       nc->excludedSubtrees == NULL) ||
		sk_GENERAL_SUBTREE_num(nc->permittedSubtrees) == 0 ||
		sk_GENERAL_SUBTREE_num(nc->excludedSubtrees) == 0;
}

/* RFC 5280, 6.1.4 (b): those in between that issue themselves are exempt. */
static bool
is_exempt(const struct path *p, size_t step)
{
	X509 *x509 = p->steps[step].x509;

	return step > 0 &&
		X509_NAME_cmp(X509_get_subject_name(x509),
			X509_get_issuer_name(x509)) == 0;
}

static void
judge_below(struct inspection *in, size_t issuer)
{
	cleanup(NAME_CONSTRAINTS_free) NAME_CONSTRAINTS *nc = X509_get_ext_d2i(
		in->path->steps[issuer].x509, NID_name_constraints, NULL, NULL);

	if (nc == NULL)
		return;
	if (is_empty(nc))
		path_breach(in->path, issuer, X509_V_ERR_INVALID_EXTENSION);
	for (size_t i = 0; i < issuer; i++) {
		if (!is_exempt(in->path, i))
			judge_names(in, i, nc);
	}
}

void
constraints_judge(struct path *p)
{
	struct inspection *in = mem_alloc(sizeof(*in));

	in->path = p;
	in->work = MAX_WORK;
	ERR_set_mark();
	for (size_t i = 1; i < p->n; i++)
		judge_below(in, i);
	ERR_pop_to_mark();
	for (size_t i = 0; i < p->n; i++)
		GENERAL_NAMES_free(in->names[i]);
	free(in);
}
