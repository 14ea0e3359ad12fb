/* certbot.h - what certbot(1) keeps more than once */
#ifndef SCAN_CERTBOT_H
#define SCAN_CERTBOT_H

#include "scan/listing.h"

/*
 * Is the file or folder `name` of this folder nothing of its own? A cert.pem
 * is the first certificate of the fullchain.pem beside it, and alone it lacks
 * its issuer by design; it counts where the other is not `told`. An archive
 * beside live and renewal holds what live has links to, and all that expired
 * before.
 */
bool certbot_repeats(const struct listing *l, const char *name,
	bool (*told)(void *arg, const char *name), void *arg);

#endif
