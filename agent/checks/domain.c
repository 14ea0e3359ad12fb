/* domain.c - where a name ends that somebody could register */
#include <string.h>

#include <libpsl.h>

#include "checks/domain.h"
#include "model/hostname.h"

/* The list is in lower case. */
static void
lower(struct buf *out, const char *name)
{
	for (const char *p = name; *p != '\0'; p++)
		buf_putc(out, *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p);
}

static bool
is_suffix(const psl_ctx_t *psl, const char *name, int type)
{
	return psl_is_public_suffix2(psl, name, type | PSL_TYPE_NO_STAR_RULE) ==
		1;
}

bool
domain_find(struct buf *out, const char *name)
{
	const psl_ctx_t *psl = psl_builtin();
	struct buf key BUF_CLEANUP = { 0 };
	const char *found;

	lower(&key, name);
	if (psl == NULL || key.len == 0 || *key.s == '.' ||
		hostname_is_address(key.s))
		return false;
	found = psl_registrable_domain(psl, key.s);
	if (found == NULL)
		return false;
	buf_puts(out, found);
	return true;
}

bool
domain_is_registrable(const char *name)
{
	const psl_ctx_t *psl = psl_builtin();
	struct buf key BUF_CLEANUP = { 0 }, domain BUF_CLEANUP = { 0 };
	const char *suffix;

	if (!domain_find(&domain, name))
		return false;
	lower(&key, name);
	suffix = strchr(key.s, '.');
	return strcmp(domain.s, key.s) == 0 && suffix != NULL &&
		is_suffix(psl, suffix + 1, PSL_TYPE_ANY);
}

enum domain_suffix
domain_suffix(const char *name)
{
	const psl_ctx_t *psl = psl_builtin();
	struct buf key BUF_CLEANUP = { 0 };

	lower(&key, name);
	if (psl == NULL || key.len == 0 || !is_suffix(psl, key.s, PSL_TYPE_ANY))
		return DOMAIN_NO_SUFFIX;
	return is_suffix(psl, key.s, PSL_TYPE_ICANN) ? DOMAIN_PUBLIC_SUFFIX
						     : DOMAIN_PRIVATE_SUFFIX;
}
