/* httpreply.h - what an HTTP receiver answered, and what that means */
#ifndef NOTIFIERS_HTTPREPLY_H
#define NOTIFIERS_HTTPREPLY_H

#include <stddef.h>

#include "model/buf.h"
#include "notifiers/format.h"
#include "notifiers/notifier.h"
#include "notifiers/transfer.h"

/* Bounded, whatever is sent. For httpreply_release(). */
struct httpreply {
	size_t size; /* of all that was read */
	struct buf reason; /* of the last status line; HTTP/2 has none */
	struct buf body; /* its beginning */
};

/*
 * Have *t write its answer to *r, which stays where it is until
 * transfer_run() is over.
 */
void httpreply_collect(struct transfer *t, struct httpreply *r);
void httpreply_release(struct httpreply *r);

/*
 * Fill *out, but for its pause, after transfer_run() returned `code`. `f` is
 * asked where a status alone does not say it; NULL: it does. Messages name
 * the receiver by `origin`.
 */
void httpreply_judge(const struct httpreply *r, const struct transfer *t,
	CURLcode code, const struct format *f, const char *origin,
	const struct strlist *hidden, struct delivery *out);

#endif
