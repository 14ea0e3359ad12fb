/* mail.h - a digest as a mail: headers, plain text and HTML, without I/O */
#ifndef NOTIFIERS_MAIL_H
#define NOTIFIERS_MAIL_H

#include "model/buf.h"
#include "model/digest.h"
#include "notifiers/address.h"

#define MAIL_EVENTS_MAX 200 /* of a digest; the others are counted */

struct mail_envelope {
	struct address from;
	struct address *to;
	size_t n_to;
	const char *subject_prefix; /* "": none */
};

/*
 * One header field each, folded with CRLF but without the last one. What is
 * in `d` can neither end a field nor begin one.
 */
void mail_headers(struct strlist *out, const struct mail_envelope *m,
	const struct digest *d);

/* Harmless on any terminal of 80 columns; lines end with "\n". */
void mail_text(struct buf *out, const struct digest *d);

/* One page without pictures, links or scripts; lines end with "\n". */
void mail_html(struct buf *out, const struct digest *d);

#endif
