/* name.c - does the certificate cover the names that it should */
#include <string.h>
#include <strings.h>

#include <openssl/x509v3.h>

#include "checks/check.h"
#include "checks/leaf.h"
#include "checks/role.h"
#include "model/hostname.h"

/* Names that a message lists, and findings that a certificate may get. */
#define MAX_LISTED 4
#define MAX_TOLD 100
/* Characters of a name where a profile wants plain ones. */
#define MAX_PLAIN 63

static bool
has_name(const struct cert *c, const char *name)
{
	for (size_t i = 0; i < c->names.n; i++) {
		if (strcasecmp(c->names.v[i], name) == 0)
			return true;
	}
	return false;
}

/* RFC 9525: by subject alternative name, a wildcard for just one label. */
static bool
covers(const struct cert *c, const char *name)
{
	const unsigned flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
		X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;

	if (hostname_is_address(name))
		return X509_check_ip_asc(c->x509, name, 0) == 1;
	/* A wildcard that must be covered is no host: by the letter. */
	if (strncmp(name, "*.", 2) == 0)
		return has_name(c, name);
	return X509_check_host(c->x509, name, 0, flags, NULL) == 1;
}

/* "a.example, b.example and 3 more" */
static void
list_names(struct buf *out, const struct cert *c)
{
	if (c->names.n == 0)
		buf_puts(out, "no name");
	for (size_t i = 0; i < c->names.n && i < MAX_LISTED; i++)
		buf_printf(out, "%s%s", i > 0 ? ", " : "", c->names.v[i]);
	if (c->names.n > MAX_LISTED)
		buf_printf(out, " and %zu more", c->names.n - MAX_LISTED);
}

static struct finding *
tell_uncovered(const struct cert *c, const char *id, const char *name,
	struct findings *out)
{
	struct buf have BUF_CLEANUP = { 0 };

	list_names(&have, c);
	return findings_add(out, id, name,
		"the name is not covered: want %s, have %s", name,
		buf_str(&have));
}

/* Whoever asks by an address gets what the server has for nobody. */
static void
tell_mismatch(const struct cert *c, const char *server, struct findings *out)
{
	struct finding *f = tell_uncovered(c, "name.mismatch", server, out);

	if (hostname_is_address(server))
		finding_hint(f,
			"The endpoint was asked by its address alone, so no "
			"server name was sent. If clients ask by a name, name "
			"it with --sni (`sni`), or write it as the host and "
			"the address beside it with --address (`address`). If "
			"they ask by the address, have the certificate reissued "
			"with it.");
}

static bool
is_told(const struct findings *fs, const char *name)
{
	for (size_t i = 0; i < fs->n; i++) {
		if (strncmp(fs->v[i].kind->id, "name.", 5) == 0 &&
			strcmp(fs->v[i].subject, name) == 0)
			return true;
	}
	return false;
}

static void
judge_wanted(const struct cert *c, const struct target *t, struct findings *out)
{
	const char *server = t->kind == TARGET_ENDPOINT ? target_server_name(t)
							: NULL;

	if (server != NULL && !covers(c, server))
		tell_mismatch(c, server, out);
	for (size_t i = 0; i < t->names.n; i++) {
		if (!is_told(out, t->names.v[i]) && !covers(c, t->names.v[i]))
			(void)tell_uncovered(
				c, "name.missing", t->names.v[i], out);
	}
}

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '-';
}

static void
add_breach(struct buf *out, const char *text)
{
	if (out->len > 0)
		buf_puts(out, "; ");
	buf_puts(out, text);
}

/* Does a label begin or end with '-'? */
static bool
has_bare_hyphen(const char *name)
{
	char before = '.';

	for (;; before = *name++) {
		bool border = *name == '.' || *name == '\0';

		if ((before == '.' && *name == '-') ||
			(before == '-' && border))
			return true;
		if (*name == '\0')
			return false;
	}
}

/* The rules of a vendor that allows less than DNS does. */
static void
list_breaches(struct buf *out, const char *name)
{
	bool idn = strncasecmp(name, "xn--", 4) == 0 ||
		strcasestr(name, ".xn--") != NULL;

	for (const char *p = name; *p != '\0'; p++) {
		if (!is_plain(*p) && *p != '.') {
			buf_printf(out,
				"it holds '%c', want letters, digits and '-' "
				"alone",
				*p);
			break;
		}
	}
	if (strstr(name, "--") != NULL)
		add_breach(out,
			idn ? "it holds '--', as every internationalised name "
			      "does"
			    : "it holds '--'");
	if (has_bare_hyphen(name))
		add_breach(out, "a label of it begins or ends with '-'");
	if (strlen(name) > MAX_PLAIN) {
		add_breach(out, "");
		buf_printf(out, "it is %zu characters long, want %d at most",
			strlen(name), MAX_PLAIN);
	}
}

static void
judge_spelling(const char *name, const struct profile *profile, size_t before,
	struct findings *out)
{
	struct buf text BUF_CLEANUP = { 0 };

	if (hostname_is_address(name))
		return;
	for (size_t i = before; i < out->n; i++) {
		if (strcasecmp(out->v[i].subject, name) == 0)
			return;
	}
	list_breaches(&text, name);
	if (text.len > 0)
		findings_add(out, "name.invalid", name,
			"%s breaks the naming rules of the profile %s: %s",
			name, profile->name, buf_str(&text));
}

static void
judge_spellings(const struct target *t, struct findings *out)
{
	size_t before = out->n;

	if (t->profile == NULL || !t->profile->plain_names)
		return;
	if (t->kind == TARGET_ENDPOINT)
		judge_spelling(target_server_name(t), t->profile, before, out);
	for (size_t i = 0; i < t->names.n; i++)
		judge_spelling(t->names.v[i], t->profile, before, out);
}

/* A client's or a signer's certificate needs no host name. */
static void
judge_server(const struct cert *leaf, struct findings *out)
{
	if (leaf->names.n == 0)
		findings_add(out, "name.no-san", leaf->sha256,
			"has no DNS name or address as subject alternative "
			"name (subject %s)",
			leaf->subject);
}

static void
name_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	const struct cert *leaf = leaf_of(ob, pol->target);

	(void)now;
	if (leaf != NULL) {
		judge_wanted(leaf, pol->target, out);
		if (role_of(ob, pol->target) == ROLE_SERVER)
			judge_server(leaf, out);
	}
	/* Last: a name that is told of is not told of again by the others. */
	judge_spellings(pol->target, out);
}

const struct check check_name = { .name = "name", .run = name_run };
