/* target.c - what is watched, and by which rules */
#include <sys/socket.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/hostname.h"
#include "model/target.h"

#define MAX_TARGET_TEXT 4096

void
words_add(struct arena *a, struct words *w, const char *s)
{
	/*
	 * Grows by doubling; what it outgrew stays in the arena till the end.
	 */
	if ((w->n & (w->n - 1)) == 0) {
		const char **v = arena_alloc(
			a, (w->n == 0 ? 1 : w->n * 2) * sizeof(*v));

		if (w->n > 0)
			memcpy(v, w->v, w->n * sizeof(*v));
		w->v = v;
	}
	w->v[w->n++] = s;
}

void
settings_init(struct settings *s)
{
	*s = (struct settings){
		.warning = { .seconds = 30 * DAY_S, .share_ppm = 330000 },
		.critical = { .seconds = 14 * DAY_S, .share_ppm = 150000 },
		.timeout_ms = 10000,
		.interval_s = HOUR_S,
		.trust = "system",
		.retries = 1,
		.deployed = DEPLOYED_NONE,
	};
}

const char *
target_server_name(const struct target *t)
{
	return t->sni != NULL ? t->sni : t->host;
}

bool
target_is_web(const struct target *t)
{
	return t->kind == TARGET_ENDPOINT &&
		strcmp(t->scheme->name, "https") == 0 &&
		(!t->scheme_assumed || t->port == 443 || t->port == 8443);
}

bool
target_is_paired(const struct target *t)
{
	return t->kind == TARGET_ENDPOINT && t->set.deployed != NULL &&
		strcmp(t->set.deployed, DEPLOYED_AUTO) == 0;
}

const char *
target_deployed(const struct target *t)
{
	const char *path = t->set.deployed;

	if (t->kind != TARGET_ENDPOINT || path == NULL ||
		strcmp(path, DEPLOYED_NONE) == 0 || target_is_paired(t))
		return NULL;
	return path;
}

bool
target_wants_pem(const struct target *t)
{
	return t->pem_only || (t->profile != NULL && t->profile->pem_only);
}

int64_t
target_order_lead(const struct target *t)
{
	if (t->set.order_lead > 0 || t->profile == NULL)
		return t->set.order_lead;
	return t->profile->order_lead;
}

bool
target_is_pattern(const char *path)
{
	return strpbrk(path, "*?[{") != NULL;
}

static const struct scheme *
scheme_find(scheme_at schemes, const char *name, size_t n)
{
	const struct scheme *s;

	for (size_t i = 0; (s = schemes(i)) != NULL; i++) {
		if (strlen(s->name) == n && strncasecmp(s->name, name, n) == 0)
			return s;
	}
	return NULL;
}

/* What a port is known for, else `usual`; of two on one port the first row. */
static const struct scheme *
scheme_of_port(scheme_at schemes, uint16_t port, const struct scheme *usual)
{
	const struct scheme *s;

	for (size_t i = 0; (s = schemes(i)) != NULL; i++) {
		if (s->port == port)
			return s;
	}
	return usual;
}

static int
unknown_scheme(const char *name, size_t n, scheme_at schemes, struct error *err)
{
	BUF_CLEANUP struct buf known = { 0 };
	const struct scheme *s;

	for (size_t i = 0; (s = schemes(i)) != NULL; i++)
		buf_printf(&known, "%s%s", i > 0 ? ", " : "", s->name);
	return error_set(err, ERROR_PARSE,
		"want one of the schemes %s, have \"%.*s\"", buf_str(&known),
		(int)n, name);
}

static int
parse_port(const char *s, uint16_t *port, struct error *err)
{
	unsigned long v = 0;
	const char *p = s;

	for (; isdigit((unsigned char)*p) && v <= 65535; p++)
		v = v * 10 + (unsigned long)(*p - '0');
	if (p == s || *p != '\0' || v < 1 || v > 65535)
		return error_set(err, ERROR_PARSE,
			"want a port from 1 to 65535, have \"%s\"", s);
	*port = (uint16_t)v;
	return 0;
}

/* HOST, HOST:PORT, [IPv6], [IPv6]:PORT, or a bare IPv6 address. */
static int
split_authority(struct arena *a, const char *text, const char **host,
	const char **port, struct error *err)
{
	char *s = arena_dup(a, text), *colon;

	*port = NULL;
	if (*s == '[') {
		char *end = strchr(s, ']');

		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return error_set(err, ERROR_PARSE,
				"want [IPv6] or [IPv6]:PORT, have \"%s\"",
				text);
		*end = '\0';
		*host = s + 1;
		if (strchr(*host, ':') == NULL || !hostname_is_address(*host))
			return error_set(err, ERROR_PARSE,
				"want an IPv6 address in brackets, have "
				"\"%s\"",
				text);
		if (end[1] == ':')
			*port = end + 2;
		return 0;
	}
	*host = s;
	colon = strchr(s, ':');
	if (colon != NULL && !hostname_is_address(s)) {
		*colon = '\0';
		*port = colon + 1;
	}
	return 0;
}

static void
name_endpoint(struct arena *a, struct target *t)
{
	const char *open = strchr(t->host, ':') != NULL ? "[" : "";
	const char *close = *open != '\0' ? "]" : "";
	const char *path = t->path != NULL ? t->path : "";

	t->address = arena_fmt(a, "%s://%s%s%s:%u%s", t->scheme->name, open,
		t->host, close, t->port, path);
	if (t->port == 443 && strcmp(t->scheme->name, "https") == 0)
		t->name = arena_fmt(a, "%s%s", t->host, path);
	else
		t->name = arena_fmt(
			a, "%s%s%s:%u%s", open, t->host, close, t->port, path);
}

/* What stands behind host and port; *path is NULL where that is "/" or less. */
static int
parse_path(
	struct arena *a, const char *text, const char **path, struct error *err)
{
	*path = NULL;
	if (*text == '\0' || strcmp(text, "/") == 0)
		return 0;
	if (*text != '/')
		return error_set(
			err, ERROR_PARSE, "want a host before '%c'", *text);
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '#' || (unsigned char)*p <= ' ' || *p == 0x7f)
			return error_set(err, ERROR_PARSE,
				"want a path without blanks, control "
				"characters and '#'");
	}
	*path = arena_dup(a, text);
	return 0;
}

int
target_parse_endpoint(struct arena *a, const char *text, scheme_at schemes,
	struct target *t, struct error *err)
{
	const struct scheme *scheme;
	const char *sep, *host = NULL, *port = NULL, *rest = text;
	const char *path, *canonical;
	struct error why;
	uint16_t number;
	char *authority;

	if (strlen(text) > MAX_TARGET_TEXT)
		return error_set(err, ERROR_PARSE, "want at most %d characters",
			MAX_TARGET_TEXT);
	sep = strstr(text, "://");
	if (sep != NULL) {
		scheme = scheme_find(schemes, text, (size_t)(sep - text));
		if (scheme == NULL)
			return unknown_scheme(
				text, (size_t)(sep - text), schemes, err);
		rest = sep + 3;
	} else {
		scheme = scheme_find(schemes, "https", 5);
		if (scheme == NULL)
			scheme = schemes(0);
	}
	authority = arena_dup(a, rest);
	authority[strcspn(authority, "/?#")] = '\0';
	if (parse_path(a, rest + strlen(authority), &path, err) == -1)
		return -1;
	if (strchr(authority, '@') != NULL)
		return error_set(err, ERROR_PARSE,
			"want no user or password in an endpoint");
	if (split_authority(a, authority, &host, &port, err) == -1)
		return -1;
	canonical = hostname_canonical(a, host, false, &why);
	if (canonical == NULL)
		return error_set(err, ERROR_PARSE,
			"want a host name or an address, have \"%s\": %s", host,
			why.text);
	number = scheme->port;
	if (port != NULL && parse_port(port, &number, err) == -1)
		return -1;
	/* A mail server that is sent GET takes it for an attack. */
	if (sep == NULL && port != NULL && path == NULL)
		scheme = scheme_of_port(schemes, number, scheme);
	if (number == 0)
		return error_set(err, ERROR_PARSE,
			"want %s://HOST:PORT, have no port", scheme->name);
	t->kind = TARGET_ENDPOINT;
	t->scheme = scheme;
	t->scheme_assumed = sep == NULL;
	t->host = canonical;
	t->port = number;
	t->path = path;
	name_endpoint(a, t);
	return 0;
}

int
target_parse(struct arena *a, const char *text, scheme_at schemes, bool is_path,
	struct target *t, struct error *err)
{
	if (*text == '\0')
		return error_set(err, ERROR_PARSE,
			"want a host, a URL or a path, have nothing");
	if (is_path ||
		(strchr(text, '/') != NULL && strstr(text, "://") == NULL)) {
		t->kind = TARGET_FILE;
		t->file = t->name = t->address = arena_dup(a, text);
		return 0;
	}
	return target_parse_endpoint(a, text, schemes, t, err);
}
