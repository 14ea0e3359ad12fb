/* stream.h - a connection that is talked over until the probe's deadline */
#ifndef PROBES_STREAM_H
#define PROBES_STREAM_H

#include <stddef.h>

#include "model/observation.h"
#include "probes/probe.h"

struct stream {
	struct probe_io *io;
	int fd; /* non-blocking; -1: none */
	char in[8192]; /* what came and was not read: one line's bound */
	size_t n_in;
	char line[8193]; /* the last line that was read */
};

/*
 * Connect to `t`: resolve, then try each address in turn, each with its
 * share of the time left. Returns 0 and an open s->fd for stream_close(),
 * with the peer noted in `ob`; -1 and a fault in `ob`; or -2 and *err where
 * this machine itself is the trouble (no more descriptors).
 */
int stream_connect(struct stream *s, const struct target *t,
	struct observation *ob, struct error *err);
void stream_close(struct stream *s);

/* The dialogue before TLS. Each returns 0, or -1 and *err. */
int stream_send(struct stream *s, const char *text, struct error *err);
/*
 * The next line, without its end, in *line: good until the next call. Lines
 * over 8 KiB are an error.
 */
int stream_line(struct stream *s, char **line, struct error *err);

#endif
