/* service.c - what the formats of services have in common */
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "model/text.h"
#include "notifiers/service.h"
#include "notifiers/url.h"

#define WORD_JOINER "\342\201\240"

enum service_level
service_level(const struct digest *d)
{
	enum severity worst = digest_worst(d);

	if (digest_count(d, EVENT_TEST) > 0)
		return SERVICE_TEST;
	return worst >= SEV_CRITICAL   ? SERVICE_CRITICAL
		: worst == SEV_WARNING ? SERVICE_WARNING
				       : SERVICE_GOOD;
}

/* --- text */

static bool
is_letter(char c)
{
	return (c & 0x80) != 0 ||
		(c != '\0' && strchr(SERVICE_ALNUM, c) != NULL);
}

void
service_plain(struct buf *out, const char *s)
{
	char before = ' ';

	for (; *s != '\0'; before = *s++) {
		buf_putc(out, *s);
		if (strncmp(s, "://", 3) == 0 ||
			(*s == '@' && !is_letter(before)))
			buf_puts(out, WORD_JOINER);
	}
}

void
service_tame(struct buf *out, const char *s)
{
	BUF_CLEANUP struct buf plain = { 0 };

	service_plain(&plain, s);
	for (s = buf_str(&plain); *s != '\0'; s++) {
		if (*s == '<')
			buf_puts(out, "\342\200\271");
		else
			buf_putc(out, *s);
	}
}

/* The fullwidth forms of "#" and "@" count as these. */
static bool
is_mark(const char *s)
{
	return strchr("@#$/.\\", *s) != NULL ||
		strncmp(s, "\357\274\203", 3) == 0 ||
		strncmp(s, "\357\274\240", 3) == 0;
}

/*
 * Could an app take `n` bytes of it for more than a word? Many digits are a
 * telephone's number.
 */
static bool
is_active(const char *word, size_t n)
{
	size_t digits = 0;

	for (size_t i = 0; i < n; i++) {
		digits = strchr(SERVICE_DIGITS, word[i]) != NULL ? digits + 1
								 : 0;
		if (is_mark(word + i) || digits >= 7)
			return true;
	}
	return false;
}

static void
add_word(struct buf *out, const char *word)
{
	size_t n = strlen(word);
	cleanup(str_free) char *core = NULL;

	/* What is at the end of a sentence is not the name's. */
	while (n > 0 && strchr(".,:;!?)\"'", word[n - 1]) != NULL)
		n--;
	if (!is_active(word, n)) {
		text_html(out, word);
		return;
	}
	core = str_ndup(word, n);
	buf_puts(out, "<code>");
	text_html(out, core);
	buf_puts(out, "</code>");
	text_html(out, word + n);
}

void
service_html(struct buf *out, const char *s)
{
	while (*s != '\0') {
		size_t blanks = strspn(s, " "), n = strcspn(s + blanks, " ");
		cleanup(str_free) char *word = str_ndup(s + blanks, n);

		buf_add(out, s, blanks);
		add_word(out, word);
		s += blanks + n;
	}
}

size_t
service_json_size(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += strchr("\"\\\n", *s) != NULL ? 2 : 1;
	return n;
}

void
service_message(struct buf *out, const struct digest *d,
	const struct chat_dialect *how, const char *head, size_t title_max)
{
	struct chat_dialect rest = *how;
	const char *line_end = how->line_end != NULL ? how->line_end : "\n";
	BUF_CLEANUP struct buf top = { 0 };

	buf_puts(&top, head);
	chat_title(&top, d, how, title_max);
	buf_printf(&top, "%s%s", line_end, line_end);
	rest.max -= how->measure != NULL ? how->measure(top.s) : top.len;
	buf_puts(out, top.s);
	chat_text(out, d, &rest);
}

char *
service_title(const struct digest *d, const struct chat_dialect *how,
	size_t title_max)
{
	struct buf out = { 0 };

	chat_title(&out, d, how, title_max);
	return buf_detach(&out);
}

/* --- requests */

char *
service_url(const char *base, const char *path)
{
	size_t n = strlen(base);

	while (n > 0 && base[n - 1] == '/')
		n--;
	return str_fmt("%.*s%s", (int)n, base, path);
}

char *
service_percent(const char *s)
{
	struct buf out = { 0 };

	for (; *s != '\0'; s++) {
		if (strchr(SERVICE_ALNUM "-._~", *s) != NULL)
			buf_putc(&out, *s);
		else
			buf_printf(&out, "%%%02X", (unsigned char)*s);
	}
	return buf_detach(&out);
}

char *
service_sign(const char *key, const char *text)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	char *out = mem_alloc(4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1);

	if (HMAC(EVP_sha256(), key, (int)strlen(key),
		    (const unsigned char *)text, strlen(text), mac,
		    &len) == NULL)
		mem_exhausted();
	EVP_EncodeBlock((unsigned char *)out, mac, (int)len);
	return out;
}

/* --- settings */

int
service_check(const char *key, const char *value, const char *allowed,
	size_t least, size_t most, const char *want, struct error *err)
{
	size_t n = value != NULL ? strlen(value) : least;

	if (value == NULL)
		return 0;
	if (n < least || n > most || strspn(value, allowed) != n)
		return error_set(err, ERROR_USAGE,
			"%s: want %s, have something else", key, want);
	return 0;
}

int
service_check_word(const char *key, const char *value, struct error *err)
{
	const char *s = value;

	while (s != NULL && *s > ' ' && *s < 0x7f)
		s++;
	if (value != NULL && (*s != '\0' || s == value))
		return error_set(err, ERROR_USAGE,
			"%s: want one word of visible ASCII, have something "
			"else",
			key);
	return 0;
}

/* Has the URL this part? A mere "?" or "#" counts. */
static bool
url_has(const char *url, CURLUPart part, char mark)
{
	cleanup(curl_url_cleanup) CURLU *u = url_parse(url);
	cleanup(str_free) char *s = NULL;

	if (u != NULL)
		s = url_part(u, part, 0);
	return s != NULL || (url != NULL && strchr(url, mark) != NULL);
}

int
service_check_hook(const char *url, struct error *err)
{
	if (url_has(url, CURLUPART_FRAGMENT, '#'))
		return error_set(err, ERROR_USAGE,
			"url: want none with \"#\" in it, have one; take the "
			"address that the robot's own page shows");
	return 0;
}

int
service_check_base(const char *url, struct error *err)
{
	if (url_has(url, CURLUPART_QUERY, '?') ||
		url_has(url, CURLUPART_FRAGMENT, '#'))
		return error_set(err, ERROR_USAGE,
			"url: want the server's address alone, such as "
			"https://example.com, have \"?\" or \"#\" in it");
	return 0;
}

/* --- answers */

/* Where the last whole member of a cut object ends, or 0. */
static size_t
last_member_end(const char *s)
{
	size_t end = 0, depth = 0;
	bool quoted = false;

	for (size_t i = 0; s[i] != '\0'; i++) {
		if (quoted && s[i] == '\\' && s[i + 1] != '\0')
			i++;
		else if (s[i] == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (s[i] == '{' || s[i] == '[')
			depth++;
		else if (s[i] == '}' || s[i] == ']')
			depth--;
		else if (s[i] == ',' && depth == 1)
			end = i;
	}
	return end;
}

json_t *
service_member(const char *body, const char *name)
{
	cleanup(service_json_free)
		json_t *j = json_loads(body, JSON_REJECT_DUPLICATES, NULL);

	if (j == NULL) {
		cleanup(str_free) char *whole = str_fmt(
			"%.*s}", (int)last_member_end(body), body);

		j = json_loads(whole, JSON_REJECT_DUPLICATES, NULL);
	}
	return json_incref(json_object_get(j, name));
}

bool
service_refuse(const char *body, const char *want, const char *code,
	const char *reason, struct buf *why)
{
	cleanup(service_json_free) json_t *c = service_member(body, code);
	cleanup(service_json_free) json_t *r = service_member(body, reason);

	if (json_is_integer(c))
		buf_printf(
			why, "%s %lld", code, (long long)json_integer_value(c));
	if (json_is_string(r))
		buf_printf(why, "%s%s", why->len > 0 ? ": " : "",
			json_string_value(r));
	if (why->len == 0)
		buf_printf(why, "want %s, have \"%s\"", want, body);
	return false;
}
