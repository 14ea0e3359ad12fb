/* certbot.c - what certbot(1) keeps more than once */
#include <string.h>

#include "scan/certbot.h"

bool
certbot_repeats(const struct listing *l, const char *name,
	bool (*told)(void *arg, const char *name), void *arg)
{
	if (strcmp(name, "cert.pem") == 0)
		return listing_has(l, "fullchain.pem") &&
			told(arg, "fullchain.pem");
	return strcmp(name, "archive") == 0 && listing_has(l, "live") &&
		listing_has(l, "renewal");
}
