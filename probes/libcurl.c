/* libcurl.c - libcurl made ready, once for all that use it here */
#include <pthread.h>

#include <curl/curl.h>

#include "model/alloc.h"
#include "probes/libcurl.h"

static void
start(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		mem_exhausted();
}

void
libcurl_start(void)
{
	static pthread_once_t started = PTHREAD_ONCE_INIT;

	(void)pthread_once(&started, start);
}
