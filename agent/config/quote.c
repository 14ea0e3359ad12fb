/* quote.c - text from the configuration, as messages and YAML show it */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "config/quote.h"
#include "model/text.h"

#define MESSAGE_CHARACTERS 60

/* Bytes of the character at `s`; text that is not UTF-8 goes byte by byte. */
static size_t
character_size(const char *s)
{
	unsigned char c = (unsigned char)*s;
	size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 1;

	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 1;
	}
	return n;
}

void
quote_message(struct buf *out, const char *s)
{
	BUF_CLEANUP struct buf cut = { 0 };
	size_t len = 0, n = 0;

	while (s[len] != '\0' && n < MESSAGE_CHARACTERS) {
		len += character_size(s + len);
		n++;
	}
	buf_add(&cut, s, len);
	buf_putc(out, '"');
	text_plain(out, cut.s);
	buf_puts(out, s[len] != '\0' ? "...\"" : "\"");
}

/* Scalars that mean something by themselves to a reader of YAML. */
static bool
is_yaml_word(const char *s)
{
	static const char *const words[] = { "null", "true", "false", "yes",
		"no", "on", "off", "y", "n" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(words[i], s) == 0)
			return true;
	}
	return false;
}

static bool
is_plain(const char *s)
{
	size_t len = strlen(s);

	if (len == 0 || is_yaml_word(s))
		return false;
	if (!isalpha((unsigned char)s[0]) && s[0] != '/')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (s[i] == ':' && i + 1 < len)
			continue;
		if (!isalnum((unsigned char)s[i]) &&
			strchr("._/-@+=*", s[i]) == NULL)
			return false;
	}
	return true;
}

static uint32_t
code_point(const char *s, size_t size)
{
	uint32_t c = (unsigned char)*s;

	if (size > 1)
		c &= 0x7fu >> size;
	for (size_t i = 1; i < size; i++)
		c = c << 6 | ((unsigned char)s[i] & 0x3fu);
	return c;
}

/* One character in double quotes: what text_plain() would alter is escaped. */
static void
add_character(struct buf *out, const char *s, size_t size)
{
	BUF_CLEANUP struct buf plain = { 0 };
	char alone[8] = { 0 };

	memcpy(alone, s, size);
	text_plain(&plain, alone);
	if (strcmp(plain.s, alone) == 0) {
		if (*s == '"' || *s == '\\')
			buf_putc(out, '\\');
		buf_puts(out, alone);
	} else if (code_point(s, size) <= 0xff) {
		buf_printf(out, "\\x%02x", code_point(s, size));
	} else {
		buf_printf(out, "\\U%08x", code_point(s, size));
	}
}

void
quote_yaml(struct buf *out, const char *s)
{
	if (is_plain(s)) {
		buf_puts(out, s);
		return;
	}
	buf_putc(out, '"');
	while (*s != '\0') {
		size_t size = character_size(s);

		add_character(out, s, size);
		s += size;
	}
	buf_putc(out, '"');
}
