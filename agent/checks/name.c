/* name.c - does the certificate cover the names that it should */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libpsl.h>
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

static void
tell_uncovered(const struct cert *c, const char *id, const char *name,
	struct findings *out)
{
	struct buf have BUF_CLEANUP = { 0 };

	list_names(&have, c);
	findings_add(out, id, name, "the name is not covered: want %s, have %s",
		name, buf_str(&have));
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
		tell_uncovered(c, "name.mismatch", server, out);
	for (size_t i = 0; i < t->names.n; i++) {
		if (!is_told(out, t->names.v[i]) && !covers(c, t->names.v[i]))
			tell_uncovered(c, "name.missing", t->names.v[i], out);
	}
}

/* The DNS names of a certificate in lower case, sorted, each once. */
struct nameset {
	char **v;
	size_t n;
};

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
nameset_init(struct nameset *set, const struct cert *c)
{
	size_t n = 0;

	set->v = mem_grow(NULL, c->names.n, sizeof(*set->v));
	set->n = 0;
	for (size_t i = 0; i < c->names.n; i++) {
		char *s;

		if (hostname_is_address(c->names.v[i]))
			continue;
		s = str_dup(c->names.v[i]);
		for (char *p = s; *p != '\0'; p++)
			*p = (char)tolower((unsigned char)*p);
		set->v[set->n++] = s;
	}
	if (set->n == 0)
		return;
	qsort(set->v, set->n, sizeof(*set->v), compare_names);
	for (size_t i = 0; i < set->n; i++) {
		if (n > 0 && strcmp(set->v[n - 1], set->v[i]) == 0)
			free(set->v[i]);
		else
			set->v[n++] = set->v[i];
	}
	set->n = n;
}

static void
nameset_release(struct nameset *set)
{
	for (size_t i = 0; i < set->n; i++)
		free(set->v[i]);
	free(set->v);
}

/* Is prefix + name in the set? */
static bool
nameset_has(const struct nameset *set, const char *prefix, const char *name)
{
	struct buf key BUF_CLEANUP = { 0 };

	buf_printf(&key, "%s%s", prefix, name);
	return set->n > 0 &&
		bsearch(&key.s, set->v, set->n, sizeof(*set->v),
			compare_names) != NULL;
}

/*
 * Is `name` one that somebody could register, by a rule that the public
 * suffix list really has? Not so corp.internal, by the rule for the unknown.
 */
static bool
is_registrable(const psl_ctx_t *psl, const char *name)
{
	const char *registrable = psl_registrable_domain(psl, name);
	const char *suffix = strchr(name, '.');

	return registrable != NULL && strcmp(registrable, name) == 0 &&
		suffix != NULL &&
		psl_is_public_suffix2(psl, suffix + 1,
			PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) == 1;
}

static void
tell_forgotten(const char *id, const char *prefix, const char *apex,
	const char *have, enum severity severity, const struct target *t,
	struct findings *out)
{
	struct buf name BUF_CLEANUP = { 0 };
	const char *server = t->kind == TARGET_ENDPOINT ? target_server_name(t)
							: NULL;
	struct finding *f;

	buf_printf(&name, "%s%s", prefix, apex);
	/* The target's own name is a mismatch already. */
	if (is_told(out, buf_str(&name)) ||
		(server != NULL && strcasecmp(server, buf_str(&name)) == 0))
		return;
	f = findings_add(out, id, buf_str(&name), "covers %s%s but not %s",
		have, apex, buf_str(&name));
	f->severity = severity;
}

/* www and apex: who buys one mostly wants both. */
static void
judge_siblings(
	const struct cert *c, const struct target *t, struct findings *out)
{
	const psl_ctx_t *psl = psl_builtin();
	struct nameset set;
	size_t before = out->n;

	if (psl == NULL || c->names.n == 0)
		return;
	nameset_init(&set, c);
	for (size_t i = 0; i < set.n && out->n - before < MAX_TOLD; i++) {
		const char *name = set.v[i];
		const char *prefix = strncmp(name, "*.", 2) == 0 ? "*."
			: strncmp(name, "www.", 4) == 0		 ? "www."
								 : "";
		const char *apex = name + strlen(prefix);

		if (*prefix != '*' && is_registrable(psl, name)) {
			/* Such as www.de: then www. is no prefix. */
			if (!nameset_has(&set, "www.", name) &&
				!nameset_has(&set, "*.", name))
				tell_forgotten("name.www", "www.", name, "",
					SEV_WARNING, t, out);
		} else if (*prefix != '\0' && is_registrable(psl, apex) &&
			!nameset_has(&set, "", apex)) {
			/* Many a www. has its apex served elsewhere. */
			tell_forgotten("name.apex", "", apex, prefix,
				nameset_has(&set, "*.", apex) ? SEV_WARNING
							      : SEV_OK,
				t, out);
		}
	}
	nameset_release(&set);
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
judge_server(
	const struct cert *leaf, const struct target *t, struct findings *out)
{
	if (leaf->names.n == 0)
		findings_add(out, "name.no-san", leaf->sha256,
			"has no DNS name or address as subject alternative "
			"name (subject %s)",
			leaf->subject);
	judge_siblings(leaf, t, out);
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
			judge_server(leaf, pol->target, out);
	}
	/* Last: a name that is told of is not told of again by the others. */
	judge_spellings(pol->target, out);
}

const struct check check_name = { .name = "name", .run = name_run };
