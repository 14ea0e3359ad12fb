/* url.c - take URLs apart with libcurl's own parser */
#include <string.h>

#include "notifiers/url.h"

CURLU *
url_parse(const char *url)
{
	cleanup(curl_url_cleanup) CURLU *u = curl_url();
	CURLU *out;

	if (u == NULL)
		mem_exhausted();
	if (url == NULL ||
		curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) !=
			CURLUE_OK)
		return NULL;
	out = u;
	u = NULL;
	return out;
}

char *
url_part(CURLU *u, CURLUPart part, unsigned flags)
{
	char *lent = NULL, *s;

	if (curl_url_get(u, part, &lent, flags) != CURLUE_OK)
		return NULL;
	s = str_dup(lent);
	curl_free(lent);
	return s;
}

bool
url_is(const char *url, const char *const *schemes)
{
	cleanup(curl_url_cleanup) CURLU *u = url_parse(url);
	cleanup(str_free) char *scheme = NULL, *host = NULL;

	if (u == NULL)
		return false;
	scheme = url_part(u, CURLUPART_SCHEME, 0);
	host = url_part(u, CURLUPART_HOST, 0);
	if (scheme == NULL || host == NULL || host[0] == '\0')
		return false;
	while (*schemes != NULL && strcmp(*schemes, scheme) != 0)
		schemes++;
	return *schemes != NULL;
}

char *
url_origin(const char *url)
{
	cleanup(curl_url_cleanup) CURLU *u = url_parse(url);
	cleanup(str_free) char *scheme = NULL, *host = NULL, *port = NULL;

	if (u == NULL)
		return str_dup("the receiver");
	scheme = url_part(u, CURLUPART_SCHEME, 0);
	host = url_part(u, CURLUPART_HOST, 0);
	port = url_part(u, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	if (scheme == NULL || host == NULL)
		return str_dup("the receiver");
	return str_fmt("%s://%s%s%s", scheme, host, port != NULL ? ":" : "",
		port != NULL ? port : "");
}
