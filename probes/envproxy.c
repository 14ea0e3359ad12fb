/* envproxy.c - the proxy that the environment names, and for which hosts */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/alloc.h"
#include "probes/envproxy.h"

static const struct {
	const char *scheme; /* NULL: any */
	const char *name;
} names[] = {
	/* In capitals it may come from a header of CGI's, "Proxy:". */
	{ "http", "http_proxy" },
	{ "https", "https_proxy" },
	{ "https", "HTTPS_PROXY" },
	{ NULL, "all_proxy" },
	{ NULL, "ALL_PROXY" },
};

static const char *
first_set(const char *a, const char *b)
{
	const char *value = getenv(a);

	return value != NULL ? value : getenv(b);
}

/* "example.com" and ".example.com" stand for it and all names below it. */
static bool
fits(const char *host, const char *word, size_t n)
{
	size_t len = strlen(host);

	if (n == 1 && *word == '*')
		return true;
	if (n > 0 && *word == '.') {
		word++;
		n--;
	}
	if (n == 0 || n > len || strncasecmp(host + len - n, word, n) != 0)
		return false;
	return n == len || host[len - n - 1] == '.';
}

static bool
is_excepted(const char *host)
{
	const char *word = first_set("no_proxy", "NO_PROXY");

	while (word != NULL && *word != '\0') {
		size_t n = strcspn(word, ", ");

		if (fits(host, word, n))
			return true;
		word += n;
		word += strspn(word, ", ");
	}
	return false;
}

char *
envproxy_find(const char *scheme, const char *host)
{
	if (is_excepted(host))
		return NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i].name);

		if ((names[i].scheme == NULL ||
			    strcmp(names[i].scheme, scheme) == 0) &&
			value != NULL && *value != '\0')
			return str_dup(value);
	}
	return NULL;
}
