/* advice.h - who has to be told that a certificate's file has changed */
#ifndef CHECKS_ADVICE_H
#define CHECKS_ADVICE_H

#include "model/buf.h"
#include "model/finding.h"
#include "model/listener.h"

/*
 * Append what to do about a file that has been newer than what is served since
 * `changed_at` (0: not known): ": systemctl reload nginx". `l` is who serves
 * it, or NULL.
 */
void advice_reload(
	struct buf *out, const struct listener *l, time_t changed_at);

/* Append where something else comes from: "; nginx (pid 812) serves it". */
void advice_source(struct buf *out, const struct listener *l);

/* Was it started after the file had been changed, and read another? */
bool advice_reads_another(const struct listener *l, time_t changed_at);

/* Who it is, for machines; `l` may be NULL. */
void advice_details(struct finding *f, const struct listener *l);

#endif
