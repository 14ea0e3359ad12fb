/* silence.c - trouble that is known, and told to nobody for a while */
#include <fnmatch.h>
#include <string.h>

#include "model/alerts.h"

bool
silence_fits(const char *glob, const char *text)
{
	/* What comes before the first special character decides most of it. */
	size_t literal = strcspn(glob, "*?[\\");

	if (strncmp(glob, text, literal) != 0)
		return false;
	/*
	 * The text itself always fits: in the address of an IPv6 endpoint the
	 * brackets are no set of characters.
	 */
	return strcmp(glob, text) == 0 ||
		(glob[literal] != '\0' && fnmatch(glob, text, 0) == 0);
}

static bool
holds(const struct silence *s, const char *target, const char *address,
	const char *finding, time_t now)
{
	if (now < s->from || now >= s->until)
		return false;
	if (!silence_fits(s->target, target) &&
		!silence_fits(s->target, address))
		return false;
	return finding != NULL ? silence_fits(s->finding, finding)
			       : strcmp(s->finding, "*") == 0;
}

const struct silence *
silences_find(const struct silences *all, const char *target,
	const char *address, const char *finding, time_t now)
{
	const struct silence *longest = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct silence *s = &all->v[i];

		if ((longest == NULL || s->until > longest->until) &&
			holds(s, target, address, finding, now))
			longest = s;
	}
	return longest;
}
