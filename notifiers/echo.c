/* echo.c - find a secret in what a receiver says, however it is written there
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "notifiers/echo.h"

#define CUT_LEAST 8 /* characters of a secret that is cut off */

/* The bytes of `digits` digits of `base` at `s` if they are `c`, or 0. */
static size_t
number(const char *s, size_t digits, int base, unsigned char c)
{
	char text[9] = "";
	char *end;

	if (digits == 0 || digits >= sizeof(text) ||
		!isxdigit((unsigned char)*s))
		return 0;
	(void)strncat(text, s, digits);
	if (strtoul(text, &end, base) != c || end != text + digits)
		return 0;
	return digits;
}

/* "%2F" */
static size_t
percent(const char *s, unsigned char c)
{
	return *s == '%' && number(s + 1, 2, 16, c) > 0 ? 3 : 0;
}

/* "\u002f", "\/" */
static size_t
backslash(const char *s, unsigned char c)
{
	if (*s != '\\')
		return 0;
	if (s[1] == 'u' && c < 0x80 && number(s + 2, 4, 16, c) > 0)
		return 6;
	return (unsigned char)s[1] == c && !isalnum(c) ? 2 : 0;
}

/* "&#47;", "&#x2f;", "&amp;" */
static size_t
entity(const char *s, unsigned char c)
{
	static const struct name {
		unsigned char c;
		const char *text;
	} names[] = {
		{ '&', "&amp;" },
		{ '<', "&lt;" },
		{ '>', "&gt;" },
		{ '"', "&quot;" },
		{ '\'', "&apos;" },
	};
	int base = strncasecmp(s, "&#x", 3) == 0 ? 16 : 10;
	size_t begin = base == 16 ? 3 : 2, n;

	if (s[0] == '&' && s[1] == '#') {
		n = number(s + begin, strcspn(s + begin, ";"), base, c);
		return n > 0 ? begin + n + 1 : 0;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		n = strlen(names[i].text);
		if (names[i].c == c && strncasecmp(s, names[i].text, n) == 0)
			return n;
	}
	return 0;
}

static size_t (*const forms[])(
	const char *s, unsigned char c) = { percent, backslash, entity };

/* The bytes at `s` that stand for `c`, or 0. */
static size_t
character(const char *s, unsigned char c)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t n = forms[i](s, c);

		if (n > 0)
			return n;
	}
	return tolower((unsigned char)*s) == tolower(c) ? 1 : 0;
}

/* Answers stand in quotes, at the end of what is told. */
static bool
is_end(const char *s)
{
	return *s == '\0' || strcmp(s, "\"") == 0;
}

size_t
echo_length(const char *text, const char *secret)
{
	const char *s = text;
	size_t matched = 0, n;

	for (; secret[matched] != '\0' && *s != '\0'; matched++) {
		n = character(s, (unsigned char)secret[matched]);
		if (n == 0)
			break;
		s += n;
	}
	if (secret[matched] == '\0' || (matched >= CUT_LEAST && is_end(s)))
		return (size_t)(s - text);
	return 0;
}
