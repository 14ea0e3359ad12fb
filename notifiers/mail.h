/* mail.h - a digest as a mail: header, plain text and HTML, without I/O */
#ifndef NOTIFIERS_MAIL_H
#define NOTIFIERS_MAIL_H

#include "model/buf.h"
#include "model/digest.h"
#include "notifiers/address.h"

#define MAIL_EVENTS_MAX 200 /* of a digest; the others are counted */
#define MAIL_DETAILED 40 /* if there are more, the others in a line each */
#define MAIL_BYTES_MAX 1000000 /* of a mail; fewer events stand for it */

struct mail_envelope {
	struct address from;
	struct address *to;
	size_t n_to;
	const char *subject_prefix; /* "": none */
};

/*
 * The whole mail (RFC 5322, 2045), ASCII, lines of 76 characters that end
 * with CRLF, save for what in the header cannot be folded; the same bytes
 * for the same digest.
 */
void mail_message(
	struct buf *out, const struct mail_envelope *m, const struct digest *d);

/*
 * One header field each, folded with CRLF but without the last one. What is
 * in `d` can neither end a field nor begin one.
 *
 * A mail is filed under the incident that its subject names, the worst one:
 * all mails of an incident answer one that was never sent, whose id is made
 * from the incident's, so they are siblings to whoever threads by References
 * (RFC 5256, 3). The other incidents of a digest are not referred to: that
 * would make one thread of all.
 */
void mail_headers(struct strlist *out, const struct mail_envelope *m,
	const struct digest *d);

/*
 * The first `most` events, the others counted. Harmless on any terminal of
 * 80 columns; lines end with "\n".
 */
void mail_text(struct buf *out, const struct digest *d, size_t most);

/* Likewise, one page without pictures, links or scripts. */
void mail_html(struct buf *out, const struct digest *d, size_t most);

#endif
