/* stream.c - a connection that is talked over until the probe's deadline */
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probes/tls/stream.h"

void
stream_close(struct stream *s)
{
	struct probe_io *io = s->io;

	if (s->fd != -1)
		(void)close(s->fd);
	memset(s, 0, sizeof(*s));
	s->io = io;
	s->fd = -1;
}

/* "no answer to EHLO: ", then why. */
static int no_answer(const struct stream *s, struct error *err,
	enum error_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static int
no_answer(const struct stream *s, struct error *err, enum error_kind kind,
	const char *fmt, ...)
{
	/* Of a greeting in several lines some may have come. */
	const char *some = s->n_bytes > s->n_before ? "complete " : "";
	char why[200];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (s->asked == NULL)
		return error_set(err, kind, "no %sgreeting%s", some, why);
	return error_set(err, kind, "no %sanswer to %s%s", some, s->asked, why);
}

static int
await(struct stream *s, short events, struct error *err)
{
	int rc = s->io->wait(s->io, s->fd, events, s->io->deadline_ms);

	if (rc == 0)
		return no_answer(s, err, ERROR_TIMEOUT, " in time");
	return rc == -1 ? error_sys(err, "waiting") : 0;
}

int
stream_write(struct stream *s, const void *data, size_t n, struct error *err)
{
	const char *p = data;

	while (n > 0) {
		ssize_t sent = send(s->fd, p, n, MSG_NOSIGNAL);

		if (sent >= 0) {
			p += sent;
			n -= (size_t)sent;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			if (await(s, POLLOUT, err) == -1)
				return -1;
		} else if (errno != EINTR) {
			return no_answer(s, err, ERROR_IO,
				": the connection broke: %s", strerror(errno));
		}
	}
	return 0;
}

int
stream_send(struct stream *s, const char *text, struct error *err)
{
	return stream_write(s, text, strlen(text), err);
}

int
stream_ask(struct stream *s, const char *command, const char *what,
	struct error *err)
{
	s->asked = what;
	s->n_before = s->n_bytes - s->n_in;
	return stream_send(s, command, err);
}

bool
stream_began_tls(const struct stream *s)
{
	/* The first of a MySQL packet's lengths ends in 0, as no version. */
	return s->n_bytes >= sizeof(s->first) && s->first[0] >= 20 &&
		s->first[0] <= 23 && s->first[1] == 3 && s->first[2] >= 1 &&
		s->first[2] <= 4;
}

/* Of so few bytes it cannot be told yet. */
static bool
may_begin_tls(const struct stream *s)
{
	return s->n_bytes < sizeof(s->first) && s->first[0] >= 20 &&
		s->first[0] <= 23;
}

/* Note bytes that have come behind those that wait. */
static int
take(struct stream *s, size_t n, struct error *err)
{
	for (size_t i = 0; i < n && s->n_bytes + i < sizeof(s->first); i++)
		s->first[s->n_bytes + i] =
			(unsigned char)s->in[s->in_at + s->n_in + i];
	s->n_in += n;
	s->n_bytes += n;
	if (stream_began_tls(s))
		return error_set(
			err, ERROR_PARSE, "the server speaks TLS at once");
	if (s->n_bytes > STREAM_MAX_BYTES)
		return error_set(err, ERROR_PARSE,
			"want a dialogue of at most %d KiB, have more",
			STREAM_MAX_BYTES / 1024);
	return 0;
}

/* Wait for some more bytes; there is room, for nobody wants 8 KiB and more. */
static int
fill(struct stream *s, struct error *err)
{
	if (s->in_at > 0) {
		memmove(s->in, s->in + s->in_at, s->n_in);
		s->in_at = 0;
	}
	for (;;) {
		ssize_t n = recv(
			s->fd, s->in + s->n_in, sizeof(s->in) - s->n_in, 0);

		if (n > 0) {
			if (take(s, (size_t)n, err) == -1)
				return -1;
			if (!may_begin_tls(s))
				return 0;
		} else if (n == 0) {
			return no_answer(s, err, ERROR_IO,
				": the server closed the connection");
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			if (await(s, POLLIN, err) == -1)
				return -1;
		} else if (errno != EINTR) {
			return no_answer(s, err, ERROR_IO,
				": the connection broke: %s", strerror(errno));
		}
	}
}

/* Hand out the next `n` bytes of those that wait. */
static char *
hand_out(struct stream *s, size_t n)
{
	memcpy(s->line, s->in + s->in_at, n);
	s->line[n] = '\0';
	s->in_at += n;
	s->n_in -= n;
	return s->line;
}

int
stream_line(struct stream *s, char **line, struct error *err)
{
	const char *nl;
	size_t n;

	while ((nl = memchr(s->in + s->in_at, '\n', s->n_in)) == NULL) {
		if (s->n_in == sizeof(s->in))
			return error_set(err, ERROR_PARSE,
				"want lines of at most %d KiB, have more",
				STREAM_MAX_LINE / 1024);
		if (fill(s, err) == -1)
			return -1;
	}
	if (++s->n_lines > STREAM_MAX_LINES)
		return error_set(err, ERROR_PARSE,
			"want a dialogue of at most %d lines, have more",
			STREAM_MAX_LINES);
	n = (size_t)(nl - (s->in + s->in_at));
	*line = hand_out(s, n + 1);
	if (n > 0 && s->line[n - 1] == '\r')
		n--;
	s->line[n] = '\0';
	return 0;
}

int
stream_bytes(struct stream *s, size_t n, const unsigned char **bytes,
	struct error *err)
{
	if (n > STREAM_MAX_LINE)
		return error_set(err, ERROR_PARSE,
			"want packets of at most %d KiB, have %zu bytes",
			STREAM_MAX_LINE / 1024, n);
	while (s->n_in < n) {
		if (fill(s, err) == -1)
			return -1;
	}
	*bytes = (const unsigned char *)hand_out(s, n);
	return 0;
}

size_t
stream_unread(struct stream *s)
{
	char more[STREAM_MAX_LINE];
	ssize_t n = recv(s->fd, more, sizeof(more), MSG_PEEK | MSG_DONTWAIT);

	return s->n_in + (n > 0 ? (size_t)n : 0);
}
