/* reply.h - replies that begin with three digits: SMTP, LMTP, FTP, NNTP */
#ifndef PROBES_REPLY_H
#define PROBES_REPLY_H

#include "model/buf.h"
#include "probes/tls/stream.h"

/*
 * Read one reply, of one line or several ("220-...", then "220 ..."), into
 * `out`: its lines, '\n' between them. Within a reply of FTP lines need not
 * begin with the code (RFC 959, 4.2). Returns the code, 100 to 599, or -1 and
 * *err where the reply is none.
 */
int reply_read(struct stream *s, struct buf *out, struct error *err);

/*
 * Judge a reply that is not the `want`ed one, such as "220 to STARTTLS".
 * Fills *err, with a 4xx told as such, and returns -1.
 */
int reply_unwanted(
	struct error *err, int code, const char *want, const struct buf *reply);

/* reply_read(), and -1 and *err unless the code is `code`. */
int reply_expect(struct stream *s, int code, const char *want, struct buf *out,
	struct error *err);

/*
 * One line of NNTP's or POP3's answers in several lines: 1 and *line, or 0
 * after the "." that ends them, or -1 and *err.
 */
int reply_item(struct stream *s, char **line, struct error *err);

#endif
