/* san.c - what is odd about a server's names, whoever asks for them */
#include <string.h>
#include <strings.h>

#include <openssl/x509v3.h>

#include "checks/check.h"
#include "checks/domain.h"
#include "checks/entry.h"
#include "checks/internal.h"
#include "checks/leaf.h"
#include "checks/role.h"
#include "model/json.h"

/* Findings of a kind that a certificate may get, and names that one lists. */
#define MAX_TOLD 100
#define MAX_LISTED 4
/* Characters of an entry that a message quotes. */
#define MAX_QUOTED 253

static bool
has_entry(const struct cert *c, const char *name)
{
	for (size_t i = 0; i < c->names.n; i++) {
		if (strcmp(c->names.v[i], name) == 0)
			return true;
	}
	return false;
}

static bool
is_told(const struct findings *fs, const char *id, const char *subject)
{
	for (size_t i = 0; i < fs->n; i++) {
		if (strcmp(fs->v[i].kind->id, id) == 0 &&
			strcmp(fs->v[i].subject, subject) == 0)
			return true;
	}
	return false;
}

/*
 * A wildcard that stands for other people's domains. Below a suffix of the
 * list's private part, such as github.io, its owner may well have one.
 */
static void
judge_wildcard(const struct cert *c, const char *name, struct findings *out)
{
	struct buf suffix BUF_CLEANUP = { 0 };
	enum domain_suffix kind;
	struct finding *f;

	if (strncmp(name, "*.", 2) != 0 || name[2] == '\0')
		return;
	for (const char *p = name + 2; *p != '\0'; p++)
		buf_putc(&suffix, *p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	kind = domain_suffix(suffix.s);
	if (kind == DOMAIN_NO_SUFFIX ||
		is_told(out, "name.public-suffix", name))
		return;
	/* Who has the suffix itself as well is its owner. */
	if (kind == DOMAIN_PRIVATE_SUFFIX && has_entry(c, suffix.s))
		return;
	f = findings_add(out, "name.public-suffix", name,
		kind == DOMAIN_PUBLIC_SUFFIX
			? "%s covers every domain that is registered under "
			  "%s"
			: "%s covers the domains of all customers of %s",
		name, suffix.s);
	if (kind == DOMAIN_PRIVATE_SUFFIX)
		f->severity = SEV_OK;
}

static void
judge_wildcards(const struct cert *c, struct findings *out)
{
	size_t before = out->n;

	for (size_t i = 0; i < c->names.n && out->n - before < MAX_TOLD; i++)
		judge_wildcard(c, c->names.v[i], out);
}

/* Somebody thinks that they cover something. */
static void
judge_stars(const struct cert *c, struct findings *out)
{
	size_t before = out->n;

	for (size_t i = 0; i < c->names.n && out->n - before < MAX_TOLD; i++) {
		const char *name = c->names.v[i];
		const char *fault = entry_fault_of_star(name, strlen(name));

		if (fault != NULL && !is_told(out, "name.invalid", name))
			findings_add(out, "name.invalid", name,
				"its name \"%.*s\" covers nothing: it %s",
				MAX_QUOTED, name, fault);
	}
}

/* Only a public CA may not issue for them. */
static void
judge_internal(const struct cert *c, struct findings *out)
{
	struct buf list BUF_CLEANUP = { 0 };
	struct finding *f;
	size_t n = 0;

	for (size_t i = 0; i < c->names.n; i++) {
		if (internal_is(c->names.v[i]) && n++ < MAX_LISTED)
			buf_printf(&list, "%s%.*s", n > 1 ? ", " : "",
				MAX_QUOTED, c->names.v[i]);
	}
	if (n == 0)
		return;
	if (n > MAX_LISTED)
		buf_printf(&list, " and %zu more", n - MAX_LISTED);
	f = findings_add(out, "name.internal", c->sha256,
		"has names that mean something inside one network only: %s",
		list.s);
	finding_detail(f, "count", json_integer((json_int_t)n));
}

/* "0xC0A80101": inet_aton(3) and browsers take it for 192.168.1.1. */
static bool
is_hex_address(const char *text)
{
	size_t n = strlen(text);

	return n > 2 && n <= 10 && strncasecmp(text, "0x", 2) == 0 &&
		strspn(text + 2, "0123456789abcdefABCDEF") == n - 2;
}

/* "Example Ltd" is no host's name, nor is "router1" with certainty. */
static bool
is_like_host(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if ((unsigned char)*p <= ' ')
			return false;
	}
	return (strpbrk(text, ".:") != NULL && strchr(text, '@') == NULL) ||
		is_hex_address(text);
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

	(void)now;
	if (leaf == NULL || role_of(ob, pol->target) != ROLE_SERVER)
		return;
	judge_common_name(leaf, out);
	judge_stars(leaf, out);
	judge_wildcards(leaf, out);
	judge_internal(leaf, out);
}

const struct check check_san = { .name = "san", .run = san_run };
