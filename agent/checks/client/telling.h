/* telling.h - the words of the verdict, one function a rule */
#ifndef CHECKS_TELLING_H
#define CHECKS_TELLING_H

#include "checks/client/compare.h"

/* Each appends a message, and a hint where the catalogue's can be bettered. */
void tell_required(
	const struct comparison *c, struct buf *text, struct buf *hint);
void tell_locked_out(
	const struct comparison *c, struct buf *text, struct buf *hint);
void tell_not_requested(
	const struct comparison *c, struct buf *text, struct buf *hint);
void tell_unasked(
	const struct comparison *c, struct buf *text, struct buf *hint);
void tell_unheard(
	const struct comparison *c, struct buf *text, struct buf *hint);
void tell_rejected(
	const struct comparison *c, struct buf *text, struct buf *hint);
void tell_empty(const struct comparison *c, struct buf *text, struct buf *hint);
void tell_timeout(
	const struct comparison *c, struct buf *text, struct buf *hint);
void tell_untried(
	const struct comparison *c, struct buf *text, struct buf *hint);
void tell_not_refused(
	const struct comparison *c, struct buf *text, struct buf *hint);
void tell_quiet(const struct comparison *c, struct buf *text, struct buf *hint);
void tell_not_enforced(
	const struct comparison *c, struct buf *text, struct buf *hint);
void tell_any_accepted(
	const struct comparison *c, struct buf *text, struct buf *hint);
void tell_ok(const struct comparison *c, struct buf *text, struct buf *hint);
void tell_lenient(
	const struct comparison *c, struct buf *text, struct buf *hint);
void tell_half_proven(
	const struct comparison *c, struct buf *text, struct buf *hint);

#endif
