/* stream.h - a connection that is talked over until the probe's deadline */
#ifndef PROBES_STREAM_H
#define PROBES_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "model/error.h"
#include "probes/probe.h"

/* What a server may say before TLS: in a line, in lines, and in all. */
#define STREAM_MAX_LINE 8192
#define STREAM_MAX_LINES 100
#define STREAM_MAX_BYTES (64 * 1024)

struct stream {
	struct probe_io *io;
	int fd; /* non-blocking; -1: none */

	/* The dialogue before TLS. */
	const char *asked; /* the command under way; NULL: the greeting */
	char in[STREAM_MAX_LINE]; /* what came; n_in bytes from in_at wait */
	size_t in_at, n_in;
	size_t n_bytes, n_lines; /* came so far */
	size_t n_before; /* of n_bytes, before what is awaited now */
	unsigned char first[3]; /* of those bytes */
	char line[STREAM_MAX_LINE + 1]; /* what was read last */
};

/*
 * Close what connect_stream() opened, and forget what was said; one that is
 * closed stays so.
 */
void stream_close(struct stream *s);

/* Each of the next five returns 0, or -1 and *err. */

/* Send bytes of the dialogue. */
int stream_write(
	struct stream *s, const void *data, size_t n, struct error *err);
int stream_send(struct stream *s, const char *text, struct error *err);
/*
 * Send a command; until the next one, errors call what is awaited the answer
 * to `what`, which is borrowed for as long.
 */
int stream_ask(struct stream *s, const char *command, const char *what,
	struct error *err);
/* The next line, without its end, in *line: good until the next call. */
int stream_line(struct stream *s, char **line, struct error *err);
/*
 * Exactly the next `n` bytes, at most STREAM_MAX_LINE, in *bytes: good until
 * the next call, and with a NUL behind them.
 */
int stream_bytes(struct stream *s, size_t n, const unsigned char **bytes,
	struct error *err);

/* Have the server's first bytes been a TLS record's (RFC 8446, 5.1)? */
bool stream_began_tls(const struct stream *s);

/* How many bytes have come and were not read, the socket's included. */
size_t stream_unread(struct stream *s);

#endif
