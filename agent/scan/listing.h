/* listing.h - what lies in one folder */
#ifndef SCAN_LISTING_H
#define SCAN_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "model/buf.h"

struct entry {
	const char *name;
	unsigned char type; /* DT_REG ...; DT_UNKNOWN: not every system tells */
};

struct listing {
	struct entry *v; /* by name, without "." and ".." */
	size_t n;
	bool cut; /* there are more than were asked for */
	struct buf names;
	/* What the files are that links may stand for; made when asked for. */
	struct identity *files;
	size_t n_files;
	bool identified;
};

/*
 * The entries of the folder `path`, at most `limit`. Returns 0 and *out for
 * listing_release(), or -1 and errno.
 */
int listing_read(const char *path, size_t limit, struct listing *out);
void listing_release(struct listing *l);

bool listing_has(const struct listing *l, const char *name);

/*
 * Is l->v[i], a link, only a second name of a file that is listed here? So are
 * those named by a hash and a number, as in OpenSSL's folders of CAs
 * (openssl-rehash(1)). `folder` is where it lies; `told` says whether what
 * else is listed under a name counts.
 */
bool listing_repeats(struct listing *l, size_t i, const char *folder,
	bool (*told)(void *arg, const char *name), void *arg);

#endif
