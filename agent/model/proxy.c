/* proxy.c - whom to ask for a connection to an endpoint */
#include <string.h>
#include <strings.h>

#include "model/proxy.h"
#include "model/target.h"

#define FORMS "http://HOST:PORT, socks5://HOST[:PORT] or socks5h://HOST[:PORT]"

static const struct kind {
	struct scheme scheme;
	enum proxy_kind kind;
	bool resolves;
} kinds[] = {
	{ { "http", 0, "CONNECT" }, PROXY_HTTP, true },
	{ { "socks5", 1080, "names are resolved here" }, PROXY_SOCKS5, false },
	{ { "socks5h", 1080, "names are resolved there" }, PROXY_SOCKS5, true },
};

static const struct scheme *
scheme_of_kind(size_t i)
{
	return i < sizeof(kinds) / sizeof(kinds[0]) ? &kinds[i].scheme : NULL;
}

static bool
is_known(const char *text)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t n = strlen(kinds[i].scheme.name);

		if (strncasecmp(text, kinds[i].scheme.name, n) == 0 &&
			strncmp(text + n, "://", 3) == 0)
			return true;
	}
	return false;
}

/* What is told before anything of it is repeated: it may hold a password. */
static int
check_form(const char *text, struct error *err)
{
	if (strchr(text, '@') != NULL)
		return error_set(err, ERROR_PARSE,
			"want a proxy without user and password, which have "
			"settings of their own");
	if (strncasecmp(text, "https://", 8) == 0)
		return error_set(err, ERROR_PARSE,
			"want " FORMS
			"; a proxy that is itself spoken to over TLS is not "
			"supported");
	if (!is_known(text))
		return error_set(err, ERROR_PARSE,
			"want " FORMS ", have \"%.100s\"", text);
	return 0;
}

const struct proxy *
proxy_parse(struct arena *a, const char *text, struct error *err)
{
	struct target t = { 0 };
	struct proxy *p;

	if (check_form(text, err) == -1 ||
		target_parse_endpoint(a, text, scheme_of_kind, &t, err) == -1)
		return NULL;
	if (t.path != NULL) {
		error_set(err, ERROR_PARSE,
			"want a proxy without a path, have \"%.100s\"", text);
		return NULL;
	}
	p = arena_alloc(a, sizeof(*p));
	*p = (struct proxy){ .url = t.address, .host = t.host, .port = t.port };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (t.scheme == &kinds[i].scheme) {
			p->kind = kinds[i].kind;
			p->resolves = kinds[i].resolves;
		}
	}
	return p;
}

int
proxy_check_credentials(
	const char *user, const char *password, struct error *err)
{
	if ((user == NULL) != (password == NULL))
		return error_set(err, ERROR_USAGE,
			"want a user and a password for the proxy, have no %s",
			user == NULL ? "user" : "password");
	if (user == NULL)
		return 0;
	/* RFC 7617, 2: a colon ends the user. */
	if (*user == '\0' || strchr(user, ':') != NULL)
		return error_set(err, ERROR_USAGE,
			"want a user of the proxy without a colon, have \"%s\"",
			user);
	if (strlen(user) > PROXY_MAX_CREDENTIAL ||
		strlen(password) > PROXY_MAX_CREDENTIAL)
		return error_set(err, ERROR_USAGE,
			"want a user and a password for the proxy of at most "
			"%d bytes each, have more",
			PROXY_MAX_CREDENTIAL);
	return 0;
}
