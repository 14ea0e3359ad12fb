/* answer.c - what a receiver said, made fit to be shown */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "model/alloc.h"
#include "model/text.h"
#include "notifiers/answer.h"
#include "notifiers/echo.h"
#include "notifiers/url.h"

#define HIDE_LEAST 4 /* characters that hide anything */
#define PART_LEAST 8 /* of a part of a path: shorter ones are words */

void
answer_hide(struct strlist *hidden, const char *secret)
{
	if (secret != NULL && strlen(secret) >= HIDE_LEAST &&
		!strlist_has(hidden, secret))
		strlist_add(hidden, secret);
}

/* What stands between the separators of a path or a query. */
static void
hide_parts(struct strlist *hidden, const char *s)
{
	while (*s != '\0') {
		size_t n = strcspn(s, "/?&=");

		if (n >= PART_LEAST) {
			cleanup(str_free) char *part = str_ndup(s, n);

			answer_hide(hidden, part);
		}
		s += n + (s[n] != '\0');
	}
}

static void
hide_base64(struct strlist *hidden, const struct buf *text)
{
	cleanup(str_free) char *out = mem_alloc((text->len + 2) / 3 * 4 + 1);

	EVP_EncodeBlock((unsigned char *)out, (const unsigned char *)text->s,
		(int)text->len);
	answer_hide(hidden, out);
}

void
answer_hide_login(
	struct strlist *hidden, const char *user, const char *password)
{
	BUF_CLEANUP struct buf text = { 0 };

	if (password == NULL)
		return;
	answer_hide(hidden, password);
	buf_puts(&text, password);
	hide_base64(hidden, &text);
	if (user == NULL)
		return;
	buf_reset(&text);
	buf_add(&text, "", 1);
	buf_puts(&text, user);
	buf_add(&text, "", 1);
	buf_puts(&text, password);
	hide_base64(hidden, &text);
	buf_reset(&text);
	buf_printf(&text, "%s:%s", user, password);
	hide_base64(hidden, &text);
}

static void
hide_login_of(struct strlist *hidden, CURLU *u)
{
	cleanup(str_free) char *user = url_part(
		u, CURLUPART_USER, CURLU_URLDECODE);
	cleanup(str_free) char *password = url_part(
		u, CURLUPART_PASSWORD, CURLU_URLDECODE);

	answer_hide_login(hidden, user, password);
}

void
answer_hide_url(struct strlist *hidden, const char *url)
{
	static const struct {
		CURLUPart part;
		bool has_parts;
	} parts[] = {
		{ CURLUPART_USER, false },
		{ CURLUPART_PASSWORD, false },
		{ CURLUPART_QUERY, true },
		{ CURLUPART_PATH, true },
	};
	static const unsigned forms[] = { 0, CURLU_URLDECODE };
	cleanup(curl_url_cleanup) CURLU *u = url_parse(url);

	if (u == NULL)
		return;
	hide_login_of(hidden, u);
	for (size_t i = 0; i < 2 * sizeof(parts) / sizeof(parts[0]); i++) {
		cleanup(str_free) char *s = url_part(
			u, parts[i / 2].part, forms[i % 2]);

		answer_hide(hidden, s);
		if (s != NULL && parts[i / 2].has_parts)
			hide_parts(hidden, s);
	}
}

void
answer_hide_proxies(struct strlist *hidden)
{
	static const char *const names[] = { "http_proxy", "https_proxy",
		"HTTPS_PROXY", "all_proxy", "ALL_PROXY" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);
		cleanup(str_free) char *url = NULL;

		if (value == NULL)
			continue;
		url = str_fmt("%s%s",
			strstr(value, "://") != NULL ? "" : "http://", value);
		answer_hide_url(hidden, url);
	}
}

/* Put "***" in place of the longest hidden string that *s begins with. */
static bool
skip_hidden(const char **s, const struct strlist *hidden)
{
	size_t longest = 0;

	for (size_t i = 0; hidden != NULL && i < hidden->n; i++) {
		size_t n = echo_length(*s, hidden->v[i]);

		if (n > longest)
			longest = n;
	}
	*s += longest;
	return longest > 0;
}

/* One line: what is hidden as "***", blanks and line breaks as one blank. */
static void
add_line(struct buf *out, const char *s, const struct strlist *hidden)
{
	while (*s != '\0') {
		size_t blanks = strspn(s, " \t\r\n");

		if (skip_hidden(&s, hidden)) {
			buf_puts(out, "***");
		} else if (blanks > 0) {
			s += blanks;
			if (out->len > 0 && *s != '\0')
				buf_putc(out, ' ');
		} else {
			buf_putc(out, *s++);
		}
	}
}

/* As much of `s` as fits, never a part of a character. */
static void
copy_cut(char *out, size_t size, const char *s)
{
	static const char dots[] = "...";
	size_t n = strlen(s);

	if (n < size) {
		memcpy(out, s, n + 1);
		return;
	}
	n = size - sizeof(dots);
	while (n > 0 && (s[n] & 0xc0) == 0x80)
		n--;
	memcpy(out, s, n);
	memcpy(out + n, dots, sizeof(dots));
}

void
answer_set(struct delivery *out, enum outcome outcome,
	const struct strlist *hidden, const char *fmt, ...)
{
	BUF_CLEANUP struct buf line = { 0 }, plain = { 0 };
	cleanup(str_free) char *text = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n == -1) {
		text = NULL;
		mem_exhausted();
	}
	add_line(&line, text, hidden);
	text_plain(&plain, buf_str(&line));
	out->outcome = outcome;
	copy_cut(out->answer, sizeof(out->answer), buf_str(&plain));
}
