/* san.c - what is odd about a server's names, whoever asks for them */
#include <string.h>

#include <libpsl.h>
#include <openssl/x509v3.h>

#include "checks/check.h"
#include "checks/leaf.h"
#include "checks/role.h"

/* Findings of a kind that a certificate may get. */
#define MAX_TOLD 100

static bool
has_entry(const struct cert *c, const char *name)
{
	for (size_t i = 0; i < c->names.n; i++) {
		if (strcmp(c->names.v[i], name) == 0)
			return true;
	}
	return false;
}

/*
 * A wildcard that stands for other people's domains. Below a suffix of the
 * list's private part, such as github.io, its owner may well have one.
 */
static void
judge_wildcard(const psl_ctx_t *psl, const struct cert *c, const char *name,
	struct findings *out)
{
	struct buf suffix BUF_CLEANUP = { 0 };
	struct finding *f;
	bool registry;

	if (strncmp(name, "*.", 2) != 0 || name[2] == '\0')
		return;
	/* The list is in lower case; those that it does not know are inside. */
	for (const char *p = name + 2; *p != '\0'; p++)
		buf_putc(&suffix, *p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	if (psl_is_public_suffix2(psl, buf_str(&suffix),
		    PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 1)
		return;
	registry = psl_is_public_suffix2(psl, buf_str(&suffix),
			   PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1;
	/* Who has the suffix itself as well is its owner. */
	if (!registry && has_entry(c, buf_str(&suffix)))
		return;
	f = findings_add(out, "name.public-suffix", name,
		registry ? "%s covers every domain that is registered under "
			   "%s"
			 : "%s covers the domains of all customers of %s",
		name, buf_str(&suffix));
	if (!registry)
		f->severity = SEV_OK;
}

/* "Example Ltd" is no host's name, nor is "router1" with certainty. */
static bool
is_like_host(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if ((unsigned char)*p <= ' ')
			return false;
	}
	return strpbrk(text, ".:") != NULL && strchr(text, '@') == NULL;
}

/* Whoever wrote it there only meant it to be covered. */
static void
judge_common_name(const struct cert *c, struct findings *out)
{
	const X509_NAME *subject = X509_get_subject_name(c->x509);

	/* With one, the label is it. Without names name.no-san speaks. */
	if (c->names.n == 0 ||
		X509_NAME_get_index_by_NID(subject, NID_commonName, -1) < 0 ||
		!is_like_host(c->label) || has_entry(c, c->label))
		return;
	findings_add(out, "name.common-name", c->sha256,
		"the common name %s is not one of its subject alternative "
		"names",
		c->label);
}

static void
san_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	const struct cert *leaf = leaf_of(ob, pol->target);
	const psl_ctx_t *psl = psl_builtin();
	size_t before = out->n;

	(void)now;
	if (leaf == NULL || role_of(ob, pol->target) != ROLE_SERVER)
		return;
	judge_common_name(leaf, out);
	for (size_t i = 0; psl != NULL && i < leaf->names.n; i++) {
		if (out->n - before < MAX_TOLD)
			judge_wildcard(psl, leaf, leaf->names.v[i], out);
	}
}

const struct check check_san = { .name = "san", .run = san_run };
