/* address.c - a mail address as the configuration writes it */
#include <stdbool.h>
#include <string.h>

#include "model/text.h"
#include "notifiers/address.h"

#define ALNUM                                                                  \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"                                           \
	"abcdefghijklmnopqrstuvwxyz"                                           \
	"0123456789"
#define ATEXT ALNUM "!#$%&'*+-/=?^_`{|}~" /* RFC 5322, 3.2.3 */

/* One or more parts of `set` with a single dot between. */
static bool
is_dotted(const char *s, size_t n, const char *set)
{
	for (;;) {
		size_t part = strspn(s, set);

		if (part == 0 || part > n)
			return false;
		s += part;
		n -= part;
		if (n == 0)
			return true;
		if (*s != '.')
			return false;
		s++;
		n--;
	}
}

static bool
is_addr(const char *s, size_t n)
{
	const char *at = memchr(s, '@', n);
	size_t local = at != NULL ? (size_t)(at - s) : 0;

	return at != NULL && n <= ADDRESS_MAX && local <= ADDRESS_LOCAL_MAX &&
		is_dotted(s, local, ATEXT) &&
		is_dotted(at + 1, n - local - 1, ALNUM "-");
}

static const char *
skip_blanks(const char *s, const char **end)
{
	while (s < *end && *s == ' ')
		s++;
	while (*end > s && (*end)[-1] == ' ')
		(*end)--;
	return s;
}

/* Copy a name out of its quotes, if it has them. 0, or -1 if it is none. */
static int
read_name(const char *s, const char *end, char out[ADDRESS_NAME_MAX + 1])
{
	size_t n = 0;
	bool quoted;

	s = skip_blanks(s, &end);
	quoted = end - s >= 2 && *s == '"' && end[-1] == '"';
	if (quoted) {
		s++;
		end--;
	}
	for (; s < end; s++) {
		unsigned char c = (unsigned char)*s;

		if (quoted && c == '\\' && s + 1 < end)
			c = (unsigned char)*++s;
		else if (strchr(quoted ? "\"" : "\"<>@", c) != NULL)
			return -1;
		if (c < 0x20 || c == 0x7f || n == ADDRESS_NAME_MAX)
			return -1;
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return 0;
}

static int
refuse(const char *s, struct error *err)
{
	BUF_CLEANUP struct buf plain = { 0 };

	text_plain(&plain, s);
	return error_set(err, ERROR_PARSE,
		"want an address such as ops@example.com or "
		"Ops <ops@example.com>, have \"%.80s\"",
		buf_str(&plain));
}

int
address_parse(const char *s, struct address *out, struct error *err)
{
	const char *end = s + strlen(s);
	const char *addr = skip_blanks(s, &end);
	struct address a = { 0 };

	if (end > addr && end[-1] == '>') {
		const char *open = memrchr(addr, '<', (size_t)(end - addr));

		if (open == NULL || read_name(addr, open, a.name) == -1)
			return refuse(s, err);
		addr = open + 1;
		end--;
	}
	if (!is_addr(addr, (size_t)(end - addr)))
		return refuse(s, err);
	memcpy(a.addr, addr, (size_t)(end - addr));
	*out = a;
	return 0;
}

const char *
address_domain(const struct address *a)
{
	return strchr(a->addr, '@') + 1;
}

void
address_header(struct buf *out, const struct address *a)
{
	size_t n = strlen(a->name);

	if (n == 0) {
		buf_puts(out, a->addr);
		return;
	}
	if (strspn(a->name, ATEXT " ") == n && strstr(a->name, "=?") == NULL) {
		buf_puts(out, a->name);
	} else if (strspn(a->name, ATEXT " ()<>[]:;@\\,.\"") == n &&
		strstr(a->name, "=?") == NULL) {
		buf_putc(out, '"');
		for (const char *s = a->name; *s != '\0'; s++) {
			if (*s == '"' || *s == '\\')
				buf_putc(out, '\\');
			buf_putc(out, *s);
		}
		buf_putc(out, '"');
	} else {
		text_header(out, a->name);
	}
	buf_printf(out, " <%s>", a->addr);
}
