/* value_text.c - values that are text: names, paths, hosts, secrets */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "config/quote.h"
#include "config/values.h"
#include "model/hostname.h"
#include "model/keypath.h"
#include "model/text.h"

static size_t
count_characters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static int
parse_string(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	size_t n = count_characters(text);
	const char **s = dst;

	if (n < (uint64_t)key->min)
		return value_refuse(why, key, text, "text");
	if (key->max > 0 && n > (uint64_t)key->max)
		return value_refuse(why, key, text,
			"at most %" PRId64 " characters", key->max);
	*s = arena_dup(from->arena, text);
	return 0;
}

static int
parse_secret(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	if (*text == '\0')
		return value_refuse(why, key, text, "a secret");
	return parse_string(from, key, text, dst, why);
}

/*
 * A URL without what may be a token: its user and its path. The host says
 * which service it is.
 */
static void
format_private(struct buf *out, const char *url)
{
	const char *sep = strstr(url, "://");
	const char *host = sep != NULL ? sep + 3 : url;
	size_t len = strcspn(host, "/?#");
	const char *rest = host + len, *user = memrchr(host, '@', len);
	BUF_CLEANUP struct buf shown = { 0 };

	buf_add(&shown, url, (size_t)(host - url));
	if (user != NULL) {
		buf_puts(&shown, VALUE_MASK "@");
		host = user + 1;
	}
	buf_add(&shown, host, (size_t)(rest - host));
	if (*rest != '\0' && strcmp(rest, "/") != 0)
		buf_puts(&shown, "/" VALUE_MASK);
	quote_yaml(out, buf_str(&shown));
}

static bool
format_string(struct buf *out, const struct key *key, const void *src)
{
	const char *s = *(const char *const *)src;

	if (s == NULL)
		return false;
	if ((key->flags & KEY_PRIVATE) != 0)
		format_private(out, s);
	else
		quote_yaml(out, s);
	return true;
}

static bool
format_secret(struct buf *out, const struct key *key, const void *src)
{
	const char *s = *(const char *const *)src;

	if (s == NULL)
		return false;
	/* Without a scheme it is not a URL, and all of it may be secret. */
	if ((key->flags & KEY_PRIVATE) != 0 && strstr(s, "://") != NULL)
		format_private(out, s);
	else
		quote_yaml(out, VALUE_MASK);
	return true;
}

/* `choices` of a path are words that are none, such as "system". */
static int
parse_path(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	const char **s = dst;

	if (*text == '\0')
		return value_refuse(why, key, text, "a path");
	for (const struct choice *c = key->choices;
		c != NULL && c->name != NULL; c++) {
		if (strcmp(c->name, text) == 0) {
			*s = c->name;
			return 0;
		}
	}
	*s = value_path(from->arena, from->folder, text);
	return 0;
}

static int
parse_keypath(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	const char **s = dst;
	struct error err;

	if (*text == '\0')
		return value_refuse(why, key, text, "a path");
	if (keypath_check(text, &err) == -1) {
		text_plain(why, err.text);
		return -1;
	}
	*s = keypath_is_beside(text)
		? arena_dup(from->arena, text)
		: value_path(from->arena, from->folder, text);
	return 0;
}

static int
canonical(const struct value_source *from, const struct key *key,
	const char *text, bool wildcard, const char **out, struct buf *why)
{
	struct error err;
	const char *name = hostname_canonical(
		from->arena, text, wildcard, &err);

	if (name == NULL) {
		value_refuse(why, key, text, "a host name or an address");
		buf_puts(why, ": ");
		text_plain(why, err.text);
		return -1;
	}
	*out = name;
	return 0;
}

static int
parse_hostname(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	return canonical(from, key, text, false, dst, why);
}

static int
parse_hostnames(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	const char *name;

	if (canonical(from, key, text, true, &name, why) == -1)
		return -1;
	words_add(from->arena, dst, name);
	return 0;
}

static int
parse_words(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	const char *s;

	if (*text == '\0')
		return value_refuse(why, key, text, "text");
	if (parse_string(from, key, text, &s, why) == -1)
		return -1;
	words_add(from->arena, dst, s);
	return 0;
}

static bool
format_words(struct buf *out, const struct key *key, const void *src)
{
	const struct words *w = src;

	(void)key;
	buf_putc(out, '[');
	for (size_t i = 0; i < w->n; i++) {
		if (i > 0)
			buf_puts(out, ", ");
		quote_yaml(out, w->v[i]);
	}
	buf_putc(out, ']');
	return true;
}

static int
parse_endpoint(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	struct target *t = dst, parsed = *t;
	struct error err;

	(void)key;
	if (target_parse_endpoint(
		    from->arena, text, from->schemes, &parsed, &err) == -1) {
		text_plain(why, err.text);
		return -1;
	}
	*t = parsed;
	return 0;
}

static bool
format_endpoint(struct buf *out, const struct key *key, const void *src)
{
	const struct target *t = src;

	(void)key;
	if (t->kind != TARGET_ENDPOINT)
		return false;
	quote_yaml(out, t->address);
	return true;
}

const struct value_type value_string = { "text", false, parse_string,
	format_string };
const struct value_type value_secret = { "secret", false, parse_secret,
	format_secret };
const struct value_type value_place = { "path", false, parse_path,
	format_string };
const struct value_type value_keypath = { "path", false, parse_keypath,
	format_string };
const struct value_type value_hostname = { "host", false, parse_hostname,
	format_string };
const struct value_type value_words = { "list of text", true, parse_words,
	format_words };
const struct value_type value_hostnames = { "list of hosts", true,
	parse_hostnames, format_words };
const struct value_type value_endpoint = { "endpoint", false, parse_endpoint,
	format_endpoint };
