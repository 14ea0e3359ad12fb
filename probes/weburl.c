/* weburl.c - where a URL of http or https leads, and by which way */
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "model/alloc.h"
#include "probes/envproxy.h"
#include "probes/weburl.h"

DEFINE_CLEANUP(CURLU, curl_url_cleanup)

#define MAX_URL 4096
#define FIRST_FREE_PORT 1024

static char *
url_part(CURLU *u, CURLUPart part, unsigned flags)
{
	char *lent = NULL, *s;

	if (curl_url_get(u, part, &lent, flags) != CURLUE_OK)
		return NULL;
	s = str_dup(lent);
	curl_free(lent);
	return s;
}

static int
check_port(CURLU *u, struct error *err)
{
	cleanup(str_free) char *text = url_part(
		u, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	long port = text != NULL ? strtol(text, NULL, 10) : 0;

	if (port == 80 || port == 443 || port >= FIRST_FREE_PORT)
		return 0;
	return error_set(err, ERROR_USAGE,
		"want port 80, 443, or one from %d on, have %ld",
		FIRST_FREE_PORT, port);
}

static int
check_scheme(const struct weburl *p, struct error *err)
{
	if (p->scheme != NULL &&
		(strcmp(p->scheme, "http") == 0 ||
			strcmp(p->scheme, "https") == 0))
		return 0;
	return error_set(err, ERROR_USAGE, "want http or https, have %s",
		p->scheme != NULL ? p->scheme : "neither");
}

static int
check(CURLU *u, const struct weburl *p, struct error *err)
{
	cleanup(str_free) char *user = url_part(u, CURLUPART_USER, 0);
	cleanup(str_free) char *password = url_part(u, CURLUPART_PASSWORD, 0);

	if (check_scheme(p, err) == -1)
		return -1;
	if (p->host == NULL || *p->host == '\0')
		return error_set(err, ERROR_USAGE, "want a host, have none");
	if (user != NULL || password != NULL)
		return error_set(err, ERROR_USAGE,
			"want no user and no password in the URL, have them");
	return check_port(u, err);
}

/* "::1" of "[::1]", "ca.test" of "ca.test." */
static void
drop_decoration(char *host)
{
	size_t n = host != NULL ? strlen(host) : 0;

	if (n > 0 && host[n - 1] == '.')
		host[--n] = '\0';
	if (n < 2 || host[0] != '[' || host[n - 1] != ']')
		return;
	memmove(host, host + 1, n - 2);
	host[n - 2] = '\0';
}

int
weburl_read(const char *url, struct weburl *out, struct error *err)
{
	cleanup(curl_url_cleanup) CURLU *u = curl_url();
	struct weburl p = { 0 };

	if (u == NULL)
		mem_exhausted();
	if (strlen(url) >= MAX_URL ||
		curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) !=
			CURLUE_OK)
		return error_set(err, ERROR_USAGE,
			"want a URL of http or https, have something else");
	p.scheme = url_part(u, CURLUPART_SCHEME, 0);
	p.host = url_part(u, CURLUPART_HOST, 0);
	drop_decoration(p.host);
	if (check(u, &p, err) == -1) {
		weburl_release(&p);
		return -1;
	}
	p.proxy = envproxy_find(p.scheme, p.host);
	*out = p;
	return 0;
}

void
weburl_release(struct weburl *p)
{
	free(p->scheme);
	free(p->host);
	free(p->proxy);
	*p = (struct weburl){ 0 };
}
