/* url.h - take URLs apart with libcurl's own parser */
#ifndef NOTIFIERS_URL_H
#define NOTIFIERS_URL_H

#include <stdbool.h>

#include <curl/curl.h>

#include "model/alloc.h"

DEFINE_CLEANUP(CURLU, curl_url_cleanup)

/* For curl_url_cleanup(); NULL if `url` is NULL or no URL with a scheme. */
CURLU *url_parse(const char *url);

/* The caller's to free(), or NULL; `flags` are those of curl_url_get(). */
char *url_part(CURLU *u, CURLUPart part, unsigned flags);

/* Is it a URL with a host and one of these schemes? NULL ends the list. */
bool url_is(const char *url, const char *const *schemes);

/* "scheme://host:port": all of a URL that is ever shown. For free(). */
char *url_origin(const char *url);

#endif
