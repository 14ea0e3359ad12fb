/* pemline.c - the lines that begin and end a block of PEM */
#include <string.h>

#include "probes/file/pemline.h"

#define DASHES "-----"

size_t
pemline_boundary(const char *s, size_t len, const char *what, size_t *n)
{
	size_t head = strlen(what), dashes = strlen(DASHES);
	const char *end;

	if (len < head + dashes || memcmp(s, what, head) != 0)
		return 0;
	end = memmem(s + head, len - head, DASHES, dashes);
	if (end == NULL)
		return 0;
	*n = (size_t)(end - s) - head;
	return head + *n + dashes;
}

/* What someone has taken out by a '#' is not to be read. */
static bool
is_comment(const char *s, size_t len)
{
	while (len > 0 && (*s == ' ' || *s == '\t')) {
		s++;
		len--;
	}
	return len > 0 && *s == '#';
}

bool
pemline_is_odd(const char *s, size_t len)
{
	return len > 4 && !is_comment(s, len) &&
		memmem(s, len, "----", 4) != NULL &&
		memmem(s, len, "CERTIFICATE-", 12) != NULL &&
		(memmem(s, len, "BEGIN ", 6) != NULL ||
			memmem(s, len, "END ", 4) != NULL);
}

size_t
pemline_mark(const char *text, size_t len)
{
	return len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}
