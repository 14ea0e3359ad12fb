/* chat_code.c - escape for services that know code spans but no escapes */
#include <stdbool.h>
#include <string.h>

#include "notifiers/chat.h"

#define WORD_JOINER "\342\201\240" /* U+2060; nobody sees it */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c & 0x80) != 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Nothing of these makes markup, a link, a tag or a mention of a word. A colon
 * does, except in the time of day.
 */
static bool
is_tame(const char *s, size_t i, size_t n)
{
	if (s[i] == ':')
		return i == 2 && n == 5 && is_digit(s[1]) && is_digit(s[3]);
	return is_letter(s[i]) || is_digit(s[i]) ||
		strchr("()-+,;%'", s[i]) != NULL;
}

/*
 * May it stand as it is? A line that it begins must not become a list, nor a
 * number a telephone's.
 */
static bool
is_tame_word(const char *word, size_t n, bool first)
{
	bool letter = false;
	size_t digits = 0;

	for (size_t i = 0; i < n; i++) {
		if (!is_tame(word, i, n))
			return false;
		letter |= is_letter(word[i]);
		digits += is_digit(word[i]);
	}
	if (memchr(word, '+', n) != NULL && digits > 5)
		return false;
	return (letter || (digits > 0 && !first)) &&
		strchr("-+", word[0]) == NULL;
}

/*
 * A span ends at the first backtick. Some servers look for mentions and for
 * Slack's <...> without regard to spans.
 */
static void
add_code(struct buf *out, const char *word, size_t n)
{
	buf_putc(out, '`');
	for (size_t i = 0; i < n; i++) {
		buf_putc(out, word[i] == '`' ? '\'' : word[i]);
		if (word[i] == '@' || word[i] == '<')
			buf_puts(out, WORD_JOINER);
	}
	buf_putc(out, '`');
}

void
chat_code(struct buf *out, const char *s)
{
	for (bool first = true; *s != '\0'; first = false) {
		size_t n = strcspn(s, " "), core = n;

		/* What is at the end of a sentence is not the name's. */
		while (core > 0 && strchr(".,:;", s[core - 1]) != NULL)
			core--;
		if (core == 0)
			core = n;
		if (!is_tame_word(s, core, first))
			add_code(out, s, core);
		else
			buf_add(out, s, core);
		buf_add(out, s + core, n - core);
		s += n;
		if (*s == ' ')
			buf_putc(out, *s++);
	}
}
