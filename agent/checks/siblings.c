/* siblings.c - of a domain: itself, www and the wildcard; which is forgotten */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "checks/check.h"
#include "checks/domain.h"
#include "checks/internal.h"
#include "checks/leaf.h"
#include "checks/nameset.h"
#include "checks/role.h"
#include "model/hostname.h"
#include "model/json.h"

/* Findings of forgotten names that a certificate may get. */
#define MAX_TOLD 100
/* From so many domains on, a platform's certificate is taken to be one. */
#define PLATFORM_DOMAINS 5

struct siblings {
	const struct cert *leaf;
	const struct target *target;
	struct nameset names;
	struct buf owner; /* the certificate's own domain; may be empty */
	/* The last answer: mostly it is one name that is asked for again. */
	const char *asked;
	struct buf answer;
	bool platform;
	struct findings *out;
	size_t told;
};

/* What of a domain is covered. */
struct coverage {
	bool apex, www, wildcard; /* listed, letter for letter */
	size_t others; /* further names below it */
};

static const char *
skip_star(const char *name)
{
	return strncmp(name, "*.", 2) == 0 ? name + 2 : name;
}

/* Where a service owns a suffix, that is its domain. */
static bool
find_apex(struct buf *out, const char *name)
{
	name = skip_star(name);
	if (domain_suffix(name) != DOMAIN_PRIVATE_SUFFIX)
		return domain_find(out, name);
	for (; *name != '\0'; name++)
		buf_putc(out,
			*name >= 'A' && *name <= 'Z' ? (char)(*name + 32)
						     : *name);
	return true;
}

static void
add_apex(struct siblings *s, struct buf *out, const char *name)
{
	if (s->asked == NULL || strcasecmp(s->asked, name) != 0) {
		s->asked = name;
		buf_release(&s->answer);
		(void)find_apex(&s->answer, name);
	}
	buf_puts(out, buf_str(&s->answer));
}

static bool
is_below(const char *name, const char *domain)
{
	size_t n = strlen(name), m = strlen(domain);

	return n > m + 1 && name[n - m - 1] == '.' &&
		strcmp(name + n - m, domain) == 0;
}

static struct coverage
coverage_of(const struct nameset *names, const char *domain)
{
	struct coverage c = {
		.apex = nameset_has(names, "", domain),
		.www = nameset_has(names, "www.", domain),
		.wildcard = nameset_has(names, "*.", domain),
	};

	for (size_t i = 0; i < names->n; i++)
		c.others += is_below(names->v[i], domain);
	c.others -= c.www + c.wildcard;
	return c;
}

static bool
is_covered_itself(const struct nameset *names, const char *domain)
{
	return nameset_has(names, "", domain) ||
		nameset_has(names, "www.", domain) ||
		nameset_has(names, "*.", domain);
}

static const char *
first_name(const struct cert *c)
{
	for (size_t i = 0; i < c->names.n; i++) {
		if (!hostname_is_address(c->names.v[i]))
			return c->names.v[i];
	}
	return NULL;
}

static bool
lists(const struct cert *c, const char *name)
{
	for (size_t i = 0; i < c->names.n; i++) {
		if (strcasecmp(c->names.v[i], name) == 0)
			return true;
	}
	return false;
}

/*
 * The domain that a certificate is there for: the common name's, which most
 * CAs take from the order; but of two the one that is covered itself, for a
 * common name deep below its domain says little.
 */
static void
find_owner(struct siblings *s)
{
	struct buf common BUF_CLEANUP = { 0 }, first BUF_CLEANUP = { 0 };
	const char *name = first_name(s->leaf), *owner;

	if (lists(s->leaf, s->leaf->label))
		add_apex(s, &common, s->leaf->label);
	if (name != NULL)
		add_apex(s, &first, name);
	owner = common.len > 0 ? common.s : buf_str(&first);
	if (first.len > 0 && !is_covered_itself(&s->names, owner) &&
		is_covered_itself(&s->names, first.s))
		owner = first.s;
	buf_puts(&s->owner, owner);
}

static size_t
count_domains(const struct nameset *names)
{
	struct strlist list = { 0 };
	struct nameset domains NAMESET_CLEANUP = { 0 };

	for (size_t i = 0; i < names->n; i++) {
		struct buf domain BUF_CLEANUP = { 0 };

		if (find_apex(&domain, names->v[i]))
			strlist_add(&list, domain.s);
	}
	nameset_from(&domains, &list);
	return domains.n;
}

/*
 * Whoever lists a domain and its wildcard, and then several other domains,
 * knows the difference, and has left out of the others what he wanted to.
 */
static bool
is_platform(const struct siblings *s)
{
	const char *owner = buf_str(&s->owner);

	return *owner != '\0' && nameset_has(&s->names, "", owner) &&
		nameset_has(&s->names, "*.", owner) &&
		count_domains(&s->names) >= PLATFORM_DOMAINS;
}

/* Is a name told of already, as one that is not covered? */
static bool
is_told(const struct findings *fs, const char *prefix, const char *name)
{
	static const char *const ids[] = { "name.mismatch", "name.missing",
		"name.www", "name.apex" };
	size_t n = strlen(prefix);

	for (size_t i = 0; i < fs->n; i++) {
		const struct finding *f = &fs->v[i];

		if (strncmp(f->subject, prefix, n) != 0 ||
			strcasecmp(f->subject + n, name) != 0)
			continue;
		for (size_t k = 0; k < sizeof(ids) / sizeof(ids[0]); k++) {
			if (strcmp(f->kind->id, ids[k]) == 0)
				return true;
		}
	}
	return false;
}

static void
tell_forgotten(struct siblings *s, const char *id, const char *prefix,
	const char *apex, const char *have, enum severity severity)
{
	const struct target *t = s->target;
	const char *server = t->kind == TARGET_ENDPOINT ? target_server_name(t)
							: NULL;
	struct buf name BUF_CLEANUP = { 0 };
	struct finding *f;

	if (s->platform && strcmp(apex, buf_str(&s->owner)) != 0)
		return;
	buf_printf(&name, "%s%s", prefix, apex);
	/* The target's own name is a mismatch already. */
	if (is_told(s->out, "", buf_str(&name)) ||
		(server != NULL && strcasecmp(server, buf_str(&name)) == 0))
		return;
	f = findings_add(s->out, id, buf_str(&name), "covers %s%s but not %s",
		have, apex, buf_str(&name));
	f->severity = severity;
	s->told++;
}

/* home.arpa has a public suffix above it, but nobody registers it. */
static bool
is_inside(const char *apex)
{
	struct buf www BUF_CLEANUP = { 0 };

	buf_puts(&www, "www.");
	buf_puts(&www, apex);
	return internal_is(buf_str(&www));
}

/* www and apex: who buys one mostly wants both. */
static void
judge_name(struct siblings *s, const char *name)
{
	const char *prefix = strncmp(name, "*.", 2) == 0 ? "*."
		: strncmp(name, "www.", 4) == 0		 ? "www."
							 : "";
	const char *apex = name + strlen(prefix);

	if (is_inside(apex))
		return;
	if (*prefix != '*' && domain_is_registrable(name)) {
		/* Such as www.de: then www. is no prefix. */
		if (!nameset_has(&s->names, "www.", name) &&
			!nameset_has(&s->names, "*.", name))
			tell_forgotten(
				s, "name.www", "www.", name, "", SEV_WARNING);
	} else if (*prefix != '\0' && domain_is_registrable(apex) &&
		!nameset_has(&s->names, "", apex)) {
		/* Many a www. has its apex served elsewhere. */
		tell_forgotten(s, "name.apex", "", apex, prefix,
			nameset_has(&s->names, "*.", apex) ? SEV_WARNING
							   : SEV_OK);
	}
}

/* "www", "www and 3 names below it", "the domain itself, www or a wildcard" */
static void
join(struct buf *out, const char *const *items, size_t n, const char *last)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s%s",
			i == 0		     ? ""
				: i + 1 == n ? last
					     : ", ",
			items[i]);
}

static void
describe(struct buf *out, const struct coverage *c, const char *domain)
{
	const char *have[4], *lack[3];
	size_t n_have = 0, n_lack = 0;
	char others[64];

	(void)snprintf(others, sizeof(others), "%zu other name%s below it",
		c->others, c->others == 1 ? "" : "s");
	if (c->apex)
		have[n_have++] = "the domain itself";
	else
		lack[n_lack++] = "the domain itself";
	if (c->www)
		have[n_have++] = "www";
	else if (!c->wildcard)
		lack[n_lack++] = "www";
	if (c->wildcard)
		have[n_have++] = "its wildcard";
	else
		lack[n_lack++] = "its wildcard";
	if (c->others > 0)
		have[n_have++] = others;
	buf_printf(out, "of %s it covers ", domain);
	join(out, have, n_have, " and ");
	buf_puts(out, ", but not ");
	join(out, lack, n_lack, " or ");
}

/* So that the gaps are known before somebody adds a host. */
static void
tell_coverage(struct siblings *s, const char *domain)
{
	struct coverage c = coverage_of(&s->names, domain);
	struct buf text BUF_CLEANUP = { 0 };
	struct finding *f;

	if ((c.apex && c.wildcard) ||
		(!c.apex && !c.www && !c.wildcard && c.others == 0))
		return;
	if (is_told(s->out, "", domain) || is_told(s->out, "www.", domain) ||
		is_told(s->out, "*.", domain))
		return;
	describe(&text, &c, domain);
	f = findings_add(s->out, "name.coverage", domain, "%s", buf_str(&text));
	if (!c.apex && !c.www && !c.wildcard)
		finding_hint(f,
			"Nothing has to be done while the names it lists are "
			"the only ones in use. If visitors type the domain "
			"itself or its www, add both at the next renewal: one "
			"without the other is told as name.www or name.apex.");
	finding_detail(f, "apex", json_boolean(c.apex));
	finding_detail(f, "www", json_boolean(c.www || c.wildcard));
	finding_detail(f, "wildcard", json_boolean(c.wildcard));
	finding_detail(f, "others", json_integer((json_int_t)c.others));
}

static void
judge_domain(struct siblings *s)
{
	struct buf domain BUF_CLEANUP = { 0 };
	const char *server = s->target->kind == TARGET_ENDPOINT
		? target_server_name(s->target)
		: NULL;

	if (server != NULL)
		add_apex(s, &domain, server);
	if (domain.len == 0)
		buf_puts(&domain, buf_str(&s->owner));
	if (domain.len > 0)
		tell_coverage(s, domain.s);
}

static void
siblings_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	struct siblings s = {
		.leaf = leaf_of(ob, pol->target),
		.target = pol->target,
		.out = out,
	};

	(void)now;
	/* A client's or a signer's certificate needs no host name. */
	if (s.leaf == NULL || role_of(ob, pol->target) != ROLE_SERVER)
		return;
	nameset_of(&s.names, s.leaf);
	find_owner(&s);
	s.platform = is_platform(&s);
	for (size_t i = 0; i < s.names.n && s.told < MAX_TOLD; i++)
		judge_name(&s, s.names.v[i]);
	judge_domain(&s);
	buf_release(&s.owner);
	buf_release(&s.answer);
	nameset_release(&s.names);
}

const struct check check_siblings = { .name = "siblings", .run = siblings_run };
